"""Files that hold no pages of their own, laid open: e-mails, Outlook files, texts, office files, archives."""

from __future__ import annotations

from dataclasses import replace

from models.errors import DocumentRefused
from ocr.documents import DEFAULT_LIMITS, FileKind, Limits, sniff
from pipelines.opening.enclosed import open_enclosed
from pipelines.opening.message import open_message
from pipelines.opening.outlook import open_msg
from pipelines.opening.parcel import Budget, Enclosure, Opened

__all__ = ["Budget", "Enclosure", "Opened", "open_file"]


def open_file(name: str, content: bytes, limits: Limits = DEFAULT_LIMITS) -> Opened:
    """Raises DocumentRefused: empty_file, too_large, unknown_kind, truncated, encrypted, bomb, too_deep."""
    if not content:
        raise DocumentRefused("empty_file")
    if len(content) > limits.file_bytes:
        raise DocumentRefused("too_large", f"{len(content)} bytes")
    budget = Budget(limits)
    kind = sniff(content, name)
    if kind is FileKind.EMAIL:
        opened = open_message(content, budget, 0)
    elif kind is FileKind.OUTLOOK:
        opened = open_msg(content, budget, 0)
    else:
        opened = _from_enclosures(open_enclosed(name, content, budget, 0), budget)
    return replace(opened, notes=(*opened.notes, *budget.notes))


def _from_enclosures(enclosures: list[Enclosure], budget: Budget) -> Opened:
    """A text file alone is its own body. Raises with the reason where nothing at all could be read."""
    if not enclosures:
        reason = budget.notes[-1].rpartition("(")[2].rstrip(")") if budget.notes else "no_items"
        raise DocumentRefused(reason)
    first = enclosures[0]
    return Opened(first.text, enclosures=tuple(enclosures[1:] if first.text else enclosures))
