"""Money on its way to and from the bank: cheques as paper, deposit lists, payments that a person has still to book."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.money import Cents


class Paper(StrEnum):
    """Where a cheque's paper is in its life."""

    IN_HAND = "in_hand"  # here, in the place that was noted
    DEPOSITED = "deposited"
    CLEARED = "cleared"
    BOUNCED = "bounced"
    FORWARDED = "forwarded"  # made out to the creditor: goes on to it
    RETURNED = "returned"  # goes back to the payer


# The bank may take a cheque back after it was credited; what left the house never comes into a deposit again.
NEXT_PAPER: dict[Paper, frozenset[Paper]] = {
    Paper.IN_HAND: frozenset(Paper) - {Paper.IN_HAND},
    Paper.DEPOSITED: frozenset({Paper.CLEARED, Paper.BOUNCED}),
    Paper.CLEARED: frozenset({Paper.BOUNCED}),
    Paper.BOUNCED: frozenset({Paper.RETURNED}),
    Paper.FORWARDED: frozenset({Paper.IN_HAND}),  # a correction
    Paper.RETURNED: frozenset({Paper.IN_HAND}),
}


@dataclass(frozen=True, slots=True)
class Cheque:
    """One cheque as a piece of paper. `key` is the hash of its line: the same cheque scanned twice is one.

    Of the line only the cheque's own number is kept, never the payer's bank or account.
    """

    key: str
    item_id: str
    amount: Cents  # as read; 0 where the reading is not sure: what is booked is the payments' sum
    received_on: date
    number: str = ""  # seven digits; "" where the line was not read
    drawer: str = ""
    page: int = 0
    lot_id: str | None = None
    place: str = ""  # box or folder; "" until somebody says
    state: Paper = Paper.IN_HAND
    deposit_id: str | None = None

    @property
    def cheque_id(self) -> str:
        """Short enough to be typed; what the bank's answer may name."""
        return self.key[:16]


@dataclass(frozen=True, slots=True)
class DepositLine:
    position: int  # from 1
    cheque_id: str
    number: str
    drawer: str
    amount: Cents
    claim_refs: tuple[str, ...]
    item_id: str


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit list (bordereau de remise) as it went to the bank: never changed afterwards."""

    deposit_id: str  # "2026-03-02-1": the day and its first list
    day: date
    made_at: datetime
    made_by: str
    lines: tuple[DepositLine, ...] = ()

    @property
    def total(self) -> Cents:
        return sum(line.amount for line in self.lines)

    @property
    def number_sum(self) -> int:
        """Sum of the cheques' numbers, a classic control total: a number misread changes it."""
        return sum(int(line.number) for line in self.lines if line.number.isdigit())

    @property
    def digest(self) -> str:
        """First 16 hex digits of the SHA-256 over number and cents of every line, in their order."""
        text = "\n".join(f"{line.position};{line.number};{line.amount}" for line in self.lines)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Unposted:
    """Money the bank tells of that was not booked: no claim for certain, or a doubt. Waits for a person."""

    key: str  # the bank's own
    amount: Cents
    means: str
    at: datetime
    reason: str  # no_claim | several_claims | double_payment | overpayment | unknown_bounce | claim_status
    paid_on: date | None = None
    claim_refs: tuple[str, ...] = ()  # those it may be for; empty: nobody knows
    text: str = ""
    payer_name: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    outcome: str = ""  # booked | dismissed
    note: str = ""
