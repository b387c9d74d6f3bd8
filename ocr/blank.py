"""Whether a page carries anything. Dust, punch holes, edge shadows and the other side showing through do not count."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocr.engines import SeenLine
from ocr.images import Pixels

_DARK = 150  # on flattened paper (248): bleed-through stays above, pencil falls below
_EDGE_SHARE = 0.03
_FEW_MARKS = 2
_CREDIBLE = 0.6
_FIRST_LOOK = (0.3, 0.5)  # rows of the page where most letters show that it is not blank


def is_blank(flat: Pixels, dpi: float) -> bool:
    """True where hardly any mark has the size of a letter or more. Never true for a page with a line of writing."""
    inside = _inside(flat)
    if dpi > 150:  # half size tells marks from dust as well, in a quarter of the time
        inside, dpi = cv2.resize(inside, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dpi / 2
    mask = (inside < _DARK).astype(np.uint8)
    top, bottom = (int(len(mask) * share) for share in _FIRST_LOOK)
    return _marks(mask[top:bottom], dpi, whole=False) <= _FEW_MARKS and _marks(mask, dpi) <= _FEW_MARKS


def only_specks(flat: Pixels, lines: Sequence[SeenLine]) -> bool:
    """After reading: nothing credible was read and there is too little ink for writing."""
    letters = sum(len(w.text) for line in lines for w in line.words if w.confidence >= _CREDIBLE and len(w.text) > 1)
    if letters >= 3:
        return False
    inside = _inside(flat)
    return float((inside < _DARK).mean()) < 0.002


def _inside(flat: Pixels) -> Pixels:
    height, width = flat.shape
    return flat[
        int(height * _EDGE_SHARE) : int(height * (1 - _EDGE_SHARE)),
        int(width * _EDGE_SHARE) : int(width * (1 - _EDGE_SHARE)),
    ]


def _marks(mask: Pixels, dpi: float, whole: bool = True) -> int:
    """Connected marks between 1 mm and 80 mm that are not round holes; on a cut page those that the cut spares."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count <= 1:
        return 0
    wide, high = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    area = stats[1:, cv2.CC_STAT_AREA]
    least, most = dpi / 25.4 * 1.0, dpi / 25.4 * 80
    longer = np.maximum(wide, high)
    hole = (area > 0.6 * wide * high) & (longer > dpi / 25.4 * 4) & (np.minimum(wide, high) > 0.8 * longer)
    first = stats[1:, cv2.CC_STAT_TOP]
    spared = whole | ((first > 0) & (first + high < len(mask)))
    return int(((longer >= least) & (longer <= most) & ~hole & spared).sum())
