"""French numbers in words: "mille deux cent trente-quatre" -> 1234. Belgian and Swiss tens, the usual misspellings.

Grammar of the domain dossier 2.1; hyphens and accents do not matter.
"""

from __future__ import annotations

import re
import unicodedata

_UNITS = {
    "zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8,
    "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
_TENS = {
    "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "octante": 80,
    "huitante": 80, "nonante": 90,
}  # fmt: skip
_MISSPELT = {
    "quatres": "quatre", "quattre": "quatre", "katre": "quatre", "cinquantes": "cinquante", "sinquante": "cinquante",
    "soixente": "soixante", "soisante": "soixante", "soissante": "soixante", "trante": "trente",
    "quarente": "quarante",
    "carante": "quarante", "vint": "vingt", "vingts": "vingt", "septs": "sept", "huits": "huit", "neufs": "neuf",
    "dixs": "dix", "onz": "onze", "douz": "douze", "treze": "treize", "quatorse": "quatorze", "quinse": "quinze",
    "seze": "seize", "milles": "mille", "mil": "mille", "mile": "mille",
    "mill": "mille", "cents": "cent", "cens": "cent",
}  # fmt: skip
WORDS = frozenset({*_UNITS, *_TENS, *_MISSPELT, "cent", "mille"})
_WORD = "|".join(sorted(WORDS, key=len, reverse=True))
# One or more number words; "et" only between two of them. To be used on text that went through `folded`.
NUMBER_IN_WORDS = rf"(?:{_WORD})(?:(?:[\s-]+et)?[\s-]+(?:{_WORD}))*"
_SPOKEN = re.compile(rf"\b{NUMBER_IN_WORDS}\b")


_BARE_LETTERS = {"œ": "o", "æ": "a", "ø": "o", "ð": "d", "þ": "t", "ł": "l", "đ": "d"}
_PLAIN_SIGNS = {"’": "'", "‘": "'", "´": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "–": "-", "—": "-"}


def _base(character: str) -> str:
    """One character for one: small, without its accent."""
    low = character.lower()
    bare = unicodedata.normalize("NFD", low)[0] if low else character
    return _BARE_LETTERS.get(bare, bare)


_FOLDING = {code: _base(chr(code)) for code in range(0x250)} | {ord(sign): to for sign, to in _PLAIN_SIGNS.items()}


def folded(text: str) -> str:
    """Lower case without accents, plain apostrophes and spaces; every character keeps its place."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def number_from_words(words: str) -> int | None:
    """0..999,999, or None where the words make no number ("dix vingt")."""
    tokens = [_MISSPELT.get(word, word) for word in re.split(r"[\s-]+", folded(words).strip()) if word != "et"]
    if not tokens or any(token not in WORDS for token in tokens):
        return None
    if tokens.count("mille") > 1:
        return None
    if "mille" in tokens:
        at = tokens.index("mille")
        thousands = _below_thousand(tokens[:at]) if at else 1
        rest = _below_thousand(tokens[at + 1 :]) if tokens[at + 1 :] else 0
        return None if thousands in (None, 0) or rest is None else (thousands or 0) * 1000 + rest
    return _below_thousand(tokens)


def _below_thousand(tokens: list[str]) -> int | None:
    if tokens.count("cent") > 1:
        return None
    if "cent" not in tokens:
        return _below_hundred(tokens)
    at = tokens.index("cent")
    hundreds = _below_hundred(tokens[:at]) if at else 1
    rest = _below_hundred(tokens[at + 1 :]) if tokens[at + 1 :] else 0
    return None if hundreds is None or rest is None or not 1 <= hundreds <= 9 else hundreds * 100 + rest


def _below_hundred(tokens: list[str]) -> int | None:
    match tokens:
        case ["quatre", "vingt", *rest]:
            return _tens(80, rest, teens=True)
        case [ten, *rest] if ten in _TENS:
            return _tens(_TENS[ten], rest, teens=ten == "soixante")
        case ["dix", unit] if unit in ("sept", "huit", "neuf"):
            return 10 + _UNITS[unit]
        case [unit] if unit in _UNITS:
            return _UNITS[unit]
    return None


def _tens(ten: int, rest: list[str], *, teens: bool) -> int | None:
    if not rest:
        return ten
    unit = _below_hundred(rest)
    highest = 19 if teens else 9
    return ten + unit if unit is not None and 1 <= unit <= highest and rest[0] not in _TENS else None
