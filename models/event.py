"""What the collection system is told. Written in the same transaction as what they tell of."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

_NAMESPACE = uuid.UUID("6b2f3c0e-6a57-4c0f-9a3e-6576656e7473")


class EventType(StrEnum):
    ITEM_RECEIVED = "item.received"
    ITEM_SETTLED = "item.settled"
    ITEM_CORRECTED = "item.corrected"
    ITEM_URGENT = "item.urgent"
    CLAIM_STATUS_CHANGED = "claim.status_changed"
    CLAIM_LIMITATION_NEAR = "claim.limitation_near"
    REMINDERS_SUPPRESSED = "reminders.suppressed"
    REMINDERS_RESUMED = "reminders.resumed"
    PAYMENT_RECEIVED = "payment.received"
    PAYMENT_DEFECTIVE = "payment.defective"
    PAYMENT_CLEARED = "payment.cleared"
    PAYMENT_BOUNCED = "payment.bounced"
    PAYMENT_REVERSED = "payment.reversed"
    PAYMENT_NEVER_CAME = "payment.never_came"
    PAYMENT_FORWARDED = "payment.forwarded"
    DISPUTE_OPENED = "dispute.opened"
    DISPUTE_CLOSED = "dispute.closed"
    PROTECTION_OPENED = "protection.opened"
    PROTECTION_LIFTED = "protection.lifted"
    CONTACT_CHANGED = "contact.changed"
    ADDRESS_INVALID = "address.invalid"
    ANSWER_DUE = "answer.due"
    ANSWER_SENT = "answer.sent"


class Delivery(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event before it has a sequence. `key` makes it unique: the same fact written twice is one event."""

    type: EventType
    key: str
    claim_ref: str | None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    event_id: str
    type: EventType
    claim_ref: str | None
    sequence: int  # rising per claim
    occurred_at: datetime
    data: dict[str, Any]
    cursor: int = 0  # rising over all events


def event_id_for(draft: EventDraft) -> str:
    """The `webhook-id`: the same fact always has the same id."""
    return str(uuid.uuid5(_NAMESPACE, f"{draft.type}:{draft.claim_ref}:{draft.key}"))
