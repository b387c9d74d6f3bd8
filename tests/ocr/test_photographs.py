from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.images import PageImage, Pixels
from ocr.page import PageReader
from ocr.photographs import find_sheet, sheet_of
from tests.ocr.paper import LETTER, grainy, shaded, typed_page

VIEWS = {
    "from above": [(310, 240), (2010, 230), (2030, 2700), (290, 2690)],
    "from the left": [(300, 380), (1950, 200), (1980, 2760), (330, 2500)],
    "leaning back": [(480, 260), (1800, 280), (2060, 2740), (240, 2710)],
    "twisted": [(420, 180), (2080, 420), (1900, 2790), (220, 2560)],
}


def photographed(page: Pixels, corners: list[tuple[int, int]], ground: int = 70) -> Pixels:
    """The page lying on a darker table, seen from where its corners fall on `corners` of a 2300 x 3000 picture."""
    height, width = page.shape
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    table = np.full((3000, 2300), ground, np.uint8)
    cover = cv2.warpPerspective(np.full_like(page, 255), matrix, (2300, 3000))
    laid = cv2.warpPerspective(page, matrix, (2300, 3000))
    return grainy(shaded(np.where(cover > 127, laid, table), darkest=0.6), 5)


@pytest.mark.parametrize("view", VIEWS)
def test_the_sheet_is_found_on_the_table(view: str) -> None:
    found = find_sheet(photographed(typed_page(), VIEWS[view]))
    assert found is not None
    assert np.abs(found - np.array(VIEWS[view])).max() < 25


@pytest.mark.parametrize("view", ["from the left", "leaning back"])
def test_a_photographed_letter_is_read(view: str) -> None:
    picture = photographed(typed_page(), VIEWS[view])
    page = PageReader(second_reader=False).read(PageImage(picture, 72), 1).page
    assert len(set(" ".join(LETTER).split()) - set(page.text.split())) <= 4


def test_a_scan_is_never_cut() -> None:
    scan = PageImage(typed_page(), 200)
    assert sheet_of(scan) is scan


def test_a_picture_without_a_table_is_left_alone() -> None:
    whole = PageImage(typed_page(), None)
    assert sheet_of(whole) is whole
    assert find_sheet(np.full((800, 600), 90, np.uint8)) is None
