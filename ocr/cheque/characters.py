"""Second, independent reader of CMC-7 lines: a small network that looks at the shapes of the characters."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cheque.cmc7 import CHARACTER_WIDTH, CHARACTERS, FRAME, PITCH, STRIP_SCALE, Decoded
from ocr.cheque.geometry import Floats

CELL_HEIGHT, CELL_WIDTH = 32, 48  # pixels: 4 mm by 3 mm
_SYMBOLS = FRAME.replace(" ", "")
_PLACES = (0, -4, 4)  # samples by which the whole line is tried off its place
_LOOKS = tuple((x, y) for x in (-4, 0, 4) for y in (-3, 0, 3))  # samples around the best of them
_SURE_ENOUGH = -0.004  # mean log probability at which no further look is taken


@dataclass(frozen=True, slots=True)
class Shapes:
    """What the network makes of a line, free of any frame: the 35 characters and how sure each is (0..1).

    `logp`: (35, 15) mean log probabilities over all looks, in the order of `CHARACTERS`.
    """

    text: str
    sureness: tuple[float, ...]
    logp: Floats


def cells(ink: Floats, left: float, scale: float, shift: int = 0) -> NDArray[np.float32]:
    """(35, 1, 32, 48) crops of the printed cells of a strip whose bars run through its middle."""
    middle = ink.shape[0] // 2
    rows = ink[middle - 2 * STRIP_SCALE : middle + 2 * STRIP_SCALE]
    rows = np.asarray(cv2.resize(rows, (rows.shape[1], CELL_HEIGHT), interpolation=cv2.INTER_AREA), dtype=np.float32)
    padded = np.pad(rows, ((0, 0), (CELL_WIDTH, CELL_WIDTH)))
    first = left + CHARACTER_WIDTH / 2 * STRIP_SCALE * scale
    out = np.zeros((len(FRAME.replace(" ", "")), 1, CELL_HEIGHT, CELL_WIDTH), np.float32)
    row = 0
    for cell, symbol in enumerate(FRAME):
        if symbol != " ":
            centre = round(first + cell * PITCH * STRIP_SCALE * scale) + shift
            start = min(max(0, centre + CELL_WIDTH // 2), padded.shape[1] - CELL_WIDTH)
            out[row, 0] = padded[:, start : start + CELL_WIDTH]
            row += 1
    return out


class CharacterReader:
    """Reads the cells of a located line. `run` maps (n, 1, 32, 48) to log probabilities (n, 15)."""

    def __init__(self, run: object) -> None:
        if not callable(run):
            raise TypeError("run must be callable")
        self._run = run

    def read(self, ink: Floats, place: Decoded) -> Shapes:
        """Characters from several looks, each a little beside the other; from one where that leaves no doubt.

        A pen stroke or a missing bar misleads one look and seldom all, so the looks' log probabilities are averaged.
        """
        tried = {shift: self._look(ink, place, shift, 0) for shift in _PLACES[:1]}
        if tried[0].max(axis=1).mean() > _SURE_ENOUGH:
            return _shapes(tried[0])
        tried |= {shift: self._look(ink, place, shift, 0) for shift in _PLACES[1:]}
        best = max(tried, key=lambda shift: float(tried[shift].max(axis=1).mean()))
        looks = [self._look(ink, place, best + x, y) for x, y in _LOOKS]
        return _shapes(np.asarray(np.mean(looks, axis=0), dtype=np.float32))

    def _look(self, ink: Floats, place: Decoded, along: int, across: int) -> Floats:
        moved = np.roll(ink, across, axis=0) if across else ink
        return np.asarray(self._run(cells(moved, place.left, place.scale, along)), dtype=np.float32)


def _shapes(logp: Floats) -> Shapes:
    """`logp` (35, 15), normalised here: means of logarithms do not sum to one."""
    logp = np.asarray(logp - np.log(np.exp(logp).sum(axis=1, keepdims=True)), dtype=np.float32)
    text = "".join(CHARACTERS[int(index)] for index in logp.argmax(axis=1))
    return Shapes(text, tuple(float(value) for value in np.exp(logp.max(axis=1))), logp)


def frame_seen(shapes: Shapes) -> int:
    """How many of the four symbols of a French line the network sees where they belong."""
    places = [at for at, symbol in enumerate(_SYMBOLS) if symbol != "#"]
    return sum(shapes.text[at] == _SYMBOLS[at] and shapes.sureness[at] >= 0.5 for at in places)
