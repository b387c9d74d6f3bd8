"""The amount of a cheque from both of its fields at once: figures and words decoded together.

Each field is seen by several networks (views). Candidates come from all views; each is scored on all of them: what its
best path loses against the freest reading, weighted by view. Weights and the probability that the best candidate is
the one written are fitted on drawn cheques (`training/cheques/calibrate.py`). Two clear fields that say different sums
are a defect, never an average.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.money import Cents
from ocr.cheque import amount_words
from ocr.cheque.alphabet import FIGURES, LINES
from ocr.cheque.amount_weights import Weights, shipped_weights
from ocr.cheque.automaton import Decoder, Expression, alt, compile_expressions, opt, seq
from ocr.cheque.beam import beam
from ocr.cheque.fields import FIGURES_ALTERED
from ocr.cheque.figures import parse_figures
from ocr.cheque.geometry import Floats

_ASKED = 2  # views of the words that name sums; laying the whole grammar on an output costs most, the rest only weigh
_MOST_CANDIDATES = 10  # of each view of the box
_MOST_OF_BOX = 9  # of all views of the box together
_NOISE_LETTER = 0.8  # log probability of a letter in the second line that belongs to something else
_EXPECTED_BONUS = 0.7  # of a sum that is no surprise: ranks candidates, too small to carry one
WORST_LOSS = 14.0  # of one view: a network that is lost altogether has no veto
_ALONE = 12.0  # margin of the only candidate; how well it fits is looked at by itself
_SURE = 0.99
_HALF = 0.5 + 1e-6  # of the looks, each field counting as much as the other
_GUESS = 0.45  # most where neither field by itself says the sum


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well one amount explains the cheque: log probability lost against the freest reading, >= 0, over the views.

    `words_gap` is the loss of the words a letter. `score` is what candidates are ranked by.
    """

    amount: Cents
    figures_lost: float
    words_lost: float
    words_gap: float
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

    def lines(self) -> tuple[Floats, ...]:
        """The lines that are there."""
        return (self.first,) if self.second is None else (self.first, self.second)

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
    """`figures`, `words`: what each field says by itself, None where it says nothing clear enough to name.

    `amount` is the likeliest sum however unsure it is; None where the fields contradict one another or both are
    illegible.
    """

    amount: Cents | None
    confidence: float
    figures: Cents | None
    words: Cents | None
    differ: bool
    best: Evidence | None = None


NOTHING = AmountRead(None, 0.0, None, None, differ=False)
Column = NDArray[np.float64]


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


def read_amount(
    figures: Mapping[str, Floats],
    words: Mapping[str, WordsSeen],
    expected: Sequence[Cents] = (),
    weights: Weights | None = None,
) -> AmountRead:
    """Both fields, each as seen by one or more networks (by name), decoded together."""
    losses = losses_of(figures, words)
    return judged(losses, expected, weights or shipped_weights()) if losses else NOTHING


@dataclass(frozen=True, slots=True)
class Losses:
    """What each candidate loses in each view: arrays over `candidates` by the view's name."""

    candidates: list[Cents]
    figures: dict[str, NDArray[np.float64]]
    words: dict[str, NDArray[np.float64]]
    gaps: dict[str, NDArray[np.float64]]  # of the words, a letter


def losses_of(figures: Mapping[str, Floats], words: Mapping[str, WordsSeen]) -> Losses | None:
    """None where no view shows any amount. Views of the words come surest first."""
    looks = {id(one): one for one in words.values()}  # one may be there under two names
    of_words = dict.fromkeys(value for one in list(looks.values())[:_ASKED] for value in word_candidates(one))
    asked = [one for name, one in figures.items() if name not in FIGURES_ALTERED]  # the others only weigh
    found = [value for one in asked for value in figure_candidates(one)[:_MOST_CANDIDATES]]
    candidates = list(dict.fromkeys([*of_words, *found]))
    if not candidates:
        return None
    candidates = _nearest(candidates, figures, len(of_words))
    in_figures = Decoder(compile_expressions([figures_expression(value) for value in candidates], FIGURES), FIGURES)
    in_words = Decoder(compile_expressions([amount_words.amount_expression(v) for v in candidates], LINES), LINES)
    of_figures = {
        name: np.asarray(np.maximum(_free(one) - in_figures.scores(one), 0.0), dtype=np.float64)
        for name, one in figures.items()
    }
    lost_in = {key: one.lost(in_words) for key, one in looks.items()}
    both = {name: lost_in[id(one)] for name, one in words.items()}
    lost = {name: pair[0] for name, pair in both.items()}
    return Losses(candidates, of_figures, lost, {name: pair[1] for name, pair in both.items()})


