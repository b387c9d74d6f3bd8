"""Sorted lists of (key, row): the one shape in which the index lies on disk, mapped and shared by processes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from matching.hashing import Keys, keys_of

Bits = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]

_SHIFT = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_THREE, _SEVEN = np.uint64(3), np.uint64(7)
_PIECE = 500_000


class Postings:
    """Immutable: `key << 32 | row`, ascending, in one array; beside it a sieve that knows most keys it does not hold.

    The sieve is one bit for every run of keys of equal length: nine questions in ten end there, after one look into
    memory instead of twenty-four.
    """

    def __init__(self, entries: Keys, sieve: Bits | None = None) -> None:
        self.entries = np.asarray(entries)  # a plain view: numpy's own class for mapped files costs at every slice
        self.sieve = np.asarray(sieve_of(entries) if sieve is None else sieve)
        self._shift = np.uint64(32 - (len(self.sieve) * 8).bit_length() + 1)

    @classmethod
    def open(cls, folder: Path, name: str) -> Postings:
        return cls(*(np.load(folder / f"{name}{part}.npy", mmap_mode="r") for part in ("", "_sieve")))

    def write(self, folder: Path, name: str) -> None:
        np.save(folder / f"{name}.npy", self.entries)
        np.save(folder / f"{name}_sieve.npy", self.sieve)

    def hits(self, keys: Keys) -> tuple[Places, Places, Places]:
        """Of the keys that are here: their places in `keys`, their first entries, and how many entries they have."""
        bits = keys >> self._shift
        maybe = np.flatnonzero((self.sieve[bits >> _THREE] >> (bits & _SEVEN).astype(np.uint8)) & 1)
        asked = keys[maybe]
        low = np.searchsorted(self.entries, asked << _SHIFT)
        held = np.flatnonzero(self.entries[np.minimum(low, len(self.entries) - 1)] >> _SHIFT == asked)
        low, asked = low[held], asked[held]
        ends = np.searchsorted(self.entries, (asked << _SHIFT) | _LOW, side="right")
        return maybe[held], low, ends - low

    def rows(self, start: int, count: int) -> list[int]:
        listed: list[int] = (self.entries[start : start + count] & _LOW).tolist()
        return listed


def sieve_of(entries: Keys) -> Bits:
    """Eight bits for each entry, rounded up to a power of two; at most one bit for every eight keys."""
    size = min(29, max(3, (len(entries) * 8 - 1).bit_length()))
    bits = np.zeros(2**size, dtype=bool)
    for start in range(0, len(entries), _PIECE):
        bits[entries[start : start + _PIECE] >> np.uint64(64 - size)] = True
    return np.packbits(bits, bitorder="little")


class PostingsBuilder:
    """Collects entries in chunks, so that a million claims never become a million Python lists."""

    def __init__(self) -> None:
        self._chunks: list[Keys] = []
        self._texts: list[str] = []
        self._rows: list[int] = []
        self._counts: list[int] = []

    def add(self, texts: list[str], row: int) -> None:
        """Texts of keys (`keys.claim_texts`)."""
        self._texts += texts
        self._rows.append(row)
        self._counts.append(len(texts))
        if len(self._texts) > _PIECE:
            self._flush()

    def add_array(self, keys: Keys, rows: Keys) -> None:
        """`keys` (any, n), `rows` (n)."""
        self._chunks.append(((keys << _SHIFT) | rows).ravel())

    def _flush(self) -> None:
        if self._texts:
            keys = np.array(keys_of(self._texts), dtype=np.uint64)
            rows = np.repeat(np.array(self._rows, dtype=np.uint64), self._counts)
            self._chunks.append((keys << _SHIFT) | rows)
            self._texts, self._rows, self._counts = [], [], []

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

    def places(self, keys: Sequence[int]) -> list[int]:
        """Places of the keys that are here."""
        return [place for place, key in enumerate(keys) if key in self._rows]

    def __len__(self) -> int:
        return len(self._rows)
