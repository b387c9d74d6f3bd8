from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.cheque import amount_words
from ocr.cheque.alphabet import LINES
from ocr.cheque.automaton import Decoder, compile_expressions
from tests.ocr.cheque.outputs import clear_output

HYPHENS = st.sampled_from(["traditional", "reform", "none"])
STYLES = st.sampled_from(["et centimes", "centimes", "bare", "figures", "et figures", "cts"])


@given(st.integers(0, amount_words.LARGEST), HYPHENS, STYLES)
@settings(max_examples=400, deadline=None)
def test_every_amount_is_read_back_from_every_way_of_writing_it(cents: int, hyphens: str, style: str) -> None:
    assert amount_words.parse(amount_words.write(cents, hyphens=hyphens, style=style)) == cents


@given(st.integers(1, 999_999), HYPHENS, STYLES)
@settings(max_examples=25, deadline=None)
def test_the_decoder_finds_the_amount_a_clear_output_says(cents: int, hyphens: str, style: str) -> None:
    text = amount_words.write(cents, hyphens=hyphens, style=style).replace("-", " ")
    grammar = Decoder(compile_expressions([amount_words.amount_expression(cents)], LINES), LINES)
    output = clear_output(text, LINES)
    assert float(output.max(axis=1).sum()) - float(grammar.scores(output)[0]) < 0.01


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("soixante-dix-sept euros", 7700),
        ("Soixante et onze euros", 7100),
        ("quatre-vingts euros", 8000),
        ("quatre vingt un euros", 8100),
        ("septante et un euros", 7100),
        ("huitante euros", 8000),
        ("nonante-deux euros", 9200),
        ("deux-cent-trente-et-un euros", 23100),
        ("mille deux cents", 120000),
        ("un mille euros", 100000),
        ("cent euros et 25 cents", 10025),
        ("vingt euros 89", 2089),
        ("cinquante € 50", 5050),
        ("cent vingt euros et 00 cts", 12000),
        ("Deux cents €————", 20000),
        ("mille neuf cent soixante et onze euros soixante-six centimes", 197166),
        ("quattre vingt trieze euros", 9300),
        ("deux cens sinquante euros", 25000),
        ("vingtcinq euros", 2500),
        ("cinquante centimes", 50),
        ("cent trois euros 5/100", 10305),
    ],
)
def test_spellings_seen_on_cheques_are_understood(text: str, cents: int) -> None:
    assert amount_words.parse(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bonjour",
        "un cent euros",
        "vingt trente euros",
        "cent cent euros",
        "soixante vingt",
        "dix onze euros",
        "euros",
    ],
)
def test_what_is_no_amount_is_not_made_one(text: str) -> None:
    assert amount_words.parse(text) is None
