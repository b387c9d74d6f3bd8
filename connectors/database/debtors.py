"""Debtors linked by a person. What is linked bears one debtor_ref, so that holds and look-ups need no word of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from connectors.database.debtor_tables import debtor_links, payers
from connectors.database.statements import insert_new, next_number
from connectors.database.tables import claims, holds
from models.claim import Claim
from models.debtor import DebtorLink

CLAIMS_COUNTER = "claims"
_OWN = func.coalesce(claims.c.own_debtor_ref, claims.c.debtor_ref)
_LASTING = debtor_links.c.ended_at.is_(None)


class DebtorRows:
    """Keeps `pipelines.ports.DebtorBooks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def link(self, link: DebtorLink) -> DebtorLink | None:
        known = self.links_of(link.claim_ref)
        if any(one.of(link.claim_ref, link.other_ref) for one in known):
            return None
        owns = self._owns([link.claim_ref, link.other_ref])
        row = {
            "claim_ref": link.claim_ref,
            "other_ref": link.other_ref,
            "debtor_ref": owns[link.claim_ref],
            "other_debtor_ref": owns[link.other_ref],
            "linked_at": link.linked_at,
            "linked_by": link.linked_by,
            "reason": link.reason,
            "ended_by": "",
            "end_reason": "",
        }
        number = self._connection.execute(insert(debtor_links).values(row).returning(debtor_links.c.number))
        kept = DebtorLink(
            link.claim_ref, link.other_ref, link.linked_at, link.linked_by, link.reason, number.scalar_one()
        )
        self._apply(owns.values())
        return kept

    def unlink(self, link: DebtorLink, at: datetime, by: str, reason: str) -> bool:
        before = joined(self._pairs())
        owns = self._owns([link.claim_ref, link.other_ref])
        which = update(debtor_links).where(debtor_links.c.number == link.number, _LASTING)
        ended = self._connection.execute(which.values(ended_at=at, ended_by=by, end_reason=reason)).rowcount == 1
        if ended:
            whole = {before.get(own, own) for own in owns.values()}
            self._apply([own for own, together in before.items() if together in whole])
        return ended

    def links_of(self, claim_ref: str) -> list[DebtorLink]:
        named = or_(debtor_links.c.claim_ref == claim_ref, debtor_links.c.other_ref == claim_ref)
        wanted = select(debtor_links).where(named, _LASTING).order_by(debtor_links.c.number)
        return [_link(row) for row in self._connection.execute(wanted)]

    def suspects(self, claim: Claim, limit: int = 20) -> list[str]:
        """Claims of other debtors with the same names at the same address, or the same company's name and town."""
        same = [claims.c.debtor_ref != claim.debtor_ref, claims.c.postcode == claim.postcode]
        if claim.company_name:
            same.append(_alike(claims.c.company_name, claim.company_name))
        elif claim.last_name and claim.first_name and claim.address:
            names = ("last_name", "first_name", "address")
            same.extend(_alike(claims.c[name], getattr(claim, name)) for name in names)
        else:
            return []
        wanted = select(claims.c.claim_ref).where(*same).order_by(claims.c.claim_ref).limit(limit)
        return list(self._connection.execute(wanted).scalars())

    # -- accounts that have paid ----------------------------------------------------------------------------------

    def remember_payer(self, fingerprint: str, claim_ref: str, at: datetime) -> bool:
        row = {"fingerprint": fingerprint, "claim_ref": claim_ref, "seen_at": at}
        return insert_new(self._connection, payers, row)

    def payers_after(self, number: int) -> list[tuple[int, str, str]]:
        """(number, fingerprint, claim_ref), as they were learnt."""
        wanted = select(payers.c.number, payers.c.fingerprint, payers.c.claim_ref)
        rows = self._connection.execute(wanted.where(payers.c.number > number).order_by(payers.c.number))
        return [(row[0], row[1], row[2]) for row in rows]

    # -- one debtor_ref for all that is linked --------------------------------------------------------------------

    def _owns(self, refs: list[str]) -> dict[str, str]:
        rows = self._connection.execute(select(claims.c.claim_ref, _OWN).where(claims.c.claim_ref.in_(refs)))
        return {row[0]: row[1] for row in rows}

    def _pairs(self) -> list[tuple[str, str]]:
        return linked_pairs(self._connection)

    def _apply(self, owns: Iterable[str]) -> None:
        """Write the debtor_ref that the links in force give to these debtors, and to their holds not ended."""
        together = joined(self._pairs())
        revision = next_number(self._connection, CLAIMS_COUNTER)
        touched = {*owns, *(own for own in together if together[own] in {together.get(one) for one in owns})}
        for own in sorted(touched):
            shared = together.get(own, own)
            values: dict[str, Any] = {"debtor_ref": shared, "own_debtor_ref": own if shared != own else None}
            theirs = or_(claims.c.own_debtor_ref == own, _unlinked(own))
            changed = update(claims).where(theirs, claims.c.debtor_ref != shared)
            self._connection.execute(changed.values(revision=revision, **values))
            refs = select(claims.c.claim_ref).where(theirs)
            held = update(holds).where(holds.c.claim_ref.in_(refs), holds.c.ended_at.is_(None))
            self._connection.execute(held.values(debtor_ref=shared))


def linked_pairs(connection: Connection) -> list[tuple[str, str]]:
    wanted = select(debtor_links.c.debtor_ref, debtor_links.c.other_debtor_ref).where(_LASTING)
    return [(row[0], row[1]) for row in connection.execute(wanted)]


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each debtor of a pair -> the one that stands for all it is linked with, directly or through others: the first
    in the order of the alphabet, so that the order of linking changes nothing."""
    group: dict[str, set[str]] = {}
    for one, other in pairs:
        merged = group.get(one, {one}) | group.get(other, {other})
        for member in merged:
            group[member] = merged
    return {member: min(members) for member, members in group.items()}


def _unlinked(own: str) -> ColumnElement[bool]:
    return and_(claims.c.debtor_ref == own, claims.c.own_debtor_ref.is_(None))


def _alike(column: ColumnElement[str], value: str) -> ColumnElement[bool]:
    return func.lower(column) == value.lower()


def _link(row: Row[Any]) -> DebtorLink:
    return DebtorLink(
        row.claim_ref, row.other_ref, row.linked_at, row.linked_by, row.reason, row.number,
        row.ended_at, row.ended_by, row.end_reason,
    )  # fmt: skip
