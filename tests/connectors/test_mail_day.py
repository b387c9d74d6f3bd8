"""Taking in: what lies at the door is received whole, each source for itself, and only then put away."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors import mail_day
from connectors.building import building, close_buildings
from connectors.mail_day import begin_day, take_in
from models.errors import ConfigurationError, Unavailable
from models.item import Receipt
from pipelines.receive import object_key
from settings import Settings, read_settings

NOBODY = "imap://camille:secret@127.0.0.1:9/INBOX"  # the discard port: nothing listens there


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setattr(mail_day, "_QUIET_SECONDS", -1.0)  # a file just written counts as whole
    (tmp_path / "inbox").mkdir()
    yield read_settings(data=tmp_path / "data", inbox=tmp_path / "inbox")
    close_buildings()


def laid(settings: Settings, name: str, content: bytes) -> Path:
    assert settings.inbox is not None
    path = settings.inbox / name
    path.write_bytes(content)
    return path


def received(settings: Settings) -> list[tuple[str, bytes]]:
    services = building(settings).services
    with services.ledger.read() as books:
        receipts = [books.items.receipt(one) for one in books.items.unfinished_receipts()]
    found = [one for one in receipts if one is not None]
    return [(one.file_name, services.objects.get(object_key(one.sha256))) for one in found]


def test_a_file_written_to_while_it_was_received_stays_and_is_received_whole_the_next_time(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, receive_one = laid(settings, "scan.pdf", b"half a letter"), mail_day._receive_one

    def while_the_scanner_writes(*given: Any) -> Receipt:
        receipt = receive_one(*given)
        path.write_bytes(b"half a letter and the other half")
        return receipt

    monkeypatch.setattr(mail_day, "_receive_one", while_the_scanner_writes)
    take_in(settings)
    assert path.exists()
    monkeypatch.setattr(mail_day, "_receive_one", receive_one)
    take_in(settings)
    assert not path.exists()
    assert [content for _name, content in received(settings)] == [b"half a letter", b"half a letter and the other half"]


def test_a_file_that_cannot_be_put_away_is_received_once_and_stops_none_behind_it(settings: Settings) -> None:
    laid(settings, "done", b"a file where the folder should be")
    for name in ("a.pdf", "b.pdf"):
        laid(settings, name, name.encode())
    assert take_in(settings) == {"received": 3, "files_left": 3}
    assert take_in(settings)["files_left"] == 3
    assert sorted(name for name, _content in received(settings)) == ["a.pdf", "b.pdf", "done"]


def test_a_file_that_cannot_be_read_stops_none_behind_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    locked, receive_one = laid(settings, "a.pdf", b"a"), mail_day._receive_one
    laid(settings, "b.pdf", b"b")

    def refusing(services: Any, path: Path, *rest: Any) -> Receipt:
        if path == locked:
            raise PermissionError(13, "Permission denied")
        return receive_one(services, path, *rest)

    monkeypatch.setattr(mail_day, "_receive_one", refusing)
    assert take_in(settings) == {"received": 1, "files_left": 1}
    assert locked.exists()
    assert [name for name, _content in received(settings)] == ["b.pdf"]


def test_post_on_paper_is_received_while_the_mailbox_does_not_answer(settings: Settings) -> None:
    laid(settings, "scan.pdf", b"a letter")
    away = read_settings(data=settings.data, inbox=settings.inbox, mailbox_url=NOBODY)
    with pytest.raises(Unavailable, match="does not answer"):
        take_in(away)
    assert [name for name, _content in received(settings)] == ["scan.pdf"]
    assert os.listdir(settings.inbox) == ["done"]


def test_a_mail_day_whose_process_died_here_is_begun_again_at_once_and_a_living_one_is_left_alone(
    settings: Settings,
) -> None:
    day, host = date(2026, 6, 1), socket.gethostname()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with building(settings).ledger.write() as books:
        assert books.trail.begin_run("mail-day", day, f"{host}:{dead.pid}", 3600)
    begin_day(settings, day)
    for living in (f"{host}:{os.getppid()}", f"another-machine:{dead.pid}"):
        with building(settings).ledger.write() as books:
            books.trail.end_run("mail-day", day, {})
            assert books.trail.begin_run("mail-day", day, living, 3600)
        with pytest.raises(ConfigurationError, match="another mail day is running"):
            begin_day(settings, day)
