"""Ruled and squared paper: the lines taken out from under the writing."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.images import Pixels

_VISIBLE = 232  # on flattened paper (248): printed ruling is often pale
_LEAST_LINE_MM = 22.0
_THICKEST_MM = 0.8
_LEAST_LINES = 7  # fewer are a form or a table, which read well with their lines


def without_ruling(flat: Pixels, dpi: float) -> Pixels:
    """The page without its ruling; itself where it has none. Strokes that cross a line keep their ink.

    A thin line is closed across its own direction: paper takes its place, while a stroke that crosses it goes on above
    and below and stays.
    """
    visible = (flat < _VISIBLE).astype(np.uint8)
    reach = round(_LEAST_LINE_MM * dpi / 25.4)
    thick = round(_THICKEST_MM * dpi / 25.4) + 1
    cleaned = flat
    for line, across in (((1, reach), (2 * thick + 1, 1)), ((reach, 1), (1, 2 * thick + 1))):
        lines = cv2.morphologyEx(visible, cv2.MORPH_OPEN, np.ones(line, np.uint8))
        if _line_count(lines, horizontal=line[0] == 1) < _LEAST_LINES:
            continue
        wide = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
        thin = cv2.dilate(cv2.subtract(lines, wide), np.ones((3, 3), np.uint8))
        closed = cv2.morphologyEx(cleaned, cv2.MORPH_CLOSE, np.ones(across, np.uint8))
        cleaned = np.where(thin > 0, closed, cleaned)
    return cleaned


def _line_count(lines: Pixels, horizontal: bool) -> int:
    """Separate rows (or columns) that carry a line over at least a fifth of the page."""
    share = lines.mean(axis=1 if horizontal else 0) > 0.2
    return int((np.diff(share.astype(np.int8)) == 1).sum() + (1 if share[:1].any() else 0))
