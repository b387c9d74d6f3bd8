from __future__ import annotations

import numpy as np

from ocr.cheque.alphabet import FIGURES, LINES
from ocr.cheque.geometry import Floats, Gray
from ocr.cheque.lessons import lessons_of
from ocr.cheque.recogniser import FieldNetworks
from tests.ocr.cheque.outputs import clear_output
from tests.ocr.cheque.test_find import LINE, page_with, text_page


class Says(FieldNetworks):
    """Networks that see these texts whatever they are shown."""

    def __init__(self, figures: str, words: str) -> None:
        super().__init__(None, None)
        self._said = clear_output(figures, FIGURES), clear_output(words, LINES)

    def figures(self, crop: Gray) -> Floats | None:
        return self._said[0]

    def words(self, first: Gray, second: Gray | None) -> tuple[Floats, Floats | None] | None:
        return self._said[1], None


def test_a_corrected_sum_is_taught_the_way_it_was_written() -> None:
    made = lessons_of(page_with([(LINE, 25, 120)]), 200, 18491, Says("189,91€", "cent quatrevingt quatre euros 91"))
    assert {one.kind: one.text for one in made} == {
        "figures": "184,91€",
        "lines": "cent quatrevingt quatre euros 91",
    }
    assert all(one.crop.shape[0] == 48 for one in made)


def test_without_networks_the_figures_alone_are_taught() -> None:
    (only,) = lessons_of(page_with([(LINE, 25, 120)]), 200, 18491, FieldNetworks(None, None))
    assert (only.kind, only.text) == ("figures", "184,91")


def test_pages_without_a_cheque_or_with_two_teach_nothing() -> None:
    other = "C1234567C000014506908E111111111111A"
    networks = FieldNetworks(None, None)
    assert lessons_of(text_page(), 200, 18491, networks) == []
    assert lessons_of(page_with([(LINE, 15, 150), (other, 40, 60)]), 200, 18491, networks) == []
    assert lessons_of(np.full((40, 40), 250, np.uint8), 200, 18491, networks) == []
