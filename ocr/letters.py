"""How French letters follow one another: a small n-gram model that helps read handwriting.

Counts only (`weights/letters.npz`, made by `training/reading/letters.py`); probabilities by Witten-Bell interpolation:
P(x | c) = (N(c, x) + T(c) P(x | shorter c)) / (N(c) + T(c)), with T(c) the number of different letters seen after c.
All digits count as one letter, so that no digit is ever likelier than another: references stay as written.
"""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

WEIGHTS = Path(__file__).with_name("weights") / "letters.npz"
ORDER = 6
# What French mail is written with. The place of a letter in it is its code, from 1.
ALPHABET = (
    " 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "àâäæçéèêëîïôöœùûüÿÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸñÑ,;:.!?'\"()[]/-–—_&@#%+*=<>€$£°²«»’…•"
)
_DIGITS = "0123456789"
_CODE = {letter: chr(code) for code, letter in enumerate(ALPHABET, 1)}
_CODE.update(dict.fromkeys(_DIGITS, _CODE["0"]))
_CODE["’"] = _CODE["'"]
_TABLE = str.maketrans(_CODE)
_CODES = np.array([ord(_CODE[letter]) for letter in ALPHABET])
_DIGIT_PLACES = np.array([ALPHABET.index(digit) for digit in _DIGITS])


def coded(text: str) -> bytes:
    """One byte a letter, digits all alike; letters outside the alphabet are left out."""
    return "".join(letter for letter in text if letter in _CODE).translate(_TABLE).encode("latin-1")


class LetterModel:
    """`scores(context)` gives the log probability of every letter of ALPHABET after the last letters of `context`."""

    def __init__(self, tables: list[tuple[Any, Any]]) -> None:
        self._tables = tables  # (sorted n-grams as bytes, counts) for n = 1, 2 ...
        self._known: dict[bytes, Any] = {}
        self._shares: dict[bytes, Any] = {}

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> LetterModel:
        with np.load(path) as stored:
            return cls([(stored[f"grams{n}"], stored[f"counts{n}"].astype(np.float64)) for n in range(1, ORDER + 1)])

    def scores(self, context: str) -> Any:
        key = coded(context[-(ORDER - 1) :])
        if key not in self._known:
            self._known[key] = self._scores(key)
        return self._known[key]

    def _scores(self, context: bytes) -> Any:
        by_code = self._distribution(context)
        log = np.log(by_code[_CODES])
        log[_DIGIT_PLACES] -= math.log(len(_DIGITS))
        return log

    def _distribution(self, context: bytes) -> Any:
        if context in self._shares:
            return self._shares[context]
        shorter = self._distribution(context[1:]) if context else np.full(256, 1 / len(ALPHABET))
        grams, counts = self._tables[len(context)]
        start = int(np.searchsorted(grams, np.array(context + b"\x01", grams.dtype)))
        end = int(np.searchsorted(grams, np.array(context + b"\xff", grams.dtype)))
        if start < end:
            seen = counts[start:end]
            shares = (end - start) * shorter
            following = np.frombuffer(b"".join(gram[-1:] for gram in grams[start:end].tolist()), np.uint8)
            shares[following] += seen
            shorter = shares / (seen.sum() + end - start)
        self._shares[context] = shorter
        return shorter


@lru_cache(maxsize=1)
def letter_model() -> LetterModel | None:
    """The shipped model; None where its file is missing (lines are then read letter by letter)."""
    return LetterModel.load() if WEIGHTS.is_file() else None
