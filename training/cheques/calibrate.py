"""Fit how amounts are weighed and how sure they are: `python -m training.cheques.calibrate KEPT [NETWORKS]`.

`KEPT` comes from `calibration_set`: cheques in fonts and digits that neither training nor the report draws on, one in
eight contradicting itself. Writes `amounts.json` beside the networks. What is fitted: the weight of each view
(conditional logit: the written sum against the other candidates), then a logistic probability that the best candidate
is right. A sum on a cheque that contradicts itself counts as wrong whatever it is.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.money import Cents
from ocr.cheque.amount_weights import DIFFERENCE_SIGNS, FEATURE_SIGNS, WEIGHTS_FILE, Weights
from ocr.cheque.amounts import (
    WORST_LOSS,
    Evidence,
    Losses,
    agreed,
    differences,
    evidence,
    features,
    judged,
    legibility,
    losses_of,
    open_to_trust,
)
from ocr.cheque.recogniser import FieldNetworks, network_at
from ocr.cheque.sheet import own_views
from training.cheques.calibration_set import Kept

_BLOCK = 50  # cheques a task
_SOFT = 0.02  # ridge of the logistic fit
_FOLDS = 5
_ASIDE = 1.0  # log odds
_LEAST = 2.2  # log odds, nine to one: none less probable is ever called sure
_SOUND_FOR_ONE_FALSE = 150
Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One cheque decoded: `truth` is None where it contradicts itself."""

    losses: Losses
    figures: Cents
    words: Cents

    @property
    def truth(self) -> Cents | None:
        return self.figures if self.figures == self.words else None


def cases(kept: list[Kept], networks: FieldNetworks) -> Iterator[Case]:
    """Cheques on which any candidate was seen."""
    for one in kept:
        figures, words = own_views(one.crops, networks)
        figures |= one.page_figures
        losses = losses_of(figures, words)
        if losses is not None:
            yield Case(losses, one.figures_cents, one.words_cents)


def all_cases(kept: list[Kept], folder: Path) -> list[Case]:
    """The same on all cores, with the networks of a folder; shows how far it is."""
    found: list[Case] = []
    blocks = [(kept[first : first + _BLOCK], folder) for first in range(0, len(kept), _BLOCK)]
    with get_context("spawn").Pool() as pool:
        for done, block in enumerate(pool.imap(_decoded, blocks), start=1):
            found.extend(block)
            if done % 5 == 0 or done == len(blocks):
                print(f"{len(found)} of {len(kept)} cheques decoded", flush=True)
    return found


def _decoded(block: tuple[list[Kept], Path]) -> list[Case]:
    return list(cases(block[0], _networks(block[1])))


@lru_cache(maxsize=1)
def _networks(folder: Path) -> FieldNetworks:
    return FieldNetworks(*(network_at(folder / f"{name}.onnx") for name in ("figures", "lines")))


@dataclass(frozen=True, slots=True)
class _Stack:
    """Cases side by side, candidates padded: (cases, views, candidates) losses and which candidate is right."""

    figures: Column
    words: Column
    gaps: Column
    there: NDArray[np.bool_]
    right: NDArray[np.int64]

    def cost(self, of_figures: Column, of_words: Column, share: float, sharpness: float) -> float:
        """Mean of -log P(the written sum among the candidates)."""
        gaps = np.tensordot(of_words / of_words.sum(), self.gaps, (0, 1))
        shares = share * np.asarray([legibility(float(one)) for one in gaps.min(axis=1)])
        scores = -np.tensordot(of_figures / of_figures.sum(), self.figures, (0, 1))
        scores -= shares[:, None] * np.tensordot(of_words / of_words.sum(), self.words, (0, 1))
        scores = np.where(self.there, scores * sharpness, -1e9)
        return float(np.mean(np.logaddexp.reduce(scores, axis=1) - scores[np.arange(len(scores)), self.right]))


def _stacked(known: list[Case], box: list[str], words: list[str]) -> _Stack:
    most = max(len(case.losses.candidates) for case in known)

    def padded(by_view: list[dict[str, Column]], names: list[str], worst: float) -> Column:
        out = np.full((len(by_view), len(names), most), worst)
        for row, views in enumerate(by_view):
            for at, name in enumerate(names):
                out[row, at, : views[name].size] = np.minimum(views[name], worst)
        return out

    there = np.asarray([np.arange(most) < len(case.losses.candidates) for case in known])
    right = np.asarray([case.losses.candidates.index(case.truth or 0) for case in known])
    return _Stack(
        padded([case.losses.figures for case in known], box, WORST_LOSS),
        padded([case.losses.words for case in known], words, 4 * WORST_LOSS),
        padded([case.losses.gaps for case in known], words, WORST_LOSS),
        there,
        right,
    )


