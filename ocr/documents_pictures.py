"""Pictures: TIFF of any number of pages (G4, CMYK, 16-bit), JPEG, PNG, HEIC, BMP, GIF, WEBP."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from models.errors import DocumentRefused
from ocr.documents_kinds import FileKind
from ocr.documents_limits import Limits
from ocr.documents_pages import PageSource
from ocr.images import PageImage, from_pillow

_WIDEST_SHEET = 24.0  # inches: a picture that claims to be wider carries a screen's resolution, not a scanner's


class PictureFile:
    """Pages of one picture file, decoded one at a time when asked for."""

    def __init__(self, content: bytes, kind: FileKind, limits: Limits) -> None:
        self.kind = kind
        self._limits = limits
        self._image = _open(content, kind)
        try:
            self.page_count = self._count_frames() if kind is FileKind.TIFF else 1
        except DocumentRefused:
            raise
        except Exception as error:  # Pillow's readers raise a dozen types on broken files
            raise DocumentRefused("truncated", _brief(error)) from error

    def page(self, number: int) -> PageSource:
        return PageSource(number, image=self.image(number))

    def image(self, number: int, dpi: float | None = None) -> PageImage:
        """Page `number` (from 1), turned as its EXIF says, alpha laid on white, 8 bits a channel."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._image.seek(number - 1 if self.kind is FileKind.TIFF else 0)
                self._refuse_too_many_pixels()
                self._image.load()
                stated = _dpi(self._image)
                taken = from_pillow(_square_pixels(self._image, stated))
                return PageImage(taken.pixels, max(stated) if stated else None)
        except DocumentRefused:
            raise
        except MemoryError as error:
            raise DocumentRefused("too_many_pixels", "memory") from error
        except Exception as error:
            raise DocumentRefused("truncated", f"page {number}: {_brief(error)}") from error

    def close(self) -> None:
        self._image.close()

    def _refuse_too_many_pixels(self) -> None:
        width, height = self._image.size
        if width * height > self._limits.pixels:
            raise DocumentRefused("too_many_pixels", f"{width} x {height}")

    def _count_frames(self) -> int:
        """Walks the chain of directories, no further than one past the bound; a chain that loops ends."""
        count = 0
        try:
            while count <= self._limits.pages:
                self._image.seek(count)
                self._refuse_too_many_pixels()
                count += 1
        except EOFError:
            pass
        if count > self._limits.pages:
            raise DocumentRefused("too_many_pages", f"more than {self._limits.pages}")
        return count


def _open(content: bytes, kind: FileKind) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if kind is FileKind.HEIC:
                _register_heif()
            formats = {FileKind.TIFF: ["TIFF"], FileKind.PNG: ["PNG"], FileKind.JPEG: ["JPEG", "MPO"]}.get(kind)
            return Image.open(io.BytesIO(content), formats=formats)
    except DocumentRefused:
        raise
    except Image.DecompressionBombError as error:
        raise DocumentRefused("too_many_pixels", _brief(error)) from error
    except Exception as error:
        raise DocumentRefused("truncated", _brief(error)) from error


def _register_heif() -> None:
    try:
        import pillow_heif
    except ImportError as error:  # the package is an extra
        raise DocumentRefused("unknown_kind", "HEIC: pillow-heif is not installed") from error
    pillow_heif.register_heif_opener()


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    """Horizontal and vertical, None where the file does not say or says something impossible for paper."""
    stated = image.info.get("dpi")
    try:
        across, down = float(stated[0]), float(stated[1])  # type: ignore[index]
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None
    if not (50 <= across <= 2400 and 50 <= down <= 2400):
        return None
    if max(image.width / across, image.height / down) > _WIDEST_SHEET:
        return None
    return across, down


def _square_pixels(image: Image.Image, dpi: tuple[float, float] | None) -> Image.Image:
    """Fax pages (204 x 98 dpi) stretched to the finer of their two resolutions."""
    if dpi is None or abs(dpi[0] - dpi[1]) / max(dpi) < 0.05:
        return image
    finer = max(dpi)
    size = (round(image.width * finer / dpi[0]), round(image.height * finer / dpi[1]))
    return image.convert("L").resize(size)


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:120]


def picture_size(content: bytes, kind: FileKind) -> tuple[int, int] | None:
    """Width and height in pixels from the head of the file; None where it cannot be told."""
    try:
        with _open(content, kind) as image:
            return image.size
    except DocumentRefused:
        return None
