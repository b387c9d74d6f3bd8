from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.cheque.alphabet import LINES
from ocr.cheque.amounts import WordsSeen, losses_of
from ocr.cheque.recogniser import FieldNetworks
from tests.ocr.cheque.outputs import clear_output

PAPER = np.zeros((48, 200), np.uint8)


def networks_that_see(text: str) -> FieldNetworks:
    def run(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        return (clear_output(text, LINES) if text else clear_output("a", LINES)[1:])[None]

    return FieldNetworks(None, run)


@pytest.mark.parametrize("text", ["mille-trois-cent-soixante-treize euros", "mille trois cent soixante-treize euros"])
def test_a_hyphen_costs_a_sum_no_more_than_a_space(text: str) -> None:
    seen = networks_that_see(text).words(PAPER, None)
    assert seen is not None
    losses = losses_of({}, {"own": WordsSeen(*seen)})
    assert losses is not None
    assert losses.candidates == [137_300]
    assert losses.words["own"][0] == pytest.approx(0.0, abs=0.01)


def test_a_second_line_without_a_letter_is_none() -> None:
    seen = networks_that_see("").words(PAPER, PAPER)
    assert seen is not None
    assert seen[1] is None
    written = networks_that_see("euros").words(PAPER, PAPER)
    assert written is not None
    assert written[1] is not None


def test_a_field_without_its_network_is_not_read() -> None:
    assert FieldNetworks(None, None).words(PAPER, PAPER) is None
    assert FieldNetworks(None, None).figures(PAPER) is None
