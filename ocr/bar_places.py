"""Where on a page a barcode may stand, so that a page of plain writing is not searched for one.

Seen at 100 dpi. Bars and squares are either fat, where their elements are wide, or so close together that the white
between them closes up to a block higher than a line of print; writing is neither.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr.images import Pixels

LOOK_DPI = 100.0
_INK = 190  # on flattened paper (248): pale print of a barcode counts
_FAT_MM = 1.4  # no stroke of ordinary writing is so wide
_GAP_MM = 1.0  # white between bars that closes
_BLOCK_MM = 3.0  # higher than a line of small print; symbols below 4 mm may pass unseen
_EDGE_MM = 3.0  # shadows of the scanner's lid; no symbol is printed there
_AROUND_MM = 15.0  # what of a symbol was not seen, and the white it needs around it


def may_hold_bars(look: Pixels) -> tuple[float, float, float, float] | None:
    """(left, top, right, bottom) in fractions of a flattened page at LOOK_DPI; None where there is nothing like it."""
    ink = (look < _INK).astype(np.uint8)
    fat = cv2.morphologyEx(ink, cv2.MORPH_OPEN, _square(_FAT_MM))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _square(_GAP_MM))
    marks = cv2.bitwise_or(fat, cv2.morphologyEx(closed, cv2.MORPH_OPEN, _square(_BLOCK_MM)))
    edge = _pixels(_EDGE_MM)
    inside = marks[edge:-edge, edge:-edge]
    if not inside.any():
        return None
    left, top, wide, high = cv2.boundingRect(inside)
    height, width = look.shape
    room = _pixels(_AROUND_MM)
    left, top = left + edge - room, top + edge - room
    right, bottom = left + wide + 2 * room, top + high + 2 * room
    return max(left / width, 0.0), max(top / height, 0.0), min(right / width, 1.0), min(bottom / height, 1.0)


def _pixels(millimetres: float) -> int:
    return round(millimetres * LOOK_DPI / 25.4)


def _square(millimetres: float) -> Pixels:
    return np.ones((_pixels(millimetres), _pixels(millimetres)), np.uint8)
