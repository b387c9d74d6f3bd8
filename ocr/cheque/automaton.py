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
    """States that each stand for one letter just written, without cycles; edges sorted by target.

    The start of each expression is a state without a letter (-1). `finals[i]` are the accepting states of the i-th
    expression it was compiled from.
    """

    letter: NDArray[np.int64]  # index into the alphabet, by state
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    doubled: NDArray[np.bool_]  # both ends carry the same letter: CTC wants a blank between
    reached: NDArray[np.int64]  # states with incoming edges, in order
    firsts: NDArray[np.int64]  # first edge of each of them
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
    letters: list[int] = []
    edges: list[tuple[int, int]] = []
    finals: list[list[int]] = []
    for expression in expressions:
        steps, ends = _merged(*_determined(expression))
        arrivals = {(after, letter) for followers in steps.values() for letter, after in followers.items()}
        number = {(0, ""): len(letters)}
        for arrival in sorted(arrivals):
            number[arrival] = len(letters) + len(number)
        letters.extend(alphabet.index(letter) if letter else -1 for _, letter in number)
        edges.extend(
            (number[after, letter], own) for (state, _), own in number.items() for letter, after in steps[state].items()
        )
        finals.append([own for (state, _), own in number.items() if state in ends])
    return _packed(letters, edges, finals)


_Steps = dict[int, dict[str, int]]


def _determined(expression: Expression) -> tuple[_Steps, set[int]]:
    """Subset construction: state 0 starts, one follower a letter."""
    builder = _Builder()
    start = builder.state()
    end = builder.add(expression, start)
    first = builder.closure(frozenset([start]))
    numbered, todo = {first: 0}, [first]
    steps: _Steps = {}
    ends: set[int] = set()
    while todo:
        states = todo.pop()
        own = steps.setdefault(numbered[states], {})
        if end in states:
            ends.add(numbered[states])
        reached: dict[str, set[int]] = {}
        for state in states:
            for letter, after in builder.letters[state].items():
                reached.setdefault(letter, set()).update(after)
        for letter, after_states in reached.items():
            closed = builder.closure(frozenset(after_states))
            if closed not in numbered:
                numbered[closed] = len(numbered)
                todo.append(closed)
            own[letter] = numbered[closed]
    return steps, ends


def _merged(steps: _Steps, ends: set[int]) -> tuple[_Steps, set[int]]:
    """States with the same future become one. Without cycles one look from the ends backwards is enough."""
    same: dict[tuple[bool, tuple[tuple[str, int], ...]], int] = {}
    new: dict[int, int] = {}

    def visit(state: int) -> int:
        stack = [state]
        while stack:
            top = stack[-1]
            waiting = [after for after in steps[top].values() if after not in new]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            if top not in new:
                future = tuple(sorted((letter, new[after]) for letter, after in steps[top].items()))
                new[top] = same.setdefault((top in ends, future), len(same))
        return new[state]

    start = visit(0)
    order = {start: 0}
    for number in same.values():
        order.setdefault(number, len(order))
    kept = {order[number]: {letter: order[after] for letter, after in key[1]} for key, number in same.items()}
    return kept, {order[number] for key, number in same.items() if key[0]}


def _packed(letters: list[int], edges: list[tuple[int, int]], finals: list[list[int]]) -> Automaton:
    pairs = np.asarray(sorted(edges), dtype=np.int64).reshape(-1, 2)
    target, source = pairs[:, 0], pairs[:, 1]
    letter = np.asarray(letters, dtype=np.int64)
    reached, firsts = np.unique(target, return_index=True)
    ends = tuple(np.asarray(sorted(states), dtype=np.int64) for states in finals)
    return Automaton(letter, source, target, letter[source] == letter[target], reached, firsts, ends)


@dataclass(frozen=True, slots=True)
class Path:
    """A best path: its log probability and the letters along it."""

    score: float
    text: str


_NEVER = np.float32(-1e9)
Scores = NDArray[np.float32]


class Decoder:
    """Best (Viterbi) paths of CTC outputs through one automaton. Column 0 of an output is the blank."""

    def __init__(self, automaton: Automaton, alphabet: str) -> None:
        self.automaton = automaton
        self.alphabet = alphabet

    def scores(self, logp: Scores) -> Scores:
        """Log probability of the best path of each compiled expression."""
        ends = np.maximum(*self._run(logp)[-1])
        return np.asarray([ends[final].max(initial=_NEVER) for final in self.automaton.finals], dtype=np.float32)

    def best(self, logp: Scores) -> Path:
        """The best path over all expressions, with its letters."""
        history = self._run(logp)
        ends = np.maximum(*history[-1])
        finals = np.concatenate(self.automaton.finals)
        state = int(finals[int(ends[finals].argmax())])
        return Path(float(ends[state]), self._letters(state, history))

    def _run(self, logp: Scores) -> list[tuple[Scores, Scores]]:
        """Scores of every state after each column: its letter in this column, and a blank since."""
        auto = self.automaton
        written = np.full(auto.letter.size, _NEVER, np.float32)
        resting = np.where(auto.letter < 0, np.float32(0), _NEVER).astype(np.float32)
        history = [(written, resting)]
        entered = np.full(auto.letter.size, _NEVER, np.float32)
        for column in logp:
            either = np.maximum(written, resting)
            arriving = np.where(auto.doubled, resting[auto.source], either[auto.source])
            entered[auto.reached] = np.maximum.reduceat(arriving, auto.firsts)
            written = np.maximum(written, entered) + column[1:][auto.letter]
            resting = either + column[0]
            history.append((written, resting))
        return history

    def _letters(self, state: int, history: list[tuple[Scores, Scores]]) -> str:
        """Walk back from a final state to the start."""
        auto = self.automaton
        out: list[str] = []
        time = len(history) - 1
        resting = bool(history[time][1][state] >= history[time][0][state])
        while time > 0 and auto.letter[state] >= 0:
            before_written, before_resting = history[time - 1]
            if resting:
                resting = bool(before_resting[state] >= before_written[state])
            else:
                edges = slice(*np.searchsorted(auto.target, [state, state + 1]))
                sources, doubled = auto.source[edges], auto.doubled[edges]
                either = np.maximum(before_written[sources], before_resting[sources])
                arriving = np.where(doubled, before_resting[sources], either)
                at = int(arriving.argmax())
                if arriving[at] >= before_written[state]:
                    out.append(self.alphabet[int(auto.letter[state])])
                    state = int(sources[at])
                    resting = bool(doubled[at] or before_resting[state] >= before_written[state])
            time -= 1
        return "".join(reversed(out))
