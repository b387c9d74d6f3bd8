"""A reminder that left after the mail that answers it had come: how late it was, and why nothing stopped it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from models.hold import Hold
from models.record import Reminder


class Cause(StrEnum):
    """What would have had to go otherwise, the first link of the chain that broke."""

    NOT_READ_YET = "not_read_yet"  # the post lay unscanned or unread; the gate was asked before it came in
    ON_THE_DESK = "on_the_desk"  # read, but only the person who looked later found this claim
    WEBHOOK_LATE = "webhook_late"  # the gate had said yes in time; the recall reached nobody before it left
    RECALL_MISSED = "recall_missed"  # the recall was acknowledged in time and the reminder left all the same
    GATE_NOT_ASKED = "gate_not_asked"
    AGAINST_THE_ANSWER = "against_the_answer"  # the gate had said no


class Leak(NamedTuple):
    """`minutes` from the day the mail came, where it is known, else from its receipt."""

    reminder_id: str
    claim_ref: str
    minutes: int
    cause: str
    sent_at: datetime


class Suspect(NamedTuple):
    """A reminder sent, and a hold of mail on its claim or its debtor that had not ended by then."""

    reminder: Reminder
    hold: Hold


@dataclass(frozen=True, slots=True)
class Arrival:
    """When the mail of an item came, was received, and first waited on the desk."""

    came_at: datetime
    received_at: datetime
    on_desk_at: datetime | None = None
