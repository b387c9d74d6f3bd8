"""From what a network saw at each step of a line to the likeliest text, with the letter model's advice.

Connectionist temporal classification, prefix beam search (Graves 2006, Hannun 2014). Scores are natural logarithms.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ocr.letters import ALPHABET, LetterModel

BEAMS = 12
ADVICE = 0.8  # weight of the letter model beside the network
CODE_ADVICE = -2.5  # least advice beside a digit: sentences know nothing of the letters of a reference
PER_LETTER = 2.0  # reward a letter, or the advice would always prefer fewer
_LEAST = 2e-3  # a letter less likely than this at a step is not tried
_SURE = 0.995
_NEVER = -1e30
BLANK = 0


def read_steps(steps: Any, model: LetterModel | None, before: str = " ") -> str:
    """The text of one line. `steps` (T, 1 + letters) are probabilities: blank first, then ALPHABET in order.

    `before` is what stands in front of the line; its last letters start the advice.
    """
    if model is None:
        return _letter_by_letter(steps)
    logs = np.log(np.maximum(steps, 1e-12))
    beams: dict[str, tuple[float, float]] = {"": (0.0, _NEVER)}  # text -> (ends in blank, ends in its letter)
    advised: dict[str, float] = {"": 0.0}
    for step, log in zip(steps, logs, strict=True):
        if step[BLANK] > _SURE:
            beams = {text: (_add(*ends) + log[BLANK], _NEVER) for text, ends in beams.items()}
            continue
        beams = _advance(beams, advised, log, np.flatnonzero(step > _LEAST), model, before)
    return max(beams, key=lambda text: _add(*beams[text]) + advised[text])


def _advance(
    beams: dict[str, tuple[float, float]],
    advised: dict[str, float],
    log: Any,
    tried: Any,
    model: LetterModel,
    before: str,
) -> dict[str, tuple[float, float]]:
    grown: dict[str, list[float]] = {}
    letters = [(int(index), ALPHABET[index - 1], float(log[index])) for index in tried if index != BLANK]
    for text, (blank, letter) in beams.items():
        both = _add(blank, letter)
        stay = grown.setdefault(text, [_NEVER, _NEVER])
        stay[0] = _add(stay[0], both + float(log[BLANK]))
        last = text[-1:]
        for index, new, seen in letters:
            if new == last:
                stay[1] = _add(stay[1], letter + seen)
                arrived = blank + seen
            else:
                arrived = both + seen
            longer = text + new
            if longer not in advised:
                advice = model.scores((before + text)[-5:])[index - 1]
                if new.isdigit() or last.isdigit():
                    advice = max(advice, CODE_ADVICE)
                advised[longer] = advised[text] + ADVICE * float(advice) + PER_LETTER
            place = grown.setdefault(longer, [_NEVER, _NEVER])
            place[1] = _add(place[1], arrived)
    best = sorted(grown, key=lambda text: -(_add(*grown[text]) + advised[text]))[:BEAMS]
    return {text: (grown[text][0], grown[text][1]) for text in best}


def _add(one: float, other: float) -> float:
    """log(exp(one) + exp(other))."""
    if one < other:
        one, other = other, one
    return one if other < one - 40 else one + math.log1p(math.exp(other - one))


def _letter_by_letter(steps: Any) -> str:
    best = steps.argmax(axis=1)
    kept = [index for at, index in enumerate(best) if index != BLANK and (at == 0 or index != best[at - 1])]
    return "".join(ALPHABET[index - 1] for index in kept)


def aligned(steps: Any, text: str) -> Sequence[tuple[int, float]]:
    """For every letter of `text`, the step where it is clearest and its probability there (Viterbi path)."""
    codes = [BLANK]
    for letter in text:
        codes += [ALPHABET.index(letter) + 1, BLANK]
    logs = np.log(np.maximum(steps[:, codes], 1e-9))
    skip = np.array([at > 1 and at % 2 == 1 and codes[at] != codes[at - 2] for at in range(len(codes))])
    score = np.full(len(codes), _NEVER)
    score[: min(2, len(codes))] = logs[0, : min(2, len(codes))]
    back = np.zeros(logs.shape, np.int8)
    for at in range(1, len(logs)):
        moves = np.stack([score, _shifted(score, 1), np.where(skip, _shifted(score, 2), _NEVER)])
        back[at] = moves.argmax(axis=0)
        score = moves.max(axis=0) + logs[at]
    state = len(codes) - 1 if len(codes) == 1 or score[-1] >= score[-2] else len(codes) - 2
    clearest: list[tuple[int, float]] = [(0, 0.0)] * len(text)
    for at in range(len(logs) - 1, -1, -1):
        if state % 2 == 1:
            seen = float(steps[at, codes[state]])
            if seen >= clearest[state // 2][1]:
                clearest[state // 2] = (at, seen)
        state -= int(back[at, state])
    return clearest


def _shifted(score: Any, by: int) -> Any:
    moved = np.full_like(score, _NEVER)
    moved[by:] = score[:-by]
    return moved
