"""Pages in one block are read without a search for columns; whatever may have columns is left to the engine."""

from __future__ import annotations

import numpy as np
import pytest

from models.reading import Page
from ocr.columns import is_one_block
from ocr.engines import AUTOMATIC_LAYOUT, ONE_BLOCK, SeenLine, first_reader
from ocr.images import PageImage, Pixels
from ocr.page import PageReader
from ocr.prepare import flatten_light, resized
from tests.ocr.paper import A4, LETTER, typed_page

LEFT = ("Jeanne Martel", "14 rue des Tanneurs", "67000 STRASBOURG")
RIGHT = ("Société Durand", "8 place du Marché", "69002 LYON")


def beside(left: Pixels, right: Pixels) -> Pixels:
    return np.minimum(left, np.roll(right, A4[0] // 2, axis=1))


def one_block(page: Pixels) -> bool:
    return is_one_block(resized(flatten_light(page, 200), 0.5), 100)


def test_a_letter_is_one_block() -> None:
    assert one_block(typed_page())


def test_a_date_beside_the_name_is_no_column() -> None:
    assert one_block(beside(typed_page(), typed_page(["", "", "le 3 mars 2026"])))


def test_two_addresses_side_by_side_are_columns() -> None:
    assert not one_block(beside(typed_page(LEFT), typed_page(RIGHT)))


def test_a_frame_is_no_block_of_text() -> None:
    page = typed_page()
    page[300:700, 200:204] = 0
    assert not one_block(page)


@pytest.mark.parametrize("side", [1, 3, 30])
def test_a_scrap_is_left_to_the_engine(side: int) -> None:
    assert not is_one_block(np.full((side, side), 248, np.uint8), 100)


class Listening:
    """The first reader, and what layout it was asked for."""

    name = "listening"

    def __init__(self) -> None:
        self.asked: list[int] = []

    def read_lines(self, gray: Pixels, dpi: float, layout: int = AUTOMATIC_LAYOUT) -> tuple[SeenLine, ...]:
        self.asked.append(layout)
        return first_reader().read_lines(gray, dpi, layout)


def read(page: Pixels) -> tuple[Page, list[int]]:
    engine = Listening()
    return PageReader(second_reader=False, first=engine).read(PageImage(page, 200), 1).page, engine.asked


def test_one_block_is_read_as_one() -> None:
    page, asked = read(typed_page())
    assert asked == [ONE_BLOCK]
    assert set(" ".join(LETTER).split()) <= set(page.text.split())


def test_addresses_side_by_side_are_left_to_the_engine() -> None:
    page, asked = read(beside(typed_page([*LEFT, *[""] * 3, *LETTER[5:]]), typed_page(RIGHT)))
    assert asked == [AUTOMATIC_LAYOUT]
    assert {"STRASBOURG", "LYON"} <= set(page.text.split())
