"""Money at the bank: transfers, cards and debits booked on their claim once, cheques cleared or bounced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from models.claim import Because, Claim, Status
from models.event import EventDraft, EventType
from models.hold import HoldKind, HoldTerms, Scope
from models.money import Cents, decimal_from_cents
from models.record import AuditEntry, PaymentRecord
from models.understanding import Mention, MentionKind, Mentions
from pipelines import hold
from pipelines.ports import Books
from pipelines.services import Services
from pipelines.settle import change_status

_DOUBLE_WITHIN = timedelta(days=45)  # another payment of the same sum this close is asked about, not booked
_BOUNCED_REVIEW_DAYS = 15


@dataclass(frozen=True, slots=True)
class Told:
    """One payment as the bank tells it. `key` is the bank's own and makes it unique; `amount` in cents, positive."""

    key: str
    amount: Cents
    means: str
    paid_on: date | None = None
    claim_ref: str = ""
    text: str = ""  # what the payer wrote
    payer_name: str = ""


class Booked(StrEnum):
    BOOKED = "booked"
    KNOWN = "known"  # told before: nothing was done
    NO_CLAIM = "no_claim"
    DOUBTFUL = "doubtful"  # double payment or more than the balance: a person decides


def claim_for(services: Services, told: Told) -> str | None:
    """The claim the bank names, else the one its text proposes with certainty; None is an answer."""
    if told.claim_ref:
        return told.claim_ref
    names = (Mention(MentionKind.NAME, told.payer_name, told.payer_name, "sender"),) if told.payer_name else ()
    words = tuple(Mention(MentionKind.REFERENCE, told.text, _plain(told.text)) for _ in range(bool(told.text)))
    found = services.index.match(Mentions((*names, *words), told.payer_name or None), told.text, (told.amount,))
    sure = found.confidence >= services.policy.thresholds.claim
    return found.proposed if sure else None


def _plain(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())


def book(books: Books, told: Told, claim_ref: str | None, at: datetime, actor: str) -> Booked:
    """Balance, status, audit and events in the caller's transaction. Telling it twice changes nothing."""
    if books.trail.payments_with_key(told.key):
        return Booked.KNOWN
    claim = books.claims.get(claim_ref) if claim_ref else None
    if claim is None:
        return Booked.NO_CLAIM
    if told.amount > claim.balance or _seen_before(books, claim, told, at):
        detail = {"key": told.key, "amount": decimal_from_cents(told.amount)}
        books.trail.note(AuditEntry(at, actor, "payment_doubtful", None, claim.claim_ref, detail))
        return Booked.DOUBTFUL
    payment_id = f"bank:{told.key}"
    record = PaymentRecord(
        payment_id, claim.claim_ref, told.amount, told.means, told.key, "cleared", None, at, told.paid_on
    )
    books.trail.add_payment(record)
    _clear(books, claim, record, at, actor)
    return Booked.BOOKED


def _seen_before(books: Books, claim: Claim, told: Told, at: datetime) -> bool:
    """Cheque against transfer, proof against statement: the same sum on the same claim, not long ago."""
    return any(
        payment.amount == told.amount and payment.state in ("received", "cleared") and at - payment.at < _DOUBLE_WITHIN
        for payment in books.trail.payments_of(claim.claim_ref)
    )


def _clear(books: Books, claim: Claim, payment: PaymentRecord, at: datetime, actor: str) -> None:
    balance = max(0, claim.balance - payment.amount)
    books.claims.set_balance(claim.claim_ref, balance)
    amounts = {"amount": decimal_from_cents(payment.amount), "balance": decimal_from_cents(balance)}
    data = {"payment_id": payment.payment_id, "means": payment.means, **amounts}
    books.outbox.add(EventDraft(EventType.PAYMENT_CLEARED, payment.payment_id, claim.claim_ref, data), at)
    books.trail.note(AuditEntry(at, actor, "payment_cleared", payment.item_id, claim.claim_ref, data))
    change_status(books, claim, Status.PAID if balance == 0 else Status.OPEN, Because.BANK, at, actor)


def cheque_cleared(books: Books, key: str, at: datetime, actor: str) -> int:
    """Cheques under this key that were waiting; each moves its claim on. 0 where none was."""
    waiting = [payment for payment in books.trail.payments_with_key(key) if payment.state == "received"]
    for payment in waiting:
        books.trail.set_payment_state(payment.payment_id, "cleared")
        claim = books.claims.get(payment.claim_ref)
        if claim is not None:
            _clear(books, claim, payment, at, actor)
            _end_holds(books, claim, payment, at, actor)
    return len(waiting)


def _end_holds(books: Books, claim: Claim, payment: PaymentRecord, at: datetime, actor: str) -> None:
    """The cheque's hold lasts until it is cleared."""
    if payment.item_id is not None:
        reasons = {"cheque_full", "cheque_part"}
        held = [one for one in books.holds.of_item(payment.item_id) if one.terms.reason in reasons]
        hold.end_all(books, [one for one in held if one.claim_ref == claim.claim_ref], at, actor, "payment_cleared")


def cheque_bounced(books: Books, key: str, at: datetime, actor: str) -> int:
    """The claim goes back, under a hold of its own: no silent dunning, a person writes to the payer first."""
    taken = [payment for payment in books.trail.payments_with_key(key) if payment.state in ("received", "cleared")]
    for payment in taken:
        books.trail.set_payment_state(payment.payment_id, "bounced")
        claim = books.claims.get(payment.claim_ref)
        if claim is None:
            continue
        if payment.state == "cleared":
            books.claims.set_balance(claim.claim_ref, claim.balance + payment.amount)
        review = at.date() + timedelta(days=_BOUNCED_REVIEW_DAYS)
        terms = HoldTerms(Scope.CLAIM, HoldKind.HOLD, "payment_bounced", "payments", review_on=review)
        hold.place(books, claim, terms, payment.item_id or payment.payment_id, at, actor)
        data = {"payment_id": payment.payment_id, "amount": decimal_from_cents(payment.amount)}
        books.outbox.add(EventDraft(EventType.PAYMENT_BOUNCED, payment.payment_id, claim.claim_ref, data), at)
        books.trail.note(AuditEntry(at, actor, "payment_bounced", payment.item_id, claim.claim_ref, data))
        change_status(books, claim, Status.PAYMENT_BOUNCED, Because.BANK, at, actor)
        _end_holds(books, claim, payment, at, actor)
    return len(taken)
