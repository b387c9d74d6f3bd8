"""Lines the first reader left out of a page it otherwise read well: ink that no word covers, read once more by itself.

An engine that loses one line of a paragraph says nothing; the sentence then reads well and means something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr.engines import Engine, SeenLine
from ocr.images import Pixels
from ocr.prepare import resized, without_long_strokes

ONE_LINE = 7  # Tesseract's page segmentation mode
_LOOK_DPI = 100.0
_INK = 150  # on flattened paper (248)
_LEAST_INK = 120  # pixels at that resolution: less is dust, accents, the ends of underlines
_WORD_GAP_MM = 5.0
_LEAST_WIDTH_MM = 20.0
_HEIGHT_MM = (1.6, 9.0)
_SHARE_OF_INK = (0.06, 0.5)
_MOST_STRIPS = 4  # of one page, widest first; more is a picture
_CREDIBLE = 0.8
_LEAST_LETTERS = 6


def with_missed(flat: Pixels, dpi: float, lines: Sequence[SeenLine], engine: Engine) -> tuple[SeenLine, ...]:
    """`lines` and what else reads well on the page, each new line behind the one above it."""
    found = list(lines)
    for strip in _uncovered(flat, dpi, lines):
        line = _read(flat, dpi, strip, engine)
        if line is not None:
            found.insert(_place(line, found), line)
    return tuple(found)


def _uncovered(flat: Pixels, dpi: float, lines: Sequence[SeenLine]) -> list[tuple[int, int, int, int]]:
    """(left, top, right, bottom) in pixels of `flat` of ink that stands in rows like print and has no word on it."""
    scale = _LOOK_DPI / dpi
    mask = (resized(flat, scale) < _INK).astype(np.uint8)
    for line in lines:
        top, bottom = int(line.top * scale) - 1, int(line.bottom * scale) + 2
        mask[max(top, 0) : max(bottom, 0), max(int(line.left * scale) - 2, 0) : int(line.right * scale) + 3] = 0
    if cv2.countNonZero(mask) < _LEAST_INK:
        return []
    mask = without_long_strokes(mask)
    millimetre = _LOOK_DPI / 25.4
    joined = cv2.dilate(mask, np.ones((3, round(_WORD_GAP_MM * millimetre)), np.uint8))
    strips = []
    for x, y, wide, high, _ in cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:].tolist():
        share = float(mask[y : y + high, x : x + wide].mean())
        low, tall = (side * millimetre for side in _HEIGHT_MM)
        if wide >= _LEAST_WIDTH_MM * millimetre and low <= high <= tall and _SHARE_OF_INK[0] < share < _SHARE_OF_INK[1]:
            strips.append((x, y, x + wide, y + high))
    strips.sort(key=lambda strip: strip[0] - strip[2])
    return [tuple(int(side / scale) for side in strip) for strip in strips[:_MOST_STRIPS]]  # type: ignore[misc]


def _read(flat: Pixels, dpi: float, strip: tuple[int, int, int, int], engine: Engine) -> SeenLine | None:
    left, top, right, bottom = strip
    margin = round(dpi / 25.4)
    left, top = max(left - margin, 0), max(top - margin, 0)
    seen = engine.read_lines(flat[top : bottom + margin, left : right + margin], dpi, ONE_LINE)
    words = tuple(
        replace(word, left=word.left + left, right=word.right + left, top=word.top + top, bottom=word.bottom + top)
        for line in seen
        for word in line.words
    )
    line = SeenLine(words)
    letters = sum(letter.isalnum() for letter in line.text)
    return line if letters >= _LEAST_LETTERS and line.confidence >= _CREDIBLE else None


def _place(line: SeenLine, lines: Sequence[SeenLine]) -> int:
    """Behind the nearest line above it in its column; before the first below where none is."""
    middle = (line.top + line.bottom) / 2
    beside = [at for at, other in enumerate(lines) if min(line.right, other.right) > max(line.left, other.left)]
    above = [at for at in beside if (lines[at].top + lines[at].bottom) / 2 <= middle]
    if above:
        return max(above, key=lambda at: lines[at].bottom) + 1
    return beside[0] if beside else len(lines)
