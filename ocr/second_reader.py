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

from ocr.engines import AUTOMATIC_LAYOUT, SeenLine, SeenWord, three_channels
from ocr.images import Pixels

LINE_HEIGHT = 48  # what the recognition network was trained on
_BATCH = 6
_BLANK = 0
# What French mail is written with; the network also knows 18,000 other characters and confuses them with these.
ALPHABET = frozenset(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸñÑ ,;:.!?'\"()[]/-–—_&@#%+*=<>€$£°²«»’…•"
)


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
        letters: list[str] = list(recogniser.postprocess_op.character)
        self._known = [index for index, letter in enumerate(letters) if index == _BLANK or letter in ALPHABET]
        self._letters = [letters[index] for index in self._known]

    def read_lines(self, gray: Pixels, dpi: float, layout: int = AUTOMATIC_LAYOUT) -> tuple[SeenLine, ...]:
        """Lines from top to bottom; each network box is a line of its own."""
        found = self._detect(three_channels(gray)).boxes
        if found is None or len(found) == 0:
            return ()
        corners = [np.asarray(box, dtype=np.float32) for box in found]
        return self._lines(gray, corners)

    def read_strips(self, gray: Pixels, boxes: Sequence[tuple[float, float, float, float]]) -> tuple[SeenLine, ...]:
        """One line for each (left, top, right, bottom) in pixels that holds any writing; others are left out."""
        corners = [np.array([[x, y], [z, y], [z, w], [x, w]], dtype=np.float32) for x, y, z, w in boxes]
        return self._lines(gray, corners)

    def _lines(self, gray: Pixels, corners: Sequence[Any]) -> tuple[SeenLine, ...]:
        strips = [_strip(gray, box) for box in corners]
        order = sorted(range(len(strips)), key=lambda index: strips[index].shape[1])
        lines: dict[int, SeenLine] = {}
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            for index, scores in zip(chosen, self._scores([strips[index] for index in chosen]), strict=True):
                words = self._words(scores, corners[index], strips[index].shape[1])
                if words:
                    lines[index] = SeenLine(tuple(words))
        return tuple(lines[index] for index in sorted(lines))

    def _scores(self, strips: Sequence[Pixels]) -> list[Any]:
        """Probabilities (steps, letters) of each strip, over our alphabet alone."""
        width = max(max(strip.shape[1] for strip in strips), 320)
        batch = np.zeros((len(strips), 3, LINE_HEIGHT, width), dtype=np.float32)
        for row, strip in enumerate(strips):
            batch[row, :, :, : strip.shape[1]] = strip.astype(np.float32)[None] / 127.5 - 1.0
        answer = np.asarray(self._recognise(batch))[:, :, self._known]
        steps = answer.shape[1]
        used = [max(1, math.ceil(steps * strip.shape[1] / width)) for strip in strips]
        return [scores[:count] for scores, count in zip(answer, used, strict=True)]

    def _words(self, scores: Any, box: Any, width: int) -> list[SeenWord]:
        best = scores.argmax(axis=1)
        left, right = float(box[:, 0].min()), float(box[:, 0].max())
        top, bottom = float(box[:, 1].min()), float(box[:, 1].max())
        per_step = (right - left) / max(len(best), 1)
        words: list[SeenWord] = []
        letters: list[tuple[str, float, int]] = []

        def close() -> None:
            if letters:
                first, last = letters[0][2], letters[-1][2]
                sure = sum(letter[1] for letter in letters) / len(letters)
                text = "".join(letter[0] for letter in letters)
                start, end = left + first * per_step, left + (last + 1) * per_step
                words.append(SeenWord(text, start, top, end, bottom, float(min(sure, 1.0))))
                letters.clear()

        before = _BLANK
        for step, index in enumerate(best):
            if index not in (_BLANK, before):
                if self._letters[index] == " ":
                    close()
                else:
                    letters.append((self._letters[index], float(scores[step, index]), step))
            before = index
        close()
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
    if high > 1.6 * LINE_HEIGHT:
        factor = LINE_HEIGHT * 1.2 / high
        gray = np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))
        corners = corners * factor
    matrix = cv2.getPerspectiveTransform(np.ascontiguousarray(corners, dtype=np.float32), target)
    return np.asarray(
        cv2.warpPerspective(gray, matrix, (width, LINE_HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    )
