"""Engines: SQLite with real write transactions, PostgreSQL by psycopg. A writer and a reader for each database.

SQLite as SQLAlchemy opens it by default begins a transaction only at the first UPDATE, so two workers that read
and then write take the same rows (measured: 80-120 of 3,000). Hence the hooks below.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from models.errors import ConfigurationError

BUSY_SECONDS = 30


def database_url(url: str) -> URL:
    """The URL with our drivers. Raises ConfigurationError for anything but a SQLite file or PostgreSQL."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(
            "the database URL cannot be read",
            "write sqlite:///path/mailroom.db or postgresql://user:password@host/name",
        ) from error
    backend = parsed.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database and parsed.database != ":memory:":
        return parsed.set(drivername="sqlite+pysqlite")
    raise ConfigurationError(
        f"the ledger cannot live in {backend!r}", "use a SQLite file (sqlite:///path) or postgresql://..."
    )


def open_engines(url: URL) -> tuple[Engine, Engine]:
    """(writer, reader). The reader sees one moment for the length of its transaction and cannot write."""
    if url.get_backend_name() == "sqlite":
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
        return _sqlite(url, "BEGIN IMMEDIATE", read_only=False), _sqlite(url, "BEGIN", read_only=True)
    writer = create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=15)
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return writer, reader


def _sqlite(url: URL, begin: str, *, read_only: bool) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=5, max_overflow=30)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # pysqlite begins nothing by itself
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        _use_wal(connection)
        connection.execute("PRAGMA synchronous=FULL")  # webhooks and mail moves follow a commit: it must last
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA cache_size=-65536")  # 64 MiB
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _use_wal(connection: Any) -> None:
    """Two processes that turn WAL on at once get "database is locked" at once, busy timeout or not: so ask again."""
    for _attempt in range(200):
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                return
            connection.execute("PRAGMA journal_mode=WAL")
        except connection.OperationalError:
            time.sleep(0.05)
