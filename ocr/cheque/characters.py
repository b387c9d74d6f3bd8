"""Second, independent reader of CMC-7 lines: a small network that looks at the shapes of the characters."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cheque.cmc7 import CHARACTER_WIDTH, CHARACTERS, DIGITS, FRAME, PITCH, STRIP_SCALE, Decoded
from ocr.cheque.geometry import Floats

CELL_HEIGHT, CELL_WIDTH = 32, 48  # pixels: 4 mm by 3 mm
_SYMBOLS = FRAME.replace(" ", "")
_CELLS = np.asarray([cell for cell, symbol in enumerate(FRAME) if symbol != " "])
_OUTWARDS = (_CELLS - 18) / 18  # -1 at the first cell, 1 at the last
_MAY_STAND = np.asarray([[sign in (DIGITS if symbol == "#" else symbol) for sign in CHARACTERS] for symbol in _SYMBOLS])
_ALONG, _ACROSS = np.arange(-8, 9, 4), np.arange(-4, 5, 4)  # samples off its place at which a doubtful line is tried
_TURNS = np.arange(-4, 5)  # samples by which the ends of a line may lie off further than its middle
_LOOKS = ((0, 0), (-3, 0), (3, 0), (0, -2), (0, 2))  # samples around the place that fits best
_ALL, _SAMPLED = slice(None), slice(None, None, 2)  # every other cell shows where a line stands
_SURE_ENOUGH = -0.004  # mean log probability at which no further look is taken
_HOPELESS = -3.0  # no cell counts for less when a place is judged: a stroke must not move the line


@dataclass(frozen=True, slots=True)
class Shapes:
    """What the network makes of a line, free of any frame: the 35 characters and how sure each is (0..1).

    `logp`: (35, 15) mean log probabilities over all looks, in the order of `CHARACTERS`. `left` and `scale` are the
    place that fits best, as in `Decoded`.
    """

    text: str
    sureness: tuple[float, ...]
    logp: Floats
    left: float
    scale: float


@dataclass(frozen=True, slots=True)
class Off:
    """How far a line lies off its supposed place, in samples; `wider` and `lower` count at the right end."""

    along: float = 0.0
    wider: float = 0.0
    across: float = 0.0
    lower: float = 0.0

    def by(self, along: float, across: float) -> Off:
        return Off(self.along + along, self.wider, self.across + across, self.lower)


NOWHERE_OFF = Off()


def cells(ink: Floats, left: float, scale: float, off: Off = NOWHERE_OFF) -> NDArray[np.float32]:
    """(35, 1, 32, 48) crops of the printed cells of a strip whose bars run through its middle."""
    rows = cv2.resize(ink, (ink.shape[1], ink.shape[0] // 2), interpolation=cv2.INTER_AREA)
    padded = np.pad(np.asarray(rows, dtype=np.float32), ((8, 8), (CELL_WIDTH, CELL_WIDTH)))
    first = left + CHARACTER_WIDTH / 2 * STRIP_SCALE * scale
    centres = first + _CELLS * PITCH * STRIP_SCALE * scale + off.along + off.wider * _OUTWARDS
    tops = (padded.shape[0] - CELL_HEIGHT) / 2 + (off.across + off.lower * _OUTWARDS) / 2
    windows = np.lib.stride_tricks.sliding_window_view(padded, (CELL_HEIGHT, CELL_WIDTH))
    y = np.clip(np.rint(tops).astype(int), 0, windows.shape[0] - 1)
    x = np.clip(np.rint(centres).astype(int) + CELL_WIDTH // 2, 0, windows.shape[1] - 1)
    return np.ascontiguousarray(windows[y, x][:, None])


class CharacterReader:
    """Reads the cells of a located line. `run` maps (n, 1, 32, 48) to log probabilities (n, 15)."""

    def __init__(self, run: object) -> None:
        if not callable(run):
            raise TypeError("run must be callable")
        self._run = run

    def read(self, ink: Floats, place: Decoded) -> Shapes:
        """Characters from one look; where that leaves doubt, from several around the place that fits all cells best.

        A pen stroke or a missing bar misleads one look and seldom all, so the looks' log probabilities are averaged.
        """
        first = self._look(ink, place, NOWHERE_OFF)
        if first.max(axis=1).mean() > _SURE_ENOUGH:
            return _shapes(first, place, NOWHERE_OFF)
        off = self._fitted(ink, place)
        looks = [self._look(ink, place, off.by(x, y)) for x, y in _LOOKS]
        return _shapes(np.asarray(np.mean(looks, axis=0), dtype=np.float32), place, off)

    def glance(self, ink: Floats, place: Decoded) -> tuple[int, float]:
        """How many of the four symbols one look sees where they belong, and how well all cells fit the frame."""
        fits = self._fits(ink, place, NOWHERE_OFF)
        return sum(bool(fits[at] > np.log(0.5)) for at, symbol in enumerate(_SYMBOLS) if symbol != "#"), float(
            fits.mean()
        )

    def _fitted(self, ink: Floats, place: Decoded) -> Off:
        """Shift, scale, height and tilt at which the characters that the frame allows are seen best, all together."""
        seen = np.asarray(
            [
                [self._fits(ink, place, Off(along=x, across=y), _SAMPLED) for y in _ACROSS.tolist()]
                for x in _ALONG.tolist()
            ]
        )
        fine = np.einsum("ia,jb,abc->ijc", _between(_ALONG), _between(_ACROSS), seen)
        x, moved_x = _lines(_ALONG)
        y, moved_y = _lines(_ACROSS)
        totals = fine[x[:, None, _SAMPLED], y[None, :, _SAMPLED], np.arange(fine.shape[2])].mean(axis=2)
        best_x, best_y = np.unravel_index(int(totals.argmax()), totals.shape)
        return Off(*moved_x[best_x], *moved_y[best_y])

    def _fits(self, ink: Floats, place: Decoded, off: Off, sampled: slice = _ALL) -> Floats:
        """Log probability of the likeliest character that may stand in each cell, or in some of them."""
        return _allowed(self._look(ink, place, off, sampled), sampled)

    def _look(self, ink: Floats, place: Decoded, off: Off, sampled: slice = _ALL) -> Floats:
        return np.asarray(self._run(cells(ink, place.left, place.scale, off)[sampled]), dtype=np.float32)


def _allowed(logp: Floats, sampled: slice = _ALL) -> Floats:
    likeliest = np.where(_MAY_STAND[sampled], logp, -np.inf).max(axis=1)
    return np.asarray(np.maximum(likeliest, _HOPELESS), dtype=np.float32)


def _between(tried: NDArray[np.int_]) -> NDArray[np.float64]:
    """Weights (every sample, tried) that interpolate what was seen at the tried ones."""
    every = np.arange(tried[0], tried[-1] + 1)
    return np.stack([np.interp(every, tried, one) for one in np.eye(len(tried))], axis=1)


def _lines(tried: NDArray[np.int_]) -> tuple[NDArray[np.int_], list[tuple[float, float]]]:
    """Every (shift, further at the right end): which sample, counted from the first tried, each cell comes to."""
    moved = [(float(shift), float(turn)) for shift in range(tried[0], tried[-1] + 1) for turn in _TURNS]
    places = np.asarray([np.rint(shift + turn * _OUTWARDS) for shift, turn in moved]).astype(int)
    return np.clip(places, tried[0], tried[-1]) - tried[0], moved


def _shapes(logp: Floats, place: Decoded, off: Off) -> Shapes:
    """`logp` (35, 15), normalised here: means of logarithms do not sum to one."""
    logp = np.asarray(logp - np.log(np.exp(logp).sum(axis=1, keepdims=True)), dtype=np.float32)
    text = "".join(CHARACTERS[int(index)] for index in logp.argmax(axis=1))
    wider = 2 * off.wider / (36 * PITCH * STRIP_SCALE)
    # the first bar stands half a character before the middle of the first cell
    left = place.left + off.along - off.wider - wider * CHARACTER_WIDTH / 2 * STRIP_SCALE
    sureness = tuple(float(value) for value in np.exp(logp.max(axis=1)))
    return Shapes(text, sureness, logp, left, place.scale + wider)


def frame_seen(shapes: Shapes) -> int:
    """How many of the four symbols of a French line the network sees where they belong."""
    places = [at for at, symbol in enumerate(_SYMBOLS) if symbol != "#"]
    return sum(shapes.text[at] == _SYMBOLS[at] and shapes.sureness[at] >= 0.5 for at in places)


def frame_fit(shapes: Shapes) -> float:
    """How well what is seen fits the frame: mean log probability of the likeliest characters that may stand there."""
    return float(_allowed(shapes.logp).mean())
