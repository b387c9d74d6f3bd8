"""Cheque lines of the other font, E-13B (United States, United Kingdom, ...): recognised, never read.

Eight characters an inch as in CMC-7, but solid ones: 0.117 inch high, of different breadths, and all placed by their
right edges (ANSI X9.27, ISO 1004-1). Typewriters centre their letters in the cell; that tells the two apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ocr.cheque.cmc7 import PITCH, STRIP_SCALE
from ocr.cheque.geometry import Floats

_HEIGHT = 2.97  # mm of a digit
_BROADEST = 2.8  # mm of a character
_WITHIN = 0.6  # mm of paper that still belongs to a character: symbols are made of two or three pieces
_INK = 0.45  # share of the line's own darkness
_FEWEST = 14  # characters
_TOOTH = 0.24  # mm within which a right edge belongs to the comb
_ALIGNED = 0.08  # mm, spread of the right edges about it at most
_UNLIKE = 0.32  # mm, spread of the breadths at least
_HEIGHTS = 0.08  # share by which digits differ from the height at most


def is_e13b(ink: Floats) -> bool:
    """`ink`: (rows, columns) of a strip with the row of characters levelled through its middle, `STRIP_SCALE` pixels a
    millimetre, as `find.ink_of` gives it."""
    glyphs = _glyphs(ink > _INK)
    if len(glyphs) < _FEWEST:
        return False
    left, right, top, bottom = glyphs.T
    pitch, rest = _comb(right)
    placed = np.abs(rest) < _TOOTH
    if placed.sum() < max(_FEWEST, 0.85 * len(glyphs)):
        return False
    height = (bottom - top) * PITCH / pitch
    digits = placed & (np.abs(height / _HEIGHT - 1) < _HEIGHTS)
    if digits.sum() < max(_FEWEST - 4, 0.6 * len(glyphs)):
        return False
    breadth = (right - left)[digits]
    return bool(rest[digits].std() < _ALIGNED and breadth.std() > _UNLIKE)


def _glyphs(dark: NDArray[np.bool_]) -> Floats:
    """(n, 4) left, right, top and bottom in mm of what stands in the row of characters."""
    middle, reach = dark.shape[0] // 2, round(1.2 * STRIP_SCALE)
    columns = dark[middle - reach : middle + reach].any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], columns, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    apart = starts[1:] - ends[:-1] > _WITHIN * STRIP_SCALE
    firsts, lasts = np.append(True, apart), np.append(apart, True)
    found = []
    for start, end in zip(starts[firsts], ends[lasts], strict=True):
        if 0.8 * STRIP_SCALE <= end - start <= _BROADEST * STRIP_SCALE:
            rows = np.flatnonzero(dark[:, start:end].any(axis=1))
            found.append((start, end, rows[0], rows[-1] + 1))
    return np.asarray(found, dtype=np.float32).reshape(-1, 4) / np.float32(STRIP_SCALE)


def _comb(edges: Floats) -> tuple[float, Floats]:
    """The pitch (mm) at which most of the edges stand evenly, and how far each is off its tooth."""
    pitches = PITCH * np.arange(0.955, 1.0451, 0.001)
    turns = edges / pitches[:, None]
    means = np.exp(2j * np.pi * turns).mean(axis=1)  # as long as the edges agree on a place within the cell
    best = int(np.abs(means).argmax())
    rest = (turns[best] - np.angle(means[best]) / (2 * np.pi) + 0.5) % 1.0 - 0.5
    return float(pitches[best]), np.asarray(rest * pitches[best], dtype=np.float32)
