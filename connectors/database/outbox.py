"""Events out: written with what they tell of, numbered in order, queued for every webhook."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from connectors.database.as_json import to_json
from connectors.database.statements import insert_many, insert_new, next_number
from connectors.database.tables import deliveries, delivery_attempts, endpoints, events
from models.event import Delivery, Event, EventDraft, EventType, event_id_for

COUNTER = "events"


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """One event for one webhook, leased. `attempt` counts this one."""

    event: Event
    endpoint_id: str
    url: str
    secret: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one call. `http_status` None: there was no answer, `answer` says why."""

    at: datetime
    seconds: float
    http_status: int | None
    answer: str


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """Where one event stands at one webhook, for the desk and the report."""

    event: Event
    endpoint_id: str
    url: str
    state: Delivery
    attempts: int
    next_at: datetime | None
    ended_at: datetime | None
    last_answer: str


class OutboxRows:
    """Keeps `pipelines.ports.OutboxBooks`, and what the dispatcher and the desk ask besides."""

    def __init__(self, connection: Connection, mute: bool = False) -> None:
        self._connection = connection
        self._mute = mute

    def add(self, draft: EventDraft, at: datetime) -> Event | None:
        event_id = event_id_for(draft)
        if self._mute or self.event(event_id) is not None:
            return None
        cursor = next_number(self._connection, COUNTER)  # from here on other writers of events wait for our commit
        event = Event(
            event_id=event_id,
            type=draft.type,
            claim_ref=draft.claim_ref,
            sequence=self._next_sequence(draft.claim_ref),
            occurred_at=at,
            data=draft.data,
            cursor=cursor,
        )
        row = {name: getattr(event, name) for name in ("cursor", "event_id", "type", "claim_ref", "sequence")}
        if not insert_new(self._connection, events, {**row, "occurred_at": at, "data": to_json(draft.data)}):
            return None  # the same fact, told in another transaction meanwhile
        self._queue(event, self._open_endpoints())
        return event

    def _next_sequence(self, claim_ref: str | None) -> int:
        same = events.c.claim_ref == claim_ref if claim_ref else events.c.claim_ref.is_(None)
        last = self._connection.execute(select(func.max(events.c.sequence)).where(same)).scalar_one_or_none()
        return (last or 0) + 1

    def _open_endpoints(self) -> Sequence[str]:
        still = and_(endpoints.c.removed_at.is_(None), endpoints.c.disabled_at.is_(None))
        return self._connection.execute(select(endpoints.c.endpoint_id).where(still)).scalars().all()

    def _queue(self, event: Event, endpoint_ids: Sequence[str]) -> None:
        common = {"cursor": event.cursor, "claim_ref": event.claim_ref, "sequence": event.sequence}
        fresh = {"state": Delivery.PENDING, "attempts": 0, "last_answer": ""}
        rows = [{**common, **fresh, "endpoint_id": endpoint_id} for endpoint_id in endpoint_ids]
        insert_many(self._connection, deliveries, rows)

    def after(self, cursor: int, limit: int = 100) -> list[Event]:
        wanted = select(events).where(events.c.cursor > cursor).order_by(events.c.cursor).limit(limit)
        return [event_from(row) for row in self._connection.execute(wanted)]

    def event(self, event_id: str) -> Event | None:
        row = self._connection.execute(select(events).where(events.c.event_id == event_id)).first()
        return event_from(row) if row else None

    def of_claim(self, claim_ref: str) -> list[Event]:
        wanted = select(events).where(events.c.claim_ref == claim_ref).order_by(events.c.sequence)
        return [event_from(row) for row in self._connection.execute(wanted)]

    # -- for the dispatcher -------------------------------------------------------------------------------------

    def lease_deliveries(
        self, limit: int, worker: str, seconds: float, now: datetime, leave_out: Collection[str] = ()
    ) -> list[DueDelivery]:
        """Due at `now` and free; of one claim at one webhook only the oldest that is still pending.

        `leave_out` names webhooks that are not to be called now.
        """
        older = deliveries.alias("older")
        first = (
            ~select(older.c.cursor)
            .where(
                older.c.endpoint_id == deliveries.c.endpoint_id,
                older.c.claim_ref == deliveries.c.claim_ref,
                older.c.sequence < deliveries.c.sequence,
                older.c.state == Delivery.PENDING,
            )
            .exists()
        )
        real_now = datetime.now(UTC)
        due = (
            select(deliveries)
            .where(
                deliveries.c.state == Delivery.PENDING,
                or_(deliveries.c.next_at.is_(None), deliveries.c.next_at <= now),
                or_(deliveries.c.leased_until.is_(None), deliveries.c.leased_until < real_now),
                deliveries.c.endpoint_id.in_([name for name in self._open_endpoints() if name not in leave_out]),
                first,
            )
            .order_by(deliveries.c.cursor, deliveries.c.endpoint_id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=deliveries)
        )
        rows = self._connection.execute(due).all()
        lease = {"leased_by": worker, "leased_until": real_now + timedelta(seconds=seconds)}
        for row in rows:
            taken = update(deliveries).where(_same(row.cursor, row.endpoint_id))
            self._connection.execute(taken.values(**lease, attempts=deliveries.c.attempts + 1))
        return [self._due(row) for row in rows]

    def _due(self, row: Row[Any]) -> DueDelivery:
        event = self._connection.execute(select(events).where(events.c.cursor == row.cursor)).one()
        to = self._connection.execute(select(endpoints).where(endpoints.c.endpoint_id == row.endpoint_id)).one()
        return DueDelivery(event_from(event), row.endpoint_id, to.url, to.secret, row.attempts + 1)

    def record_attempt(
        self, due: DueDelivery, attempt: Attempt, state: Delivery, next_at: datetime | None = None
    ) -> None:
        """Keeps the call and moves the delivery on; its lease ends."""
        key: dict[str, Any] = {"cursor": due.event.cursor, "endpoint_id": due.endpoint_id}
        kept = {
            "at": attempt.at,
            "seconds": attempt.seconds,
            "http_status": attempt.http_status,
            "answer": attempt.answer[:2_000],
        }
        insert_many(self._connection, delivery_attempts, [{**key, **kept, "attempt": due.attempt}])
        moved = {
            "state": state,
            "next_at": next_at,
            "leased_by": None,
            "leased_until": None,
            "ended_at": None if state is Delivery.PENDING else attempt.at,
            "last_answer": f"{attempt.http_status or ''} {attempt.answer}".strip()[:200],
        }
        self._connection.execute(update(deliveries).where(_same(**key)).values(moved))

    def replay(self, event_id: str) -> int:
        """Send this event again, from the first attempt, to every open webhook; how many that are.

        Raises KeyError for an unknown event.
        """
        event = self.event(event_id)
        if event is None:
            raise KeyError(event_id)
        open_endpoints = self._open_endpoints()
        again = {"state": Delivery.PENDING, "attempts": 0, "next_at": None, "ended_at": None}
        missing = []
        for endpoint_id in open_endpoints:
            same = _same(event.cursor, endpoint_id)
            if self._connection.execute(update(deliveries).where(same).values(again)).rowcount == 0:
                missing.append(endpoint_id)
        self._queue(event, missing)
        return len(open_endpoints)

    # -- for the desk and the report ----------------------------------------------------------------------------

    def deliveries(
        self, state: Delivery | None = None, event_id: str | None = None, limit: int = 200
    ) -> list[DeliveryRecord]:
        """Newest first."""
        wanted = (
            select(events, endpoints.c.url, *(c for c in deliveries.c if c.name not in events.c))
            .join(deliveries, deliveries.c.cursor == events.c.cursor)
            .join(endpoints, endpoints.c.endpoint_id == deliveries.c.endpoint_id)
        )
        if state is not None:
            wanted = wanted.where(deliveries.c.state == state)
        if event_id is not None:
            wanted = wanted.where(events.c.event_id == event_id)
        rows = self._connection.execute(wanted.order_by(events.c.cursor.desc()).limit(limit))
        return [_delivery_record(row) for row in rows]

    def dead(self, limit: int = 200) -> list[DeliveryRecord]:
        return self.deliveries(Delivery.DEAD, limit=limit)

    def told_between(self, since: datetime, until: datetime) -> tuple[int, list[DeliveryRecord]]:
        """Deliveries of what happened from `since` to before `until`, to webhooks that still stand: how many there
        are, and those not acknowledged, oldest first."""
        wanted = (
            select(events, endpoints.c.url, *(c for c in deliveries.c if c.name not in events.c))
            .join(deliveries, deliveries.c.cursor == events.c.cursor)
            .join(endpoints, endpoints.c.endpoint_id == deliveries.c.endpoint_id)
            .where(events.c.occurred_at >= since, events.c.occurred_at < until, endpoints.c.removed_at.is_(None))
        )
        open_ones = wanted.where(deliveries.c.state != Delivery.DELIVERED).order_by(events.c.cursor)
        count = self._connection.execute(select(func.count()).select_from(wanted.subquery())).scalar_one()
        return count, [_delivery_record(row) for row in self._connection.execute(open_ones)]

    def count_deliveries(self) -> dict[Delivery, int]:
        counts = dict.fromkeys(Delivery, 0)
        for state, count in self._connection.execute(
            select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        ):
            counts[Delivery(state)] = count
        return counts

    def attempts(self, event_id: str) -> list[Attempt]:
        """Every call made for this event, oldest first."""
        wanted = (
            select(delivery_attempts)
            .join(events, events.c.cursor == delivery_attempts.c.cursor)
            .where(events.c.event_id == event_id)
            .order_by(delivery_attempts.c.number)
        )
        return [Attempt(row.at, row.seconds, row.http_status, row.answer) for row in self._connection.execute(wanted)]


def event_from(row: Row[Any]) -> Event:
    return Event(
        event_id=row.event_id,
        type=EventType(row.type),
        claim_ref=row.claim_ref,
        sequence=row.sequence,
        occurred_at=row.occurred_at,
        data=json.loads(row.data),
        cursor=row.cursor,
    )


def _delivery_record(row: Row[Any]) -> DeliveryRecord:
    return DeliveryRecord(
        event=event_from(row),
        endpoint_id=row.endpoint_id,
        url=row.url,
        state=Delivery(row.state),
        attempts=row.attempts,
        next_at=row.next_at,
        ended_at=row.ended_at,
        last_answer=row.last_answer,
    )


def _same(cursor: int, endpoint_id: str) -> Any:
    return and_(deliveries.c.cursor == cursor, deliveries.c.endpoint_id == endpoint_id)
