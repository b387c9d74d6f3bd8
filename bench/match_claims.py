"""Matching measured: the practice set, a made portfolio of any size, and the same job by others, side by side.

`python -m bench.match_claims [practice] [made] [others] [--size N --items M]`; results in bench/results/matching.txt,
growth from ten thousand claims to a million in matching-growth.svg. CPU seconds, so that a busy machine does not count.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bench.made_mail import Correspondence, MadeItem
from bench.match_growth import Grown, draw, table
from bench.matching_practice import bound, line, pipeline_report, practice_folder, report, results_file
from bench.portfolio import Maker
from matching.index import ClaimIndex
from models.claim import Claim

RESULTS = Path(__file__).with_name("results")
GROWTH = (10_000, 30_000, 100_000, 300_000, 1_000_000)
BINS = (("0-50 %", 0.5), ("50-80 %", 0.8), ("80-97 %", 0.97), ("97-99.9 %", 0.999), ("99.9-100 %", 1.0))
_FEWER = 2_000  # items of the smaller sizes
SEED = 4  # not among those the weights were learnt from


@dataclass
class Measured:
    """One portfolio size."""

    claims: int
    build: float = 0.0  # CPU seconds
    milliseconds: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    memory: list[float] = field(default_factory=list)  # MB of each of two workers, shared pages divided
    disk: float = 0.0

    def share(self, part: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def measure(size: int, items: int, folder: Path) -> Measured:
    """Build, then match in two worker processes that map the same files."""
    made = list(Maker(size, SEED))
    mail = Correspondence(made, SEED + 100)
    drawn = [mail.item() for _ in range(items)]
    del mail
    before = time.process_time()
    ClaimIndex.build(iter(made), folder)
    found = Measured(size, time.process_time() - before)
    found.disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    del made
    halves = [drawn[::2], drawn[1::2]]
    ready = multiprocessing.get_context("spawn").Barrier(2)
    context = multiprocessing.get_context("spawn")
    with context.Pool(2, initializer=_keep_barrier, initargs=(ready,)) as pool:
        for counts, times, megabytes in pool.starmap(work, [(half, str(folder)) for half in halves], chunksize=1):
            found.counts += counts
            found.milliseconds += times
            found.memory.append(megabytes)
    return found


_barrier = None


def _keep_barrier(barrier: object) -> None:
    global _barrier
    _barrier = barrier


def work(items: Sequence[MadeItem], folder: str) -> tuple[Counter[str], list[float], float]:
    """What one worker found: counts, milliseconds of CPU an item, its memory while both have the files mapped."""
    index = ClaimIndex.open(Path(folder))
    counts: Counter[str] = Counter()
    times = []
    for item in items:
        before = time.process_time()
        matches = index.match(item.mentions, item.text)
        times.append((time.process_time() - before) * 1000)
        first = matches.candidates[0].claim_ref if matches.candidates else None
        counts.update(_judged(item, first, matches.proposed, matches.plausible))
        label = next(name for name, most in BINS if matches.confidence <= most)
        counts[f"said {label}"] += 1
        counts[f"said {label}, right"] += first in item.wanted
        counts[f"said {label}, sum"] += round(matches.confidence * 1_000_000)
        if len(item.wanted) > 1:
            counts["two"] += 1
            counts["two both"] += {matches.proposed, *matches.further} == set(item.wanted)
    if _barrier is not None:
        _barrier.wait(timeout=600)  # type: ignore[attr-defined]
    return counts, times, proportional_memory()


def _judged(item: MadeItem, first: str | None, proposed: str | None, plausible: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    if not item.wanted:
        counts["nobody"] += 1
        counts["nobody proposed"] += proposed is not None
    elif item.decidable:
        counts["decidable"] += 1
        counts["first"] += first in item.wanted
        counts["held"] += bool(set(item.wanted) & set(plausible))
    else:
        counts["undecidable"] += 1
        counts["undecidable proposed"] += proposed is not None
    if proposed is not None:
        counts["accepted"] += 1
        counts["wrong"] += proposed not in item.wanted
        counts[f"wrong, {item.kind}"] += proposed not in item.wanted
    return counts


def proportional_memory() -> float:
    """MB of this process, pages shared with others divided among them (PSS); else its whole resident set."""
    try:
        rows = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
        return next(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1000
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def made_report(found: Measured) -> list[str]:
    counts = found.counts
    wrong = ", ".join(f"{name[7:]}: {count}" for name, count in counts.items() if name.startswith("wrong, ") and count)
    return [
        f"{found.claims} claims, {len(found.milliseconds)} items",
        line("best candidate right, of items a clerk could decide", counts["first"], counts["decidable"]),
        line("soft hold on the right claim", counts["held"], counts["decidable"]),
        line("claims accepted (proposed) that are right", counts["accepted"] - counts["wrong"], counts["accepted"]),
        f"{counts['wrong'] / max(1, counts['accepted']):8.3%}  {counts['wrong']:6d}/{counts['accepted']:<6d} "
        f"(95 % bound {1 - bound(counts['accepted'] - counts['wrong'], counts['accepted']):.3%})  "
        f"wrong among accepted{f' ({wrong})' if wrong else ''}",
        line("of all items, accepted", counts["accepted"], len(found.milliseconds)),
        line("items about two claims for which both are named", counts["two both"], counts["two"]),
        line("items about nobody left alone", counts["nobody"] - counts["nobody proposed"], counts["nobody"]),
        line(
            "items even a clerk could not decide, left to a person",
            counts["undecidable"] - counts["undecidable proposed"],
            counts["undecidable"],
        ),
        *_calibration(counts),
        f"build {found.build:.1f} s CPU, {found.disk:.0f} MB on disk",
        f"match: median {found.share(0.5):.1f} ms, 99th percentile {found.share(0.99):.1f} ms of CPU an item",
        f"two workers together {sum(found.memory):.0f} MB (each {', '.join(f'{m:.0f}' for m in found.memory)}, PSS)",
    ]


def _calibration(counts: Counter[str]) -> list[str]:
    """What the index says of its best candidate, against how often it is right."""
    lines = []
    for label, _ in BINS:
        said = counts[f"said {label}"]
        if said:
            mean = counts[f"said {label}, sum"] / 1e6 / said
            right = counts[f"said {label}, right"] / said
            lines.append(f"said {label:10}: {said:6d} items, mean {mean:7.2%}, right {right:7.2%}")
    return lines


def growth(sizes: Sequence[int], items: int) -> dict[str, list[str]]:
    """The largest size with all items, told in full; the smaller ones with fewer, a row each."""
    rows: list[Grown] = []
    lines: list[str] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(size, items if size == sizes[-1] else min(items, _FEWER), Path(folder) / "index")
        rows.append(_grown(found))
        lines = made_report(found)
        print("\n".join(lines), flush=True)
    sections = {"Made portfolio": lines}
    if len(rows) > 1:
        draw(rows, RESULTS / "matching-growth.svg")
        sections["Growth of a made portfolio (matching-growth.svg)"] = table(rows)
    return sections


def _grown(found: Measured) -> Grown:
    counts = found.counts
    return Grown(
        found.claims, len(found.milliseconds), found.build, sum(found.memory), found.share(0.5), found.share(0.99),
        counts["first"], counts["decidable"], counts["wrong"], counts["accepted"],
    )  # fmt: skip


def others(size: int, items: int) -> list[str]:
    """The same made items by `rapidfuzz.process.extract` over every claim's line of text."""
    from rapidfuzz import fuzz, process, utils

    claims = list(Maker(size, SEED))
    mail = Correspondence(claims, SEED + 100)
    drawn = [item for item in islice(iter(mail.item, None), items) if item.wanted and item.decidable]
    index = ClaimIndex.build(claims)
    texts = [utils.default_process(_line_of(claim)) for claim in claims]
    names = [(fuzz.token_set_ratio, "token_set_ratio"), (fuzz.WRatio, "WRatio")]
    lines = [f"{size} claims, {len(drawn)} items", _ours(index, drawn)]
    for scorer, name in names:
        hits, before = 0, time.process_time()
        for item in drawn:
            best = process.extractOne(utils.default_process(item.text), texts, scorer=scorer)
            hits += best is not None and claims[best[2]].claim_ref in item.wanted
        spent = (time.process_time() - before) * 1000 / len(drawn)
        lines.append(f"rapidfuzz.process.extract, {name:16} top-1 {hits / len(drawn):7.2%}  {spent:9.1f} ms an item")
    return lines


