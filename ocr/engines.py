"""One port for everything that turns pixels into words, and the two Tesseracts behind it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from models.errors import ConfigurationError
from ocr.images import Pixels

TESSDATA_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)
AUTOMATIC_LAYOUT = 3  # Tesseract's page segmentation modes
ONE_BLOCK = 6
# The network scales every line to one height and pays for its length; the search for lines pays for every pixel. Print
# is read from a page made smaller, and narrower than high, its paper bleached (grain costs time as well).
# Measured on print of every level: no more words missed than at full height and 0.85 of the width, for a fifth less
# time (narrower still, at 0.58, half as many more). Handwriting suffers: it is read as it is.
NARROWED, LOWERED = 0.66, 0.85
_PAPER = 228  # on flattened paper (248): from here on everything is white
_BLEACHED = np.minimum(np.arange(256) * 255.0 / _PAPER, 255.0).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class SeenWord:
    """A word where an engine saw it: pixels from the top left of the page given, confidence 0..1."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


@dataclass(frozen=True, slots=True)
class SeenLine:
    """Words of one printed line from left to right; `block` numbers the engine's own text blocks."""

    words: tuple[SeenWord, ...]
    block: int = 0

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """Mean over its words, weighted by their length: a lone `,` says little about a line."""
        letters = sum(len(word.text) for word in self.words)
        return sum(word.confidence * len(word.text) for word in self.words) / max(letters, 1)

    @property
    def left(self) -> float:
        return min(word.left for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Engine(Protocol):
    """Reads an upright gray page. Lines come in the engine's own reading order; none has no words."""

    @property
    def name(self) -> str: ...

    def read_lines(self, gray: Pixels, dpi: float, layout: int = AUTOMATIC_LAYOUT) -> tuple[SeenLine, ...]: ...


def mean_confidence(lines: Iterable[SeenLine]) -> float:
    """Mean over all words weighted by length; 0 where nothing was read."""
    words = [word for line in lines for word in line.words]
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def tessdata_folder(languages: str) -> Path:
    """The folder that holds the language data. Raises ConfigurationError naming the package to install."""
    own = os.environ.get("TESSDATA_PREFIX", "")
    wanted = [f"{language}.traineddata" for language in languages.split("+")]
    for folder in (own, f"{own}/tessdata" if own else "", *TESSDATA_FOLDERS):
        if folder and all((Path(folder) / name).is_file() for name in wanted):
            return Path(folder)
    raise ConfigurationError(
        f"Tesseract language data for {languages} not found",
        "install the Debian package tesseract-ocr-fra, or set TESSDATA_PREFIX to the folder that holds it",
    )


class InProcessTesseract:
    """tesserocr: one engine kept for the life of the process. Not for several threads at once."""

    name = "tesseract"

    def __init__(self, languages: str = "fra") -> None:
        import tesserocr

        self._api = tesserocr.PyTessBaseAPI(
            path=str(tessdata_folder(languages)), lang=languages, psm=AUTOMATIC_LAYOUT, oem=tesserocr.OEM.LSTM_ONLY
        )
        self._api.SetVariable("debug_file", os.devnull)
        self._api.SetVariable("textord_all_prop", "1")  # the network needs no search for typewriter pitch
        tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)  # it grumbles about boxes at the page's edge

    def read_lines(self, gray: Pixels, dpi: float, layout: int = AUTOMATIC_LAYOUT) -> tuple[SeenLine, ...]:
        page = np.ascontiguousarray(gray)
        height, width = page.shape
        self._api.SetPageSegMode(layout)
        self._api.SetImageBytes(page.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(round(dpi))
        try:
            table = self._api.GetTSVText(0)
        finally:
            self._api.Clear()
        return _lines_of_table(table)


class CommandTesseract:
    """pytesseract: the `tesseract` command, for machines without the tesserocr wheel."""

    name = "pytesseract"

    def __init__(self, languages: str = "fra") -> None:
        self._languages = languages
        self._folder = tessdata_folder(languages)

    def read_lines(self, gray: Pixels, dpi: float, layout: int = AUTOMATIC_LAYOUT) -> tuple[SeenLine, ...]:
        import pytesseract

        options = f'--tessdata-dir "{self._folder}" --dpi {round(dpi)} --psm {layout} --oem 1'
        table = pytesseract.image_to_data(np.ascontiguousarray(gray), lang=self._languages, config=options)
        return _lines_of_table(str(table))


@lru_cache(maxsize=4)
def first_reader(languages: str = "fra") -> Engine:
    """The persistent in-process engine, or the command where its wheel is missing."""
    try:
        import tesserocr  # noqa: F401
    except ImportError:
        return CommandTesseract(languages)
    return InProcessTesseract(languages)


def read_narrowed(engine: Engine, gray: Pixels, dpi: float, layout: int = AUTOMATIC_LAYOUT) -> tuple[SeenLine, ...]:
    """As `engine.read_lines`, in less time; for print. Boxes are those of the whole page."""
    height, width = (max(round(side * share), 1) for side, share in zip(gray.shape, (LOWERED, NARROWED), strict=True))
    page = cv2.LUT(cv2.resize(gray, (width, height), interpolation=cv2.INTER_AREA), _BLEACHED)
    down, across = gray.shape[0] / height, gray.shape[1] / width
    return tuple(
        replace(line, words=tuple(_enlarged(word, across, down) for word in line.words))
        for line in engine.read_lines(np.asarray(page), dpi * LOWERED, layout)
    )


def _enlarged(word: SeenWord, across: float, down: float) -> SeenWord:
    left, right, top, bottom = word.left * across, word.right * across, word.top * down, word.bottom * down
    return replace(word, left=left, right=right, top=top, bottom=bottom)


def _lines_of_table(table: str) -> tuple[SeenLine, ...]:
    """Tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""
    grouped: dict[tuple[str, str, str], list[SeenWord]] = {}
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, width, height = (float(cell) for cell in cells[6:10])
        sure = min(max(float(cells[10]) / 100.0, 0.0), 1.0)
        word = SeenWord(cells[11].strip(), left, top, left + width, top + height, sure)
        grouped.setdefault((cells[2], cells[3], cells[4]), []).append(word)
    return tuple(SeenLine(tuple(words), int(key[0])) for key, words in grouped.items())


def crop(gray: Pixels, line: SeenLine, margin: float) -> Pixels:
    """The picture of one line with `margin` pixels of paper around it."""
    height, width = gray.shape
    top, bottom = max(0, int(line.top - margin)), min(height, int(line.bottom + margin) + 1)
    left, right = max(0, int(line.left - margin)), min(width, int(line.right + margin) + 1)
    return gray[top:bottom, left:right]


def three_channels(gray: Pixels) -> Any:
    return cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)


def words_along(text: str, left: float, top: float, right: float, bottom: float, sure: float) -> Sequence[SeenWord]:
    """Words of a line read whole, their boxes shared out by the number of letters."""
    pieces = text.split()
    total = max(sum(len(piece) + 1 for piece in pieces) - 1, 1)
    step, at, words = (right - left) / total, left, []
    for piece in pieces:
        words.append(SeenWord(piece, at, top, at + len(piece) * step, bottom, sure))
        at += (len(piece) + 1) * step
    return words
