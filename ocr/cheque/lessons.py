"""A cheque whose amount a person has given, as crops with what they say: training pairs for our own networks.

People write a sum in many ways; which one stands on the paper is found by laying every way of writing this sum on what
the network sees and taking the likeliest.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.money import Cents
from ocr.cheque import amount_words, fields
from ocr.cheque.alphabet import FIGURES, LINES
from ocr.cheque.amounts import figures_expression
from ocr.cheque.automaton import Decoder, Expression, compile_expressions
from ocr.cheque.characters import CharacterReader
from ocr.cheque.find import find_cheques
from ocr.cheque.geometry import Floats, Gray, straighten
from ocr.cheque.recogniser import FieldNetworks, field_networks, own_network, sureness


@dataclass(frozen=True, slots=True)
class Lesson:
    """`kind`: "figures" or "lines"; `crop`: 48 pixels high, ink bright on black; `text`: what it says."""

    kind: str
    crop: Gray
    text: str

    @property
    def png(self) -> bytes:
        return cv2.imencode(".png", self.crop)[1].tobytes()


def lessons_of(page: Gray, dpi: float, cents: Cents, networks: FieldNetworks | None = None) -> list[Lesson]:
    """Of a page with exactly one cheque; empty otherwise. Words on two lines are left out: where the line breaks is
    not known."""
    shapes = own_network("characters")
    found = [one for one in find_cheques(page, dpi, CharacterReader(shapes) if shapes else None) if one.decoded]
    if len(found) != 1 or not 0 < cents <= amount_words.LARGEST:
        return []
    networks = networks or field_networks()
    ink = fields.ink_picture(straighten(page, found[0].frame))
    layout = fields.find_layout(ink)
    boxes = [fields.figures_crop(ink, layout, scale) for scale in fields.FIGURES_SCALES]
    box, seen = _surest([(crop, networks.figures(crop)) for crop in boxes])
    written = (
        f"{cents // 100},{cents % 100:02d}" if seen is None else _laid_on(seen, figures_expression(cents), FIGURES)
    )
    made = [Lesson("figures", box, written)] if written else []
    if not fields.line_written(ink, layout, "words_second"):
        crops = [fields.line_crop(ink, layout, "words_first", scale) for scale in fields.LINE_SCALES]
        looks = [(crop, networks.words(crop, None)) for crop in crops]
        line, words = _surest([(crop, look and look[0]) for crop, look in looks])
        text = _laid_on(words, amount_words.amount_expression(cents), LINES) if words is not None else ""
        made += [Lesson("lines", line, text)] if text else []
    return made


def _surest(looks: list[tuple[Gray, Floats | None]]) -> tuple[Gray, Floats | None]:
    """The crop at the scale that suits the writing, and what was seen on it."""
    return max(looks, key=lambda look: -np.inf if look[1] is None else sureness(look[1]))


def _laid_on(seen: Floats, ways: Expression, letters: str) -> str:
    """The likeliest way of writing; empty where there are fewer columns than letters."""
    return Decoder(compile_expressions([ways], letters), letters).best(seen).text
