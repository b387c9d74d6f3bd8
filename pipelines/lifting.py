"""A person lifts a hold, or looks at it on its review date and lets it run on: with a reason, which is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from models.claim import Because, Claim, Status
from models.errors import MailroomError
from models.event import EventDraft, EventType
from models.hold import Hold, HoldKind
from models.labels import PROTECTIONS
from models.policy import Policy
from models.record import AuditEntry
from pipelines import hold
from pipelines.ports import Books
from pipelines.settle import change_status

# Statuses that a lifted hold takes back to `open`; what was paid stays with the bank.
_TAKEN_BACK = frozenset({Status.DISPUTED, Status.PROTECTED, Status.REPRESENTED, Status.PLAN_REQUESTED})
_PROTECTIVE = frozenset({"distress", "represented", "vulnerable", "over_indebtedness_filed"}) | {
    str(subcategory) for subcategory in PROTECTIONS
}
_WHY = {
    "unknown_hold": ("aucune suspension {}", "no hold {}"),
    "hold_over": ("la suspension {} est déjà levée", "hold {} has ended already"),
    "no_reason": ("dites pourquoi (suspension {})", "say why (hold {})"),
    "soft_hold": ("{} : décider du courrier d'abord", "{}: decide the item first"),
    "past_date": ("{} : une date à venir", "{}: a date to come"),
}


class NotLiftable(MailroomError):
    """Why a hold stays as it is; `code` is a key of the table above."""

    def __init__(self, code: str, hold_id: str) -> None:
        super().__init__(_WHY[code][1].format(hold_id))
        self.code, self.hold_id = code, hold_id

    def worded(self, language: str) -> str:
        return _WHY[self.code][language == "en"].format(self.hold_id)


def lift(books: Books, policy: Policy, hold_id: str, at: datetime, by: str, reason: str) -> Hold:
    """The hold as it was. Its claim's status goes back to `open` where nothing else calls for it.

    Raises NotLiftable: without a reason, for a hold that is over, and for a soft one, which ends with its item.
    """
    held = _standing(books, hold_id, reason)
    hold.end(books, held, at, by, reason.strip())
    claim = books.claims.get(held.claim_ref)
    if claim is not None:
        _tell(books, held, at, by, reason)
        _take_back(books, policy, held, claim, at, by)
    return held


def look_again(books: Books, hold_id: str, review_on: date, at: datetime, by: str, reason: str) -> Hold:
    """The hold goes on under a new review date: it is replaced, so that the trail shows both. Raises NotLiftable."""
    held = _standing(books, hold_id, reason)
    if review_on <= at.date():
        raise NotLiftable("past_date", review_on.isoformat())
    claim = books.claims.get(held.claim_ref)
    if claim is None:
        raise NotLiftable("unknown_hold", hold_id)
    terms = replace(held.terms, review_on=review_on)
    placed = hold.place(books, claim, terms, held.item_id or hold_id, at, by)
    if placed.hold_id != hold_id:
        hold.end(books, held, at, by, reason.strip())
    return placed


def _standing(books: Books, hold_id: str, reason: str) -> Hold:
    held = books.holds.hold(hold_id)
    if held is None:
        raise NotLiftable("unknown_hold", hold_id)
    if held.ended_at is not None:
        raise NotLiftable("hold_over", hold_id)
    if held.terms.kind is HoldKind.SOFT:
        raise NotLiftable("soft_hold", hold_id)
    if not reason.strip():
        raise NotLiftable("no_reason", hold_id)
    return held


def _tell(books: Books, held: Hold, at: datetime, by: str, reason: str) -> None:
    detail = {"hold_id": held.hold_id, "item_id": held.item_id, "decided_by": by}
    books.trail.note(AuditEntry(at, by, "hold_lifted", held.item_id, held.claim_ref, {**detail, "reason": reason}))
    kinds = {"dispute": EventType.DISPUTE_CLOSED} | dict.fromkeys(_PROTECTIVE, EventType.PROTECTION_LIFTED)
    if kind := kinds.get(held.terms.reason):
        books.outbox.add(EventDraft(kind, held.hold_id, held.claim_ref, detail), at)


def _take_back(books: Books, policy: Policy, held: Hold, claim: Claim, at: datetime, by: str) -> None:
    """Where the status came from such a hold and no other of the kind is in force on the claim."""
    if claim.status not in _TAKEN_BACK or _status_of(policy, held, claim) is not claim.status:
        return
    others = books.holds.on_claims([claim.claim_ref], at).get(claim.claim_ref, [])
    if not any(_status_of(policy, other, claim) is claim.status for other in others if other.hold_id != held.hold_id):
        change_status(books, claim, Status.OPEN, Because.PERSON, at, by)


def _status_of(policy: Policy, held: Hold, claim: Claim) -> Status | None:
    name = held.terms.reason
    return policy.rule(name, claim.creditor).status if name in policy.rules else None
