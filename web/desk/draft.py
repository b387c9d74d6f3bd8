"""The decision form: what it shows at first, what was posted, and the judgement made of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import FormData

from models.claim import Status
from models.decision import Judgement
from models.item import Stage
from models.labels import CATEGORY_OF, HARMLESS, PROTECTIONS, PROTECTIVE_FLAGS, Flag, Subcategory
from models.money import Cents, cents_from_decimal, decimal_from_cents
from models.policy import RULES
from models.record import ItemRecord
from pipelines.misfiled import is_correction
from pipelines.review import CHEQUE_WAYS
from web.wording import Words

ACTIONS = frozenset({"settle", "file", "refuse"})
LONGEST_NOTE = 2000
MOST_CLAIMS = 20
HOLD_REASONS = (*(rule for rule in RULES if rule != "harmless"), "by_person")  # worded by pipelines/wording.py

Code = TypeVar("Code", bound=StrEnum)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision not yet made. Texts as typed, so that a mistake is shown back as it was."""

    subject: str = ""
    flags: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    amount: str = ""
    status: str = ""
    hold_until: str = ""
    hold_review_on: str = ""
    hold_reason: str = ""
    no_hold: bool = False
    note: str = ""
    search: str = ""
    version: int = 0
    action: str = "settle"
    cheque: str = ""  # "forward" or "return": what becomes of the paper instead of the bank


def first_draft(record: ItemRecord, flags: tuple[Flag, ...], language: str) -> Draft:
    """What the machine proposes. Nothing it is not sure of: no sum it doubts, no claim it did not propose."""
    understanding, matches = record.understanding, record.matches
    claims: tuple[str, ...] = ()
    if matches is not None and matches.proposed:
        claims = tuple(dict.fromkeys((matches.proposed, *matches.further)))
    return Draft(
        subject=understanding.subcategory.value if understanding and not understanding.abstained else "",
        flags=tuple(flag.value for flag in flags),
        claims=claims,
        amount=_typed(_sure_sum(record), language),
        version=record.item.version,
    )


def _sure_sum(record: ItemRecord) -> Cents | None:
    cheques = record.reading.cheques if record.reading else ()
    sums = {cheque.amount for cheque in cheques if not cheque.problems}
    return sums.pop() if len(sums) == 1 else None


def _typed(cents: Cents | None, language: str) -> str:
    if cents is None:
        return ""
    text = decimal_from_cents(cents)
    return text.replace(".", ",") if language == "fr" else text


def posted_draft(form: FormData) -> Draft:
    def text(name: str, longest: int = 200) -> str:
        return str(form.get(name, ""))[:longest].strip()

    version = text("version")
    action = text("action") or "settle"
    return Draft(
        subject=text("subject"),
        flags=tuple(str(flag) for flag in form.getlist("flag")),
        claims=tuple(dict.fromkeys(str(ref)[:200] for ref in form.getlist("claim")))[:MOST_CLAIMS],
        amount=text("amount", 40),
        status=text("status"),
        hold_until=text("hold_until", 40),
        hold_review_on=text("hold_review_on", 40),
        hold_reason=text("hold_reason"),
        no_hold=form.get("no_hold") == "1",
        note=text("note", LONGEST_NOTE),
        search=text("q", 100),
        version=int(version) if version.isdigit() else 0,
        action=action if action in ACTIONS else "settle",
        cheque=text("cheque") if text("cheque") in CHEQUE_WAYS else "",
    )


class Unclear(ValueError):
    """What is missing or cannot be read, as (key of the catalogue, blanks)."""

    def __init__(self, troubles: list[tuple[str, ...]]) -> None:
        super().__init__(", ".join(trouble[0] for trouble in troubles))
        self.troubles = troubles

    def worded(self, words: Words) -> list[str]:
        return [words(key, *blanks) for key, *blanks in self.troubles]