def fit_views(found: list[Case]) -> Weights:
    """Weights of the views and of the words against the figures."""
    known = [case for case in found if case.truth in case.losses.candidates]
    box, words = sorted(known[0].losses.figures), sorted(known[0].losses.words)
    stack = _stacked(known, box, words)

    def parts(point: Column) -> tuple[Column, Column, float, float]:
        powers = np.exp(np.clip(point, -4, 4))
        return powers[: len(box)], powers[len(box) : -2], float(powers[-2]), float(powers[-1])

    start = np.zeros(len(box) + len(words) + 2)
    start[-2] = np.log(0.4)
    best = minimize(
        lambda point: stack.cost(*parts(point)) + 0.002 * float(np.square(point).sum()),
        start,
        method="Powell",
        options={"maxiter": 20, "xtol": 0.02, "ftol": 1e-4},
    )
    of_box, of_words, share, _ = parts(best.x)
    weights_of_box = dict(zip(box, np.round(of_box / of_box.sum(), 4).tolist(), strict=True))
    weights_of_words = dict(zip(words, np.round(of_words / of_words.sum(), 4).tolist(), strict=True))
    return Weights(weights_of_box, weights_of_words, round(share, 4))


def fit_probability(
    seen: Column, right: Column, signs: tuple[int, ...] = FEATURE_SIGNS
) -> tuple[tuple[float, ...], float]:
    """Logistic regression with signs kept to what they must mean; returns slopes and bias."""
    scale = np.maximum(seen.std(axis=0), 1e-3)

    def cost(point: Column) -> tuple[float, Column]:
        lines = (seen / scale) @ (signs * point[:-1]) + point[-1]
        share = 1.0 / (1.0 + np.exp(-lines))
        slope = (share - right) / len(right)
        gradient = np.append(signs * ((seen / scale).T @ slope) + _SOFT * point[:-1] / 10, slope.sum())
        loss = float(np.mean(np.logaddexp(0, lines) - right * lines)) + _SOFT / 20 * float(np.square(point[:-1]).sum())
        return loss, gradient

    bounds = [(0.0, None)] * len(signs) + [(None, None)]
    best = minimize(cost, np.append(np.full(len(signs), 0.5), 0.0), jac=True, bounds=bounds, method="L-BFGS-B")
    slopes = signs * best.x[:-1] / scale
    return tuple(np.round(slopes, 4).tolist()), round(float(best.x[-1]), 4)


def _unseen_odds(seen: Column, right: Column, signs: tuple[int, ...] = FEATURE_SIGNS) -> Column:
    """Log odds of each case by a fit that has not seen it."""
    odds = np.zeros(len(right))
    parts = np.arange(len(right)) % _FOLDS
    for part in range(_FOLDS):
        slopes, bias = fit_probability(seen[parts != part], right[parts != part], signs)
        odds[parts == part] = seen[parts == part] @ np.asarray(slopes) + bias
    return odds


def fit_acceptance(found: list[Case], weights: Weights) -> Weights:
    """Log odds well above the highest at which a sum open to trust is wrong, by fits that have not seen the case."""
    ranked = [evidence(case.losses, (), weights) for case in found]
    seen, right = _seen(found, ranked)
    odds = _unseen_odds(seen, right)
    trusted = np.asarray([open_to_trust(case.losses, one, weights) for case, one in zip(found, ranked, strict=True)])
    alike = np.asarray([agreed(case.losses, one[0]) for case, one in zip(found, ranked, strict=True)])

    def limit(group: NDArray[np.bool_], least: float) -> float:
        wrong = odds[trusted & group & (right == 0)]
        none = float(odds.max()) + _ASIDE  # networks that know nothing: nothing is accepted
        return round(max(least, float(wrong.max()) + _ASIDE if wrong.size else least) if trusted.any() else none, 3)

    accepted = limit(alike, _LEAST)
    return replace(weights, accepted=accepted, split=limit(~alike, accepted))


