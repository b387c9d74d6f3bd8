"""Inside one reading process: bounds first, then the readers, then one file after another."""

from __future__ import annotations

import logging
import os
import resource
import shutil
import signal
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from models.agency import Agency
from models.errors import DocumentRefused, MailroomError
from ocr.documents import DEFAULT_LIMITS, Limits
from pipelines.read import ReadingTools, ReadResult, build_tools, read
from pipelines.split import Split, split

_log = logging.getLogger(__name__)

# Networks and allocators reserve far more addresses than they ever use: the hard bound on addresses only stops
# single absurd allocations, the watch on resident memory does the rest.
_RESERVED = 6 * 1024**3
_WATCH_SECONDS = 0.05
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
KILLED_FOR_MEMORY, KILLED_FOR_TIME = 77, 78  # exit statuses


class _Process:
    """What this process holds between tasks. `page_since`: CPU seconds when its page was begun; None while idle."""

    page_since: float | None = None
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
        threading.Thread(target=_watch, args=(limits, parent), daemon=True).start()


def split_here(name: str, content: bytes) -> Split:
    with _own_folder():
        return split(name, content, _Process.limits, on_page=_begin_page)


def read_here(name: str, content: bytes, pages: tuple[int, int] | None, received_on: date) -> ReadResult:
    tools = _tools()  # what is missing on this machine is not the file's fault
    with _own_folder():
        return read(name, content, pages, received_on, tools, _Process.limits)


def _tools() -> ReadingTools:
    if _Process.tools is None:
        agency = _Process.agency
        _Process.tools = build_tools(agency.names, agency.email_domains)
        _Process.tools.on_page = _begin_page
    return _Process.tools


def _begin_page() -> None:
    _Process.page_since = time.process_time()


@contextmanager
def _own_folder() -> Iterator[None]:
    """Temporary files of libraries go where the pool removes them; whatever the file makes fail becomes a refusal."""
    before = tempfile.tempdir
    tempfile.tempdir = tempfile.mkdtemp(dir=_Process.folder)
    _begin_page()
    try:
        yield
    except (MemoryError, RecursionError) as error:
        raise DocumentRefused("bomb", type(error).__name__) from error
    except MailroomError:
        raise
    except Exception as error:  # a fault of ours or of a library that only this file brings out: a person takes over
        place = traceback.extract_tb(error.__traceback__)[-1]  # without the message: it may quote the letter
        _log.error("reading failed: %s at %s:%s", type(error).__name__, place.filename, place.lineno)
        raise DocumentRefused("killed_worker", type(error).__name__) from error
    finally:
        _Process.page_since = None
        shutil.rmtree(tempfile.tempdir, ignore_errors=True)
        tempfile.tempdir = before


def _watch(limits: Limits, parent: int) -> None:
    """Ends this process when its parent is gone, or when its task outgrows the memory or the CPU seconds of a page.

    Only while a task runs: a worker that is handing over an answer must not die with the pipe in its hands.
    CPU seconds, because a busy machine must not make an honest page look slow.
    """
    statm = Path("/proc/self/statm")
    while True:
        if os.getppid() != parent:
            os._exit(0)
        since = _Process.page_since
        if since is not None:
            if int(statm.read_text().split()[1]) * _PAGE_BYTES > limits.memory_bytes:
                os._exit(KILLED_FOR_MEMORY)
            if time.process_time() - since > limits.seconds_per_page:
                os._exit(KILLED_FOR_TIME)
        time.sleep(_WATCH_SECONDS)
