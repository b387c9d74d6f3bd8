"""A learned second opinion on protections, apart from the category model: sentence by sentence, tuned to miss nothing.

Logistic regression over the words and letter groups of a sentence or two, and in doubt over what the encoder's layers
hold of them. A judge weighs it with what the rules saw: many or full cues stand nearly alone, one ambiguous word needs
its support, and without any cue it must be sure by itself. The limits are by length of the item (the more sentences,
the more chances of a false alarm).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import log1p
from pathlib import Path

import numpy as np

from classifiers.linear import LENGTHS, Floats, Places, Vocabulary, words_of
from classifiers.passages import Logits, Reader
from classifiers.protective import PROTECTING, folded
from classifiers.protective_scope import spoken_against
from classifiers.wording import Wording
from models.understanding import Cue

FOLDER = Path(__file__).parent / "weights"
CLEAR = -3.0  # verdict of words and rules under which a short text is not read more closely
OPEN = 2.0  # verdict up to which, either way, it is read once more, without its capitals: the mean errs less
LEAST = -0.5  # of the reader's logit of any protection for a cue in a longer text to stand, and of the cue's own
LEAST_OWN, LEAST_VULNERABLE = -2.5, -3.0
NEAR, READ_OF_LONG, ANNOUNCED = 1.0, 3, 2.0  # under the words' limit; passages then read; summed odds that suffice
DENIED = -2.5  # under it the reader speaks plainly against any protection
READ_TO_DENY = 4  # passages of a longer text in which one would be looked for
READ_AROUND = 2  # passages at most around a cue
MOST_NAMED, FEWEST_NAMED = 8, 3  # passages among which the one to be shown is looked for, and words of each
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


def announced(logits: Logits) -> float:
    """Logarithm of the summed odds of the single signals: steadier on ordinary mail than the reader's own "any", which
    rises on whatever is terse and new."""
    return float(np.logaddexp.reduce(logits[1:]))


def told_by_words(excess: float, text: str, seen: Sequence[Cue]) -> tuple[float, ...]:
    """What the judge is told before anything is read closely: words, rules, and what speaks against a protection."""
    return (excess, *heard_by_rules(seen), *spoken_against(text))


def _subject(passage: str) -> str:
    return Wording(frozenset(), passage, ()).subject


def doubted(cue: Cue) -> Cue:
    """The same for the desk only."""
    return replace(cue, weight=min(cue.weight, DOUBTED))


def _protects(seen: Sequence[Cue]) -> bool:
    return any(cue.weight >= PROTECTING for cue in seen)


class _Around:
    """What the reader makes of the passages around a cue, each read once."""

    def __init__(self, passages: Sequence[str], reader: Reader, signals: Sequence[str]) -> None:
        longest_first = sorted(passages, key=len, reverse=True)
        self._passages = [(passage, folded(passage)) for passage in longest_first if len(passage.split()) <= SHORT_TEXT]
        self._reader = reader
        self._signals = signals
        self._said: dict[str, Logits] = {}

    def judged(self, seen: Sequence[Cue]) -> Iterator[Cue]:
        """The cues, surest first, weighed down where nothing around them announces anything; what one cue of a label
        has shown is not asked again for its others."""
        shown: set[str] = set()
        for cue in seen:
            if cue.weight >= PROTECTING and (cue.label in shown or self.supports(cue)):
                shown.add(cue.label)
            yield cue if cue.weight < PROTECTING or cue.label in shown else doubted(cue)

    def supports(self, cue: Cue) -> bool:
        """Whether one of them may well announce it, the shorter asked first; a cue that none holds is left alone."""
        around = [passage for passage, plain in self._passages if cue.words in plain][:READ_AROUND]
        return not around or any(self._announces(passage, cue.label) for passage in reversed(around))

    def _announces(self, passage: str, label: str) -> bool:
        if passage not in self._said:
            self._said[passage] = self._reader(passage)
        said = self._said[passage]
        if label not in self._signals:
            return bool(said[0] >= LEAST)
        own = LEAST_VULNERABLE if label == "vulnerable" else LEAST_OWN
        return bool(said[0] >= LEAST and said[1 + self._signals.index(label)] >= own)


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

    def judged(self, text: str, seen: Sequence[Cue], reader: Reader | None = None) -> tuple[Cue, ...]:
        """The cues of the rules, weighed down where nothing else speaks for them, or a suspicion of its own.

        `reader` reads a passage more closely: any short text that may hold something, and what lies around the cues of
        a longer one.
        """
        passages = passages_of(text)
        if not passages:
            return tuple(seen)
        if len(text.split()) > SHORT_TEXT:
            return self._judged_long(passages, seen, reader)
        verdict, said = self._verdict(text, passages, seen, reader)
        if verdict < 0:
            return tuple(map(doubted, seen))
        return tuple(seen) if _protects(seen) else (self._suspicion_of(passages, said), *seen)

    def _verdict(
        self, text: str, passages: Sequence[str], seen: Sequence[Cue], reader: Reader | None
    ) -> tuple[float, Logits | None]:
        """Of words and rules, and of the reader where these leave anything open, with what it said; 0 or more
        protects."""
        told = told_by_words(self.excess(passages), text, seen)
        shallow = self.shallow.verdict(told)
        if reader is None or self.deep is None:
            return (0.0 if told[2] >= log1p(STANDING) else shallow), None
        if shallow < CLEAR:
            return shallow, None
        said = reader(text)
        verdict = self.deep.verdict((*told, announced(said)))
        if abs(verdict) < OPEN and text != text.lower():
            said = np.asarray((said + reader(text.lower())) / 2, dtype=np.float32)
            verdict = self.deep.verdict((*told, announced(said)))
        return verdict, said

    def _judged_long(self, passages: Sequence[str], seen: Sequence[Cue], reader: Reader | None) -> tuple[Cue, ...]:
        """In a longer text the rules stand where the reader does not speak against them; a suspicion without any cue
        needs words that are nearly suspect by themselves and a reader that is sure."""
        if _protects(seen):
            if reader is None:
                return tuple(seen)
            return tuple(_Around(passages, reader, self.signals).judged(seen))
        suspicion = self.suspicion(passages)
        over = float(suspicion.max()) - self._limit(len(passages))
        likeliest = [passages[place] for place in np.argsort(-suspicion)[:READ_OF_LONG].tolist()]
        if over < (0.0 if reader is None else -NEAR):
            return tuple(seen)
        if reader is None:
            return (self._suspicion_of(likeliest[:1], None), *seen)
        for passage in likeliest:
            said = reader(passage)
            if announced(said) >= ANNOUNCED:
                return (self._suspicion_of([passage], said), *seen)
        return tuple(seen)

    def _suspicion_of(self, passages: Sequence[str], said: Logits | None) -> Cue:
        """The most suspect of the first passages, and the likeliest signal by what the reader said or by its words."""
        first = [passage for passage in passages if len(passage.split()) >= FEWEST_NAMED][:MOST_NAMED] or passages[:1]
        worst = first[int(self.suspicion(first).argmax())]
        signals = (self.scores(worst) if said is None else said)[1:]
        return Cue(self.signals[int(signals.argmax())], worst[:200], WEIGHT)

    def denies(self, text: str, reader: Reader | None) -> bool:
        """Whether the reader finds nothing at all: in a short text, or in the most suspect passages of a longer one."""
        passages = passages_of(text)
        if reader is None or not passages:
            return False
        if len(text.split()) > SHORT_TEXT:
            likeliest = np.argsort(-self.suspicion(passages))[:READ_TO_DENY]
            return all(reader(passages[place])[0] < DENIED for place in likeliest.tolist())
        return bool(reader(text)[0] < DENIED)

    def excess(self, passages: Sequence[str]) -> float:
        """How far the most suspect passage is over the limit of an item of that length."""
        return float(self.suspicion(passages).max()) - self._limit(len(passages))

    def _limit(self, passages: int) -> float:
        return next((limit for most, limit in self.limits if passages <= most), self.limits[-1][1])

    def save(self, folder: Path) -> None:
        """Write `protective.npz` and `protective.json`; 16-bit floats, no pickle."""
        np.savez_compressed(
            folder / "protective.npz",
            weights=self.weights.astype(np.float16),
            bias=self.bias,
            idf=self.vocabulary.idf.astype(np.float16),
        )
        names = {
            "signals": self.signals,
            "limits": self.limits,
            "shallow": self.shallow.weights,
            "deep": self.deep.weights if self.deep is not None else None,
            "features": list(self.vocabulary.index),
        }
        (folder / "protective.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path = FOLDER) -> SecondOpinion:
        names = json.loads((folder / "protective.json").read_text(encoding="utf-8"))
        with np.load(folder / "protective.npz", allow_pickle=False) as arrays:
            weights, bias, idf = arrays["weights"], arrays["bias"], arrays["idf"].astype(np.float32)
        vocabulary = Vocabulary({name: i for i, name in enumerate(names["features"])}, idf)
        limits = tuple((int(most), float(limit)) for most, limit in names["limits"])
        shallow, deep = Judge(tuple(names["shallow"])), Judge(tuple(names["deep"])) if names["deep"] else None
        return cls(vocabulary, tuple(names["signals"]), weights, bias, limits, shallow, deep)


@lru_cache(maxsize=1)
def second_opinion() -> SecondOpinion:
    """The one shipped beside the models, loaded once."""
    return SecondOpinion.load()
