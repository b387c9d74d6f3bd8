"""Read: everything one item says, page by page and enclosure by enclosure, with pictures of the pages for the desk."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from classifiers.quoted import split_quoted
from models.cheque import ChequeReading
from models.errors import DocumentRefused
from models.reading import ItemReading, Page, Part, PartKind, Word
from ocr.cheque import ChequeReader
from ocr.cheque.backs import with_backs
from ocr.documents import DEFAULT_LIMITS, Document, FileKind, Limits, PageSource, open_document, sniff
from ocr.documents_kinds import PAGED
from ocr.documents_preview import PREVIEW_DPI, preview_of, renumbered, with_words_in_pictures
from ocr.images import PageImage, Pixels
from ocr.page import PageRead, PageReader
from ocr.parts import assemble, kind_of_page
from pipelines.opening import Enclosure, Opened, open_file
from pipelines.opening.parcel import UNREAD

_ENCLOSED_LETTERS = frozenset({PartKind.LETTER, PartKind.REPLY_FORM, PartKind.ATTACHMENT, PartKind.EMAIL})
# Paper that carries printed words of ours or of others, not what the sender writes now.
_SILENT_PAPER = frozenset(
    {
        *(PartKind.CHEQUE, PartKind.CHEQUE_BACK, PartKind.PAYMENT_SLIP, PartKind.ENVELOPE, PartKind.BLANK),
        *(PartKind.SEPARATOR, PartKind.IDENTITY, PartKind.PROOF_OF_PAYMENT),
    }
)
_SHORT_BODY = 25  # words: a message this short speaks through what it encloses
_MAIL, _FILE_TEXT = "mail", "text"


class ReadsCheques(Protocol):
    """ocr.cheque.ChequeReader keeps this promise."""

    def read(
        self, upright: Pixels, dpi: float, page_number: int, received_on: date, words: Sequence[Word], /
    ) -> tuple[ChequeReading, ...]: ...


class ReadsPages(Protocol):
    """ocr.page.PageReader keeps this promise."""

    def read(self, image: PageImage, number: int) -> PageRead: ...


@dataclass(slots=True)
class ReadingTools:
    """The readers of one process, built once.

    `own_domains`: our mail domains, whose words are always quoted. `on_page` is called before each page.
    """

    page_reader: ReadsPages
    cheque_reader: ReadsCheques | None = None
    own_domains: tuple[str, ...] = ()
    on_page: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class ReadResult:
    """`previews`: JPEG of each page by the SHA-256 that the page names."""

    reading: ItemReading
    previews: dict[str, bytes]


@dataclass(slots=True)
class _Work:
    """What has been read so far of one item."""

    tools: ReadingTools
    received_on: date
    limits: Limits
    pages: list[Page] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    cheques: list[ChequeReading] = field(default_factory=list)
    previews: dict[str, bytes] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Adds the CPU seconds of the block to the step's."""
        start = time.process_time()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - start


def build_tools(agency_names: Sequence[str] = (), own_domains: Sequence[str] = ()) -> ReadingTools:
    """The readers this product ships. Slow (networks are loaded): once a process."""
    return ReadingTools(PageReader(), ChequeReader(agency_names), tuple(own_domains))


def read(
    name: str,
    content: bytes,
    pages: tuple[int, int] | None,
    received_on: date,
    tools: ReadingTools,
    limits: Limits = DEFAULT_LIMITS,
) -> ReadResult:
    """Reads one item of a file: `pages` (first, last) of it, or all. Raises DocumentRefused with the reason."""
    work = _Work(tools, received_on, limits)
    if sniff(content, name) in PAGED:
        _read_paper(work, name, content, pages)
        return _paper_result(work)
    with work.step("open"):
        opened = open_file(name, content, limits)
    return _read_message(work, opened)


# -- paper


def _read_paper(work: _Work, name: str, content: bytes, pages: tuple[int, int] | None) -> None:
    with work.step("open"):
        document = open_document(name, content, work.limits)
    try:
        first, last = pages or (1, document.page_count)
        if not 1 <= first <= last <= document.page_count:
            raise DocumentRefused("truncated", f"pages {first}-{last} of {document.page_count}")
        work.parts += _read_pages(work, document, range(first, last + 1), 0)
    finally:
        document.close()


def _read_pages(work: _Work, document: Document, numbers: range, offset: int) -> tuple[Part, ...]:
    """Pages `numbers` of the document, counted on from `offset`; their parts."""
    kinds: list[tuple[Page, PartKind, str]] = []
    cheque_pages: list[int] = []
    for number in numbers:
        work.tools.on_page()
        with work.step("open"):
            source = document.page(number)
        page, upright, dpi = _read_page(work, source, document, offset + number)
        cheques = _read_cheques(work, page, upright, dpi)
        with work.step("parts"):
            kind, detail = kind_of_page(page, upright, cheques)
        page = _with_preview(work, page, upright)
        work.pages.append(page)
        work.cheques += cheques
        cheque_pages += [cheque.page for cheque in cheques]
        kinds.append((page, kind, detail))
    with work.step("parts"):
        parts = assemble(kinds, cheque_pages)
        work.cheques[:] = with_backs(work.cheques, work.pages, parts)
    return parts


