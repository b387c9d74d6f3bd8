"""What another policy would have done to mail that came before. Reads only: nothing is placed, booked or told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from models.claim import Claim, Status
from models.decision import Decision
from models.errors import Conflict
from models.policy import Policy
from models.record import AuditEntry, ItemRecord
from pipelines.case import Case
from pipelines.decide import decide
from pipelines.journey import case_of
from pipelines.ports import Books


@dataclass(frozen=True, slots=True)
class Flip:
    """One item that the two policies decide differently. `what`: outcome | holds | status | answers."""

    item_id: str
    file_name: str
    subcategory: str
    what: str
    before: str
    after: str
    reasons: tuple[str, ...] = ()  # codes of the policy under trial, why a person should look


@dataclass(frozen=True, slots=True)
class Trial:
    """`moves`: (decision before, after) -> items. `skipped`: never read or never understood, nothing to decide."""

    moves: Mapping[tuple[str, str], int]
    flips: tuple[Flip, ...]
    skipped: int

    @property
    def items(self) -> int:
        return sum(self.moves.values())


def try_policy(books: Books, records: Iterable[ItemRecord], now: Policy, other: Policy) -> Trial:
    """Both policies decide the same case: what was read and understood then, on the claim as it stood before."""
    moves: Counter[tuple[str, str]] = Counter()
    flips: list[Flip] = []
    skipped = 0
    for record in records:
        case = case_before(books, record)
        if case is None:
            skipped += 1
            continue
        one, two = decide(case, now), decide(case, other)
        moves[(one.outcome.value, two.outcome.value)] += 1
        if flip := _flip(record, case, one, two):
            flips.append(flip)
    return Trial(dict(moves), tuple(flips), skipped)


def case_before(books: Books, record: ItemRecord) -> Case | None:
    """The case file without what this item itself brought about: its payments, the statuses it changed."""
    if record.item.duplicate_of is not None:
        return None
    try:
        case = case_of(books, record)
    except Conflict:
        return None
    item_id = record.item.item_id
    changes = [entry for entry in books.trail.of_item(item_id) if entry.action == "status_changed"]
    payments = tuple(payment for payment in case.payments if payment.item_id != item_id)
    return replace(case, claims=_statuses_before(case.claims, changes), payments=payments)


def _statuses_before(claims: Mapping[str, Claim], changes: Iterable[AuditEntry]) -> dict[str, Claim]:
    first: dict[str, Status] = {}
    for change in changes:
        if change.claim_ref:
            first.setdefault(change.claim_ref, Status(change.detail["from"]))
    return {ref: replace(claim, status=first.get(ref, claim.status)) for ref, claim in claims.items()}


def _flip(record: ItemRecord, case: Case, one: Decision, two: Decision) -> Flip | None:
    """The first difference that matters: who decides, how long reminders stop, the status, the answers owed."""
    for what, word in (("outcome", _outcome), ("holds", _holds), ("status", _status), ("answers", _answers)):
        before, after = word(one), word(two)
        if before != after:
            name, subcategory = record.receipt.file_name, case.understanding.subcategory.value
            reasons = tuple(reason.code for reason in two.reasons)
            return Flip(record.item.item_id, name, subcategory, what, before, after, reasons)
    return None


def _outcome(decision: Decision) -> str:
    return decision.outcome.value


def _holds(decision: Decision) -> str:
    terms = [hold for effect in decision.effects for hold in effect.holds]
    return ", ".join(f"{one.scope.value} {_day(one.until)}/{_day(one.review_on)}" for one in terms)


def _day(day: date | None) -> str:
    return day.isoformat() if day else "-"


def _status(decision: Decision) -> str:
    return ", ".join(effect.status.value for effect in decision.effects if effect.status)


def _answers(decision: Decision) -> str:
    return ", ".join(f"{kind} {due:%Y-%m-%d}" for kind, due in decision.answers)
