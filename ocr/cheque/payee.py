"""Is a cheque made out to us? Only a name that was read clearly and is clearly another's says no."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz

_OURS = 62.0  # likeness of a slip of the pen or of a bad reading
_OTHERS = 45.0  # what unrelated names reach by chance


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
        if len(initials) >= 3 and initials in read.replace(".", "").split():
            return 90.0
        whole = max(fuzz.ratio(read, full), fuzz.token_sort_ratio(read, full))
        shared = fuzz.partial_ratio(read, full) if min(len(read), len(full)) >= 6 else 0.0
        best = max(best, whole, 0.95 * shared)
    return best


def made_out_to_us(payee: str | None, legible: bool, names: Sequence[str]) -> bool | None:
    """True, False (clearly someone else), or None where nobody can say.

    `legible`: the reading is trusted letter by letter. Without accepted names nothing is decided.
    """
    if not payee or not names or len(plain(payee)) < 3:
        return None
    near = likeness(payee, names)
    if near >= _OURS:
        return True
    return False if legible and near <= _OTHERS else None
