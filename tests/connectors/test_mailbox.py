"""A mailbox on a real IMAP server (Dovecot on this machine): exactly once, whatever breaks."""

from __future__ import annotations

import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors import mailbox
from connectors.mailbox import MailboxAddress, Taken, visit
from models.errors import ConfigurationError, Unavailable

CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
listen = 127.0.0.1
protocols = imap
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{home}/mail/%u
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """Port of a throwaway Dovecot."""
    binary = shutil.which("dovecot") or "/usr/sbin/dovecot"
    if not Path(binary).exists() or os.geteuid() != 0:
        message = "NOT TESTED against a real IMAP server: Dovecot is missing or we are not root"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    home = Path(tempfile.mkdtemp(prefix="mailroom-imap-"))
    user = next((name for name in ("dovecot", "mail", "nobody") if _exists(name)), "nobody")
    account = pwd.getpwnam(user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    home.chmod(0o755)
    (home / "mail").mkdir()
    os.chown(home / "mail", account.pw_uid, account.pw_gid)
    group = subprocess.run(["id", "-gn", user], capture_output=True, text=True, check=True).stdout.strip()
    config = home / "dovecot.conf"
    uid_range = f"first_valid_uid = {account.pw_uid}\nfirst_valid_gid = 0\n"
    config.write_text(CONFIG.format(home=home, port=port, user=user, group=group) + uid_range)
    process = subprocess.Popen([binary, "-F", "-c", str(config)], stderr=subprocess.PIPE)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        shutil.rmtree(home, ignore_errors=True)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            if process.poll() is not None:
                pytest.fail(f"Dovecot did not start: {process.stderr.read().decode() if process.stderr else ''}")
            time.sleep(0.1)
    pytest.fail("Dovecot does not answer")


@dataclass
class Received:
    """Stands for the ledger: one row a source key, as its unique index would keep."""

    rows: dict[str, bytes] = field(default_factory=dict)
    calls: int = 0
    arrived: list[datetime] = field(default_factory=list)

    def __call__(self, content: bytes, file_name: str, source_key: str, origin: str, received_at: datetime) -> None:
        assert file_name.endswith(".eml")
        assert "secret" not in origin + source_key
        self.calls += 1
        self.rows.setdefault(source_key, content)
        self.arrived.append(received_at)


@pytest.fixture
def address(server: int, request: pytest.FixtureRequest) -> MailboxAddress:
    user = request.node.name[:40].translate({ord(c): "_" for c in "[]- "})
    return MailboxAddress.parse(f"imap://{user}:secret@127.0.0.1:{server}/INBOX")


def client(address: MailboxAddress) -> imaplib.IMAP4:
    connection = imaplib.IMAP4(address.host, address.port)
    connection.login(address.user, address.password)
    return connection


def deliver(address: MailboxAddress, *bodies: bytes) -> None:
    connection = client(address)
    for body in bodies:
        connection.append("INBOX", "", imaplib.Time2Internaldate(1_780_000_000), body)
    connection.logout()


def count(address: MailboxAddress, folder: str) -> int:
    connection = client(address)
    status, answer = connection.select(folder, readonly=True)
    connection.logout()
    return int(answer[0] or b"0") if status == "OK" else 0


LETTER = b"From: a@b.example\r\nSubject: Dossier\r\n\r\nJ'ai pay\xe9.\r\n"


def test_a_message_is_received_as_it_came_and_moved_away(address: MailboxAddress) -> None:
    deliver(address, LETTER, LETTER.replace(b"Dossier", b"Autre"))
    received = Received()
    assert visit(address, received) == Taken(received=2)
    assert next(iter(received.rows.values())) == LETTER
    assert received.arrived[0] == datetime.fromtimestamp(1_780_000_000, UTC)
    assert (count(address, "INBOX"), count(address, "Processed")) == (0, 2)
    assert visit(address, received) == Taken()
    assert received.calls == 2


def test_a_crash_after_the_commit_receives_nothing_twice(
    address: MailboxAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(address, LETTER)
    received = Received()

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(mailbox._Folder, "move", crash)
        with pytest.raises(KeyboardInterrupt):
            visit(address, received)
    assert count(address, "INBOX") == 1
    visit(address, received)
    assert (received.calls, len(received.rows)) == (2, 1)
    assert (count(address, "INBOX"), count(address, "Processed")) == (0, 1)


def test_the_world_at_fault_leaves_the_message_untouched(address: MailboxAddress) -> None:
    deliver(address, LETTER)

    def unavailable(*_: object) -> None:
        raise Unavailable("the store does not answer")

    for _ in range(mailbox.MOST_FAILURES + 1):
        with pytest.raises(Unavailable, match="store"):
            visit(address, unavailable)
    assert visit(address, Received()) == Taken(received=1)


def test_a_message_that_always_fails_goes_to_quarantine_and_does_not_stop_the_others(address: MailboxAddress) -> None:
    deliver(address, LETTER.replace(b"Dossier", b"poison"), LETTER)
    received = Received()
    heads: list[tuple[bytes, str]] = []

    def choosy(content: bytes, file_name: str, source_key: str, origin: str, received_at: datetime) -> None:
        if content.startswith(b"X-Mailroom-Set-Aside: 3 x"):
            heads.append((content, source_key))
            return
        if b"poison" in content:
            raise ValueError("cannot be taken")
        received(content, file_name, source_key, origin, received_at)

    assert visit(address, choosy) == Taken(received=1, failed=1)
    for _ in range(mailbox.MOST_FAILURES - 1):
        assert visit(address, choosy) == Taken(failed=1)
    assert visit(address, choosy) == Taken(quarantined=1)
    assert (count(address, "INBOX"), count(address, "Quarantine")) == (0, 1)
    ((head, key),) = heads
    assert b"Subject:" in head
    assert key not in received.rows


def test_a_server_without_move_is_served_by_copy_and_delete(
    address: MailboxAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(address, LETTER)
    monkeypatch.setattr(mailbox._Folder, "_capabilities", lambda self: frozenset({"UIDPLUS"}))
    assert visit(address, Received()) == Taken(received=1)
    assert (count(address, "INBOX"), count(address, "Processed")) == (0, 1)


def test_a_message_too_large_is_not_even_fetched(address: MailboxAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(address, LETTER)
    monkeypatch.setattr(mailbox, "LARGEST_MESSAGE", 10)
    received = Received()
    monkeypatch.setattr(mailbox, "WHOLE", "nothing at all")
    assert visit(address, received) == Taken(quarantined=1)
    (content,) = received.rows.values()
    assert content.startswith(b"X-Mailroom-Set-Aside: 0 MB\r\n")
    assert LETTER.partition(b"\r\n\r\n")[2].strip() not in content


def test_folders_with_accents_are_spoken_to_in_their_own_encoding(server: int) -> None:
    base = f"imap://accents:secret@127.0.0.1:{server}/INBOX?processed=Trait%C3%A9s"
    address = MailboxAddress.parse(base)
    deliver(address, LETTER)
    assert visit(address, Received()) == Taken(received=1)
    assert count(address, "Trait&AOk-s") == 1


def test_keys_tell_mailboxes_folders_and_their_generations_apart(address: MailboxAddress) -> None:
    deliver(address, LETTER)
    first = Received()
    visit(address, first)
    connection = client(address)
    connection.create("Other")
    connection.append("Other", "", imaplib.Time2Internaldate(time.time()), LETTER)
    connection.logout()
    elsewhere = MailboxAddress.parse(f"imap://{address.user}:secret@127.0.0.1:{address.port}/Other")
    visit(elsewhere, first)
    assert len(first.rows) == 2


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unavailable, match="does not answer"):
        visit(MailboxAddress.parse(f"imap://a:b@127.0.0.1:{port}/INBOX"), Received())


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("imap://user:secret@mail.example/INBOX", "in the clear"),
        ("https://user:secret@mail.example/", "incomplete"),
        ("imaps://mail.example/INBOX", "incomplete"),
        ("imaps://user:secret@mail.example:port/INBOX", "cannot be read"),
    ],
)
def test_a_wrong_address_is_told_without_the_password(url: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as raised:
        MailboxAddress.parse(url)
    assert "secret" not in str(raised.value)


def test_an_address_may_carry_signs_of_its_own() -> None:
    address = MailboxAddress.parse("imaps://desk%40agency.example:p%2Fw@mail.example/Courrier%20re%C3%A7u")
    assert (address.user, address.password, address.folder, address.port) == (
        "desk@agency.example",
        "p/w",
        "Courrier reçu",
        993,
    )
