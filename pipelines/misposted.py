"""A payment at the bank that stands on the wrong claim: reversed there, booked where it belongs or put back to wait.

What came with an item is corrected through the item (`misfiled.py`). Nothing is deleted: the reversed payment, who
took it back, when and why stay in the trail of either claim, and the collection system is told of each.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.bank import Unposted
from models.claim import Because
from models.hold import HoldKind
from models.money import Cents, decimal_from_cents
from models.record import AuditEntry, PaymentRecord
from pipelines import hold
from pipelines.misfiled import bank_words_again
from pipelines.payments import Told, announce_again, post, wrong_parts
from pipelines.ports import Books
from pipelines.reversal import MOVED, reverse_payment, status_without
from pipelines.settle import change_status

MISPOSTED = "misposted"  # why it waits again
Parts = Sequence[tuple[str, Cents]]


@dataclass(frozen=True, slots=True)
class _Act:
    """Who takes the payment back, when and why."""

    at: datetime
    actor: str
    reason: str


def standing(books: Books, key: str) -> list[PaymentRecord]:
    """The parts of a payment at the bank as they are booked now; what came by mail is left out."""
    return [one for one in books.trail.payments_with_key(key) if one.item_id is None and one.state != "announced"]


def rebook(
    books: Books,
    key: str,
    parts: Parts,
    at: datetime,
    actor: str,
    reason: str,
    seen: Collection[str] | None = None,
) -> list[str]:
    """Codes of what is wrong, and nothing was done; empty: it is done, in the caller's transaction.

    Without `parts` the payment waits for a person again. A part that stays where it is is not touched. `seen`: ids of
    the parts as the person saw them; where somebody moved the payment meanwhile nothing is done. A correction may be
    corrected: booked back on its first claim, that claim stands as it did, and either step remains to be read.
    """
    before = standing(books, key)
    if troubles := _troubles(books, before, parts, reason, seen):
        return troubles
    act = _Act(at, actor, reason.strip())
    gone = [one for one in before if (one.claim_ref, one.amount) not in parts]
    staying = {(one.claim_ref, one.amount) for one in before} & set(parts)
    coming = [part for part in parts if part not in staying]
    for payment in gone:
        _take_back(books, payment, [ref for ref, _amount in coming], act)
    told = _told(books, before, key)
    claims = books.claims.get_many([ref for ref, _amount in coming])
    for ref, amount in coming:
        payment_id = post(books, claims[ref], told, amount, at, actor)
        _note(books, ref, key, [], payment_id, act)
    if not parts:
        again = Unposted(
            key, told.amount, told.means, at, MISPOSTED, told.paid_on, (), told.text, told.payer_name, note=act.reason
        )
        books.bank.put_back(again)
    bank_words_again(books, gone, at, actor)
    return []


def _troubles(
    books: Books, before: Sequence[PaymentRecord], parts: Parts, reason: str, seen: Collection[str] | None
) -> list[str]:
    if seen is not None and set(seen) != {one.payment_id for one in before}:
        return ["payment_moved"]
    if not before:
        return ["payment_not_booked"]
    troubles = [] if reason.strip() else ["need_note"]
    if not parts and any(one.state == "bounced" for one in before):
        troubles.append("payment_came_back")  # no money is here that could wait
    if parts:
        troubles += wrong_parts(books, sum(one.amount for one in before), parts)
        if sorted(parts) == sorted((one.claim_ref, one.amount) for one in before):
            troubles.append("payment_stands_so")
    return list(dict.fromkeys(troubles))


def _told(books: Books, before: Sequence[PaymentRecord], key: str) -> Told:
    """As the bank told it; payer and text are known where the payment has waited for a person before."""
    first = before[0]
    waited = next(iter(books.bank.unposted_with_key(key)), None)
    text, payer = (waited.text, waited.payer_name) if waited else ("", "")
    total = sum(one.amount for one in before)
    return Told(key, total, first.means, first.paid_on, text=text, payer_name=payer)


def _take_back(books: Books, payment: PaymentRecord, moved_to: Sequence[str], act: _Act) -> None:
    """The status first, from the trail as it was; then the money, what was owed for it, and the hold of a bounce."""
    claim = books.claims.get(payment.claim_ref)
    if claim is not None:
        entries = books.trail.of_claim(claim.claim_ref)
        status = status_without(entries, None, {payment.payment_id}, claim.status)
        if status is not None:
            about = f"{payment.payment_id}:reversed"
            change_status(books, claim, status, Because.CORRECTION, act.at, act.actor, about=about)
    owed_no_more, already_gone = _withdraw(books, payment, act)
    told = {"moved_to": list(moved_to), "answers_withdrawn": owed_no_more, "answers_sent": already_gone}
    reverse_payment(books, payment, act.at, act.actor, act.reason, told)
    for held in books.holds.of_item(payment.payment_id):
        if held.ended_at is None and held.terms.kind is HoldKind.HOLD:
            hold.end(books, held, act.at, act.actor, "corrected")
    announce_again(books, payment)
    _note(books, payment.claim_ref, payment.key, [payment.payment_id], None, act)


def _withdraw(books: Books, payment: PaymentRecord, act: _Act) -> tuple[list[str], list[str]]:
    """Kinds of answers no longer owed for it, and of those that went out already: somebody has to be told."""
    withdrawn, gone = [], []
    for about in (payment.payment_id, f"{payment.payment_id}:bounced"):
        for owed in books.trail.withdraw_answers(about, payment.claim_ref):
            detail = {"kind": owed.kind, "due_at": owed.due_at.isoformat(), "payment_id": payment.payment_id}
            books.trail.note(AuditEntry(act.at, act.actor, "answer_withdrawn", None, payment.claim_ref, detail))
            withdrawn.append(owed.kind)
        gone += [owed.kind for owed in books.trail.answers_of(about) if owed.sent_at is not None]
    return withdrawn, gone


def _note(books: Books, ref: str, key: str, reversed_ids: list[str], payment_id: str | None, act: _Act) -> None:
    detail = {"key": key, "payments": reversed_ids, "payment_id": payment_id, "reason": act.reason}
    books.trail.note(AuditEntry(act.at, act.actor, MOVED, None, ref, detail))


def amounts_of(payments: Sequence[PaymentRecord]) -> str:
    """`AB-1 120.00, CD-2 30.00`: for a line on the terminal."""
    return ", ".join(f"{one.claim_ref} {decimal_from_cents(one.amount)}" for one in payments)
