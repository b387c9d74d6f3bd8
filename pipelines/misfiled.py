"""A misfiled item is put right with reversals, never by silence: undone on the wrong claim, done on the right one.

The claim's status becomes what its trail says without the item; payments are reversed where they stood and booked
where they belong; holds, answers owed and openings told to the collection system are taken back by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from models.claim import Because
from models.decision import Decision, Judgement, Payment
from models.event import EventDraft, EventType
from models.hold import HoldKind
from models.item import Outcome, Stage
from models.record import AuditEntry, ItemRecord, PaymentRecord
from pipelines import hold
from pipelines.clearing import bounced, cleared
from pipelines.ports import Books
from pipelines.reversal import CORRECTED, reverse_payment, status_without
from pipelines.settle import change_status

_OPENED = {EventType.DISPUTE_OPENED: EventType.DISPUTE_CLOSED, EventType.PROTECTION_OPENED: EventType.PROTECTION_LIFTED}


def is_correction(record: ItemRecord) -> bool:
    """The item was applied or filed before, and a person has put it back on the desk."""
    before = record.decision.outcome if record.decision else None
    return record.item.stage is Stage.REVIEW and before in (Outcome.APPLIED, Outcome.FILED)


def touched(record: ItemRecord) -> list[str]:
    """Claims on which the item had an effect."""
    refs = [effect.claim_ref for effect in record.decision.effects] if record.decision else []
    refs += [payment.claim_ref for payment in record.decision.payments] if record.decision else []
    return list(dict.fromkeys([*refs, *(held.claim_ref for held in record.holds if held.terms.kind is HoldKind.HOLD)]))


def undo_statuses(books: Books, record: ItemRecord, at: datetime, actor: str) -> None:
    """Before the new decision is worked out: each claim as it would stand had the item never been filed there."""
    payments = _payments(books, record)
    for claim in books.claims.get_many(touched(record)).values():
        ids = frozenset(one.payment_id for one in payments if one.claim_ref == claim.claim_ref)
        status = status_without(books.trail.of_claim(claim.claim_ref), record.item.item_id, ids, claim.status)
        if status is not None:
            change_status(books, claim, status, Because.CORRECTION, at, actor, record.item)


def reverse(books: Books, record: ItemRecord, new: Decision, judgement: Judgement, at: datetime) -> list[PaymentRecord]:
    """Takes back what the new decision does not do again; the payments that were reversed, as they stood."""
    refs, actor = touched(record), judgement.operator
    again = {effect.claim_ref for effect in new.effects}
    for held in books.holds.of_item(record.item.item_id):
        if held.ended_at is None and held.claim_ref not in again:
            hold.end(books, held, at, actor, "corrected")
    reversed_payments = [one for one in _payments(books, record) if not _kept(one, new.payments)]
    for payment in reversed_payments:
        reverse_payment(books, payment, at, judgement.operator, judgement.reason)
    _close_what_was_opened(books, record, new, at)
    for ref in refs:
        for owed in books.trail.withdraw_answers(record.item.item_id, ref):
            detail = {"kind": owed.kind, "due_at": owed.due_at.isoformat()}
            books.trail.note(AuditEntry(at, actor, "answer_withdrawn", record.item.item_id, ref, detail))
    _tell(books, record, new, judgement, [one.payment_id for one in reversed_payments], at)
    return reversed_payments


def _payments(books: Books, record: ItemRecord) -> list[PaymentRecord]:
    """Those of the item that still stand."""
    of_claims = (one for ref in touched(record) for one in books.trail.payments_of(ref))
    return [one for one in of_claims if one.item_id == record.item.item_id and one.state != "reversed"]


def _kept(payment: PaymentRecord, new: Sequence[Payment]) -> bool:
    return any((one.claim_ref, one.key, one.amount) == (payment.claim_ref, payment.key, payment.amount) for one in new)


def _close_what_was_opened(books: Books, record: ItemRecord, new: Decision, at: datetime) -> None:
    opened = {(draft.type, draft.claim_ref) for draft in (record.decision.events if record.decision else ())}
    still = {(draft.type, draft.claim_ref) for draft in new.events}
    key = f"{record.item.item_id}:{record.item.version}"
    for type_, ref in sorted(opened - still, key=str):
        if type_ in _OPENED and ref is not None:
            data = {"item_id": record.item.item_id, "reason": "corrected"}
            books.outbox.add(EventDraft(_OPENED[type_], key, ref, data), at)


def _tell(
    books: Books, record: ItemRecord, new: Decision, judgement: Judgement, payment_ids: list[str], at: datetime
) -> None:
    """One `item.corrected` for each claim concerned, before or now."""
    before, after = touched(record), [effect.claim_ref for effect in new.effects]
    item, old = record.item, record.decision
    data = {
        "item_id": item.item_id,
        "from_claims": before,
        "to_claims": after,
        "from_rules": list(old.rules) if old else [],
        "to_rules": list(new.rules),
    }
    for ref in dict.fromkeys([*before, *after]):
        books.outbox.add(EventDraft(EventType.ITEM_CORRECTED, f"{item.item_id}:{item.version}", ref, data), at)
        detail = {**data, "reason": judgement.reason, "payments": payment_ids}
        books.trail.note(AuditEntry(at, judgement.operator, CORRECTED, item.item_id, ref, detail))


def told_again(new: Decision, record: ItemRecord) -> Decision:
    """Openings of a corrected item are new facts: their events must not be taken for those told before."""
    fresh = f"{record.item.item_id}:{record.item.version}"
    return replace(new, events=tuple(replace(draft, key=fresh) for draft in new.events))


def bank_words_again(books: Books, payments: Iterable[PaymentRecord], at: datetime, actor: str) -> None:
    """What the bank had said of a cheque before it was booked on its right claim holds there too."""
    words = {"cleared": cleared, "bounced": bounced}
    for key, state in dict.fromkeys((one.key, one.state) for one in payments):
        if state in words:
            words[state](books, key, at, actor)
