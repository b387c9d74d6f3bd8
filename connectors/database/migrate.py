"""Bring a database to the schema of this version: Alembic, from the migrations that are part of the package."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from connectors.database.engines import database_url, open_engines
from connectors.database.tables import HEAD
from models.errors import ConfigurationError

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x6D61696C  # any number, the same for every process of ours


def upgrade(url: str) -> str:
    """Apply what is missing; the revision reached. Several processes may call it at once: one does the work."""
    writer, _reader = open_engines(database_url(url))
    try:
        return upgrade_engine(writer)
    finally:
        writer.dispose()


def upgrade_engine(writer: Engine) -> str:
    with writer.begin() as connection:  # SQLite: BEGIN IMMEDIATE, so a second process waits here
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if revision(connection) != HEAD:
            _run_alembic(connection)
    return HEAD


def make_ready(writer: Engine) -> None:
    """At every start: SQLite and an empty PostgreSQL are upgraded, a PostgreSQL with content is only checked.

    Raises ConfigurationError where a person should look first: an older schema on a shared server may be in use
    by other machines, a newer one belongs to a newer version of this program.
    """
    with writer.connect() as connection:
        found = revision(connection)
        connection.rollback()
    if found == HEAD:
        return
    if found is not None and not _is_older(found):
        raise ConfigurationError(
            f"the database is at revision {found}, newer than this program", "install the newer version"
        )
    if found is not None and writer.dialect.name == "postgresql":
        raise ConfigurationError(
            f"the database is at revision {found}, this program needs {HEAD}",
            "stop the other machines, back up, then run: python -m connectors.database.migrate",
        )
    upgrade_engine(writer)


def revision(connection: Connection) -> str | None:
    """None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def _is_older(found: str) -> bool:
    return found < HEAD  # our revisions are "0001", "0002" ...


def _run_alembic(connection: Connection) -> None:
    from alembic import command  # half a second that most starts do not need
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


if __name__ == "__main__":  # pragma: no cover - the one-line entry the error above names
    import os
    import sys

    print(upgrade(sys.argv[1] if len(sys.argv) > 1 else os.environ["MAILROOM_DATABASE_URL"]))
