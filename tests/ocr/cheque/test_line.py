from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.cheque import rlmc_key
from ocr.cheque import cmc7
from ocr.cheque.characters import CharacterReader
from ocr.cheque.cmc7 import Decoded, bar_positions, read_profile
from ocr.cheque.find import Found
from ocr.cheque.geometry import Frame
from ocr.cheque.line import combined, repaired

DIGITS = st.text("0123456789", min_size=31, max_size=31)


def line_of(digits: str) -> str:
    return f"C{digits[:7]}C{digits[7:19]}E{digits[19:]}A"


def key_of(digits: str) -> str:
    return f"{rlmc_key(digits[:7], digits[7:19], digits[19:]):02d}"


def profile_of(text: str, narrow: float = 0.30, wide: float = 0.50) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Ink along a drawn line, 16 samples a millimetre, 10 mm of paper on either side."""
    profile = np.zeros(round((cmc7.LINE_LENGTH + 20) * 16), np.float32)
    cells = [cell for cell, symbol in enumerate(cmc7.FRAME) if symbol != " "]
    for cell, character in zip(cells, text, strict=True):
        edges = bar_positions(cmc7.CODES[character], narrow, wide)
        start = 10 + cell * cmc7.PITCH + (cmc7.CHARACTER_WIDTH - edges[-1] - cmc7.BAR) / 2
        for edge in edges:
            profile[round((start + edge) * 16) : round((start + edge + cmc7.BAR) * 16)] = 1.0
    return profile


def found_with(text: str, margins: tuple[float, ...] | None = None) -> Found:
    decoded = Decoded(text, 0.92, margins or (0.3,) * 35, 0.0, 1.0, 4)
    strip = np.zeros((128, 2000), np.float32)
    return Found(Frame((0, 0), 0.0, 8.0), strip.astype(np.uint8), strip, decoded)


def test_each_code_has_two_wide_intervals_and_is_unique() -> None:
    assert {code.count("1") for code in cmc7.CODES.values()} == {2}
    assert len(set(cmc7.CODES.values())) == 15
    assert cmc7.CODES["0"] == "001100"


@given(DIGITS, st.sampled_from([(0.30, 0.50), (0.333, 0.497), (0.318, 0.508)]))
@settings(max_examples=12, deadline=None)
def test_a_drawn_line_is_read_whatever_its_digits_and_printer(digits: str, geometry: tuple[float, float]) -> None:
    decoded = read_profile(profile_of(line_of(digits), *geometry))
    assert decoded is not None
    assert (decoded.text, decoded.free_symbols) == (line_of(digits), 4)


@given(DIGITS)
@settings(max_examples=8, deadline=None)
def test_upside_down_the_frame_does_not_fit(digits: str) -> None:
    """Every reversed character is another valid one, so only the four symbols can tell."""
    decoded = read_profile(np.ascontiguousarray(profile_of(line_of(digits))[::-1]))
    assert decoded is None or decoded.free_symbols <= 2


@given(DIGITS, st.integers(0, 30), st.data())
@settings(max_examples=100, deadline=None)
def test_one_located_unread_digit_is_always_restored_by_the_key(digits: str, at: int, data: st.DataObject) -> None:
    line = line_of(digits)
    place = [index for index, sign in enumerate(line) if sign.isdigit()][at]
    holed = line[:place] + "?" + line[place + 1 :]
    assert repaired(holed, place, key_of(digits)) == line


class Looks:
    """Stands for the network: sure of a text, unsure at one place."""

    def __init__(self, text: str, at: int = -1, instead: str = "0", share: float = 0.0) -> None:
        logp = np.full((35, 15), np.log(1e-5), np.float32)
        for place, sign in enumerate(text):
            logp[place, cmc7.CHARACTERS.index(sign)] = -1e-5
        if at >= 0:
            logp[at, cmc7.CHARACTERS.index(instead)] = np.log(share)
            logp[at, cmc7.CHARACTERS.index(text[at])] = np.log(1 - share)
        self.logp = logp

    def __call__(self, crops: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> object:
        every = len(crops) == len(self.logp)  # where a line stands every other cell is asked
        return self.logp if every else self.logp[::2]


def seen_by_the_filter(text: str, at: int = -1, instead: str = "0", better_by: float = 0.0) -> Found:
    """As read from bars that fit 0.9, every other character 0.6; at one place another character fits better."""
    scores = [[0.9 if sign == character else 0.6 for character in cmc7.CHARACTERS] for sign in text]
    if at >= 0:
        scores[at][cmc7.CHARACTERS.index(instead)] = 0.9 + better_by
        text = text[:at] + (instead if better_by > 0 else text[at]) + text[at + 1 :]
    found = found_with(text)
    assert found.decoded is not None
    return replace(found, decoded=replace(found.decoded, scores=tuple(tuple(row) for row in scores)))


WHOLE = line_of("6679545042014506908052108899000")


def test_filter_and_network_together_vouch_for_a_line() -> None:
    line = combined(seen_by_the_filter(WHOLE), CharacterReader(Looks(WHOLE)), None)
    assert (line.text, line.vouched) == (WHOLE, True)


def test_what_the_network_sees_clearly_stands_against_a_filter_that_wavers() -> None:
    """A pen stroke adds a bar here and there; the shape is still the digit's."""
    line = combined(seen_by_the_filter(WHOLE, 3, "8", 0.05), CharacterReader(Looks(WHOLE)), None)
    assert (line.text, line.vouched) == (WHOLE, True)


def test_a_line_one_reader_contradicts_clearly_is_not_vouched_for() -> None:
    line = combined(seen_by_the_filter(WHOLE, 3, "8", 0.2), CharacterReader(Looks(WHOLE)), None)
    assert not line.vouched


def test_two_readers_who_agree_without_being_sure_do_not_vouch() -> None:
    looks = CharacterReader(Looks(WHOLE, 3, "8", 0.45))
    line = combined(seen_by_the_filter(WHOLE, 3, "8"), looks, None)
    assert (line.text, line.vouched) == (WHOLE, False)
    assert line.confidence < 0.7


@given(DIGITS)
@settings(max_examples=30, deadline=None)
def test_two_unread_digits_are_never_guessed(digits: str) -> None:
    line = line_of(digits)
    holed = "C??" + line[3:]
    assert repaired(holed, 1, key_of(digits)) is None


def test_a_line_is_vouched_for_by_its_key_and_by_nothing_else_when_read_once() -> None:
    digits = "6679545042014506908052108899000"
    assert combined(found_with(line_of(digits)), None, "90").vouched
    assert not combined(found_with(line_of(digits)), None, None).vouched


def test_a_key_that_contradicts_the_line_is_said_and_not_believed() -> None:
    line = combined(found_with(line_of("6679545042014506908052108899000")), None, "12")
    assert line.rlmc_ok is False
    assert not line.vouched


def test_the_digits_printed_beside_the_line_vouch_for_it() -> None:
    from models.reading import Box, Word

    words = [Word(text, Box(1, 0, 0, 0.1, 0.1), 0.9) for text in ("6679545", "042014506908", "052108899000")]
    assert combined(found_with(line_of("6679545042014506908052108899000")), None, None, words).vouched


@pytest.mark.parametrize("text", ["6679545", "66795450420145069080521088990"])
def test_a_part_of_the_printed_digits_does_not_vouch(text: str) -> None:
    from models.reading import Box, Word

    words = [Word(text, Box(1, 0, 0, 0.1, 0.1), 0.9)]
    assert not combined(found_with(line_of("6679545042014506908052108899000")), None, None, words).vouched
