from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from models.reading import Barcode
from ocr.bar_places import may_hold_bars
from ocr.barcodes import find_barcodes, find_patch_t, separator_on, valid_s10
from ocr.images import PageImage, Pixels
from ocr.page import PageReader
from ocr.prepare import flatten_light, resized, turned
from ocr.separators import separator_sheet
from tests.ocr.paper import grainy, tilted, typed_page


@pytest.fixture(scope="module")
def sheet() -> Pixels:
    return separator_sheet("lot 707/2")


def test_our_own_sheet_names_its_lot(sheet: Pixels) -> None:
    found = find_barcodes(sheet)
    assert {b.symbology for b in found} == {"Code128", "DataMatrix", "PatchT"}
    assert separator_on(sheet, found) == "lot 707/2"


def test_a_sheet_without_a_lot_is_still_a_separator() -> None:
    plain = separator_sheet()
    assert separator_on(plain, find_barcodes(plain)) == ""


@pytest.mark.parametrize("degrees", [0.0, 1.0, -1.0, 2.0, -2.0, 3.0])
@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
def test_patch_bars_alone_are_seen_askew_and_at_any_turn(sheet: Pixels, degrees: float, quarter: int) -> None:
    bars_only = sheet.copy()
    bars_only[500:1900, 250:1400] = 255
    scan = grainy(turned(tilted(bars_only, degrees), quarter), 12)
    found = find_patch_t(scan)
    assert found is not None
    assert separator_on(scan, (found,)) == ""


@pytest.mark.parametrize("bars", ["WnnW", "WnWn-plain", "WWnn", "nWWn", "nnWW", "nnnn"])
def test_other_stripes_are_no_separator(bars: str) -> None:
    page = np.full((2339, 1654), 255, np.uint8)
    y, order = 200, {"WnWn-plain": "WnnW"}.get(bars, bars)
    for bar in order:
        tall = 40 if bar == "W" else 16
        page[y : y + tall, 400:1000] = 0
        y += tall + 16
    assert find_patch_t(page) is None


def test_a_letter_is_no_separator() -> None:
    page = typed_page()
    assert separator_on(page, find_barcodes(page)) is None


def test_patcht_in_code_128_separates_whatever_its_case() -> None:
    page = typed_page(["Séparateur"])
    assert separator_on(page, (Barcode("Code128", "patcht"),)) == ""
    assert separator_on(page, (Barcode("Code128", "PATCHT2"),)) is None
    assert separator_on(page, (Barcode("DataMatrix", "MAILROOM-SEPARATOR"),)) is None


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("RR473124829FR", True),
        ("RR473124828FR", False),
        ("RR 47312482 9 FR", True),
        ("1A12345678901", False),
        ("", False),
    ],
)
def test_the_check_digit_of_a_registered_letter(number: str, good: bool) -> None:
    assert valid_s10(number) is good


def lettered(symbol: Pixels) -> Pixels:
    page = typed_page()
    framed = cv2.copyMakeBorder(symbol, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=255)
    page[1500 : 1500 + framed.shape[0], 300 : 300 + framed.shape[1]] = framed
    return page


def drawn(text: str, kind: str, scale: int = 4) -> Pixels:
    return np.asarray(zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind)).to_image(scale=scale))


SYMBOLS = [
    ("RR473124829FR", "Code128", "S10"),
    ("RR473124828FR", "Code128", "Code128"),
    ("DOSSIER 12-34", "QRCode", "QRCode"),
    ("%0292288", "DataMatrix", "DataMatrix"),
]


@pytest.mark.parametrize(("text", "kind", "name"), SYMBOLS)
def test_barcodes_are_read_where_they_stand(text: str, kind: str, name: str) -> None:
    page = lettered(drawn(text, kind))
    (found,) = find_barcodes(page, page=3)
    assert (found.symbology, found.text) == (name, text)
    assert found.box is not None
    assert found.box.page == 3
    assert found.box.y == pytest.approx(1520 / page.shape[0], abs=0.02)


@pytest.mark.parametrize(("text", "kind", "name"), SYMBOLS)
def test_a_page_read_tells_its_barcodes_in_fractions_of_the_whole_page(text: str, kind: str, name: str) -> None:
    page = lettered(drawn(text, kind))
    (found,) = PageReader(second_reader=False).read(PageImage(page, 200), 3).page.barcodes
    (alone,) = find_barcodes(page, page=3)
    assert (found.symbology, found.text) == (name, text)
    assert found.box is not None
    assert alone.box is not None
    assert found.box.page == 3
    assert found.box.x == pytest.approx(alone.box.x, abs=0.003)
    assert found.box.y == pytest.approx(alone.box.y, abs=0.003)
    assert found.box.width == pytest.approx(alone.box.width, abs=0.005)


def looked_at(page: Pixels) -> tuple[float, float, float, float] | None:
    return may_hold_bars(resized(flatten_light(page, 200), 0.5))


@pytest.mark.parametrize("scale", [3, 6, 12])
@pytest.mark.parametrize("faded", [0, 100])
@pytest.mark.parametrize("kind", ["Code128", "QRCode", "DataMatrix"])
def test_bars_of_any_size_and_paleness_are_looked_for_where_they_stand(kind: str, faded: int, scale: int) -> None:
    symbol = drawn("RR473124829FR", kind, scale)
    pale = np.maximum(symbol, faded).astype(np.uint8)
    part = looked_at(lettered(pale[: 1700 - 960, : 1300 - 40]))
    assert part is not None
    assert part[0] < 330 / 1654
    assert part[1] < 1530 / 2339


def test_a_letter_and_the_shadow_at_its_edge_are_not_searched_for_bars() -> None:
    page = typed_page()
    page[:, :12] = 40
    assert looked_at(page) is None
    assert may_hold_bars(np.full((9, 9), 10, np.uint8)) is None