def judgement_of(
    draft: Draft, record: ItemRecord, operator: str, at: datetime, known_claims: frozenset[str]
) -> Judgement:
    """Raises Unclear, naming everything that is wrong at once."""
    troubles: list[tuple[str, ...]] = []
    subcategory = _member(Subcategory, draft.subject)
    if draft.action == "settle" and subcategory is None:
        troubles.append(("need_subject",))
    if draft.action == "settle" and not draft.claims and subcategory not in HARMLESS:
        troubles.append(("need_claim",))
    troubles += [("unknown_claim", ref) for ref in draft.claims if ref not in known_claims]
    amount = _read(cents_of, draft.amount, "bad_amount", troubles)
    until = _read(date.fromisoformat, draft.hold_until, "bad_date", troubles)
    review_on = _read(date.fromisoformat, draft.hold_review_on, "bad_date", troubles)
    troubles += [("past_date",) for day in (until, review_on) if day is not None and day < at.date()]
    flags = tuple(flag for flag in Flag if flag.value in draft.flags)
    needed = draft.no_hold or draft.action == "refuse" or weakens(record, draft, subcategory, flags)
    if not draft.note and (needed or is_correction(record)):
        troubles.append(("need_note",))
    if troubles:
        raise Unclear(list(dict.fromkeys(troubles)))
    return Judgement(
        item_id=record.item.item_id,
        version=draft.version,
        operator=operator,
        at=at,
        action=draft.action,
        category=CATEGORY_OF[subcategory] if subcategory else None,
        subcategory=subcategory,
        flags=flags,
        claim_refs=draft.claims,
        amount=amount,
        status=_member(Status, draft.status),
        hold_until=until,
        hold_review_on=review_on,
        hold_reason=draft.hold_reason if draft.hold_reason in HOLD_REASONS else "",
        no_hold=draft.no_hold,
        reason=draft.note,
        extra={"cheque": draft.cheque} if draft.cheque and draft.action == "settle" else {},
    )


def weakens(record: ItemRecord, draft: Draft, subcategory: Subcategory | None, flags: tuple[Flag, ...]) -> bool:
    """Whether this drops a protection that the machine or the rules saw: a person may, and says why."""
    understanding = record.understanding
    if understanding is None or record.item.stage is not Stage.REVIEW:
        return False
    seen = {flag for flag in understanding.flags if flag in PROTECTIVE_FLAGS}
    seen |= {flag for signal in understanding.protective if (flag := _member(Flag, signal)) in PROTECTIVE_FLAGS}
    announced = understanding.subcategory in PROTECTIONS or bool(seen - {Flag.VULNERABLE})
    filed = draft.action != "settle"
    dropped = announced and subcategory not in PROTECTIONS and not (set(flags) & PROTECTIVE_FLAGS)
    return (
        (filed and (announced or bool(seen))) or dropped or bool(Flag.DISTRESS in seen and Flag.DISTRESS not in flags)
    )


def _member(noun: type[Code], value: str) -> Code | None:
    try:
        return noun(value)
    except ValueError:
        return None


def _read(reader: Callable[[str], Value], text: str, trouble: str, troubles: list[tuple[str, ...]]) -> Value | None:
    if not text:
        return None
    try:
        return reader(text)
    except ValueError:
        troubles.append((trouble,))
        return None


def cents_of(text: str) -> Cents:
    """What people type: `1 234,50 €`, `1234.5`, `€1,234.50`. Raises ValueError; nothing negative, nothing zero."""
    bare = re.sub(r"[\s\u00a0\u202f€]|EUR", "", text, flags=re.IGNORECASE)
    if not bare.isascii():
        raise ValueError("digits of another alphabet")
    if re.fullmatch(r"\d{1,3}(,\d{3})+\.\d{2}", bare):
        bare = bare.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+,\d{2}", bare):
        bare = bare.replace(".", "")
    elif re.fullmatch(r"\d+[.,]\d{3,}", bare):
        raise ValueError("thousands or cents?")
    cents = cents_from_decimal(bare.replace(",", "."))
    if cents <= 0:
        raise ValueError("not a sum of money received")
    return cents
