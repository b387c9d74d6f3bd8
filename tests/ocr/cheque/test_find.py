from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.cheque import ChequeProblem
from ocr.cheque import ChequeReader, cmc7
from ocr.cheque.find import find_cheques
from ocr.cheque.geometry import LINE_BASE, LINE_LEFT
from training.cheques.bottom_strips import Condition, strip_page
from training.cheques.paper import draw_line, random_line

LINE = "C6679545C042014506908E052108899000A"
FINE = 24  # pixels a millimetre while bars are drawn


FRENCH = tuple(cell for cell, symbol in enumerate(cmc7.FRAME) if symbol != " ")


def bars(text: str, cells: Sequence[int] = FRENCH) -> NDArray[np.uint8]:
    """A line of bars of full height on 2 mm of paper, drawn from the code table."""
    strip = np.full((round(6.85 * FINE), round((cmc7.LINE_LENGTH + 4) * FINE)), 245, np.uint8)
    for cell, character in zip(cells, text, strict=True):
        edges = cmc7.bar_positions(cmc7.CODES[character])
        start = 2 + cell * cmc7.PITCH + (cmc7.CHARACTER_WIDTH - edges[-1] - cmc7.BAR) / 2
        for edge in edges:
            left = round((start + edge) * FINE)
            strip[2 * FINE : round(4.85 * FINE), left : left + round(cmc7.BAR * FINE)] = 20
    return strip


def page_with(places: list[tuple[str, float, float]], dpi: int = 200) -> NDArray[np.uint8]:
    """A 210 x 160 mm page with lines whose first bar's foot stands at (x, y) mm."""
    scale = dpi / 25.4
    page = np.full((round(160 * scale), round(210 * scale)), 245, np.uint8)
    for text, x, y in places:
        strip = bars(text)
        size = (round(strip.shape[1] * scale / FINE), round(strip.shape[0] * scale / FINE))
        small = np.asarray(cv2.resize(strip, size, interpolation=cv2.INTER_AREA))
        top, left = round((y - 4.85) * scale), round((x - 2) * scale)
        window = page[top : top + size[1], left : left + size[0]]
        np.minimum(window, small, out=window)
    return page


def text_page() -> NDArray[np.uint8]:
    """Rows of letters on a page of 200 dpi."""
    page = np.full((1600, 1650), 245, np.uint8)
    for row in range(80, 1500, 42):
        cv2.putText(
            page, "Madame, Monsieur, je vous ecris au sujet du dossier 1234567 en cours", (90, row), 0, 0.9, 30, 2
        )
    return page


@pytest.mark.parametrize("turn", [None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE])
@pytest.mark.parametrize("dpi", [200, 300])
def test_a_line_is_found_and_read_at_any_of_four_turns(turn: int | None, dpi: int) -> None:
    page = page_with([(LINE, 25, 120)], dpi)
    found = find_cheques(page if turn is None else np.asarray(cv2.rotate(page, turn), np.uint8), dpi)
    assert [one.decoded.text for one in found if one.decoded] == [LINE]


def test_the_frame_says_where_the_cheque_lies() -> None:
    page = page_with([(LINE, 25, 120)])
    (found,) = find_cheques(page, 200)
    x, y = found.frame.to_page(LINE_LEFT, LINE_BASE)
    assert abs(x / 200 * 25.4 - 25) < 0.3
    assert abs(y / 200 * 25.4 - 120) < 0.3


def test_several_cheques_on_a_page_are_each_found_from_top_to_bottom() -> None:
    other = "C1234567C000014506908E111111111111A"
    found = find_cheques(page_with([(LINE, 15, 150), (other, 40, 60)]), 200)
    assert [one.decoded.text for one in found if one.decoded] == [other, LINE]


@pytest.mark.parametrize("page", [text_page(), np.full((1600, 1650), 250, np.uint8), np.full((40, 40), 250, np.uint8)])
def test_pages_without_a_line_have_no_cheque(page: NDArray[np.uint8]) -> None:
    assert ChequeReader(["Cabinet Bréhat"]).read(page, 200, 1, date(2026, 7, 20)) == ()


def test_barcodes_are_no_cheques() -> None:
    page = np.full((1600, 1650), 250, np.uint8)
    random = np.random.default_rng(3)
    x = 200
    while x < 1200:
        width = int(random.integers(2, 7))
        page[700:820, x : x + width] = 20
        x += width + int(random.integers(2, 7))
    assert find_cheques(page, 200) == ()


