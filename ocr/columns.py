"""Whether the lines of a page follow one another in a single block, so that no engine need look for columns.

Asked of flattened, level pages; in doubt the answer is no, and the engine looks for itself.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr.images import Pixels
from ocr.prepare import resized

_SEEN_DPI = 50.0
_INK = 215  # on flattened paper (248), strokes blurred by the low resolution
_WORD_GAP_MM = 6.0  # wider white parts two columns
_LEAST_PIECE_MM = 8.0
_WINDOW_MM = 15.0  # three lines
_ROWS_APART_MM = 3.8  # inked height within a window that stands in two pieces: more than one line of them
_RULE_MM = 15.0  # no letter is so tall: the side of a frame or a table
_EDGE_MM = 5.0


def is_one_block(look: Pixels, dpi: float) -> bool:
    """Neither pieces of lines side by side over several lines, nor frames and tables."""
    ink = (resized(look, _SEEN_DPI / dpi) < _INK).astype(np.uint8)
    edge = _pixels(_EDGE_MM)
    ink = np.ascontiguousarray(ink[edge:-edge, edge:-edge])
    if ink.size == 0 or cv2.erode(ink, np.ones((_pixels(_RULE_MM), 1), np.uint8)).any():
        return False
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, _pixels(_WORD_GAP_MM)), np.uint8))
    pieces = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, _pixels(_LEAST_PIECE_MM)), np.uint8))
    begins = np.diff(pieces.astype(np.int8), axis=1, prepend=0) == 1
    apart = np.convolve(begins.sum(axis=1) >= 2, np.ones(_pixels(_WINDOW_MM)))
    return float(apart.max()) < _pixels(_ROWS_APART_MM)


def _pixels(millimetres: float) -> int:
    return round(millimetres * _SEEN_DPI / 25.4)