def _ours(index: ClaimIndex, drawn: Sequence[MadeItem]) -> str:
    hits, before = 0, time.process_time()
    for item in drawn:
        matches = index.match(item.mentions, item.text)
        hits += bool(matches.candidates) and matches.candidates[0].claim_ref in item.wanted
    spent = (time.process_time() - before) * 1000 / len(drawn)
    return f"{'this index':44} top-1 {hits / len(drawn):7.2%}  {spent:9.1f} ms an item"


def _line_of(claim: Claim) -> str:
    parts = (
        claim.claim_ref, claim.client_ref, *claim.invoice_refs, claim.first_name, claim.last_name, claim.company_name,
        claim.address, claim.postcode, claim.city,
    )  # fmt: skip
    return " ".join(part for part in parts if part)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["practice", "made", "others"])
    parser.add_argument("--size", type=int, help="one size instead of the growth to a million")
    parser.add_argument("--items", type=int, default=10_000)
    chosen = parser.parse_args()
    random.seed(SEED)
    sections: dict[str, list[str]] = {}
    if "practice" in chosen.parts:
        folder = practice_folder()
        sections["Practice set, texts as if read perfectly"] = (
            report(folder) if folder else ["skipped: no practice folder (set MAILROOM_SHARED)"]
        )
        results = results_file()
        sections["Practice set through the whole pipeline"] = (
            pipeline_report(folder, results)
            if folder and results
            else [
                "skipped: set MAILROOM_RESULTS to the file that `mailroom process --results` wrote of the practice set"
            ]
        )
    if "made" in chosen.parts:
        sizes = (chosen.size,) if chosen.size else GROWTH
        sections |= growth(sizes, chosen.items)
    if "others" in chosen.parts:
        from bench.matching_febrl import febrl_report

        sections["The same job by plain rapidfuzz over all claims"] = others(min(chosen.size or 20_000, 20_000), 60)
        sections["FEBRL 4: 5,000 persons against 5,000, one true partner each"] = febrl_report()
    RESULTS.mkdir(exist_ok=True)
    write(sections, RESULTS / "matching.txt")


def write(sections: dict[str, list[str]], path: Path) -> None:
    """Sections measured now replace those of the same name; the others, and what is skipped now, stay."""
    kept: dict[str, list[str]] = {}
    if path.exists():
        name = ""
        for row in path.read_text(encoding="utf-8").splitlines():
            if row.startswith("== "):
                name = row[3:]
                kept[name] = []
            elif name:
                kept[name].append(row)
    kept.update({name: rows for name, rows in sections.items() if name not in kept or not _skipped(rows)})
    text = "\n".join(f"== {name}\n" + "\n".join(rows).rstrip() + "\n" for name, rows in kept.items())
    aside = path.with_suffix(".new")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, path)
    print(text)


def _skipped(rows: Sequence[str]) -> bool:
    return bool(rows) and rows[0].startswith("skipped")


if __name__ == "__main__":
    main()
