"""Holds in the ledger: placed once, told to the collection system with the reminders to recall, ended with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from models.claim import Claim
from models.event import EventDraft, EventType
from models.hold import Hold, HoldKind, HoldTerms, Scope
from models.record import AuditEntry
from pipelines.ports import Books

_NAMESPACE = uuid.UUID("6b2f3c0e-6a57-4c0f-9a3e-686f6c647300")


def hold_id_for(item_id: str | None, claim_ref: str, terms: HoldTerms, times_before: int = 0) -> str:
    """The same item never holds the same claim twice for the same reason and the same days.

    `times_before` counts such holds that were placed and ended already (an item corrected and settled again).
    """
    days = f"{terms.until}:{terms.review_on}"
    name = f"{item_id}:{claim_ref}:{terms.kind}:{terms.scope}:{terms.reason}:{days}:{times_before}"
    return str(uuid.uuid5(_NAMESPACE, name))


def soft_terms(received_on: date, alarm_days: int) -> HoldTerms:
    """From receipt until the item is settled; the alarm after some days lets nothing out."""
    review = received_on + timedelta(days=alarm_days)
    return HoldTerms(Scope.CLAIM, HoldKind.SOFT, "soft", "mail_room", review_on=review)


def place(books: Books, claim: Claim, terms: HoldTerms, item_id: str, at: datetime, actor: str) -> Hold:
    """The hold in force. Where it is new, the audit entry and `reminders.suppressed` are written with it.

    In shadow mode it is only what would be in force.
    """
    same = [old for old in books.holds.of_item(item_id) if old.claim_ref == claim.claim_ref and old.terms == terms]
    hold = Hold(
        hold_id=hold_id_for(item_id, claim.claim_ref, terms, sum(old.ended_at is not None for old in same)),
        claim_ref=claim.claim_ref,
        debtor_ref=claim.debtor_ref,
        item_id=item_id,
        terms=terms,
        starts_at=at,
    )
    if books.shadow or not books.holds.place(hold):
        return hold
    detail = {"hold_id": hold.hold_id, "reason": terms.reason, "scope": terms.scope.value, "kind": terms.kind.value}
    books.trail.note(AuditEntry(at, actor, "hold_placed", item_id, claim.claim_ref, detail))
    for held in _claims_under(books, claim, terms.scope):
        tell_suppressed(books, held, hold, at)
    return hold


def _claims_under(books: Books, claim: Claim, scope: Scope) -> Sequence[Claim]:
    if scope is Scope.CLAIM or not claim.debtor_ref:
        return [claim]
    return books.claims.of_debtor(claim.debtor_ref) or [claim]


def tell_suppressed(books: Books, claim: Claim, hold: Hold, at: datetime, again: str = "") -> None:
    """`again` tells apart the times that one hold comes to cover the same claim."""
    terms = hold.terms
    planned = books.trail.reminders_to_recall([claim.claim_ref])
    recall = [reminder.reminder_id for reminder in planned if reminder.channel in terms.channels]
    data = {
        "hold_id": hold.hold_id,
        "item_id": hold.item_id,
        "scope": terms.scope.value,
        "kind": terms.kind.value,
        "channels": [channel.value for channel in terms.channels],
        "reason": terms.reason,
        "until": terms.until.isoformat() if terms.until else None,
        "review_on": terms.review_on.isoformat() if terms.review_on else None,
        "redirect_to": terms.redirect_to,
        "recall": recall,
    }
    books.outbox.add(EventDraft(EventType.REMINDERS_SUPPRESSED, hold.hold_id + again, claim.claim_ref, data), at)


def end(books: Books, hold: Hold, at: datetime, by: str, reason: str) -> bool:
    """Ends a hold once; `reminders.resumed` goes out for each claim on which nothing else is in force."""
    if not books.holds.end(hold.hold_id, at, by, reason):
        return False
    detail = {"hold_id": hold.hold_id, "reason": reason}
    books.trail.note(AuditEntry(at, by, "hold_ended", hold.item_id, hold.claim_ref, detail))
    claim = books.claims.get(hold.claim_ref)
    claims = _claims_under(books, claim, hold.terms.scope) if claim else []
    in_force = books.holds.on_claims([held.claim_ref for held in claims], at)
    for held in claims:
        others = [other for other in in_force.get(held.claim_ref, []) if other.hold_id != hold.hold_id]
        if not others:
            data = {"hold_id": hold.hold_id, "item_id": hold.item_id, "reason": reason}
            books.outbox.add(EventDraft(EventType.REMINDERS_RESUMED, hold.hold_id, held.claim_ref, data), at)
    return True


def end_all(books: Books, holds: Iterable[Hold], at: datetime, by: str, reason: str) -> int:
    return sum(end(books, hold, at, by, reason) for hold in holds if hold.ended_at is None)


def move_to_item(books: Books, hold: Hold, item_id: str, at: datetime) -> None:
    """A re-scan hands its soft holds to the first scan, so that they last as long as the first scan waits."""
    moved = replace(hold, hold_id=hold_id_for(item_id, hold.claim_ref, hold.terms), item_id=item_id, starts_at=at)
    books.holds.place(moved)


def expire(books: Books, today: date, at: datetime) -> int:
    """End the holds whose last day has passed. Every question is answered from the dates in any case."""
    return sum(end(books, hold, at, "system", "expired") for hold in books.holds.ended_by_date(today))
