"""PDF files: born-digital pages as text, scanned ones as the picture that lies in them, page by page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from models.errors import DocumentRefused
from models.reading import Box, Page
from ocr.documents_kinds import FileKind
from ocr.documents_limits import Limits
from ocr.documents_pages import PageSource
from ocr.documents_pdf_text import TextLayer
from ocr.images import PageImage

_READING_DPI = 300.0  # pages without a scan in them are drawn at this, fewer where the sheet is huge
_SHEET_PIXELS = 20_000_000  # no drawn page has more than this
_WHOLE_PAGE = 0.85  # a picture that covers this much of the page is a scan of it
_WORTH_READING = 0.04  # a picture beside text that covers less is a logo or a signature
_OBJECTS = 20_000  # page objects looked at before we stop telling pictures from text and draw the page
_FORM_DEPTH = 8
_SILENT_ANNOTATIONS = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP})
_HIDDEN_TEXT = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})


@dataclass(frozen=True, slots=True)
class _Picture:
    """One image object: where it lies (fractions of the page, from the top left) and its place in drawing order."""

    thing: Any
    box: Box
    order: int

    @property
    def cover(self) -> float:
        return self.box.width * self.box.height


@dataclass(frozen=True, slots=True)
class _Content:
    """What a page is made of, in drawing order. `last_text`: place of the last visible text, -1 where none."""

    pictures: tuple[_Picture, ...]
    last_text: int
    drawn_over: bool  # filled form fields, handwriting or stamps laid over the page


class PdfFile:
    """Pages of a PDF. Everything pdfium raises becomes a refusal with a reason."""

    kind = FileKind.PDF

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._limits = limits
        self._pdf = _open(content)
        self.page_count = len(self._pdf)
        if self.page_count == 0:
            raise DocumentRefused("truncated", "no page left")
        if self.page_count > limits.pages:
            raise DocumentRefused("too_many_pages", f"{self.page_count} pages")
        if b"%%EOF" not in content[-4096:] and b"startxref" not in content[-4096:]:
            raise DocumentRefused("truncated", "the end of the file is missing")
        self._text = TextLayer(content, limits)
        self._pdf.init_forms()  # before any page is loaded: filled fields are then drawn

    def page(self, number: int) -> PageSource:
        with self._loaded(number) as page:
            content = self._content_of(page, number)
            text = self._born_digital(number, content)
            if text is None:
                return PageSource(number, image=self._scan_or_drawing(page, content))
            pictures = tuple(picture.box for picture in content.pictures if picture.cover >= _WORTH_READING)
            image = self._draw(page, _READING_DPI) if pictures else None
            return PageSource(number, text, image, pictures)

    def image(self, number: int, dpi: float | None = None) -> PageImage:
        with self._loaded(number) as page:
            content = self._content_of(page, number)
            return self._draw(page, dpi) if dpi else self._scan_or_drawing(page, content)

    def close(self) -> None:
        self._text.close()
        self._pdf.close()

    @contextmanager
    def _loaded(self, number: int) -> Iterator[Any]:
        try:
            page = self._pdf[number - 1]
        except pypdfium2.PdfiumError as error:
            raise DocumentRefused("truncated", f"page {number}") from error
        try:
            yield page
        except pypdfium2.PdfiumError as error:
            raise DocumentRefused("truncated", f"page {number}: {error}"[:160]) from error
        except MemoryError as error:
            raise DocumentRefused("too_many_pixels", f"page {number}: memory") from error
        finally:
            page.close()

    def _content_of(self, page: Any, number: int) -> _Content:
        """Raises DocumentRefused("too_many_pixels") before anything is decoded."""
        pictures: list[_Picture] = []
        last_text = -1
        for order, thing in enumerate(page.get_objects(max_depth=_FORM_DEPTH)):
            if order > _OBJECTS:
                return _Content((), order, True)
            if thing.type == pdfium.FPDF_PAGEOBJ_IMAGE:
                self._refuse_too_many_pixels(thing)
                pictures.append(_Picture(thing, _box_of(thing, page, number), order))
            elif thing.type == pdfium.FPDF_PAGEOBJ_TEXT and _shows(thing):
                last_text = order
        return _Content(tuple(pictures), last_text, self._has_marks(page))

    def _refuse_too_many_pixels(self, picture: Any) -> None:
        width, height = picture.get_px_size()
        if width * height > self._limits.pixels:
            raise DocumentRefused("too_many_pixels", f"{width} x {height}")

    def _has_marks(self, page: Any) -> bool:
        """Annotations that show something: filled fields, ink, stamps, free text."""
        for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), 500)):
            annotation = pdfium.FPDFPage_GetAnnot(page, index)
            subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
            pdfium.FPDFPage_CloseAnnot(annotation)
            if subtype not in _SILENT_ANNOTATIONS:
                return True
        return False

    def _born_digital(self, number: int, content: _Content) -> Page | None:
        """The text layer where it can be trusted: visible, not behind a scan, not garbage, complete."""
        if content.last_text < 0 or content.drawn_over:
            return None
        if any(picture.cover >= _WHOLE_PAGE and picture.order > content.last_text for picture in content.pictures):
            return None
        return self._text.page(number)

    def _scan_or_drawing(self, page: Any, content: _Content) -> PageImage:
        whole = [picture for picture in content.pictures if picture.cover >= _WHOLE_PAGE]
        if len(content.pictures) == 1 and whole and content.last_text < 0 and not content.drawn_over:
            taken = _take_out(whole[0], page)
            if taken is not None:
                return taken
        return self._draw(page, _native_dpi(content.pictures, page) or _READING_DPI)

    def _draw(self, page: Any, dpi: float) -> PageImage:
        width, height = page.get_size()
        most = min(self._limits.pixels, _SHEET_PIXELS)
        area = max(width, 1.0) * max(height, 1.0) / 72**2
        dpi = min(dpi, (most / area) ** 0.5)
        if dpi < 20:
            raise DocumentRefused("too_many_pixels", f"a sheet of {width / 72:.0f} x {height / 72:.0f} inches")
        bitmap = page.render(scale=dpi / 72, rev_byteorder=False, prefer_bgrx=False)
        return PageImage(_pixels_of(bitmap), round(dpi, 2))


def _open(content: bytes) -> Any:
    try:
        return pypdfium2.PdfDocument(io.BytesIO(content))
    except pypdfium2.PdfiumError as error:
        reason = getattr(error, "err_code", None)
        if reason in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise DocumentRefused("encrypted") from error
        raise DocumentRefused("truncated", str(error)[:120]) from error


def _shows(text: Any) -> bool:
    return pdfium.FPDFTextObj_GetTextRenderMode(text) not in _HIDDEN_TEXT


def _box_of(picture: Any, page: Any, number: int) -> Box:
    """Clipped to the page, in fractions from the top left of the page as it is shown."""
    left, bottom, right, top = picture.get_bounds()
    page_left, page_bottom, page_right, page_top = page.get_cropbox()
    width, height = max(page_right - page_left, 1.0), max(page_top - page_bottom, 1.0)
    x0, x1 = (min(max((value - page_left) / width, 0.0), 1.0) for value in (left, right))
    y0, y1 = (min(max((page_top - value) / height, 0.0), 1.0) for value in (top, bottom))
    for _ in range(int(page.get_rotation()) // 90):  # a quarter turn clockwise maps (x, y) to (1 - y, x)
        x0, y0, x1, y1 = 1 - y1, x0, 1 - y0, x1
    return Box(number, x0, y0, x1 - x0, y1 - y0)


def _take_out(picture: _Picture, page: Any) -> PageImage | None:
    """The scan as stored, turned as the page shows it; None where it is slanted, masked, cropped or mirrored."""
    a, b, c, d = picture.thing.get_matrix().get()[:4]
    straight = abs(b) + abs(c) < 0.002 * (abs(a) + abs(d))
    if not (straight and a > 0 and d > 0) or pdfium.FPDFPageObj_HasTransparency(picture.thing):
        return None
    left, bottom, right, top = page.get_cropbox()
    if a > 1.02 * (right - left) or d > 1.02 * (top - bottom):
        return None
    bitmap = picture.thing.get_bitmap(render=False)
    pixels = _pixels_of(bitmap)
    if picture.thing.get_metadata().bits_per_pixel == 1 and pixels.mean() < 100:
        return None  # a stencil or an inverted bilevel scan: let pdfium draw it
    across = pixels.shape[1] / a * 72
    turned = np.ascontiguousarray(np.rot90(pixels, -(int(page.get_rotation()) // 90)))
    return PageImage(turned, round(across, 2))


def _native_dpi(pictures: tuple[_Picture, ...], page: Any) -> float | None:
    """Of the largest picture on the page, kept between 150 and 300 dpi."""
    if not pictures:
        return None
    largest = max(pictures, key=lambda picture: picture.cover)
    if largest.cover < 0.2:
        return None
    matrix = largest.thing.get_matrix().get()
    inches = max((matrix[0] ** 2 + matrix[1] ** 2) ** 0.5, 1.0) / 72
    return float(min(max(largest.thing.get_px_size()[0] / inches, 150.0), 300.0))


def _pixels_of(bitmap: Any) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A copy, gray (H, W) or BGR (H, W, 3)."""
    values = bitmap.to_numpy()
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    elif values.ndim == 3:
        values = values[:, :, :3]
    return np.array(values, dtype=np.uint8, copy=True)
