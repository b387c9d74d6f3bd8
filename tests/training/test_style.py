from __future__ import annotations

import numpy as np

from ocr.cheque.fields import CROP_HEIGHT
from training.cheques.style import restyled


def stroke() -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    crop = np.zeros((CROP_HEIGHT, 200), np.uint8)
    crop[20:34, 60:64] = 220
    crop[20:34, 120:124] = 220
    return crop


def test_another_hand_writes_the_same_in_the_same_order_at_the_same_height() -> None:
    random = np.random.default_rng(3)
    for _ in range(40):
        made = restyled(stroke(), random)
        assert made.dtype == np.uint8
        assert made.shape[0] == CROP_HEIGHT
        assert 150 <= made.shape[1] <= 260
        inked = np.flatnonzero(made.max(axis=0) > 40)
        assert (np.diff(inked) > 10).sum() == 1  # still two strokes, neither lost nor run together


def test_no_two_looks_are_the_same_and_the_same_seed_gives_the_same() -> None:
    first, second = (restyled(stroke(), np.random.default_rng(seed)) for seed in (1, 2))
    assert first.shape != second.shape or bool((first != second).any())
    assert (restyled(stroke(), np.random.default_rng(1)) == first).all()


def test_empty_paper_stays_empty() -> None:
    assert restyled(np.zeros((CROP_HEIGHT, 90), np.uint8), np.random.default_rng(4)).max() == 0
