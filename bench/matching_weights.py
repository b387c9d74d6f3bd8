"""Learn the scorecard from made mail about made portfolios, and write it as the table `matching/scorecard.toml`.

Conditional logit: an item is about one of its candidates or about none of them (log-odds 0). The weights that make
the true answers likely are found by L-BFGS, held near the table as it stands, so that rare findings keep their sense.
Portfolios of several sizes and reference formats; nothing of the practice set.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from bench.made_mail import Correspondence
from bench.portfolio import Maker
from matching.clues import clues_of
from matching.index import ClaimIndex
from matching.scorecard import TABLE, Scorecard, Weight, read_scorecard

Array = np.ndarray[Any, Any]
_FLAT_TRUST, _SLOPE_TRUST = 0.7, 40.0  # how hard the weights are held to the table (ridge)
_PORTFOLIOS = ((3_000, 11), (10_000, 12), (30_000, 13), (20_000, 15), (10_000, 16), (30_000, 17))


@dataclass
class Sample:
    """Candidates of many items, one row each; `group` says whose, `chosen` marks the true ones."""

    rows: list[int]
    columns: list[int]
    values: list[float]
    offsets: list[float]  # start - log of the number of claims is added to each candidate: here -log
    group: list[int]
    chosen: list[bool]
    groups: int = 0


def columns_of(scorecard: Scorecard) -> dict[tuple[str, str], int]:
    return {key: 2 * i for i, key in enumerate(scorecard.weights)}


def draw(sample: Sample, columns: dict[tuple[str, str], int], size: int, seed: int, items: int) -> None:
    claims = list(Maker(size, seed))
    index = ClaimIndex.build(claims)
    mail = Correspondence(claims, seed + 1000, rough=True)
    for item in (mail.item() for _ in range(items)):
        if len(item.wanted) > 1:
            continue
        clues = clues_of(item.mentions, item.text, (), index._portfolio.shapes)
        scored = index.score(clues)
        if item.wanted and item.wanted[0] not in {one.claim.claim_ref for one in scored}:
            continue
        for one in scored:
            row = len(sample.offsets)
            sample.offsets.append(-float(np.log(size)))
            sample.group.append(sample.groups)
            sample.chosen.append(bool(item.wanted) and one.claim.claim_ref == item.wanted[0])
            for column, value in _cells(one.findings, columns):
                sample.rows.append(row)
                sample.columns.append(column)
                sample.values.append(value)
        sample.groups += 1


def _cells(findings: Any, columns: dict[tuple[str, str], int]) -> Iterator[tuple[int, float]]:
    for finding in findings:
        column = columns.get((finding.feature, finding.level))
        if column is not None:
            yield column, 1.0
            yield column + 1, finding.surprise


def learn(sample: Sample, scorecard: Scorecard) -> Scorecard:
    columns = columns_of(scorecard)
    width = 2 * len(columns) + 1  # the last is `start`
    table = csr_matrix((sample.values, (sample.rows, sample.columns)), shape=(len(sample.offsets), width)).tolil()
    table[:, width - 1] = 1.0
    cells = table.tocsr()
    group, chosen = np.array(sample.group), np.array(sample.chosen)
    offsets = np.array(sample.offsets)
    before = np.zeros(width)
    for key, column in columns.items():
        before[column : column + 2] = scorecard.weights[key].flat, scorecard.weights[key].by_surprise
    before[-1] = scorecard.start
    trust = np.where(np.arange(width) % 2 == 0, _FLAT_TRUST, _SLOPE_TRUST)

    def loss(weights: Array) -> tuple[float, Array]:
        odds = cells @ weights + offsets
        top = np.zeros(sample.groups)
        np.maximum.at(top, group, odds)
        shares = np.exp(odds - top[group])
        whole = np.exp(-top) + np.bincount(group, shares, minlength=sample.groups)
        likely = np.log(whole) + top  # of each group; the chosen candidate's odds are taken off
        total = likely.sum() - odds[chosen].sum()
        slope = cells.T @ (shares / whole[group] - chosen)
        apart = weights - before
        return float(total + (trust * apart**2).sum()), slope + 2 * trust * apart

    bounds = [(-20.0, 20.0) if i % 2 == 0 else (0.0, 1.2) for i in range(width)]
    bounds[-1] = (-20.0, 20.0)
    for (_, level), column in columns.items():
        if level in ("absent", "other"):  # what is not there may speak against a claim, never for it
            bounds[column], bounds[column + 1] = (-20.0, 0.0), (0.0, 0.0)
    found = minimize(loss, before, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    print(f"loss {loss(before)[0]:.1f} -> {found.fun:.1f} over {sample.groups} items")
    return Scorecard(
        float(found.x[-1]),
        {key: Weight(float(found.x[column]), float(found.x[column + 1])) for key, column in columns.items()},
    )


def write(scorecard: Scorecard, seen: dict[tuple[str, str], int], path: Path) -> None:
    lines = [
        "# What each finding weighs, in log-odds: [flat, by surprise]. Surprise: how unlikely it is that an unrelated",
        "# claim of the same portfolio shows the same, in nats: a Martin surprises less than a Paunescu.",
        "# Learnt by bench/matching_weights.py from made mail; behind each line, from how many findings.",
        f"start = {scorecard.start:.2f}",
    ]
    feature = ""
    for (name, level), weight in scorecard.weights.items():
        if name != feature:
            lines.extend(["", f"[weights.{name}]"])
            feature = name
        lines.append(f"{level} = [{weight.flat:.2f}, {weight.by_surprise:.2f}]  # {seen.get((name, level), 0)}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=3000, help="items a portfolio")
    parser.add_argument("--out", type=Path, default=TABLE)
    chosen = parser.parse_args()
    scorecard = read_scorecard(TABLE)
    columns = columns_of(scorecard)
    sample = Sample([], [], [], [], [], [])
    for size, seed in _PORTFOLIOS:
        draw(sample, columns, size, seed, chosen.items)
        print(f"{size} claims: {sample.groups} items, {len(sample.offsets)} candidates")
    counted = np.bincount(np.array(sample.columns), minlength=2 * len(columns))
    seen = {key: int(counted[column]) for key, column in columns.items()}
    write(learn(sample, scorecard), seen, chosen.out)


if __name__ == "__main__":
    main()
