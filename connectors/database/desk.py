"""What the desk lists and the report counts: questions over the whole ledger, nothing is written here."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from connectors.database.claims import compact, folded
from connectors.database.rows import receipt_from
from connectors.database.statements import one_of
from connectors.database.tables import UNSEEN, candidates, claims, items, receipts
from models.item import Outcome, Receipt, Stage, Unseen


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Every field that is set narrows the list. `text` looks in the file name, the ids and the proposed claim."""

    stages: tuple[Stage, ...] = (Stage.REVIEW,)
    category: str | None = None
    subcategory: str | None = None
    flag: str | None = None
    channel: str | None = None
    outcome: str | None = None
    claim_ref: str | None = None  # items of which this claim is a plausible candidate
    urgent: bool = False
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    reason: str | None = None  # code of a reason why a person should look
    unseen: bool = False  # refused by the machine, and no person has looked
    newest_first: bool = False  # for lists of what is done: not by urgency


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One line of the queue. `urgency`: 2 distress, 1 a protection or urgent by the policy, 0 the rest."""

    item_id: str
    receipt_id: str
    file_name: str
    channel: str
    received_at: datetime
    position: int
    pages: tuple[int, int] | None
    stage: Stage
    outcome: Outcome | None
    version: int
    urgency: int
    category: str | None
    subcategory: str | None
    flags: tuple[str, ...]
    confidence: float | None
    claim_ref: str | None
    debtor_name: str
    reason: str
    leased_by: str | None
    unseen: Unseen = Unseen.NO


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Items received from one moment to another, counted. Receipts refused before they had items count apart."""

    receipts: int = 0
    items: int = 0
    by_stage: dict[str, int] = field(default_factory=dict)
    by_outcome: dict[str, int] = field(default_factory=dict)
    by_category: dict[str, int] = field(default_factory=dict)
    by_subcategory: dict[str, int] = field(default_factory=dict)
    by_channel: dict[str, int] = field(default_factory=dict)
    mean_confidence: float | None = None
    duplicates: int = 0
    refused_receipts: int = 0


