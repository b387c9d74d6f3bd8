"""A searchable PDF of pages as received: the untouched picture or page, and what was read laid invisibly over it."""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Mapping

import numpy as np
import pikepdf
from PIL import Image
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from models.errors import DocumentRefused
from models.reading import Page, Word
from ocr.documents import open_document
from ocr.documents_kinds import FileKind, sniff
from ocr.documents_limits import DEFAULT_LIMITS, Limits
from ocr.documents_pages import Document
from ocr.images import Pixels

_FONT = "Helvetica"
_A4 = (595.276, 841.89)
_MARGIN, _POINTS, _LEADING = 56.0, 10.0, 13.0
_INVISIBLE = 3  # text rendering mode: neither filled nor stroked


class SearchablePdf:
    """Collects pages one file after another. The bytes are the same whenever the same pages are given."""

    def __init__(self) -> None:
        self._pdf = pikepdf.new()

    def add_pages(self, content: bytes, pages: Mapping[int, Page], limits: Limits = DEFAULT_LIMITS) -> None:
        """Pages of a file by their number in it, each with what was read of it.

        Raises DocumentRefused where the file cannot be opened or taken apart.
        """
        if sniff(content) is FileKind.PDF:
            self._add_pdf(content, pages)
            return
        document = open_document("", content, limits)
        try:
            for number in sorted(pages):
                _add_picture(self._pdf, content, document, number)
                self._cover(pages[number])
        finally:
            document.close()

    def _add_pdf(self, content: bytes, pages: Mapping[int, Page]) -> None:
        try:
            with pikepdf.open(io.BytesIO(content)) as opened:
                for number in sorted(pages):
                    self._add(opened.pages[number - 1], pages[number])
        except (pikepdf.PdfError, IndexError) as error:
            raise DocumentRefused("truncated", "the original cannot be taken apart") from error

    def _add(self, original: pikepdf.Page, page: Page) -> None:
        self._pdf.pages.append(original)
        if page.engine != "pdf-text":
            self._cover(page)

    def _cover(self, page: Page) -> None:
        if page.words:
            _lay_over(self._pdf, self._pdf.pages[-1], page)

    def add_text(self, text: str) -> None:
        """Visible pages of plain text: the body of a message, which has no pages of its own."""
        with pikepdf.open(io.BytesIO(_typed(text))) as opened:
            self._pdf.pages.extend(opened.pages)

    @property
    def page_count(self) -> int:
        return len(self._pdf.pages)

    def saved(self) -> bytes:
        out = io.BytesIO()
        self._pdf.save(out, deterministic_id=True, compress_streams=True, linearize=False)
        return out.getvalue()


def _add_picture(pdf: pikepdf.Pdf, content: bytes, document: Document, number: int) -> None:
    """One page holding one picture, without loss: a plain JPEG goes in byte by byte, anything else as its pixels."""
    image = document.image(number)
    height, width = image.pixels.shape[:2]
    name = "/DeviceGray" if image.pixels.ndim == 2 else "/DeviceRGB"
    if document.kind is FileKind.JPEG and _is_plain_jpeg(content, (width, height)):
        data, bits, packing = content, 8, "/DCTDecode"
        name = "/DeviceGray" if Image.open(io.BytesIO(content)).mode == "L" else "/DeviceRGB"
    else:
        data, bits = _packed(image.pixels)
        packing = "/FlateDecode"
    stream = pikepdf.Stream(pdf, data)
    stream.Type, stream.Subtype, stream.Filter = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name(packing)
    stream.Width, stream.Height, stream.BitsPerComponent = width, height, bits
    stream.ColorSpace = pikepdf.Name(name)
    scale = 72 / (image.dpi or 200.0)
    pdf.add_blank_page(page_size=(width * scale, height * scale))
    page = pdf.pages[-1]
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=stream))
    page.obj.Contents = pikepdf.Stream(pdf, b"q %f 0 0 %f 0 0 cm /Scan Do Q" % (width * scale, height * scale))


def _is_plain_jpeg(content: bytes, upright_size: tuple[int, int]) -> bool:
    """Gray or RGB, and shown as it is stored."""
    with Image.open(io.BytesIO(content)) as image:
        return image.mode in ("L", "RGB") and image.size == upright_size and image.getexif().get(0x0112, 1) == 1


