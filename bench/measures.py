"""Shares with their bounds, calibration, automation: the arithmetic the understanding benches share."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from models.labels import Category


def upper_and_lower(hits: int, total: int) -> str:
    """A share with its 95 % Wilson interval."""
    if total == 0:
        return "-"
    share, z = hits / total, 1.96
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return f"{share:.3f} ({hits}/{total}; 95 %: {middle - half:.3f}-{middle + half:.3f})"


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error over equal-width bins."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    parts = [
        abs(confidence[places == b].mean() - right[places == b].mean()) * (places == b).mean()
        for b in range(bins)
        if (places == b).any()
    ]
    return float(sum(parts))


def automatable(confidence: NDArray[np.float64], right: NDArray[np.bool_], precision: float = 0.99) -> float:
    """Largest share of items, surest first, among which `precision` are right."""
    order = np.argsort(-confidence)
    reached = np.cumsum(right[order]) / np.arange(1, len(right) + 1) >= precision
    return float(np.flatnonzero(reached).max() + 1) / len(right) if reached.any() else 0.0


def macro_f1(said: Sequence[Category], truth: Sequence[Category]) -> float:
    scores = []
    for category in Category:
        hits = sum(s is t is category for s, t in zip(said, truth, strict=True))
        told = sum(s is category for s in said) + sum(t is category for t in truth)
        scores.append(2 * hits / told if told else 1.0)
    return sum(scores) / len(scores)


def coverage_curve(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """(share handled without a person, share of them wrong), surest first."""
    order = np.argsort(-confidence)
    wrong = np.cumsum(~right[order]) / np.arange(1, len(right) + 1)
    return [(float(n + 1) / len(right), float(share)) for n, share in enumerate(wrong)]
