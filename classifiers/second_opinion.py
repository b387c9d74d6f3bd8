"""A learned second opinion on protections, apart from the category model: sentence by sentence, tuned to miss nothing.

Logistic regression over the words and letter groups of a sentence or two, and in doubt over what the encoder's layers
hold of them. A judge weighs it with what the rules saw: many or full cues stand nearly alone, one ambiguous word needs
its support, and without any cue it must be sure by itself. The limits are by length of the item (the more sentences,
the more chances of a false alarm).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from math import log1p
from pathlib import Path

import numpy as np

from classifiers.linear import LENGTHS, Floats, Places, Vocabulary, words_of
from classifiers.protective import PROTECTING
from classifiers.wording import Wording
from models.understanding import Cue

FOLDER = Path(__file__).parent / "weights"
Depth = Callable[[str], Floats]
DOUBT = (-1.1, 2.0)  # verdicts of words and rules within which the encoder is asked: outside it changes next to nothing
STANDING = 2  # cues of the rules that stand without support
DOUBTED = 0.4  # most that a cue of the rules weighs where nothing speaks for it: for the desk only
WEIGHT = 0.6  # of its cues: over `protective.PROTECTING`, under what the rules are sure of
SHORT_TEXT = 60  # words up to which the whole text is read as one passage, too, and judged
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


@dataclass(frozen=True, slots=True)
class Judge:
    """Weighs words against rules, logistic: `weights` are the bias, then one a figure told; 0 or more protects."""

    weights: tuple[float, ...]

    def verdict(self, told: Sequence[float]) -> float:
        bias, *weights = self.weights
        return bias + sum(weight * figure for weight, figure in zip(weights, told, strict=True))


def heard_by_rules(seen: Sequence[Cue]) -> tuple[float, float, float]:
    """Weight of the surest protecting cue, logarithm of their number, and of the weight of those of several words."""
    weights = [cue.weight for cue in seen if cue.weight >= PROTECTING]
    several = sum(cue.weight for cue in seen if cue.weight >= PROTECTING and " " in cue.words)
    return max(weights, default=0.0), log1p(len(weights)), log1p(several)


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
    shallow: Judge
    deep: Judge | None = None
    depth_weights: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    depth_bias: float = 0.0
    encoder: str = ""  # fingerprint of the encoder that `depth_weights` were fitted beside

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

    def judged(self, text: str, seen: Sequence[Cue], depth: Depth | None = None) -> tuple[Cue, ...]:
        """The cues of the rules, weighed down where nothing else speaks for them, or a suspicion of its own.

        In a long text the rules stand, and a suspicion needs a passage over the limit: the judge knows short texts.
        `depth` reads a passage with the encoder; it is asked only where words and rules leave a doubt.
        """
        passages = passages_of(text)
        protecting = sum(cue.weight >= PROTECTING for cue in seen)
        short = len(text.split()) <= SHORT_TEXT
        if not passages or protecting >= (STANDING if short else 1):
            return tuple(seen)
        suspicion = self.suspicion(passages)
        excess = float(suspicion.max()) - self._limit(len(passages))
        verdict = self._verdict((excess, *heard_by_rules(seen)), text, depth) if short else excess
        if verdict < 0:
            return tuple(replace(cue, weight=min(cue.weight, DOUBTED)) for cue in seen)
        if protecting:
            return tuple(seen)
        worst = passages[int(suspicion.argmax())]
        likeliest = int(self.scores(worst)[1:].argmax())
        return (Cue(self.signals[likeliest], worst[:200], WEIGHT), *seen)

    def _verdict(self, told: Sequence[float], text: str, depth: Depth | None) -> float:
        """Of words and rules; with the encoder's word where these leave a doubt."""
        if depth is None or self.deep is None:
            return self.shallow.verdict(told)
        verdict = self.deep.verdict((*told, 0.0))
        if not DOUBT[0] <= verdict <= DOUBT[1]:
            return verdict
        return self.deep.verdict((*told, self.depth_score(depth(text))))

    def excess(self, passages: Sequence[str]) -> float:
        """How far the most suspect passage is over the limit of an item of that length."""
        return float(self.suspicion(passages).max()) - self._limit(len(passages))

    def _limit(self, passages: int) -> float:
        return next((limit for most, limit in self.limits if passages <= most), self.limits[-1][1])

    def depth_score(self, vector: Floats) -> float:
        """The logit of any protection from what the encoder's layers hold of a passage."""
        return float(vector @ self.depth_weights + self.depth_bias)

    def save(self, folder: Path) -> None:
        """Write `protective.npz` and `protective.json`; 16-bit floats, no pickle."""
        np.savez_compressed(
            folder / "protective.npz",
            weights=self.weights.astype(np.float16),
            bias=self.bias,
            idf=self.vocabulary.idf.astype(np.float16),
            depth=self.depth_weights,
        )
        names = {
            "signals": self.signals,
            "limits": self.limits,
            "shallow": self.shallow.weights,
            "deep": self.deep.weights if self.deep is not None else None,
            "depth_bias": self.depth_bias,
            "encoder": self.encoder,
            "features": list(self.vocabulary.index),
        }
        (folder / "protective.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path = FOLDER) -> SecondOpinion:
        names = json.loads((folder / "protective.json").read_text(encoding="utf-8"))
        with np.load(folder / "protective.npz", allow_pickle=False) as arrays:
            weights, bias, idf = arrays["weights"], arrays["bias"], arrays["idf"].astype(np.float32)
            depth = arrays["depth"]
        vocabulary = Vocabulary({name: i for i, name in enumerate(names["features"])}, idf)
        limits = tuple((int(most), float(limit)) for most, limit in names["limits"])
        shallow, deep = Judge(tuple(names["shallow"])), Judge(tuple(names["deep"])) if names["deep"] else None
        rest = (depth, float(names["depth_bias"]), str(names["encoder"]))
        return cls(vocabulary, tuple(names["signals"]), weights, bias, limits, shallow, deep, *rest)


@lru_cache(maxsize=1)
def second_opinion() -> SecondOpinion:
    """The one shipped beside the models, loaded once."""
    return SecondOpinion.load()
