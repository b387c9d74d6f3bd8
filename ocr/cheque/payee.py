"""Is a cheque made out to us? Only a name that was read clearly and is clearly another's says no."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz

from ocr.cheque.alphabet import LINES
from ocr.cheque.automaton import Decoder, compile_expressions, opt, seq
from ocr.cheque.geometry import Floats
from ocr.cheque.recogniser import folded_scores, greedy
from ocr.letters import ALPHABET

_OURS = 62.0  # likeness of a slip of the pen or of a bad reading
_NEAR = 1.5  # log probability a letter that reading one of our names costs at most
_FAR = 2.2  # and from which the writing is somebody else's name
_CLEAR, _NEAR_CLEAR = 0.9, 0.7  # mean letter probability of a clear reading, and what may be lost on it
CLOSER = (3.5, 1.1)  # mm above and below the rule: small writing is read better from closer
_SURE_STRANGER = 0.80  # mean letter probability from which a closer look may name another payee
_SOMETHING = 0.45  # mean letter probability below which a line is a scrawl


def plain(name: str) -> str:
    """Capitals without accents and punctuation."""
    text = unicodedata.normalize("NFKD", name.upper())
    letters = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"[^A-Z0-9]+", " ", letters).strip()


def likeness(payee: str, names: Sequence[str]) -> float:
    """0..100: how much a payee looks like the nearest accepted name, initials included."""
    read = plain(payee)
    best = 0.0
    for name in names:
        full = plain(name)
        initials = "".join(word[0] for word in full.split())
        if len(initials) >= 3 and any(word.startswith(initials) for word in read.split()):
            return 90.0
        whole = max(fuzz.ratio(read, full), fuzz.token_sort_ratio(read, full))
        shared = fuzz.partial_ratio(read, full) if min(len(read), len(full)) >= 6 else 0.0
        best = max(best, whole, 0.95 * shared)
    return best


@lru_cache(maxsize=8)
def _names(names: tuple[str, ...]) -> Decoder | None:
    expressions = []
    for name in names:
        words = [word.lower() for word in plain(name).split()]
        if words:
            expressions.append(seq(words[0], *(seq(opt(" "), word) for word in words[1:])))
    return Decoder(compile_expressions(expressions, LINES), LINES) if expressions else None


def strangeness(logp: Floats, names: tuple[str, ...]) -> float:
    """Log probability a letter that the nearest of our names loses against the freest reading of the payee's line."""
    decoder = _names(names)
    if decoder is None:
        return 0.0
    lengths = np.asarray([max(4, len(plain(name))) for name in names if plain(name)], dtype=np.float64)
    lost = float(logp.max(axis=1).sum()) - decoder.scores(logp)
    return float((np.minimum(lost, 1e6) / lengths).min())


def made_out_to_us(payee: str, sure: float, strange: float, names: Sequence[str]) -> bool | None:
    """True, False (clearly someone else), or None where nobody can say.

    `sure`: mean letter probability of the reading; `strange`: see `strangeness`. Without names nothing is decided.
    """
    if not names or len(plain(payee)) < 3:
        return None
    near = likeness(payee, names)
    if near >= 90.0 or (near >= _OURS and strange <= (_NEAR if sure < _CLEAR else _NEAR_CLEAR)):
        return True
    return False if strange >= _FAR and near < _OURS and sure >= _SOMETHING else None


def read_payee(first: Floats, closer: Callable[[], Floats], names: Sequence[str]) -> tuple[str, bool | None]:
    """The payee as read, and whether that is us; a closer look where the first leaves that open.

    Both looks are probabilities over blank and `ocr.letters.ALPHABET`, (columns, 1 + letters).
    """
    text, sure, ours = _judged(first, names)
    if ours is not None or not names:
        return text, ours
    again, surer, ours = _judged(closer(), names)
    if ours is False and surer < _SURE_STRANGER:
        ours = None
    return (again if ours is not None or surer > sure else text), ours


def _judged(probabilities: Floats, names: Sequence[str]) -> tuple[str, float, bool | None]:
    text, sure = greedy(np.log(np.maximum(probabilities, 1e-6)), ALPHABET)
    text = without_label(text)
    strange = strangeness(folded_scores(probabilities, LINES), tuple(names))
    return text, sure, made_out_to_us(text, sure, strange, names)


def without_label(text: str) -> str:
    """Without the printed `à` before a payee and strokes around the name."""
    return re.sub(r"^(?:[àÀaA]\s)?[\s_\-–—.]*", "", text).strip(" _-–—/.,€|")
