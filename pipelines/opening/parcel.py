"""What comes out of a file that holds no pages of its own: a text, its headers, and what was enclosed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from models.errors import DocumentRefused
from models.reading import EmailHeaders
from ocr.documents import FileKind, Limits

UNREAD = "attachment_unread"  # first word of a note on something enclosed that was kept but not read
IGNORED = "logo_ignored"  # first word of a note on a small picture in the layout of a message


@dataclass(frozen=True, slots=True)
class Enclosure:
    """Something enclosed: pages to be read (`content`), or words already (`text`)."""

    name: str
    kind: FileKind
    content: bytes = b""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A message, a text or an archive laid open, everything inside it on one level, in order."""

    text: str
    email: EmailHeaders | None = None
    enclosures: tuple[Enclosure, ...] = ()
    returned: str = ""  # our own message, sent back inside a bounce: quoted, never new
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Budget:
    """What is left for everything inside one file, however deep; and the notes made on the way."""

    limits: Limits
    unpacked: int = 0
    members: int = 0
    notes: list[str] = field(default_factory=list)

    def take(self, size: int) -> None:
        """Raises DocumentRefused("bomb") once parts or bytes go beyond the limits."""
        self.unpacked += size
        self.members += 1
        if self.unpacked > self.limits.unpacked_bytes:
            raise DocumentRefused("bomb", f"more than {self.limits.unpacked_bytes} bytes inside")
        if self.members > self.limits.members:
            raise DocumentRefused("bomb", f"more than {self.limits.members} parts inside")

    @property
    def bytes_left(self) -> int:
        return self.limits.unpacked_bytes - self.unpacked

    def deeper(self, depth: int) -> int:
        """The next level. Raises DocumentRefused("too_deep")."""
        if depth + 1 > self.limits.nesting:
            raise DocumentRefused("too_deep", f"more than {self.limits.nesting} levels")
        return depth + 1

    def unread(self, name: str, why: str) -> None:
        self.notes.append(f"{UNREAD}: {name} ({why})")

    def ignored(self, name: str) -> None:
        self.notes.append(f"{IGNORED}: {name}")


def clean_name(name: str | None, otherwise: str) -> str:
    """A file name fit to be shown: no folders, no control characters, at most 120 characters."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(character for character in last if character.isprintable()).strip()
    return shown[-120:] or otherwise


def joined(texts: Iterable[str]) -> str:
    return "\n\n".join(text.strip() for text in texts if text.strip())
