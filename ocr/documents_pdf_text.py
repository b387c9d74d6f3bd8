"""The text layer of a born-digital PDF page, as words with boxes; a layer that is garbage is not given."""

from __future__ import annotations

import io
import logging
import math
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pdfplumber

from models.reading import Box, Page, Word
from ocr.documents_limits import Limits
from ocr.documents_order import Placed, in_reading_order

_FEWEST_CHARACTERS = 12
_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]", re.IGNORECASE)
_BROKEN = re.compile("\\(cid:\\d+\\)|[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")
# Function words of French and of its neighbours: running text without any of them is not text.
_COMMON = frozenset(
    (
        *("de", "la", "le", "les", "et", "des", "du", "en", "un", "une", "à", "au", "aux", "je", "vous", "que", "qui"),
        *(
            "pour",
            "dans",
            "par",
            "sur",
            "ce",
            "pas",
            "est",
            "ne",
            "il",
            "nous",
            "votre",
            "mon",
            "ma",
            "date",
            "montant",
        ),
        *("the", "of", "and", "to", "in", "is", "for", "you", "that", "this", "der", "die", "und", "von", "das", "den"),
        *("el", "los", "con", "di", "per", "se", "no", "si"),
    )
)
# Letters of French text in percent, accents left off (counts of Wikipedia's French text, rounded).
_FREQUENCY = {
    **{"e": 16.7, "a": 8.2, "s": 8.0, "i": 7.6, "t": 7.2, "n": 7.1, "r": 6.7, "u": 6.4, "l": 5.5, "o": 5.9, "d": 3.7},
    **{"c": 3.4, "p": 3.0, "m": 3.0, "v": 1.8, "q": 1.2, "f": 1.1, "b": 0.9, "g": 0.9, "h": 0.8, "j": 0.6, "x": 0.4},
    **{"y": 0.3, "z": 0.2, "w": 0.1, "k": 0.1},
}
_MOST_SURPRISE = 4.95
_TINY = 2.0  # points: smaller print is not meant to be seen

logging.getLogger("pdfminer").setLevel(logging.ERROR)


class TextLayer:
    """pdfplumber over one file, opened when first asked."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._content = content
        self._pdf: Any = None

    def page(self, number: int) -> Page | None:
        """None where there is too little text, or text that is not language, or where the parser fails."""
        try:
            words = self._words(number)
        except Exception:  # pdfminer raises anything on damaged files: the page is then read by eye
            return None
        text = text_of(words)
        if len(re.sub(r"\s", "", text)) < _FEWEST_CHARACTERS or is_garbage(text):
            return None
        return Page(number=number, text=text, words=words, confidence=1.0, engine="pdf-text")

    def close(self) -> None:
        if self._pdf is not None:
            with suppress(Exception):  # it looks through the pages again, and damaged ones raise again
                self._pdf.close()

    def _words(self, number: int) -> tuple[Word, ...]:
        if self._pdf is None:
            self._pdf = pdfplumber.open(io.BytesIO(self._content))
        page = self._pdf.pages[number - 1]
        try:
            visible = page.filter(_is_visible).dedupe_chars(tolerance=0.5, extra_attrs=())
            found = visible.extract_words(use_text_flow=False, keep_blank_chars=False, x_tolerance_ratio=0.2)
            return _placed_words(found, page, number)
        finally:
            page.flush_cache()


def _is_visible(thing: dict[str, Any]) -> bool:
    if thing.get("object_type") != "char":
        return True
    return bool(thing["size"] >= _TINY)


def _placed_words(found: Sequence[dict[str, Any]], page: Any, number: int) -> tuple[Word, ...]:
    left, top, right, bottom = page.bbox
    width, height = max(right - left, 1.0), max(bottom - top, 1.0)
    placed = [
        Placed(word["text"], word["x0"], word["top"], word["x1"], word["bottom"])
        for word in found
        if word["x1"] > left and word["x0"] < right and word["bottom"] > top and word["top"] < bottom
    ]
    return tuple(
        Word(
            word.text,
            Box(
                number,
                (word.left - left) / width,
                (word.top - top) / height,
                (word.right - word.left) / width,
                (word.bottom - word.top) / height,
            ),
            1.0,
            line,
        )
        for line, words in enumerate(in_reading_order(placed))
        for word in words
    )


def text_of(words: Sequence[Word]) -> str:
    """Words joined by their lines."""
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
    return "\n".join(" ".join(line) for line in lines.values())


def is_garbage(text: str) -> bool:
    """Wrong encoding or an earlier bad reading: unmapped characters, no vowels, no words of any language.

    Errs towards True for odd pages: they are then read by eye, which costs half a second and loses nothing.
    """
    solid = re.sub(r"\s", "", text)
    if not solid:
        return True
    broken = sum(len(found) for found in _BROKEN.findall(text))
    if broken > 0.03 * len(solid):
        return True
    letters = _plain_letters(text)
    if len(letters) < 30:
        return False
    if _surprise(letters) > _MOST_SURPRISE + (0.25 if len(letters) < 80 else 0.0):
        return True
    tokens = [token.lower() for token in re.findall(r"[^\W\d_]+", text)]
    if len(tokens) < 40:
        return _odd_share(tokens) > 0.5
    common = sum(token in _COMMON for token in tokens) / len(tokens)
    return common < 0.02 or _odd_share(tokens) > 0.4


def _plain_letters(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text).lower()
    return "".join(letter for letter in flat if "a" <= letter <= "z")


def _surprise(letters: str) -> float:
    """Mean bits a letter under French frequencies: about 4.0 for French, 4.4 for its neighbours, 6 for a wrong code."""
    return -sum(math.log2(_FREQUENCY[letter] / 100) for letter in letters) / len(letters)


def _odd_share(tokens: Sequence[str]) -> float:
    """Share of tokens of four letters or more without a vowel, or with six consonants in a row."""
    long = [token for token in tokens if len(token) >= 4]
    if not long:
        return 0.0
    odd = sum(1 for token in long if not _VOWELS.search(token) or re.search(r"[bcdfghjklmnpqrstvwxz]{6}", token))
    return odd / len(long)
