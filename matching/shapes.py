"""What references look like in this portfolio, learnt from its claims: no format is written here."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

_RARE = 0.0005  # a character seen less often than this at a position is a typing error, not part of the shape
_DIGITS, _LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# How often an item that has nothing to do with a claim holds something of the claim's shape, by guess; the weights
# learnt later correct it. Plain numbers (telephones, other people's files) are common, numbers with letters are not.
_WRITTEN_ANYHOW = {True: math.log(0.02), False: math.log(0.3)}


@dataclass(frozen=True, slots=True)
class Shape:
    """`pattern`: L for a letter, D for a digit; `alphabets`: characters seen at each position."""

    pattern: str
    alphabets: tuple[str, ...]
    count: int

    @property
    def chance(self) -> float:
        """Chance that an unrelated item holds an existing reference of this shape (natural log)."""
        filled = math.log(self.count) - sum(math.log(len(alphabet)) for alphabet in self.alphabets)
        return min(0.0, filled) + _WRITTEN_ANYHOW["L" in self.pattern]

    def places(self) -> list[str]:
        """Each position as a regular expression: what was seen there, widened."""
        return [f"[{_widened(alphabet)}]" for alphabet in self.alphabets]


def _widened(alphabet: str) -> str:
    """Where many digits or letters were seen, the others may come; where one or two were, they are the format."""
    if alphabet.isdigit():
        return _DIGITS if len(alphabet) > 2 else alphabet
    return _LETTERS if len(alphabet) > 7 else alphabet


def _written_ways(shape: Shape) -> Iterator[tuple[int, str]]:
    """Lengths and expressions of all writings of a shape; one place missing or too many only where it has letters."""
    places = shape.places()
    yield len(places), "".join(places)
    if "L" in shape.pattern:
        for i in range(len(places)):
            yield len(places) - 1, "".join(places[:i] + places[i + 1 :])
        for i in range(len(places) + 1):
            yield len(places) + 1, "".join([*places[:i], ".", *places[i:]])


def pattern_of(reference: str) -> str:
    return "".join("D" if character.isdigit() else "L" for character in reference)


class ShapeLearner:
    """Counts characters by position for each pattern of letters and digits."""

    def __init__(self) -> None:
        self._counts: dict[str, np.ndarray[Any, Any]] = {}

    def add(self, references: list[str]) -> None:
        """References of one length."""
        length = len(references[0])
        codes = np.frombuffer("".join(references).encode("ascii"), dtype=np.uint8).reshape(-1, length)
        letters = codes > ord("9")
        marks = np.zeros(len(codes), dtype=np.int64)
        for i in range(length):
            marks = marks * 2 + letters[:, i]
        for mark in np.unique(marks):
            chosen = codes[marks == mark]
            pattern = "".join("L" if letter else "D" for letter in letters[marks == mark][0])
            table = self._counts.setdefault(pattern, np.zeros((length, 128), dtype=np.int64))
            for i in range(length):
                table[i] += np.bincount(chosen[:, i], minlength=128)

    def shapes(self) -> tuple[Shape, ...]:
        found = []
        for pattern, table in self._counts.items():
            total = int(table[0].sum())
            alphabets = tuple(
                "".join(chr(int(code)) for code in np.flatnonzero(table[i] > total * _RARE)) for i in range(len(table))
            )
            found.append(Shape(pattern, alphabets, total))
        return tuple(sorted(found, key=lambda shape: -shape.count))


class ReferenceShapes:
    """All shapes of a portfolio and the windows of text worth looking up."""

    def __init__(self, shapes: tuple[Shape, ...]) -> None:
        self.shapes = shapes
        total = sum(shape.count for shape in shapes) or 1
        self._by_pattern = {shape.pattern: shape for shape in shapes}
        self._usual = tuple(shape for shape in shapes if shape.count >= max(2, total * _RARE))
        ways: dict[int, set[str]] = {}
        for shape in self._usual:
            for length, way in _written_ways(shape):
                ways.setdefault(length, set()).add(way)
        self._ways = {length: re.compile("|".join(sorted(known))) for length, known in ways.items()}
        lengths = {len(shape.pattern) for shape in shapes}
        self.lengths = frozenset(length + by for length in lengths for by in (-1, 0, 1) if length + by >= 4)
        self.longest = max(self.lengths, default=0)
        self.most_letters = 2 + max((shape.pattern.count("L") for shape in self._usual), default=0)

    def chance(self, reference: str) -> float:
        """Natural log of the chance that an unrelated item holds an existing reference of this shape (at most 0)."""
        shape = self._by_pattern.get(pattern_of(reference))
        return shape.chance if shape else 0.0

    def looks_like_one(self, reference: str) -> bool:
        """Has the shape of a reference; one character missing or too many is forgiven where the shape has letters."""
        expression = self._ways.get(len(reference))
        return expression is not None and expression.fullmatch(reference) is not None

    def as_json(self) -> list[Any]:
        return [[shape.pattern, list(shape.alphabets), shape.count] for shape in self.shapes]

    @classmethod
    def from_json(cls, rows: list[Any]) -> ReferenceShapes:
        return cls(tuple(Shape(pattern, tuple(alphabets), count) for pattern, alphabets, count in rows))
