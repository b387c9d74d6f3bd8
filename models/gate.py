"""May I remind? The question the collection system asks, and the answer that is kept."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from models.claim import Claim, Status
from models.hold import Channel, Hold


class Purpose(StrEnum):
    REMINDER = "reminder"
    ANSWER = "answer"  # answers and receipts are not held back
    RECEIPT = "receipt"


class Question(NamedTuple):
    """May this reminder leave? `leaves_at` None means now. A tuple: a night's list makes 100,000 of them."""

    claim_ref: str
    channel: Channel
    purpose: Purpose = Purpose.REMINDER
    recipient: str | None = None
    address: str | None = None
    leaves_at: datetime | None = None


class Answer(NamedTuple):
    """`allowed` is False whenever something is unknown or in doubt. `reasons` are codes, worded at the edge."""

    claim_ref: str
    allowed: bool
    reasons: tuple[str, ...]
    until: date | None
    recipient: str | None
    valid_until: datetime
    asked_at: datetime


class Standing(NamedTuple):
    """All that the gate needs of a claim: a night's list asks for 100,000 of them."""

    status: Status
    debtor_ref: str
    debtor_name: str
    co_debtors: bool = False  # others owe it too: a reminder may name one of them

    @classmethod
    def of(cls, claim: Claim) -> Standing:
        return cls(claim.status, claim.debtor_ref, claim.debtor_name, bool(claim.co_debtor_refs))


class Stop(NamedTuple):
    """All that the gate needs of a hold."""

    reason: str
    channels: tuple[Channel, ...]
    starts_at: datetime
    until: date | None = None
    redirect_to: str | None = None
    address: str | None = None

    @classmethod
    def of(cls, hold: Hold) -> Stop:
        terms = hold.terms
        return cls(terms.reason, terms.channels, hold.starts_at, terms.until, terms.redirect_to, terms.address)


class Building(NamedTuple):
    """What has come in and is not known yet. It may answer any claim, so nothing leaves until it is."""

    unread: int = 0  # receipts and items without candidates yet: not opened, not read, or read and not matched
    lots: tuple[str, ...] = ()  # post opened, of which fewer items are scanned than were counted
    unposted: frozenset[str] = frozenset()  # claims on which money came that a person has still to book
    refused: int = 0  # files that could not be read, of which nobody knows yet whom they are from
