"""Beam search over a CTC output: the likeliest strings, whichever way they lie in its columns."""

from __future__ import annotations

import numpy as np

from ocr.cheque.geometry import Floats

_BEAM = 16


def beam(logp: Floats, letters: str, width: int = _BEAM) -> list[tuple[str, float]]:
    """Likeliest strings of a CTC output with their log probabilities, best first."""
    hypotheses: dict[str, tuple[float, float]] = {"": (0.0, -np.inf)}  # ending in blank, ending in its letter
    for column in logp:
        likely = [index for index in np.argsort(-column)[:5].tolist() if column[index] > -7.0]
        grown: dict[str, tuple[float, float]] = {}
        for text, (rest, own) in hypotheses.items():
            whole = float(np.logaddexp(rest, own))
            for index in likely:
                share = float(column[index])
                if index == 0:
                    _add(grown, text, whole + share, -np.inf)
                    continue
                letter = letters[index - 1]
                if text.endswith(letter):
                    _add(grown, text, -np.inf, own + share)
                    _add(grown, text + letter, -np.inf, rest + share)
                else:
                    _add(grown, text + letter, -np.inf, whole + share)
        ranked = sorted(grown.items(), key=lambda item: -max(item[1]))
        hypotheses = dict(ranked[:width])
    ended = [(text, float(np.logaddexp(*scores))) for text, scores in hypotheses.items()]
    return sorted(ended, key=lambda item: -item[1])


def _add(grown: dict[str, tuple[float, float]], text: str, rest: float, own: float) -> None:
    before = grown.get(text, (-np.inf, -np.inf))
    grown[text] = (float(np.logaddexp(before[0], rest)), float(np.logaddexp(before[1], own)))
