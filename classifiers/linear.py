"""TF-IDF and logistic regression without scikit-learn: features and arithmetic, for training and for running."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers.wording import Wording

Floats = NDArray[np.float32]
# Words and pairs, letter groups inside words, words of the subject line; markers; protections the rules saw.
BLOCKS = ("w", "c", "o", "m", "s")
LENGTHS = {"w": 1.0, "c": 1.0, "o": 0.5}  # of the text blocks
MARKER_WEIGHTS = {"m": 0.35, "s": 0.35}  # of each marker
_WORD = re.compile(r"[a-z0-9]+|[?!€%]")
_DIGIT = re.compile(r"\d")


def folded(text: str) -> str:
    """Lower case without accents, œ and æ in two letters, figures as 0: what OCR and hurried typists leave alone."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return _DIGIT.sub("0", text)


def words_of(text: str) -> list[str]:
    """The words of a text as the model counts them."""
    return [match.group() for match in _WORD.finditer(folded(text))]


@lru_cache(maxsize=20_000)
def letter_groups(word: str) -> tuple[str, ...]:
    """Groups of 2 to 5 letters of a word with its borders."""
    framed = f" {word} "
    sizes = (size for size in (2, 3, 4, 5) if size <= len(framed))
    return tuple("c:" + framed[start : start + size] for size in sizes for start in range(len(framed) - size + 1))


def features_of(wording: Wording) -> Counter[str]:
    """Counts of every feature of one item; the first letter names the block."""
    words = words_of(wording.words)
    found: Counter[str] = Counter("w:" + word for word in words)
    found.update(f"w:{first} {second}" for first, second in pairwise(words))
    for word, count in Counter(words).items():
        for group in letter_groups(word):
            found[group] += count
    subject = words_of(wording.subject)
    found.update("o:" + word for word in subject)
    found.update(f"o:{first} {second}" for first, second in pairwise(subject))
    found.update("m:" + marker for marker in wording.markers)
    found.update("s:" + signal for signal in wording.signals)
    return found


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which features count, and how rare each is (`idf`)."""

    index: dict[str, int]
    idf: Floats

    @classmethod
    def learnt(cls, documents: Sequence[Counter[str]], fewest: int = 2, most: int = 120_000) -> Vocabulary:
        seen: Counter[str] = Counter()
        for document in documents:
            seen.update(document.keys())
        kept = [name for name, count in seen.most_common(most) if count >= fewest or name[0] in MARKER_WEIGHTS]
        idf = [log((1 + len(documents)) / (1 + seen[name])) + 1 for name in kept]
        return cls({name: position for position, name in enumerate(kept)}, np.array(idf, dtype=np.float32))

    def vector(self, counts: Counter[str]) -> tuple[NDArray[np.int64], Floats]:
        """Positions and values; each text block has its length, each marker its weight."""
        found: dict[str, list[tuple[int, int]]] = {block: [] for block in BLOCKS}
        for name, count in counts.items():
            position = self.index.get(name)
            if position is not None:
                found[name[0]].append((position, count))
        positions: list[NDArray[np.int64]] = []
        values: list[Floats] = []
        for block, known in found.items():
            if not known:
                continue
            places, times = np.array(known, dtype=np.int64).T
            if block in MARKER_WEIGHTS:
                weights = np.full(len(known), MARKER_WEIGHTS[block], dtype=np.float32)
            else:
                weights = (1 + np.log(times)).astype(np.float32) * self.idf[places]
                weights *= LENGTHS[block] / max(float(np.linalg.norm(weights)), 1e-9)
            positions.append(places)
            values.append(weights)
        if not positions:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        return np.concatenate(positions), np.concatenate(values)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One item as the model weighs it: counts of its features, places and values of those that are known."""

    wording: Wording
    counts: Counter[str]
    positions: NDArray[np.int64]
    values: Floats


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Logits of the subcategories and of the flags from one item. `weights` is (features, labels)."""

    vocabulary: Vocabulary
    labels: tuple[str, ...]
    flags: tuple[str, ...]
    weights: Floats
    bias: Floats

    def weigh(self, wording: Wording) -> Weighed:
        """Count once what `logits` and `word_weights` need."""
        counts = features_of(wording)
        return Weighed(wording, counts, *self.vocabulary.vector(counts))

    def logits(self, item: Weighed) -> tuple[Floats, Floats]:
        """Logits of `labels` (softmax) and of `flags` (one sigmoid each)."""
        scores = item.values @ self.weights[item.positions].astype(np.float32) + self.bias
        return scores[: len(self.labels)], scores[len(self.labels) :]

    def word_weights(self, item: Weighed, label: str) -> list[tuple[str, float]]:
        """How much each word of the text, in order, spoke for `label` against the mean of all labels."""
        column = self.labels.index(label) if label in self.labels else len(self.labels) + self.flags.index(label)
        width = len(self.labels)
        rows = self.weights[item.positions]
        own = rows[:, column].astype(np.float32)
        mean = rows[:, :width].astype(np.float32).mean(axis=1) if column < width else 0.0
        contribution = dict(zip(item.positions.tolist(), (item.values * (own - mean)).tolist(), strict=True))
        index, counts = self.vocabulary.index, item.counts
        words = words_of(item.wording.words)

        def share(name: str) -> float:
            position = index.get(name)
            return contribution.get(position, 0.0) / counts[name] if position is not None else 0.0

        alone = {word: share("w:" + word) + sum(map(share, letter_groups(word))) for word in set(words)}
        pairs = [0.0, *(share(f"w:{first} {second}") for first, second in pairwise(words)), 0.0]
        return [(word, alone[word] + (pairs[i] + pairs[i + 1]) / 2) for i, word in enumerate(words)]

    def save(self, folder: Path) -> None:
        """Write `linear.npz` and `linear.json`; weights as 16-bit floats, no pickle."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            folder / "linear.npz",
            weights=self.weights.astype(np.float16),
            bias=self.bias,
            idf=self.vocabulary.idf.astype(np.float16),
        )
        names = {"labels": self.labels, "flags": self.flags, "features": list(self.vocabulary.index)}
        (folder / "linear.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        names = json.loads((folder / "linear.json").read_text(encoding="utf-8"))
        with np.load(folder / "linear.npz", allow_pickle=False) as arrays:
            weights, bias, idf = arrays["weights"], arrays["bias"], arrays["idf"].astype(np.float32)
        vocabulary = Vocabulary({name: i for i, name in enumerate(names["features"])}, idf)
        return cls(vocabulary, tuple(names["labels"]), tuple(names["flags"]), weights, bias)
