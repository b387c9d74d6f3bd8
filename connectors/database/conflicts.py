"""Statuses on which the collection system and we disagree, until a person has decided or both say the same again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select, update

from connectors.database.conflict_tables import status_conflicts
from connectors.database.statements import one_of
from connectors.database.tables import claims
from models.claim import Disagreement, Status, StatusConflict

_WAITING = status_conflicts.c.ended_at.is_(None)
_STILL = and_(_WAITING, claims.c.claim_ref == status_conflicts.c.claim_ref, claims.c.status != claims.c.imported_status)


class ConflictRows:
    """Keeps `pipelines.ports.ConflictBooks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, conflicts: Sequence[StatusConflict], at: datetime) -> None:
        """Since when they disagree stays where an older one waits on the same claim."""
        if not conflicts:
            return
        refs = [one.claim_ref for one in conflicts]
        wanted = select(status_conflicts.c.claim_ref, status_conflicts.c.at).where(
            _WAITING, one_of(self._connection, status_conflicts.c.claim_ref, refs)
        )
        since = {row.claim_ref: row.at for row in self._connection.execute(wanted)}
        self._end(one_of(self._connection, status_conflicts.c.claim_ref, list(since)), at, "system", "superseded", "")
        empty = {"ended_by": "", "outcome": "", "reason": ""}
        rows = [
            {"claim_ref": one.claim_ref, "at": since.get(one.claim_ref, at), "ours": one.ours, "theirs": one.theirs}
            for one in conflicts
        ]
        self._connection.execute(insert(status_conflicts), [{**row, **empty} for row in rows])

    def end_agreed(self, at: datetime) -> int:
        """Those on whose claims both sides say the same by now."""
        same = select(claims.c.claim_ref).where(
            claims.c.claim_ref.in_(select(status_conflicts.c.claim_ref).where(_WAITING)),
            claims.c.status == claims.c.imported_status,
        )
        return self._end(status_conflicts.c.claim_ref.in_(same), at, "system", "agreed", "")

    def end(self, claim_ref: str, at: datetime, by: str, outcome: str, reason: str) -> bool:
        """False where none waits on this claim."""
        return self._end(status_conflicts.c.claim_ref == claim_ref, at, by, outcome, reason) == 1

    def _end(self, which: Any, at: datetime, by: str, outcome: str, reason: str) -> int:
        ended = {"ended_at": at, "ended_by": by, "outcome": outcome, "reason": reason}
        return self._connection.execute(update(status_conflicts).where(and_(_WAITING, which)).values(ended)).rowcount

    def of(self, claim_ref: str) -> Disagreement | None:
        return next(iter(self._waiting(status_conflicts.c.claim_ref == claim_ref, 1)), None)

    def waiting(self, limit: int = 200) -> list[Disagreement]:
        """Oldest first."""
        return self._waiting(_WAITING, limit)

    def count(self) -> int:
        wanted = select(func.count()).select_from(status_conflicts.join(claims, _STILL))
        return self._connection.execute(wanted).scalar_one()

    def _waiting(self, which: Any, limit: int) -> list[Disagreement]:
        columns = (status_conflicts.c.number, status_conflicts.c.claim_ref, claims.c.status, claims.c.imported_status)
        wanted = select(*columns, status_conflicts.c.at).select_from(status_conflicts.join(claims, _STILL))
        wanted = wanted.where(which).order_by(status_conflicts.c.at, status_conflicts.c.claim_ref).limit(limit)
        return [
            Disagreement(number, ref, Status(ours), Status(theirs), since)
            for number, ref, ours, theirs, since in self._connection.execute(wanted)
        ]
