"""Settle: one transaction for status, holds, payments, audit and events, or none of them."""

from __future__ import annotations

from datetime import datetime

from models.claim import Because, Claim, Status, may_move
from models.decision import Decision, Effect, Payment
from models.event import EventDraft, EventType
from models.item import Item, Outcome, Stage
from models.money import decimal_from_cents
from models.record import CREDITOR_NOTICE, AnswerDue, AuditEntry, PaymentRecord
from pipelines import hold
from pipelines.payers import learn_payers
from pipelines.ports import Books

_STAGE_OF = {
    Outcome.APPLIED: Stage.SETTLED,
    Outcome.FILED: Stage.SETTLED,
    Outcome.REVIEW: Stage.REVIEW,
    Outcome.REFUSED: Stage.REFUSED,
}


def settle(
    books: Books,
    item: Item,
    decision: Decision,
    at: datetime,
    actor: str,
    *,
    duplicate_of: str | None = None,
    shadow: bool = False,
) -> Item:
    """Carry a decision out inside the caller's transaction. Raises Conflict if the item changed meanwhile.

    The holds the decision names take the place of the item's soft holds, unless a person is still to look.
    """
    books.items.save_decision(item.item_id, decision)
    if not shadow:
        _carry_out(books, item, decision, at, actor)
    reason = "; ".join(f"{reason.code}:{reason.detail}" for reason in decision.reasons)
    detail = {"outcome": decision.outcome.value, "rules": list(decision.rules), "reasons": reason, "shadow": shadow}
    books.trail.note(AuditEntry(at, actor, "decided", item.item_id, None, detail))
    stage = _STAGE_OF[decision.outcome]
    return books.items.move(item, stage, reason=reason, outcome=decision.outcome, duplicate_of=duplicate_of)


def _carry_out(books: Books, item: Item, decision: Decision, at: datetime, actor: str) -> None:
    claims = books.claims.get_many([effect.claim_ref for effect in decision.effects])
    placed: set[str] = set()
    for effect in decision.effects:
        if claim := claims.get(effect.claim_ref):
            placed |= _take_effect(books, item, claim, effect, at, actor)
    for number, payment in enumerate(decision.payments):
        _book(books, item, payment, number, at, actor)
    for draft in decision.events:
        books.outbox.add(draft, at)
    if decision.outcome is Outcome.REVIEW:
        return
    learn_payers(books, item.item_id, decision.payments, at)
    earlier = [held for held in books.holds.of_item(item.item_id) if held.hold_id not in placed]
    hold.end_all(books, earlier, at, actor, "settled")
    _owe_answers(books, item, decision, at)
    data = {"item_id": item.item_id, "decision": decision.outcome.value, "decided_by": actor}
    refs: list[str | None] = [effect.claim_ref for effect in decision.effects]
    for ref in refs or [None]:
        key = f"{item.item_id}:{item.version}"
        books.outbox.add(EventDraft(EventType.ITEM_SETTLED, key, ref, {**data, "rules": list(decision.rules)}), at)


def _take_effect(books: Books, item: Item, claim: Claim, effect: Effect, at: datetime, actor: str) -> set[str]:
    if effect.status is not None:
        because = Because.MAIL if actor == "auto" else Because.PERSON
        change_status(books, claim, effect.status, because, at, actor, item)
    return {hold.place(books, claim, terms, item.item_id, at, actor).hold_id for terms in effect.holds}


def change_status(
    books: Books,
    claim: Claim,
    status: Status,
    because: Because,
    at: datetime,
    actor: str,
    item: Item | None = None,
    about: str = "",
) -> bool:
    """False where the table of moves forbids it: the fact is kept in the trail, the stronger status stays. In shadow
    mode every status stays.

    `about` names what happened where it was no item: a payment's id.
    """
    item_id = item.item_id if item else None
    if status is claim.status or books.shadow:
        return False
    change = {"from": claim.status.value, "to": status.value, "because": because.value}
    if about:
        change["about"] = about
    if not may_move(because, claim.status, status):
        books.trail.note(AuditEntry(at, actor, "status_kept", item_id, claim.claim_ref, change))
        return False
    books.claims.set_status(claim.claim_ref, status)
    books.trail.note(AuditEntry(at, actor, "status_changed", item_id, claim.claim_ref, change))
    key = f"{item_id or about or at.isoformat()}:{item.version if item else 0}:{status.value}"
    data = {**change, "item_id": item_id}
    books.outbox.add(EventDraft(EventType.CLAIM_STATUS_CHANGED, key, claim.claim_ref, data), at)
    return True


def _book(books: Books, item: Item, payment: Payment, number: int, at: datetime, actor: str) -> None:
    """A cheque that stands on another claim through another item is not booked again: the paper is one."""
    known = [one for one in books.trail.payments_with_key(payment.key) if one.state != "reversed"]
    if any(one.item_id != item.item_id for one in known):
        detail = {"key": payment.key[:16], "amount": decimal_from_cents(payment.amount)}
        books.trail.note(AuditEntry(at, actor, "payment_known", item.item_id, payment.claim_ref, detail))
        return
    record = PaymentRecord(
        payment_id=f"{item.item_id}:{item.version}.{number}:{payment.key[:16]}",
        claim_ref=payment.claim_ref,
        amount=payment.amount,
        means=payment.means,
        key=payment.key,
        state=payment.state,
        item_id=item.item_id,
        at=at,
        paid_on=payment.paid_on,
    )
    if not books.trail.add_payment(record) or payment.state != "received":
        return
    data = {"item_id": item.item_id, "amount": decimal_from_cents(payment.amount), "means": payment.means}
    books.outbox.add(EventDraft(EventType.PAYMENT_RECEIVED, record.payment_id, payment.claim_ref, data), at)


def _owe_answers(books: Books, item: Item, decision: Decision, at: datetime) -> None:
    """The sender gets one answer, however many claims it is about; each claim's creditor is told."""
    refs: list[str | None] = [effect.claim_ref for effect in decision.effects] or [None]
    for kind, due in decision.answers:
        for ref in refs if kind == CREDITOR_NOTICE else refs[:1]:
            books.trail.add_answer_due(AnswerDue(item.item_id, ref, kind, due))
            data = {"item_id": item.item_id, "kind": kind, "due_at": due.isoformat()}
            books.outbox.add(EventDraft(EventType.ANSWER_DUE, f"{item.item_id}:{kind}", ref, data), at)
