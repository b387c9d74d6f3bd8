"""May I remind? The question the collection system asks, and the answer that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.hold import Channel


class Purpose(StrEnum):
    REMINDER = "reminder"
    ANSWER = "answer"  # answers and receipts are not held back
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Question:
    claim_ref: str
    channel: Channel
    purpose: Purpose = Purpose.REMINDER
    recipient: str | None = None
    address: str | None = None
    leaves_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`allowed` is False whenever something is unknown or in doubt. `reasons` are codes, worded at the edge."""

    claim_ref: str
    allowed: bool
    reasons: tuple[str, ...]
    until: date | None
    recipient: str | None
    valid_until: datetime
    asked_at: datetime
