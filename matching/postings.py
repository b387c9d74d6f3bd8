"""Sorted lists of (key, row): the one shape in which the index lies on disk, mapped and shared by processes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]

_SHIFT = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


class Postings:
    """Immutable: `key << 32 | row`, ascending, in one array."""

    def __init__(self, entries: Keys) -> None:
        self.entries = entries

    @classmethod
    def open(cls, path: Path) -> Postings:
        return cls(np.load(path, mmap_mode="r"))

    def spans(self, keys: Keys) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """First position and count of each key."""
        low = np.searchsorted(self.entries, keys << _SHIFT)
        counts = np.zeros(len(keys), dtype=np.int64)
        if len(self.entries):
            at = np.minimum(low, len(self.entries) - 1)
            found = np.flatnonzero((self.entries[at] >> _SHIFT) == keys)
            ends = np.searchsorted(self.entries, (keys[found] << _SHIFT) | _LOW, side="right")
            counts[found] = ends - low[found]
        return low, counts

    def rows(self, start: int, count: int) -> list[int]:
        return [int(row) for row in self.entries[start : start + count] & _LOW]


class PostingsBuilder:
    """Collects entries in chunks, so that a million claims never become a million Python lists."""

    def __init__(self) -> None:
        self._chunks: list[Keys] = []
        self._pending: list[int] = []

    def add(self, keys: Iterable[int], row: int) -> None:
        self._pending.extend(key << 32 | row for key in keys)
        if len(self._pending) > 500_000:
            self._flush()

    def add_array(self, keys: Keys, rows: Keys) -> None:
        self._chunks.append(((keys << _SHIFT) | rows).ravel())

    def _flush(self) -> None:
        if self._pending:
            self._chunks.append(np.array(self._pending, dtype=np.uint64))
            self._pending = []

    def finish(self) -> Keys:
        """Sorted, each entry once."""
        self._flush()
        if not self._chunks:
            return np.zeros(0, dtype=np.uint64)
        entries = np.concatenate(self._chunks)
        self._chunks = []
        entries.sort()
        keep = np.empty(len(entries), dtype=bool)
        keep[:1] = True
        np.not_equal(entries[1:], entries[:-1], out=keep[1:])
        return entries if bool(keep.all()) else entries[keep]


class GrowingPostings:
    """The same answers for claims added since the index was built."""

    def __init__(self) -> None:
        self._rows: dict[int, list[int]] = defaultdict(list)

    def add(self, keys: Iterable[int], row: int) -> None:
        for key in set(keys):
            self._rows[key].append(row)

    def get(self, key: int) -> list[int]:
        return self._rows.get(key, [])

    def __len__(self) -> int:
        return len(self._rows)
