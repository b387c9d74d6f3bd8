"""What was read: words with boxes and confidences, pages, parts, e-mail headers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from models.cheque import ChequeReading

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on an upright page, in fractions (0..1) of its width and height from the top left.

    `page` counts from 1 in the file as received.
    """

    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A value with its doubt. `None` where a `Read` could stand means not there, never not sure."""

    value: T
    confidence: float  # 0..1, calibrated where the reader says so
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    box: Box
    confidence: float  # 0..1
    line: int = 0  # number of the line on its page, in reading order


@dataclass(frozen=True, slots=True)
class Barcode:
    """`symbology`: Code128, DataMatrix, QRCode, S10, PatchT ..."""

    symbology: str
    text: str
    box: Box | None = None


class PartKind(StrEnum):
    """What the pages of an item are. The names of `documents[].kind` in the results."""

    LETTER = "letter"
    CHEQUE = "cheque"
    CHEQUE_BACK = "cheque_back"
    PAYMENT_SLIP = "payment_slip"
    REPLY_FORM = "reply_form"
    ENVELOPE = "envelope"
    PROOF_OF_PAYMENT = "proof_of_payment"
    IDENTITY = "identity"
    COURT_DOCUMENT = "court_document"
    EMAIL = "email"
    ATTACHMENT = "attachment"
    BLANK = "blank"
    SEPARATOR = "separator"


@dataclass(frozen=True, slots=True)
class Tick:
    """One box of a printed form that somebody ticked, and the words printed beside it."""

    label: str
    confidence: float
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page, upright. `number` counts from 1 in the file; attachments go on counting after the body.

    `rotation` (0, 90, 180, 270 degrees clockwise) and `skew` (degrees clockwise) were applied to make it upright.
    `preview` is the SHA-256 of a JPEG of the upright page in the object store, for the desk.
    """

    number: int
    text: str
    words: tuple[Word, ...] = ()
    confidence: float = 1.0  # mean of its words, 0..1; 1 for born-digital text
    engine: str = ""  # "pdf-text", "tesseract", "tesseract+rapidocr", "mail"
    rotation: int = 0
    skew: float = 0.0
    dpi: float | None = None
    blank: bool = False
    handwritten: bool = False
    barcodes: tuple[Barcode, ...] = ()
    ticks: tuple[Tick, ...] = ()
    preview: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Pages that belong together and what they are; `detail` is e.g. the reason ticked on a postal sticker."""

    kind: PartKind
    pages: tuple[int, ...]
    text: str = ""
    name: str = ""  # file name of an attachment
    detail: str = ""


@dataclass(frozen=True, slots=True)
class EmailHeaders:
    """`authentication` keeps what the receiving server found (spf, dkim, dmarc), as written."""

    sender_name: str
    sender_address: str
    to: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    message_id: str = ""
    in_reply_to: str = ""
    automatic: bool = False  # automatic reply, bounce, receipt
    authentication: str = ""


@dataclass(frozen=True, slots=True)
class ItemReading:
    """Everything that was read in one item.

    `text` is all of it in reading order. `new_text` is what the person writes now: for an e-mail without the
    quoted thread, signature and disclaimer; for paper, the letter and forms without our own quoted words.
    """

    text: str
    new_text: str
    quoted_text: str = ""
    pages: tuple[Page, ...] = ()
    parts: tuple[Part, ...] = ()
    email: EmailHeaders | None = None
    cheques: tuple[ChequeReading, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)  # CPU seconds by step
    notes: tuple[str, ...] = ()  # attachments left unread and why, pages bounded away

    @property
    def part_kinds(self) -> frozenset[PartKind]:
        return frozenset(part.kind for part in self.parts)

    @property
    def confidence(self) -> float:
        """Mean over the pages that carry text; 1 where there is none to doubt."""
        shares = [page.confidence for page in self.pages if page.text.strip()]
        return sum(shares) / len(shares) if shares else 1.0
