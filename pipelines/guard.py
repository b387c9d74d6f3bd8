"""Is this money already here, or on its way? Asked before anything is booked; a doubt goes to a person. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from models.claim import Claim, Status
from models.money import Cents
from models.record import PaymentRecord

DOUBLE_WITHIN = timedelta(days=45)  # another payment of the same sum this close is asked about
BANK_WITHIN = timedelta(days=5)  # two transfers of one sum: an instalment comes again after weeks, a mistake at once
_SAID = frozenset({Status.PAYMENT_CLAIMED, Status.PAYMENT_ANNOUNCED})
_NOT_WITHOUT_A_PERSON = frozenset({Status.CLOSED, Status.PAID, Status.PROTECTED})


def cheque_doubt(amount: Cents, key: str, claim: Claim, payments: Iterable[PaymentRecord], at: datetime) -> str | None:
    """Why this cheque should not be booked on this claim without a person: same_cheque, overpayment, double_payment.

    `payments` of the claim, and those under the cheque's own key wherever they stand. A transfer that the debtor
    announced or says was made counts as much as one that came.
    """
    known = list(payments)
    if any(one.key == key and one.state != "reversed" for one in known):
        return "same_cheque"
    if amount > claim.balance:
        return "overpayment"
    others = [one for one in known if one.claim_ref == claim.claim_ref and at - one.at < DOUBLE_WITHIN]
    live = [one for one in others if one.state in ("received", "cleared", "announced")]
    if any(one.amount in (amount, 0) for one in live):
        return "double_payment"
    if claim.status in _SAID and not any(one.state in ("announced", "arrived") for one in others):
        return "double_payment"  # said before this ledger began, or by a person: the sum is not known
    if sum(one.amount for one in live if one.state == "announced") + _pending(known, claim) + amount > claim.balance:
        return "double_payment"
    return None


def bank_doubt(amount: Cents, claim: Claim, payments: Iterable[PaymentRecord], at: datetime) -> str | None:
    """Why money at the bank should not be booked on this claim without a person. That it came is certain, so only
    a cheque still under way, or the very same sum a few days ago, speaks of a double payment."""
    if claim.status in _NOT_WITHOUT_A_PERSON:
        return "claim_status"
    if claim.currency != "EUR":
        return "currency"
    if amount > claim.balance:
        return "overpayment"
    for one in payments:
        recent = at - one.at < (DOUBLE_WITHIN if one.means == "cheque" else BANK_WITHIN)
        if one.amount == amount and one.state in ("received", "cleared") and recent:
            return "double_payment"
    return "overpayment" if _pending(payments, claim) + amount > claim.balance else None


def _pending(payments: Iterable[PaymentRecord], claim: Claim) -> Cents:
    """Booked and not yet taken off the balance."""
    return sum(one.amount for one in payments if one.state == "received" and one.claim_ref == claim.claim_ref)
