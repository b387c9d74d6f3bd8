"""Ticked boxes of printed forms: square outlines with ink inside, and the words printed to their right."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from models.reading import Box, Tick, Word
from ocr.images import Pixels

WORKING_DPI = 200.0
_SMALLEST_MM, _LARGEST_MM = 2.2, 9.0
_TICKED_INK = 0.055  # share of the inside that is dark
_SURE_INK = 0.14


def find_ticks(flat: Pixels, words: Sequence[Word], page: int = 1, dpi: float = WORKING_DPI) -> tuple[Tick, ...]:
    """Ticked boxes from top to bottom, each with the words on its line to the right, up to the next box."""
    squares = find_squares(flat, dpi)
    height, width = flat.shape
    ticks = []
    for square in squares:
        x, y, side_x, side_y = square
        share = _ink_inside(flat, square)
        if share < _TICKED_INK:
            continue
        label = _label(square, squares, words, width, height)
        if not label:
            continue
        confidence = min(0.5 + 0.5 * (share - _TICKED_INK) / (_SURE_INK - _TICKED_INK), 0.99)
        ticks.append(Tick(label, confidence, Box(page, x / width, y / height, side_x / width, side_y / height)))
    return tuple(ticks)


def find_squares(flat: Pixels, dpi: float) -> list[tuple[int, int, int, int]]:
    """Outlines of printed boxes as (x, y, width, height), top to bottom; a letter O is round, a frame is larger."""
    mask = (flat < 170).astype(np.uint8)
    contours, hierarchy = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if hierarchy is None:
        return []
    least, most = _SMALLEST_MM * dpi / 25.4, _LARGEST_MM * dpi / 25.4
    found: list[tuple[int, int, int, int]] = []
    for contour in contours:
        x, y, w, h = cv2.boundingRect(contour)
        if not (least <= w <= most and least <= h <= most and 0.75 <= w / h <= 1.33):
            continue
        if _four_sides(mask, x, y, w, h) and not any(_overlap((x, y, w, h), other) for other in found):
            found.append((x, y, w, h))
    return sorted(found, key=lambda box: (box[1], box[0]))


def _four_sides(mask: Pixels, x: int, y: int, w: int, h: int) -> bool:
    """Each edge is one straight stroke over nearly its whole length: a round letter has none."""
    band = max(2, round(0.16 * min(w, h)))
    cut = mask[y : y + h, x : x + w]
    edges = (cut[:band], cut[-band:], cut[:, :band].T, cut[:, -band:].T)
    return all(_straight(edge) for edge in edges)


def _straight(edge: Pixels) -> bool:
    """Two neighbouring rows together hold the stroke, so that a slight tilt does not break it."""
    pairs = np.maximum(edge[:-1], edge[1:]) if len(edge) > 1 else edge
    return float(pairs.mean(axis=1).max()) > 0.9


def _ink_inside(flat: Pixels, square: tuple[int, int, int, int]) -> float:
    x, y, w, h = square
    rim_x, rim_y = max(3, round(0.2 * w)), max(3, round(0.2 * h))
    inside = flat[y + rim_y : y + h - rim_y, x + rim_x : x + w - rim_x]
    return float((inside < 160).mean()) if inside.size else 0.0


def _label(
    square: tuple[int, int, int, int],
    squares: Sequence[tuple[int, int, int, int]],
    words: Sequence[Word],
    width: int,
    height: int,
) -> str:
    x, y, w, h = square
    middle = (y + h / 2) / height
    stop = min((other[0] / width for other in squares if abs(other[1] - y) < h and other[0] > x + w), default=1.0)
    start = (x + w * 0.7) / width
    beside = [
        word
        for word in words
        if word.box.y - 0.2 * word.box.height <= middle <= word.box.y + 1.2 * word.box.height
        and start <= word.box.x < stop
    ]
    beside.sort(key=lambda word: word.box.x)
    return " ".join(word.text for word in beside)


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return abs(one[0] - other[0]) < 0.6 * other[2] and abs(one[1] - other[1]) < 0.6 * other[3]
