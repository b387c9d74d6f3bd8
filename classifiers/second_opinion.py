"""A learned second opinion on protections, apart from the category model: sentence by sentence, tuned to miss nothing.

Logistic regression over the words and letter groups of a sentence or two; an item is suspected where its most suspect
sentences are over the limit for an item of that length (the more sentences, the more chances of a false alarm).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers.linear import LENGTHS, Floats, Vocabulary, letter_groups, words_of
from classifiers.wording import Wording
from models.understanding import Cue

FOLDER = Path(__file__).parent / "weights"
WEIGHT = 0.6  # of its cues: over `protective.PROTECTING`, under what the rules are sure of
SHORT_TEXT = 60  # words up to which the whole text is read as one passage, too
MOST_PASSAGES = 120
MOST_WORDS_KEPT = 20_000
_END = re.compile(r"(?<=[.!?;…])\s+|\n+")


def passages_of(text: str) -> list[str]:
    """Every sentence, every two in a row, and a short text as a whole."""
    sentences = [part.strip() for part in _END.split(text) if len(part.strip()) > 1]
    found = [*sentences, *(f"{first} {second}" for first, second in pairwise(sentences))]
    if len(sentences) > 2 and len(text.split()) <= SHORT_TEXT:
        found.append(text)
    return found[:MOST_PASSAGES]


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
    seen: dict[str, NDArray[np.int64]] = field(default_factory=dict, compare=False, repr=False)

    def scores(self, passage: str) -> Floats:
        """Logits of any protection and of each signal: `Vocabulary.vector` of the words and letter groups.

        Passages share their words: what a word's letter groups are is looked up once a text.
        """
        words = words_of(passage)
        blocks = {
            "w": self._words("w", words),
            "o": self._words("o", words_of(Wording(frozenset(), passage, ()).subject)),
            "c": np.concatenate([np.zeros(0, np.int64), *(self._groups(word) for word in words)]),
        }
        total = self.bias.astype(np.float32)
        for block, found in blocks.items():
            positions, times = np.unique(found, return_counts=True)
            values = (1 + np.log(times)).astype(np.float32) * self.vocabulary.idf[positions]
            values *= LENGTHS[block] / max(float(np.linalg.norm(values)), 1e-9)
            total = total + values @ self.weights[positions].astype(np.float32)
        return np.asarray(total, dtype=np.float32)

    def _words(self, block: str, words: Sequence[str]) -> NDArray[np.int64]:
        """Places of words and word pairs."""
        names = [*(f"{block}:{word}" for word in words), *(f"{block}:{a} {b}" for a, b in pairwise(words))]
        index = self.vocabulary.index
        return np.array([index[name] for name in names if name in index], dtype=np.int64)

    def _groups(self, word: str) -> NDArray[np.int64]:
        found = self.seen.get(word)
        if found is None:
            index = self.vocabulary.index
            found = np.array([index[group] for group in letter_groups(word) if group in index], dtype=np.int64)
            if len(self.seen) >= MOST_WORDS_KEPT:
                self.seen.clear()
            self.seen[word] = found
        return found

    def cues(self, text: str) -> tuple[Cue, ...]:
        """The most suspect passage with its likeliest signal; none where nothing is over the limit."""
        passages = passages_of(text)
        if not passages:
            return ()
        scores = np.stack([self.scores(passage) for passage in passages])
        worst = int(scores[:, 0].argmax())
        least = next((limit for most, limit in self.limits if len(passages) <= most), self.limits[-1][1])
        if scores[worst, 0] < least:
            return ()
        return (Cue(self.signals[int(scores[worst, 1:].argmax())], passages[worst][:200], WEIGHT),)

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
