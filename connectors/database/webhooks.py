"""Who is told of events: the webhooks of the collection system."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, select, update

from connectors.database.statements import insert_many
from connectors.database.tables import deliveries, endpoints
from models.event import Delivery


@dataclass(frozen=True, slots=True)
class Webhook:
    """`disabled_reason` says why it is no longer called; adding the address again opens a new one."""

    endpoint_id: str
    url: str
    added_at: datetime
    added_by: str
    disabled_at: datetime | None = None
    disabled_reason: str = ""


class WebhookRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, url: str, secret: str, by: str, at: datetime) -> Webhook:
        """`secret` is `whsec_` and base64; it is shown to the caller only. Whether the address may be called at all
        is for `connectors.collection_system.new_webhook` to check."""
        webhook = Webhook(str(uuid.uuid4()), url, at, by)
        row = {"endpoint_id": webhook.endpoint_id, "url": url, "secret": secret, "added_at": at, "added_by": by}
        insert_many(self._connection, endpoints, [{**row, "disabled_reason": ""}])
        return webhook

    def all(self) -> list[Webhook]:
        wanted = select(endpoints).where(endpoints.c.removed_at.is_(None)).order_by(endpoints.c.added_at)
        return [_webhook(row) for row in self._connection.execute(wanted)]

    def remove(self, endpoint_id: str, at: datetime) -> bool:
        """False where there is none. What was not delivered yet is dead: listed, not sent."""
        there = and_(endpoints.c.endpoint_id == endpoint_id, endpoints.c.removed_at.is_(None))
        if self._connection.execute(update(endpoints).where(there).values(removed_at=at)).rowcount != 1:
            return False
        self._bury(endpoint_id, at, "webhook removed")
        return True

    def disable(self, endpoint_id: str, at: datetime, reason: str) -> None:
        open_still = and_(endpoints.c.endpoint_id == endpoint_id, endpoints.c.disabled_at.is_(None))
        self._connection.execute(update(endpoints).where(open_still).values(disabled_at=at, disabled_reason=reason))
        self._bury(endpoint_id, at, f"webhook disabled: {reason}")

    def enable(self, endpoint_id: str) -> bool:
        """Call it again from now on; what died meanwhile is replayed by hand. False where it was not disabled."""
        closed = and_(endpoints.c.endpoint_id == endpoint_id, endpoints.c.disabled_at.is_not(None))
        opened = update(endpoints).where(closed).values(disabled_at=None, disabled_reason="")
        return self._connection.execute(opened).rowcount == 1

    def _bury(self, endpoint_id: str, at: datetime, why: str) -> None:
        pending = and_(deliveries.c.endpoint_id == endpoint_id, deliveries.c.state == Delivery.PENDING)
        dead = {"state": Delivery.DEAD, "ended_at": at, "last_answer": why[:200], "leased_until": None}
        self._connection.execute(update(deliveries).where(pending).values(dead))


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook(row.endpoint_id, row.url, row.added_at, row.added_by, row.disabled_at, row.disabled_reason)
