"""The second reader: the PP-OCR networks inside the rapidocr package, for what the first reader is unsure of.

Heavy (about 1 GB once it has read a page): one a process, made when first needed. Its line classifier is left out,
it turns good lines upside down.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from ocr.beam import BLANK, aligned, read_steps
from ocr.engines import AUTOMATIC_LAYOUT, SeenLine, SeenWord, three_channels
from ocr.images import Pixels
from ocr.letters import ALPHABET, letter_model

LINE_HEIGHT = 48  # what the recognition network was trained on
# Half the working resolution finds the same lines in a quarter of the time; measured on handwriting-like pages.
FIND_DPI = 100.0
_MULTIPLE = 32  # sides of a picture that the finding network takes
_INK = 200  # on flattened paper (248)
_NARROWEST = 32
_AROUND = 8  # pixels of the page beside a strip that its edge is mixed from


class RapidReader:
    """Finds lines by network and reads them letter by letter, keeping to the French alphabet."""

    name = "rapidocr"

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        networks: Any = RapidOCR(
            params={
                "Global.use_cls": False,
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        self._detect = networks._load_det_model()
        recogniser = networks._load_rec_model()
        self._recognise = recogniser.session
        known: list[str] = list(recogniser.postprocess_op.character)
        self._places = [BLANK, *(known.index(letter) if letter in known else -1 for letter in ALPHABET)]
        self._model = letter_model()

    def read_lines(self, gray: Pixels, dpi: float, layout: int = AUTOMATIC_LAYOUT) -> tuple[SeenLine, ...]:
        """Lines from top to bottom; each network box is a line of its own."""
        return tuple(line for line in self._lines(gray, self._find_lines(gray, dpi)) if line is not None)

    def _find_lines(self, gray: Pixels, dpi: float) -> list[Any]:
        """Corners (4, 2) of each line from top left, clockwise; margins without ink are not looked at."""
        left, top, inked = _inked_part(gray)
        if inked.size == 0:
            return []
        height, width = inked.shape
        size = (_whole(width * FIND_DPI / dpi), _whole(height * FIND_DPI / dpi))
        small = three_channels(cv2.resize(inked, size, interpolation=cv2.INTER_AREA)).astype(np.float32) / 255
        mean, spread = (np.asarray(values, np.float32) for values in (self._detect.mean, self._detect.std))
        seen = self._detect.session(np.ascontiguousarray(((small - mean) / spread).transpose(2, 0, 1)[None]))
        found, _ = self._detect.postprocess_op(seen, (height, width))
        if len(found) == 0:
            return []
        shift = np.array([left, top], np.float32)
        return [np.asarray(box, dtype=np.float32) + shift for box in self._detect.sorted_boxes(np.asarray(found))]

    def read_strips(
        self, gray: Pixels, boxes: Sequence[tuple[float, float, float, float]]
    ) -> tuple[SeenLine | None, ...]:
        """What stands in each (left, top, right, bottom) in pixels, as one line; None where it reads nothing."""
        corners = [np.array([[x, y], [z, y], [z, w], [x, w]], dtype=np.float32) for x, y, z, w in boxes]
        return self._lines(gray, corners)

    def _lines(self, gray: Pixels, corners: Sequence[Any]) -> tuple[SeenLine | None, ...]:
        lines: list[SeenLine | None] = []
        for box in corners:  # one by one: in a batch every strip would cost as much as the widest
            (steps,) = self.steps([_strip(gray, box)], _NARROWEST)
            words = _words(steps, read_steps(steps, self._model), box)
            lines.append(SeenLine(tuple(words)) if words else None)
        return tuple(lines)

    def steps(self, strips: Sequence[Pixels], narrowest: int = 320) -> list[Any]:
        """For each strip of LINE_HEIGHT the probabilities (T, 1 + letters): blank first, then ALPHABET."""
        width = max(max(math.ceil(strip.shape[1] / 8) * 8 for strip in strips), narrowest)
        batch = np.zeros((len(strips), 3, LINE_HEIGHT, width), dtype=np.float32)
        for row, strip in enumerate(strips):
            batch[row, :, :, : strip.shape[1]] = strip.astype(np.float32)[None] / 127.5 - 1.0
        answer = np.asarray(self._recognise(batch))[:, :, self._places]
        answer[:, :, [place < 0 for place in self._places]] = 0.0
        answer /= np.maximum(answer.sum(axis=2, keepdims=True), 0.05)
        used = [max(1, math.ceil(answer.shape[1] * strip.shape[1] / width)) for strip in strips]
        return [scores[:count] for scores, count in zip(answer, used, strict=True)]


def _inked_part(gray: Pixels, margin: int = 20) -> tuple[int, int, Pixels]:
    """Left, top and the picture of the part of a flattened page that carries ink; empty where none does."""
    inked = gray < _INK
    rows, columns = np.flatnonzero(inked.sum(axis=1) > 2), np.flatnonzero(inked.sum(axis=0) > 2)
    if rows.size == 0 or columns.size == 0:
        return 0, 0, gray[:0]
    top, left = max(int(rows[0]) - margin, 0), max(int(columns[0]) - margin, 0)
    return left, top, gray[top : int(rows[-1]) + margin, left : int(columns[-1]) + margin]


def _whole(side: float) -> int:
    return max(_MULTIPLE, round(side / _MULTIPLE) * _MULTIPLE)


def _words(steps: Any, text: str, box: Any) -> list[SeenWord]:
    """Words with their boxes from the steps their letters were seen at; confidence is the letters' mean."""
    left, right = float(box[:, 0].min()), float(box[:, 0].max())
    top, bottom = float(box[:, 1].min()), float(box[:, 1].max())
    per_step = (right - left) / max(len(steps), 1)
    letters = aligned(steps, text) if text.strip() else []
    words, at = [], 0
    for piece in text.split(" "):
        seen = letters[at : at + len(piece)]
        at += len(piece) + 1
        if seen:
            start, end = left + seen[0][0] * per_step, left + (seen[-1][0] + 1) * per_step
            sure = sum(share for _, share in seen) / len(seen)
            words.append(SeenWord(piece, start, top, max(end, start + per_step), bottom, min(sure, 1.0)))
    return words


