"""A claim (créance) and the life of its status. The allowed moves are one table: `ALLOWED_MOVES`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.money import Cents


class Status(StrEnum):
    """Strongest first, as the labels say; the last three follow a payment that was cleared or bounced."""

    CLOSED = "closed"
    PROTECTED = "protected"
    REPRESENTED = "represented"
    DISPUTED = "disputed"
    PAYMENT_RECEIVED = "payment_received"
    PART_PAYMENT_RECEIVED = "part_payment_received"
    PAYMENT_CLAIMED = "payment_claimed"
    PAYMENT_ANNOUNCED = "payment_announced"
    PLAN_REQUESTED = "plan_requested"
    PROMISE_TO_PAY = "promise_to_pay"
    OPEN = "open"
    PAID = "paid"
    PAYMENT_BOUNCED = "payment_bounced"


# Higher wins. `paid` is as final as `closed`; a bounced payment weighs as little as `open`.
STRENGTH: dict[Status, int] = {
    Status.CLOSED: 100,
    Status.PAID: 95,
    Status.PROTECTED: 90,
    Status.REPRESENTED: 80,
    Status.DISPUTED: 70,
    Status.PAYMENT_RECEIVED: 60,
    Status.PART_PAYMENT_RECEIVED: 50,
    Status.PAYMENT_CLAIMED: 40,
    Status.PAYMENT_ANNOUNCED: 30,
    Status.PLAN_REQUESTED: 20,
    Status.PROMISE_TO_PAY: 10,
    Status.PAYMENT_BOUNCED: 5,
    Status.OPEN: 0,
}


class Because(StrEnum):
    """Why a status may change: mail (by strength), the bank, a person with a reason, the collection system."""

    MAIL = "mail"
    BANK = "bank"
    PERSON = "person"
    COLLECTION_SYSTEM = "collection_system"
    CORRECTION = "correction"  # a misfiled item: the status as it would be without it


_RECEIVED = (Status.PAYMENT_RECEIVED, Status.PART_PAYMENT_RECEIVED)
_AWAITED = (
    Status.PAYMENT_CLAIMED,
    Status.PAYMENT_ANNOUNCED,
    Status.PLAN_REQUESTED,
    Status.PROMISE_TO_PAY,
    Status.PAYMENT_BOUNCED,
    Status.OPEN,
)
# (because, from, to); None stands for any status. MAIL is decided by strength alone.
ALLOWED_MOVES: frozenset[tuple[Because, Status | None, Status | None]] = frozenset(
    {
        *(
            (Because.BANK, status, to)
            for status in _RECEIVED
            for to in (Status.PAID, Status.OPEN, Status.PAYMENT_BOUNCED)
        ),
        *((Because.BANK, status, Status.PAID) for status in _AWAITED),
        (Because.BANK, Status.PAYMENT_ANNOUNCED, Status.OPEN),
        (Because.BANK, Status.PROMISE_TO_PAY, Status.OPEN),  # what was promised never came
        (Because.BANK, Status.PAYMENT_BOUNCED, Status.OPEN),  # a later payment, of a part
        *((Because.BANK, status, Status.PAYMENT_BOUNCED) for status in (Status.PAID, Status.OPEN)),
        (Because.CORRECTION, None, None),
        (Because.PERSON, None, None),
        (Because.COLLECTION_SYSTEM, None, Status.CLOSED),
        (Because.COLLECTION_SYSTEM, None, Status.PAID),
    }
)


def may_move(because: Because, now: Status, to: Status) -> bool:
    """Whether `now` may become `to`. A weaker fact never overwrites a stronger status."""
    if because is Because.MAIL:
        return STRENGTH[to] > STRENGTH[now]
    return any(move in ALLOWED_MOVES for move in ((because, now, to), (because, None, to), (because, None, None)))


FINAL = frozenset({Status.CLOSED, Status.PAID})


def merged_status(ours: Status, imported: Status, theirs: Status) -> Status:
    """What stands when the collection system sends a claim again. `imported`: what it had sent the last time.

    What ended there is over; what mail or the bank changed here is undone only by something stronger that is news.
    """
    if theirs in FINAL or ours is imported:
        return theirs
    return theirs if theirs is not imported and STRENGTH[theirs] > STRENGTH[ours] else ours


@dataclass(frozen=True, slots=True)
class StatusConflict:
    """Both sides changed the status since the last import, and not to the same."""

    claim_ref: str
    ours: Status
    theirs: Status
    kept: Status


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A conflict that still stands: what each side says now, since when they differ."""

    number: int
    claim_ref: str
    ours: Status
    theirs: Status
    since: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of the portfolio. Empty strings mean that the file does not say."""

    claim_ref: str
    creditor: str
    balance: Cents
    principal: Cents = 0
    fees: Cents = 0
    client_ref: str = ""
    invoice_refs: tuple[str, ...] = ()
    civility: str = ""
    last_name: str = ""
    birth_name: str = ""
    first_name: str = ""
    company_name: str = ""
    birth_date: date | None = None
    address: str = ""
    postcode: str = ""
    city: str = ""
    email: str = ""
    phone: str = ""
    currency: str = "EUR"
    opened_on: date | None = None
    status: Status = Status.OPEN
    debtor_ref: str = ""  # key of the debtor: given, or made from names and birth date, or company and address
    co_debtor_refs: tuple[str, ...] = ()
    due_on: date | None = None
    limitation_on: date | None = None
    enforceable_title: bool = False
    payee_names: tuple[str, ...] = ()
    plan_next_due: date | None = None

    @property
    def debtor_name(self) -> str:
        return self.company_name or f"{self.first_name} {self.last_name}".strip()
