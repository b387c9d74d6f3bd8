"""TF-IDF and logistic regression without scikit-learn: features and arithmetic, for training and for running."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
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


class Bare(dict[int, str]):
    """For `str.translate`: each lower-case character without its accents, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code))
        self[code] = "".join(c for c in parts if not unicodedata.combining(c))
        return self[code]


_BARE = Bare({ord("œ"): "oe", ord("æ"): "ae", ord("’"): "'"})


def folded(text: str) -> str:
    """Lower case without accents, œ and æ in two letters, figures as 0: what OCR and hurried typists leave alone."""
    return _DIGIT.sub("0", text.lower().translate(_BARE))


@lru_cache(maxsize=4)  # one item's words are asked for by several layers in a row
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as the model counts them."""
    return tuple(_WORD.findall(folded(text)))


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


Places = NDArray[np.int64]
MOST_WORDS_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which features count, and how rare each is (`idf`). `seen` keeps the letter groups of words already met."""

    index: dict[str, int]
    idf: Floats
    seen: dict[str, Places] = field(default_factory=dict, compare=False, repr=False)

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

    def places(self, names: Iterable[str]) -> Places:
        """Where the known ones of these features stand, repeated ones repeatedly."""
        return np.array([at for name in names if (at := self.index.get(name)) is not None], dtype=np.int64)

    def word_places(self, block: str, words: Sequence[str]) -> Places:
        """Places of words and of pairs of neighbours."""
        alone = (f"{block}:{word}" for word in words)
        return self.places(chain(alone, (f"{block}:{a} {b}" for a, b in pairwise(words))))

    def group_places(self, word: str) -> Places:
        """Places of a word's letter groups, looked up once a word."""
        found = self.seen.get(word)
        if found is None:
            if len(self.seen) >= MOST_WORDS_KEPT:
                self.seen.clear()
            found = self.seen[word] = self.places(letter_groups(word))
        return found

    def weigh(self, wording: Wording) -> Weighed:
        """What `vector` makes of `features_of`, without spelling the features out."""
        words = words_of(wording.words)
        text = {
            "w": self.word_places("w", words),
            "c": np.concatenate([np.zeros(0, np.int64), *map(self.group_places, words)]),
            "o": self.word_places("o", words_of(wording.subject)),
        }
        marks = {"m": wording.markers, "s": wording.signals}
        parts = [weighted(self.idf, found, LENGTHS[block]) for block, found in text.items()]
        for block, names in marks.items():
            found = self.places(f"{block}:{name}" for name in names)
            ones = np.ones(len(found), dtype=np.float32)
            parts.append((found, ones, ones * MARKER_WEIGHTS[block]))
        positions, times, values = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Weighed(wording, positions, times, values)


def weighted(idf: Floats, found: Places, length: float) -> tuple[Places, Floats, Floats]:
    """Each place once, how often it was found, and its value: the values of a block have `length` together."""
    positions, times = np.unique(found, return_counts=True)
    values = (1 + np.log(times)).astype(np.float32) * idf[positions]
    values *= length / max(float(np.linalg.norm(values)), 1e-9)
    return positions, times.astype(np.float32), values


@dataclass(frozen=True, slots=True)
class Weighed:
    """One item as the model weighs it: places of its known features, how often each stands there, and its value."""

    wording: Wording
    positions: Places
    times: Floats
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
        return self.vocabulary.weigh(wording)

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
        share = np.zeros(len(self.vocabulary.index), dtype=np.float32)  # of one mention of each feature
        share[item.positions] = item.values * (own - mean) / item.times
        places, index = self.vocabulary.group_places, self.vocabulary.index
        words = words_of(item.wording.words)

        def spoken(name: str) -> float:
            position = index.get(name)
            return float(share[position]) if position is not None else 0.0

        alone = {word: spoken("w:" + word) + float(share[places(word)].sum()) for word in set(words)}
        pairs = [0.0, *(spoken(f"w:{first} {second}") for first, second in pairwise(words)), 0.0]
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
