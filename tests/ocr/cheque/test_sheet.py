from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ocr.cheque.alphabet import LINES
from ocr.cheque.recogniser import FieldNetworks
from ocr.cheque.sheet import AmountCrops, own_views
from tests.ocr.cheque.outputs import clear_output

EMPTY, WRITTEN = (np.full((48, 60), shade, np.uint8) for shade in (0, 200))


def looks_at(second: tuple[NDArray[np.uint8], ...]) -> tuple[int, set[str]]:
    """How often crops of the second line are read, and under which names the words are seen."""
    crops: list[int] = []

    def run(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        shade = float(batch[0, 0, 24, 30])
        crops.append(round(shade * 255))
        seen = clear_output("cent euros", LINES)
        if shade == 0:
            seen[:, 1:], seen[:, 0] = np.log(3e-3), 0.0
        return seen[None]

    first = tuple(np.full((48, 60), 100, np.uint8) for _ in range(4))
    _, words = own_views(AmountCrops((), first, second), FieldNetworks(None, run))
    assert crops.count(100) == 6  # at four scales, and the best twice altered
    return len(crops) - 6, set(words)


def test_a_second_line_that_two_scales_see_empty_is_not_looked_at_again() -> None:
    times, _ = looks_at((EMPTY,) * 4)
    assert times == 2


def test_a_written_second_line_is_read_at_every_scale_and_altered() -> None:
    times, names = looks_at((WRITTEN,) * 4)
    assert times == 6
    assert {"own", "own again", "own once more", "narrower", "broader"} <= names
