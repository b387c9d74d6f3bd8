from __future__ import annotations

import numpy as np

from ocr.cheque.alphabet import FIGURES, LINES
from ocr.cheque.fields import CROP_HEIGHT
from ocr.cheque.geometry import Floats, Gray
from ocr.cheque.line_figures import refigured
from ocr.cheque.recogniser import greedy
from tests.ocr.cheque.outputs import clear_output


def crop_of(seen: Floats) -> Gray:
    """As wide as that output, and in every column the number of the column."""
    columns = np.repeat(np.arange(len(seen)) % 256, 2).astype(np.uint8)
    return np.tile(columns, (CROP_HEIGHT, 1))


def test_a_number_among_the_words_is_read_again_and_nothing_else() -> None:
    asked: list[Gray] = []

    def box(piece: Gray) -> Floats:
        asked.append(piece)
        return clear_output("91", FIGURES)

    seen = clear_output("deux euros 41 centimes", LINES)
    made = refigured(seen, crop_of(seen), box)
    assert greedy(made, LINES)[0] == "deux euros 91 centimes"
    assert len(asked) == 1
    digits = [column for column, letter in enumerate(seen.argmax(axis=1)) if letter and LINES[letter - 1] in "41"]
    piece = asked[0][CROP_HEIGHT // 2]
    inside = piece[piece > 0]
    assert inside.min() <= digits[0] <= digits[-1] <= inside.max()  # the digits are on the piece
    assert asked[0].shape[0] == CROP_HEIGHT


def test_two_numbers_apart_are_two_pieces() -> None:
    answers = iter(["12", "34"])
    seen = clear_output("99 euros 88", LINES)
    made = refigured(seen, crop_of(seen), lambda piece: clear_output(next(answers), FIGURES))
    assert greedy(made, LINES)[0] == "12 euros 34"


def test_words_without_figures_and_pieces_in_which_nothing_is_seen_stay_as_they_are() -> None:
    words, number = clear_output("deux euros", LINES), clear_output("deux euros 41", LINES)
    blank = np.log(np.eye(1 + len(FIGURES), dtype=np.float32)[[0, 0, 0]] + 1e-6)
    assert refigured(words, crop_of(words), lambda piece: blank) is words
    assert refigured(number, crop_of(number), lambda piece: blank) is number
