"""The amount of a cheque from both of its fields at once: figures and words decoded together.

Candidates come from both fields; each is scored on both (log P of the figures + a share of log P of the words).
A sum counts as sure only where one candidate stands alone *and* both fields fit it nearly as well as they fit
anything. Two clear fields that say different sums are a defect, never an average.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.money import Cents
from ocr.cheque import amount_words
from ocr.cheque.alphabet import FIGURES, LINES
from ocr.cheque.automaton import Decoder, Expression, alt, compile_expressions, opt, seq
from ocr.cheque.figures import parse_figures
from ocr.cheque.geometry import Floats

_BEAM = 16
_MOST_CANDIDATES = 14
WORDS_SHARE = 0.4
_NOISE_LETTER = 0.8  # log probability of a letter in the second line that belongs to something else
_EXPECTED_BONUS = 0.7  # of a sum that is no surprise: ranks candidates, too small to carry one


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well one amount explains the cheque. Gaps are log probabilities lost against the freest reading, >= 0."""

    amount: Cents
    figures_gap: float
    words_gap: float  # a letter of the words
    words_lost: float  # all of it, and what it costs to leave the second line out
    score: float


@dataclass(frozen=True, slots=True)
class WordsSeen:
    """One reader's outputs over LINES for the two lines of the words; `second` is None where it carries no ink."""

    first: Floats
    second: Floats | None = None

    def joined(self) -> Floats:
        """Both lines as one, a word's distance apart."""
        if self.second is None:
            return self.first
        space = np.full((1, 1 + len(LINES)), -6.0, np.float32)
        space[0, 1 + LINES.index(" ")] = space[0, 0] = -0.7
        return np.concatenate([self.first, space, self.second])

    def noise(self) -> float:
        """What it costs to call the second line no part of the amount: the payee's tall letters, a stroke, a stain."""
        if self.second is None:
            return 0.0
        letters = int(((np.diff(self.second.argmax(axis=1), prepend=0) != 0) & (self.second.argmax(axis=1) > 0)).sum())
        return _NOISE_LETTER * letters

    def lost(self, decoder: Decoder) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(log probability each expression loses against the freest reading, the same a letter read)."""
        whole = self.joined()
        lost = np.asarray(np.maximum(_free(whole) - decoder.scores(whole), 0.0), dtype=np.float64)
        if self.second is None:
            return lost, lost / _letters(whole)
        alone = np.asarray(np.maximum(_free(self.first) - decoder.scores(self.first), 0.0), dtype=np.float64)
        left_out = alone + self.noise() < lost
        gaps = np.where(left_out, alone / _letters(self.first), lost / _letters(whole))
        return np.where(left_out, alone + self.noise(), lost), gaps


def _letters(logp: Floats) -> float:
    best = logp.argmax(axis=1)
    return max(8.0, float(((np.diff(best, prepend=0) != 0) & (best > 0)).sum()))


@dataclass(frozen=True, slots=True)
class AmountRead:
    """`figures`, `words`: what each field says by itself, None where it says nothing clear enough to name."""

    amount: Cents | None
    confidence: float
    figures: Cents | None
    words: Cents | None
    differ: bool
    best: Evidence | None = None
    margin: float = 0.0


@lru_cache(maxsize=1)
def _grammar() -> Decoder:
    return Decoder(compile_expressions([amount_words.every_amount()], LINES), LINES)


def figures_expression(cents: Cents) -> Expression:
    """The ways an amount is written in figures; spaces do not count."""
    whole, part = divmod(cents, 100)
    digits = str(whole)
    body: Expression = digits
    if whole >= 1000:
        body = seq(digits[:-3], alt("", ".", ","), digits[-3:])
    mark = alt(",", ".", "€", "", "€,", "/")
    ending: Expression = seq(mark, f"{part:02d}")
    if part == 0:
        ending = alt(ending, "", ",", ".")
    return seq(body, ending, opt("€"))


def beam(logp: Floats, letters: str, width: int = _BEAM) -> list[tuple[str, float]]:
    """Likeliest strings of a CTC output with their log probabilities, best first."""
    hypotheses: dict[str, tuple[float, float]] = {"": (0.0, -np.inf)}  # ending in blank, ending in its letter
    for column in logp:
        likely = [index for index in np.argsort(-column)[:5].tolist() if column[index] > -7.0]
        grown: dict[str, tuple[float, float]] = {}
        for text, (rest, own) in hypotheses.items():
            whole = float(np.logaddexp(rest, own))
            for index in likely:
                share = float(column[index])
                if index == 0:
                    _add(grown, text, whole + share, -np.inf)
                    continue
                letter = letters[index - 1]
                if text.endswith(letter):
                    _add(grown, text, -np.inf, own + share)
                    _add(grown, text + letter, -np.inf, rest + share)
                else:
                    _add(grown, text + letter, -np.inf, whole + share)
        ranked = sorted(grown.items(), key=lambda item: -max(item[1]))
        hypotheses = dict(ranked[:width])
    ended = [(text, float(np.logaddexp(*scores))) for text, scores in hypotheses.items()]
    return sorted(ended, key=lambda item: -item[1])


def _add(grown: dict[str, tuple[float, float]], text: str, rest: float, own: float) -> None:
    before = grown.get(text, (-np.inf, -np.inf))
    grown[text] = (float(np.logaddexp(before[0], rest)), float(np.logaddexp(before[1], own)))


def figure_candidates(logp: Floats) -> list[Cents]:
    """Sums the box may show, likeliest first. Digits without a mark may hide one before the last two."""
    found: dict[Cents, None] = {}
    for text, _ in beam(logp, FIGURES):
        plain = text.replace("(", "").replace(")", "").replace("/", ",")
        value = parse_figures(plain)
        if value is not None and 0 < value <= amount_words.LARGEST:
            found.setdefault(value)
        digits = "".join(sign for sign in plain if sign.isdigit())
        if 3 <= len(digits) <= 8:
            found.setdefault(int(digits))
    return [value for value in found if 0 < value <= amount_words.LARGEST]


def _free(logp: Floats) -> float:
    return float(logp.max(axis=1).sum())


def read_amount(figures: Sequence[Floats], words: Sequence[WordsSeen], expected: Sequence[Cents] = ()) -> AmountRead:
    """Both fields, each as seen by one or more readers, decoded together. `figures`: outputs over FIGURES."""
    by_figures = [value for one in figures for value in figure_candidates(one)[:_MOST_CANDIDATES]]
    by_words = [value for one in words for value in word_candidates(one)]
    candidates = list(dict.fromkeys([*by_figures, *by_words]))
    if not candidates:
        return AmountRead(None, 0.0, None, None, differ=False)
    return judged(_ranked(candidates, figures, words, expected), bool(words))


def word_candidates(words: WordsSeen) -> list[Cents]:
    """The sums the grammar finds in both lines together and in the first alone."""
    found = []
    for logp in (words.joined(), words.first):
        value = amount_words.parse(_grammar().best(logp).text)
        if value is not None and 0 < value <= amount_words.LARGEST:
            found.append(value)
    return found


def _ranked(
    candidates: list[Cents], figures: Sequence[Floats], words: Sequence[WordsSeen], expected: Sequence[Cents]
) -> list[Evidence]:
    """Candidates by falling score; the readers' losses are averaged."""
    in_figures = Decoder(compile_expressions([figures_expression(value) for value in candidates], FIGURES), FIGURES)
    in_words = Decoder(compile_expressions([amount_words.amount_expression(v) for v in candidates], LINES), LINES)
    nothing = np.zeros(len(candidates))
    of_figures = [np.maximum(_free(one) - in_figures.scores(one), 0.0) for one in figures]
    lost_figures = np.mean(of_figures, axis=0) if of_figures else nothing
    of_words = [one.lost(in_words) for one in words]
    lost_words = np.mean([lost for lost, _ in of_words], axis=0) if words else nothing
    gaps = np.mean([gap for _, gap in of_words], axis=0) if words else nothing
    share = WORDS_SHARE * _legibility(float(gaps.min())) if words else 0.0
    ranked = [
        Evidence(
            value,
            float(lost_figures[at]),
            float(gaps[at]),
            float(lost_words[at]),
            -float(lost_figures[at]) - share * float(lost_words[at]) + _EXPECTED_BONUS * (value in expected),
        )
        for at, value in enumerate(candidates)
    ]
    return sorted(ranked, key=lambda one: -one.score)


