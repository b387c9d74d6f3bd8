"""Pages a minute with one worker and with two, CPU seconds a page, and where the time goes, in one table.

    python -m bench.pages_a_minute [FOLDER] [--every N]

Reads every scan of the folder (the practice inbox, or the sample inbox where that is not there) through the pool that
the product uses. Compare the two columns of one run: machines are shared, seconds of different runs are not alike.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from connectors.scan_folder import files_below
from models.agency import Agency
from models.errors import DocumentRefused
from pipelines.read import ReadResult
from pipelines.workers import ReadingPool

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "pages.txt"


@dataclass
class Figures:
    pages: int = 0
    refused: int = 0
    wall: float = 0.0
    cpu: float = 0.0  # of the workers, their start included
    steps: Counter[str] = field(default_factory=Counter)


def scans(folder: Path) -> list[Path]:
    return [path for path in files_below([folder]) if path.suffix.lower() not in {".eml", ".msg"}]


def measure(files: list[Path], workers: int) -> Figures:
    """The pool is warmed with one file first: starting Python and loading the readers is not what is measured."""
    found, used = Figures(), _children_cpu()
    with ReadingPool(workers, agency=Agency()) as pool:
        for warming in [_read(pool, files[0]) for _ in range(workers)]:
            warming.exception()
        begun = time.monotonic()
        for future in [_read(pool, path) for path in files]:
            try:
                reading = future.result().reading
            except DocumentRefused:
                found.refused += 1
                continue
            found.pages += len(reading.pages)
            found.steps.update(reading.seconds)
        found.wall = time.monotonic() - begun
    found.cpu = _children_cpu() - used
    return found


def _read(pool: ReadingPool, path: Path) -> Future[ReadResult]:
    return pool.read(path.name, path.read_bytes(), None, date(2026, 1, 1))


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def table(one: Figures, two: Figures, files: int) -> str:
    lines = [f"{files} scans, {one.pages} pages, {os.cpu_count()} cores", ""]
    lines.append(f"{'':28}{'one worker':>14}{'two workers':>14}")
    rows = [("pages a minute", [60 * f.pages / f.wall for f in (one, two)])]
    rows.append(("CPU seconds a page", [sum(f.steps.values()) / max(1, f.pages) for f in (one, two)]))
    for step in sorted(one.steps, key=lambda name: -one.steps[name]):
        rows.append((f"  {step}", [f.steps[step] / max(1, f.pages) for f in (one, two)]))
    lines += [f"{name:28}{values[0]:14.3f}{values[1]:14.3f}" for name, values in rows]
    lines += ["", f"two workers read {two.pages / two.wall / (one.pages / one.wall):.2f} times what one reads"]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("MAILROOM_SHARED", ROOT.parent / "shared")) / "practice" / "inbox"
    parser.add_argument("folder", nargs="?", type=Path, default=shared)
    parser.add_argument("--every", type=int, default=1, help="only every N-th scan, for a quick look")
    given = parser.parse_args()
    folder = given.folder
    if not folder.exists():
        print(f"no {folder}: reading the sample inbox instead", file=sys.stderr)
        folder = ROOT / "samples" / "inbox"
    files = scans(folder)[:: given.every]
    said = table(measure(files, 1), measure(files, 2), len(files))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(said + "\n", "utf-8")
    print(said)


if __name__ == "__main__":
    main()
