from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.cheque import amount_words
from ocr.cheque.alphabet import FIGURES, LINES
from ocr.cheque.amount_weights import Weights
from ocr.cheque.amounts import (
    AmountRead,
    Losses,
    WordsSeen,
    agreed,
    differences,
    evidence,
    features,
    judged,
    losses_of,
    open_to_trust,
    read_amount,
)
from tests.ocr.cheque.outputs import clear_output, torn_output


def read(figures: str, words: str, second: str = "") -> AmountRead:
    seen = WordsSeen(clear_output(words, LINES), clear_output(second, LINES) if second else None)
    return read_amount({"own": clear_output(figures, FIGURES)}, {"own": seen})


@given(st.integers(100, 999_999))
@settings(max_examples=20, deadline=None)
def test_two_clear_fields_that_agree_give_a_sure_amount(cents: int) -> None:
    words = amount_words.write(cents, hyphens="none")
    seen = read(f"{cents // 100},{cents % 100:02d}€", words)
    assert (seen.amount, seen.figures, seen.words, seen.differ) == (cents, cents, cents, False)
    assert seen.confidence >= 0.99


@pytest.mark.parametrize(
    ("figures", "words", "said", "written"),
    [
        ("260,00", "deux cent soixante dix euros", 26000, 27000),
        ("120,50", "cent deux euros cinquante", 12050, 10250),
        ("1500,00", "mille cent euros", 150000, 110000),
    ],
)
def test_two_clear_fields_that_differ_give_no_amount_and_both_readings(
    figures: str, words: str, said: int, written: int
) -> None:
    seen = read(figures, words)
    assert (seen.amount, seen.figures, seen.words, seen.differ) == (None, said, written, True)


def test_words_on_two_lines_are_one_amount() -> None:
    assert read("563,68", "cinq cent soixante trois euros et", "soixante huit centimes").amount == 56368


def test_a_stray_second_line_does_not_spoil_the_first() -> None:
    seen = read("270,00", "deux cent soixante dix euros", "oleeonet")
    assert (seen.amount, seen.words) == (27000, 27000)


def test_a_torn_figure_is_settled_by_the_words() -> None:
    figures = torn_output("189,91", "184,91", FIGURES, share=0.6)
    words = WordsSeen(clear_output("cent quatre vingt quatre euros 91", LINES))
    assert read_amount({"own": figures}, {"own": words}).amount == 18491


def test_an_expected_sum_never_overrides_two_clear_fields() -> None:
    words = WordsSeen(clear_output("cent vingt euros", LINES))
    seen = read_amount({"own": clear_output("120,00", FIGURES)}, {"own": words}, expected=(12500, 22000))
    assert seen.amount == 12000


def test_an_expected_sum_does_not_hide_a_contradiction() -> None:
    words = WordsSeen(clear_output("deux cent soixante dix euros", LINES))
    seen = read_amount({"own": clear_output("260,00", FIGURES)}, {"own": words}, expected=(26000,))
    assert seen.differ
    assert seen.amount is None


@pytest.mark.parametrize(
    ("figures", "words"),
    [("120,00", "cent vingt euros"), ("120,50", "cent vingt euros"), ("1200,50", "mille deux cents euros")],
)
def test_words_that_say_the_same_or_break_off_are_no_difference(figures: str, words: str) -> None:
    box, seen = clear_output(figures, FIGURES), WordsSeen(clear_output(words, LINES))
    losses = losses_of({"own": box}, {"own": seen})
    assert losses is not None
    assert differences(losses, evidence(losses, (), Weights())) is None


def test_altered_looks_weigh_but_name_no_sum() -> None:
    seen = {"own": clear_output("260,00", FIGURES), "narrower": clear_output("268,00", FIGURES)}
    losses = losses_of(seen, {})
    assert losses is not None
    assert 26000 in losses.candidates
    assert 26800 not in losses.candidates
    assert losses.figures["narrower"][losses.candidates.index(26000)] > 0


def test_what_tells_a_contradiction_grows_with_how_clearly_each_field_refuses_the_other() -> None:
    def told(words: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        seen = WordsSeen(clear_output(words, LINES))
        losses = losses_of({"own": clear_output("260,00", FIGURES)}, {"own": seen})
        assert losses is not None
        made = differences(losses, evidence(losses, (), Weights()))
        assert made is not None
        return made

    one_digit, more = told("deux cent soixante dix euros"), told("quatre cent quinze euros")
    assert (one_digit[-1], more[-1]) == (1.0, 0.0)
    assert more[1] > one_digit[1] > 0  # what the words lose if the figures are right
    assert Weights().log_odds_of_difference(one_digit) > Weights().differ


def test_unreadable_words_leave_the_figures_but_never_a_sure_amount() -> None:
    seen = read("260,00", "xkwqz")
    assert seen.confidence < 0.99
    assert not seen.differ


def test_nothing_written_gives_nothing() -> None:
    seen = read("€", "a")
    assert seen.amount is None


@pytest.mark.parametrize(("last_look", "most"), [((1.0, 0.0), False), ((0.0, 1.0), True)])
def test_a_sum_that_not_most_looks_like_best_must_be_likelier_to_be_sure(
    last_look: tuple[float, float], most: bool
) -> None:
    def looks(**lost: tuple[float, float]) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
        return {name: np.asarray(pair, dtype=np.float64) for name, pair in lost.items()}

    figures = looks(own=(0.0, 5.0), again=(0.0, 5.0), page=(2.0, 0.0))
    words = looks(own=(1.0, 0.0), again=last_look, more=(0.0, 2.5))
    losses = Losses([12_000, 12_600], figures, words, looks(own=(0.1, 0.1), again=(0.1, 0.1), more=(0.1, 0.1)))
    ranked = evidence(losses, (), Weights())
    assert ranked[0].amount == 12_000
    assert open_to_trust(losses, ranked, Weights())
    assert agreed(losses, ranked[0]) is most
    odds = Weights().log_odds(features(losses, ranked))
    for above in (-1.0, 1.0):  # of what either limit asks for
        sure = judged(losses, (), Weights(accepted=odds - 1.0, split=odds - above)).confidence >= 0.99
        assert sure is (most or above > 0)
