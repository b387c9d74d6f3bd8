"""Everything known of one item, and the trail of what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from models.decision import Decision, Judgement
from models.evidence import Matches
from models.hold import Hold
from models.item import Item, Receipt
from models.reading import ItemReading
from models.understanding import Mentions, Understanding


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One item with all that its steps left behind. None where the step has not run."""

    item: Item
    receipt: Receipt
    reading: ItemReading | None = None
    mentions: Mentions | None = None
    understanding: Understanding | None = None
    matches: Matches | None = None
    decision: Decision | None = None
    holds: tuple[Hold, ...] = ()
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who decided what, when and why. Append-only. `actor` is "auto", "system" or an operator's name."""

    at: datetime
    actor: str
    action: str  # received | refused | held | decided | status_changed | hold_placed | hold_ended | judged | viewed ...
    item_id: str | None = None
    claim_ref: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lot:
    """Post of one day, counted before it is scanned."""

    lot_id: str
    mail_received_on: date
    items_counted: int
    opened_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What the collection system plans to send or has sent."""

    reminder_id: str
    claim_ref: str
    channel: str
    state: str  # planned | handed_over | sent
    at: datetime
    recipient: str = ""


CREDITOR_NOTICE = "creditor_notice"  # the kind of answer that goes to the creditor, not to the sender


@dataclass(frozen=True, slots=True)
class AnswerDue:
    """An answer, acknowledgement or receipt that is owed; `sent_at` once it has gone out."""

    item_id: str  # of a payment that came by the bank alone: its payment_id
    claim_ref: str | None
    kind: str  # acknowledgement | answer | receipt | creditor_notice | bounced | refund
    due_at: datetime
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """Money booked on a claim, in cents. `state`: received | cleared | bounced | reversed.

    Money that was only announced (sum 0 where unknown): announced | arrived | never_came | reversed.
    """

    payment_id: str
    claim_ref: str
    amount: int
    means: str
    key: str
    state: str
    item_id: str | None
    at: datetime
    paid_on: date | None = None
