"""Cheques as paper, deposit lists, payments that wait for a person."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select, update

from connectors.database.as_json import from_json, to_json
from connectors.database.bank_tables import cheques, deposits, unposted_payments
from connectors.database.statements import insert_new, insert_or_replace, one_of
from models.bank import NEXT_PAPER, Cheque, Deposit, Paper, Unposted


class BankRows:
    """Keeps `pipelines.ports.BankBooks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- cheques ------------------------------------------------------------------------------------------------

    def add_cheque(self, cheque: Cheque) -> bool:
        """False where this cheque is known: the paper is one, however often it was scanned."""
        return insert_new(self._connection, cheques, asdict(cheque))

    def cheque(self, key: str) -> Cheque | None:
        return next(iter(self._cheques(cheques.c.key == key)), None)

    def cheques_of_item(self, item_id: str) -> list[Cheque]:
        return self._cheques(cheques.c.item_id == item_id)

    def cheques_at(self, state: Paper) -> list[Cheque]:
        """In order of arrival."""
        return self._cheques(cheques.c.state == state)

    def cheques_like(self, cheque_id: str) -> list[Cheque]:
        """Whose key begins so; at least 8 characters."""
        if len(cheque_id) < 8:
            return []
        return self._cheques(cheques.c.key.startswith(cheque_id.lower(), autoescape=True))

    def cheques_in(self, deposit_id: str) -> list[Cheque]:
        return self._cheques(cheques.c.deposit_id == deposit_id)

    def put_cheque(self, key: str, place: str) -> bool:
        """Where the paper lies. False for an unknown cheque."""
        moved = update(cheques).where(cheques.c.key == key).values(place=place)
        return self._connection.execute(moved).rowcount == 1

    def move_cheque(self, key: str, state: Paper) -> bool:
        """False, and nothing written, for an unknown cheque or a move that `NEXT_PAPER` does not know."""
        before = [old for old, to in NEXT_PAPER.items() if state in to]
        which = and_(cheques.c.key == key, cheques.c.state.in_(before))
        return self._connection.execute(update(cheques).where(which).values(state=state)).rowcount == 1

    def _cheques(self, which: Any) -> list[Cheque]:
        wanted = select(cheques).where(which).order_by(cheques.c.received_on, cheques.c.item_id, cheques.c.key)
        return [Cheque(**{**row._mapping, "state": Paper(row.state)}) for row in self._connection.execute(wanted)]

    # -- deposit lists ------------------------------------------------------------------------------------------

    def add_deposit(self, deposit: Deposit, keys: list[str]) -> bool:
        """The list and its cheques, or nothing: False where the list is known or one of them is not in hand."""
        row = {name: getattr(deposit, name) for name in ("deposit_id", "day", "made_at", "made_by")}
        free = and_(one_of(self._connection, cheques.c.key, keys), cheques.c.state == Paper.IN_HAND)
        if self._connection.execute(select(func.count()).select_from(cheques).where(free)).scalar_one() != len(keys):
            return False
        if not insert_new(self._connection, deposits, {**row, "body": to_json(deposit)}):
            return False
        gone = {"state": Paper.DEPOSITED, "deposit_id": deposit.deposit_id}
        self._connection.execute(update(cheques).where(free).values(gone))
        return True

    def deposit(self, deposit_id: str) -> Deposit | None:
        return next(iter(self._deposits(deposits.c.deposit_id == deposit_id)), None)

    def deposits_of(self, day: date) -> list[Deposit]:
        return self._deposits(deposits.c.day == day)

    def latest_deposits(self, limit: int = 30) -> list[Deposit]:
        """Newest first."""
        wanted = select(deposits.c.body).order_by(deposits.c.day.desc(), deposits.c.made_at.desc()).limit(limit)
        return [from_json(body, Deposit) for body in self._connection.execute(wanted).scalars()]

    def _deposits(self, which: Any) -> list[Deposit]:
        wanted = select(deposits.c.body).where(which).order_by(deposits.c.made_at, deposits.c.deposit_id)
        return [from_json(body, Deposit) for body in self._connection.execute(wanted).scalars()]

    # -- payments not booked ------------------------------------------------------------------------------------

    def add_unposted(self, payment: Unposted) -> bool:
        """False where the same payment waits, or waited, for the same reason."""
        return insert_new(self._connection, unposted_payments, _unposted_row(payment))

    def put_back(self, payment: Unposted) -> None:
        """It waits, or waits again, whatever became of it before."""
        insert_or_replace(self._connection, unposted_payments, _unposted_row(payment))

    def unposted(self, limit: int = 1000) -> list[Unposted]:
        """Those that wait, oldest first."""
        return self._unposted(unposted_payments.c.ended_at.is_(None), limit)

    def unposted_with_key(self, key: str) -> list[Unposted]:
        """Ended ones too."""
        return self._unposted(unposted_payments.c.key == key)

    def end_unposted(self, key: str, at: datetime, by: str, outcome: str, note: str = "") -> bool:
        """False where nothing waits under this key."""
        waiting = and_(unposted_payments.c.key == key, unposted_payments.c.ended_at.is_(None))
        ended = {"ended_at": at, "ended_by": by, "outcome": outcome, "note": note}
        return self._connection.execute(update(unposted_payments).where(waiting).values(ended)).rowcount > 0

    def _unposted(self, which: Any, limit: int | None = None) -> list[Unposted]:
        wanted = select(unposted_payments).where(which)
        wanted = wanted.order_by(unposted_payments.c.at, unposted_payments.c.key).limit(limit)
        return [_unposted_from(row) for row in self._connection.execute(wanted)]


def _unposted_row(payment: Unposted) -> dict[str, Any]:
    return {**asdict(payment), "claim_refs": json.dumps(payment.claim_refs, ensure_ascii=False)}


def _unposted_from(row: Row[Any]) -> Unposted:
    return Unposted(**{**row._mapping, "claim_refs": tuple(json.loads(row.claim_refs))})
