"""Taking back what was done on the wrong claim: a payment by name, a status by replaying the trail without it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from models.claim import Because, Status, may_move
from models.event import EventDraft, EventType
from models.money import decimal_from_cents
from models.record import AuditEntry, PaymentRecord
from pipelines.clearing import put_back_on_balance
from pipelines.ports import Books

CORRECTED = "item_corrected"  # actions of the trail: an item decided anew, a payment booked elsewhere
MOVED = "payment_moved"
_MOVES = frozenset({"status_changed", "status_kept"})
_TOLD = frozenset({"received", "cleared", "bounced"})  # the others were never told


def reverse_payment(
    books: Books, payment: PaymentRecord, at: datetime, actor: str, reason: str, told: dict[str, Any] | None = None
) -> None:
    """Money already taken off the balance goes back on it. `told`: what `payment.reversed` says besides."""
    books.trail.reverse_payment(payment.payment_id)
    claim = books.claims.get(payment.claim_ref)
    if claim is not None and payment.state == "cleared":
        put_back_on_balance(books, claim, payment)
    data = {
        "payment_id": payment.payment_id,
        "item_id": payment.item_id,
        "amount": decimal_from_cents(payment.amount),
        "was": payment.state,
        **(told or {}),
    }
    kept = {**data, "reason": reason}
    books.trail.note(AuditEntry(at, actor, "payment_reversed", payment.item_id, payment.claim_ref, kept))
    if payment.state in _TOLD:
        books.outbox.add(EventDraft(EventType.PAYMENT_REVERSED, payment.payment_id, payment.claim_ref, data), at)


def status_without(
    entries: Iterable[AuditEntry], item_id: str | None, payment_ids: Collection[str], now: Status
) -> Status | None:
    """The trail of one claim replayed without this item and these payments. None: it stands as it should, or the
    collection system has changed it since, which is not ours to undo.

    Facts that had lost against a stronger status are replayed too: without the stronger one they may win.
    """
    steps = _steps(entries)
    if not steps:
        return None
    real = without = Status(steps[0].detail["from"])
    for step in steps:
        before, to = Status(step.detail["from"]), Status(step.detail["to"])
        if before is not real:  # changed by an import in between, for both stories
            without = before
        real = to if step.action == "status_changed" else before
        if not _is_of(step, item_id, payment_ids) and may_move(Because(step.detail["because"]), without, to):
            without = to
    return without if real is now and without is not now else None


def _steps(entries: Iterable[AuditEntry]) -> list[AuditEntry]:
    """Changes of status that still count: those of items and payments corrected since are out, and the corrections
    themselves."""
    steps: list[AuditEntry] = []
    for entry in entries:
        if entry.action in (CORRECTED, MOVED):
            gone = entry.detail.get("payments", ())
            steps = [one for one in steps if not _is_of(one, entry.item_id, gone)]
        elif entry.action in _MOVES and entry.detail["because"] != Because.CORRECTION:
            steps.append(entry)
    return steps


def _is_of(step: AuditEntry, item_id: str | None, payment_ids: Collection[str]) -> bool:
    return (item_id is not None and step.item_id == item_id) or step.detail.get("about") in payment_ids
