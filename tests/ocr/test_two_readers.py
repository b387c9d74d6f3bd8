"""Merging, doubts, reading order and the letter model: two readers made one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from ocr.beam import aligned, read_steps
from ocr.doubts import doubtful, settle_doubts
from ocr.engines import AUTOMATIC_LAYOUT, SeenLine, SeenWord, mean_confidence, read_narrowed, words_along
from ocr.images import Pixels
from ocr.letters import ALPHABET, coded, letter_model
from ocr.merge import merge
from ocr.reading_order import in_reading_order

PAPER = np.full((100, 100), 255, np.uint8)


def line(text: str, sure: float, left: float = 0, top: float = 0, width: float = 400, height: float = 30) -> SeenLine:
    return SeenLine(tuple(words_along(text, left, top, left + width, top + height, sure)))


def test_each_line_comes_from_the_reader_that_is_surer() -> None:
    first = [line("Madame, Monsieur,", 0.96), line("jc vons cenis", 0.4, top=50)]
    second = [line("Madarne, Monsieur,", 0.95), line("je vous écris", 0.9, top=50)]
    assert [merged.text for merged in merge(first, second)] == ["Madame, Monsieur,", "je vous écris"]


def test_a_line_the_first_reader_split_is_not_read_twice() -> None:
    first = [line("je vous", 0.4, width=180), line("ecris", 0.5, left=200, width=200)]
    assert [merged.text for merged in merge(first, [line("je vous écris", 0.9)])] == ["je vous écris"]


def test_what_only_one_saw_is_kept_if_credible() -> None:
    merged = merge([line("Objet : dossier", 0.9, top=300), line("~;", 0.2, top=600)], [line("merci", 0.9)])
    assert sorted(each.text for each in merged) == ["Objet : dossier", "merci"]


def test_two_readers_that_agree_are_surer_than_either() -> None:
    (merged,) = merge([line("le 12 mai", 0.7)], [line("le 12 mai", 0.9)])
    assert merged.confidence == pytest.approx(0.9)


class Clerk:
    """A second reader that answers every crop with the same word."""

    def __init__(self, text: str, sure: float) -> None:
        self.answer = line(text, sure)
        self.asked: list[tuple[float, float, float, float]] = []

    def read_strips(
        self, gray: Pixels, boxes: Sequence[tuple[float, float, float, float]]
    ) -> tuple[SeenLine | None, ...]:
        self.asked += boxes
        return tuple(self.answer for _ in boxes)


@pytest.mark.parametrize(
    ("seen", "sure", "answer", "sureness", "result"),
    [
        ("128,34.", 0.80, "123,34", 0.97, "123,34."),  # a doubted number is put right, its full stop kept
        ("128,34", 0.95, "123,34", 0.97, "128,34"),  # a sure one is not asked about
        ("128,34", 0.80, "123,34", 0.70, "128,34"),  # an unsure answer changes nothing
        ("maïson", 0.55, "maison", 0.95, "maison"),
        ("maïson", 0.70, "maison", 0.95, "maïson"),
        ("R25-338", 0.80, "R", 0.99, "R25-338"),  # an answer of another length saw something else
    ],
)
def test_doubted_words_are_put_to_the_second_reader(
    seen: str, sure: float, answer: str, sureness: float, result: str
) -> None:
    lines = (SeenLine((SeenWord("Somme", 0, 0, 90, 30, 0.96), SeenWord(seen, 100, 0, 200, 30, sure))),)
    (settled,) = settle_doubts(PAPER, lines, Clerk(answer, sureness))
    assert settled.words[1].text == result


def test_only_doubted_words_are_asked_about() -> None:
    clerk = Clerk("x", 0.5)
    settle_doubts(PAPER, (line("tout est clair", 0.95), line("12 mai", 0.5, top=40)), clerk)
    assert len(clerk.asked) == 2
    assert doubtful(SeenWord("FR76", 0, 0, 9, 9, 0.85))
    assert not doubtful(SeenWord("a", 0, 0, 9, 9, 0.1))


def test_a_rule_taken_for_letters_is_not_asked_about() -> None:
    clerk = Clerk("x", 0.5)
    settle_doubts(PAPER, (SeenLine((SeenWord("TT", 0, 0, 1180, 11, 0.1),)),), clerk)
    assert not clerk.asked


def test_a_scribble_neither_can_read_is_left_out() -> None:
    kept = settle_doubts(PAPER, (line("Cordialement", 0.95), line("gf ll", 0.2, top=60)), Clerk("e", 0.3))
    assert [each.text for each in kept] == ["Cordialement"]
    assert settle_doubts(PAPER, (line("gf ll", 0.2),), None) == ()


def test_an_address_beside_another_is_read_column_by_column() -> None:
    rows = [("Jean Petit", "Cabinet Rives"), ("3 rue Basse", "BP 12"), ("69001 LYON", "44000 NANTES")]
    lines = [line(left, 0.9, 0, 40 * at, 200) for at, (left, _) in enumerate(rows)]
    lines += [line(right, 0.9, 800, 40 * at + 6, 260) for at, (_, right) in enumerate(rows)]
    lines.append(line("Madame, Monsieur,", 0.9, 0, 300, 900))
    texts = [each.text for each in in_reading_order(lines)]
    assert texts == [*(left for left, _ in rows), *(right for _, right in rows), "Madame, Monsieur,"]


def test_a_form_is_read_row_by_row() -> None:
    lines = [line("Montant :", 0.9, 0, 0, 150), line("Date :", 0.9, 600, 4, 100), line("Remarques", 0.9, 0, 60, 200)]
    assert [each.text for each in in_reading_order(lines)] == ["Montant :", "Date :", "Remarques"]


def test_pieces_of_one_line_are_joined_from_left_to_right() -> None:
    (joined,) = in_reading_order([line("vous écris", 0.9, 130, 3, 200), line("je", 0.9, 0, 0, 100)])
    assert joined.text == "je vous écris"


def steps_of(text: str, **unsure: str) -> np.ndarray:
    """What a network would see: each letter clear, but those of `unsure` told as likely as their rival."""
    rows = []
    for letter in text:
        row = np.full(1 + len(ALPHABET), 1e-6)
        row[ALPHABET.index(letter) + 1] = 0.9
        if letter in unsure:
            row[ALPHABET.index(letter) + 1], row[ALPHABET.index(unsure[letter]) + 1] = 0.5, 0.45
        blank = np.full(1 + len(ALPHABET), 1e-6)
        blank[0] = 0.99
        rows += [row, blank]
    return np.array(rows)


def test_a_clear_line_reads_as_seen_with_or_without_advice() -> None:
    steps = steps_of("payé le 12")
    assert read_steps(steps, None) == "payé le 12"
    assert read_steps(steps, letter_model()) == "payé le 12"


def test_the_letter_model_decides_between_letters_that_look_alike() -> None:
    assert letter_model() is not None
    assert read_steps(steps_of("bonzour monsieur", z="j"), None) == "bonzour monsieur"
    assert read_steps(steps_of("bonzour monsieur", z="j"), letter_model()) == "bonjour monsieur"


def test_no_digit_is_likelier_than_another() -> None:
    model = letter_model()
    assert model is not None
    scores = model.scores("dossier ")
    assert len({round(float(scores[ALPHABET.index(digit)]), 6) for digit in "0123456789"}) == 1
    assert coded("1") == coded("7")
    assert np.exp(scores).sum() == pytest.approx(1.0, abs=0.02)


def test_every_letter_is_found_where_it_was_seen() -> None:
    places = aligned(steps_of("elle"), "elle")
    assert [step for step, _ in places] == [0, 2, 4, 6]
    assert all(share == pytest.approx(0.9) for _, share in places)


def test_the_confidence_of_a_page_weighs_words_by_length() -> None:
    words = (SeenWord("recommandée", 0, 0, 9, 9, 0.9), SeenWord(".", 9, 0, 10, 9, 0.0))
    assert mean_confidence([SeenLine(words)]) == pytest.approx(0.825)
    assert mean_confidence([]) == 0.0


class Corners:
    """Reads one word that fills whatever page it is given."""

    name = "corners"

    def read_lines(self, gray: Pixels, dpi: float, layout: int = AUTOMATIC_LAYOUT) -> tuple[SeenLine, ...]:
        self.shape, self.dpi, self.darkest = gray.shape, dpi, int(gray.min())
        return (SeenLine((SeenWord("tout", 0, 0, gray.shape[1], gray.shape[0], 0.9),)),)


def test_print_is_read_from_a_smaller_and_whiter_page_and_stands_where_it_stood() -> None:
    engine = Corners()
    (seen,) = read_narrowed(engine, np.full((800, 600), 240, np.uint8), 200)
    assert (seen.left, seen.top, seen.right, seen.bottom) == pytest.approx((0, 0, 600, 800))
    assert engine.shape < (800, 600)
    assert engine.dpi < 200
    assert engine.darkest == 255
