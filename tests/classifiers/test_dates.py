"""Dates: day, month, year, whatever the writing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.dates import find_dates

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("le 3 févr. 2026", date(2026, 2, 3)),
        ("03/02/26", date(2026, 2, 3)),
        ("3.2.2026", date(2026, 2, 3)),
        ("03-02-2026", date(2026, 2, 3)),
        ("1er mars 2026", date(2026, 3, 1)),
        ("12 JANV 26", date(2026, 1, 12)),
        ("Lyon, le 12 janvier 2026", date(2026, 1, 12)),
        ("2026-05-04", date(2026, 5, 4)),
        ("03 02 2026", date(2026, 2, 3)),
        ("né le 03/02/54", date(1954, 2, 3)),
        ("9 aout 2025", date(2025, 8, 9)),
        ("31 DÉC. 2025", date(2025, 12, 31)),
    ],
)
def test_a_full_date_is_read(text: str, day: date) -> None:
    assert [found.on for found in find_dates(text, TODAY)] == [day]


@pytest.mark.parametrize(
    "text", ["31/02/2026", "RG 26/A/00417", "01 23 45 67 89", "13/13/2026", "le 4", "mai", "12,50 €"]
)
def test_other_figures_are_no_date(text: str) -> None:
    assert find_dates(text, TODAY) == []


def test_a_date_without_a_year_is_the_nearest_asked_for() -> None:
    (found,) = find_dates("le 15 octobre", TODAY)
    assert found.on is None
    assert found.near(TODAY, future=True) == date(2026, 10, 15)
    assert found.near(TODAY, future=False) == date(2025, 10, 15)


@given(
    st.dates(min_value=date(1930, 1, 1), max_value=date(2030, 12, 31)),
    st.sampled_from(["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d"]),
)
def test_every_day_reads_back(day: date, form: str) -> None:
    assert [found.on for found in find_dates(f"le {day.strftime(form)},", TODAY)] == [day]
