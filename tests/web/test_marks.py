"""Words marked in a text, boxes over a picture, sums typed by people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reading import Box, Page, Word
from web.desk.draft import cents_of
from web.desk.marks import Span, find, page_text, segments

TEXT = "Je ne dois RIEN, dossier n° 42 : réglé."


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6))
def test_marking_never_loses_or_repeats_a_letter(text: str, places: list[tuple[int, int]]) -> None:
    spans = [Span(start, end, "cue") for start, end in places]
    pieces = segments(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


def test_marks_that_overlap_are_both_seen() -> None:
    pieces = segments("abcdef", [Span(0, 4, "cue", "one"), Span(2, 6, "doubt", "two")])
    assert [(piece.text, piece.kinds) for piece in pieces] == [
        ("ab", ("cue",)),
        ("cd", ("cue", "doubt")),
        ("ef", ("doubt",)),
    ]
    assert pieces[1].hint == "one · two"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("rien", ["RIEN"]),
        ("regle", ["réglé"]),
        ("dois  rien", ["dois RIEN"]),
        ("doi", []),
        ("", []),
        (".*", []),
        ("42", ["42"]),
    ],
)
def test_words_are_found_whatever_their_case_accents_and_spaces(words: str, found: list[str]) -> None:
    assert [TEXT[span.start : span.end] for span in find(TEXT, words, "cue")] == found


@given(st.text(max_size=40))
def test_finding_keeps_its_place_in_any_alphabet(text: str) -> None:
    for span in find(f"{text} réglé", "réglé", "cue"):
        assert f"{text} réglé"[span.start : span.end].casefold().startswith("r")


def test_the_words_of_a_page_make_its_lines_and_the_doubtful_ones_are_named() -> None:
    box = Box(1, 0, 0, 0.1, 0.1)
    words = (Word("Paul", box, 0.9, 1), Word("Arg0at", box, 0.3, 1), Word("Rennes", box, 0.95, 2))
    text, spans = page_text(Page(1, "ignored", words))
    assert text == "Paul Arg0at\nRennes"
    assert [text[span.start : span.end] for span in spans] == ["Arg0at"]
    assert page_text(Page(1, "born digital")) == ("born digital", [])


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("123,45", 12345),
        ("123.4", 12340),
        ("1 234,50 €", 123450),
        ("1\u202f234,50\u00a0€", 123450),
        ("€1,234.50", 123450),
        ("1.234,50", 123450),
        ("12 EUR", 1200),
        ("7", 700),
    ],
)
def test_sums_as_people_type_them(typed: str, cents: int) -> None:
    assert cents_of(typed) == cents


@pytest.mark.parametrize("typed", ["1.234", "1,234", "0", "0,00", "-3", "12,345,6", "douze", "", "1e3", "½", "١٢"])
def test_what_is_not_surely_a_sum_is_asked_again(typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        cents_of(typed)
