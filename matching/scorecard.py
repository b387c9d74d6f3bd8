"""The scorecard: what each finding weighs, as a table one can read, and what the weights add up to."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from matching.comparisons import Finding
from models.evidence import Evidence

TABLE = Path(__file__).with_name("scorecard.toml")


@dataclass(frozen=True, slots=True)
class Weight:
    """Log-odds of a finding: `flat + by_surprise * surprise`, kept within `least..most`."""

    flat: float
    by_surprise: float = 0.0

    def of(self, surprise: float) -> float:
        return self.flat + self.by_surprise * surprise


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`start` is the log-odds, before any evidence, that an item is about a given claim, times the number of claims."""

    start: float
    weights: dict[tuple[str, str], Weight]

    def weigh(self, findings: Sequence[Finding]) -> tuple[Evidence, ...]:
        """Evidence of every finding that counts, heaviest first."""
        found = []
        for finding in findings:
            weight = self.weights.get((finding.feature, finding.level))
            if weight is None:
                continue
            value = weight.of(finding.surprise)
            if abs(value) >= 0.01:
                found.append(
                    Evidence(
                        finding.feature,
                        finding.on_paper,
                        finding.on_file,
                        round(finding.similarity, 3),
                        round(value, 3),
                    )
                )
        return tuple(sorted(found, key=lambda evidence: -abs(evidence.weight)))

    def log_odds(self, evidence: Sequence[Evidence], claims: int) -> float:
        """A score is the sum of its evidence, from the start that any claim of so many has."""
        return self.start - math.log(max(1, claims)) + sum(part.weight for part in evidence)


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
