"""What is to be done about an item, and why; and what a person said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from models.claim import Status
from models.event import EventDraft
from models.hold import HoldTerms
from models.item import Outcome
from models.labels import Category, Flag, Subcategory
from models.money import Cents


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` is worded in French and English by `pipelines/wording.py`; `detail` fills its blank."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """On one claim. `status` None means unchanged."""

    claim_ref: str
    status: Status | None = None
    holds: tuple[HoldTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came with this item. `key` identifies it: the cheque's line, the transfer's id."""

    claim_ref: str
    amount: Cents
    means: str  # cheque | transfer | card | debit | cash
    key: str
    paid_on: date | None = None
    state: str = "received"  # or "announced": only said to be on its way; its sum is 0 where the mail names none


@dataclass(frozen=True, slots=True)
class Decision:
    """Apply, file, or say in plain words why a person should look."""

    outcome: Outcome
    rules: tuple[str, ...] = ()  # names of the policy's rules that spoke
    reasons: tuple[Reason, ...] = ()
    flags: tuple[Flag, ...] = ()  # those of the understanding, and those that follow from the claim and the cheque
    effects: tuple[Effect, ...] = ()
    payments: tuple[Payment, ...] = ()
    events: tuple[EventDraft, ...] = ()
    answers: tuple[tuple[str, datetime], ...] = ()  # (kind, due at)
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person decided about an item on the desk. Append-only; `version` is the item version they looked at."""

    item_id: str
    version: int
    operator: str
    at: datetime
    action: str  # settle | file | refuse | reprocess
    category: Category | None = None
    subcategory: Subcategory | None = None
    flags: tuple[Flag, ...] = ()
    claim_refs: tuple[str, ...] = ()
    amount: Cents | None = None
    status: Status | None = None  # None: as the policy says
    hold_until: date | None = None
    hold_review_on: date | None = None
    hold_reason: str = ""
    no_hold: bool = False  # weakening: needs `reason`
    reason: str = ""
    extra: dict[str, str] = field(default_factory=dict)
