"""Expressions over letters, compiled so that a network's output can be read along what a grammar allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """`kind` is "seq" or "alt"; parts are letters' strings or nodes. Nodes may be shared."""

    kind: str
    parts: tuple[Node | str, ...]


Expression = Node | str


def seq(*parts: Expression) -> Expression:
    """One after the other."""
    return Node("seq", parts)


def alt(*parts: Expression) -> Expression:
    """One of them."""
    return parts[0] if len(parts) == 1 else Node("alt", parts)


def opt(part: Expression) -> Expression:
    """The part or nothing."""
    return Node("alt", (part, ""))


@dataclass(frozen=True, slots=True)
class Automaton:
    """Deterministic, without cycles; edges sorted by target state. State 0 starts.

    `finals[i]` are the accepting states of the i-th expression it was compiled from.
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    letter: NDArray[np.int64]  # index into the alphabet
    starts: NDArray[np.int64]  # first edge of every state that has incoming edges
    states: int
    reached: NDArray[np.int64]  # the states that have incoming edges, in order
    doubled: NDArray[np.bool_]  # an edge into the source carries the same letter
    finals: tuple[NDArray[np.int64], ...]


class _Builder:
    """Thompson's construction, then subset construction."""

    def __init__(self) -> None:
        self.letters: list[dict[str, list[int]]] = []
        self.empty: list[list[int]] = []

    def state(self) -> int:
        self.letters.append({})
        self.empty.append([])
        return len(self.empty) - 1

    def add(self, part: Expression, start: int) -> int:
        """Append `part` behind `start`; returns its end."""
        if isinstance(part, str):
            for letter in part:
                after = self.state()
                self.letters[start].setdefault(letter, []).append(after)
                start = after
            return start
        if part.kind == "seq":
            for piece in part.parts:
                start = self.add(piece, start)
            return start
        end = self.state()
        for piece in part.parts:
            entry = self.state()
            self.empty[start].append(entry)
            self.empty[self.add(piece, entry)].append(end)
        return end

    def closure(self, states: frozenset[int]) -> frozenset[int]:
        seen, stack = set(states), list(states)
        while stack:
            for after in self.empty[stack.pop()]:
                if after not in seen:
                    seen.add(after)
                    stack.append(after)
        return frozenset(seen)


def compile_expressions(expressions: Sequence[Expression], alphabet: str) -> Automaton:
    """One automaton for several expressions, each kept apart so that each has its own score."""
    builder = _Builder()
    edges: list[tuple[int, int, int]] = []
    finals: list[list[int]] = []
    count = 1
    for expression in expressions:
        start = builder.state()
        end = builder.add(expression, start)
        numbered = {builder.closure(frozenset([start])): 0}
        todo, ends = list(numbered), []
        while todo:
            states = todo.pop()
            if end in states:
                ends.append(numbered[states])
            steps: dict[str, set[int]] = {}
            for state in states:
                for letter, after in builder.letters[state].items():
                    steps.setdefault(letter, set()).update(after)
            for letter, after_states in steps.items():
                closed = builder.closure(frozenset(after_states))
                if closed not in numbered:
                    numbered[closed] = count
                    count += 1
                    todo.append(closed)
                edges.append((numbered[closed], numbered[states], alphabet.index(letter)))
        finals.append(ends)
    return _packed(edges, count, finals)


def _packed(edges: list[tuple[int, int, int]], count: int, finals: list[list[int]]) -> Automaton:
    edges.sort()
    target, source, letter = (np.asarray(column, dtype=np.int64) for column in zip(*edges, strict=True))
    reached, starts = np.unique(target, return_index=True)
    into: dict[int, set[int]] = {}
    for end, _, sign in edges:
        into.setdefault(end, set()).add(sign)
    doubled = np.asarray([sign in into.get(begin, ()) for _, begin, sign in edges])
    ends = tuple(np.asarray(sorted(states), dtype=np.int64) for states in finals)
    return Automaton(source, target, letter, starts, count, reached, doubled, ends)
