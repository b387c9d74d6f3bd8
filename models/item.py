"""A file as it came in (receipt), the items cut out of it, and the life of an item."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

_NAMESPACE = uuid.UUID("6b2f3c0e-6a57-4c0f-9a3e-6d61696c726d")


class Channel(StrEnum):
    SCAN = "scan"
    EMAIL = "email"
    UPLOAD = "upload"


class Stage(StrEnum):
    """Where a receipt or an item stands. A lease on (stage, row) is what a worker holds while it works."""

    RECEIVED = "received"  # bytes stored; for an item: cut out, not yet read
    OPENED = "opened"  # receipt only: its items exist
    READ = "read"  # text and parts known
    HELD = "held"  # understood and matched, soft holds placed
    REVIEW = "review"  # waits on the desk
    SETTLED = "settled"
    REFUSED = "refused"


class Unseen(StrEnum):
    """A refused item that no person has looked at. Empty for every other one."""

    NO = ""
    HELD = "held"  # it names its claim for certain: that one is held
    BLOCKS = "blocks"  # nobody knows whom it is from: no reminder leaves


NEXT_STAGES: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.OPENED, Stage.READ, Stage.REFUSED}),
    Stage.OPENED: frozenset(),
    Stage.READ: frozenset({Stage.HELD, Stage.REFUSED}),
    Stage.HELD: frozenset({Stage.SETTLED, Stage.REVIEW, Stage.REFUSED}),
    Stage.REVIEW: frozenset({Stage.SETTLED, Stage.REFUSED, Stage.RECEIVED}),
    Stage.SETTLED: frozenset({Stage.REVIEW}),  # a correction reopens it
    # Processing again is a button; a person who opened the original refuses it for good, or decides by hand.
    Stage.REFUSED: frozenset({Stage.RECEIVED, Stage.REFUSED, Stage.SETTLED}),
}


class Outcome(StrEnum):
    """`decision` in the results."""

    APPLIED = "applied"
    REVIEW = "review"
    FILED = "filed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One file or message as delivered. `source_key` is unique: receiving it again finds this one."""

    receipt_id: str
    source_key: str
    origin: str  # where it came from: absolute path, mailbox URL, "api"
    file_name: str
    sha256: str
    size: int  # bytes
    channel: Channel
    received_at: datetime
    mail_received_on: date | None = None
    lot_id: str | None = None
    operator: str = ""
    stage: Stage = Stage.RECEIVED
    reason: str = ""  # why it was refused: "code" or "code: detail"


@dataclass(frozen=True, slots=True)
class Item:
    """One letter with its enclosures, one cheque, one e-mail. `version` rises with each change (optimistic lock)."""

    item_id: str
    receipt_id: str
    position: int  # 0, 1, 2 ... in its file
    pages: tuple[int, int] | None  # first and last page in the file, from 1; None for e-mails and whole files
    stage: Stage = Stage.RECEIVED
    version: int = 1
    attempts: int = 0
    reason: str = ""
    duplicate_of: str | None = None
    outcome: Outcome | None = None
    unseen: Unseen = Unseen.NO


def receipt_id_for(source_key: str) -> str:
    """The same source always gives the same id, whoever received it first."""
    return str(uuid.uuid5(_NAMESPACE, f"receipt:{source_key}"))


def item_id_for(receipt_id: str, position: int) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"item:{receipt_id}:{position}"))
