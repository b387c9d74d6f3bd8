"""What the bank says of money that is here: cheques cleared or bounced, transfers and debits taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from models.bank import Paper
from models.claim import Because, Claim, Status
from models.event import EventDraft, EventType
from models.hold import HoldKind, HoldTerms, Scope
from models.money import Cents, cents_from_decimal, decimal_from_cents
from models.record import CREDITOR_NOTICE, AuditEntry, PaymentRecord
from pipelines import hold
from pipelines.owed import BOUNCED, owe
from pipelines.ports import Books
from pipelines.settle import change_status

_BOUNCED_REVIEW_DAYS = 15
TAKEN_OFF = "taken_off"  # in the trail: by how much the balance fell
_CHEQUE_HOLDS = frozenset({"cheque_full", "cheque_part"})


class Word(StrEnum):
    """What the bank's word about one cheque came to."""

    DONE = "done"
    KNOWN = "known"  # said before: nothing was done
    UNKNOWN = "unknown"  # no such payment here
    NOT_BOOKED = "not_booked"  # the cheque is here, but on no claim: it moves nothing


def cleared(books: Books, key: str, at: datetime, actor: str) -> Word:
    """Each claim of this payment moves on: `paid`, or `open` with the new balance. Saying it twice is once."""
    payments = books.trail.payments_with_key(key)
    waiting = [payment for payment in payments if payment.state == "received"]
    if not waiting:
        return _nothing_to_do(books, key, payments, "cleared")
    for payment in waiting:
        books.trail.set_payment_state(payment.payment_id, "cleared")
        claim = books.claims.get(payment.claim_ref)
        if claim is not None:
            take_off_balance(books, claim, payment, at, actor)
            _end_cheque_holds(books, claim, payment, at, actor, "payment_cleared")
    books.bank.move_cheque(key, Paper.CLEARED)
    return Word.DONE


def bounced(books: Books, key: str, at: datetime, actor: str) -> Word:
    """The claim goes back, under a hold of its own: no silent dunning, a person writes to the payer first."""
    payments = books.trail.payments_with_key(key)
    taken = [payment for payment in payments if payment.state in ("received", "cleared")]
    if not taken:
        return _nothing_to_do(books, key, payments, "bounced")
    for payment in taken:
        books.trail.set_payment_state(payment.payment_id, "bounced")
        claim = books.claims.get(payment.claim_ref)
        if claim is not None:
            _take_back(books, claim, payment, at, actor)
    books.bank.move_cheque(key, Paper.BOUNCED)
    return Word.DONE


def _nothing_to_do(books: Books, key: str, payments: list[PaymentRecord], said: str) -> Word:
    if {payment.state for payment in payments} & {said, "bounced"}:  # "cleared" after "bounced" changes nothing either
        return Word.KNOWN
    return Word.NOT_BOOKED if books.bank.cheque(key) is not None else Word.UNKNOWN


def take_off_balance(books: Books, claim: Claim, payment: PaymentRecord, at: datetime, actor: str) -> None:
    """Money that is really here. While another payment is under way the claim keeps the status that says so.

    In shadow mode the balance is the collection system's, and stays."""
    balance = claim.balance if books.shadow else max(0, claim.balance - payment.amount)
    books.claims.set_balance(claim.claim_ref, balance)
    amounts = {"amount": decimal_from_cents(payment.amount), "balance": decimal_from_cents(balance)}
    data = {"payment_id": payment.payment_id, "means": payment.means, **amounts}
    books.outbox.add(EventDraft(EventType.PAYMENT_CLEARED, payment.payment_id, claim.claim_ref, data), at)
    kept = {**data, TAKEN_OFF: decimal_from_cents(claim.balance - balance)}
    books.trail.note(AuditEntry(at, actor, "payment_cleared", payment.item_id, claim.claim_ref, kept))
    if balance == 0:
        change_status(books, claim, Status.PAID, Because.BANK, at, actor, about=payment.payment_id)
    elif claim.status is not Status.PROMISE_TO_PAY and not _under_way(books, claim, payment):
        change_status(books, claim, Status.OPEN, Because.BANK, at, actor, about=payment.payment_id)


def put_back_on_balance(books: Books, claim: Claim, payment: PaymentRecord) -> None:
    """What this payment took off, no more: of one above the balance the rest had nothing to be taken off."""
    if books.shadow:
        return
    books.claims.set_balance(claim.claim_ref, claim.balance + _taken_off(books, payment))


def _taken_off(books: Books, payment: PaymentRecord) -> Cents:
    for entry in reversed(books.trail.of_claim(payment.claim_ref)):
        if entry.detail.get("payment_id") == payment.payment_id and TAKEN_OFF in entry.detail:
            return cents_from_decimal(str(entry.detail[TAKEN_OFF]))
    return payment.amount  # cleared before the trail said so


def _under_way(books: Books, claim: Claim, but: PaymentRecord) -> bool:
    others = [one for one in books.trail.payments_of(claim.claim_ref) if one.payment_id != but.payment_id]
    return any(one.state == "received" for one in others)


def _take_back(books: Books, claim: Claim, payment: PaymentRecord, at: datetime, actor: str) -> None:
    """The hold first, so that no moment lies between the old one and the new one."""
    if payment.state == "cleared":
        put_back_on_balance(books, claim, payment)
    about = payment.item_id or payment.payment_id
    review = at.date() + timedelta(days=_BOUNCED_REVIEW_DAYS)
    terms = HoldTerms(Scope.CLAIM, HoldKind.HOLD, "payment_bounced", "payments", review_on=review)
    hold.place(books, claim, terms, about, at, actor)
    data = {"payment_id": payment.payment_id, "amount": decimal_from_cents(payment.amount)}
    books.outbox.add(EventDraft(EventType.PAYMENT_BOUNCED, payment.payment_id, claim.claim_ref, data), at)
    books.trail.note(AuditEntry(at, actor, "payment_bounced", payment.item_id, claim.claim_ref, data))
    change_status(books, claim, Status.PAYMENT_BOUNCED, Because.BANK, at, actor, about=payment.payment_id)
    _end_cheque_holds(books, claim, payment, at, actor, "payment_bounced")
    owe(books, payment.payment_id, claim, BOUNCED, at)
    owe(books, f"{payment.payment_id}:bounced", claim, CREDITOR_NOTICE, at)


def _end_cheque_holds(
    books: Books, claim: Claim, payment: PaymentRecord, at: datetime, actor: str, reason: str
) -> None:
    """The cheque's hold lasts until the bank has spoken."""
    if payment.item_id is not None:
        held = [one for one in books.holds.of_item(payment.item_id) if one.terms.reason in _CHEQUE_HOLDS]
        hold.end_all(books, [one for one in held if one.claim_ref == claim.claim_ref], at, actor, reason)
