"""One item as the comparisons see it, and what a comparison answers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from matching.clues import Clues
from matching.phonetic import sound
from matching.shapes import ReferenceShapes


class Rarity(Protocol):
    """How often values occur in the portfolio."""

    total: int

    def surname(self, parts: Sequence[str]) -> int: ...
    def first_name(self, name: str) -> int: ...
    def postcode(self, postcode: str) -> int: ...
    def town(self, town: str) -> int: ...
    def amount(self, amount: int) -> int: ...
    def company(self, parts: Sequence[str]) -> int: ...
    def email(self, email: str) -> int: ...
    def phone(self, phone: str) -> int: ...
    def street(self, number: str, word: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Finding:
    feature: str
    level: str
    on_paper: str = ""
    on_file: str = ""
    similarity: float = 0.0
    surprise: float = 0.0


@dataclass(slots=True)
class Paper:
    """One item, with what all comparisons of it share."""

    clues: Clues
    rarity: Rarity
    shapes: ReferenceShapes
    creditors_named: frozenset[str] = frozenset()
    payers: dict[str, tuple[str, int]] = field(default_factory=dict)  # claim_ref -> account, claims it has paid
    _sightings: dict[str, tuple[list[int], float]] = field(default_factory=dict)
    _choices: list[str] = field(default_factory=list)

    def sightings(self, word: str) -> tuple[list[int], float]:
        """Places where a word stands, exactly or nearly, and how alike (0: nowhere)."""
        kept = self._sightings.get(word)
        if kept is None:
            kept = self._sightings[word] = self._search(word)
        return kept

    def _search(self, word: str) -> tuple[list[int], float]:
        places = self.clues.places.get(word)
        if places:
            return places, 1.0
        if len(word) < 4:
            return [], 0.0
        heard = self.clues.sounds.get(sound(word), ())
        best = [(OSA.normalized_similarity(word, self.clues.words[place]), place) for place in heard]
        alike = [(similarity, place) for similarity, place in best if similarity >= 0.7]
        if alike:
            return [place for _, place in alike], max(similarity for similarity, _ in alike)
        if not self._choices:
            self._choices = [choice for choice in self.clues.places if 3 < len(choice) < 40]
        cutoff = 0.74 if len(word) < 8 else 0.7
        found = process.extractOne(word, self._choices, scorer=OSA.normalized_similarity, score_cutoff=cutoff)
        return (self.clues.places[found[0]], float(found[1])) if found else ([], 0.0)

    def surprise(self, count: int) -> float:
        return math.log(max(1, self.rarity.total) / max(1, min(count, self.rarity.total)))
