from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.cheque import ChequeProblem
from ocr.cheque.alphabet import DATES, LINES
from ocr.cheque.date_line import read_date
from ocr.cheque.dates import decode_date, parse_date
from ocr.cheque.fields import altered, find_layout, written_until
from ocr.cheque.figures import parse_figures
from ocr.cheque.geometry import FRAME_SCALE, Floats, Gray
from ocr.cheque.payee import made_out_to_us, read_payee, strangeness
from ocr.cheque.problems import date_problems, stale_after
from ocr.letters import ALPHABET
from tests.ocr.cheque.outputs import clear_output, torn_output

TODAY = date(2026, 7, 20)
NAMES = ("Cabinet Bréhat Recouvrement", "Cabinet Bréhat")


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1 234,56 €", 123456),
        ("1.234,56", 123456),
        ("1234.56", 123456),
        ("1234€56", 123456),
        ("1234 E 56", 123456),
        ("1 234,-", 123400),
        ("1234,5", 123450),
        ("#1234,56#", 123456),
        ("=1234,56=", 123456),
        ("**1 234,56**", 123456),
        ("EUR 1234.56", 123456),
        ("1.234", None),
        ("1,234", None),
        ("12,34,56", None),
        ("", None),
        ("douze", None),
    ],
)
def test_figures_in_the_box(text: str, cents: int | None) -> None:
    assert parse_figures(text) == cents


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("le 19 mai 2026", date(2026, 5, 19)),
        ("8/06/2026", date(2026, 6, 8)),
        ("11/7/26", date(2026, 7, 11)),
        ("1er sept 2026", date(2026, 9, 1)),
        ("le sept mai 2026", date(2026, 5, 7)),
        ("29-05-2026", date(2026, 5, 29)),
        ("30.06.2026", date(2026, 6, 30)),
        ("12 JANV 26", date(2026, 1, 12)),
        ("31/02/2026", None),
        ("2026", None),
    ],
)
def test_dates_as_people_write_them(text: str, day: date | None) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize("text", ["le 11/7/26", "11 juillet 2026", "11-07-2026", "1e 11.07.26"])
def test_a_date_is_decoded_behind_the_printed_label(text: str) -> None:
    day, sure = decode_date([clear_output(text, DATES)], TODAY)
    assert day == date(2026, 7, 11)
    assert sure > 0.9


def test_a_clearly_written_old_date_stays_old() -> None:
    assert decode_date([clear_output("11/03/2024", DATES)], TODAY)[0] == date(2024, 3, 11)


def test_two_looks_settle_a_digit_that_one_of_them_mistook() -> None:
    wrong = torn_output("24/01/2025", "24/03/2025", DATES, 0.55)
    right = torn_output("24/01/2025", "24/03/2025", DATES, 0.05)
    assert decode_date([wrong], date(2025, 9, 1))[0] == date(2025, 1, 24)
    assert decode_date([wrong, right], date(2025, 9, 1))[0] == date(2025, 3, 24)


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.sampled_from(["%d/%m/%Y", "%d.%m.%y", "%d-%m-%Y"]))
@settings(max_examples=15, deadline=None)
def test_any_day_written_clearly_is_that_day_whenever_it_arrives(day: date, form: str) -> None:
    assert decode_date([clear_output(day.strftime(form), DATES)], TODAY)[0] == day


