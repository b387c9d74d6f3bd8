"""Which way up a page stands: sideways by its lines, upside down by its letters and by how well it reads."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocr.engines import ONE_BLOCK, Engine, SeenLine, mean_confidence, read_narrowed
from ocr.images import Pixels
from ocr.prepare import ink, turned

PLAIN_DIRECTION = 3.0  # as below, at half the resolution: a third of the time, enough for most pages
CLEAR_DIRECTION = 1.6  # lead of one direction of lines over the other that needs no trial reading
SURE_UPRIGHT = 0.80  # a page read this well is not upside down
_LEAD = 0.04
_BAND_INCHES = 2.0
_INK = 150  # on flattened paper (248)
_BARE_ROW = 0.004  # share of the width: less ink is dust between lines
_LINE_HEIGHT_MM = (1.3, 9.0)
_BODY = 0.5  # of a line's fullest rows: the body of its small letters
_HANGING = 1.25  # ink below the bodies over ink above them; upright print has 0.2 to 0.9 of it, turned over above 2


def best_way(flat: Pixels, dpi: float, engine: Engine) -> int:
    """The quarter turn under which a few lines of the page read best; none unless another is clearly better."""
    scores: dict[int, float] = {}
    for way in (0, 180, 90, 270):
        page = turned(flat, way)
        top, bottom = _busiest_band(page, dpi)
        scores[way] = _score(engine.read_lines(page[top:bottom], dpi, ONE_BLOCK))
        if scores[way] >= SURE_UPRIGHT:  # no page reads so well the wrong way
            return way
    best = max(scores, key=lambda way: scores[way])
    return best if scores[best] > scores[0] + _LEAD else 0


def seems_upside_down(look: Pixels, dpi: float) -> bool:
    """Whether more of the letters hangs below the lines than stands above them: capitals, b, d and accents do stand.

    For level pages; cheap, and no proof: reading is.
    """
    inked = (look < _INK).astype(np.uint8)
    rows = cv2.reduce(inked, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel().astype(np.float64)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (rows > _BARE_ROW * look.shape[1]).astype(np.int8), [0]))))
    least, most = (millimetres * dpi / 25.4 for millimetres in _LINE_HEIGHT_MM)
    above, below = 0.0, 0.0
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if least <= end - start <= most:
            line = rows[start:end]
            body = np.flatnonzero(line >= _BODY * np.sort(line)[-max(2, len(line) // 6)])
            above, below = above + line[: body[0]].sum(), below + line[body[-1] + 1 :].sum()
    return bool(below > _HANGING * above)


def is_upside_down(flat: Pixels, dpi: float, engine: Engine, lines: Sequence[SeenLine]) -> bool:
    """Whether the busiest band, read as `lines` so far, reads clearly better turned by half."""
    top, bottom = _busiest_band(flat, dpi)
    here = [SeenLine(tuple(w for w in line.words if top <= (w.top + w.bottom) / 2 < bottom)) for line in lines]
    other = engine.read_lines(turned(flat[top:bottom], 180), dpi, ONE_BLOCK)
    return _score(other) > _score(here) + _LEAD


def reads_upside_down(flat: Pixels, dpi: float, engine: Engine) -> bool:
    """Whether the busiest band of a page not read yet reads as well turned by half as no page does the wrong way."""
    top, bottom = _busiest_band(flat, dpi)
    return _score(read_narrowed(engine, turned(flat[top:bottom], 180), dpi, ONE_BLOCK)) >= SURE_UPRIGHT


def _score(lines: Sequence[SeenLine]) -> float:
    return mean_confidence(lines) * min(1.0, letters_read(lines) / 40)


def letters_read(lines: Sequence[SeenLine]) -> int:
    """Letters of the words that were read rather than guessed."""
    return sum(len(word.text) for line in lines for word in line.words if word.confidence > 0.5)


def _busiest_band(page: Pixels, dpi: float) -> tuple[int, int]:
    """First row and end of the strip with the most ink, two inches high: half a dozen lines."""
    rows = ink(page).sum(axis=1).astype(np.float64)
    rows = np.minimum(rows, np.percentile(rows, 95) if rows.any() else 0)
    reach = round(_BAND_INCHES * dpi)
    if reach >= page.shape[0]:
        return 0, page.shape[0]
    sums = np.convolve(rows, np.ones(reach), mode="valid")
    start = int(np.argmax(sums))
    return start, start + reach
