"""A name for this worker that its successor inherits: whoever takes a dead worker's slot gives its leases back.

Leases alone would keep a killed process's rows waiting for fifteen minutes; the lock dies with the process.
"""

from __future__ import annotations

import fcntl
import socket
from pathlib import Path
from typing import IO

_MOST = 64


class WorkerSlot:
    """Holds `locks/worker-N.lock` for as long as this process lives."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.number, self._file = _first_free(folder)
        self.name = f"{socket.gethostname()}:{folder.resolve()}:{self.number}"

    def close(self) -> None:
        self._file.close()


def _first_free(folder: Path) -> tuple[int, IO[str]]:
    for number in range(_MOST):
        file = (folder / f"worker-{number}.lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        return number, file
    raise BlockingIOError(f"{_MOST} workers are running on this folder already")
