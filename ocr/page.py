"""One page from pixels to words. Read `PageReader.read` from top to bottom: it is the recipe."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from models.reading import Barcode, Box, Page, Word
from ocr import blank
from ocr.bar_places import may_hold_bars
from ocr.barcodes import find_barcodes
from ocr.columns import is_one_block
from ocr.doubts import doubtful, settle_doubts
from ocr.elision import with_elisions
from ocr.engines import (
    AUTOMATIC_LAYOUT,
    ONE_BLOCK,
    Engine,
    SeenLine,
    first_reader,
    mean_confidence,
    read_narrowed,
)
from ocr.envelope import label_last
from ocr.handwriting import is_handwritten
from ocr.images import PageImage, Pixels
from ocr.merge import merge
from ocr.missed_lines import with_missed
from ocr.orientation import (
    CLEAR_DIRECTION,
    PLAIN_DIRECTION,
    SURE_UPRIGHT,
    best_way,
    is_upside_down,
    letters_read,
    reads_upside_down,
    seems_upside_down,
)
from ocr.photographs import sheet_of
from ocr.prepare import (
    WORKING_DPI,
    find_skew,
    in_light,
    is_sideways,
    levelled,
    on_white_paper,
    paper_light,
    resized,
    resolution_of,
    rotated,
    turned,
)
from ocr.reading_order import in_reading_order
from ocr.ruling import without_ruling
from ocr.second_reader import second_reader
from ocr.ticks import find_boxes, ticks_of, with_marks

UNSURE_PAGE = 0.91  # below this mean confidence the second reader looks at the page (findings: 0.91)
FINE_BELOW_DPI = 250.0  # coarser pages are turned with care: their thinnest bars are one pixel wide
LOOKING_DPI = 100.0  # enough to see whether, which way and how straight a page is written
KEPT_DPI = 300.0  # finest resolution at which the upright page is handed on


@dataclass(frozen=True, slots=True)
class PageRead:
    """`upright` is the page as scanned (light and tint kept), turned and levelled, gray uint8 at `dpi`."""

    page: Page
    upright: Pixels
    dpi: float
    seconds: dict[str, float] = field(default_factory=dict)  # CPU seconds by step


class Stopwatch:
    """CPU seconds of this process by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.process_time()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - start


@dataclass(frozen=True, slots=True)
class _Stood:
    """A page put upright: at its own resolution for others, and flattened at the working one for reading."""

    kept: Pixels
    dpi: float
    flat: Pixels
    turn: int
    skew: float
    blank: bool = False

    def over(self) -> _Stood:
        """Turned by half."""
        flat = turned(self.flat, 180)
        return replace(self, kept=turned(self.kept, 180), flat=flat, turn=(self.turn + 180) % 360)

    def look(self) -> Pixels:
        return resized(self.flat, LOOKING_DPI / WORKING_DPI)


