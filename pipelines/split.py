"""Split: where one item ends and the next begins in a file. Separator sheets cut; an e-mail is one item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.errors import DocumentRefused
from ocr import blank
from ocr.barcodes import find_barcodes, separator_on
from ocr.documents import DEFAULT_LIMITS, Document, FileKind, Limits, open_document, sniff
from ocr.documents_bars import LOOK_DPI, may_show_bars
from ocr.documents_kinds import PAGED
from ocr.images import PageImage
from ocr.prepare import WORKING_DPI, flatten_light, resized, resolution_of
from pipelines.opening import open_file

CLOSE_DPI = 150.0  # finer shows more grain than bars


@dataclass(frozen=True, slots=True)
class Cut:
    """One item. `pages` first and last, from 1; None where the whole file is the item. `lot` as its sheet said."""

    pages: tuple[int, int] | None
    lot: str | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """`notes` log what was left out: separator sheets and their blank backs, by page."""

    kind: FileKind
    page_count: int
    cuts: tuple[Cut, ...]
    notes: tuple[str, ...] = ()


class Sheet(StrEnum):
    """What a page is to the splitter."""

    PAPER = "paper"
    BLANK = "blank"  # told apart only right after a separator
    SEPARATOR = "separator"


@dataclass(frozen=True, slots=True)
class SeenSheet:
    number: int
    sheet: Sheet
    lot: str = ""


def split(
    name: str, content: bytes, limits: Limits = DEFAULT_LIMITS, on_page: Callable[[], None] = lambda: None
) -> Split:
    """Cuts a file into items; `on_page` is called before each page.

    Raises DocumentRefused with the reason where it cannot be opened or holds no item.
    """
    kind = sniff(content, name)
    if kind not in PAGED:
        opened = open_file(name, content, limits)
        return Split(kind, 1 + len(opened.enclosures), (Cut(None),), opened.notes)
    document = open_document(name, content, limits)
    try:
        sheets = list(_look_through(document, on_page))
    finally:
        document.close()
    return Split(kind, len(sheets), *cut_between(sheets))


def cut_between(sheets: Sequence[SeenSheet]) -> tuple[tuple[Cut, ...], tuple[str, ...]]:
    """Items lie between separators. Raises DocumentRefused("no_items") where nothing lies there.

    The blank page right after a separator is its back. What a sheet says holds for the next item only.
    """
    separators = [sheet.number for sheet in sheets if sheet.sheet is Sheet.SEPARATOR]
    if not separators:
        return (Cut(None),), ()
    cuts: list[Cut] = []
    backs: list[int] = []
    lot = ""
    before = Sheet.PAPER
    start: int | None = None
    for sheet in (*sheets, SeenSheet(sheets[-1].number + 1, Sheet.SEPARATOR)):
        if sheet.sheet is Sheet.SEPARATOR:
            if start is not None:
                cuts.append(Cut((start, sheet.number - 1), lot or None))
                start, lot = None, ""
            lot = sheet.lot or lot
        elif sheet.sheet is Sheet.BLANK and before is Sheet.SEPARATOR:
            backs.append(sheet.number)
        elif start is None:
            start = sheet.number
        before = sheet.sheet
    if not cuts:
        raise DocumentRefused("no_items", "separator sheets only")
    notes = [f"separator_sheets: {_listed(separators)}"]
    if backs:
        notes.append(f"separator_backs: {_listed(backs)}")
    return tuple(cuts), tuple(notes)


def _look_through(document: Document, on_page: Callable[[], None]) -> Iterator[SeenSheet]:
    after_separator = False
    for number in range(1, document.page_count + 1):
        on_page()
        image = document.image(number)
        lot = _separator(image)
        if lot is not None:
            yield SeenSheet(number, Sheet.SEPARATOR, lot)
        else:
            yield SeenSheet(number, Sheet.BLANK if after_separator and _is_blank(image) else Sheet.PAPER)
        after_separator = lot is not None


def _separator(image: PageImage) -> str | None:
    """A quick look at every page; a close one, with the light evened out, only where bars seem to be."""
    dpi = resolution_of(image)
    small = resized(image.gray, min(1.0, LOOK_DPI / dpi))
    lot = separator_on(small, find_barcodes(small))
    if lot is not None or not may_show_bars(small):
        return lot
    flat = flatten_light(resized(image.gray, min(1.0, CLOSE_DPI / dpi)), CLOSE_DPI)
    return separator_on(flat, find_barcodes(flat))


def _is_blank(image: PageImage) -> bool:
    flat = flatten_light(resized(image.gray, WORKING_DPI / resolution_of(image)), WORKING_DPI)
    return blank.is_blank(flat, WORKING_DPI)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers)
