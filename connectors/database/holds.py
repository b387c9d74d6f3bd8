"""Holds: placed once, ended once, and asked for by the hundred thousand."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Date, Row, and_, bindparam, or_, select, update

from connectors.database.rows import channels_from, hold_from
from connectors.database.statements import insert_new, one_of
from connectors.database.tables import UtcTime, claims, holds
from models.claim import Status
from models.gate import Stop
from models.hold import Hold, HoldKind, Nearing, Scope

LONG_LIST = 1_000  # claims
_OVER = (Status.CLOSED, Status.PAID)
SOFT_HOLD_ALARM = timedelta(days=5)  # labels.md: "alarm after 5 days"


# Built once: the gate asks these for every reminder. In force as `Hold.in_force` says, at the parameter `at`.
_IN_FORCE = and_(
    holds.c.starts_at <= bindparam("at", type_=UtcTime()),
    or_(holds.c.ended_at.is_(None), holds.c.ended_at > bindparam("at", type_=UtcTime())),
    or_(holds.c.until.is_(None), holds.c.until >= bindparam("day", type_=Date())),
)
_OWN = select(holds).where(_IN_FORCE)
_OF_DEBTOR = (
    select(claims.c.claim_ref.label("asked"), *holds.c)
    .join(claims, claims.c.debtor_ref == holds.c.debtor_ref)
    .where(holds.c.scope == Scope.DEBTOR, holds.c.debtor_ref != "", _IN_FORCE)
)
_REFS: BindParameter[Any] = bindparam("refs", expanding=True)
_OWN_OF = _OWN.where(holds.c.claim_ref.in_(_REFS))
_LIGHT = select(
    holds.c.claim_ref,
    holds.c.scope,
    holds.c.debtor_ref,
    holds.c.reason,
    holds.c.channels,
    holds.c.starts_at,
    holds.c.until,
    holds.c.redirect_to,
    holds.c.address,
).where(
    holds.c.starts_at <= bindparam("latest", type_=UtcTime()),
    or_(holds.c.ended_at.is_(None), holds.c.ended_at > bindparam("at", type_=UtcTime())),
    or_(holds.c.until.is_(None), holds.c.until >= bindparam("day", type_=Date())),
)
_WIDE = and_(holds.c.scope == Scope.DEBTOR, holds.c.debtor_ref != "")
_DEBTORS: BindParameter[Any] = bindparam("debtors", expanding=True)
_LIGHT_OF = _LIGHT.where(or_(holds.c.claim_ref.in_(_REFS), and_(_WIDE, holds.c.debtor_ref.in_(_DEBTORS))))
_ONE_LIGHT = _LIGHT.where(
    or_(holds.c.claim_ref == bindparam("ref"), and_(_WIDE, holds.c.debtor_ref == bindparam("debtor")))
)
_OF_DEBTOR_OF = _OF_DEBTOR.where(claims.c.claim_ref.in_(_REFS))


class HoldRows:
    """Keeps `pipelines.ports.HoldBooks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def place(self, hold: Hold) -> bool:
        terms = hold.terms
        row = {
            "hold_id": hold.hold_id,
            "claim_ref": hold.claim_ref,
            "debtor_ref": hold.debtor_ref,
            "item_id": hold.item_id,
            "scope": terms.scope,
            "kind": terms.kind,
            "reason": terms.reason,
            "owner": terms.owner,
            "channels": ",".join(terms.channels),
            "until": terms.until,
            "review_on": terms.review_on,
            "redirect_to": terms.redirect_to,
            "address": terms.address,
            "starts_at": hold.starts_at,
            "ended_at": hold.ended_at,
            "ended_by": hold.ended_by,
            "end_reason": hold.end_reason,
        }
        return insert_new(self._connection, holds, row)

    def end(self, hold_id: str, at: datetime, by: str, reason: str) -> bool:
        standing = and_(holds.c.hold_id == hold_id, holds.c.ended_at.is_(None))
        ended = update(holds).where(standing).values(ended_at=at, ended_by=by, end_reason=reason)
        return self._connection.execute(ended).rowcount == 1

    def hold(self, hold_id: str) -> Hold | None:
        row = self._connection.execute(select(holds).where(holds.c.hold_id == hold_id)).first()
        return hold_from(row) if row else None

    def of_item(self, item_id: str) -> list[Hold]:
        return self.of_items([item_id]).get(item_id, [])

    def of_items(self, item_ids: Sequence[str]) -> dict[str, list[Hold]]:
        """Holds each item placed, ended ones too, in order of their start."""
        found: dict[str, list[Hold]] = {}
        for hold in self._where(one_of(self._connection, holds.c.item_id, item_ids)):
            found.setdefault(hold.item_id or "", []).append(hold)
        return found

    def of_claim(self, claim_ref: str) -> list[Hold]:
        """Every hold ever placed on this claim, in order of its start: its history for the desk."""
        return self._where(holds.c.claim_ref == claim_ref)

    def on_claims(self, claim_refs: Sequence[str], at: datetime) -> dict[str, list[Hold]]:
        asked, found = set(claim_refs), dict[str, dict[str, Hold]]()
        built: dict[str, Hold] = {}  # one hold of a debtor may stand on many claims

        def put(ref: str, row: Row[Any]) -> None:
            if ref in asked:
                hold = built.get(row.hold_id) or built.setdefault(row.hold_id, hold_from(row))
                found.setdefault(ref, {})[row.hold_id] = hold

        when: dict[str, Any] = {"at": at, "day": at.astimezone(UTC).date()}
        own, of_debtor = _OWN, _OF_DEBTOR
        if len(claim_refs) <= LONG_LIST:  # a longer one costs more to send than all holds in force cost to fetch
            own, of_debtor, when["refs"] = _OWN_OF, _OF_DEBTOR_OF, list(asked)
        for row in self._connection.execute(own, when):
            put(row.claim_ref, row)
        for row in self._connection.execute(of_debtor, when):
            put(row.asked, row)
        return {ref: list(found[ref].values()) if ref in found else [] for ref in claim_refs}

    def stops(
        self, claim_refs: Sequence[str], debtor_refs: Set[str], now: datetime, latest: datetime
    ) -> tuple[dict[str, list[Stop]], dict[str, list[Stop]]]:
        when: dict[str, Any] = {"at": now, "day": now.astimezone(UTC).date(), "latest": latest}
        light = _LIGHT
        if len(claim_refs) == 1 and len(debtor_refs) <= 1:
            light, when["ref"], when["debtor"] = _ONE_LIGHT, claim_refs[0], next(iter(debtor_refs), "")
        elif len(claim_refs) <= LONG_LIST:
            light, when["refs"], when["debtors"] = _LIGHT_OF, list(claim_refs), list(debtor_refs)
        own: dict[str, list[Stop]] = {}
        of_debtor: dict[str, list[Stop]] = {}
        for ref, scope, debtor, reason, channels, *rest in self._connection.execute(light, when):
            stop = Stop(reason, channels_from(channels), *rest)
            own.setdefault(ref, []).append(stop)
            if scope == Scope.DEBTOR and debtor:
                of_debtor.setdefault(debtor, []).append(stop)
        return own, of_debtor

    def ended_by_date(self, day: date) -> list[Hold]:
        return self._where(and_(holds.c.ended_at.is_(None), holds.c.until < day))

    def near_limitation(self, day: date, last: date) -> list[Nearing]:
        in_force = and_(holds.c.ended_at.is_(None), or_(holds.c.until.is_(None), holds.c.until >= day))
        soon = and_(claims.c.limitation_on >= day, claims.c.limitation_on <= last, claims.c.status.not_in(_OVER))
        both = select(claims.c.claim_ref.label("held"), claims.c.limitation_on, *holds.c).where(soon, in_force)
        own = both.join_from(holds, claims, claims.c.claim_ref == holds.c.claim_ref)
        wide = both.join_from(holds, claims, claims.c.debtor_ref == holds.c.debtor_ref).where(_WIDE)
        rows = {(row.held, row.hold_id): row for one in (own, wide) for row in self._connection.execute(one)}
        found = [Nearing(row.held, row.limitation_on, hold_from(row)) for row in rows.values()]
        return sorted(found, key=lambda one: (one.limitation_on, one.claim_ref, one.hold.hold_id))

    def to_review(self, day: date) -> list[Hold]:
        in_force = and_(holds.c.ended_at.is_(None), or_(holds.c.until.is_(None), holds.c.until >= day))
        alarm = day - SOFT_HOLD_ALARM
        old = and_(holds.c.kind == HoldKind.SOFT, holds.c.starts_at < _midnight_after(alarm))
        return self._where(and_(in_force, or_(holds.c.review_on <= day, old)))

    def standing(self, limit: int = 1000) -> list[Hold]:
        """Holds not ended, oldest first."""
        wanted = select(holds).where(holds.c.ended_at.is_(None)).order_by(holds.c.starts_at, holds.c.hold_id)
        return [hold_from(row) for row in self._connection.execute(wanted.limit(limit))]

    def _where(self, which: ColumnElement[bool]) -> list[Hold]:
        wanted = select(holds).where(which).order_by(holds.c.starts_at, holds.c.hold_id)
        return [hold_from(row) for row in self._connection.execute(wanted)]


def _midnight_after(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
