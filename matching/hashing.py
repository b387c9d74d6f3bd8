"""Hashes of references and of every reference with one character left out.

Two references one error apart (a character wrong, missing, added, or two swapped) share at least one of these
(symmetric deletion). Computed for all references of one length at a time.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]

_BASE = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


def key_of(text: str) -> int:
    """32-bit key of anything but a reference."""
    return zlib.crc32(text.encode())


def keys_of(texts: Iterable[str]) -> Keys:
    return np.array([zlib.crc32(text.encode()) for text in texts], dtype=np.uint64)


def _mixed(hashes: Keys) -> Keys:
    """Polynomial hashes to well-spread 32-bit keys."""
    return ((hashes ^ (hashes >> np.uint64(29))) * _MIX) >> _HALF


def variant_keys(references: Sequence[str]) -> Keys:
    """References of one length L -> array (L + 1, n): row 0 the whole, row i + 1 without character i."""
    length = len(references[0])
    codes = np.frombuffer("".join(references).encode("ascii"), dtype=np.uint8).reshape(-1, length).astype(np.uint64)
    count = len(references)
    heads = np.zeros((length + 1, count), dtype=np.uint64)
    for i in range(length):
        heads[i + 1] = heads[i] * _BASE + codes[:, i]
    result = np.empty((length + 1, count), dtype=np.uint64)
    result[0] = heads[length]
    tail = np.zeros(count, dtype=np.uint64)
    power = np.uint64(1)
    with np.errstate(over="ignore"):
        for i in range(length - 1, -1, -1):
            result[i + 1] = heads[i] * power + tail
            tail = tail + codes[:, i] * power
            power = power * _BASE
    return _mixed(result)
