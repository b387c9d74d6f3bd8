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
_SHIFTS = (0, -3, 3, -5, 5)  # samples by which cells are tried off their place
_SURE_ENOUGH = -0.004  # mean log probability at which no further look is taken


@dataclass(frozen=True, slots=True)
class Shapes:
    """What the network makes of a line, free of any frame: the 35 characters and how sure each is (0..1)."""

    text: str
    sureness: tuple[float, ...]


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
        """Characters from the surest of a few looks, each a little beside the other."""
        best: NDArray[np.float32] | None = None
        for shift in _SHIFTS:
            logp = np.asarray(self._run(cells(ink, place.left, place.scale, shift)), dtype=np.float32)
            if best is None or logp.max(axis=1).mean() > best.max(axis=1).mean():
                best = logp
            if best.max(axis=1).mean() > _SURE_ENOUGH:
                break
        if best is None:
            raise ValueError("no look was taken")
        text = "".join(CHARACTERS[int(index)] for index in best.argmax(axis=1))
        return Shapes(text, tuple(float(value) for value in np.exp(best.max(axis=1))))


def frame_seen(shapes: Shapes) -> int:
    """How many of the four symbols of a French line the network sees where they belong."""
    places = [at for at, symbol in enumerate(_SYMBOLS) if symbol != "#"]
    return sum(shapes.text[at] == _SYMBOLS[at] and shapes.sureness[at] >= 0.5 for at in places)