def _nearest(candidates: list[Cents], figures: Mapping[str, Floats], kept: int) -> list[Cents]:
    """The first `kept` candidates and the others that the box shows best: laying words on the network's output costs
    most."""
    if len(candidates) <= kept + _MOST_OF_BOX:
        return candidates
    decoder = Decoder(compile_expressions([figures_expression(value) for value in candidates[kept:]], FIGURES), FIGURES)
    lost = sum(np.minimum(_free(one) - decoder.scores(one), WORST_LOSS) for one in figures.values())
    best = np.argsort(lost, kind="stable")[:_MOST_OF_BOX]
    return candidates[:kept] + [candidates[kept + int(at)] for at in sorted(best)]


def word_candidates(words: WordsSeen) -> list[Cents]:
    """The sums the grammar finds in both lines together and in the first alone."""
    found = []
    for logp in (words.joined(), words.first) if words.second is not None else (words.first,):
        value = amount_words.parse(_grammar().best(logp).text)
        if value is not None and 0 < value <= amount_words.LARGEST:
            found.append(value)
    return found


def _mean(by_view: Mapping[str, NDArray[np.float64]], weights: Mapping[str, float], worst: float) -> Column | None:
    """Weighted mean over the views that are there; None without any."""
    if not by_view:
        return None
    shares = [weights.get(name, 1.0) for name in by_view]
    capped = [np.minimum(one, worst) for one in by_view.values()]
    return np.asarray(np.average(capped, axis=0, weights=shares), dtype=np.float64)


def evidence(losses: Losses, expected: Sequence[Cents], weights: Weights) -> list[Evidence]:
    """Candidates by falling score."""
    nothing = np.zeros(len(losses.candidates))
    figures, words, gaps = (
        _mean(losses.figures, weights.figures, WORST_LOSS),
        _mean(losses.words, weights.words, 4 * WORST_LOSS),
        _mean(losses.gaps, weights.words, WORST_LOSS),
    )
    figures = nothing if figures is None else figures
    words = nothing if words is None else words
    gaps = nothing if gaps is None else gaps
    share = weights.words_share * legibility(float(gaps.min())) if losses.words else 0.0
    wanted = np.asarray([value in expected for value in losses.candidates], dtype=np.float64)
    score = -figures - share * words + _EXPECTED_BONUS * wanted
    ranked = [
        Evidence(value, *(float(column[at]) for column in (figures, words, gaps, score)))
        for at, value in enumerate(losses.candidates)
    ]
    return sorted(ranked, key=lambda one: -one.score)


def legibility(gap: float) -> float:
    """Words that fit no amount (log probability lost a letter) are scribble and must not outweigh clear figures."""
    return float(np.clip(1.25 - 1.25 * gap, 0.05, 1.0))


def features(losses: Losses, ranked: Sequence[Evidence]) -> NDArray[np.float64]:
    """What the probability of the best candidate is computed from; see `amount_weights.FEATURES`."""
    best = ranked[0]
    at = losses.candidates.index(best.amount)
    margin = best.score - ranked[1].score if len(ranked) > 1 else _ALONE
    least_figures = min(one.figures_lost for one in ranked)
    least_words = min(one.words_lost for one in ranked)
    return np.asarray(
        [
            min(margin, 12.0),
            np.log1p(best.figures_lost),
            min(best.words_gap, 2.0),
            np.log1p(best.figures_lost - least_figures),
            np.log1p(best.words_lost - least_words),
            _agreeing(losses.figures, at),
            _agreeing(losses.words, at),
        ],
        dtype=np.float64,
    )


def _agreeing(by_view: Mapping[str, NDArray[np.float64]], at: int) -> float:
    """Share of the views that like this candidate best; 0 without any."""
    return float(np.mean([one[at] <= one.min() + 1e-6 for one in by_view.values()])) if by_view else 0.0


