"""Lines left out are found again, elisions are spelt, and the post's label stands behind what the envelope says."""

from __future__ import annotations

import pytest

from ocr.elision import with_elisions
from ocr.engines import SeenLine, SeenWord, first_reader
from ocr.envelope import label_last
from ocr.missed_lines import with_missed
from tests.ocr.paper import DPI, typed_page
from tests.ocr.test_two_readers import line


def spelt(text: str) -> str:
    return with_elisions([line(text, 0.9, width=20.0 * len(text))])[0].text


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("pour 1'huissier de justice", "pour l'huissier de justice"),
        ("I’eau et (I'électricité)", "l'eau et (l'électricité)"),
        ("votre | argent", "votre l argent"),
        ("tire par |argent", "tire par largent"),
    ],
)
def test_an_elided_article_is_no_number_and_no_bar(read: str, meant: str) -> None:
    assert spelt(read) == meant


@pytest.mark.parametrize("text", ["le 1 avril", "dossier 1'2", "| Total", "IBAN FR76", "I. Lacroix", "| 12,40 | août"])
def test_numbers_names_and_rules_of_tables_stay(text: str) -> None:
    assert spelt(text).split()[:2] == text.split()[:2]


def test_a_bar_far_from_the_word_is_the_rule_of_a_table() -> None:
    bar, word = SeenWord("|", 0, 0, 4, 30, 0.9), SeenWord("argent", 200, 0, 300, 30, 0.9)
    assert with_elisions([SeenLine((bar, word))])[0].text == "| argent"


def test_a_line_the_engine_left_out_is_read_by_itself_and_put_in_its_place() -> None:
    page, engine = typed_page(), first_reader()
    whole = engine.read_lines(page, DPI)
    at = next(number for number, seen in enumerate(whole) if "187,40" in seen.text)
    found = with_missed(page, DPI, [*whole[:at], *whole[at + 1 :]], engine)
    assert [seen.text for seen in found] == [seen.text for seen in whole]


def test_a_page_read_whole_is_asked_nothing_more() -> None:
    page = typed_page()
    whole = first_reader().read_lines(page, DPI)
    assert with_missed(page, DPI, whole, Silent()) == whole


class Silent:
    """An engine that must not be asked."""

    name = "silent"

    def read_lines(self, *_: object) -> tuple[SeenLine, ...]:
        raise AssertionError


ENVELOPE = [
    line("SERVICE CLIENTS", 0.9, top=0),
    line("LA POSTE - RETOUR À L'ENVOYEUR", 0.9, top=200, width=500),
    line("PLI NON DISTRIBUABLE", 0.9, top=240),
    line("Destinataire inconnu à l'adresse", 0.9, top=280),
    line("MME DUPRE ANNE", 0.9, left=700, top=270),
    line("Accès / adresse incomplète", 0.9, top=320),
    line("76000 ROUEN", 0.9, left=700, top=330),
    line("partie en mars", 0.9, top=500),
]


def test_the_label_of_the_post_comes_behind_the_address_it_stands_beside() -> None:
    assert [seen.text for seen in label_last(ENVELOPE)] == [
        *("SERVICE CLIENTS", "MME DUPRE ANNE", "76000 ROUEN", "LA POSTE - RETOUR À L'ENVOYEUR"),
        *("PLI NON DISTRIBUABLE", "Destinataire inconnu à l'adresse", "Accès / adresse incomplète", "partie en mars"),
    ]


def test_a_letter_that_speaks_of_a_returned_envelope_keeps_its_order() -> None:
    letter = [line("Votre pli non distribuable, refusé,", 0.9), line("m'est revenu.", 0.9, top=40), ENVELOPE[4]]
    assert label_last(letter) == tuple(letter)
