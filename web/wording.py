"""Words of the desk in both languages, from `locales/*.toml`; reasons come from `pipelines/wording.py`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from models.cheque import ChequeProblem
from models.claim import Status
from models.decision import Reason
from models.labels import Flag, Subcategory
from models.money import Cents, cents_from_decimal, euros
from pipelines.wording import REASONS, word

LANGUAGES = ("fr", "en")
LOCALES = Path(__file__).parent / "locales"
PARIS = ZoneInfo("Europe/Paris")
_PERCENT = re.compile(r"(?<=\d)%")


@cache
def catalogue(language: str) -> dict[str, dict[str, str]]:
    """Every table of one language's file."""
    with (LOCALES / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Codes nobody worded are shown as they are, never hidden."""

    language: str

    def of(self, kind: str, code: object) -> str:
        return catalogue(self.language).get(kind, {}).get(str(code), str(code))

    def __call__(self, key: str, *blanks: object) -> str:
        return catalogue(self.language)["ui"][key].format(*blanks)

    @property
    def colon(self) -> str:
        """French sets a space before it, English none."""
        return " :" if self.language == "fr" else ":"

    def quoted(self, text: str) -> str:
        return f"«\u00a0{text}\u00a0»" if self.language == "fr" else f"“{text}”"

    def reason(self, reason: Reason) -> str:
        return self.coded(reason.code, reason.detail)

    def coded(self, code: str, detail: str = "") -> str:
        """A reason, its first letter a capital, codes within the detail worded too."""
        text = word(code, ", ".join(self._detail(part) for part in detail.split(", ")), self.language)
        if self.language == "fr":
            text = _PERCENT.sub("\u202f%", text)
        text = text if detail else text.rstrip(" :")
        return text[:1].upper() + text[1:]

    def stored(self, text: str) -> str:
        """A reason kept as `code`, `code:detail` or `code: detail`."""
        code, _, detail = text.partition(":")
        return self.coded(code.strip(), detail.strip())

    def _detail(self, part: str) -> str:
        """The code of a flag, label, status, defect or rule becomes words; anything else stays as it is."""
        for kind, known in _DETAILS:
            if part in known:
                return self.of(kind, part).lower()
        return word(part, "", self.language) if part in REASONS else part

    def money(self, cents: Cents | None) -> str:
        return "–" if cents is None else euros(cents, self.language)

    def sum(self, text: object) -> str:
        """A decimal string, as the trail and the events keep sums."""
        try:
            return self.money(cents_from_decimal(str(text)))
        except ValueError:
            return str(text)

    def who(self, actor: str) -> str:
        """A person's name, or which machine it was."""
        known = {"auto": self("automatic"), "system": self("system")}
        return known.get(actor) or self.of("because", actor)

    def day(self, day: date | datetime | None) -> str:
        if day is None:
            return "–"
        if isinstance(day, datetime):
            day = day.astimezone(PARIS).date()
        return f"{day:%d/%m/%Y}" if self.language == "fr" else f"{day.day} {day:%b %Y}"

    def moment(self, at: datetime | None) -> str:
        if at is None:
            return "–"
        return f"{self.day(at)} {at.astimezone(PARIS):%H:%M}"

    def age(self, age: timedelta) -> str:
        """Short: `12 min`, `5 h`, `3 j`."""
        minutes = max(0, int(age.total_seconds() // 60))
        if minutes < 60:
            return self("minutes", minutes)
        return self("hours", minutes // 60) if minutes < 48 * 60 else self("days", minutes // (24 * 60))

    def percent(self, share: float | None) -> str:
        if share is None:
            return "–"
        shown = min(99, round(share * 100)) if share < 1 else 100
        return f"{shown}\u202f%" if self.language == "fr" else f"{shown}%"


def _codes(*sets: Iterable[str]) -> frozenset[str]:
    return frozenset(str(code) for group in sets for code in group)


_DETAILS = (
    ("cheque_problem", _codes(ChequeProblem)),
    ("subcategory", _codes(Subcategory)),
    ("flag", _codes(Flag)),
    ("status", _codes(Status)),
)


def words_for(language: str | None, default: str = "fr") -> Words:
    return Words(language if language in LANGUAGES else default)
