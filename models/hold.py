"""A hold suppresses reminders. Every hold has an owner, and an end or a review date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class Channel(StrEnum):
    """Ways a reminder can go out."""

    LETTER = "letter"
    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"


ALL_CHANNELS: tuple[Channel, ...] = tuple(Channel)


class Scope(StrEnum):
    CLAIM = "claim"
    DEBTOR = "debtor"


class HoldKind(StrEnum):
    SOFT = "soft"  # from receipt until the item is settled
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class HoldTerms:
    """A hold before it is placed: what the policy says, made concrete with dates."""

    scope: Scope
    kind: HoldKind
    reason: str  # a code worded in pipelines/wording.py
    owner: str
    channels: tuple[Channel, ...] = ALL_CHANNELS
    until: date | None = None
    review_on: date | None = None
    redirect_to: str | None = None
    address: str | None = None  # letters to this address only (returned mail)

    def __post_init__(self) -> None:
        if self.until is None and self.review_on is None:
            raise ValueError("a hold needs an end or a review date")
        if not self.owner:
            raise ValueError("a hold needs an owner")


@dataclass(frozen=True, slots=True)
class Hold:
    """A placed hold. In force from `starts_at` until `ended_at` or the end of the day `until`."""

    hold_id: str
    claim_ref: str
    debtor_ref: str
    item_id: str | None
    terms: HoldTerms
    starts_at: datetime
    ended_at: datetime | None = None
    ended_by: str = ""
    end_reason: str = ""

    def in_force(self, at: datetime) -> bool:
        """`until` is the last day of the hold, compared in UTC. A passed review date does not end it."""
        if at < self.starts_at or (self.ended_at is not None and at >= self.ended_at):
            return False
        return self.terms.until is None or at.date() <= self.terms.until


class Nearing(NamedTuple):
    """A hold in force on a claim that is soon time-barred: somebody should know before it is too late to act."""

    claim_ref: str
    limitation_on: date
    hold: Hold
