"""What the leaked-reminder ledger is worked out from: sent reminders beside holds, arrivals, acknowledgements."""

from __future__ import annotations

import json
from collections.abc import Set
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from connectors.database.rows import hold_from
from connectors.database.statements import one_of
from connectors.database.tables import audit, claims, deliveries, events, holds, items, receipts, reminders
from models.event import Delivery, EventDraft, EventType, event_id_for
from models.hold import Scope
from models.leak import Arrival, Suspect
from models.record import Reminder

_REMINDER = tuple(column.label(f"reminder_{column.name}") for column in reminders.c)


class LeakRows:
    """Keeps `pipelines.ports.LeakBooks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def suspects(self, since: datetime, until: datetime) -> list[Suspect]:
        sent = and_(reminders.c.state == "sent", reminders.c.at >= since, reminders.c.at < until)
        standing = and_(
            holds.c.item_id.is_not(None), or_(holds.c.ended_at.is_(None), holds.c.ended_at > reminders.c.at)
        )
        both = select(*_REMINDER, *holds.c)
        own = both.join_from(reminders, holds, holds.c.claim_ref == reminders.c.claim_ref)
        wide = (
            both.join_from(reminders, claims, claims.c.claim_ref == reminders.c.claim_ref)
            .join(holds, holds.c.debtor_ref == claims.c.debtor_ref)
            .where(holds.c.scope == Scope.DEBTOR, holds.c.debtor_ref != "", holds.c.claim_ref != claims.c.claim_ref)
        )
        rows = [row for wanted in (own, wide) for row in self._connection.execute(wanted.where(sent, standing))]
        return [Suspect(_reminder(row), hold_from(row)) for row in rows]

    def sent_at(self, since: datetime, until: datetime) -> list[datetime]:
        sent = and_(reminders.c.state == "sent", reminders.c.at >= since, reminders.c.at < until)
        return list(self._connection.execute(select(reminders.c.at).where(sent)).scalars())

    def arrivals(self, item_ids: Set[str]) -> dict[str, Arrival]:
        wanted = select(items.c.item_id, receipts.c.received_at, receipts.c.mail_received_on)
        wanted = wanted.join(receipts, receipts.c.receipt_id == items.c.receipt_id)
        waited = self._first_on_desk(item_ids)
        found = {}
        for row in self._connection.execute(wanted.where(one_of(self._connection, items.c.item_id, sorted(item_ids)))):
            day = row.mail_received_on
            came = datetime.combine(day, time(), UTC) if day else row.received_at
            found[row.item_id] = Arrival(came, row.received_at, waited.get(row.item_id))
        return found

    def _first_on_desk(self, item_ids: Set[str]) -> dict[str, datetime]:
        about = one_of(self._connection, audit.c.item_id, sorted(item_ids))
        wanted = select(audit.c.item_id, audit.c.at, audit.c.detail).where(about, audit.c.action == "decided")
        first: dict[str, datetime] = {}
        for item_id, at, detail in self._connection.execute(wanted.order_by(audit.c.number)):
            if json.loads(detail).get("outcome") == "review":
                first.setdefault(item_id, at)
        return first

    def told_at(self, wanted: Set[tuple[str, str]]) -> dict[tuple[str, str], datetime | None]:
        names = {
            event_id_for(EventDraft(EventType.REMINDERS_SUPPRESSED, hold_id, ref)): (hold_id, ref)
            for hold_id, ref in wanted
        }
        queued = select(events.c.event_id, deliveries.c.state, deliveries.c.ended_at)
        queued = queued.join(deliveries, deliveries.c.cursor == events.c.cursor)
        told: dict[tuple[str, str], datetime | None] = {}
        rows = self._connection.execute(queued.where(one_of(self._connection, events.c.event_id, sorted(names))))
        for event_id, state, ended_at in rows:
            key = names[event_id]
            late = state != Delivery.DELIVERED or (key in told and told[key] is None)
            told[key] = None if late else max(ended_at, told.get(key) or ended_at)
        return told


def _reminder(row: Any) -> Reminder:
    return Reminder(**{column.name: getattr(row, f"reminder_{column.name}") for column in reminders.c})
