"""A learned second opinion on protections, apart from the category model: sentence by sentence, tuned to miss nothing.

Logistic regression over the words and letter groups of a sentence or two; an item is suspected where its most suspect
sentences are over the limit for an item of that length (the more sentences, the more chances of a false alarm).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from classifiers.linear import LENGTHS, Floats, Places, Vocabulary, words_of
from classifiers.wording import Wording
from models.understanding import Cue

FOLDER = Path(__file__).parent / "weights"
WEIGHT = 0.6  # of its cues: over `protective.PROTECTING`, under what the rules are sure of
SHORT_TEXT = 60  # words up to which the whole text is read as one passage, too
MOST_PASSAGES = 120
_NONE = np.zeros(0, dtype=np.int64)
_END = re.compile(r"(?<=[.!?;…])\s+|\n+")


def passages_of(text: str) -> list[str]:
    """Every sentence, every two in a row, and a short text as a whole."""
    sentences = [part.strip() for part in _END.split(text) if len(part.strip()) > 1]
    found = [*sentences, *(f"{first} {second}" for first, second in pairwise(sentences))]
    if len(sentences) > 2 and len(text.split()) <= SHORT_TEXT:
        found.append(text)
    return found[:MOST_PASSAGES]


def _subject(passage: str) -> str:
    return Wording(frozenset(), passage, ()).subject


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """`weights` is (features, 1 + signals): any protection first, then one column a signal.

    `limits` are (most passages, least score) by length of the item.
    """

    vocabulary: Vocabulary
    signals: tuple[str, ...]
    weights: Floats
    bias: Floats
    limits: tuple[tuple[int, float], ...]

    def suspicion(self, passages: Sequence[str]) -> Floats:
        """The logit of any protection for each passage; the words and letter groups of all weighed in one go."""
        words = [words_of(passage) for passage in passages]
        subjects = [words_of(_subject(passage)) for passage in passages]
        known = self.vocabulary
        total = np.full(len(passages), self.bias[0], dtype=np.float32)
        self._add(total, "w", [known.word_places("w", each) for each in words])
        self._add(total, "o", [known.word_places("o", each) for each in subjects])
        self._add(total, "c", [np.concatenate([_NONE, *map(known.group_places, each)]) for each in words])
        return total

    def _add(self, total: Floats, block: str, found: Sequence[Places]) -> None:
        """Add to each passage what the features found in it say: `Vocabulary.weigh` for many texts at once."""
        width = len(self.vocabulary.index)
        passage = np.repeat(np.arange(len(found)), [len(places) for places in found])
        both, times = np.unique(passage * width + np.concatenate([_NONE, *found]), return_counts=True)
        passage, places = both // width, both % width
        values = (1 + np.log(times)) * self.vocabulary.idf[places]
        lengths = np.sqrt(np.bincount(passage, values**2, len(found)))
        spoken = np.bincount(passage, values * self.weights[places, 0], len(found))
        total += LENGTHS[block] * spoken / np.maximum(lengths, 1e-9)

    def scores(self, passage: str) -> Floats:
        """Logits of any protection and of each signal for one passage."""
        item = self.vocabulary.weigh(Wording(frozenset(), passage, ()))
        spoken = item.values @ self.weights[item.positions].astype(np.float32)
        return np.asarray(self.bias + spoken, dtype=np.float32)

    def cues(self, text: str) -> tuple[Cue, ...]:
        """The most suspect passage with its likeliest signal; none where nothing is over the limit."""
        passages = passages_of(text)
        if not passages:
            return ()
        suspicion = self.suspicion(passages)
        worst = int(suspicion.argmax())
        least = next((limit for most, limit in self.limits if len(passages) <= most), self.limits[-1][1])
        if suspicion[worst] < least:
            return ()
        likeliest = int(self.scores(passages[worst])[1:].argmax())
        return (Cue(self.signals[likeliest], passages[worst][:200], WEIGHT),)

    def save(self, folder: Path) -> None:
        """Write `protective.npz` and `protective.json`; 16-bit floats, no pickle."""
        np.savez_compressed(
            folder / "protective.npz",
            weights=self.weights.astype(np.float16),
            bias=self.bias,
            idf=self.vocabulary.idf.astype(np.float16),
        )
        names = {"signals": self.signals, "limits": self.limits, "features": list(self.vocabulary.index)}
        (folder / "protective.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path = FOLDER) -> SecondOpinion:
        names = json.loads((folder / "protective.json").read_text(encoding="utf-8"))
        with np.load(folder / "protective.npz", allow_pickle=False) as arrays:
            weights, bias, idf = arrays["weights"], arrays["bias"], arrays["idf"].astype(np.float32)
        vocabulary = Vocabulary({name: i for i, name in enumerate(names["features"])}, idf)
        limits = tuple((int(most), float(limit)) for most, limit in names["limits"])
        return cls(vocabulary, tuple(names["signals"]), weights, bias, limits)


@lru_cache(maxsize=1)
def second_opinion() -> SecondOpinion:
    """The one shipped beside the models, loaded once."""
    return SecondOpinion.load()
