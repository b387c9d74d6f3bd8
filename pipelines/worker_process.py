"""Inside one reading process: bounds first, then the readers, then one file after another."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from models.agency import Agency
from models.errors import DocumentRefused
from ocr.documents import DEFAULT_LIMITS, Limits
from pipelines.read import ReadingTools, ReadResult, build_tools, read
from pipelines.split import Split, split

# Networks and allocators reserve far more addresses than they ever use: the hard bound on addresses only stops
# single absurd allocations, the watch on resident memory does the rest.
_RESERVED = 6 * 1024**3
_WATCH_SECONDS = 0.05
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
KILLED_FOR_MEMORY = 77  # exit status


class _Process:
    """What this process holds between tasks."""

    tools: ReadingTools | None = None
    limits: Limits = DEFAULT_LIMITS
    agency: Agency = Agency()
    folder: str | None = None


def begin(limits: Limits, agency: Agency, folder: str, parent: int) -> None:
    """Prepares the process. `parent` 0: this is the caller's own process, which is left without bounds."""
    _Process.limits, _Process.agency, _Process.folder = limits, agency, folder
    _Process.tools = None
    if parent:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends us
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        bound = limits.memory_bytes + _RESERVED
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        threading.Thread(target=_watch, args=(limits.memory_bytes, parent), daemon=True).start()


def split_here(name: str, content: bytes) -> Split:
    with _own_folder():
        return split(name, content, _Process.limits)


def read_here(name: str, content: bytes, pages: tuple[int, int] | None, received_on: date) -> ReadResult:
    with _own_folder():
        return read(name, content, pages, received_on, _tools(), _Process.limits)


def _tools() -> ReadingTools:
    if _Process.tools is None:
        agency = _Process.agency
        _Process.tools = build_tools(agency.names, agency.email_domains)
    return _Process.tools


@contextmanager
def _own_folder() -> Iterator[None]:
    """Temporary files of libraries go where the pool removes them; out of memory becomes a refusal."""
    before = tempfile.tempdir
    tempfile.tempdir = tempfile.mkdtemp(dir=_Process.folder)
    try:
        yield
    except (MemoryError, RecursionError) as error:
        raise DocumentRefused("bomb", type(error).__name__) from error
    finally:
        shutil.rmtree(tempfile.tempdir, ignore_errors=True)
        tempfile.tempdir = before


def _watch(most: int, parent: int) -> None:
    """Ends this process when it grows beyond its bound or when its parent is gone."""
    statm = Path("/proc/self/statm")
    while True:
        if os.getppid() != parent:
            os._exit(0)
        try:
            resident = int(statm.read_text().split()[1]) * _PAGE_BYTES
        except OSError:
            resident = 0
        if resident > most:
            os._exit(KILLED_FOR_MEMORY)
        time.sleep(_WATCH_SECONDS)
