"""Which way up a page stands: sideways by its lines, upside down by how well it reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr.engines import ONE_BLOCK, Engine, SeenLine, mean_confidence
from ocr.images import Pixels
from ocr.prepare import ink, turned

CLEAR_DIRECTION = 1.6  # lead of one direction of lines over the other that needs no trial reading
SURE_UPRIGHT = 0.80  # a page read this well is not upside down
_LEAD = 0.04
_BAND_INCHES = 2.0


def best_way(flat: Pixels, dpi: float, engine: Engine, ways: tuple[int, ...]) -> int:
    """The turn under which a few lines of the page read best; the first way stays unless another is clearly better."""
    scores: dict[int, float] = {}
    for way in ways:
        page = turned(flat, way)
        lines = engine.read_lines(_busiest_band(page, dpi), dpi, ONE_BLOCK)
        scores[way] = mean_confidence(lines) * min(1.0, letters_read(lines) / 40)
    best = max(ways, key=lambda way: scores[way])
    return best if scores[best] > scores[ways[0]] + _LEAD else ways[0]


def letters_read(lines: Sequence[SeenLine]) -> int:
    """Letters of the words that were read rather than guessed."""
    return sum(len(word.text) for line in lines for word in line.words if word.confidence > 0.5)


def _busiest_band(page: Pixels, dpi: float) -> Pixels:
    """The strip of the page with the most ink, two inches high: half a dozen lines."""
    rows = ink(page).sum(axis=1).astype(np.float64)
    rows = np.minimum(rows, np.percentile(rows, 95) if rows.any() else 0)
    reach = round(_BAND_INCHES * dpi)
    if reach >= page.shape[0]:
        return page
    sums = np.convolve(rows, np.ones(reach), mode="valid")
    start = int(np.argmax(sums))
    return page[start : start + reach]
