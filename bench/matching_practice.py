"""The practice items as perfectly read: mentions found by our own finder, then matched. No reading is measured.

`pipeline_report` measures the whole pipeline instead, from the results file that `mailroom process` wrote.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench.practice_texts import practice_items
from classifiers.mentions import find_mentions
from commands.score import load, score
from connectors.agency_file import load_agency
from connectors.claims_file import read_claims
from matching.index import ClaimIndex
from models.evidence import Matches
from models.understanding import Mentions

TODAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Matched:
    name: str
    wanted: frozenset[str]
    matches: Matches
    milliseconds: float


def matched_items(folder: Path, index: ClaimIndex | None = None) -> Iterator[Matched]:
    index = index or ClaimIndex.build(read_claims(folder / "claims.csv").claims)
    agency = load_agency(folder / "agency.toml")
    truths = _truths(folder)
    for item in practice_items(folder):
        mentions: Mentions = find_mentions(item.reading, agency, TODAY)
        before = time.process_time()
        matches = index.match(mentions, item.reading.text)
        spent = time.process_time() - before
        truth = truths[item.name]
        wanted = frozenset({truth["claim_ref"], *truth["other_claim_refs"]} - {None})
        yield Matched(item.name, wanted, matches, spent * 1000)


def _truths(folder: Path) -> dict[str, Any]:
    rows = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row["truth"] for row in map(json.loads, rows)}


def bound(hits: int, tries: int) -> float:
    """Lower end of the 95 % interval of a share (Wilson)."""
    if tries == 0:
        return 0.0
    z = 1.96
    share = hits / tries
    middle = share + z * z / (2 * tries)
    spread = z * math.sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
    return max(0.0, (middle - spread) / (1 + z * z / tries))


def line(name: str, hits: int, tries: int) -> str:
    share = hits / tries if tries else 0.0
    return f"{share:8.2%}  {hits:6d}/{tries:<6d} (95 % bound {bound(hits, tries):.2%})  {name}"


def report(folder: Path) -> list[str]:
    items = list(matched_items(folder))
    with_claim = [item for item in items if item.wanted]
    best = [item for item in with_claim if _firsts(item, 1) & item.wanted]
    five = [item for item in with_claim if _firsts(item, 5) & item.wanted]
    proposed = [item for item in items if item.matches.proposed]
    right = [item for item in proposed if item.matches.proposed in item.wanted]
    two = [item for item in items if len(item.wanted) > 1]
    both = [item for item in two if item.wanted <= {item.matches.proposed, *item.matches.further}]
    times = sorted(item.milliseconds for item in items)
    lines = [
        line("best candidate right, of items that have a claim", len(best), len(with_claim)),
        line("claim among the first five", len(five), len(with_claim)),
        line("items with a claim for which one is proposed", len([i for i in proposed if i.wanted]), len(with_claim)),
        line("claims proposed that are right", len(right), len(proposed)),
        line("items about two claims for which both are named", len(both), len(two)),
        f"milliseconds of CPU an item: median {times[len(times) // 2]:.1f}, most {times[-1]:.1f}",
    ]
    for item in items:
        if (item not in best and item.wanted) or (item in proposed and item not in right):
            lines.append(f"          {item.name}: proposed {item.matches.proposed}, wanted {sorted(item.wanted)}")
    return lines


PIPELINE = (
    "claim, best candidate right",
    "claim among the first five",
    "claims proposed that are right",
    "applied without a person: category and claim right",
    "items settled without a person, all right",
)


def pipeline_report(folder: Path, results: Path) -> list[str]:
    """The same shares through the whole pipeline: `results` as `mailroom process --results` writes them."""
    tally, _ = score(load(str(folder / "truth.jsonl")), load(str(results)))
    counts = {name: tally.counts.get(name, [0, 0]) for name in PIPELINE}
    lines = [line(name, hits, tries) for name, (hits, tries) in counts.items()]
    return lines + [f"          {name}: {', '.join(tally.misses[name])}" for name in PIPELINE[:4] if tally.misses[name]]


def results_file() -> Path | None:
    """Named by MAILROOM_RESULTS."""
    named = os.environ.get("MAILROOM_RESULTS")
    return Path(named) if named and Path(named).is_file() else None


def _firsts(item: Matched, count: int) -> set[str]:
    return {candidate.claim_ref for candidate in item.matches.candidates[:count]}


def practice_folder() -> Path | None:
    folder = Path(os.environ.get("MAILROOM_SHARED", "../shared")) / "practice"
    return folder if (folder / "claims.csv").exists() else None
