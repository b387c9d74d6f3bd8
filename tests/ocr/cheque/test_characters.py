from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.cheque import ChequeReader
from ocr.cheque.cmc7 import STRIP_SCALE, Decoded
from ocr.cheque.find import ink_of
from ocr.cheque.geometry import Floats
from training.cheques.paper import draw_line

LINE = "C6679545C042014506908E052108899000A"
LEFT = 6.0 * STRIP_SCALE  # of the first bar, samples


def noisy_ink(noise: float) -> Floats:
    """A line as at 150 dpi whose first bar stands 6 mm from the left, its characters through the middle of 8 mm."""
    random = np.random.default_rng(4)
    drawn, first_row = draw_line(LINE, random, 0.0, STRIP_SCALE)
    page = np.full((128, 2144), 230.0)
    top = round(64 - 1.42 * STRIP_SCALE - first_row)
    page[max(0, top) : top + drawn.shape[0], 64 : 64 + drawn.shape[1]] -= 120.0 * drawn[max(0, -top) : 128 - top] / 255
    coarse = cv2.resize(page, (2144 * 6 // 16, 128 * 6 // 16), interpolation=cv2.INTER_AREA)
    coarse = coarse + random.normal(0, noise, coarse.shape)
    return ink_of(np.clip(cv2.resize(coarse, (2144, 128)), 0, 255).astype(np.uint8))


def said_to_stand_at(left: float, scale: float = 1.0) -> Decoded:
    return Decoded(LINE, 0.9, (0.3,) * 35, left, scale, 4)


@pytest.mark.parametrize(("along", "across", "scale"), [(0, 0, 1.0), (6, 0, 1.0), (-6, 3, 1.0), (3, -3, 1.002)])
def test_a_line_is_read_a_little_off_the_place_it_is_said_to_stand(along: int, across: int, scale: float) -> None:
    shapes = ChequeReader().shapes
    assert shapes is not None
    seen = shapes.read(np.roll(noisy_ink(14.0), across, axis=0), said_to_stand_at(LEFT + along, scale))
    assert seen.text == LINE


def test_where_a_doubtful_line_stands_is_found_from_all_its_characters() -> None:
    shapes = ChequeReader().shapes
    assert shapes is not None
    seen = shapes.read(noisy_ink(40.0), said_to_stand_at(LEFT - 7.0))
    assert abs(seen.left - LEFT) <= 3.5


def test_ink_is_measured_by_the_print_and_not_by_a_pen() -> None:
    """A black stroke across a grey line leaves its print as it was."""
    random = np.random.default_rng(4)
    drawn, _ = draw_line(LINE, random, 0.0, STRIP_SCALE)
    page = np.full((128, 2144), 230, np.uint8)
    page[8 : 8 + 112, 64 : 64 + drawn.shape[1]] -= (drawn[:112] * 0.3).astype(np.uint8)
    struck = page.copy()
    cv2.line(struck, (900, 5), (1100, 120), 10, 9)
    clean, crossed = ink_of(page), ink_of(struck)
    assert abs(float(crossed[:, :800].max()) - float(clean[:, :800].max())) < 0.1
    assert float(crossed.max()) > 1.2 * float(clean.max())
