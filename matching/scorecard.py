"""The scorecard: what each finding weighs, as a table one can read, and what the weights add up to."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from matching.paper import Finding
from models.evidence import Evidence

TABLE = Path(__file__).with_name("scorecard.toml")


@dataclass(frozen=True, slots=True)
class Weight:
    """Log-odds of a finding: `flat + by_surprise * surprise`."""

    flat: float
    by_surprise: float = 0.0

    def of(self, surprise: float) -> float:
        return self.flat + self.by_surprise * surprise


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`start` is the log-odds, before any evidence, that an item is about a given claim, times the number of claims."""

    start: float
    weights: dict[tuple[str, str], Weight]

    def weigh(self, finding: Finding) -> float:
        """Log-odds of one finding; 0 for one that the table does not know."""
        weight = self.weights.get((finding.feature, finding.level))
        return 0.0 if weight is None else weight.of(finding.surprise)

    def log_odds(self, findings: Sequence[Finding], claims: int) -> float:
        """The sum of the weights, from the start that any claim of so many has."""
        return self.start - math.log(max(1, claims)) + sum(map(self.weigh, findings))

    def evidence(self, findings: Sequence[Finding]) -> tuple[Evidence, ...]:
        """What made the score, heaviest first: `log_odds` is the sum of these weights and the start."""
        parts = (
            Evidence(found.feature, found.on_paper, found.on_file, found.similarity, self.weigh(found))
            for found in findings
        )
        return tuple(sorted((part for part in parts if part.weight), key=lambda part: -abs(part.weight)))


def read_scorecard(path: Path) -> Scorecard:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    weights = {
        (feature, level): Weight(*(float(value) for value in values))
        for feature, levels in table["weights"].items()
        for level, values in levels.items()
    }
    return Scorecard(float(table["start"]), weights)


@lru_cache(maxsize=1)
def default_scorecard() -> Scorecard:
    return read_scorecard(TABLE)
