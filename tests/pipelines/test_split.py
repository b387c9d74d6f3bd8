"""Where one item ends and the next begins."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.errors import DocumentRefused
from ocr.documents import FileKind
from ocr.separators import separator_sheet
from pipelines.split import Cut, SeenSheet, Sheet, cut_between, split
from tests.ocr.paper import A4, grainy, shaded, tilted, typed_page

PAPER, BLANK, SEPARATOR = Sheet.PAPER, Sheet.BLANK, Sheet.SEPARATOR


def seen(pattern: str) -> list[SeenSheet]:
    """`S` separator, `s:lot` would be one with a lot: written `A`..`C` for lots a..c; `p` paper, `-` blank."""
    sheets = []
    for number, sign in enumerate(pattern, 1):
        if sign in "SABC":
            sheets.append(SeenSheet(number, SEPARATOR, "" if sign == "S" else sign.lower()))
        else:
            sheets.append(SeenSheet(number, BLANK if sign == "-" else PAPER))
    return sheets


@pytest.mark.parametrize(
    ("pattern", "pages"),
    [
        ("p", [None]),
        ("pp-p", [None]),
        ("pSp", [(1, 1), (3, 3)]),
        ("SppSp", [(2, 3), (5, 5)]),
        ("SSp", [(3, 3)]),
        ("SpSSp", [(2, 2), (5, 5)]),
        ("SpS", [(2, 2)]),
        ("S-ppS-p", [(3, 4), (7, 7)]),
        ("S-p-S-p-", [(3, 4), (7, 8)]),
        ("S-S-p", [(5, 5)]),
        ("S--p", [(3, 4)]),  # only one back a sheet: a second empty page is somebody's paper
        ("pS-", [(1, 1)]),
    ],
)
def test_items_lie_between_separator_sheets(pattern: str, pages: list[tuple[int, int] | None]) -> None:
    cuts, _ = cut_between(seen(pattern))
    assert [cut.pages for cut in cuts] == pages


@pytest.mark.parametrize("pattern", ["S", "SS", "S-", "S-S-"])
def test_a_file_of_separator_sheets_alone_holds_no_item(pattern: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        cut_between(seen(pattern))
    assert refused.value.code == "no_items"


@pytest.mark.parametrize(
    ("pattern", "lots"),
    [
        ("ApBp", ["a", "b"]),
        ("ApSp", ["a", None]),  # what a sheet says never leaks to the item after the next sheet
        ("pAp", [None, "a"]),
        ("ASp", ["a"]),
        ("SAp", ["a"]),
        ("ABp", ["b"]),
        ("ApA", ["a"]),
    ],
)
def test_a_lot_holds_for_the_next_item_only(pattern: str, lots: list[str | None]) -> None:
    cuts, _ = cut_between(seen(pattern))
    assert [cut.lot for cut in cuts] == lots


def test_every_page_is_in_one_item_or_named_in_the_notes() -> None:
    sheets = seen("pS-p-SSp-A-pp")
    cuts, notes = cut_between(sheets)
    inside = {page for cut in cuts if cut.pages for page in range(cut.pages[0], cut.pages[1] + 1)}
    named = {int(number) for note in notes for number in note.partition(": ")[2].split(", ")}
    assert inside | named == {sheet.number for sheet in sheets}
    assert inside & named == set()


def tiff(pages: Sequence[Any], **options: Any) -> bytes:
    out = io.BytesIO()
    first, *others = [Image.fromarray(page) for page in pages]
    first.save(out, "TIFF", save_all=True, append_images=others, dpi=(200, 200), compression="tiff_lzw", **options)
    return out.getvalue()


def empty(seed: int = 1) -> Any:
    return grainy(np.full((A4[1], A4[0]), 246, np.uint8), 4, seed)


@pytest.mark.parametrize(
    "spoil",
    [lambda page: page, lambda page: grainy(tilted(page, 1.2), 18), np.rot90],
    ids=["straight", "askew", "turned"],
)
def test_a_duplex_batch_is_cut_at_printed_sheets_however_they_went_in(spoil: Any) -> None:
    letter = typed_page()
    sheet = np.ascontiguousarray(spoil(separator_sheet("L-17")))
    found = split("batch.pdf", tiff([letter, sheet, empty(), letter, empty(2), letter]))
    assert (found.kind, found.page_count) == (FileKind.TIFF, 6)
    assert found.cuts == (Cut((1, 1)), Cut((4, 6), "L-17"))
    assert found.notes == ("separator_sheets: 2", "separator_backs: 3")


def code_only_sheet() -> Any:
    """PATCHT in Code 128 and nothing else, as other agencies print it."""
    sheet = np.full((A4[1], A4[0]), 255, np.uint8)
    bars = separator_sheet()[round(A4[1] * 0.33) - 60 : round(A4[1] * 0.33) + 60, 300:1350]
    sheet[400:520, 300:1350] = bars
    return sheet


@pytest.mark.parametrize("degrees", [-3.0, 0.0, 1.0])
@pytest.mark.parametrize("light", [1.0, 0.45])
def test_a_bare_code_is_found_askew_and_in_poor_light(degrees: float, light: float) -> None:
    sheet = grainy(shaded(tilted(code_only_sheet(), degrees), light), 12)
    assert split("batch.tif", tiff([sheet, typed_page()])).cuts == (Cut((2, 2)),)


def test_a_scan_without_sheets_is_one_item() -> None:
    assert split("scan.tif", tiff([typed_page(), typed_page()])).cuts == (Cut(None),)


def test_an_email_is_one_item_with_its_enclosures_counted() -> None:
    message = (
        b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n"
        b"--B\r\n\r\nBonjour\r\n--B\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nvoici\r\n--B--\r\n"
    )
    assert split("x.eml", message).cuts == (Cut(None),)
    assert split("x.eml", message).page_count == 2


def test_every_page_is_announced_before_it_is_looked_at() -> None:
    pages: list[int] = []
    split("scan.tif", tiff([typed_page()] * 3), on_page=lambda: pages.append(1))
    assert len(pages) == 3
