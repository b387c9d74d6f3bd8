"""Hashes of references and of every reference with one character left out.

Two references one error apart (a character wrong, missing, added, or two swapped) share at least one of these
(symmetric deletion). Computed for all references of one length at a time.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]

_BASE = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


def key_of(text: str) -> int:
    """32-bit key of anything but a reference."""
    return zlib.crc32(text.encode("utf-8", "replace"))


def keys_of(texts: Sequence[str]) -> list[int]:
    """`key_of` each, encoded together: a million claims make fifteen million."""
    parts = "\n".join(texts).encode("utf-8", "replace").split(b"\n")
    return list(map(zlib.crc32, parts)) if len(parts) == len(texts) else [key_of(text) for text in texts]


def _mixed(hashes: Keys) -> Keys:
    """Polynomial hashes to well-spread 32-bit keys."""
    return ((hashes ^ (hashes >> np.uint64(29))) * _MIX) >> _HALF


def _powers(count: int) -> Keys:
    result, power = [], 1
    for _ in range(count):
        result.append(power)
        power = power * int(_BASE) % 2**64
    return np.array(result, dtype=np.uint64)


_LONGEST = 64
_POWERS = _powers(_LONGEST + 1)
_INVERSE = np.uint64(pow(int(_BASE), -1, 2**64))  # the base is odd: dividing by it is multiplying, modulo 2**64


def variant_keys(references: Sequence[str]) -> Keys:
    """References of one length L -> array (L + 1, n): row 0 the whole, row i + 1 without character i."""
    keys, _ = mixed_variant_keys(references)
    return keys.T


def mixed_variant_keys(references: Sequence[str]) -> tuple[Keys, npt.NDArray[np.bool_]]:
    """References of any length up to 64, the longest L -> keys (n, L + 1) and which of them exist.

    Column 0 the whole, column i + 1 without character i: the sum of the characters before it, one power lower, and
    of those after it. All at once: an item holds some forty numbers of many lengths.
    """
    sizes = np.array([len(reference) for reference in references])
    longest = int(sizes.max())
    padded = "".join(reference.ljust(longest, "\0") for reference in references)
    codes = np.frombuffer(padded.encode("ascii"), dtype=np.uint8).reshape(-1, longest)
    exponents = np.maximum(sizes[:, None] - 1 - np.arange(longest), 0)
    terms = codes * _POWERS[exponents]
    through = np.cumsum(terms, axis=1, dtype=np.uint64)
    whole = through[:, -1:]
    result = np.empty((len(references), longest + 1), dtype=np.uint64)
    result[:, :1] = whole
    np.add((through - terms) * _INVERSE, whole - through, out=result[:, 1:])
    exists = np.arange(longest + 1) <= sizes[:, None]
    return _mixed(result), exists
