"""From a file in the inbox to the hold on its claim: median and 95th percentile with 1, 10 and 100 files waiting.

    python -m bench.time_to_hold [--waiting 1 10 100] [--workers N]

Copies of the sample inbox made distinct by a few bytes (the batch of many items is left out) lie in a folder at one
moment; the clock runs from that moment to the commit of each item's holds, with receiving, reading, understanding and
matching in between. The house is open beforehand, as under `mailroom watch`: models are loaded, reading processes run.
What `watch` waits for a file to be whole (3 s) is not in it. The results of rows not measured now are kept.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from connectors.building import Building, building
from connectors.claims_file import read_claims
from connectors.mail_day import process_receipts, receive_files
from settings import Settings, read_settings

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
RESULTS = ROOT / "bench" / "results" / "time_to_hold.txt"
HEAD = "waiting   items held   first      median     95th of 100   slowest    CPU s an item   load   measured"
ROUNDS = {1: 6, 10: 1, 100: 1}


@dataclass(frozen=True)
class Waited:
    """Seconds from the moment the files lay there to the hold, one an item; CPU seconds of all processes."""

    seconds: tuple[float, ...]
    cpu: float


def sample_files() -> list[Path]:
    return sorted(path for path in (SAMPLES / "inbox").iterdir() if not path.name.startswith("LOT"))


def distinct(path: Path, number: int) -> bytes:
    """The same mail to a reader, another file to the ledger."""
    content = path.read_bytes()
    if path.suffix == ".eml":
        return b"X-Copy: %d\r\n" % number + content
    return content + b"\n%% copy %d\n" % number


def lay_out(folder: Path, first: int, count: int) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    laid = []
    for number, path in enumerate(islice(cycle(sample_files()), first, first + count), first):
        copy = folder / f"{path.stem}_{number}{path.suffix}"
        copy.write_bytes(distinct(path, number))
        laid.append(copy)
    return laid


def wait_for(settings: Settings, paths: Sequence[Path]) -> Waited:
    """Of items that are held: a file that is refused has no hold."""
    begun, cpu = datetime.now(UTC), _cpu()
    receipts = receive_files(settings, paths)
    process_receipts(settings, [receipt.receipt_id for receipt in receipts])
    used = _cpu() - cpu
    ids = [receipt.receipt_id for receipt in receipts]
    moments = held_at(building(settings), ids)
    return Waited(tuple((moment - begun).total_seconds() for moment in moments), used)


def held_at(inside: Building, receipt_ids: Sequence[str]) -> list[datetime]:
    """When each item's holds were committed, on the real clock; items refused unread have none."""
    with inside.ledger.read() as books:
        return books.desk.matched_at(receipt_ids)


def _cpu() -> float:
    """Of this process and of those it started that ended; reading processes live on, so their share is read live."""
    import psutil

    own = psutil.Process()
    every = [own, *own.children(recursive=True)]
    return sum(process.cpu_times().user + process.cpu_times().system for process in every)


def measure(waiting: int, workers: int) -> Waited:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "data")
        settings = read_settings(data=data, workers=workers, agency=SAMPLES / "agency.toml")
        inside = building(settings)
        with inside.ledger.write() as books:
            books.claims.upsert(read_claims(SAMPLES / "claims.csv").claims)
        process_receipts(settings, [one.receipt_id for one in receive_files(settings, _warming(Path(folder)))])
        seconds: list[float] = []
        cpu = 0.0
        for number in range(ROUNDS.get(waiting, 1)):
            waited = wait_for(settings, lay_out(Path(folder, f"in{number}"), number * waiting * 3, waiting))
            seconds += waited.seconds
            cpu += waited.cpu
        inside.close()
    if not seconds:
        raise RuntimeError("no item was held: there is nothing to measure")
    return Waited(tuple(seconds), cpu)


def _warming(folder: Path) -> list[Path]:
    """One scan a reading process and an e-mail: starting them is not what is measured."""
    scans = [path for path in sample_files() if path.suffix != ".eml"][:2]
    letter = next(path for path in sample_files() if path.suffix == ".eml")
    place = folder / "warming"
    place.mkdir()
    for number, path in enumerate([*scans, letter]):
        (place / path.name).write_bytes(distinct(path, 10_000 + number))
    return sorted(place.iterdir())


def row_of(waiting: int, waited: Waited) -> str:
    ordered = sorted(waited.seconds)
    late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    load, today = os.getloadavg()[0], datetime.now(UTC).date()
    return (
        f"{waiting:>7}   {len(ordered):>10}   {ordered[0]:>6.1f} s   {statistics.median(ordered):>6.1f} s   "
        f"{late:>11.1f} s   {ordered[-1]:>7.1f} s   {waited.cpu / len(ordered):>13.2f}   {load:>4.1f}   {today}"
    )


def keep(rows: dict[int, str]) -> str:
    """Rows of other sizes stay as they were measured, with their own load and day."""
    known = dict(rows)
    if RESULTS.exists():
        for line in RESULTS.read_text("utf-8").splitlines():
            size = line.split()[0] if line.split() else ""
            if size.isdigit():
                known.setdefault(int(size), line)
    text = "\n".join([HEAD, *(known[size] for size in sorted(known))]) + "\n"
    RESULTS.write_text(text, "utf-8")
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--waiting", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    rows = {}
    for waiting in given.waiting:
        begun = time.monotonic()
        rows[waiting] = row_of(waiting, measure(waiting, given.workers))
        print(f"{waiting} waiting: {time.monotonic() - begun:.0f} s in all", flush=True)
    print(keep(rows), end="")


if __name__ == "__main__":
    main()
