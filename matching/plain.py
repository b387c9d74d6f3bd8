"""Text as it is compared: no accents, capitals, letters and digits; and what scanners confuse."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

_SPECIAL = str.maketrans(
    {
        "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D",
        "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "–": "-", "—": "-", "‑": "-", "−": "-",
        "°": " ", "º": " ", "·": " ", "•": " ", "€": " ",
    }
)  # fmt: skip
_MARKS = re.compile("[\u0300-\u036f]")
_ALNUM = re.compile(r"[A-Z0-9]+")
_NOT_ALNUM = re.compile(r"[^A-Z0-9]+")

_ONLY_ALNUM = {code: chr(code).upper() if chr(code).isalnum() else None for code in range(128)}

# Read as one another by scanners and by people copying from paper.
_REFERENCE_FOLD = str.maketrans("OQILSBZG", "00115826")
_DIGITS_AS_LETTERS = str.maketrans("01586", "OISBG")


def bare(text: str) -> str:
    """Accents and ligatures gone, case kept; characters without a Latin letter become `?`."""
    if text.isascii():
        return text
    flat = _MARKS.sub("", unicodedata.normalize("NFKD", text.translate(_SPECIAL)))
    return flat.encode("ascii", "replace").decode("ascii")


def plain(text: str) -> str:
    """`bare`, in capitals."""
    return bare(text).upper()


def alnum(text: str) -> str:
    """Upper-case letters and digits only: `C 25-44` -> `C2544`."""
    if text.isascii():
        return text.translate(_ONLY_ALNUM)
    return _NOT_ALNUM.sub("", plain(text))


def fingerprint(account: str) -> str:
    """Of an IBAN or the account of a cheque, however spaced: what is remembered of it instead of the number."""
    return blake2b(alnum(account).encode(), digest_size=16).hexdigest()


def words(text: str) -> list[str]:
    return _ALNUM.findall(plain(text))


def folded(reference: str) -> str:
    """A reference (letters and digits) with everything a scanner confuses made one: O as 0, I and L as 1, S as 5 ..."""
    return reference.translate(_REFERENCE_FOLD)


@lru_cache(maxsize=65536)
def lettered(token: str) -> str:
    """A word in which the scanner read digits for letters: `MART1N` -> `MARTIN`. Numbers stay numbers."""
    if token.isalpha():
        return token
    letters = sum(character.isalpha() for character in token)
    return token.translate(_DIGITS_AS_LETTERS) if letters * 2 > len(token) else token
