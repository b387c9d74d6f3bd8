"""A backup can be restored, and the drill says so only where every row and every hash is right."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from connectors.backup import back_up, drill, newest, restore
from connectors.database import DatabaseLedger, open_ledger
from connectors.object_store import FolderObjectStore
from connectors.object_store.keys import key_of
from models.errors import ConfigurationError
from tests import servers
from tests.connectors.samples import MONDAY, add_items, claim

CONTENTS = [f"letter {n}".encode() for n in range(3)]


@pytest.fixture
def store(tmp_path: Path) -> FolderObjectStore:
    return FolderObjectStore(tmp_path / "objects")


@pytest.fixture
def filled(ledger: DatabaseLedger, store: FolderObjectStore) -> DatabaseLedger:
    """Three letters received, their bytes in the store."""
    with ledger.write() as books:
        books.claims.upsert([claim("C-1")])
        for content in CONTENTS:
            digest = sha256(content).hexdigest()
            store.put_if_absent(key_of(digest), content)
            add_items(books, content.decode(), sha256=digest)
    return ledger


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """Where to restore to, on the same engine."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/restored/ledger.sqlite"
    else:
        yield servers.new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture(autouse=True)
def _programs_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = servers.postgres_folder()
    if folder:
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_what_was_saved_comes_back(
    filled: DatabaseLedger, database_url: str, store: FolderObjectStore, empty_url: str, tmp_path: Path
) -> None:
    made = back_up(database_url, store, tmp_path / "backups", MONDAY)
    assert made.whole
    assert (made.objects, made.rows["receipts"], made.rows["claims"]) == (3, 3, 1)
    with filled.write() as books:
        add_items(books, "after the backup.pdf")
    other = FolderObjectStore(tmp_path / "other objects")
    assert newest(tmp_path / "backups") == made.folder
    restored = restore(made.folder, empty_url, other)
    assert restored.whole
    assert restored.rows == made.rows
    opened = open_ledger(empty_url)
    with opened.read() as books:
        assert books.claims.get("C-1") == claim("C-1")
        assert len(books.items.unfinished_receipts()) == 3
    opened.close()
    assert sorted(other.get(key) for key in other.list()) == CONTENTS


def test_nothing_is_restored_over_a_ledger(
    filled: DatabaseLedger, database_url: str, store: FolderObjectStore, tmp_path: Path
) -> None:
    made = back_up(database_url, store, tmp_path / "backups", MONDAY)
    with pytest.raises(ConfigurationError, match="already"):
        restore(made.folder, database_url, store)


def test_the_drill_restores_elsewhere_and_leaves_nothing(
    filled: DatabaseLedger,
    database_url: str,
    store: FolderObjectStore,
    empty_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MAILROOM_DRILL_DATABASE_URL", empty_url)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    made = back_up(database_url, store, tmp_path / "backups", MONDAY)
    assert drill(made.folder).whole
    assert not list((tmp_path).glob("tmp/mailroom-drill-*"))


SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@SQLITE_ONLY
@pytest.mark.parametrize(("content", "fault"), [(b"forged", "damaged"), (None, "missing")])
def test_the_drill_names_the_object_that_is_gone_or_changed(
    filled: DatabaseLedger,
    database_url: str,
    store: FolderObjectStore,
    tmp_path: Path,
    content: bytes | None,
    fault: str,
) -> None:
    made = back_up(database_url, store, tmp_path / "backups", MONDAY)
    path = tmp_path / "backups" / "objects" / key_of(sha256(CONTENTS[1]).hexdigest())
    path.unlink() if content is None else path.write_bytes(content)
    found = drill(made.folder)
    assert not found.whole
    assert any(path.name in named and fault in named for named in found.faults)


@SQLITE_ONLY
def test_the_backup_itself_names_an_original_that_was_lost(
    filled: DatabaseLedger, database_url: str, store: FolderObjectStore, tmp_path: Path
) -> None:
    lost = key_of(sha256(CONTENTS[0]).hexdigest())
    store.delete(lost)
    made = back_up(database_url, store, tmp_path / "backups", MONDAY)
    assert made.faults == (f"{lost}: missing, a receipt names it",)


@SQLITE_ONLY
def test_a_damaged_or_unfinished_backup_is_not_restored(
    filled: DatabaseLedger, database_url: str, store: FolderObjectStore, tmp_path: Path
) -> None:
    made = back_up(database_url, store, tmp_path / "backups", MONDAY)
    (tmp_path / "backups" / "20990101T000000Z").mkdir()  # broke off
    assert newest(tmp_path / "backups") == made.folder
    with (made.folder / "ledger.sqlite").open("r+b") as file:
        file.seek(5_000)
        file.write(b"XXXX")
    with pytest.raises(ConfigurationError, match="damaged"):
        drill(made.folder)
    with pytest.raises(ConfigurationError, match="no finished backup"):
        drill(tmp_path / "backups" / "20990101T000000Z")
    with pytest.raises(ConfigurationError, match="no finished backup"):
        newest(tmp_path)


@SQLITE_ONLY
def test_a_second_backup_copies_only_new_objects(
    filled: DatabaseLedger, database_url: str, store: FolderObjectStore, tmp_path: Path
) -> None:
    first = back_up(database_url, store, tmp_path / "backups", MONDAY)
    saved = tmp_path / "backups" / "objects" / key_of(sha256(CONTENTS[0]).hexdigest())
    written_at = saved.stat().st_mtime_ns
    second = back_up(database_url, store, tmp_path / "backups", MONDAY + timedelta(days=1))
    assert saved.stat().st_mtime_ns == written_at
    assert newest(tmp_path / "backups") == second.folder != first.folder
    with pytest.raises(ConfigurationError, match="already"):
        back_up(database_url, store, tmp_path / "backups", MONDAY)
