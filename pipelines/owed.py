"""What is owed for a payment that came by the bank alone, and for one that came back."""

from __future__ import annotations

from datetime import datetime

from models.claim import Claim
from models.event import EventDraft, EventType
from models.policy import Due
from models.record import CREDITOR_NOTICE, AnswerDue
from pipelines.delays import due_at
from pipelines.ports import Books

RECEIPT = "receipt"
BOUNCED = "bounced"
REFUND = "refund"
_DAYS = {CREDITOR_NOTICE: 0, RECEIPT: 0, BOUNCED: 2, REFUND: 5}  # from the day of the payment


def owe(books: Books, about: str, claim: Claim, kind: str, at: datetime) -> None:
    """Once per payment and kind; nothing in shadow mode. `about`: the item's id, the payment's where there is none."""
    if books.shadow:
        return
    due = due_at(at, _DAYS[kind], Due.DAYS)
    books.trail.add_answer_due(AnswerDue(about, claim.claim_ref, kind, due))
    data = {"item_id": about, "kind": kind, "due_at": due.isoformat(), "creditor": claim.creditor}
    books.outbox.add(EventDraft(EventType.ANSWER_DUE, f"{about}:{kind}", claim.claim_ref, data), at)


def owe_for_payment(books: Books, payment_id: str, claim: Claim, at: datetime) -> None:
    """A receipt for every payment (CPCE R124-6); the creditor is told of any, even of a part, unless an instalment
    plan it knows foresees it (R124-5)."""
    owe(books, payment_id, claim, RECEIPT, at)
    if claim.plan_next_due is None:
        owe(books, payment_id, claim, CREDITOR_NOTICE, at)
