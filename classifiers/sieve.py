"""Which of many patterns can match a text at all, told from groups of letters that each of them needs.

Every match of a pattern holds at least one of its needed letter runs; a text with none of them is not searched. One
pass over the letter groups of a text then stands for dozens of searches, and nothing is ever missed by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import import_module
from itertools import product
from typing import Any

# The parser of the standard library: its tree says what a pattern cannot do without.
_parser: Any = import_module("re._parser")
_constants: Any = import_module("re._constants")
SIZES = (3, 4)  # letters of the groups looked up
MOST_RUNS = 6  # that one part of a pattern may spell out
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT)
_NO_WIDTH = (_constants.AT, _constants.ASSERT, _constants.ASSERT_NOT)
# Letters of folded French, commonest last, and words whose groups stand in nearly every letter.
_LETTERS = {letter: rank for rank, letter in enumerate("kwzxyjhqbfvgpcdmoultnirsae '")}
_WORDS = """
 je vous pour plus pas que les des une dans avec votre vos sans est suis sont cette mon ma mes notre nous par sur tout
 tous toute bien fait faire mais comme cour jour mois comp comm pay paie ment ne le la de du en au j'ai n'ai c'est qu'il
"""
Runs = frozenset[str]


def _groups(text: str) -> set[str]:
    return {text[start : start + size] for size in SIZES for start in range(len(text) - size + 1)}


_EVERYWHERE = _groups(" ".join(_WORDS.split()))


def needed(pattern: str) -> Runs | None:
    """Letter runs of which every match holds at least one, three letters or more each; None where none can be told."""
    return _of_sequence(_parser.parse(pattern))


def _of_sequence(nodes: Any) -> Runs | None:
    """The most telling of what the parts of a sequence need; neighbours that can be spelt out make longer runs."""
    offers: list[Runs] = []
    spelt: Runs = frozenset(("",))
    for operator, given in nodes:
        own = _spelt(operator, given)
        longer = _joined(spelt, own) if own is not None else None
        if longer is not None:
            spelt = longer
            continue
        offers.append(spelt)
        spelt = own if own is not None else frozenset(("",))
        offer = _of_node(operator, given)
        if offer is not None:
            offers.append(offer)
    offers.append(spelt)
    return min((o for o in offers if min(map(len, o)) >= SIZES[0]), key=_chance, default=None)


def _of_node(operator: Any, given: Any) -> Runs | None:
    if operator is _constants.SUBPATTERN:
        return _of_sequence(given[-1])
    if operator in _REPEATS:
        return _of_sequence(given[2]) if given[0] > 0 else None
    if operator is _constants.BRANCH:
        parts = [_of_sequence(part) for part in given[1]]
        found = [part for part in parts if part is not None]
        return frozenset().union(*found) if len(found) == len(parts) else None
    return None


def _spelt(operator: Any, given: Any) -> Runs | None:
    """Everything a part can match, where that is a short list of words."""
    if operator is _constants.LITERAL:
        return frozenset((chr(given),))
    if operator in _NO_WIDTH:
        return frozenset(("",))
    if operator is _constants.SUBPATTERN:
        return _spelt_all(given[-1])
    if operator is _constants.BRANCH:
        return _united(_spelt_all(part) for part in given[1])
    if operator is _constants.IN and all(kind is _constants.LITERAL for kind, _ in given):
        return frozenset(chr(code) for _, code in given)
    if operator in _REPEATS and tuple(given[:2]) == (0, 1):
        return _united((frozenset(("",)), _spelt_all(given[2])))
    return None


def _spelt_all(nodes: Any) -> Runs | None:
    found: Runs | None = frozenset(("",))
    for operator, given in nodes:
        own = _spelt(operator, given)
        found = _joined(found, own) if found is not None and own is not None else None
        if found is None:
            return None
    return found


def _joined(first: Runs, second: Runs) -> Runs | None:
    if len(first) * len(second) > MOST_RUNS:
        return None
    return frozenset(a + b for a, b in product(first, second))


def _united(parts: Iterable[Runs | None]) -> Runs | None:
    found: set[str] = set()
    for part in parts:
        if part is None or len(found) + len(part) > MOST_RUNS:
            return None
        found |= part
    return frozenset(found)


def _chance(runs: Runs) -> float:
    """Roughly how often a text holds one of the groups looked up for these runs."""
    return sum(map(_frequency, {_rarest(run) for run in runs}))


@lru_cache(maxsize=4096)
def _rarest(run: str) -> str:
    return min((group for group in _groups(run) if len(group) == min(SIZES[-1], len(run))), key=_frequency)


def _frequency(group: str) -> float:
    if group in _EVERYWHERE:
        return 1.0
    chance = 1.0
    for letter in group:
        chance *= (1 + _LETTERS.get(letter, 0)) / 200
    return chance * 200


class Sieve:
    """Positions of the patterns that a text may match, in their order."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._always = 0
        self._bits: dict[str, int] = {}
        for position, pattern in enumerate(patterns):
            runs = None if pattern.flags & re.IGNORECASE else needed(pattern.pattern)
            if runs is None:
                self._always |= 1 << position
                continue
            for group in map(_rarest, runs):
                self._bits[group] = self._bits.get(group, 0) | 1 << position

    def candidates(self, text: str) -> list[int]:
        """Every pattern that matches `text` is among them."""
        found, bits = self._always, self._bits
        for group in bits.keys() & _groups(text):
            found |= bits[group]
        positions = []
        while found:
            lowest = found & -found
            positions.append(lowest.bit_length() - 1)
            found ^= lowest
        return positions
