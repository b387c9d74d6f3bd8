"""The schema: made by migrations, the same as the tables in the code, safe to make from several processes at once."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from connectors.database import open_ledger, upgrade
from connectors.database.engines import database_url as with_driver
from connectors.database.engines import open_engines
from connectors.database.migrate import MIGRATIONS, revision
from connectors.database.tables import HEAD, metadata
from models.errors import ConfigurationError, Unavailable
from tests import servers


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new folder/ledger.db"
    return servers.new_database(request.getfixturevalue("postgres_server"))


def _set_revision(url: str, found: str) -> None:
    writer, _reader = open_engines(with_driver(url))
    with writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})
    writer.dispose()


def test_the_newest_migration_is_the_one_the_code_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_migrations_make_exactly_the_tables_of_the_code(empty_url: str) -> None:
    assert upgrade(empty_url) == HEAD
    assert upgrade(empty_url) == HEAD
    writer, _reader = open_engines(with_driver(empty_url))
    with writer.connect() as connection:
        assert revision(connection) == HEAD
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    writer.dispose()


def _open(url: str, answers: multiprocessing.Queue[str]) -> None:
    try:
        with open_ledger(url).read() as books:
            answers.put(f"ready, {books.claims.count()} claims")
    except BaseException as error:
        answers.put(repr(error))


def test_processes_that_start_at_once_make_it_once(empty_url: str) -> None:
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[str] = context.Queue()
    starts = [context.Process(target=_open, args=(empty_url, answers)) for _ in range(3)]
    for start in starts:
        start.start()
    found = [answers.get(timeout=60) for _ in starts]
    for start in starts:
        start.join()
    assert found == ["ready, 0 claims"] * 3


def test_a_newer_database_is_left_alone(empty_url: str) -> None:
    upgrade(empty_url)
    _set_revision(empty_url, "9999")
    with pytest.raises(ConfigurationError, match="newer than this program"):
        open_ledger(empty_url)


@pytest.mark.postgres
def test_an_older_schema_on_a_shared_server_waits_for_a_person(postgres_server: str) -> None:
    url = servers.new_database(postgres_server)
    upgrade(url)
    _set_revision(url, "0001")
    with pytest.raises(ConfigurationError, match="migrate"):
        open_ledger(url)


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "not a url", "sqlite:///:memory:"])
def test_a_database_we_cannot_use_stops_the_start(url: str) -> None:
    with pytest.raises(ConfigurationError):
        open_ledger(url)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="cannot be opened"):
        open_ledger(f"postgresql://nobody@127.0.0.1:{servers.free_port()}/none")


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"this is not a database" * 100)
    with pytest.raises(ConfigurationError, match="not a database"):
        open_ledger(f"sqlite:///{path}")