def _packed(pixels: Pixels) -> tuple[bytes, int]:
    """Compressed samples and bits of each; black and white alone take one bit."""
    if pixels.ndim == 3:
        return zlib.compress(np.ascontiguousarray(pixels[:, :, ::-1]).tobytes()), 8
    if bool(np.isin(pixels, (0, 255)).all()):
        return zlib.compress(np.packbits(pixels > 0, axis=1).tobytes()), 1
    return zlib.compress(np.ascontiguousarray(pixels).tobytes()), 8


def _lay_over(pdf: pikepdf.Pdf, target: pikepdf.Page, page: Page) -> None:
    """The words where they stand on the page as received: turned and tilted back from upright."""
    left, bottom, right, top = (float(side) for side in target.trimbox)
    width, height = right - left, top - bottom
    if int(target.obj.get("/Rotate", 0)) % 180:
        width, height = height, width
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height), invariant=1)
    canvas.transform(*_back_from_upright(page, width, height))
    upright = (height, width) if page.rotation % 180 else (width, height)
    for word in page.words:
        _write(canvas, word, upright)
    canvas.showPage()
    canvas.save()
    with pikepdf.open(io.BytesIO(out.getvalue())) as layer:
        form = pdf.copy_foreign(layer.pages[0].as_form_xobject())
    name = target.add_resource(form, pikepdf.Name.XObject, pikepdf.Name.MailroomWords)  # a fixed name: fixed bytes
    rectangle = pikepdf.Rectangle(left, bottom, right, top)
    placed = target.calc_form_xobject_placement(
        form, name, rectangle, invert_transformations=True, allow_shrink=True, allow_expand=False
    )
    target.contents_add(b"q\n", prepend=True)
    target.contents_add(b"Q\n" + placed)


def _back_from_upright(page: Page, width: float, height: float) -> tuple[float, float, float, float, float, float]:
    """Matrix from the upright page to the page as shown, origin at the bottom left, y upwards.

    `page.rotation` and `page.skew` (clockwise) were applied to make it upright: the page is tilted back about its
    middle, then turned back.
    """
    turn = {0: (1, 0, 0, 1, 0, 0), 90: (0, 1, -1, 0, width, 0), 180: (-1, 0, 0, -1, width, height)}
    a, b, c, d, e, f = turn.get(page.rotation % 360, (0, -1, 1, 0, 0, height))
    cos, sin = math.cos(math.radians(page.skew)), math.sin(math.radians(page.skew))
    x, y = (height, width) if page.rotation % 180 else (width, height)
    x, y = x / 2, y / 2
    tilt = (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
    return (
        tilt[0] * a + tilt[1] * c,
        tilt[0] * b + tilt[1] * d,
        tilt[2] * a + tilt[3] * c,
        tilt[2] * b + tilt[3] * d,
        tilt[4] * a + tilt[5] * c + e,
        tilt[4] * b + tilt[5] * d + f,
    )


def _write(canvas: Canvas, word: Word, upright: tuple[float, float]) -> None:
    width, height = upright
    shown = word.text.encode("cp1252", "replace").decode("cp1252")
    size = max(word.box.height * height, 1.0)
    natural = stringWidth(shown, _FONT, size)
    if natural <= 0:
        return
    text = canvas.beginText(word.box.x * width, (1 - word.box.y - 0.8 * word.box.height) * height)
    text.setFont(_FONT, size)
    text.setTextRenderMode(_INVISIBLE)
    text.setHorizScale(100 * max(word.box.width * width, 0.5) / natural)
    text.textOut(shown + " ")
    canvas.drawText(text)


def _typed(text: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=_A4, invariant=1)
    shown = text.expandtabs(4).encode("cp1252", "replace").decode("cp1252")
    lines = [
        piece
        for line in shown.split("\n")
        for piece in (simpleSplit(line, _FONT, _POINTS, _A4[0] - 2 * _MARGIN) or [""])
    ]
    on_page = int((_A4[1] - 2 * _MARGIN) / _LEADING)
    for first in range(0, max(len(lines), 1), on_page):
        canvas.setFont(_FONT, _POINTS)
        for row, line in enumerate(lines[first : first + on_page]):
            canvas.drawString(_MARGIN, _A4[1] - _MARGIN - row * _LEADING, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