@lru_cache(maxsize=1)
def second_reader() -> RapidReader | None:
    """The one second reader of this process; None where the package is not installed."""
    try:
        return RapidReader()
    except ImportError:
        return None


def _strip(gray: Pixels, corners: Any) -> Pixels:
    """The box straightened to the height the network reads."""
    wide = max(float(np.linalg.norm(corners[0] - corners[1])), float(np.linalg.norm(corners[3] - corners[2])), 1.0)
    high = max(float(np.linalg.norm(corners[0] - corners[3])), float(np.linalg.norm(corners[1] - corners[2])), 1.0)
    width = min(max(math.ceil(wide * LINE_HEIGHT / high), 8), 4000)
    target = np.array([[0, 0], [width, 0], [width, LINE_HEIGHT], [0, LINE_HEIGHT]], dtype=np.float32)
    gray, corners = _part_around(gray, corners)
    if high > 1.6 * LINE_HEIGHT:
        factor = LINE_HEIGHT * 1.2 / high
        gray = np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
        corners = corners * factor
    matrix = cv2.getPerspectiveTransform(np.ascontiguousarray(corners, dtype=np.float32), target)
    return np.asarray(
        cv2.warpPerspective(gray, matrix, (width, LINE_HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    )


def _part_around(gray: Pixels, corners: Any) -> tuple[Pixels, Any]:
    """The page about the four corners and where they lie in it, so that no strip costs a look at the whole page."""
    height, width = gray.shape
    left, top = (max(int(side) - _AROUND, 0) for side in corners.min(axis=0))
    left, top = min(left, width - 1), min(top, height - 1)
    right, bottom = (int(side) + _AROUND for side in corners.max(axis=0))
    return gray[top : max(bottom, top + 1), left : max(right, left + 1)], corners - np.array([left, top])
