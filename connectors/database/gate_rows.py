"""What has come in and is not known yet: one statement for every reminder that the gate is asked about."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Table, exists, func, select

from connectors.database.bank_tables import unposted_payments
from connectors.database.tables import UNSEEN, items, receipts
from connectors.database.trail import NOT_SCANNED
from models.gate import Building
from models.item import Stage, Unseen


def _at(table: Table, stage: Stage) -> Any:
    """Equal, not "in a list": a list in a statement is written out anew at each asking."""
    return select(func.count()).select_from(table).where(table.c.stage == stage).scalar_subquery()


_REFUSED = select(func.count()).select_from(items).where(UNSEEN, items.c.unseen == Unseen.BLOCKS.value)
_UNPOSTED = select(unposted_payments.c.claim_refs).where(unposted_payments.c.ended_at.is_(None))
_IN_THE_BUILDING = select(
    _at(receipts, Stage.RECEIVED) + _at(items, Stage.RECEIVED) + _at(items, Stage.READ),
    _REFUSED.scalar_subquery(),
    exists(NOT_SCANNED.order_by(None)),
    exists(_UNPOSTED),
)


class GateRows:
    """Keeps `pipelines.ports.GateBooks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def in_the_building(self) -> Building:
        unread, refused, lots, unposted = self._connection.execute(_IN_THE_BUILDING).one()
        return Building(unread, self._lots() if lots else (), self._unposted() if unposted else frozenset(), refused)

    def _lots(self) -> tuple[str, ...]:
        return tuple(lot.lot_id for lot in self._connection.execute(NOT_SCANNED))

    def _unposted(self) -> frozenset[str]:
        waiting = self._connection.execute(_UNPOSTED).scalars()
        return frozenset(ref for several in waiting for ref in json.loads(several))
