from __future__ import annotations

import numpy as np
import pytest

from models.reading import Page
from ocr.engines import SeenLine, words_along
from ocr.handwriting import is_handwritten
from ocr.images import PageImage, Pixels
from ocr.page import PageReader
from ocr.ruling import without_ruling
from tests.ocr.paper import LETTER, typed_page


def on_squared_paper(page: Pixels, step: int = 39, tone: int = 165, squares: bool = True) -> Pixels:
    ruled = page.copy()
    for y in range(150, page.shape[0] - 50, step):
        ruled[y : y + 2] = np.minimum(ruled[y : y + 2], tone)
    for x in range(100, page.shape[1] - 20, step) if squares else ():
        ruled[:, x : x + 2] = np.minimum(ruled[:, x : x + 2], tone)
    return ruled


@pytest.mark.parametrize("squares", [True, False])
def test_the_ruling_goes_and_the_writing_stays(squares: bool) -> None:
    page = typed_page(points=14)
    ruled = on_squared_paper(page, squares=squares)
    cleaned = without_ruling(ruled, 200)
    ruling = (ruled < 200) & (page > 240)
    assert (cleaned[ruling] < 200).mean() < 0.12
    assert (cleaned[page < 60] < 130).mean() > 0.85


def test_a_letter_and_a_form_with_a_few_lines_are_left_alone() -> None:
    page = typed_page()
    assert without_ruling(page, 200) is page
    for y in range(1200, 1800, 150):
        page[y : y + 2, 150:1500] = 80
    assert without_ruling(page, 200) is page


def test_print_on_squared_paper_is_read_better_without_it() -> None:
    page: Page = PageReader(second_reader=False).read(PageImage(on_squared_paper(typed_page(points=14)), 200), 1).page
    assert len(set(" ".join(LETTER).split()) - set(page.text.split())) <= 25


@pytest.mark.parametrize(
    ("confidences", "by_hand"),
    [((0.95, 0.96, 0.94), False), ((0.4, 0.5, 0.45), True), ((0.95, 0.95, 0.95, 0.95, 0.3), True), ((0.3,), False)],
)
def test_handwriting_is_what_the_first_reader_reads_badly(confidences: tuple[float, ...], by_hand: bool) -> None:
    text = "je vous prie de croire" if len(confidences) > 1 else "ab cde"
    lines = [SeenLine(tuple(words_along(text, 0, 0, 100, 20, sure))) for sure in confidences]
    assert is_handwritten(lines) is by_hand
