"""Reading in bounded processes: pages, pixels, memory and seconds end a worker, never the mail room."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from models.agency import Agency
from models.errors import DocumentRefused, Unavailable
from ocr.documents import DEFAULT_LIMITS, Limits
from pipelines.read import ReadResult
from pipelines.split import Split
from pipelines.worker_process import KILLED_FOR_MEMORY, KILLED_FOR_TIME, begin, read_here, split_here

T = TypeVar("T")

_ONE_THREAD = ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
# The CPU seconds of a page are watched inside the worker; these bounds on the clock only catch what hangs without
# working, and are long because a crowded machine may leave an honest page waiting for minutes.
_LEAST_SECONDS = 900.0
_SPLIT_SECONDS = 2.0  # a page
_FOLDER = "mailroom-reading-"  # and the number of the process that owns it
_TASKS_OF_ONE_WORKER = 300  # then it makes room for a fresh one: what libraries leak is bounded


class ReadingPool:
    """Splits and reads files in worker processes; `workers=0` does it in this process, without bounds of time.

    A task that kills its worker or takes too long is tried once more, alone. Then its future raises
    DocumentRefused("killed_worker") or DocumentRefused("too_slow"). Use as a context manager: leaving it ends the
    workers and removes whatever they left on disk.
    """

    def __init__(
        self,
        workers: int,
        limits: Limits = DEFAULT_LIMITS,
        agency: Agency | None = None,
        start: Callable[..., None] = begin,
    ) -> None:
        for variable in _ONE_THREAD:  # read by libraries when a worker imports them
            os.environ.setdefault(variable, "1")
        self.workers = workers
        self._limits = limits
        self._agency = agency or Agency()
        self._start = start
        _sweep_up()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-"))
        self._lock = threading.Lock()
        self._closed = False
        self._owed: set[Future[Any]] = set()  # answers not given yet
        self._pool = self._new_pool(workers) if workers else None
        self._alone: Any = None  # the worker for second tries, started when first needed
        self._begun = False

    def split(self, name: str, content: bytes) -> Future[Split]:
        """Future of `pipelines.split.split`."""
        seconds = _LEAST_SECONDS + _SPLIT_SECONDS * self._likely_pages(content)
        return self._submit(seconds, split_here, name, content)

    def read(
        self,
        name: str,
        content: bytes,
        pages: tuple[int, int] | None,
        received_on: date,
        page_count: int | None = None,
    ) -> Future[ReadResult]:
        """Future of `pipelines.read.read`. `page_count` bounds the time where `pages` is None."""
        count = pages[1] - pages[0] + 1 if pages else page_count or self._likely_pages(content)
        seconds = _LEAST_SECONDS + self._limits.seconds_per_page * count
        return self._submit(seconds, read_here, name, content, pages, received_on)

    def close(self) -> None:
        """Ends every worker at once, busy or not. A second call does nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            pools = [pool for pool in (self._pool, self._alone) if pool is not None]
        for pool in pools:
            pool.stop()
        for pool in pools:
            pool.join()
        for answer in list(self._owed):  # a pool stopped while it starts forgets what it was given
            self._give(answer, error=Unavailable("the reading pool was closed"))
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> ReadingPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- inside

    def _likely_pages(self, content: bytes) -> int:
        """Rough and generous: a page object or a page's worth of bytes each."""
        return min(self._limits.pages, max(1, content.count(b"/Page") + len(content) // 30_000))

    def _new_pool(self, workers: int) -> Any:
        return ProcessPool(
            max_workers=workers,
            max_tasks=_TASKS_OF_ONE_WORKER,
            initializer=self._start,
            initargs=(self._limits, self._agency, str(self._folder), os.getpid()),
            context=multiprocessing.get_context("spawn"),
        )

    def _submit(self, seconds: float, task: Callable[..., T], *given: Any) -> Future[T]:
        if self._closed:
            raise Unavailable("the reading pool is closed")
        if self._pool is None:
            return self._here(task, *given)
        if not self._pool.active:  # broken by the machine, not by a file: a fresh one
            self._pool = self._new_pool(self.workers)
        answer: Future[T] = Future()
        answer.set_running_or_notify_cancel()
        self._owed.add(answer)
        self._attempt(self._pool, answer, seconds, True, task, *given)
        return answer

    def _here(self, task: Callable[..., T], *given: Any) -> Future[T]:
        if not self._begun:
            self._start(self._limits, self._agency, str(self._folder), 0)
            self._begun = True
        answer: Future[T] = Future()
        try:
            answer.set_result(task(*given))
        except Exception as error:
            answer.set_exception(error)
        return answer

    def _attempt(
        self, pool: Any, answer: Future[T], seconds: float, again: bool, task: Callable[..., T], *given: Any
    ) -> None:
        def done(future: Any) -> None:
            error = future.exception() if not future.cancelled() else Unavailable("the reading pool was closed")
            if error is None:
                self._give(answer, result=future.result())
            elif isinstance(error, TookTooLong | ProcessExpired) and again and not self._closed:
                self._attempt(self._single_worker(), answer, seconds, False, task, *given)
            else:
                self._give(answer, error=_told(error, seconds))

        try:
            pool.schedule(task, args=given, timeout=seconds).add_done_callback(done)
        except RuntimeError as error:  # the pool was stopped meanwhile
            self._give(answer, error=Unavailable(str(error)))

    def _give(self, answer: Future[Any], result: Any = None, error: BaseException | None = None) -> None:
        """Once, whoever comes first: the worker's answer or the closing of the pool."""
        with self._lock:
            if answer not in self._owed:
                return
            self._owed.discard(answer)
        if error is None:
            answer.set_result(result)
        else:
            answer.set_exception(error)

    def _single_worker(self) -> Any:
        with self._lock:
            if self._alone is None:
                self._alone = self._new_pool(1)
            return self._alone


def _sweep_up() -> None:
    """Removes what pools left whose process was killed before it could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*-*"):
        owner = folder.name.removeprefix(_FOLDER).partition("-")[0]
        if owner.isdigit() and not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _told(error: BaseException, seconds: float) -> BaseException:
    """The death of a worker as a refusal; the end of the pool as the world's fault; everything else as it is."""
    if isinstance(error, BrokenProcessPool):
        return Unavailable("the reading workers broke off", "they are started again")
    if isinstance(error, TookTooLong):
        return DocumentRefused("too_slow", f"more than {seconds:.0f} seconds")
    if isinstance(error, ProcessExpired):
        if error.exitcode == KILLED_FOR_TIME:
            return DocumentRefused("too_slow", "a page took too long")
        memory = error.exitcode == KILLED_FOR_MEMORY
        return DocumentRefused("killed_worker", "memory" if memory else f"exit {error.exitcode}")
    return error
