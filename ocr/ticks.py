"""Boxes to tick on printed forms: square outlines, the ink inside them, and the words printed to their right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from models.reading import Box, Tick, Word
from ocr.engines import SeenLine, SeenWord
from ocr.images import Pixels
from ocr.prepare import straight_strokes

TICKED, EMPTY = "[X]", "[ ]"
_SMALLEST_MM, _LARGEST_MM = 2.4, 9.0
_BOX_LIKE = frozenset("xX×O0DULC|[](){}☐□☒☑✓✔✗■.,-_'")  # what engines make of a box
_READ_WELL = 0.7
_TICKED_INK = 0.055  # share of the inside that is dark
_SURE_INK = 0.14
_STRAIGHT = 0.78  # share of a side that is one unbroken stroke


@dataclass(frozen=True, slots=True)
class FormBox:
    """A printed box in pixels; `ink` is the share of its inside that is dark."""

    x: int
    y: int
    width: int
    height: int
    ink: float

    @property
    def ticked(self) -> bool:
        return self.ink >= _TICKED_INK

    @property
    def confidence(self) -> float:
        """That `ticked` is right: 0.5 at the threshold, near 1 away from it."""
        reach = (_SURE_INK - _TICKED_INK) if self.ticked else _TICKED_INK
        return min(0.5 + 0.5 * abs(self.ink - _TICKED_INK) / reach, 0.99)

    def is_part_of(self, word: SeenWord) -> bool:
        """Whether it is a word of the text, or a letter of one, after all."""
        if self.holds(word):
            return word.confidence >= _READ_WELL and not set(word.text) <= _BOX_LIKE
        over = min(self.x + self.width, word.right) - max(self.x, word.left)
        level = abs((word.top + word.bottom) / 2 - self.y - self.height / 2) < 0.6 * self.height
        return level and over > 0.6 * self.width

    def holds(self, word: SeenWord) -> bool:
        """Whether the word is what an engine made of the box itself."""
        middle_x, middle_y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        inside = abs(middle_x - self.x - self.width / 2) < 0.8 * self.width
        level = abs(middle_y - self.y - self.height / 2) < 0.9 * self.height
        return inside and level and word.right - word.left < 2.2 * self.width


def find_boxes(flat: Pixels, dpi: float) -> tuple[FormBox, ...]:
    """Printed boxes from top to bottom, ticked or empty. A tick may overshoot: only straight strokes count."""
    mask = (flat < 170).astype(np.uint8)
    side = max(int(_SMALLEST_MM * 0.8 * dpi / 25.4), 5)
    least, most = _SMALLEST_MM * dpi / 25.4, _LARGEST_MM * dpi / 25.4
    across = straight_strokes(mask, side, across=True)
    left, top, wide, high = _around(across, int(most) + 2)  # most letters have no stroke so long, or few
    if wide == 0:
        return ()
    flat, mask = (picture[top : top + high, left : left + wide] for picture in (flat, mask))
    across = across[top : top + high, left : left + wide]
    down = straight_strokes(mask, side, across=False)
    outline = cv2.dilate(cv2.bitwise_or(across, down), np.ones((3, 3), np.uint8))
    found: list[FormBox] = []
    for x, y, w, h in _pieces(outline):
        square = least <= w <= most and least <= h <= most and 0.75 <= w / h <= 1.33
        if square and _four_sides(mask[y : y + h, x : x + w]):
            found.append(FormBox(x, y, w, h, _ink_inside(flat, x, y, w, h)))
    found += _hidden_in_columns(flat, found)
    placed = (replace(box, x=box.x + left, y=box.y + top) for box in found)
    return tuple(sorted(placed, key=lambda box: (box.y, box.x)))


def _pieces(outline: Pixels) -> list[tuple[int, int, int, int]]:
    """(x, y, width, height) of every connected piece, also of those inside another: a box in a frame."""
    contours, nesting = cv2.findContours(outline, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if nesting is None:
        return []
    outer = nesting.reshape(-1, 4)[:, 3] < 0  # the others are the rims of holes
    return [cv2.boundingRect(contour) for contour, whole in zip(contours, outer, strict=True) if whole]  # type: ignore[misc]


def _around(strokes: Pixels, reach: int) -> tuple[int, int, int, int]:
    """(left, top, width, height) of the part that holds all strokes and `reach` pixels around; no width: none."""
    left, top, wide, high = cv2.boundingRect(strokes)
    if wide == 0:
        return 0, 0, 0, 0
    right, bottom = min(left + wide + reach, strokes.shape[1]), min(top + high + reach, strokes.shape[0])
    left, top = max(left - reach, 0), max(top - reach, 0)
    return left, top, right - left, bottom - top


def _hidden_in_columns(flat: Pixels, found: Sequence[FormBox]) -> list[FormBox]:
    """Boxes whose outline a heavy cross has hidden: an inked gap in a regular column of at least four others."""
    hidden: list[FormBox] = []
    for first in found:
        column = sorted((box for box in found if _same_column(first, box)), key=lambda box: box.y)
        if len(column) < 4 or column[0] is not first:
            continue
        gaps = [lower.y - upper.y for upper, lower in pairwise(column)]
        pitch = float(np.median(gaps))
        for upper, lower, gap in zip(column, column[1:], gaps, strict=False):
            x, y = (upper.x + lower.x) // 2, (upper.y + lower.y) // 2
            share = _ink_inside(flat, x, y, first.width, first.height)
            if 1.7 * pitch < gap < 2.3 * pitch and share >= _TICKED_INK:
                hidden.append(FormBox(x, y, first.width, first.height, share))
    return hidden


def _same_column(one: FormBox, other: FormBox) -> bool:
    return abs(one.x - other.x) < 0.4 * one.width and abs(one.width - other.width) < 0.3 * one.width


def _four_sides(cut: Pixels) -> bool:
    """Three sharp corners, and on every edge one stroke over most of its length: no round letter has both."""
    band = max(3, round(0.22 * min(cut.shape)))
    edges = (cut[:band], cut[-band:], cut[:, :band].T, cut[:, -band:].T)
    small = max(3, round(0.2 * min(cut.shape)))
    corners = (cut[:small, :small], cut[:small, -small:], cut[-small:, :small], cut[-small:, -small:])
    sharp = sum(float(corner.mean()) > 0.2 for corner in corners) >= 3  # a tick may push one out
    return sharp and all(_longest_run(edge) >= _STRAIGHT * edge.shape[1] for edge in edges)


def _longest_run(edge: Pixels) -> int:
    """Longest unbroken dark stretch of two neighbouring rows together, so that a slight tilt does not break it."""
    pairs = np.maximum(edge[:-1], edge[1:]) if len(edge) > 1 else edge
    padded = np.zeros((pairs.shape[0], pairs.shape[1] + 2), np.int8)
    padded[:, 1:-1] = pairs
    steps = np.diff(padded, axis=1)
    starts, ends = np.nonzero(steps == 1)[1], np.nonzero(steps == -1)[1]
    return int((ends - starts).max(initial=0))


def _ink_inside(flat: Pixels, x: int, y: int, w: int, h: int) -> float:
    rim_x, rim_y = max(4, round(0.24 * w)), max(4, round(0.24 * h))
    inside = flat[y + rim_y : y + h - rim_y, x + rim_x : x + w - rim_x]
    return float((inside < 160).mean()) if inside.size else 0.0


def with_marks(lines: Sequence[SeenLine], boxes: Sequence[FormBox]) -> tuple[SeenLine, ...]:
    """Lines with `[X]` or `[ ]` where a box stands before their words; what an engine made of the box is dropped."""
    marked = list(lines)
    for box in boxes:
        beside = _line_beside(box, marked)
        if beside is None or any(box.is_part_of(word) for line in marked for word in line.words):
            continue
        cleaned = [replace(line, words=tuple(w for w in line.words if not box.holds(w))) for line in marked]
        mark = SeenWord(
            TICKED if box.ticked else EMPTY, box.x, box.y, box.x + box.width, box.y + box.height, box.confidence
        )
        words = sorted((*cleaned[beside].words, mark), key=lambda word: word.left)
        cleaned[beside] = replace(cleaned[beside], words=tuple(words))
        marked = cleaned
    return tuple(line for line in marked if line.words)


def _line_beside(box: FormBox, lines: Sequence[SeenLine]) -> int | None:
    """The line whose words begin next to the right edge of the box, at its height."""
    middle, edge = box.y + box.height / 2, box.x + box.width
    best, nearest = None, 6.0 * box.width
    for place, line in enumerate(lines):
        right_of = [w for w in line.words if w.left > box.x + 0.5 * box.width and not box.holds(w)]
        if not right_of:
            continue
        first = min(right_of, key=lambda word: word.left)
        tall = max(first.bottom - first.top, box.height)
        if abs((first.top + first.bottom) / 2 - middle) < 0.6 * tall and first.left - edge < nearest:
            best, nearest = place, first.left - edge
    return best


def ticks_of(boxes: Sequence[FormBox], words: Sequence[Word], page: int, shape: tuple[int, int]) -> tuple[Tick, ...]:
    """The ticked boxes, each with the words on its line up to the next box. `shape` is (height, width) in pixels."""
    height, width = shape
    ticks = []
    for box in boxes:
        place = Box(page, box.x / width, box.y / height, box.width / width, box.height / height)
        label = _label(place, words) if box.ticked else ""
        if label:
            ticks.append(Tick(label, box.confidence, place))
    return tuple(ticks)


def _label(place: Box, words: Sequence[Word]) -> str:
    mark = next((w for w in words if w.text == TICKED and abs(w.box.x - place.x) + abs(w.box.y - place.y) < 1e-3), None)
    if mark is None:
        return ""
    label: list[str] = []
    for word in sorted((w for w in words if w.line == mark.line and w.box.x > place.x), key=lambda w: w.box.x):
        if word.text in (TICKED, EMPTY):
            break
        label.append(word.text)
    return " ".join(label)
