"""From the readers of a CMC-7 line to one line that says how far it can be trusted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from models.cheque import Cmc7Line, rlmc_key
from models.reading import Word
from ocr.cheque.characters import CharacterReader, Shapes
from ocr.cheque.cmc7 import CHARACTERS, DIGITS, FRAME, Decoded
from ocr.cheque.find import Found

_CELLS = FRAME.replace(" ", "")
_CLEAR = 0.06  # correlation by which a digit must beat the next to count as read by the filter
_SURE = 0.80  # probability from which the network is believed before the filter
_VERY_SURE = 0.97  # and from which it needs no second where the filter saw nothing clear


def combined(found: Found, reader: CharacterReader | None, key: str | None, echo: Sequence[Word] = ()) -> Cmc7Line:
    """One line from the bars' filter, the shapes' network, the printed key and the digits printed elsewhere.

    Vouched for where filter and network agree on every character, where the key proves the line, or where the same
    31 digits were read in ordinary print on the cheque.
    """
    decoded = found.decoded
    if decoded is None:
        raise ValueError("a French line was expected here")
    shapes = reader.read(found.ink, decoded) if reader is not None else None
    text, doubtful = _merged(decoded, shapes)
    line = Cmc7Line(text, _confidence(decoded, shapes), key, vouched=False)
    if len(doubtful) == 1 and key is not None and line.rlmc_ok is not True:
        line = replace(line, text=repaired(text, doubtful[0], key) or text)
        proposals = {decoded.text[doubtful[0]], shapes.text[doubtful[0]] if shapes else "?"}
        proven = line.rlmc_ok is True and line.text[doubtful[0]] in proposals
        return replace(line, vouched=proven)
    agree = shapes is not None and shapes.text == decoded.text
    vouched = line.zones is not None and (line.rlmc_ok is True or (agree and line.rlmc_ok is not False))
    return replace(line, vouched=vouched or _echoed(line, echo))


def _merged(decoded: Decoded, shapes: Shapes | None) -> tuple[str, list[int]]:
    """The characters, and the places where the readers leave a doubt."""
    out, doubtful = [], []
    for at, symbol in enumerate(_CELLS):
        by_filter, clear = decoded.text[at], decoded.margins[at] >= _CLEAR and decoded.text[at] != "?"
        if symbol != "#":
            out.append(symbol)
            continue
        if shapes is None:
            out.append(by_filter)
            doubtful += [at] * (not clear)
            continue
        by_shape, sure = shapes.text[at], shapes.sureness[at]
        digit = by_shape in DIGITS
        out.append(by_shape if digit and (sure >= _SURE or not clear) else by_filter)
        if by_filter != by_shape and not (digit and sure >= _VERY_SURE and not clear):
            doubtful.append(at)
    return "".join(out), doubtful


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


def _confidence(decoded: Decoded, shapes: Shapes | None) -> float:
    surest = min(decoded.margins)
    by_filter = max(0.0, min(0.99, decoded.fit + min(0.0, 2 * (surest - _CLEAR))))
    if shapes is None:
        return by_filter
    agree = sum(a == b for a, b in zip(decoded.text, shapes.text, strict=True)) / len(shapes.text)
    return min(0.999, 0.5 * agree + 0.5 * min(shapes.sureness)) if agree == 1.0 else 0.9 * agree


def _echoed(line: Cmc7Line, words: Sequence[Word]) -> bool:
    """The digits of the line stand once more in ordinary print at the top right of the cheque."""
    if line.zones is None:
        return False
    printed = re.sub(r"\D", "", "".join(word.text for word in words))
    return all(zone in printed for zone in line.zones)
