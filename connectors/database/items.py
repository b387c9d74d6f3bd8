"""Receipts and items: where each stands, who holds it, what each step found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, and_, delete, func, or_, select, update

from connectors.database.as_json import from_json, pack, unpack
from connectors.database.holds import HoldRows
from connectors.database.rows import RECEIPT_COLUMNS, item_from, receipt_from
from connectors.database.statements import insert_many, insert_new, insert_or_replace, one_of
from connectors.database.tables import candidates, findings, items, judgements, receipts, sketches
from models.decision import Decision, Judgement
from models.errors import Conflict
from models.evidence import Matches
from models.item import NEXT_STAGES, Item, Outcome, Receipt, Stage, Unseen
from models.labels import PROTECTIONS, PROTECTIVE_FLAGS, Flag
from models.reading import ItemReading
from models.record import ItemRecord, Lot
from models.understanding import Mentions, Understanding

T = TypeVar("T")
ENDED = (Stage.SETTLED, Stage.REFUSED)
BATCH = 50  # records put together at a time
_IN_ORDER = (items.c.received_at, items.c.receipt_number, items.c.position)


class ItemRows:
    """Keeps `pipelines.ports.ItemBooks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- receipts -----------------------------------------------------------------------------------------------

    def add_receipt(self, receipt: Receipt) -> bool:
        row = {name: getattr(receipt, name) for name in RECEIPT_COLUMNS}
        return insert_new(self._connection, receipts, {**row, "attempts": 0, "added_at": datetime.now(UTC)})

    def receipt(self, receipt_id: str) -> Receipt | None:
        row = self._connection.execute(select(receipts).where(receipts.c.receipt_id == receipt_id)).first()
        return receipt_from(row) if row else None

    def receipts_from(self, origins: Sequence[str]) -> list[Receipt]:
        found: dict[int, Row[Any]] = {}
        for start in range(0, len(origins), 200):
            below = [_at_or_below(origin) for origin in origins[start : start + 200]]
            rows = self._connection.execute(select(receipts).where(or_(*below))).all()
            found.update((row.number, row) for row in rows)
        return [receipt_from(row) for row in sorted(found.values(), key=lambda row: (row.received_at, row.number))]

    def unfinished_receipts(self) -> list[str]:
        """Ids of receipts not opened yet or with an item that no step has brought to the desk or its end."""
        waiting = select(items.c.receipt_id).where(items.c.stage.in_((Stage.RECEIVED, Stage.READ, Stage.HELD)))
        wanted = select(receipts.c.receipt_id).where(
            or_(receipts.c.stage == Stage.RECEIVED, receipts.c.receipt_id.in_(waiting))
        )
        return list(self._connection.execute(wanted.order_by(receipts.c.received_at, receipts.c.number)).scalars())

    def lease_receipts(
        self, limit: int, worker: str, seconds: float, among: Sequence[str] | None = None
    ) -> list[Receipt]:
        wanted = select(receipts).where(receipts.c.stage == Stage.RECEIVED, _free(receipts))
        if among is not None:
            wanted = wanted.where(one_of(self._connection, receipts.c.receipt_id, among))
        wanted = wanted.order_by(receipts.c.received_at, receipts.c.number).limit(limit)
        rows = self._connection.execute(wanted.with_for_update(skip_locked=True)).all()
        self._lease(receipts, "receipt_id", [row.receipt_id for row in rows], worker, seconds)
        return [receipt_from(row) for row in rows]

    def receipt_attempts(self, receipt_id: str) -> int:
        """How often this receipt was taken up."""
        statement = select(receipts.c.attempts).where(receipts.c.receipt_id == receipt_id)
        return self._connection.execute(statement).scalar_one_or_none() or 0

    def release_receipt(self, receipt_id: str) -> None:
        self._drop_lease(receipts, receipts.c.receipt_id == receipt_id)

    def open_receipt(self, receipt_id: str, items: Sequence[Item]) -> None:
        row = self._end_receipt(receipt_id, Stage.OPENED, "")
        if row is None:
            return
        changed_at = datetime.now(UTC)
        insert_many(self._connection, _items, [_item_row(item, row, changed_at) for item in items])

    def name_lot(self, receipt_id: str, lot_id: str) -> None:
        unnamed = and_(receipts.c.receipt_id == receipt_id, receipts.c.lot_id.is_(None))
        self._connection.execute(update(receipts).where(unnamed).values(lot_id=lot_id))

    def name_lot_of_folder(self, lot: Lot, since: datetime) -> int:
        inside = receipts.c.origin.contains(f"/{lot.lot_id}/", autoescape=True)
        unnamed = and_(receipts.c.lot_id.is_(None), receipts.c.received_at >= since, inside)
        came_on = func.coalesce(receipts.c.mail_received_on, lot.mail_received_on)
        named = update(receipts).where(unnamed).values(lot_id=lot.lot_id, mail_received_on=came_on)
        return self._connection.execute(named).rowcount

    def refuse_receipt(self, receipt_id: str, reason: str) -> None:
        self._end_receipt(receipt_id, Stage.REFUSED, reason)

    def _end_receipt(self, receipt_id: str, stage: Stage, reason: str) -> Row[Any] | None:
        """The row as it was, if it still stood at RECEIVED. Raises KeyError for an unknown receipt."""
        wanted = select(receipts).where(receipts.c.receipt_id == receipt_id).with_for_update()
        row = self._connection.execute(wanted).first()
        if row is None:
            raise KeyError(receipt_id)
        if row.stage != Stage.RECEIVED:
            return None
        moved = {"stage": stage, "reason": reason, "leased_by": None, "leased_until": None}
        self._connection.execute(update(receipts).where(receipts.c.receipt_id == receipt_id).values(moved))
        return row

    # -- items --------------------------------------------------------------------------------------------------

    def lease_items(
        self, stages: Sequence[Stage], limit: int, worker: str, seconds: float, among: Sequence[str] | None = None
    ) -> list[Item]:
        wanted = select(items).where(items.c.stage.in_(stages), _free(items))
        if among is not None:
            wanted = wanted.where(one_of(self._connection, items.c.receipt_id, among))
        wanted = wanted.order_by(*_IN_ORDER).limit(limit)
        rows = self._connection.execute(wanted.with_for_update(skip_locked=True)).all()
        self._lease(items, "item_id", [row.item_id for row in rows], worker, seconds)
        return [replace(item_from(row), attempts=row.attempts + 1) for row in rows]

    def _lease(self, table: Table, key: str, ids: Sequence[str], worker: str, seconds: float) -> None:
        if not ids:
            return
        lease = {
            "leased_by": worker,
            "leased_until": datetime.now(UTC) + timedelta(seconds=seconds),
            "attempts": table.c.attempts + 1,
        }
        self._connection.execute(update(table).where(one_of(self._connection, table.c[key], ids)).values(lease))

    def _drop_lease(self, table: Table, which: Any) -> int:
        freed = update(table).where(which).values(leased_by=None, leased_until=None)
        return self._connection.execute(freed).rowcount

    def release(self, item_id: str) -> None:
        self._drop_lease(items, items.c.item_id == item_id)

    def release_worker(self, worker: str) -> int:
        return sum(self._drop_lease(table, table.c.leased_by == worker) for table in (receipts, items))

    def item(self, item_id: str) -> Item | None:
        row = self._connection.execute(select(items).where(items.c.item_id == item_id)).first()
        return item_from(row) if row else None

    def items_of(self, receipt_id: str) -> list[Item]:
        wanted = select(items).where(items.c.receipt_id == receipt_id).order_by(items.c.position)
        return [item_from(row) for row in self._connection.execute(wanted)]

    def move(
        self,
        item: Item,
        to: Stage,
        *,
        reason: str = "",
        outcome: Outcome | None = None,
        duplicate_of: str | None = None,
    ) -> Item:
        """Also raises ValueError for a move that `NEXT_STAGES` does not know. Attempts start again at 0."""
        if to not in NEXT_STAGES[item.stage]:
            raise ValueError(f"an item does not go from {item.stage} to {to}")
        moved = replace(
            item,
            stage=to,
            version=item.version + 1,
            attempts=0,
            reason=reason,
            outcome=outcome or item.outcome,
            duplicate_of=duplicate_of or item.duplicate_of,
            unseen=Unseen.NO,
        )
        names = ("stage", "version", "attempts", "reason", "outcome", "duplicate_of", "unseen")
        values = {name: getattr(moved, name) for name in names}
        values |= {"leased_by": None, "leased_until": None, "changed_at": datetime.now(UTC)}
        same = and_(items.c.item_id == item.item_id, items.c.version == item.version)
        if self._connection.execute(update(items).where(same).values(values)).rowcount != 1:
            raise Conflict("somebody else changed this item first", "look at it again, then decide again")
        return moved

    def mark_unseen(self, item_id: str, unseen: Unseen) -> None:
        self._summarise(item_id, unseen=unseen)

    # -- what each step found -----------------------------------------------------------------------------------

    def _save(self, item_id: str, kind: str, value: object) -> None:
        insert_or_replace(self._connection, findings, {"item_id": item_id, "kind": kind, "body": pack(value)})

    def _summarise(self, item_id: str, **values: Any) -> None:
        self._connection.execute(update(items).where(items.c.item_id == item_id).values(values))

    def save_reading(self, item_id: str, reading: ItemReading, sketch: Sequence[int]) -> None:
        self._save(item_id, "reading", reading)
        self._connection.execute(delete(sketches).where(sketches.c.item_id == item_id))
        rows = [{"hash": number, "item_id": item_id} for number in sorted({_signed(number) for number in sketch})]
        insert_many(self._connection, sketches, rows)

    def save_understanding(self, item_id: str, understanding: Understanding, mentions: Mentions) -> None:
        self._save(item_id, "understanding", understanding)
        self._save(item_id, "mentions", mentions)
        distress = Flag.DISTRESS in understanding.flags or Flag.DISTRESS.value in understanding.protective
        self._summarise(
            item_id,
            category=understanding.category,
            subcategory=understanding.subcategory,
            flags="".join(f",{flag}" for flag in understanding.flags) + "," if understanding.flags else "",
            confidence=understanding.confidence,
            urgency=2 if distress else 1 if _is_protection(understanding) else 0,
        )

    def save_matches(self, item_id: str, matches: Matches) -> None:
        self._save(item_id, "matches", matches)
        self._connection.execute(delete(candidates).where(candidates.c.item_id == item_id))
        plausible = {*matches.plausible, *matches.further, *([matches.proposed] if matches.proposed else [])}
        scores = {candidate.claim_ref: candidate.score for candidate in matches.candidates}
        rows = [
            {"item_id": item_id, "claim_ref": ref, "score": scores.get(ref, 0.0), "plausible": ref in plausible}
            for ref in sorted(plausible | set(scores))
        ]
        insert_many(self._connection, candidates, rows)
        self._summarise(
            item_id,
            claim_ref=matches.proposed,
            matched_at=func.coalesce(items.c.matched_at, datetime.now(UTC)),
        )

    def save_decision(self, item_id: str, decision: Decision) -> None:
        self._save(item_id, "decision", decision)
        if decision.urgent:
            urgent = and_(items.c.item_id == item_id, items.c.urgency < 1)
            self._connection.execute(update(items).where(urgent).values(urgency=1))

    def record(self, item_id: str) -> ItemRecord | None:
        return next(self._records([item_id]), None)

    def records(self, receipt_ids: Sequence[str]) -> Iterator[ItemRecord]:
        wanted = select(items.c.item_id).where(one_of(self._connection, items.c.receipt_id, receipt_ids))
        item_ids = list(self._connection.execute(wanted.order_by(*_IN_ORDER)).scalars())
        for start in range(0, len(item_ids), BATCH):
            yield from self._records(item_ids[start : start + BATCH])

    def _records(self, item_ids: Sequence[str]) -> Iterator[ItemRecord]:
        rows = self._rows(select(items), items.c.item_id, item_ids, *_IN_ORDER)
        of_receipt = {
            row.receipt_id: receipt_from(row)
            for row in self._rows(select(receipts), receipts.c.receipt_id, [row.receipt_id for row in rows])
        }
        found: dict[tuple[str, str], bytes] = {
            (row.item_id, row.kind): row.body for row in self._rows(select(findings), findings.c.item_id, item_ids)
        }
        held = HoldRows(self._connection).of_items(item_ids)
        judged: dict[str, list[Judgement]] = {}
        for row in self._rows(select(judgements), judgements.c.item_id, item_ids, judgements.c.number):
            judged.setdefault(row.item_id, []).append(from_json(row.body, Judgement))

        def finding(item_id: str, kind: str, noun: type[T]) -> T | None:
            body = found.get((item_id, kind))
            return None if body is None else unpack(body, noun)

        for row in rows:
            key = row.item_id
            yield ItemRecord(
                item=item_from(row),
                receipt=of_receipt[row.receipt_id],
                reading=finding(key, "reading", ItemReading),
                mentions=finding(key, "mentions", Mentions),
                understanding=finding(key, "understanding", Understanding),
                matches=finding(key, "matches", Matches),
                decision=finding(key, "decision", Decision),
                holds=tuple(held.get(key, ())),
                judgements=tuple(judged.get(key, ())),
            )

    def _rows(self, wanted: Any, column: Any, values: Iterable[str], *order: Any) -> Sequence[Row[Any]]:
        statement = wanted.where(one_of(self._connection, column, list(values))).order_by(*order)
        return self._connection.execute(statement).all()

    # -- questions ----------------------------------------------------------------------------------------------

    def with_sketch(self, sketch: Sequence[int], least: int, since: datetime) -> list[tuple[str, int]]:
        hashes = sorted({_signed(number) for number in sketch})
        if not hashes:
            return []
        shared = func.count().label("shared")
        wanted = (
            select(sketches.c.item_id, shared)
            .join(items, items.c.item_id == sketches.c.item_id)
            .where(sketches.c.hash.in_(hashes), items.c.received_at >= since)
            .group_by(sketches.c.item_id)
            .having(shared >= least)
            .order_by(shared.desc(), sketches.c.item_id)
        )
        return [(row.item_id, row.shared) for row in self._connection.execute(wanted)]

    def naming_claim(self, claim_ref: str) -> list[str]:
        wanted = (
            select(items.c.item_id)
            .join(candidates, candidates.c.item_id == items.c.item_id)
            .where(candidates.c.claim_ref == claim_ref, candidates.c.plausible, items.c.stage.not_in(ENDED))
            .order_by(*_IN_ORDER)
        )
        return list(self._connection.execute(wanted).scalars())

    def of_claim(self, claim_ref: str) -> list[str]:
        """Ids of all items of which this claim is or was a plausible candidate, settled ones too, newest first."""
        wanted = (
            select(items.c.item_id)
            .join(candidates, candidates.c.item_id == items.c.item_id)
            .where(candidates.c.claim_ref == claim_ref, candidates.c.plausible)
            .order_by(items.c.received_at.desc(), items.c.receipt_number.desc(), items.c.position)
        )
        return list(self._connection.execute(wanted).scalars())

    def count_by_stage(self) -> dict[Stage, int]:
        """Items; and receipts that have none yet, at RECEIVED or REFUSED."""
        counts = dict.fromkeys(Stage, 0)
        for table, which in ((items, items.c.stage.is_not(None)), (receipts, receipts.c.stage != Stage.OPENED)):
            wanted = select(table.c.stage, func.count()).where(which).group_by(table.c.stage)
            for stage, count in self._connection.execute(wanted):
                counts[Stage(stage)] += count
        return counts


def _is_protection(understanding: Understanding) -> bool:
    """By its subject or by any protective signal: shown before what is merely old."""
    signals = {*understanding.flags, *understanding.protective}
    return understanding.subcategory in PROTECTIONS or bool(signals & (PROTECTIVE_FLAGS | PROTECTIONS))


_items = items  # `open_receipt` has a parameter of the same name


def _item_row(item: Item, receipt: Row[Any], changed_at: datetime) -> dict[str, Any]:
    first, last = item.pages or (None, None)
    names = ("item_id", "receipt_id", "position", "stage", "version", "attempts", "reason", "duplicate_of", "outcome")
    return {
        **{name: getattr(item, name) for name in names},
        "first_page": first,
        "last_page": last,
        "received_at": receipt.received_at,
        "receipt_number": receipt.number,
        "changed_at": changed_at,
        "flags": "",
        "urgency": 0,
    }


def _free(table: Table) -> Any:
    return or_(table.c.leased_until.is_(None), table.c.leased_until < datetime.now(UTC))


def _at_or_below(origin: str) -> Any:
    folder = origin if origin.endswith("/") else f"{origin}/"
    return or_(receipts.c.origin == origin, receipts.c.origin.startswith(folder, autoescape=True))


def _signed(number: int) -> int:
    """A 64-bit hash as the databases count: from -2**63."""
    number &= (1 << 64) - 1
    return number - (1 << 64) if number >= 1 << 63 else number
