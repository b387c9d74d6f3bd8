"""Ledgers on both engines, object stores of every kind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from connectors.database import DatabaseLedger, open_ledger
from connectors.database.tables import metadata
from tests import servers


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_schema(postgres_server: str) -> str:
    url = servers.new_database(postgres_server)
    open_ledger(url).close()
    return url


@pytest.fixture
def postgres_url(postgres_schema: str) -> str:
    """The whole schema without rows: emptied, which is ten times quicker than a new database."""
    tables = ", ".join(f'"{name}"' for name in metadata.tables)
    with psycopg.connect(postgres_schema, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # the triggers forbid it otherwise
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY".encode())
    return postgres_schema


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "ledger.db"
    open_ledger(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without rows, once on each engine."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    path = tmp_path / "ledger.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


@pytest.fixture
def ledger(database_url: str) -> Iterator[DatabaseLedger]:
    opened = open_ledger(database_url)
    yield opened
    opened.close()
