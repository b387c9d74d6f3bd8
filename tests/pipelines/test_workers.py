"""Reading in bounded processes: whatever a file does to its worker, the pool answers and goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import pytest

from models.agency import Agency
from models.errors import DocumentRefused, Unavailable
from ocr.documents import FileKind, Limits
from pipelines import worker_process
from pipelines.split import Cut, Split
from pipelines.workers import ReadingPool

LIMITS = Limits(seconds_per_page=1.5, memory_bytes=400 * 1024 * 1024)
LETTER = b"Bonjour,\n\nJe conteste cette facture.\n"


def begin_with_traps(limits: Limits, agency: Agency, folder: str, parent: int) -> None:
    """As the product begins a worker, but file names now say what their splitting does to it."""
    worker_process.begin(limits, agency, folder, parent)
    vars(worker_process)["split"] = _trap


def _trap(name: str, content: bytes, limits: Limits, **_: Any) -> Split:
    if name == "kill" or (name == "kill once" and not _seen_before(content)):
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "grow":
        hoard = [b"x" * 20_000_000 for _ in range(100)]
        raise AssertionError(f"nothing stopped us at {len(hoard)}")
    if name == "absurd":
        bytes(100 * 1024**3)
    if name == "spin":
        while True:
            pass
    if name == "litter":
        Path(tempfile.mkdtemp(), "left").write_bytes(b"behind")
        os.kill(os.getpid(), signal.SIGKILL)
    return Split(FileKind.TEXT, os.getpid(), (Cut(None),))


def _seen_before(content: bytes) -> bool:
    mark = Path(content.decode())
    seen = mark.exists()
    mark.touch()
    return seen


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    with ReadingPool(2, LIMITS, start=begin_with_traps) as pool:
        yield pool


def test_a_file_that_kills_its_worker_is_tried_once_more_and_then_read(pool: ReadingPool, tmp_path: Path) -> None:
    assert pool.split("kill once", str(tmp_path / "mark").encode()).result(60).kind is FileKind.TEXT


@pytest.mark.parametrize(
    ("name", "code"), [("kill", "killed_worker"), ("grow", "killed_worker"), ("spin", "too_slow"), ("absurd", "bomb")]
)
def test_a_file_that_does_it_again_is_refused_and_the_others_go_on(pool: ReadingPool, name: str, code: str) -> None:
    bad, good = pool.split(name, LETTER), pool.split("good", LETTER)
    assert good.result(60).cuts == (Cut(None),)
    with pytest.raises(DocumentRefused) as refused:
        bad.result(60)
    assert refused.value.code == code


def test_what_a_killed_worker_left_on_disk_goes_with_the_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with ReadingPool(1, LIMITS, start=begin_with_traps) as pool, pytest.raises(DocumentRefused):
        pool.split("litter", LETTER).result(60)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_pool_left_on_disk_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen(["true"])
    gone.wait()
    (tmp_path / f"mailroom-reading-{gone.pid}-x" / "task").mkdir(parents=True)
    alive = tmp_path / f"mailroom-reading-{os.getpid()}-x"
    alive.mkdir()
    with ReadingPool(0, LIMITS):
        pass
    assert list(tmp_path.iterdir()) == [alive]


def test_closing_ends_workers_that_are_still_busy() -> None:
    before = set(psutil.Process().children())
    pool = ReadingPool(1, Limits(), start=begin_with_traps)
    busy = pool.split("spin", LETTER)
    while not (
        started := [child for child in psutil.Process().children() if child not in before and _is_worker(child)]
    ):
        assert not busy.done()
    pool.close()
    assert psutil.wait_procs(started, timeout=5)[1] == []
    with pytest.raises(Unavailable):
        busy.result(5)


def test_a_closed_pool_takes_nothing_and_closing_twice_is_harmless() -> None:
    pool = ReadingPool(0, LIMITS)
    pool.close()
    pool.close()
    with pytest.raises(Unavailable):
        pool.split("letter.txt", LETTER)


def test_without_workers_the_same_work_is_done_here() -> None:
    with ReadingPool(0) as pool:
        split = pool.split("letter.txt", LETTER).result(0)
        read = pool.read("letter.txt", LETTER, None, date(2026, 11, 1)).result(0)
    assert split.cuts == (Cut(None),)
    assert read.reading.text == "Bonjour,\n\nJe conteste cette facture."


def test_a_refusal_comes_back_with_its_code_from_another_process() -> None:
    with ReadingPool(1) as pool, pytest.raises(DocumentRefused) as refused:
        pool.split("scan.pdf", b"%PDF-1.7 and nothing more").result(60)
    assert (refused.value.code, refused.value.detail != "") == ("truncated", True)


def test_workers_end_with_a_parent_that_was_killed() -> None:
    script = (
        "import time\n"
        "from pipelines.workers import ReadingPool\n"
        "if __name__ == '__main__':\n"
        "    pool = ReadingPool(1)\n"
        "    pool.split('a.txt', b'Bonjour').result(60)\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "parent.py")
        path.write_text(script)
        environment = {**os.environ, "PYTHONPATH": os.getcwd(), "TMPDIR": folder}
        parent = subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, env=environment)
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        workers = [child for child in psutil.Process(parent.pid).children() if _is_worker(child)]
        assert workers
        parent.kill()
        parent.wait()
        _, alive = psutil.wait_procs(workers, timeout=5)
        assert alive == []


def _is_worker(process: psutil.Process) -> bool:
    return "spawn_main" in " ".join(process.cmdline())
