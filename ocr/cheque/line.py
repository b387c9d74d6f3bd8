"""From the readers of a CMC-7 line to one line that says how far it can be trusted."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.cheque import Cmc7Line, rlmc_key
from models.reading import Word
from ocr.cheque.characters import CharacterReader, Shapes
from ocr.cheque.cmc7 import CHARACTERS, DIGITS, FRAME, Decoded
from ocr.cheque.find import Found

_CELLS = FRAME.replace(" ", "")
_SYMBOLS = tuple(at for at, symbol in enumerate(_CELLS) if symbol != "#")
_CLEAR = 0.06  # correlation by which a digit must beat the next to count as read by the filter alone
_A_CORRELATION = 10.0  # log odds that a whole correlation of the filter weighs beside the network's log probability
_LEAST = -9.0  # no log probability of the network counts for less
# Log odds of a digit over the next. On 1,378 hard drawn lines a wrong digit had up to 7.7 where much of a line was
# missing, but the most doubtful digit of a wrong line never more than 2.7; most right digits have over 8.
_DOUBT = 4.0
_AGREED = 3.0
_CERTAIN = 8.0
_CONTRADICTS = 0.10  # correlation by which the filter must prefer another digit to speak against one


@dataclass(frozen=True, slots=True)
class _Joint:
    """What both readers say together: 35 characters, log odds of each digit over the next, the doubtful places."""

    text: str
    odds: tuple[float, ...]
    doubtful: tuple[int, ...]
    contradicted: bool = True  # the filter would clearly rather see another digit somewhere


def combined(found: Found, reader: CharacterReader | None, key: str | None, echo: Sequence[Word] = ()) -> Cmc7Line:
    """One line from the bars' filter, the shapes' network, the printed key and the digits printed elsewhere.

    Vouched for where filter and network agree on every character, where together they leave no doubt about any,
    where the key proves the line, or where the same 31 digits were read in ordinary print on the cheque.
    """
    decoded = found.decoded
    if decoded is None:
        raise ValueError("a French line was expected here")
    shapes = found.seen or (reader.read(found.ink, decoded) if reader is not None else None)
    joint = _by_filter(decoded) if shapes is None else _together(decoded, shapes)
    line = Cmc7Line(joint.text, _confidence(decoded, joint, shapes is not None), key, vouched=False)
    if len(joint.doubtful) == 1 and key is not None and line.rlmc_ok is not True:
        (place,) = joint.doubtful
        line = replace(line, text=repaired(joint.text, place, key) or joint.text)
        proposals = {decoded.text[place], shapes.text[place] if shapes else "?"}
        return replace(line, vouched=line.rlmc_ok is True and line.text[place] in proposals)
    supported = shapes is not None and line.rlmc_ok is not False and _supported(joint, decoded, shapes)
    vouched = line.zones is not None and (line.rlmc_ok is True or supported)
    return replace(line, vouched=vouched or _echoed(line, echo))


def _by_filter(decoded: Decoded) -> _Joint:
    unclear = (at for at, margin in enumerate(decoded.margins) if margin < _CLEAR or decoded.text[at] == "?")
    doubtful = tuple(at for at in unclear if at not in _SYMBOLS)
    return _Joint(decoded.text, tuple(_A_CORRELATION * margin for margin in decoded.margins), doubtful)


def _together(decoded: Decoded, shapes: Shapes) -> _Joint:
    """The frame says where digits stand; each is the one that filter and network together find likeliest."""
    correlations = np.asarray(decoded.scores, dtype=np.float32)
    scores = np.maximum(shapes.logp, _LEAST) + _A_CORRELATION * correlations
    digits, own = scores[:, : len(DIGITS)], correlations[:, : len(DIGITS)]
    best, ranked = digits.argmax(axis=1), np.sort(digits, axis=1)
    odds = [math.inf if at in _SYMBOLS else float(ranked[at, -1] - ranked[at, -2]) for at in range(len(_CELLS))]
    text = "".join(symbol if symbol != "#" else DIGITS[best[at]] for at, symbol in enumerate(_CELLS))
    behind = own.max(axis=1) - own[np.arange(len(_CELLS)), best]
    contradicted = any(behind[at] > _CONTRADICTS for at in range(len(_CELLS)) if at not in _SYMBOLS)
    return _Joint(text, tuple(odds), tuple(at for at, one in enumerate(odds) if one < _DOUBT), contradicted)


def _supported(joint: _Joint, decoded: Decoded, shapes: Shapes) -> bool:
    """Two readers stand behind every character."""
    if decoded.text == shapes.text == joint.text:
        return min(joint.odds) >= _AGREED
    seen = sum(shapes.text[at] == _CELLS[at] for at in _SYMBOLS)
    return seen >= 3 and not joint.contradicted and min(joint.odds) >= _CERTAIN


def repaired(text: str, at: int, key: str) -> str | None:
    """The line with its one unread digit filled in so that the printed key holds; None where that is no digit.

    One located digit always has exactly one solution (domain dossier 1.3); two have not, so two are never tried.
    """
    if text[at] not in DIGITS + "?" or any(sign not in CHARACTERS for place, sign in enumerate(text) if place != at):
        return None
    for digit in DIGITS:
        line = text[:at] + digit + text[at + 1 :]
        zones = re.fullmatch(r"C(\d{7})C(\d{12})E(\d{12})A", line)
        if zones is not None and rlmc_key(zones[1], zones[2], zones[3]) == int(key):
            return line
    return None


def _confidence(decoded: Decoded, joint: _Joint, both: bool) -> float:
    """How likely every character is right; of the filter alone, how well and clearly its profiles fit."""
    if both:
        return min(0.999, float(np.prod(1 / (1 + np.exp(-np.asarray(joint.odds))))))
    return max(0.0, min(0.99, decoded.fit + min(0.0, 2 * (min(decoded.margins) - _CLEAR))))


def _echoed(line: Cmc7Line, words: Sequence[Word]) -> bool:
    """The digits of the line stand once more in ordinary print at the top right of the cheque."""
    if line.zones is None:
        return False
    printed = re.sub(r"\D", "", "".join(word.text for word in words))
    return all(zone in printed for zone in line.zones)
