"""Money that was announced and never came: the hold ends on its last day, says so, and the claim is open again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from models.claim import Because, Claim, Status
from models.event import EventDraft, EventType
from models.hold import Hold
from models.money import decimal_from_cents
from models.record import AuditEntry, PaymentRecord
from pipelines import hold
from pipelines.ports import Books
from pipelines.settle import change_status

NEVER_CAME = "payment_never_came"  # why such a hold ended, and the action in the trail
WAITED_FOR = {"transfer_notice": Status.PAYMENT_ANNOUNCED, "promise": Status.PROMISE_TO_PAY}
_BEFORE = timedelta(days=10)  # a transfer may reach us before the letter that tells of it


def end_unkept(books: Books, today: date, at: datetime) -> int:
    """The number of announcements and promises whose last day has passed without any money on the claim.

    Where money did come the hold is left to end in the ordinary way.
    """
    count = 0
    for held in books.holds.ended_by_date(today):
        awaited = WAITED_FOR.get(held.terms.reason)
        claim = books.claims.get(held.claim_ref)
        if awaited is None or claim is None:
            continue
        payments = books.trail.payments_of(held.claim_ref)
        announced = next((one for one in payments if one.state == "announced" and one.item_id == held.item_id), None)
        if _came(payments, held):
            if announced is not None:
                books.trail.set_payment_state(announced.payment_id, "arrived")
            continue
        if announced is not None:
            books.trail.set_payment_state(announced.payment_id, "never_came")
        count += _end(books, held, claim, awaited, announced, at)
    return count


def _came(payments: list[PaymentRecord], held: Hold) -> bool:
    since = held.starts_at - _BEFORE
    return any(one.state in ("received", "cleared") and one.at >= since for one in payments)


def _end(
    books: Books, held: Hold, claim: Claim, awaited: Status, announced: PaymentRecord | None, at: datetime
) -> bool:
    """The status first: `reminders.resumed` is told of a claim that is open again. A later promise keeps it."""
    others = books.holds.on_claims([held.claim_ref], at)[held.claim_ref]
    if claim.status is awaited and not any(other.terms.reason == held.terms.reason for other in others):
        change_status(books, claim, Status.OPEN, Because.BANK, at, "system", about=held.hold_id)
    amount = decimal_from_cents(announced.amount) if announced is not None and announced.amount else None
    until = held.terms.until.isoformat() if held.terms.until else None
    data = {"item_id": held.item_id, "reason": held.terms.reason, "amount": amount, "waited_until": until}
    books.outbox.add(EventDraft(EventType.PAYMENT_NEVER_CAME, held.hold_id, held.claim_ref, data), at)
    books.trail.note(AuditEntry(at, "system", NEVER_CAME, held.item_id, held.claim_ref, data))
    return hold.end(books, held, at, "system", NEVER_CAME)
