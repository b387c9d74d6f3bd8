"""Over 300 hostile files, made here from nothing, and the proof that each ends in a stated outcome within its bounds.

    python -m bench.hostile [--workers N] [--only WORD]

Prints a table (family, files, outcomes, worst seconds, highest memory), writes it to bench/results/hostile.txt, and
exits 1 if one file ended in anything but a reading or a refusal with a known code, broke a bound, lost a worker for
good or left a file behind.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import psutil

from bench.hostile_files import Hostile, hostile_files
from models.errors import DocumentRefused
from ocr.documents import Limits
from pipelines.wording import REASONS
from pipelines.workers import ReadingPool

LIMITS = Limits(memory_bytes=2 * 1024**3, seconds_per_page=30)
MOST_SECONDS = 1800.0  # on the clock, first try and second together, on a crowded machine
_SLACK = 1.15  # the watch looks twenty times a second
DAY = date(2026, 11, 2)
RESULTS = Path(__file__).parent / "results" / "hostile.txt"
GOOD = b"Bonjour,\n\nje conteste cette facture.\n"


@dataclass(slots=True)
class Result:
    name: str
    family: str
    outcome: str
    allowed: bool
    seconds: float
    memory: int  # highest resident bytes of any worker meanwhile


@dataclass(slots=True)
class MemoryWatch:
    """Highest resident memory of the children of this process."""

    highest: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        me = psutil.Process()
        while not self._stop.wait(0.05):
            for child in me.children(recursive=True):
                try:
                    self.highest = max(self.highest, child.memory_info().rss)
                except psutil.Error:
                    continue

    def stop(self) -> None:
        self._stop.set()

    def taken(self) -> int:
        """The highest since last asked."""
        highest, self.highest = self.highest, 0
        return highest


def outcome_of(pool: ReadingPool, name: str, content: bytes) -> str:
    """`read`, the code of a refusal, or what went wrong."""
    try:
        cuts = pool.split(name, content).result(MOST_SECONDS)
        for cut in cuts.cuts:
            pool.read(name, content, cut.pages, DAY, cuts.page_count).result(MOST_SECONDS)
    except DocumentRefused as refused:
        return refused.code if refused.code in REASONS else f"unknown code {refused.code}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:100]
    return "read"


def run(files: Sequence[Hostile], workers: int) -> tuple[list[Result], list[str]]:
    """Results, and whatever is wrong beyond single files."""
    private = Path(tempfile.mkdtemp(prefix="hostile-"))  # other pools of this machine are not our business
    before, tempfile.tempdir, os.environ["TMPDIR"] = tempfile.tempdir, str(private), str(private)
    watch = MemoryWatch()
    threading.Thread(target=watch.run, daemon=True).start()
    results: list[Result] = []
    wrong: list[str] = []
    with ReadingPool(workers, LIMITS) as pool:
        for hostile in files:
            start = time.monotonic()
            outcome = outcome_of(pool, hostile.name, hostile.content)
            spent = time.monotonic() - start
            allowed = outcome in hostile.outcomes
            results.append(Result(hostile.name, hostile.family, outcome, allowed, spent, watch.taken()))
            print(f"{spent:7.1f} s  {outcome:<16} {hostile.family}/{hostile.name}", flush=True)
        if outcome_of(pool, "good.txt", GOOD) != "read":
            wrong.append("an honest file is no longer read after the hostile ones")
    watch.stop()
    tempfile.tempdir = before
    left = [path.name for path in private.iterdir() if path.name != ".ses"]  # onnxruntime's own, one a machine
    wrong += [f"left behind: {name}" for name in left]
    shutil.rmtree(private)
    wrong += [f"{r.family}/{r.name}: {r.outcome}" for r in results if not r.allowed]
    wrong += [f"{r.family}/{r.name}: {r.seconds:.0f} s" for r in results if r.seconds > MOST_SECONDS]
    bound = LIMITS.memory_bytes * _SLACK
    wrong += [f"{r.family}/{r.name}: {r.memory >> 20} MB" for r in results if r.memory > bound]
    return results, wrong


def table(results: Sequence[Result], wrong: Sequence[str]) -> Iterator[str]:
    memory, seconds = LIMITS.memory_bytes >> 20, LIMITS.seconds_per_page
    yield f"{len(results)} hostile files, bounds: {memory} MB, {seconds:.0f} CPU s a page"
    yield f"{'family':<14}{'files':>6}{'worst s':>9}{'MB':>7}  outcomes"
    families: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        families[result.family].append(result)
    for family, members in families.items():
        outcomes = ", ".join(f"{name} {count}" for name, count in Counter(m.outcome for m in members).most_common())
        worst, memory = max(m.seconds for m in members), max(m.memory for m in members) >> 20
        yield f"{family:<14}{len(members):>6}{worst:>9.1f}{memory:>7}  {outcomes}"
    yield f"wrong: {len(wrong)}"
    yield from wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--only", default="", help="families or names that contain this word")
    given = parser.parse_args()
    files = [hostile for hostile in hostile_files() if given.only in f"{hostile.family}/{hostile.name}"]
    results, wrong = run(files, given.workers)
    text = "\n".join(table(results, wrong))
    print(text)
    if not given.only:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(text + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
