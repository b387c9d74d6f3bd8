"""Two scans of one sheet carry the same ink; another figure in the same place does not."""

from __future__ import annotations

import numpy as np
import pytest

from models.reading import Box
from ocr.documents_preview import preview_of
from ocr.images import Pixels
from ocr.same_ink import decoded, same_ink
from tests.ocr.paper import A4, DPI, LETTER, font, grainy, shaded, tilted, typed_page

LINE = 9  # of LETTER, the one that names the sum


def scan(amount: str, seed: int, tilt: float = 0.0) -> Pixels:
    lines = [text.replace("187,40", amount) for text in LETTER]
    return decoded(preview_of(grainy(tilted(typed_page(lines), tilt), 6, seed))[1])


def place_of_sum() -> Box:
    """Where the sum stands on a page that is not tilted."""
    letters = font("DejaVuSans.ttf", 11 * DPI / 72)
    before = letters.getlength("Cette somme de ")
    high = 11 * DPI / 72
    return Box(
        1,
        (A4[0] * 0.1 + before) / A4[0],
        0.08 + LINE * high * 1.55 / A4[1],
        letters.getlength("187,40") / A4[0],
        high * 1.15 / A4[1],
    )


@pytest.mark.parametrize("tilt", [0.0, 0.3, -0.5])
def test_the_same_figures_scanned_twice_are_the_same_ink(tilt: float) -> None:
    assert same_ink(scan("187,40", 1), scan("187,40", 2, tilt), [place_of_sum()])


def test_light_and_shadow_change_no_ink() -> None:
    assert same_ink(scan("187,40", 1), shaded(scan("187,40", 2), 0.7), [place_of_sum()])


@pytest.mark.parametrize("other", ["137,40", "187,46", "181,40", "167,40", "1 87,40", ""])
def test_another_figure_in_the_same_place_is_other_ink(other: str) -> None:
    assert not same_ink(scan("187,40", 1), scan(other, 2), [place_of_sum()])


def test_two_letters_are_not_one_sheet() -> None:
    other = decoded(preview_of(typed_page(LETTER[::-1], points=13))[1])
    assert not same_ink(scan("187,40", 1), other, [place_of_sum()])


def test_nothing_to_compare_is_no_proof() -> None:
    page = scan("187,40", 1)
    assert not same_ink(page, page, [])
    assert not same_ink(page, decoded(b"no picture"), [place_of_sum()])
    assert not same_ink(np.full_like(page, 255), page, [place_of_sum()])
