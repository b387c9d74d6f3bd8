"""The networks behind the fields: crops in, CTC probabilities out, folded into the few letters a field can hold.

Two independent readers: the PP-OCR recogniser that also serves the pages, and the small networks of this package,
trained on cheques (`training/cheques`). Either may be missing; a field is then read by the other alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cheque.alphabet import DATES, FIGURES, LINES
from ocr.cheque.geometry import FRAME_SCALE, Floats, Gray, Zone
from ocr.cheque.line_figures import refigured
from ocr.letters import ALPHABET
from ocr.second_reader import LINE_HEIGHT, RapidReader, second_reader

NETWORKS = Path(__file__).with_name("networks")
_FLOOR = 3e-3  # no letter is less likely than this anywhere: the networks are surer than they are right
_NARROWEST = 192  # pixels of a crop, paper added on the right
# What a page reader calls a figure when it does not know that only figures can stand there.
_LOOKALIKES = {"O": "0", "o": "0", "D": "0", "l": "1", "I": "1", "i": "1", "Z": "2", "z": "2", "S": "5", "s": "5"}
_LOOKALIKES |= {"g": "9", "q": "9", "B": "8", "E": "€", "e": "€", "£": "€", ";": ",", ":": ".", "'": ","}


def _folded(letter: str, letters: str) -> str | None:
    """The letter of a smaller alphabet that stands for a letter of the larger one; None for noise."""
    if letter in letters:
        return " " if letters == LINES and letter == "-" else letter
    if letters == FIGURES and letter in _LOOKALIKES:
        return _LOOKALIKES[letter]
    if letter in "–—_" and "-" in letters:
        return " " if letters == LINES else "-"
    if letters == DATES and letter in "|\\,;:'":
        return "/" if letter in "|\\" else "."
    plain = unicodedata.normalize("NFKD", letter.lower())[0]
    return plain if plain in letters else None


@lru_cache(maxsize=4)
def _folding(letters: str) -> Floats:
    """(1 + large, 1 + small) matrix; what the field cannot hold counts as paper."""
    fold = np.zeros((1 + len(ALPHABET), 1 + len(letters)), np.float32)
    fold[0, 0] = 1.0
    for at, letter in enumerate(ALPHABET, start=1):
        target = _folded(letter, letters)
        # the oblique bars of a crossed cheque read as slashes, brackets and capital I
        noise = target is None or (letters == LINES and letter in "/|()[]\\") or (letters == FIGURES and letter == " ")
        fold[at, 0 if noise or target is None else 1 + letters.index(target)] = 1.0
    return fold


def folded_scores(probabilities: Floats, letters: str) -> Floats:
    """(columns, 1 + letters) log probabilities; long runs of plain paper are shortened to one column."""
    folded = probabilities @ _folding(letters)
    return shortened(np.log(np.maximum(folded / np.maximum(folded.sum(axis=1, keepdims=True), 1e-6), _FLOOR)))


def shortened(logp: Floats) -> Floats:
    """Drop all but one of neighbouring columns that are surely blank; no path through them changes."""
    blank = logp[:, 0] > -0.02
    keep = ~blank
    keep[1:] |= blank[1:] & ~blank[:-1]
    keep[0] = True
    return np.asarray(logp[keep], dtype=np.float32)


def cut_line(ink: Gray, zone: Zone) -> Gray:
    """Dark writing on white, as high as the page networks want it."""
    scale = LINE_HEIGHT / (zone.bottom - zone.top)
    width = max(16, round((zone.right - zone.left) * scale))
    matrix = np.array(
        [[FRAME_SCALE / scale, 0, zone.left * FRAME_SCALE], [0, FRAME_SCALE / scale, zone.top * FRAME_SCALE]]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(255 - cv2.warpAffine(ink, matrix, (width, LINE_HEIGHT), flags=flags), dtype=np.uint8)


class PageNetwork:
    """The recogniser of the pages, put to single fields."""

    def __init__(self, reader: RapidReader) -> None:
        self._reader = reader

    def read(self, crops: Sequence[Gray]) -> list[Floats]:
        """Probabilities over blank and `ocr.letters.ALPHABET` for each crop, (columns, 1 + letters)."""
        # one by one: in a batch every crop would cost as much as the widest
        return [np.asarray(self._reader.steps([crop], _NARROWEST)[0], dtype=np.float32) for crop in crops]


def page_network() -> PageNetwork | None:
    """None on machines without the second reader's package."""
    reader = second_reader()
    return None if reader is None else PageNetwork(reader)