def _read_page(work: _Work, source: PageSource, document: Document, number: int) -> tuple[Page, Pixels, float]:
    """The page with its words, and the picture of it standing upright."""
    if source.text is not None and source.image is None:
        with work.step("open"):
            drawn = document.image(source.number, dpi=PREVIEW_DPI)
        return renumbered(source.text, number), drawn.gray, drawn.dpi or PREVIEW_DPI
    if source.image is None:
        raise DocumentRefused("truncated", f"page {number} is empty")
    seen = work.tools.page_reader.read(source.image, number)
    for step, spent in seen.seconds.items():
        work.seconds[step] = work.seconds.get(step, 0.0) + spent
    if source.text is None:
        return seen.page, seen.upright, seen.dpi
    return with_words_in_pictures(renumbered(source.text, number), seen.page, source), seen.upright, seen.dpi


def _read_cheques(work: _Work, page: Page, upright: Pixels, dpi: float) -> tuple[ChequeReading, ...]:
    """Born-digital and blank pages hold no cheque."""
    if work.tools.cheque_reader is None or page.blank or page.engine == "pdf-text":
        return ()
    with work.step("cheque"):
        return work.tools.cheque_reader.read(upright, dpi, page.number, work.received_on, page.words)


def _with_preview(work: _Work, page: Page, upright: Pixels) -> Page:
    with work.step("preview"):
        sha256, jpeg = preview_of(upright)
    work.previews[sha256] = jpeg
    return replace(page, preview=sha256)


def _paper_result(work: _Work) -> ReadResult:
    text = _joined(page.text for page in work.pages)
    spoken = _joined(part.text for part in work.parts if part.kind not in _SILENT_PAPER)
    new = spoken if len(spoken.split()) >= _SHORT_BODY else text
    return ReadResult(_reading(work, text, new), work.previews)


# -- messages, texts, archives


def _read_message(work: _Work, opened: Opened) -> ReadResult:
    headers = opened.email
    subject = headers.subject if headers else ""
    work.notes += opened.notes
    body_kind, engine = (PartKind.EMAIL, _MAIL) if headers else (PartKind.LETTER, _FILE_TEXT)
    body = _joined((subject, opened.text))
    work.pages.append(Page(1, body, engine=engine))
    work.parts.append(Part(body_kind, (1,), body))
    for enclosure in opened.enclosures:
        _read_enclosure(work, enclosure)
    text = _joined([page.text for page in work.pages] + [opened.returned])
    if headers is None:
        return ReadResult(_reading(work, text, text), work.previews)
    with work.step("quoted"):
        cut = split_quoted(opened.text, work.tools.own_domains)
    new = _joined((subject, cut.new, *_speaking_enclosures(work, cut.new)))
    quoted = _joined((cut.quoted, opened.returned))
    return ReadResult(replace(_reading(work, text, new), quoted_text=quoted, email=headers), work.previews)


def _read_enclosure(work: _Work, enclosure: Enclosure) -> None:
    """Its pages numbered on from those before. What cannot be opened is kept and named; it does not stop the rest."""
    last = len(work.pages)
    if enclosure.kind not in PAGED:
        work.pages.append(Page(last + 1, enclosure.text, engine=_FILE_TEXT))
        kind = PartKind.EMAIL if enclosure.kind is FileKind.EMAIL else PartKind.ATTACHMENT
        work.parts.append(Part(kind, (last + 1,), enclosure.text, enclosure.name))
        return
    try:
        document = open_document(enclosure.name, enclosure.content, work.limits)
        try:
            if last + document.page_count > work.limits.pages:
                raise DocumentRefused("too_many_pages", f"{last + document.page_count} pages")
            found = _read_pages(work, document, range(1, document.page_count + 1), last)
        finally:
            document.close()
    except DocumentRefused as refusal:
        _take_back(work, last)
        work.notes.append(f"{UNREAD}: {enclosure.name} ({refusal.code})")
        return
    work.parts += [replace(part, name=enclosure.name, kind=_enclosed_kind(part)) for part in found]


def _take_back(work: _Work, last: int) -> None:
    """Drops the pages already read of an enclosure that turned out damaged: half a letter may say the opposite."""
    for page in work.pages[last:]:
        work.previews.pop(page.preview or "", None)
    del work.pages[last:]
    work.cheques[:] = [cheque for cheque in work.cheques if cheque.page <= last]


def _enclosed_kind(part: Part) -> PartKind:
    """A page enclosed in a message without a kind of its own is an attachment."""
    return PartKind.ATTACHMENT if part.kind is PartKind.LETTER else part.kind


def _speaking_enclosures(work: _Work, new: str) -> list[str]:
    """Texts of enclosed letters and forms. Proofs, identity papers and pictures speak only for a near-empty body."""
    enclosed = [part for part in work.parts[1:] if part.text.strip()]
    if len(new.split()) < _SHORT_BODY:
        return [part.text for part in enclosed]
    return [part.text for part in enclosed if part.kind in _ENCLOSED_LETTERS]


# -- both


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(text.strip() for text in texts if text.strip())


def _reading(work: _Work, text: str, new_text: str) -> ItemReading:
    return ItemReading(
        text=text,
        new_text=new_text,
        pages=tuple(work.pages),
        parts=tuple(work.parts),
        cheques=tuple(work.cheques),
        seconds={step: round(spent, 4) for step, spent in work.seconds.items()},
        notes=tuple(work.notes),
    )
