"""The date of one cheque: a first look at its line, and further looks only where that leaves a doubt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from ocr.cheque.alphabet import DATES
from ocr.cheque.dates import decode_date
from ocr.cheque.fields import Layout
from ocr.cheque.geometry import Floats, Gray, Zone
from ocr.cheque.recogniser import cut_line, folded_scores

_LEFT, _RIGHT = 130.5, 175.0  # mm
_USUAL, _CLOSE = (5.4, 1.9), (4.3, 1.4)  # mm above and below the rule: small writing is read better from closer
_NEXT_LINE = 4.6  # mm down: some banks' rule of the place is taken for that of the date
_SURE = 0.90
_LOST = 0.70  # below this the date may stand on another line


class ReadsCrops(Protocol):
    """ocr.cheque.recogniser.PageNetwork keeps this promise."""

    def read(self, crops: Sequence[Gray]) -> list[Floats]: ...


def read_date(
    ink: Gray, layout: Layout, first: Floats, network: ReadsCrops, received_on: date
) -> tuple[date | None, float]:
    """The day written, and how sure (0..1). `first`: what the network made of the usual cut of the line."""
    seen = folded_scores(first, DATES)
    day, sure = decode_date([seen], received_on)
    if sure >= _SURE:
        return day, sure
    closer = network.read([_crop(ink, layout.rules["date"], _CLOSE)])
    day, sure = decode_date([seen, folded_scores(closer[0], DATES)], received_on)
    if sure >= _LOST:
        return day, sure
    below = network.read([_crop(ink, layout.rules["date"] + _NEXT_LINE, cut) for cut in (_USUAL, _CLOSE)])
    other, surer = decode_date([folded_scores(one, DATES) for one in below], received_on)
    return (other, surer) if surer > sure else (day, sure)


def _crop(ink: Gray, rule: float, reach: tuple[float, float]) -> Gray:
    return cut_line(ink, Zone(_LEFT, rule - reach[0], _RIGHT, rule + reach[1]))
