"""Statements that the two engines write differently."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Table, Text, any_, bindparam, cast, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from connectors.database.tables import counters

_NUMBERING = 0x6E756D62  # any number, the same for every process of ours


def _insert(connection: Connection, table: Table) -> Any:
    return postgresql_insert(table) if connection.dialect.name == "postgresql" else sqlite_insert(table)


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """False, and nothing written, where any unique key of the row is taken."""
    statement = _insert(connection, table).values(**row).on_conflict_do_nothing()
    return connection.execute(statement.returning(*table.primary_key)).first() is not None


def insert_or_replace(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """By primary key: the columns of `row` are written whether it was there or not."""
    keys = [column.name for column in table.primary_key]
    statement = _insert(connection, table).values(**row)
    rest = {name: statement.excluded[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


def insert_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def one_of(connection: Connection, column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
    """`column IN values` as one parameter, however many there are: engines allow only so many."""
    if connection.dialect.name == "postgresql":
        return column == any_(cast(list(values), ARRAY(Text)))
    listed = func.json_each(bindparam(None, json.dumps(list(values)), Text, unique=True)).table_valued("value")
    return column.in_(select(listed.c.value))


def next_number(connection: Connection, counter: str) -> int:
    """Raises the counter. Other transactions that number anything wait for our commit.

    So numbers become visible in their order: a reader that has seen number n never misses a smaller one that
    commits later. One lock for all counters, since two locks taken in different orders would be a deadlock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_NUMBERING)))
    statement = _insert(connection, counters).values(name=counter, value=1)
    raised = statement.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1})
    return int(connection.execute(raised.returning(counters.c.value)).scalar_one())
