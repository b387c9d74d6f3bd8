"""What a clerk would object to in a cheque as read."""

from __future__ import annotations

import pytest

from models.cheque import ChequeProblem, ChequeReading
from ocr.cheque.problems import amount_problems

UNREADABLE = [ChequeProblem.UNREADABLE_AMOUNT]


@pytest.mark.parametrize(
    ("amount", "confidence", "found"),
    [(None, 0.0, UNREADABLE), (12_000, 0.49, UNREADABLE), (12_000, 0.5, []), (12_000, 0.99, [])],
)
def test_a_sum_likelier_wrong_than_right_is_unreadable_even_where_it_is_suggested(
    amount: int | None, confidence: float, found: list[ChequeProblem]
) -> None:
    assert amount_problems(ChequeReading(1, amount=amount, amount_confidence=confidence), differ=False) == found


def test_two_clear_sums_differ_and_that_is_the_problem_named() -> None:
    assert amount_problems(ChequeReading(1), differ=True) == [ChequeProblem.AMOUNTS_DIFFER]


def test_what_is_suggested_is_believed_by_nobody() -> None:
    read = ChequeReading(1, amount=12_000, amount_confidence=0.7)
    assert read.believed_amount == 12_000
    assert ChequeReading(1, amount=12_000, amount_confidence=0.3, problems=tuple(UNREADABLE)).believed_amount is None