class PageReader:
    """Reads pages one after another; keeps its engines. Not for several threads at once."""

    def __init__(self, languages: str = "fra", second_reader: bool = True, first: Engine | None = None) -> None:
        self._first = first if first is not None else first_reader(languages)
        self._with_second = second_reader

    def read(self, image: PageImage, number: int) -> PageRead:
        watch = Stopwatch()
        with watch.step("prepare"):
            stood = self._stand_up(sheet_of(image))
        with watch.step("barcodes"):
            barcodes = _barcodes(stood, number)
        empty = stood.blank and not barcodes
        lines: tuple[SeenLine, ...] = ()
        engine, handwritten = self._first.name, False
        if not empty:
            with watch.step("read"):
                lines = read_narrowed(self._first, stood.flat, WORKING_DPI, _layout(stood))
            with watch.step("upside down"):
                stood, lines, barcodes = self._right_way_up(stood, lines, barcodes, number)
            with watch.step("read"):
                stood, lines = self._read_again(stood, lines)
            handwritten = is_handwritten(lines)
            with watch.step("second reader"):
                lines, engine = self._second_look(stood.flat, lines)
            empty = not barcodes and blank.only_specks(stood.flat, lines)
        with watch.step("layout"):
            page = _page(number, stood, () if empty else lines, barcodes, engine, empty)
            page = replace(page, handwritten=handwritten and not empty)
        return PageRead(page, stood.kept, stood.dpi, watch.seconds)

    def _stand_up(self, image: PageImage) -> _Stood:
        """Direction and angle are looked for at half the working resolution, before anything large is moved."""
        dpi = resolution_of(image)
        kept = on_white_paper(resized(image.gray, min(1.0, KEPT_DPI / dpi)))
        dpi = min(dpi, KEPT_DPI)
        small = resized(kept, LOOKING_DPI / dpi)
        light = paper_light(small, LOOKING_DPI)
        look = in_light(small, light)
        if blank.is_blank(look, LOOKING_DPI):
            return _Stood(kept, dpi, in_light(resized(kept, WORKING_DPI / dpi), light), 0, 0.0, blank=True)
        turn = self._quarter_turn(look)
        look, kept, light = turned(look, turn), turned(kept, turn), turned(light, turn)
        skew = find_skew(look, LOOKING_DPI)
        kept = levelled(kept, skew, look, fine=dpi < FINE_BELOW_DPI)
        flat = in_light(resized(kept, WORKING_DPI / dpi), rotated(light, skew, paper=None))
        stood = _Stood(kept, dpi, flat, turn, skew)
        hanging = seems_upside_down(stood.look(), LOOKING_DPI) and reads_upside_down(flat, WORKING_DPI, self._first)
        return stood.over() if hanging else stood

    def _quarter_turn(self, look: Pixels) -> int:
        """0 or 90 where the lines tell; any of the four, by trial reading, on pages with too little on them."""
        for share, enough in ((0.5, PLAIN_DIRECTION), (1.0, CLEAR_DIRECTION)):
            sideways, lead = is_sideways(resized(look, share), LOOKING_DPI * share)
            if lead >= enough:
                return 90 if sideways else 0
        return best_way(resized(look, WORKING_DPI / LOOKING_DPI), WORKING_DPI, self._first)

    def _read_again(self, stood: _Stood, lines: tuple[SeenLine, ...]) -> tuple[_Stood, tuple[SeenLine, ...]]:
        """A page that reads badly at its full width; on ruled paper without its lines where that is better."""
        if mean_confidence(lines) >= UNSURE_PAGE:
            return stood, lines
        lines = self._first.read_lines(stood.flat, WORKING_DPI)
        if mean_confidence(lines) >= SURE_UPRIGHT:
            return stood, lines
        cleaned = without_ruling(stood.flat, WORKING_DPI)
        if cleaned is stood.flat:
            return stood, lines
        again = self._first.read_lines(cleaned, WORKING_DPI)
        if mean_confidence(again) <= mean_confidence(lines):
            return stood, lines
        return replace(stood, flat=cleaned), again

    def _right_way_up(
        self, stood: _Stood, lines: tuple[SeenLine, ...], barcodes: tuple[Barcode, ...], number: int
    ) -> tuple[_Stood, tuple[SeenLine, ...], tuple[Barcode, ...]]:
        """Turned by half where the other way reads better; asked only of pages that did not read well."""
        if mean_confidence(lines) >= SURE_UPRIGHT or not is_upside_down(stood.flat, WORKING_DPI, self._first, lines):
            return stood, lines, barcodes
        over = stood.over()
        other = read_narrowed(self._first, over.flat, WORKING_DPI, _layout(over))
        if letters_read(other) <= letters_read(lines):  # a few lines misled: the whole page has the last word
            return stood, lines, barcodes
        return over, other, _barcodes(over, number)

    def _second_look(self, flat: Pixels, lines: tuple[SeenLine, ...]) -> tuple[tuple[SeenLine, ...], str]:
        unsure = mean_confidence(lines) < UNSURE_PAGE
        wanted = self._with_second and (unsure or any(doubtful(word) for line in lines for word in line.words))
        reader = second_reader() if wanted else None
        if reader is None or not unsure:
            whole = lines if unsure else with_missed(flat, WORKING_DPI, lines, self._first)
            return label_last(with_elisions(settle_doubts(flat, whole, reader))), self._first.name
        merged = merge(lines, reader.read_lines(flat, WORKING_DPI))
        return label_last(with_elisions(in_reading_order(merged))), f"{self._first.name}+{reader.name}"


def _layout(stood: _Stood) -> int:
    return ONE_BLOCK if is_one_block(stood.look(), LOOKING_DPI) else AUTOMATIC_LAYOUT


def _barcodes(stood: _Stood, number: int) -> tuple[Barcode, ...]:
    """The symbols of a page, looked for only in the part where something is as dense as a symbol."""
    part = may_hold_bars(stood.look())
    if part is None:
        return ()
    height, width = stood.kept.shape
    left, top, right, bottom = (
        int(share * side) for share, side in zip(part, (width, height, width, height), strict=True)
    )
    found = find_barcodes(stood.kept[top:bottom, left:right], number)
    return tuple(replace(code, box=code.box and _in_page(code.box, part)) for code in found)


def _in_page(box: Box, part: tuple[float, float, float, float]) -> Box:
    """A box given in fractions of a part of the page, in fractions of the page."""
    left, top, right, bottom = part
    wide, high = right - left, bottom - top
    return Box(box.page, left + box.x * wide, top + box.y * high, box.width * wide, box.height * high)


def _page(
    number: int,
    stood: _Stood,
    lines: Sequence[SeenLine],
    barcodes: tuple[Barcode, ...],
    engine: str,
    empty: bool,
) -> Page:
    height, width = stood.flat.shape
    boxes = () if empty else find_boxes(stood.flat, WORKING_DPI)
    ordered = with_marks(lines, boxes)
    words = tuple(
        Word(word.text, _box(number, word.left, word.top, word.right, word.bottom, width, height), word.confidence, row)
        for row, line in enumerate(ordered, 1)
        for word in line.words
    )
    return Page(
        number=number,
        text="\n".join(line.text for line in ordered),
        words=words,
        confidence=mean_confidence(ordered) if ordered else (1.0 if empty else 0.0),
        engine=engine,
        rotation=stood.turn,
        skew=stood.skew,
        dpi=stood.dpi,
        blank=empty,
        barcodes=barcodes,
        ticks=ticks_of(boxes, words, number, (height, width)),
    )


def _box(page: int, left: float, top: float, right: float, bottom: float, width: int, height: int) -> Box:
    x, y = min(max(left / width, 0.0), 1.0), min(max(top / height, 0.0), 1.0)
    return Box(page, x, y, max(min(right / width, 1.0) - x, 0.0), max(min(bottom / height, 1.0) - y, 0.0))
