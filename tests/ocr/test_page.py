from __future__ import annotations

import cv2
import numpy as np
import pytest

from models.reading import Page
from ocr.images import PageImage
from ocr.orientation import seems_upside_down
from ocr.page import PageReader
from ocr.prepare import turned
from tests.ocr.paper import LETTER, grainy, shaded, tilted, typed_page


@pytest.fixture(scope="module")
def reader() -> PageReader:
    return PageReader(second_reader=False)


def read(reader: PageReader, pixels: np.ndarray, dpi: float | None = 200) -> Page:
    return reader.read(PageImage(pixels, dpi), 1).page


def missed(page: Page) -> set[str]:
    return set(" ".join(LETTER).split()) - set(page.text.split())


def test_a_typed_letter_is_read_word_for_word(reader: PageReader) -> None:
    page = read(reader, typed_page())
    assert not missed(page)
    assert page.confidence > 0.9
    assert not page.blank


@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
def test_a_page_turned_any_way_is_read_upright(reader: PageReader, quarter: int) -> None:
    page = read(reader, turned(typed_page(), quarter))
    assert page.rotation == (360 - quarter) % 360
    assert len(missed(page)) <= 1


def test_a_letter_upside_down_shows_it_by_its_letters_alone() -> None:
    look = cv2.resize(typed_page(), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert not seems_upside_down(look, 100)
    assert seems_upside_down(turned(look, 180), 100)


def test_capitals_and_figures_are_not_taken_for_a_page_upside_down(reader: PageReader) -> None:
    page = read(reader, typed_page(["TOTAL 1 234,56", "MONTANT PAYE", "SOLDE 0,00"]))
    assert page.rotation == 0


def test_a_page_in_the_shadow_askew_and_grainy_is_read(reader: PageReader) -> None:
    page = read(reader, grainy(shaded(tilted(typed_page(), 4.3)), 10))
    assert page.skew == pytest.approx(4.3, abs=0.1)
    assert len(missed(page)) <= 2


def test_a_screen_of_light_words_on_dark_is_read(reader: PageReader) -> None:
    assert len(missed(read(reader, 255 - typed_page()))) <= 1


def test_a_page_in_deep_shadow_is_not_taken_for_a_dark_screen(reader: PageReader) -> None:
    assert len(missed(read(reader, (typed_page() * 0.33).astype(np.uint8)))) <= 1


def test_boxes_are_fractions_of_the_upright_page(reader: PageReader) -> None:
    page = read(reader, turned(typed_page(), 180))
    (word,) = [w for w in page.words if w.text == "STRASBOURG"]
    assert 0.1 < word.box.x < 0.3
    assert 0.08 < word.box.y < 0.2
    assert word.line == 3


def test_an_empty_sheet_is_flagged_blank_and_kept(reader: PageReader) -> None:
    sheet = grainy(np.full((2339, 1654), 245, np.uint8), 4)
    page = read(reader, sheet)
    assert page.blank
    assert page.text == ""


def test_one_short_line_is_not_blank(reader: PageReader) -> None:
    page = read(reader, typed_page(["Merci"]))
    assert not page.blank
    assert page.text == "Merci"


@pytest.mark.parametrize("dpi", [100, 150, 300, 600])
def test_any_scanner_resolution_is_read(reader: PageReader, dpi: int) -> None:
    size = (round(1654 * dpi / 200), round(2339 * dpi / 200))
    page = read(reader, typed_page(size=size, dpi=dpi), dpi)
    assert len(missed(page)) <= 2


def test_a_page_that_does_not_say_its_resolution_is_taken_for_a4(reader: PageReader) -> None:
    result = reader.read(PageImage(typed_page(), None), 1)
    assert result.dpi == pytest.approx(200, abs=2)
    assert not missed(result.page)


def test_seconds_are_told_by_step(reader: PageReader) -> None:
    result = reader.read(PageImage(typed_page(), 200), 7)
    assert result.page.number == 7
    assert {"prepare", "read"} <= set(result.seconds)
    assert all(spent >= 0 for spent in result.seconds.values())