def fit_contradictions(found: list[Case], weights: Weights) -> Weights:
    """How fields that say different sums because they were written so are told from one that was misread; named from
    where at most one sound cheque in `_SOUND_FOR_ONE_FALSE` is called contradicting by a fit that has not seen it."""
    told = [(case.truth is None, differences(case.losses, evidence(case.losses, (), weights))) for case in found]
    written = np.asarray([was for was, one in told if one is not None], dtype=np.float64)
    if len(set(written.tolist())) < 2:  # too few cheques to tell one from the other
        return weights
    seen = np.stack([one for _, one in told if one is not None])
    slopes, bias = fit_probability(seen, written, DIFFERENCE_SIGNS)
    sound = sum(case.truth is not None for case in found)
    misread = np.sort(_unseen_odds(seen, written, DIFFERENCE_SIGNS)[written == 0])[::-1]
    allowed = min(sound // _SOUND_FOR_ONE_FALSE, len(misread) - 1)
    return replace(weights, differ_slopes=slopes, differ_bias=bias, differ=round(float(misread[allowed]) + 0.01, 3))


def fit_legibility(found: list[Case], weights: Weights) -> Weights:
    """What the words say by themselves is named as long as it is likelier right than wrong, and may carry a sum."""
    said = []
    for case in found:
        best = min(evidence(case.losses, (), weights), key=lambda one: (one.words_lost, -one.score))
        said.append((best.words_gap, best.amount == case.words))
    said.sort()
    merit = np.cumsum([1 if right else -1 for _, right in said])
    return replace(weights, words_legible=min(round(said[int(merit.argmax())][0], 3), weights.words_sure))


def _seen(found: list[Case], ranked: list[list[Evidence]]) -> tuple[Column, Column]:
    """Features of each case, and whether its best candidate is right."""
    seen = np.stack([features(case.losses, one) for case, one in zip(found, ranked, strict=True)])
    right = [one[0].amount == case.truth for case, one in zip(found, ranked, strict=True)]
    return seen, np.asarray(right, dtype=np.float64)


def fit(found: list[Case]) -> Weights:
    """All of it."""
    weights = fit_contradictions(found, fit_legibility(found, fit_views(found)))
    slopes, bias = fit_probability(*_seen(found, [evidence(case.losses, (), weights) for case in found]))
    return fit_acceptance(found, replace(weights, slopes=slopes, bias=bias))


def report(found: list[Case], weights: Weights) -> Iterator[str]:
    """What these weights give on cases."""
    sound = [case for case in found if case.truth is not None]
    reads = [(case, judged(case.losses, (), weights)) for case in found]
    best = sum(evidence(case.losses, (), weights)[0].amount == case.truth for case in sound)
    seen = np.mean([case.truth in case.losses.candidates for case in sound])
    yield f"{len(found)} cheques, {len(sound)} of them sound; truth among candidates {seen:.1%}"
    yield f"  best candidate right: {best / len(sound):.1%}"
    for name in sound[0].losses.figures:
        hits = [case.losses.candidates[int(case.losses.figures[name].argmin())] == case.truth for case in sound]
        yield f"  figures by {name}: {np.mean(hits):.1%}"
    for name in sound[0].losses.words:
        hits = [case.losses.candidates[int(case.losses.words[name].argmin())] == case.truth for case in sound]
        yield f"  words by {name} (among the candidates): {np.mean(hits):.1%}"
    for level in (0.5, 0.9, 0.97, 0.99, 0.995, 0.999):
        taken = [(case, read) for case, read in reads if read.confidence >= level]
        wrong = sum(read.amount != case.truth for case, read in taken)
        share = sum(case.truth is not None for case, _ in taken) / len(sound)
        yield f"  from {level}: accepted {share:.1%}, wrong {wrong}"
    said = [(case, read.words) for case, read in reads if read.words is not None]
    right = sum(words == case.words for case, words in said)
    yield f"  words by themselves named on {len(said)}, right on {right} of {len(found)}"
    named = sum(read.differ for case, read in reads if case.truth is None)
    false = sum(read.differ for case, read in reads if case.truth is not None)
    yield f"  contradictions named {named} of {len(found) - len(sound)}, called so in error {false}"


def crossed(found: list[Case]) -> Iterator[str]:
    """Fitted on one half, reported on the other, both ways."""
    for own, other in ((found[::2], found[1::2]), (found[1::2], found[::2])):
        yield from report(other, fit(own))


def main(arguments: list[str]) -> None:
    folder = Path(arguments[1]) if len(arguments) > 1 else WEIGHTS_FILE.parent
    found = all_cases(pickle.loads(Path(arguments[0]).read_bytes()), folder)  # noqa: S301 - our own file
    print("\n".join(crossed(found)))
    weights = fit(found)
    weights.save(folder / WEIGHTS_FILE.name)
    print("\n".join(report(found, weights)))


if __name__ == "__main__":
    from training.cheques import calibrate  # so that the other processes know what is sent to them

    calibrate.main(sys.argv[1:])
