"""Small pictures of pages for the desk, and born-digital pages joined with what was read in their pictures."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import cv2
import numpy as np

from models.reading import Box, Page, Word
from ocr.documents_pages import PageSource
from ocr.images import Pixels

PREVIEW_DPI = 110.0  # of pages drawn only to be shown
_WIDEST, _QUALITY = 1240, 70


def preview_of(upright: Pixels) -> tuple[str, bytes]:
    """SHA-256 and JPEG of a page, at most 1240 pixels wide."""
    height, width = upright.shape[:2]
    if width > _WIDEST:
        size = (_WIDEST, max(1, round(height * _WIDEST / width)))
        upright = np.asarray(cv2.resize(upright, size, interpolation=cv2.INTER_AREA))
    _, encoded = cv2.imencode(".jpg", upright, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    jpeg = encoded.tobytes()
    return hashlib.sha256(jpeg).hexdigest(), jpeg


def renumbered(page: Page, number: int) -> Page:
    """The same page counted elsewhere, its boxes too."""
    if page.number == number:
        return page
    words = tuple(replace(word, box=replace(word.box, page=number)) for word in page.words)
    return replace(page, number=number, words=words)


def with_words_in_pictures(page: Page, seen: Page, source: PageSource) -> Page:
    """A born-digital page, its own words kept, and below them those read by eye inside its pictures.

    Only for a page that needed no turning: boxes of a turned reading lie elsewhere.
    """
    if seen.rotation:
        return page
    inside = [word for word in seen.words if any(_holds(box, word.box) for box in source.pictures)]
    fresh = [word for word in inside if not any(_overlaps(own.box, word.box) for own in page.words)]
    if not fresh:
        return replace(page, barcodes=seen.barcodes)
    last = max((word.line for word in page.words), default=0)
    lines: dict[int, list[Word]] = {}
    for word in fresh:
        lines.setdefault(word.line, []).append(word)
    added = "\n".join(" ".join(word.text for word in line) for line in lines.values())
    moved = tuple(replace(word, line=word.line + last + 1) for word in fresh)
    return replace(
        page,
        text=f"{page.text}\n{added}",
        words=(*page.words, *moved),
        engine=f"{page.engine}+{seen.engine}",
        barcodes=seen.barcodes,
        confidence=_mean_confidence((*page.words, *moved)),
    )


def _mean_confidence(words: tuple[Word, ...]) -> float:
    return sum(word.confidence for word in words) / len(words)


def _holds(outer: Box, inner: Box) -> bool:
    x, y = inner.x + inner.width / 2, inner.y + inner.height / 2
    return outer.x <= x <= outer.x + outer.width and outer.y <= y <= outer.y + outer.height


def _overlaps(a: Box, b: Box) -> bool:
    across = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    down = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    return across > 0.3 * min(a.width, b.width) and down > 0.3 * min(a.height, b.height)
