"""Sums of money as people write them, always in cents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.amounts import cents_from_text, find_amounts
from classifiers.number_words import number_from_words
from models.money import euros

WRITTEN = [
    ("1 234,56 €", 123456),
    ("1\u00a0234,56\u00a0€", 123456),
    ("1\u202f234,56 €", 123456),
    ("1.234,56", 123456),
    ("1234.56", 123456),
    ("1234€56", 123456),
    ("1234 E 56", 123456),
    ("1 234,-", 123400),
    ("1234,5 €", 123450),
    ("#1234,56#", 123456),
    ("=1234,56=", 123456),
    ("**1 234,56**", 123456),
    ("€ 1234,56", 123456),
    ("EUR 1234.56", 123456),
    ("617,63 EUR", 61763),
    ("2 508 euros", 250800),
    ("120 euros et 50 centimes", 12050),
    ("vingt euros 89", 2089),
    ("deux cents euros et dix centimes", 20010),
    ("mille deux cent trente-quatre euros", 123400),
    ("quatre-vingt-dix-neuf euros", 9900),
    ("septante et un euros", 7100),
    ("50€/mois", 5000),
]
NO_SUM = [
    "2e étage",
    "le 12.05 à 10h",
    "5,50 m3",
    "20 %",
    "12,5 %",
    "06 12 34 56 78",
    "3 fois",
    "R26-141857",
    "12,30 h",
]


@pytest.mark.parametrize(("text", "cents"), WRITTEN)
def test_a_sum_is_read_in_cents(text: str, cents: int) -> None:
    assert [int(span.value) for span in find_amounts(f"Je paie {text} demain.")] == [cents]


@pytest.mark.parametrize("text", NO_SUM)
def test_other_figures_are_no_sum(text: str) -> None:
    assert find_amounts(text) == []


@pytest.mark.parametrize("text", ["1.234 €", "1,234 €"])
def test_three_figures_after_a_point_are_thousands_with_doubt(text: str) -> None:
    (span,) = find_amounts(text)
    assert int(span.value) == 123400
    assert span.confidence < 0.6


def test_several_sums_are_told_apart() -> None:
    text = "Je dois 1 296,99 € : trois fois 432,33 € à partir du 5 mai."
    assert [int(span.value) for span in find_amounts(text)] == [129699, 43233]


@given(st.integers(min_value=1, max_value=99_999_99))
def test_what_we_write_ourselves_reads_back(cents: int) -> None:
    assert cents_from_text(euros(cents)) == cents


@given(
    st.integers(min_value=1, max_value=99_999_99),
    st.sampled_from(["{}€{:02d}", "{},{:02d} €", "{},{:02d} EUR", "#{},{:02d}#"]),
)
def test_every_form_reads_back(cents: int, form: str) -> None:
    assert cents_from_text(form.format(cents // 100, cents % 100)) == cents


_UNITS = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf"
)
_TENS = {
    2: "vingt",
    3: "trente",
    4: "quarante",
    5: "cinquante",
    6: "soixante",
    7: "soixante",
    8: "quatre-vingt",
    9: "quatre-vingt",
}


def _in_words(number: int) -> str:
    """French words of 1..999,999, traditional spelling."""
    units = _UNITS.split()
    if number < 20:
        return units[number]
    if number < 100:
        ten, unit = divmod(number, 10)
        if ten in (7, 9):
            unit += 10
        if unit == 0:
            return _TENS[ten] + ("s" if ten == 8 else "")
        return _TENS[ten] + (" et " if unit in (1, 11) and ten < 8 else "-") + units[unit]
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        head = "cent" if hundreds == 1 else f"{units[hundreds]} cent" + ("s" if not rest else "")
        return f"{head} {_in_words(rest)}" if rest else head
    thousands, rest = divmod(number, 1000)
    head = "mille" if thousands == 1 else f"{_in_words(thousands).removesuffix('s')} mille"
    return f"{head} {_in_words(rest)}" if rest else head


@given(st.integers(min_value=1, max_value=999_999))
def test_numbers_in_words_read_back(number: int) -> None:
    words = _in_words(number).replace("troi mille", "trois mille")
    assert number_from_words(words) == number
    assert number_from_words(words.replace(" ", "-")) == number


@pytest.mark.parametrize("words", ["dix vingt", "cent cent", "mille mille", "bonjour", "vingt dix", ""])
def test_words_that_make_no_number_are_none(words: str) -> None:
    assert number_from_words(words) is None


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("deux mile cent quatre-vingt-onze euros et quatre-vingt-quinze centimes", [219_195]),
        ("je verse deux nille cent quatre euros", []),
        ("trois mensualités de cent euros", [10_000]),
        ("je vous dois deux loyers, cent euros en tout", [10_000]),
    ],
)
def test_a_sum_whose_head_cannot_be_read_is_no_smaller_sum(text: str, cents: list[int]) -> None:
    assert [int(span.value) for span in find_amounts(text)] == cents
