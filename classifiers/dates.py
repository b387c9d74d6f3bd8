"""Calendar dates in French text: always day, month, year; two-digit years are of this century unless that is "
"absurd."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from classifiers.number_words import folded

MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "mar": 3, "avril": 4, "avr": 4,
    "mai": 5, "juin": 6, "jun": 6, "juillet": 7, "juil": 7, "jul": 7, "juill": 7, "aout": 8, "aou": 8, "septembre": 9,
    "sept": 9, "sep": 9, "octobre": 10, "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
    "fervier": 2, "fevier": 2, "septembe": 9, "decembe": 12, "juilet": 7, "janvie": 1,
}  # fmt: skip
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_NUMERIC = re.compile(
    r"(?<![\d/.,-])([0-3]?\d)\s?([/.-])\s?([01]?\d)\s?\2\s?((?:19|20)\d{2}|\d{2})(?![\d]|[/-]\d|[.,]\d)"
)
_ISO = re.compile(r"(?<![\d-])((?:19|20)\d{2})-([01]\d)-([0-3]\d)(?![\d-])")
_SPACED = re.compile(r"(?<![\d/.,-])([0-3]\d) ([01]\d) ((?:19|20)\d{2})(?!\s?\d)")
_FORM = re.compile(r"(?<=[:=_.] )([0-3]\d) ([01]\d) (\d{2})(?=\s*$|\s*\n|\s{2})")  # boxes of a printed form
_LETTERS = re.compile(
    rf"(?<![\d/.,-])([0-3]?\d)\s?(?:er|°|ier)?(?:\s|-|/|\.)*\b({MONTH})\b\.?(?:(?:\s|-|/|\.)*((?:19|20)\d{{2}}"
    rf"|['’]?\d{{2}}(?![\d/.,]|\s?(?:€|eur|h\b|%|fois|jours))))?(?!\d)"
)
_FIRST = re.compile(rf"\bpremier\s+({MONTH})\b(?:\s+((?:19|20)\d{{2}}))?")
_NO_YEAR = re.compile(r"(?<=\b(?:le|du|au|de|ds|es|nt|rs|ce|di) )([0-3]?\d)/([01]?\d)(?![\d/]|[.,]\d)")
EARLIEST = 1900


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date as written. `year` is None where the text leaves it out; then `near` says which one is meant."""

    start: int
    end: int
    text: str
    day: int
    month: int
    year: int | None
    confidence: float = 1.0

    @property
    def on(self) -> date | None:
        return _date(self.year, self.month, self.day) if self.year else None

    def near(self, day: date, *, future: bool | None = None) -> date | None:
        """The date itself, or the one closest to `day`: after it (`future`), before it (False) or either (None)."""
        if self.year:
            return self.on
        choices = [found for year in (-1, 0, 1) if (found := _date(day.year + year, self.month, self.day))]
        if future is True:
            choices = [choice for choice in choices if choice >= day] or choices[-1:]
        elif future is False:
            choices = [choice for choice in choices if choice <= day] or choices[:1]
        return min(choices, key=lambda choice: abs((choice - day).days), default=None)


def find_dates(text: str, today: date) -> list[FoundDate]:
    """Every date with at least day and month, in order of place, none twice."""
    low = folded(text)
    found: list[FoundDate] = []
    for match in _ISO.finditer(low):
        found.append(_found(text, match, match[3], match[2], match[1], today))
    for match in _NUMERIC.finditer(low):
        found.append(_found(text, match, match[1], match[3], match[4], today))
    for match in [*_SPACED.finditer(low), *_FORM.finditer(low)]:
        found.append(_found(text, match, match[1], match[2], match[3], today, 0.8))
    for match in _LETTERS.finditer(low):
        found.append(_found(text, match, match[1], str(MONTHS[match[2]]), match[3], today))
    for match in _FIRST.finditer(low):
        found.append(_found(text, match, "1", str(MONTHS[match[1]]), match[2], today))
    for match in _NO_YEAR.finditer(low):
        found.append(_found(text, match, match[1], match[2], None, today, 0.6))
    return _in_order([one for one in found if _date(one.year or 2024, one.month, one.day)])


def _found(
    text: str, match: re.Match[str], day: str, month: str, year: str | None, today: date, confidence: float = 1.0
) -> FoundDate:
    full = _full_year(year, today) if year else None
    return FoundDate(
        match.start(), match.end(), text[match.start() : match.end()], int(day), int(month), full, confidence
    )


def _full_year(year: str, today: date) -> int:
    """26 -> 2026; a two-digit year more than five years ahead belongs to the last century (birth dates)."""
    number = int(re.sub(r"\D", "", year))
    if number >= 100:
        return number
    return 2000 + number if 2000 + number <= today.year + 5 else 1900 + number


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_order(found: list[FoundDate]) -> list[FoundDate]:
    taken: list[FoundDate] = []
    for one in sorted(found, key=lambda one: (one.start, one.start - one.end, -one.confidence)):
        if not taken or one.start >= taken[-1].end:
            taken.append(one)
    return taken