def test_a_pale_line_on_noisy_paper_is_found() -> None:
    """Grey 150 on grey 190 among noise nearly as strong."""
    page = page_with([(LINE, 25, 120)])
    noise = np.random.default_rng(5).normal(0, 9, page.shape)
    pale = np.clip(150 + 40 * (page / 245.0) + noise, 0, 255).astype(np.uint8)
    assert [one.decoded.text for one in find_cheques(pale, 200) if one.decoded] == [LINE]


def test_a_broken_line_in_two_tones_is_found() -> None:
    random = np.random.default_rng(6)
    page = page_with([(LINE, 25, 120)])
    broken = np.where((page < 150) & (random.random(page.shape) < 0.55), 0, 255).astype(np.uint8)
    (found,) = find_cheques(broken, 200, ChequeReader().shapes)
    assert found.decoded is not None


@pytest.mark.parametrize(
    ("condition", "number"),
    [
        (Condition("specks", hard=0.9, skew=2.0, wear=0.6, strokes=0.5, stamp=0.15, blur=0.05, pattern=0.4), 87),
        (Condition("grain", dpi=150, hard=0.8, skew=2.0, wear=0.5, strokes=0.3, stamp=0.1, pattern=0.3), 118),
        (Condition("bars lost", hard=0.5, skew=1.5, wear=0.4, pattern=0.3), 175),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_a_line_is_found_where_grain_is_as_strong_or_two_tones_lost_most_bars(
    condition: Condition, number: int
) -> None:
    random = np.random.default_rng([9_002, number])
    page, _, _ = strip_page(random_line(random), condition, random)
    (found,) = find_cheques(page, condition.dpi, ChequeReader().shapes)
    assert found.decoded is not None


def test_a_pale_line_below_a_pattern_that_fills_the_cheque_is_found() -> None:
    random = np.random.default_rng(5)
    y, x = np.mgrid[0:640, 0:1400].astype(np.float32)
    page = np.full((640, 1400), 235, np.uint8)
    page[:510] = (165 + 65 * np.sin((x + 9 * np.sin(y / 17)) * 0.9))[:510]
    ink, _ = draw_line(LINE, random, 0.0, 200 / 25.4)
    window = page[560 : 560 + ink.shape[0], 90 : 90 + ink.shape[1]]
    window[:] = np.minimum(window, 235 - ink.astype(np.float32) * 0.2).astype(np.uint8)
    (found,) = find_cheques(page, 200, ChequeReader().shapes)
    assert found.decoded is not None
    assert found.decoded.text == LINE


@pytest.mark.parametrize("number", [1, 2, 4, 12])
def test_a_line_that_shines_through_from_the_other_side_is_no_second_cheque(number: int) -> None:
    random = np.random.default_rng(number)
    page = np.full((1260, 1654), 240, np.uint8)
    ink, _ = draw_line(LINE, random, 0.0, 200 / 25.4)
    window = page[900 : 900 + ink.shape[0], 200 : 200 + ink.shape[1]]
    window[:] = np.minimum(window, 240 - ink.astype(np.float32) * 0.3).astype(np.uint8)
    shapes = ChequeReader().shapes
    (front,) = find_cheques(page, 200, shapes)
    (back,) = find_cheques(np.ascontiguousarray(page[:, ::-1]), 200, shapes)
    assert (front.shows_through, back.shows_through) == (False, True)
    assert ChequeReader().read(np.ascontiguousarray(page[:, ::-1]), 200, 1, date(2026, 7, 20)) == ()


@pytest.mark.parametrize("line", ["A24681357A1029384756C564738291057D", "A2468135E102B9384756473829105A"])
@pytest.mark.parametrize("dpi", [200, 300])
def test_lines_of_other_layouts_are_named_foreign_and_not_forced(line: str, dpi: int) -> None:
    scale = dpi / 25.4
    strip = bars(line, range(len(line)))
    size = (round(strip.shape[1] * scale / FINE), round(strip.shape[0] * scale / FINE))
    page = np.full((round(160 * scale), round(210 * scale)), 245, np.uint8)
    small = np.asarray(cv2.resize(strip, size, interpolation=cv2.INTER_AREA))
    page[round(110 * scale) : round(110 * scale) + size[1], round(20 * scale) : round(20 * scale) + size[0]] = small
    (reading,) = ChequeReader().read(page, dpi, 1, date(2026, 7, 20))
    assert reading.problems == (ChequeProblem.FOREIGN_LINE,)
    assert reading.line is not None
    assert reading.line.zones is None
    assert not reading.line.vouched