@dataclass(frozen=True, slots=True)
class SecondsToHold:
    """From the receipt written to the matches saved, on the real clock."""

    items: int
    median: float | None
    p95: float | None
    longest: float | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or an item that could not be opened or read. `item_id` None: the whole file."""

    receipt: Receipt
    item_id: str | None
    reason: str


class DeskRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- the queue ----------------------------------------------------------------------------------------------

    def queue(self, wanted: QueueFilter = QueueFilter(), offset: int = 0, limit: int = 50) -> list[QueueEntry]:
        """Distress first, then protections and what the policy calls urgent, then the oldest."""
        statement = (
            select(items, receipts.c.file_name, receipts.c.channel, *_NAME)
            .join(receipts, receipts.c.receipt_id == items.c.receipt_id)
            .outerjoin(claims, claims.c.claim_ref == items.c.claim_ref)
            .where(*_clauses(wanted))
            .order_by(*(_NEWEST_FIRST if wanted.newest_first else _URGENT_FIRST))
            .offset(offset)
            .limit(limit)
        )
        return [_entry(row) for row in self._connection.execute(statement)]

    def count(self, wanted: QueueFilter = QueueFilter()) -> int:
        statement = select(func.count()).select_from(items.join(receipts, receipts.c.receipt_id == items.c.receipt_id))
        return self._connection.execute(statement.where(*_clauses(wanted))).scalar_one()

    def counts(self, stages: Sequence[Stage] = (Stage.REVIEW,)) -> dict[str, dict[str, int]]:
        """Items at these stages by "category", "subcategory", "urgency" and "reason", for the tabs of the queue."""
        at_stage = items.c.stage.in_(stages)
        names = ("category", "subcategory", "urgency", "stage")
        return {
            **{name: self._count_by(items.c[name], [at_stage]) for name in names},
            "reason": self._count_reasons(at_stage),
        }

    def _count_reasons(self, which: Any) -> dict[str, int]:
        """An item with two details of one reason counts once for it."""
        counts: Counter[str] = Counter()
        kept = select(items.c.reason, func.count()).where(which, items.c.reason != "").group_by(items.c.reason)
        for reasons, count in self._connection.execute(kept):
            for code in {part.partition(":")[0].strip() for part in reasons.split("; ")}:
                counts[code] += count
        return dict(counts.most_common())

    def next_after(self, item_id: str, wanted: QueueFilter = QueueFilter()) -> str | None:
        """The first item of the queue that is not this one: where "next" leads."""
        return next((entry.item_id for entry in self.queue(wanted, limit=2) if entry.item_id != item_id), None)

    # -- figures of a day ---------------------------------------------------------------------------------------

    def figures(self, since: datetime, until: datetime) -> DayFigures:
        """What was received from `since` to before `until`, as it stands now."""
        when = [items.c.received_at >= since, items.c.received_at < until]
        arrived = and_(receipts.c.received_at >= since, receipts.c.received_at < until)
        mean, duplicates, count = self._connection.execute(
            select(func.avg(items.c.confidence), func.count(items.c.duplicate_of), func.count()).where(*when)
        ).one()
        return DayFigures(
            receipts=self._count_receipts(arrived),
            items=count,
            by_stage=self._count_by(items.c.stage, when),
            by_outcome=self._count_by(items.c.outcome, when),
            by_category=self._count_by(items.c.category, when),
            by_subcategory=self._count_by(items.c.subcategory, when),
            by_channel=self._count_by(receipts.c.channel, when),
            mean_confidence=None if mean is None else float(mean),
            duplicates=duplicates,
            refused_receipts=self._count_receipts(and_(arrived, receipts.c.stage == Stage.REFUSED)),
        )

    def refused(self, since: datetime, until: datetime) -> list[Refused]:
        """Whole files and single items, in order of receipt, each with its plain reason code."""
        arrived = and_(receipts.c.received_at >= since, receipts.c.received_at < until)
        files = select(receipts).where(arrived, receipts.c.stage == Stage.REFUSED)
        found = [(row, None, row.reason) for row in self._connection.execute(files)]
        parts = (
            select(receipts, items.c.item_id, items.c.reason.label("item_reason"))
            .join(items, items.c.receipt_id == receipts.c.receipt_id)
            .where(arrived, items.c.stage == Stage.REFUSED)
            .order_by(items.c.position)
        )
        found += [(row, row.item_id, row.item_reason) for row in self._connection.execute(parts)]
        found.sort(key=lambda entry: (entry[0].received_at, entry[0].number))
        return [Refused(receipt_from(row), item_id, reason) for row, item_id, reason in found]

    def seconds_to_hold(self, since: datetime, until: datetime) -> SecondsToHold:
        """Median and 95th percentile (nearest rank) of the items received between the two moments."""
        wanted = (
            select(receipts.c.added_at, items.c.matched_at)
            .join(items, items.c.receipt_id == receipts.c.receipt_id)
            .where(items.c.received_at >= since, items.c.received_at < until, items.c.matched_at.is_not(None))
        )
        rows = self._connection.execute(wanted)
        seconds = sorted((row.matched_at - row.added_at).total_seconds() for row in rows)
        if not seconds:
            return SecondsToHold(0, None, None, None)
        return SecondsToHold(len(seconds), _rank(seconds, 0.5), _rank(seconds, 0.95), seconds[-1])

    def matched_at(self, receipt_ids: Sequence[str]) -> list[datetime]:
        """When the holds of each item of these receipts were committed, on the real clock, earliest first."""
        held = and_(one_of(self._connection, items.c.receipt_id, receipt_ids), items.c.matched_at.is_not(None))
        wanted = select(items.c.matched_at).where(held).order_by(items.c.matched_at)
        return list(self._connection.execute(wanted).scalars())

    def last_received(self, before: datetime) -> datetime | None:
        """When the last mail before that came."""
        wanted = select(func.max(receipts.c.received_at)).where(receipts.c.received_at < before)
        last: datetime | None = self._connection.execute(wanted).scalar_one()
        return last

    def receipts_between(self, since: datetime, until: datetime) -> list[Receipt]:
        arrived = and_(receipts.c.received_at >= since, receipts.c.received_at < until)
        wanted = select(receipts).where(arrived).order_by(receipts.c.received_at, receipts.c.number)
        return [receipt_from(row) for row in self._connection.execute(wanted)]

    def _count_receipts(self, which: Any) -> int:
        return self._connection.execute(select(func.count()).select_from(receipts).where(which)).scalar_one()

    def _count_by(self, column: Any, which: Iterable[Any]) -> dict[str, int]:
        joined = items.join(receipts, receipts.c.receipt_id == items.c.receipt_id)
        statement = select(column, func.count()).select_from(joined).where(*which, column.is_not(None))
        rows = self._connection.execute(statement.group_by(column).order_by(func.count().desc(), column))
        return {str(value): count for value, count in rows}


_NAME = (claims.c.first_name, claims.c.last_name, claims.c.company_name)
_URGENT_FIRST = (items.c.urgency.desc(), items.c.received_at, items.c.receipt_number, items.c.position)
_NEWEST_FIRST = (items.c.received_at.desc(), items.c.receipt_number.desc(), items.c.position)


def _clauses(wanted: QueueFilter) -> list[Any]:
    clauses: list[Any] = [items.c.stage.in_(wanted.stages)] if wanted.stages else []
    same = {"category": items.c.category, "subcategory": items.c.subcategory, "outcome": items.c.outcome}
    same["channel"] = receipts.c.channel
    clauses += [column == getattr(wanted, name) for name, column in same.items() if getattr(wanted, name)]
    if wanted.flag:
        clauses.append(items.c.flags.contains(f",{wanted.flag},", autoescape=True))
    if wanted.reason:  # kept as "code:detail; code:detail"
        clauses.append(("; " + items.c.reason + ":").contains(f"; {wanted.reason}:", autoescape=True))
    if wanted.unseen:
        clauses.append(UNSEEN)
    if wanted.urgent:
        clauses.append(items.c.urgency > 0)
    if wanted.since:
        clauses.append(items.c.received_at >= wanted.since)
    if wanted.until:
        clauses.append(items.c.received_at < wanted.until)
    if wanted.claim_ref:
        about = select(candidates.c.item_id).where(candidates.c.claim_ref == wanted.claim_ref, candidates.c.plausible)
        clauses.append(items.c.item_id.in_(about))
    return clauses + _text_clauses(wanted.text)


def _text_clauses(text: str) -> list[Any]:
    if not text.strip():
        return []
    words, key = folded(text).split(), compact(text)
    naming = select(claims.c.claim_ref).where(
        or_(claims.c.ref_key == key, and_(*(claims.c.search_text.contains(word, autoescape=True) for word in words)))
    )
    return [
        or_(
            receipts.c.file_name.icontains(text.strip(), autoescape=True),
            items.c.item_id == text.strip(),
            items.c.receipt_id == text.strip(),
            items.c.claim_ref.in_(naming),
        )
    ]


def _entry(row: Row[Any]) -> QueueEntry:
    return QueueEntry(
        item_id=row.item_id,
        receipt_id=row.receipt_id,
        file_name=row.file_name,
        channel=row.channel,
        received_at=row.received_at,
        position=row.position,
        pages=None if row.first_page is None else (row.first_page, row.last_page),
        stage=Stage(row.stage),
        outcome=Outcome(row.outcome) if row.outcome else None,
        version=row.version,
        urgency=row.urgency,
        category=row.category,
        subcategory=row.subcategory,
        flags=tuple(flag for flag in row.flags.split(",") if flag),
        confidence=row.confidence,
        claim_ref=row.claim_ref,
        debtor_name=row.company_name or f"{row.first_name or ''} {row.last_name or ''}".strip(),
        reason=row.reason,
        leased_by=row.leased_by,
        unseen=Unseen(row.unseen),
    )


def _rank(ordered: Sequence[float], share: float) -> float:
    """Nearest-rank percentile."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
