"""Lines of solid characters placed by their right edges are named foreign; typewritten ones of the same pitch are not.

The glyphs are drawn after the font's grid of 0.013 inch: breadth, height and place are those of the standard, the
strokes inside only much like it.
"""

from __future__ import annotations

from datetime import date

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.cheque import ChequeProblem
from ocr.cheque import ChequeReader

UNIT, FINE = 0.3302, 16  # mm; pixels a millimetre while they are drawn
GLYPHS = {
    "0": "#######|#.....#|#.....#|#.....#|#.....#|#.....#|#.....#|#.....#|#######",
    "1": ".##.|..#.|..#.|..#.|..#.|####|####|####|####",
    "2": "####|...#|...#|...#|####|#...|#...|#...|####",
    "3": "####.|...#.|...#.|...#.|#####|...##|...##|...##|#####",
    "4": "#....|#....|#....|#..##|#..##|#####|...##|...##|...##",
    "5": "#####|#....|#....|#....|#####|....#|....#|....#|#####",
    "6": "##....|#.....|#.....|#.....|######|#....#|#....#|#....#|######",
    "7": "#####|#...#|#...#|...##|...#.|..##.|..#..|..#..|..#..",
    "8": ".#####.|.#...#.|.#...#.|.#...#.|#######|##...##|##...##|##...##|#######",
    "9": "######|#....#|#....#|#....#|######|....##|....##|....##|....##",
    "T": ".......|###....|###....|###.##.|....##.|....##.|###.##.|###....|###....",
    "U": "#.#.##|#.#.##|#.#.##|#.#...|#.#...|#.#.##|#.#.##|#.#.##|......",
}


def page_with(text: str, dpi: int, aligned: float) -> NDArray[np.uint8]:
    """`aligned`: 1 characters end at the right of their cells, 0.5 they stand in the middle as typewriters have it."""
    strip = np.full((6 * FINE, round((len(text) * 3.175 + 6) * FINE)), 240, np.uint8)
    for cell, sign in enumerate(text):
        rows = GLYPHS[sign].split("|") if sign != " " else []
        for y, row in enumerate(rows):
            for x, mark in enumerate(row):
                left = 3 + cell * 3.175 + (3.175 - len(row) * UNIT) * aligned + x * UNIT
                if mark == "#":
                    top = round((1.5 + y * UNIT) * FINE)
                    strip[top : top + 6, round(left * FINE) : round((left + UNIT) * FINE)] = 30
    scale = dpi / 25.4
    size = (round(strip.shape[1] * scale / FINE), round(strip.shape[0] * scale / FINE))
    small = np.asarray(cv2.resize(strip, size, interpolation=cv2.INTER_AREA))
    page = np.full((round(110 * scale), round(200 * scale)), 240, np.uint8)
    page[round(75 * scale) :][: size[1], round(30 * scale) :][:, : size[0]] = small
    noisy = page + np.random.default_rng(dpi).normal(0, 6, page.shape)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("text", ["U001024U T122105278T 0724301068U", "T021000021T 1234567890U 0123"])
@pytest.mark.parametrize("turned", [False, True])
def test_a_line_of_the_other_font_is_named_foreign_and_not_read(text: str, dpi: int, turned: bool) -> None:
    page = page_with(text, dpi, aligned=1.0)
    page = np.ascontiguousarray(page[::-1, ::-1]) if turned else page
    (reading,) = ChequeReader().read(page, dpi, 1, date(2026, 7, 20))
    assert reading.problems == (ChequeProblem.FOREIGN_LINE,)
    assert reading.line is None  # nothing was read: there is nothing by which two of them would be one
    assert reading.amount is None


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_solid_characters_in_the_middle_of_their_cells_are_no_cheque(dpi: int) -> None:
    page = page_with("00102432 122105278 0724301068 21", dpi, aligned=0.5)
    assert ChequeReader().read(page, dpi, 1, date(2026, 7, 20)) == ()
