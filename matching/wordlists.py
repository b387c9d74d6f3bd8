"""Words of French names and addresses, from `words.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

_LISTS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))

PARTICLES = frozenset[str](_LISTS["particles"])
CIVILITIES = frozenset[str](_LISTS["civilities"])
LETTER_WORDS = frozenset[str](_LISTS["letter_words"])
LEGAL_FORMS = frozenset[str](_LISTS["legal_forms"])
STREET_TYPES = frozenset[str](_LISTS["street_types"])
_ABBREVIATED: dict[str, str] = _LISTS["abbreviated"]

FAMILIAR: dict[str, frozenset[str]] = {}
for _group in _LISTS["familiar_first_names"]:
    for _name in _group:
        FAMILIAR[_name] = FAMILIAR.get(_name, frozenset()) | frozenset(_group)


def expanded(word: str) -> str:
    """`ST` -> SAINT, `MAL` -> MARECHAL; other words as they are."""
    return _ABBREVIATED.get(word, word)
