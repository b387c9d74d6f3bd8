"""Kill -9 at random moments, then run again: the same results as an undisturbed run, nothing lost, nothing twice.

    python -m bench.kills [INBOX] [--claims FILE] [--agency FILE] [--kills 20] [--seed 1]

Each disturbed run is killed, the whole process or one reading worker in turn, at a moment drawn at random; the last
one is left to end. The clock is frozen, so the two ledgers must agree to the letter: results, statuses, holds, events.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from connectors.database import open_ledger

ROOT = Path(__file__).resolve().parent.parent
NOW = "2026-11-20T18:30:00+00:00"


@dataclass
class Ends:
    """What two runs must agree on."""

    results: list[dict[str, Any]] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    holds: Counter[tuple[str, ...]] = field(default_factory=Counter)
    events: Counter[tuple[str, ...]] = field(default_factory=Counter)
    payments: int = 0


@dataclass(frozen=True)
class Job:
    inbox: Path
    claims: Path
    agency: Path | None = None
    workers: int = 2

    def command(self, data: Path) -> list[str]:
        agency = ["--agency", str(self.agency)] if self.agency else []
        files = ["--claims", str(self.claims), "--results", str(data / "out.jsonl"), "--data", str(data)]
        workers = ["--workers", str(self.workers)]
        return [sys.executable, "-m", "cli", "process", str(self.inbox), *files, *agency, *workers, "--quiet"]


def start(job: Job, data: Path) -> subprocess.Popen[bytes]:
    data.mkdir(parents=True, exist_ok=True)
    log = (data / "log.txt").open("ab")
    environment = {**os.environ, "MAILROOM_NOW": NOW, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        job.command(data), cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
    )


def run_to_the_end(job: Job, data: Path, seconds: float = 3600) -> float:
    """Seconds it took. Raises where the run does not end well."""
    began = time.monotonic()
    running = start(job, data)
    try:
        if running.wait(seconds) != 0:
            raise RuntimeError((data / "log.txt").read_text("utf-8", errors="replace")[-2000:])
    finally:
        _kill(running.pid)
    return time.monotonic() - began


def disturb(job: Job, folder: Path, moments: Sequence[float], judge: Callable[[Path], None]) -> Counter[str]:
    """One kill a moment (seconds after a start): the process, or one of its workers and a moment later the process.

    A run that ends before its kill is judged, and the next one begins with an empty ledger: every moment is a kill.
    """
    done: Counter[str] = Counter()
    left = list(moments)
    while left:
        data = folder / f"round-{done['runs that ended between kills']}"
        running = start(job, data)
        try:
            running.wait(left[0])
        except subprocess.TimeoutExpired:
            _strike(running, len(left) % 2 == 1, done)
            left.pop(0)
        else:
            done["runs that ended between kills"] += 1
            judge(data)
    data = folder / f"round-{done['runs that ended between kills']}"
    run_to_the_end(job, data)
    judge(data)
    return done


def _strike(running: subprocess.Popen[bytes], a_worker: bool, done: Counter[str]) -> None:
    if a_worker and (workers := psutil.Process(running.pid).children(recursive=True)):
        _quietly(random.choice(workers).kill)
        done["workers killed"] += 1
        time.sleep(1.0)  # the run goes on with a new worker for a moment
    _kill(running.pid)
    running.wait()
    done["processes killed"] += 1


def _kill(leader: int) -> None:
    """-9 to the process and everything it started: no one can clean up."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def _quietly(action: Any) -> None:
    try:
        action()
    except psutil.NoSuchProcess:
        return


def ends(data: Path) -> Ends:
    lines = (data / "out.jsonl").read_text("utf-8").splitlines()
    found = Ends([json.loads(line) for line in lines])
    ledger = open_ledger(f"sqlite:///{(data / 'mailroom.sqlite').resolve()}")
    with ledger.read() as books:
        found.statuses = {claim.claim_ref: claim.status.value for claim in books.claims.all()}
        touched = [line["item_id"] for line in found.results]
        for item_id in touched:
            for hold in books.holds.of_item(item_id):
                ended = "ended" if hold.ended_at else "in force"
                found.holds[(hold.hold_id, hold.claim_ref, hold.terms.reason, ended)] += 1
        for event in books.outbox.after(0, 1_000_000):
            found.events[(event.event_id, event.type.value, event.claim_ref or "")] += 1
        found.payments = sum(len(books.trail.payments_of(ref)) for ref in found.statuses)
    ledger.close()
    return found


def differences(calm: Ends, disturbed: Ends) -> list[str]:
    """Empty where nothing was lost and nothing happened twice."""
    found = []
    for one, two in zip(calm.results, disturbed.results, strict=False):
        found += [f"{one['file']}: {key}" for key in one if one[key] != two.get(key)]
    if len(calm.results) != len(disturbed.results):
        found.append(f"items: {len(calm.results)} and {len(disturbed.results)}")
    for name in ("statuses", "holds", "events", "payments"):
        if getattr(calm, name) != getattr(disturbed, name):
            found.append(name)
    found += [f"twice: {key}" for counts in (disturbed.holds, disturbed.events) for key, n in counts.items() if n > 1]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("MAILROOM_SHARED", ROOT.parent / "shared")) / "practice"
    parser.add_argument("inbox", nargs="?", type=Path, default=shared / "inbox")
    parser.add_argument("--claims", type=Path, default=shared / "claims.csv")
    parser.add_argument("--agency", type=Path, default=shared / "agency.toml")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    job = Job(given.inbox, given.claims, given.agency)
    folder = Path(tempfile.mkdtemp(prefix="mailroom-kills-"))
    wrong: list[str] = []
    try:
        seconds = run_to_the_end(job, folder / "calm")
        calm = ends(folder / "calm")
        print(f"undisturbed run: {seconds:.0f} s, {told(calm)}", flush=True)
        draw = random.Random(given.seed)
        moments = [draw.uniform(2, max(6, seconds / 4)) for _ in range(given.kills)]
        done = disturb(job, folder, moments, lambda data: wrong.extend(differences(calm, ends(data))))
        print(f"{dict(done)}; last run: {told(ends(max(folder.glob('round-*'))))}")
        print("differences from the undisturbed run:", "none" if not wrong else "; ".join(wrong[:20]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    raise SystemExit(bool(wrong))


def told(found: Ends) -> str:
    holds, events = sum(found.holds.values()), sum(found.events.values())
    return f"{len(found.results)} items, {holds} holds, {events} events, {found.payments} payments"


if __name__ == "__main__":
    main()
