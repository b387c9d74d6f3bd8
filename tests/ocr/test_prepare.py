from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from ocr.images import PageImage
from ocr.prepare import (
    find_skew,
    flatten_light,
    is_sideways,
    levelled,
    on_white_paper,
    resized,
    resolution_of,
    rotated,
    straight_strokes,
    turned,
)
from tests.ocr.paper import FONTS, grainy, shaded, tilted, typed_page

ANGLES = (-9.3, -4.1, -1.7, -0.6, 0.0, 0.35, 1.2, 3.3, 6.8, 9.7)


def test_skew_is_measured_to_a_tenth_of_a_degree_on_average() -> None:
    errors = [
        abs(find_skew(tilted(typed_page(face=FONTS[at % len(FONTS)]), angle), 200) - angle)
        for at, angle in enumerate(ANGLES)
    ]
    assert sum(errors) / len(errors) <= 0.05
    assert max(errors) <= 0.15


def test_rotation_undoes_the_skew_that_was_found() -> None:
    page = tilted(typed_page(), 5)
    level = rotated(page, find_skew(page, 200))
    assert abs(find_skew(level, 200)) <= 0.06


@pytest.mark.parametrize("face", FONTS)
def test_lines_running_up_the_page_are_seen(face: str) -> None:
    page = typed_page(face=face)
    assert is_sideways(page, 200)[0] is False
    for quarter in (90, 270):
        sideways, lead = is_sideways(turned(page, quarter), 200)
        assert sideways
        assert lead > 1.25


def test_a_small_sheet_on_a_dark_lid_keeps_its_colours_and_a_dark_screen_becomes_print() -> None:
    lid = np.full((2339, 1654), 60, np.uint8)
    lid[900:1530, 200:1580] = typed_page()[180:810, 140:1520]
    assert on_white_paper(lid) is lid
    screen = (255 - typed_page()).astype(np.uint8)
    assert (on_white_paper(screen) == 255 - screen).all()


def test_an_empty_page_has_no_angle_and_no_direction() -> None:
    empty = np.full((2339, 1654), 250, np.uint8)
    assert find_skew(empty, 200) == 0.0
    assert is_sideways(empty, 200) == (False, 1.0)


def test_shadow_and_tint_become_white_paper() -> None:
    flat = flatten_light(shaded(np.full((2339, 1654), 200, np.uint8), darkest=0.4), 200)
    assert flat.min() > 225
    inked = flatten_light(grainy(shaded(typed_page(), darkest=0.4), 3), 200)
    assert np.percentile(inked, 0.5) < 130


@pytest.mark.parametrize(
    ("size", "dpi", "expected"),
    [
        ((2339, 1654), 200, 200.0),
        ((2339, 1654), None, 200.0),
        ((3508, 2480), None, 300.0),
        ((4000, 3000), 72, 342.1),  # a camera's 72 dpi would make a sheet of 140 cm
        ((630, 1378), 200, 200.0),
    ],
)
def test_resolution_is_as_stated_or_that_of_an_a4_sheet(
    size: tuple[int, int], dpi: float | None, expected: float
) -> None:
    assert resolution_of(PageImage(np.zeros(size, np.uint8), dpi)) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("length", [2, 13, 60])
def test_straight_strokes_are_the_unbroken_runs_of_a_row_or_a_column(length: int) -> None:
    mask = (np.random.default_rng(length).random((90, 140)) < 0.9).astype(np.uint8)
    mask[20:22, 5:130] = 1
    runs = [[list(run) for _, run in groupby(row)] for row in mask.tolist()]
    kept = [[pixel if len(run) >= length else 0 for run in row for pixel in run] for row in runs]
    assert straight_strokes(mask, length, across=True).tolist() == kept
    assert straight_strokes(np.ascontiguousarray(mask.T), length, across=False).T.tolist() == kept


def test_a_page_smaller_than_a_stroke_has_none() -> None:
    assert straight_strokes(np.ones((5, 5), np.uint8), 60, across=True).tolist() == [[0] * 5] * 5


@pytest.mark.parametrize("degrees", [0.0, 0.6, -2.3, 8.0])
@pytest.mark.parametrize("lines", [["Jeanne Martel", "14 rue des Tanneurs"], ["Lyon"] * 70, []])
def test_ink_is_levelled_as_if_the_whole_page_were_turned(lines: list[str], degrees: float) -> None:
    page = typed_page(lines)
    assert np.abs(levelled(page, degrees, resized(page, 0.5)).astype(int) - rotated(page, degrees)).max() <= 1


@pytest.mark.parametrize("dpi", [50, 100])
@pytest.mark.parametrize("quarter", [0, 90])
def test_the_direction_of_lines_shows_at_any_resolution(quarter: int, dpi: int) -> None:
    sideways, lead = is_sideways(resized(turned(typed_page(), quarter), dpi / 200), dpi)
    assert sideways == (quarter == 90)
    assert lead > 3