def judged(losses: Losses, expected: Sequence[Cents], weights: Weights) -> AmountRead:
    """From losses to what may be said. A contradiction is looked for without regard to what was expected."""
    ranked = evidence(losses, expected, weights)
    best = ranked[0]
    figures, words = _named(losses, ranked, weights)
    differ = contradiction(losses, ranked, weights)
    odds = weights.log_odds(features(losses, ranked))
    sure = float(1.0 / (1.0 + np.exp(-odds)))
    if odds >= (weights.accepted if agreed(losses, best) else weights.split) and open_to_trust(losses, ranked, weights):
        sure = max(sure, _SURE)
    else:
        sure = min(sure, _SURE - 0.01 if best.amount in (figures, words) else _GUESS)
    if differ:
        return AmountRead(None, 0.0, _by_figures(ranked).amount, _said_by_words(losses, ranked)[0], differ, best)
    if figures is None and words is None:
        return AmountRead(None, 0.0, None, None, differ, best)
    return AmountRead(best.amount, sure, figures, words, differ, best)


def agreed(losses: Losses, best: Evidence) -> bool:
    """Most looks at the cheque like this sum best, each field counting as much as the other."""
    at = losses.candidates.index(best.amount)
    return float(np.mean([_agreeing(views, at) for views in (losses.figures, losses.words) if views])) > _HALF


def open_to_trust(losses: Losses, ranked: Sequence[Evidence], weights: Weights) -> bool:
    """May the best sum be taken at once if it is likely enough? Both fields say it, or one does, the other can mean it
    and nothing else comes near."""
    best = ranked[0]
    fits = best.figures_lost <= weights.figures_sure and best.words_gap <= weights.words_sure
    names = _named(losses, ranked, weights).count(best.amount)
    least = weights.margin_sure if names == 2 else weights.margin_alone
    leads = len(ranked) < 2 or best.score - ranked[1].score >= least
    return fits and names > 0 and leads and not contradiction(losses, ranked, weights)


def _named(losses: Losses, ranked: Sequence[Evidence], weights: Weights) -> tuple[Cents | None, Cents | None]:
    """What figures and words each say by themselves; None where that is not clear enough to name."""
    by_figures = _by_figures(ranked)
    said, gap = _said_by_words(losses, ranked)
    figures = by_figures.amount if losses.figures and by_figures.figures_lost < weights.figures_legible else None
    return figures, said if gap < weights.words_legible else None


def _by_figures(ranked: Sequence[Evidence]) -> Evidence:
    """The sum that all views of the box together like best."""
    return min(ranked, key=lambda one: (one.figures_lost, -one.score))


def _said_by_words(losses: Losses, ranked: Sequence[Evidence]) -> tuple[Cents | None, float]:
    """What the words say over all views, and what that loses a letter."""
    if not losses.words:
        return None, np.inf
    best = min(ranked, key=lambda one: (one.words_lost, -one.score))
    return best.amount, best.words_gap


def contradiction(losses: Losses, ranked: Sequence[Evidence], weights: Weights) -> bool:
    """Two readings of different sums, more likely both right than one of them misread."""
    seen = differences(losses, ranked)
    return seen is not None and weights.log_odds_of_difference(seen) >= weights.differ


def differences(losses: Losses, ranked: Sequence[Evidence]) -> NDArray[np.float64] | None:
    """What tells a contradiction from a field misread, see `amount_weights.DIFFERENCES`; None where both say the same,
    or the words would say the figures if they went on: more likely a part not read."""
    said, gap = _said_by_words(losses, ranked)
    figures = _by_figures(ranked)
    words = next((one for one in ranked if one.amount == said), figures)
    if not losses.figures or figures.amount == words.amount or _breaks_off(words.amount, figures.amount):
        return None
    box, line = losses.candidates.index(figures.amount), losses.candidates.index(words.amount)
    refused = [np.minimum(one, WORST_LOSS)[line] - min(float(one[box]), WORST_LOSS) for one in losses.figures.values()]
    return np.asarray(
        [
            min(gap, 2.0),
            np.log1p(max(0.0, figures.words_lost - words.words_lost)),
            np.log1p(figures.figures_lost),
            np.log1p(max(0.0, words.figures_lost - figures.figures_lost)),
            np.log1p(max(0.0, float(min(refused)))),
            _agreeing(losses.figures, box),
            _agreeing(losses.words, line),
            float(_one_digit_apart(figures.amount, words.amount)),
        ],
        dtype=np.float64,
    )


def _one_digit_apart(one: Cents, other: Cents) -> bool:
    return len(str(one)) == len(str(other)) and sum(a != b for a, b in zip(str(one), str(other), strict=True)) == 1


def _breaks_off(words: Cents, figures: Cents) -> bool:
    """The words would say the figures if they went on: more likely a part not read than a contradiction."""
    first, whole = (amount_words.write(sum_, hyphens="none", style="bare") for sum_ in (words, figures))
    return whole.startswith(first)