def _legibility(gap: float) -> float:
    """Words that fit no amount (log probability lost a letter) are scribble and must not outweigh clear figures."""
    return float(np.clip(1.25 - 1.25 * gap, 0.05, 1.0))


def judged(ranked: list[Evidence], words_seen: bool) -> AmountRead:
    """From ranked evidence to what may be said. Thresholds: `training/cheques/calibrate.py`, `networks/amounts.md`."""
    best = ranked[0]
    margin = best.score - ranked[1].score if len(ranked) > 1 else 30.0
    own_figures = min(ranked, key=lambda one: (one.figures_gap, -one.score))
    own_words = min(ranked, key=lambda one: (one.words_lost, -one.score)) if words_seen else None
    figures = own_figures.amount if own_figures.figures_gap < 6.0 else None
    words = own_words.amount if own_words and own_words.words_gap < 0.45 else None
    differ = _differ(ranked, own_figures, own_words)
    confidence = 0.0 if differ else _confidence(best, margin, own_figures.amount == best.amount, words == best.amount)
    against = best.figures_gap - own_figures.figures_gap
    if against > 3.0 and own_figures.figures_gap < 2.5:  # the box clearly says something else
        confidence = min(confidence, 0.4)
    amount = best.amount if confidence >= 0.5 else None
    return AmountRead(amount, confidence, figures, words, differ, best, margin)


def _differ(ranked: list[Evidence], figures: Evidence, words: Evidence | None) -> bool:
    """Two clear readings of different sums, neither of which the other field could mean."""
    if words is None or figures.amount == words.amount:
        return False
    clear = figures.figures_gap < 2.5 and words.words_gap < 0.16
    return clear and words.figures_gap - figures.figures_gap > 4.0 and figures.words_lost - words.words_lost > 3.0


def _confidence(best: Evidence, margin: float, figures_agree: bool, words_agree: bool) -> float:
    both = figures_agree and words_agree
    clear = best.figures_gap < 3.0 and best.words_gap < 0.35
    if both and clear and margin > 3.0:
        return 0.995
    if both:
        return 0.97
    if figures_agree and best.figures_gap < 1.5 and best.words_gap < 0.5 and margin > 2.0:
        return 0.95
    if margin > 1.0 and best.figures_gap < 4.0:
        return 0.80
    return 0.60 if margin > 1.0 and best.words_gap < 0.3 and best.figures_gap < 12.0 else 0.30
