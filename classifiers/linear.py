"""TF-IDF and logistic regression without scikit-learn: features and arithmetic, for training and for running."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers.wording import Wording

Floats = NDArray[np.float32]
BLOCKS = ("w", "c", "m")  # words and pairs, letter groups inside words, markers
MARKER_WEIGHT = 0.35  # length of a marker beside the two text blocks, each of length 1
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


def letter_groups(word: str) -> Iterator[str]:
    """Groups of 2 to 5 letters of a word with its borders."""
    framed = f" {word} "
    for size in (2, 3, 4, 5):
        if size > len(framed):
            break
        for start in range(len(framed) - size + 1):
            yield "c:" + framed[start : start + size]


def features_of(wording: Wording) -> Counter[str]:
    """Counts of every feature of one item; the first letter names the block."""
    words = words_of(wording.words)
    found: Counter[str] = Counter("w:" + word for word in words)
    found.update(f"w:{first} {second}" for first, second in pairwise(words))
    for word, count in Counter(words).items():
        for group in letter_groups(word):
            found[group] += count
    found.update("m:" + marker for marker in wording.markers)
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
        kept = [name for name, count in seen.most_common(most) if count >= fewest or name.startswith("m:")]
        idf = [log((1 + len(documents)) / (1 + seen[name])) + 1 for name in kept]
        return cls({name: position for position, name in enumerate(kept)}, np.array(idf, dtype=np.float32))

    def vector(self, counts: Counter[str]) -> tuple[NDArray[np.int64], Floats]:
        """Positions and values; each text block has length 1, each marker `MARKER_WEIGHT`."""
        positions: list[int] = []
        values: list[float] = []
        for block in BLOCKS:
            known = [(self.index[n], c) for n, c in counts.items() if n[0] == block and n in self.index]
            if block == "m":
                weights = np.full(len(known), MARKER_WEIGHT, dtype=np.float32)
            else:
                weights = np.array([(1 + log(c)) * self.idf[i] for i, c in known], dtype=np.float32)
                weights /= max(float(np.linalg.norm(weights)), 1e-9)
            positions += [i for i, _ in known]
            values += weights.tolist()
        return np.array(positions, dtype=np.int64), np.array(values, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Logits of the subcategories and of the flags from one item. `weights` is (features, labels)."""

    vocabulary: Vocabulary
    labels: tuple[str, ...]
    flags: tuple[str, ...]
    weights: Floats
    bias: Floats

    def logits(self, wording: Wording) -> tuple[Floats, Floats]:
        """Logits of `labels` (softmax) and of `flags` (one sigmoid each)."""
        positions, values = self.vocabulary.vector(features_of(wording))
        scores = values @ self.weights[positions].astype(np.float32) + self.bias
        return scores[: len(self.labels)], scores[len(self.labels) :]

    def word_weights(self, wording: Wording, label: str) -> list[tuple[str, float]]:
        """How much each word of the text spoke for `label` against the mean of all labels."""
        column = self.labels.index(label) if label in self.labels else len(self.labels) + self.flags.index(label)
        width = len(self.labels)
        counts = features_of(wording)
        positions, values = self.vocabulary.vector(counts)
        rows = self.weights[positions]
        mean = rows[:, :width].mean(axis=1) if column < width else 0.0
        contribution = dict(zip(positions.tolist(), values * (rows[:, column] - mean), strict=True))
        return list(self._by_word(wording, counts, contribution))

    def _by_word(
        self, wording: Wording, counts: Counter[str], contribution: dict[int, float]
    ) -> Iterable[tuple[str, float]]:
        words = words_of(wording.words)
        shares = {name: contribution.get(self.vocabulary.index.get(name, -1), 0.0) / c for name, c in counts.items()}
        own = {w: shares.get("w:" + w, 0.0) + sum(shares.get(g, 0.0) for g in letter_groups(w)) for w in set(words)}
        for before, word, after in zip(["", *words[:-1]], words, [*words[1:], ""], strict=True):
            pairs = shares.get(f"w:{before} {word}", 0.0) + shares.get(f"w:{word} {after}", 0.0)
            yield word, float(own[word] + pairs / 2)

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
