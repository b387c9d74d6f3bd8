"""One contract for every object store: the folder, S3, and the one in memory."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from connectors.memory import MemoryObjectStore
from connectors.object_store import FolderObjectStore, open_store
from connectors.object_store.keys import key_of
from models.errors import ConfigurationError, Unavailable
from pipelines.ports import ObjectStore
from tests import servers

TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[servers.S3Server]:
    with servers.s3() as server:
        yield server


@pytest.fixture
def s3_url(s3_server: servers.S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MAILROOM_S3_ACCESS_KEY", s3_server.access_key)
    monkeypatch.setenv("MAILROOM_S3_SECRET_KEY", s3_server.secret_key)
    return f"s3://mail?endpoint={s3_server.endpoint}&secure=0"


@pytest.fixture(params=["folder", "memory", pytest.param("s3", marks=pytest.mark.s3)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "memory":
        return MemoryObjectStore()
    if request.param == "s3":
        return open_store(request.getfixturevalue("s3_url"))
    return open_store(f"file://{tmp_path}/objects")


@pytest.fixture
def key() -> str:
    return key_of(sha256(uuid4().bytes).hexdigest())  # the S3 server is shared by all tests


def test_an_object_is_stored_once_and_never_overwritten(store: ObjectStore, key: str) -> None:
    assert store.put_if_absent(key, b"original")
    assert not store.put_if_absent(key, b"forged")
    assert store.get(key) == b"original"
    assert store.size(key) == 8


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 700_000], ids=["empty", "1.4 MB"])
def test_bytes_come_back_as_they_went_in(store: ObjectStore, key: str, content: bytes) -> None:
    store.put_if_absent(key, content, "application/pdf")
    assert store.get(key) == content


def test_what_is_not_there_is_said_plainly(store: ObjectStore, key: str) -> None:
    with pytest.raises(KeyError):
        store.get(key)
    assert store.size(key) is None
    store.delete(key)
    with pytest.raises(KeyError):
        store.retain_until(key, TODAY)


def test_listing_is_in_order_and_by_prefix(store: ObjectStore) -> None:
    folder = uuid4().hex
    keys = [f"{folder}/b/2", f"{folder}/a/1", f"{folder}/a/10", f"{folder}-other/1"]
    for key in keys:
        store.put_if_absent(key, b"x")
    assert list(store.list(f"{folder}/")) == sorted(keys[:3])
    assert list(store.list(f"{folder}/a/1")) == [f"{folder}/a/1", f"{folder}/a/10"]
    assert list(store.list(f"{folder}/none")) == []


def test_an_object_under_retention_cannot_be_deleted(store: ObjectStore, key: str) -> None:
    store.put_if_absent(key, b"evidence")
    store.retain_until(key, TODAY + timedelta(days=30))
    store.retain_until(key, date(2020, 1, 1))  # an earlier day takes nothing away
    with pytest.raises(PermissionError):
        store.delete(key)
    assert store.get(key) == b"evidence"


def test_an_object_whose_retention_is_over_can_be_deleted(store: ObjectStore, key: str) -> None:
    store.put_if_absent(key, b"old")
    store.retain_until(key, TODAY - timedelta(days=1))
    store.delete(key)
    assert store.size(key) is None


@pytest.mark.parametrize("bad", ["../etc/passwd", "/etc/passwd", "a//b", "", "a/../b", ".hidden", "a/.b", "A", "a b"])
def test_no_key_leaves_the_store(store: ObjectStore, bad: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        store.put_if_absent(bad, b"x")
    with pytest.raises(ValueError, match="not a key"):
        store.get(bad)


def _put(root: Path, key: str, content: bytes, answers: multiprocessing.Queue[bool]) -> None:
    answers.put(FolderObjectStore(root).put_if_absent(key, content))


def test_of_processes_that_store_the_same_name_at_once_one_wins(tmp_path: Path, key: str) -> None:
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[bool] = context.Queue()
    content = os.urandom(300_000)
    writers = [context.Process(target=_put, args=(tmp_path, key, content, answers)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(answers.get() for _ in writers) == [False, False, False, True]
    assert FolderObjectStore(tmp_path).get(key) == content
    assert not list((tmp_path / ".unfinished").iterdir())


def test_a_write_that_breaks_off_leaves_no_object(tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderObjectStore(tmp_path)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="No space left"):
        store.put_if_absent(key, b"half")
    monkeypatch.undo()
    assert store.size(key) is None
    assert not list((tmp_path / ".unfinished").iterdir())


@pytest.mark.s3
def test_the_server_itself_refuses_a_second_write(s3_url: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two writers that both saw nothing there: `If-None-Match` lets one of them through."""
    store = open_store(s3_url)
    monkeypatch.setattr(type(store), "size", lambda _store, _key: None)
    assert store.put_if_absent(key, b"first")
    assert not store.put_if_absent(key, b"second")
    assert store.get(key) == b"first"


@pytest.mark.s3
def test_wrong_keys_are_unavailable_not_a_traceback(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILROOM_S3_SECRET_KEY", "wrong")
    with pytest.raises(Unavailable):
        open_store(s3_url)


def test_a_store_nobody_serves_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILROOM_S3_ACCESS_KEY", "a")
    monkeypatch.setenv("MAILROOM_S3_SECRET_KEY", "b")
    with pytest.raises(Unavailable, match="does not answer"):
        open_store(f"s3://mail?endpoint=127.0.0.1:{servers.free_port()}&secure=0")


@pytest.mark.parametrize("url", ["ftp://x/y", "s3://bucket", "s3://?endpoint=h:1", "file://host/share", ""])
def test_a_wrong_url_stops_the_start(url: str) -> None:
    with pytest.raises(ConfigurationError):
        open_store(url)


def test_missing_keys_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAILROOM_S3_ACCESS_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="keys"):
        open_store("s3://mail?endpoint=127.0.0.1:1&secure=0")