class Lines:
    """Stands for the page network: answers each call in turn."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def read(self, crops: Sequence[Gray]) -> list[Floats]:
        texts = self.answers.pop(0)
        assert len(texts) == len(crops)
        return [np.exp(clear_output(text, ALPHABET)) for text in texts]


@pytest.mark.parametrize(
    ("first", "further"),
    [
        ("11/07/2026", []),
        ("a Rennes", [["a Rennes"], ["11/07/2026", "11/07/2026"]]),  # the rule of the place was taken for it
    ],
)
def test_the_date_is_looked_for_once_more_only_where_the_first_look_leaves_a_doubt(
    first: str, further: list[list[str]]
) -> None:
    network = Lines(*further)
    ink = np.zeros((640, 1400), np.uint8)
    day, _ = read_date(ink, find_layout(ink), np.exp(clear_output(first, ALPHABET)), network, TODAY)
    assert (day, len(network.answers)) == (date(2026, 7, 11), 0)


def test_a_scrawl_is_no_date() -> None:
    assert decode_date([clear_output("xyz wkq jjj", DATES)], TODAY)[0] is None


@pytest.mark.parametrize(
    ("written", "problems"),
    [
        (date(2026, 7, 20), []),
        (date(2026, 7, 21), [ChequeProblem.POST_DATED]),
        (date(2025, 7, 12), []),
        (date(2025, 7, 11), [ChequeProblem.STALE]),
    ],
)
def test_post_dated_and_stale_to_the_day(written: date, problems: list[ChequeProblem]) -> None:
    assert date_problems(written, False, TODAY) == problems


def test_an_empty_date_line_is_a_defect_and_an_unread_one_is_not() -> None:
    assert date_problems(None, True, TODAY) == [ChequeProblem.UNDATED]
    assert date_problems(None, False, TODAY) == []


def test_a_cheque_of_29_february_goes_stale_a_year_and_eight_days_later() -> None:
    assert stale_after(date(2024, 2, 21)) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("payee", "ours"),
    [
        ("Cabinet Brehat Recouvrement", True),
        ("CABINET BREHAT", True),
        ("cabinet brehat recouvrment", True),
        ("CBR Nantes", True),
        ("Trésor public", False),
        ("Électricité du Midi", False),
    ],
)
def test_who_a_cheque_is_made_out_to(payee: str, ours: bool) -> None:
    from ocr.cheque.payee import plain

    output = clear_output(plain(payee).lower(), LINES)
    assert made_out_to_us(payee, 0.95, strangeness(output, NAMES), NAMES) is ours


def test_a_clear_name_that_shares_a_word_with_ours_is_not_taken_for_ours() -> None:
    output = clear_output("conseil recouvrement", LINES)
    ours = ("Société Lorvain Recouvrement",)
    assert made_out_to_us("Conseil Recouvrement", 0.96, strangeness(output, ours), ours) is not True


@pytest.mark.parametrize(
    ("first", "closer", "seen"),
    [
        ("Cabinet Bréhat", None, ("Cabinet Bréhat", True)),
        ("Trésor public", None, ("Trésor public", False)),
        ("tr", "Cabinet Bréhat", ("Cabinet Bréhat", True)),
        ("tr", "Trésor public", ("Trésor public", False)),
    ],
)
def test_a_payee_is_looked_at_again_only_where_the_first_look_leaves_it_open(
    first: str, closer: str | None, seen: tuple[str, bool]
) -> None:
    def again() -> Floats:
        assert closer is not None, "no second look was needed"
        return np.asarray(np.exp(clear_output(closer, ALPHABET)), dtype=np.float32)

    assert read_payee(np.exp(clear_output(first, ALPHABET)), again, NAMES) == seen


def test_writing_ends_where_much_paper_follows_and_at_the_end_of_the_line_where_none_does() -> None:
    ink = np.zeros((round(80 * FRAME_SCALE), round(175 * FRAME_SCALE)), np.uint8)
    layout = find_layout(ink)
    middle = round((layout.rules["payee"] - 2.0) * FRAME_SCALE)
    rows = slice(middle - 8, middle + 8)
    assert written_until(ink, layout, "payee") == 130.0
    for left, right in ((12, 40), (105, 108)):  # a name, and a bar of the crossing
        ink[rows, round(left * FRAME_SCALE) : round(right * FRAME_SCALE)] = 200
    assert 40.0 < written_until(ink, layout, "payee") < 60.0
    ink[rows, round(50 * FRAME_SCALE) : round(95 * FRAME_SCALE)] = 200
    assert written_until(ink, layout, "payee") == 130.0


def test_a_scrawl_or_no_names_decide_nothing() -> None:
    scrawl = clear_output("zzz", LINES)
    assert made_out_to_us("Zzzq", 0.2, strangeness(scrawl, NAMES), NAMES) is None
    assert made_out_to_us("Trésor public", 0.95, 5.0, ()) is None


def test_an_altered_crop_is_narrower_or_leans_and_keeps_its_height() -> None:
    crop = np.zeros((48, 100), np.uint8)
    crop[:, 50] = 255
    assert altered(crop, 0.9, 0.0).shape == (48, 90)
    assert int(altered(crop, 0.9, 0.0)[24].argmax()) == 45
    leaning = altered(crop, 1.0, 0.25)
    assert [int(leaning[row].argmax()) for row in (4, 24, 44)] == [55, 50, 45]
