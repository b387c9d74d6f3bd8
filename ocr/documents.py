"""Opening a file that holds pages: what kind it truly is, how many pages, each page when asked for."""

from __future__ import annotations

from models.errors import DocumentRefused
from ocr.documents_kinds import PAGED, FileKind, sniff
from ocr.documents_limits import DEFAULT_LIMITS, Limits
from ocr.documents_pages import Document, PageSource
from ocr.documents_pdf import PdfFile
from ocr.documents_pictures import PictureFile

__all__ = ["DEFAULT_LIMITS", "Document", "FileKind", "Limits", "PageSource", "open_document", "sniff"]


def open_document(name: str, content: bytes, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Opens by content, whatever the extension says. Pages are decoded when asked for.

    Raises DocumentRefused: empty_file, too_large, unknown_kind, encrypted, truncated, too_many_pages,
    too_many_pixels.
    """
    refuse_by_size(content, limits)
    kind = sniff(content, name)
    if kind not in PAGED:
        raise DocumentRefused("unknown_kind", kind.value)
    return PdfFile(content, limits) if kind is FileKind.PDF else PictureFile(content, kind, limits)


def refuse_by_size(content: bytes, limits: Limits) -> None:
    """Raises DocumentRefused: empty_file, too_large."""
    if not content:
        raise DocumentRefused("empty_file")
    if len(content) > limits.file_bytes:
        raise DocumentRefused("too_large", f"{len(content)} bytes")
