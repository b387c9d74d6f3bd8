"""Fitted numbers of the decoding of amounts: how much each view counts, and how sure a decoded sum is.

They lie beside the networks in `amounts.json`, written by `training/cheques/calibrate.py`. Without the file (networks
being rebuilt) every view counts alike and no amount is ever sure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS_FILE = Path(__file__).with_name("networks") / "amounts.json"
FEATURES = (
    "margin to the next candidate",
    "figures lost, log",
    "words lost a letter",
    "figures against",
    "words against",
    "views of the figures that agree",
    "views of the words that agree",
)
FEATURE_SIGNS = (1, -1, -1, -1, -1, 1, 1)  # which way each may speak: what makes a sum likelier, or less likely
DIFFERENCES = (
    "words lost a letter",
    "words against what the figures say, log",
    "figures lost, log",
    "figures against what the words say, log",
    "the least of that in any view of the figures, log",
    "views of the figures that agree",
    "views of the words that agree",
    "one digit apart",
)
DIFFERENCE_SIGNS = (-1, 1, -1, 1, 1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Weights:
    """`figures`, `words`: weight of each view by name, 1 where it is not named.

    The probability of a sum is logistic in `FEATURES` with `slopes` and `bias`; from log odds of `accepted` on fewer
    than one sum in a thousand was wrong where it was fitted; from `split` on where not most looks at the two fields
    like the sum best, as on a cheque that contradicts itself. The others are most log probability lost (for words: a
    letter) at which a field by itself may be named (legible) and may carry a sure amount (sure); `margin_sure` is the
    least score by which a sure amount that both fields name leads the next, `margin_alone` of one that only one names.
    From log odds of `differ` on, logistic in `DIFFERENCES`, two fields that say different sums contradict one another.
    """

    figures: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)
    words_share: float = 0.4
    slopes: tuple[float, ...] = (0.0,) * len(FEATURES)
    bias: float = 0.0
    accepted: float = 50.0
    split: float = 50.0
    figures_legible: float = 6.0
    words_legible: float = 0.45
    figures_sure: float = 5.0
    words_sure: float = 0.8
    margin_sure: float = 1.5
    margin_alone: float = 4.0
    differ_slopes: tuple[float, ...] = (-4.0, 2.0, -1.0, 1.2, 2.0, 0.0, 3.0, 2.5)
    differ_bias: float = -16.0
    differ: float = 0.0

    def log_odds(self, seen: NDArray[np.float64]) -> float:
        """That the best candidate is what is written: log of right against wrong."""
        return float(np.dot(self.slopes, seen)) + self.bias

    def log_odds_of_difference(self, seen: NDArray[np.float64]) -> float:
        """That two fields that say different sums were written so: log of contradiction against misreading."""
        return float(np.dot(self.differ_slopes, seen)) + self.differ_bias

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n", "utf-8")


def load_weights(path: Path) -> Weights:
    """Raises ValueError where the file does not fit this code."""
    raw = json.loads(path.read_text("utf-8"))
    fitted: dict[str, tuple[float, ...]] = {}
    for name, meant in (("slopes", FEATURES), ("differ_slopes", DIFFERENCES)):
        fitted[name] = tuple(float(value) for value in raw.pop(name, ()))
        if len(fitted[name]) != len(meant):
            raise ValueError(f"{path.name}: {len(fitted[name])} {name} for {len(meant)} features; calibrate again")
    return Weights(slopes=fitted["slopes"], differ_slopes=fitted["differ_slopes"], **raw)


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """Those beside the networks."""
    return load_weights(WEIGHTS_FILE) if WEIGHTS_FILE.exists() else Weights()
