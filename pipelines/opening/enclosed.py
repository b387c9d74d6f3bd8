"""One thing enclosed in a message or an archive: read, laid open, or kept and named."""

from __future__ import annotations

from models.errors import DocumentRefused
from ocr.documents import FileKind, sniff
from ocr.documents_kinds import PAGED
from ocr.documents_pictures import picture_size
from pipelines.opening.charsets import decoded
from pipelines.opening.html import text_of_html
from pipelines.opening.parcel import Budget, Enclosure

_PICTURES = PAGED - {FileKind.PDF, FileKind.TIFF}
_LOGO_SIDE, _LOGO_AREA = 150, 130_000  # pixels: in the layout of a message, smaller pictures are decoration
_BANNER_SHAPE, _BANNER_SIDE = 3.5, 320
_ICON_SIDE = 90  # even a picture attached on purpose shows nothing below this


def open_enclosed(name: str, content: bytes, budget: Budget, depth: int, in_layout: bool = False) -> list[Enclosure]:
    """What it gives to read: nothing (with a note), itself, or everything that lies in it.

    Raises DocumentRefused("bomb" or "too_deep"): these concern the whole file. Anything else wrong with the
    enclosure alone becomes a note.
    """
    kind = sniff(content, name)
    if not content:
        budget.unread(name, "empty_file")
        return []
    if kind in _PICTURES and _is_decoration(content, kind, in_layout):
        budget.ignored(name)
        return []
    if kind in PAGED:
        return [Enclosure(name, kind, content)]
    try:
        return _laid_open(name, kind, content, budget, depth)
    except DocumentRefused as refusal:
        if refusal.code in ("bomb", "too_deep"):
            raise
        budget.unread(name, refusal.code)
        return []


def _is_decoration(content: bytes, kind: FileKind, in_layout: bool) -> bool:
    size = picture_size(content, kind)
    if size is None:
        return False
    short, long = min(size), max(size)
    if short < _ICON_SIDE:
        return True
    if not in_layout:
        return False
    return short < _LOGO_SIDE or short * long < _LOGO_AREA or (long / short > _BANNER_SHAPE and short < _BANNER_SIDE)


def _laid_open(name: str, kind: FileKind, content: bytes, budget: Budget, depth: int) -> list[Enclosure]:
    # imported here because messages hold archives and archives hold messages
    from pipelines.opening import archives, message, office, outlook

    if kind is FileKind.EMAIL:
        return message.nested_message(message.open_message(content, budget, budget.deeper(depth)), name)
    if kind is FileKind.OUTLOOK:
        return message.nested_message(outlook.open_msg(content, budget, budget.deeper(depth)), name)
    if kind is FileKind.TNEF:
        return outlook.open_tnef(content, budget, budget.deeper(depth))
    if kind is FileKind.ZIP:
        return archives.open_zip(content, budget, budget.deeper(depth))
    if kind in (FileKind.DOCX, FileKind.ODT):
        text, pictures = office.open_office(content, kind, budget)
        return [Enclosure(name, kind, text=text), *pictures] if text or not pictures else pictures
    if kind is FileKind.TEXT:
        return [Enclosure(name, kind, text=decoded(content))]
    if kind is FileKind.HTML:
        return [Enclosure(name, kind, text=text_of_html(decoded(content)))]
    budget.unread(name, "unknown_kind")
    return []
