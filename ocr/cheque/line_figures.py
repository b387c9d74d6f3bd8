"""Figures among the words ("deux cents euros 45") read once more by the network of the amount box.

The network of the lines knows words well and digits less: nothing around two digits says which they are. Where it sees
digits, that piece of the line is cut out, enlarged to the height of a box's figures, and its columns are replaced.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cheque.alphabet import FIGURES, LINES
from ocr.cheque.fields import CROP_HEIGHT
from ocr.cheque.geometry import Floats, Gray

_COLUMN = 2  # pixels of a crop that one column of an output stands for
_LARGER = 1.3  # digits among words are about 12 to 18 pixels high, the box's network wants 16 to 24
_MIDDLE = 26.0  # pixels from a crop's top down to the middle of a digit on the rule
_MARGIN = 7  # columns before and behind the outermost digits, if nothing else stands there
_GAP = 16  # columns between digits of one number at most
_PAPER = 8  # pixels added on both sides
_NEVER = np.float32(np.log(3e-4))
_SPACE = 1 + LINES.index(" ")
_DIGITS = np.isin(np.arange(1 + len(LINES)), [1 + LINES.index(digit) for digit in "0123456789"])
_INTO = [0, *(1 + LINES.index(sign) if sign in LINES else 0 for sign in FIGURES)]


def refigured(logp: Floats, crop: Gray, read: Callable[[Gray], Floats]) -> Floats:
    """A line's output with every number in it as `read` sees it; the same object where it holds none.

    `logp` (columns, 1 + LINES) of `crop` (48, 2 * columns); `read` gives log probabilities (columns, 1 + FIGURES).
    """
    best = logp.argmax(axis=1)
    parts: list[Floats] = []
    done = 0
    for first, last in _numbers(best):
        start, end = _bounds(best, first, last)
        start = max(start, done)
        seen = read(_enlarged(crop, _COLUMN * start, _COLUMN * end))
        if seen.argmax(axis=1).any():
            parts += [logp[done:start], _as_line(seen)]
            done = end
    return np.concatenate([*parts, logp[done:]]) if parts else logp


def _numbers(best: NDArray[np.intp]) -> list[tuple[int, int]]:
    """First and last column of each run of digits between which no other letter stands."""
    runs: list[tuple[int, int]] = []
    for column in np.flatnonzero(_DIGITS[best]).tolist():
        if runs and column - runs[-1][1] < _GAP:
            between = best[runs[-1][1] + 1 : column]
            if not ((between > 0) & ~_DIGITS[between]).any():
                runs[-1] = (runs[-1][0], column)
                continue
        runs.append((column, column))
    return runs


def _bounds(best: NDArray[np.intp], first: int, last: int) -> tuple[int, int]:
    """Columns of the piece: up to the spaces around it, or halfway to the letters."""
    start, end = max(first - _MARGIN, 0), min(last + 1 + _MARGIN, best.size)
    before, behind = np.flatnonzero(best[:first]), np.flatnonzero(best[last + 1 :])
    if before.size:
        letter = int(before[-1])
        start = max(start, letter + 1 if best[letter] == _SPACE else (first + letter + 1) // 2)
    if behind.size:
        letter = last + 1 + int(behind[0])
        end = min(end, letter if best[letter] == _SPACE else (last + letter + 1) // 2)
    return start, max(end, last + 1)


def _enlarged(crop: Gray, left: int, right: int) -> Gray:
    width = max(4, round((right - left) * _LARGER))
    matrix = np.array([[1 / _LARGER, 0, left], [0, 1 / _LARGER, _MIDDLE - CROP_HEIGHT / 2 / _LARGER]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    piece = np.asarray(cv2.warpAffine(crop, matrix, (width, CROP_HEIGHT), flags=flags), np.uint8)
    paper = np.zeros((CROP_HEIGHT, _PAPER), np.uint8)
    return np.hstack([paper, piece, paper])


def _as_line(seen: Floats) -> Floats:
    """Figures as letters of the lines; brackets are paper."""
    out = np.full((len(seen), 1 + len(LINES)), _NEVER, np.float32)
    for at, letter in enumerate(_INTO):
        out[:, letter] = np.logaddexp(out[:, letter], seen[:, at])
    return out
