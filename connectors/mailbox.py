"""A mailbox over IMAP: each message received exactly once, moved away only after it is safe.

The key of a message is (account, folder, UIDVALIDITY, UID). The raw bytes are taken without setting a flag; once
`receive` has returned they are safe, and the message is moved to Processed. A crash in between reads it again under
the same key, which receives nothing twice. One consumer a mailbox.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailboxLoginError, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.imap_utf7 import utf7_encode

from models.errors import ConfigurationError, Unavailable
from models.item import Channel
from pipelines.opening.headers import SET_ASIDE
from pipelines.receive import receive as receive_file
from pipelines.services import Services

Receive = Callable[[bytes, str, str, str, datetime], None]
"""receive(content, file_name, source_key, origin, received_at): returns once the bytes are safe."""

TIMEOUT_SECONDS = 30.0
MOST_FAILURES = 3  # then the message goes to quarantine
WHOLE, HEAD = "BODY.PEEK[]", "BODY.PEEK[HEADER]<0.65536>"
LARGEST_MESSAGE = 200 * 1024 * 1024  # bytes: beyond, it goes to quarantine unread
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_FAILED = "$MailroomFailed"  # keyword on the message, with a digit: failures survive a restart


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """`imaps://user:password@host:993/INBOX?processed=Processed&quarantine=Quarantine`."""

    scheme: str  # imaps, imap+starttls, imap (loopback only)
    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    processed: str = "Processed"
    quarantine: str = "Quarantine"

    @property
    def origin(self) -> str:
        """Without the password: fit for the ledger and the log."""
        return f"{self.scheme}://{self.user}@{self.host}:{self.port}/{self.folder}"

    @classmethod
    def parse(cls, url: str) -> MailboxAddress:
        """Raises ConfigurationError, never showing the password."""
        try:
            parts = urlsplit(url)
            port = parts.port or (993 if parts.scheme == "imaps" else 143)
        except ValueError as error:
            raise ConfigurationError("the mailbox URL cannot be read", "imaps://user:password@host/INBOX") from error
        if parts.scheme not in ("imaps", "imap+starttls", "imap") or not parts.hostname or not parts.username:
            raise ConfigurationError("the mailbox URL is incomplete", "imaps://user:password@host/INBOX")
        if parts.scheme == "imap" and parts.hostname not in _LOOPBACK:
            raise ConfigurationError("a password is not sent in the clear", "use imaps:// or imap+starttls://")
        choices = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        return cls(
            parts.scheme,
            parts.hostname,
            port,
            unquote(parts.username),
            unquote(parts.password or ""),
            unquote(parts.path.strip("/")) or "INBOX",
            choices.get("processed", "Processed"),
            choices.get("quarantine", "Quarantine"),
        )


@dataclass(slots=True)
class Taken:
    """What one visit did."""

    received: int = 0
    failed: int = 0  # left in the folder for the next visit
    quarantined: int = 0


def fetch_new(url: str, services: Services) -> Taken:
    """One visit. Raises Unavailable, ConfigurationError."""

    def receive(content: bytes, file_name: str, source_key: str, origin: str, received_at: datetime) -> None:
        receive_file(
            services,
            file_name,
            content,
            channel=Channel.EMAIL,
            origin=origin,
            source_key=source_key,
            received_at=received_at,
        )

    return visit(MailboxAddress.parse(url), receive)


def visit(address: MailboxAddress, receive: Receive) -> Taken:
    """Takes every message that lies in the folder now, oldest first.

    Unavailable from `receive` ends the visit and is raised on: nothing is counted against the message. Any other
    error counts one failure of that message, and the next one is taken.
    """
    taken = Taken()
    with _logged_in(address) as box:
        folder = _Folder(box, address)
        for uid in folder.waiting():
            _take(folder, uid, receive, taken)
    return taken


def _take(folder: _Folder, uid: int, receive: Receive, taken: Taken) -> None:
    """A message set aside stays in the mailbox; its head is received, so that it holds as a file nobody could read."""
    failures, size = folder.failures(uid), folder.size(uid)
    aside = f"{size / 1e6:.0f} MB" if size > LARGEST_MESSAGE else f"{failures} x" if failures >= MOST_FAILURES else ""
    try:
        content, received_at = folder.fetch(uid, HEAD if aside else WHOLE)
        if aside:
            content = f"{SET_ASIDE}: {aside}\r\n".encode() + content
        name = f"{folder.address.folder.replace('/', '-')}-{folder.validity}-{uid}.eml"
        receive(content, name, folder.key(uid), folder.address.origin, received_at)
    except (Unavailable, OSError, imaplib.IMAP4.abort):
        raise
    except Exception:  # whatever this message does to the intake must not stop the ones behind it
        folder.mark_failed(uid, failures + 1)
        taken.failed += 1
        return
    folder.move(uid, folder.address.quarantine if aside else folder.address.processed)
    taken.quarantined += bool(aside)
    taken.received += not aside


@contextmanager
def _logged_in(address: MailboxAddress) -> Iterator[BaseMailBox]:
    try:
        box = _connected(address)
        box.login(address.user, address.password, initial_folder=None)
    except MailboxLoginError as error:
        raise ConfigurationError(f"{address.origin} refuses the login", "check user and password") from error
    except (OSError, imaplib.IMAP4.error) as error:
        raise Unavailable(f"{address.origin} does not answer", "it is tried again at the next visit") from error
    try:
        yield box
    except (OSError, imaplib.IMAP4.abort) as error:
        raise Unavailable(f"{address.origin} broke off", "it is tried again at the next visit") from error
    finally:
        try:
            box.logout()
        except (OSError, imaplib.IMAP4.error):
            box.client.shutdown()


def _connected(address: MailboxAddress) -> BaseMailBox:
    if address.scheme == "imaps":
        return MailBox(address.host, address.port, TIMEOUT_SECONDS, ssl_context=ssl.create_default_context())
    if address.scheme == "imap+starttls":
        return MailBoxStartTls(address.host, address.port, TIMEOUT_SECONDS, ssl_context=ssl.create_default_context())
    return MailBoxUnencrypted(address.host, address.port, TIMEOUT_SECONDS)


class _Folder:
    """The selected folder and the few commands we need of it, by UID."""

    def __init__(self, box: BaseMailBox, address: MailboxAddress) -> None:
        self.address = address
        self._client: Any = box.client
        for name in (address.processed, address.quarantine):
            if not box.folder.exists(name):
                box.folder.create(name)
        box.folder.set(address.folder)
        self.validity = self._validity()
        self._can = self._capabilities()

    def waiting(self) -> list[int]:
        """UIDs of what is not marked deleted, rising."""
        found = self._uid("SEARCH", "UNDELETED")
        return sorted(int(uid) for line in found if isinstance(line, bytes) for uid in line.split())

    def key(self, uid: int) -> str:
        account = f"{self.address.user}@{self.address.host}:{self.address.port}"
        return f"imap:{account}/{self.address.folder}#{self.validity}:{uid}"

    def fetch(self, uid: int, what: str) -> tuple[bytes, datetime]:
        """Raw bytes of the message or its head, and when the server took the message in (UTC). Sets no flag."""
        for answer in self._uid("FETCH", str(uid), f"(INTERNALDATE {what})"):
            if isinstance(answer, tuple):
                return bytes(answer[1]), _internal_date(answer[0])
        raise ValueError(f"message {uid} has no body")

    def size(self, uid: int) -> int:
        answer = self._uid("FETCH", str(uid), "(RFC822.SIZE)")
        found = re.search(rb"RFC822\.SIZE (\d+)", _flat(answer))
        return int(found[1]) if found else 0

    def failures(self, uid: int) -> int:
        marks = re.findall(re.escape(_FAILED.encode()) + rb"(\d)", _flat(self._uid("FETCH", str(uid), "(FLAGS)")))
        return max((int(mark) for mark in marks), default=0)

    def mark_failed(self, uid: int, failures: int) -> None:
        self._uid("STORE", str(uid), "+FLAGS.SILENT", f"({_FAILED}{min(failures, 9)})")

    def move(self, uid: int, folder: str) -> None:
        """MOVE where the server can (RFC 6851); else copied, marked deleted, and only this one expunged."""
        target = utf7_encode(folder)
        quoted = b'"' + target.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
        if "MOVE" in self._can:
            self._uid("MOVE", str(uid), quoted)
            return
        self._uid("COPY", str(uid), quoted)
        self._uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._can:
            self._uid("EXPUNGE", str(uid))

    def _uid(self, command: str, *given: Any) -> list[Any]:
        status, answer = self._client.uid(command, *given)
        if status != "OK":
            raise Unavailable(f"{self.address.origin} refuses {command}")
        return list(answer)

    def _validity(self) -> int:
        _, values = self._client.response("UIDVALIDITY")
        if not values or values[0] is None:
            raise Unavailable(f"{self.address.origin} names no UIDVALIDITY")
        return int(values[0])

    def _capabilities(self) -> frozenset[str]:
        """Asked after login: before it servers name fewer."""
        _, answer = self._client.capability()
        return frozenset(_flat(answer).decode("ascii", "replace").upper().split())


def _flat(answer: list[Any]) -> bytes:
    pieces: list[bytes] = []
    for part in answer:
        pieces += [piece for piece in (part if isinstance(part, tuple) else (part,)) if isinstance(piece, bytes)]
    return b" ".join(pieces)


def _internal_date(head: bytes) -> datetime:
    moment = imaplib.Internaldate2tuple(head)  # in local time
    return datetime.fromtimestamp(time.mktime(moment), UTC) if moment else datetime.now(UTC)
