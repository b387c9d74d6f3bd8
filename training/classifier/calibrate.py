"""Fit on writers no model has seen: the share of each model, temperatures, flags' probabilities and thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models.labels import CATEGORY_OF, Category, Subcategory
from training.classifier.corpus import Example
from training.classifier.fit_linear import FLAGS, LABELS, flag_targets, flags_told

Floats = NDArray[np.float64]
CATEGORY_OF_LABEL = np.array([list(Category).index(CATEGORY_OF[Subcategory(label)]) for label in LABELS])
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
TEMPERATURES = tuple(np.round(np.geomspace(0.35, 3.0, 28), 3))
SURE = 0.8  # TF-IDF's own chance of a category, untempered, from which 99 % were right on the untouched writers
# The corpus' hands resemble one another more than strangers do, and TF-IDF profits from that; the encoder carries over
# better. It has the largest share that costs no more loss than this on the untouched writers.
TOLERATED = 0.003
THRESHOLDS = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
FEWEST_OF_A_FLAG = 12  # positives under which a flag keeps the common threshold


@dataclass(frozen=True, slots=True)
class Held:
    """Logits of both models on the same untouched items, (items, labels + flags); `deep` may be missing."""

    examples: Sequence[Example]
    linear: Floats
    deep: Floats | None

    @property
    def subjects(self) -> NDArray[np.int64]:
        return np.array([LABELS.index(e.subcategory) for e in self.examples])

    @property
    def sure(self) -> NDArray[np.bool_]:
        """Items on which the encoder is not asked."""
        return np.asarray(category_chances(self.linear[:, : len(LABELS)]).max(1) >= SURE)


def log_softmax(scores: Floats) -> Floats:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def category_chances(log_chances: Floats, temperature: float = 1.0) -> Floats:
    """Sums of the subcategories' chances, sharpened or softened."""
    chances = np.exp(log_softmax(log_chances))
    sums = np.stack([chances[:, c == CATEGORY_OF_LABEL].sum(1) for c in range(len(Category))], axis=1)
    return np.exp(log_softmax(np.log(sums + 1e-12) / temperature))


def mixed(held: Held, share: float) -> Floats:
    """Average of the models' log-chances of the subcategories."""
    width = len(LABELS)
    linear = log_softmax(held.linear[:, :width])
    if held.deep is None or share == 0:
        return linear
    both = (1 - share) * linear + share * log_softmax(held.deep[:, :width])
    return np.where(held.sure[:, None], linear, both)


def mixed_flags(held: Held, share: float) -> Floats:
    """The same of the flags' logits."""
    linear = held.linear[:, len(LABELS) :]
    if held.deep is None or share == 0:
        return linear
    both = (1 - share) * linear + share * held.deep[:, len(LABELS) :]
    return np.where(held.sure[:, None], linear, both)


def calibration_error(confidence: Floats, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error over equal-width bins."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[places == b].mean() - right[places == b].mean()) * (places == b).mean()
        for b in range(bins)
        if (places == b).any()
    ]
    return float(sum(gaps))


def _loss(chances: Floats, truth: NDArray[np.int64]) -> float:
    return float(-np.log(chances[np.arange(len(truth)), truth] + 1e-9).mean())


def fit_calibration(held: Held, name: str) -> dict[str, object]:
    """The fields of `classifiers.model.Calibration`, ready for JSON."""
    truth = CATEGORY_OF_LABEL[held.subjects]
    shares = SHARES if held.deep is not None else (0.0,)
    best = [
        min((_loss(category_chances(mixed(held, share), t), truth), share, t) for t in TEMPERATURES) for share in shares
    ]
    _, share, temperature = max(
        (found for found in best if found[0] <= min(best)[0] + TOLERATED), key=lambda found: found[1]
    )
    log_chances = mixed(held, share)
    _, sub_temperature = min((_inside_loss(log_chances, held.subjects, t), t) for t in TEMPERATURES)
    return {
        "name": name,
        "encoder_share": share,
        "temperature": float(temperature),
        "sub_temperature": float(sub_temperature),
        "sure": SURE,
        **_fit_flags(held, shares),
    }


def _inside_loss(log_chances: Floats, subjects: NDArray[np.int64], temperature: float) -> float:
    """Loss of the subcategory given its true category."""
    total = 0.0
    for row, subject in zip(log_chances, subjects, strict=True):
        own = np.equal(CATEGORY_OF_LABEL, CATEGORY_OF_LABEL[subject])
        shares = log_softmax((row[own] / temperature)[None])[0]
        total -= float(shares[np.flatnonzero(own).tolist().index(subject)])
    return total / len(subjects)


def _fit_flags(held: Held, shares: Sequence[float]) -> dict[str, object]:
    """One scale and shift for all flags (rare ones have too few positives of their own), a threshold for each."""
    truth = flag_targets(held.examples).astype(np.float64)
    told = flags_told(held.examples) | (truth == 1)
    best = (np.inf, 0.0, 1.0, 0.0)
    for share in shares:
        logits = mixed_flags(held, share)

        def loss(scaled: Floats, logits: Floats = logits) -> float:
            z = np.clip(scaled[0] * logits + scaled[1], -30, 30)
            return float((np.log1p(np.exp(z)) - truth * z)[told].mean())

        found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead")
        if found.fun < best[0]:
            best = (float(found.fun), share, float(found.x[0]), float(found.x[1]))
    _, share, scale, shift = best
    logits = mixed_flags(held, share)
    chances = np.where(told, 1 / (1 + np.exp(-(scale * logits + shift))), 0.0)
    common = max(THRESHOLDS, key=lambda t: _f1(chances >= t, truth))
    thresholds = {
        flag: max((_f1(chances[:, i] >= t, truth[:, i]), -abs(t - common), t) for t in THRESHOLDS)[2]
        if truth[:, i].sum() >= FEWEST_OF_A_FLAG
        else common
        for i, flag in enumerate(FLAGS)
    }
    return {
        "flag_encoder_share": share,
        "flag_scale": dict.fromkeys(FLAGS, round(scale, 4)),
        "flag_shift": dict.fromkeys(FLAGS, round(shift, 4)),
        "flag_threshold": thresholds,
    }


def _f1(said: NDArray[np.bool_], truth: Floats) -> float:
    hits = float((said * truth).sum())
    return 2 * hits / max(float(said.sum() + truth.sum()), 1.0)


def summary(held: Held, calibration: dict[str, object]) -> str:
    """Accuracy, calibration error and the share that could be automated at 99 % on the held-out items."""
    share, temperature = float(str(calibration["encoder_share"])), float(str(calibration["temperature"]))
    log_chances = mixed(held, share)
    chances = category_chances(log_chances, temperature)
    said = chances.argmax(1)
    right = said == CATEGORY_OF_LABEL[held.subjects]
    inside = np.where(CATEGORY_OF_LABEL[None, :] == said[:, None], log_chances, -np.inf)
    sub = inside.argmax(1) == held.subjects
    order = np.argsort(-chances.max(1))
    precise = np.cumsum(right[order]) / np.arange(1, len(right) + 1)
    share_99 = (np.flatnonzero(precise >= 0.99).max() + 1) / len(right) if (precise >= 0.99).any() else 0.0
    error = calibration_error(chances.max(1), right)
    return (
        f"{len(right)} items: category {right.mean():.3f}, subcategory {sub.mean():.3f}, "
        f"calibration error {error:.3f}, share at 99 % {share_99:.2f}"
    )