Run = Callable[[NDArray[np.float32]], NDArray[np.float32]]
Lines = tuple[Floats, Floats | None]  # of the words


@lru_cache(maxsize=4)
def own_network(name: str) -> Run | None:
    """A network of this package by name (`lines`, `figures`, `characters`); None where its file is not shipped."""
    return network_at(NETWORKS / f"{name}.onnx")


def network_at(path: Path) -> Run | None:
    """A network file ready to run; None where it is not there."""
    if not path.exists():
        return None
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {"input": batch})[0], dtype=np.float32)

    return run


class FieldNetworks:
    """The networks trained on cheques, as views of the fields; each may be missing."""

    def __init__(self, figures: Run | None, lines: Run | None) -> None:
        self._figures, self._lines = figures, lines

    def figures(self, crop: Gray) -> Floats | None:
        """Log probabilities over FIGURES of a 48-pixel-high crop of the box."""
        return None if self._figures is None else _floored(self._figures(_as_input(crop))[0])

    def words(self, first: Gray, second: Gray | None) -> tuple[Floats, Floats | None] | None:
        """Log probabilities over LINES of the two lines of the words; None for a second line without a letter."""
        looks = self.looks(first, second)
        return None if looks is None else looks[0]

    def looks(self, first: Gray, second: Gray | None) -> tuple[Lines, Lines] | None:
        """What `words` sees, and the same with the figures among them as the box's network reads them."""
        if self._lines is None:
            return None
        crops = [first] if second is None else [first, second]
        seen = [_line_output(self._lines, crop) for crop in crops]
        plain = _written(seen)
        if self._figures is None:
            return plain, plain
        run = self._figures
        again = [
            refigured(one, crop, lambda piece: run(_as_input(piece))[0]) for one, crop in zip(seen, crops, strict=True)
        ]
        changed = any(new is not old for new, old in zip(again, seen, strict=True))
        return plain, _written(again) if changed else plain


@lru_cache(maxsize=1)
def field_networks() -> FieldNetworks:
    """Those shipped with this package."""
    return FieldNetworks(own_network("figures"), own_network("lines"))


def sureness(*lines: Floats) -> float:
    """Mean log probability of the freest reading a letter; minus infinity where nothing is read."""
    letters = sum(
        int(((np.diff(one.argmax(axis=1), prepend=0) != 0) & (one.argmax(axis=1) > 0)).sum()) for one in lines
    )
    return float(sum(one.max(axis=1).sum() for one in lines)) / letters if letters else -np.inf


def _as_input(crop: Gray) -> NDArray[np.float32]:
    return np.asarray(crop[None, None], dtype=np.float32) / np.float32(255)


def _line_output(run: Run, crop: Gray) -> Floats:
    """Hyphens counted as spaces: the grammar of amounts knows one separator, and a hyphen must not cost the sum."""
    logp = run(_as_input(crop))[0]
    space, hyphen = 1 + LINES.index(" "), 1 + LINES.index("-")
    logp[:, space] = np.logaddexp(logp[:, space], logp[:, hyphen])
    logp[:, hyphen] = np.log(np.float32(_FLOOR))
    return np.asarray(logp, dtype=np.float32)


def _written(lines: Sequence[Floats]) -> Lines:
    """Both lines without plain paper; None for a second one in which no letter is seen."""
    first, *below = (_floored(one) for one in lines)
    return first, below[0] if below and below[0].argmax(axis=1).any() else None


def _floored(logp: Floats) -> Floats:
    return shortened(np.maximum(logp, np.log(np.float32(_FLOOR))))


def greedy(logp: Floats, letters: str) -> tuple[str, float]:
    """The likeliest letter column by column, and the mean probability of the letters written."""
    best = logp.argmax(axis=1)
    out: list[str] = []
    sure: list[float] = []
    before = 0
    for column, index in enumerate(best.tolist()):
        if index:
            share = float(np.exp(logp[column, index]))
            if index != before:
                out.append(letters[index - 1])
                sure.append(share)
            else:
                sure[-1] = max(sure[-1], share)
        before = index
    return "".join(out).strip(), float(np.mean(sure)) if sure else 0.0
