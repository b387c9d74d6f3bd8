"""Claims changed since the index was built: an append-only file beside it that every worker reads on."""

from __future__ import annotations

import fcntl
import struct
from collections.abc import Iterable
from pathlib import Path

_LENGTH = struct.Struct("<I")


class DeltaLog:
    """Records, each after its length. Appending is safe among processes; half-written tails are left for later."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0

    def append(self, records: Iterable[bytes]) -> None:
        content = b"".join(_LENGTH.pack(len(record)) + record for record in records)
        if not content:
            return
        with self._path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(content)

    def unread(self) -> list[bytes]:
        """Records appended since the last call, by this process or another."""
        try:
            size = self._path.stat().st_size
        except FileNotFoundError:
            return []
        if size <= self._read:
            return []
        with self._path.open("rb") as file:
            file.seek(self._read)
            content = file.read(size - self._read)
        found, at = [], 0
        while at + _LENGTH.size <= len(content):
            length = _LENGTH.unpack_from(content, at)[0]
            end = at + _LENGTH.size + length
            if end > len(content):
                break
            found.append(content[at + _LENGTH.size : end])
            at = end
        self._read += at
        return found
