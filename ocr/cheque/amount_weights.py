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


@dataclass(frozen=True, slots=True)
class Weights:
    """`figures`, `words`: weight of each view by name, 1 where it is not named.

    The probability of a sum is logistic in `FEATURES` with `slopes` and `bias`; from log odds of `accepted` on fewer
    than one sum in a thousand was wrong where it was fitted. The others are most log probability lost (for words: a
    letter) at which a field by itself may be named (legible), may carry a sure amount (sure), and is clear enough to
    contradict the other (clear); `margin_sure` is the least score by which a sure amount leads the next.
    """

    figures: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)
    words_share: float = 0.4
    slopes: tuple[float, ...] = (0.0,) * len(FEATURES)
    bias: float = 0.0
    accepted: float = 50.0
    figures_legible: float = 6.0
    words_legible: float = 0.45
    figures_sure: float = 5.0
    words_sure: float = 1.1
    margin_sure: float = 1.5
    figures_clear: float = 2.5
    words_clear: float = 0.16

    def log_odds(self, seen: NDArray[np.float64]) -> float:
        """That the best candidate is what is written: log of right against wrong."""
        return float(np.dot(self.slopes, seen)) + self.bias

    def save(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n", "utf-8")


def load_weights(path: Path) -> Weights:
    """Raises ValueError where the file does not fit this code."""
    raw = json.loads(path.read_text("utf-8"))
    slopes = tuple(float(value) for value in raw.pop("slopes"))
    if len(slopes) != len(FEATURES):
        raise ValueError(f"{path.name}: {len(slopes)} slopes for {len(FEATURES)} features; calibrate again")
    return Weights(slopes=slopes, **raw)


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """Those beside the networks."""
    return load_weights(WEIGHTS_FILE) if WEIGHTS_FILE.exists() else Weights()
