"""Does the mail still look as the model knows it? Shares of labels, mean confidence, corrections, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

STRANGE = 3.0  # standard errors from which a share has moved
LESS_SURE = 0.05  # fall of the mean confidence worth a warning
FEWEST = 30  # items under which a week proves nothing


@dataclass(frozen=True, slots=True)
class Week:
    """Items received in seven days as they stand, and the judgements of the same days."""

    start: str  # ISO day
    items: int
    by_category: Mapping[str, int] = field(default_factory=dict)
    mean_confidence: float | None = None
    judged: int = 0
    corrected: int = 0

    def share(self, category: str) -> float:
        total = sum(self.by_category.values())
        return self.by_category.get(category, 0) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Drift:
    """`what`: a category whose share moved, "confidence" or "corrections"; `before` and `now` as shares of 1."""

    what: str
    before: float
    now: float


def drifts(weeks: Sequence[Week]) -> list[Drift]:
    """What moved in the last week against the weeks before it together; nothing where either is too small."""
    if len(weeks) < 2:
        return []
    *earlier, now = weeks
    before = _together(earlier)
    if now.items < FEWEST or before.items < FEWEST:
        return []
    found = [
        Drift(category, before.share(category), now.share(category))
        for category in sorted({*before.by_category, *now.by_category})
        if _moved(before, now, category)
    ]
    old, new = before.mean_confidence, now.mean_confidence
    if old is not None and new is not None and old - new > LESS_SURE:
        found.append(Drift("confidence", old, new))
    if min(before.judged, now.judged) >= FEWEST:
        rates = before.corrected / before.judged, now.corrected / now.judged
        pooled = (before.corrected + now.corrected) / (before.judged + now.judged)
        if rates[1] - rates[0] > STRANGE * _error(pooled, before.judged, now.judged):
            found.append(Drift("corrections", *rates))
    return found


def _moved(before: Week, now: Week, category: str) -> bool:
    """Two proportions compared by the pooled standard error."""
    one, other = sum(before.by_category.values()), sum(now.by_category.values())
    pooled = (before.by_category.get(category, 0) + now.by_category.get(category, 0)) / max(1, one + other)
    gap = abs(before.share(category) - now.share(category))
    return gap > STRANGE * _error(pooled, one, other)


def _error(share: float, one: int, other: int) -> float:
    return sqrt(share * (1 - share) * (1 / max(1, one) + 1 / max(1, other)))


def _together(weeks: Sequence[Week]) -> Week:
    categories = {name for week in weeks for name in week.by_category}
    sure = [(week.items, week.mean_confidence) for week in weeks if week.mean_confidence is not None]
    weight = sum(items for items, _ in sure)
    return Week(
        start=weeks[0].start,
        items=sum(week.items for week in weeks),
        by_category={name: sum(week.by_category.get(name, 0) for week in weeks) for name in categories},
        mean_confidence=sum(items * mean for items, mean in sure) / weight if weight else None,
        judged=sum(week.judged for week in weeks),
        corrected=sum(week.corrected for week in weeks),
    )
