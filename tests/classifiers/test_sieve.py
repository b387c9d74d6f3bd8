"""A pattern left out by the sieve never matches."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from classifiers.protective import RULES
from classifiers.protective_figures import FIGURES
from classifiers.sieve import Sieve, needed

PATTERNS = [rule.words for rule in RULES]
SIEVE = Sieve(PATTERNS)
FIGURE_SIEVE = Sieve(FIGURES)
PIECES = (
    "mon pere", "est decede", " le 3 mars", "dossier", " de surendettement", "tutelle", " mon avocat", " vous repondra",
    "je vais", " me tuer", "la batterie", " est morte", "plus", " rien", ". ", ", ", " l'", "rj", " ouverte", "cancer",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_whatever_matches_is_a_candidate(text: str) -> None:
    kept = set(SIEVE.candidates(text))
    assert all(position in kept for position, pattern in enumerate(PATTERNS) if pattern.search(text))
    figures = set(FIGURE_SIEVE.candidates(text))
    assert all(place in figures for place, figure in enumerate(FIGURES) if figure.search(text))


def test_an_ordinary_sentence_is_spared_most_searches() -> None:
    assert len(SIEVE.candidates("veuillez trouver ci-joint mon cheque de 120 euros")) < len(PATTERNS) / 3


def test_an_optional_part_is_not_needed() -> None:
    assert needed(r"\b(?:vieille )?dette\b") == frozenset(("dette", "vieille dette"))
    assert needed(r"(?:abcd)*\w+") is None
    assert needed(r"abcd|\d+") is None


def test_a_pattern_that_needs_nothing_is_always_searched() -> None:
    assert Sieve([re.compile(r"\d+"), re.compile("cheque")]).candidates("le 3") == [0]
    assert Sieve([re.compile("CHEQUE", re.IGNORECASE)]).candidates("cheque") == [0]


def test_candidates_keep_the_order_of_the_patterns() -> None:
    assert Sieve([re.compile("mort"), re.compile("pere"), re.compile("juge")]).candidates("pere mort") == [0, 1]
