"""References, accounts, telephones and letters by number; social security numbers never leave as references."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.identifiers import (
    MOST_REFERENCES,
    find_emails,
    find_ibans,
    find_phones,
    find_references,
    find_registered_letters,
    find_social_security,
    iban_key_holds,
)

IBAN = "FR1420041010050500013M02606"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("votre dossier KX22-253909), merci", "KX22253909"),
        ("kx22 036653 avocat", "KX22036653"),
        ("client 3 427 668 883.", "3427668883"),
        ("réf : LMO 8943680", "LMO8943680"),
        ("facture F 11 107 993 du mois", "F11107993"),
        ("V/Réf : 2024/GZ/774120", "2024GZ774120"),
        ("dossier n° P26 -\n141857", "P26141857"),
        ("Dossier P23 162 036 - engagement", "P23162036"),
        ("dossiers P22-253909/F71768311", "F71768311"),
        ("contrat 77/3", "773"),
        ("2 426 146 705", "2426146705"),
    ],
)
def test_a_reference_is_offered_whatever_its_shape(text: str, value: str) -> None:
    assert value in {span.value for span in find_references(text)}


def test_what_follows_the_word_dossier_stands_first() -> None:
    spans = find_references("article 1342, selon le dossier KX22-253909")
    assert spans[0].value == "KX22253909"
    assert spans[0].confidence > spans[-1].confidence


@pytest.mark.parametrize("text", ["en 2026", "les 3 fois", "Bonjour, merci", "", "page 2"])
def test_small_figures_are_no_reference(text: str) -> None:
    assert find_references(text) == []


def test_a_page_of_figures_gives_a_bounded_list() -> None:
    text = "\n".join(f"{number:05d} {number * 7:06d}" for number in range(400))
    assert len(find_references(text)) == MOST_REFERENCES


@pytest.mark.parametrize(
    "written",
    [
        IBAN,
        "FR14 2004 1010 0505 0001 3M02 606",
        "fr14 2004 1010 0505 0001 3m02 606",
        "FR14 2OO4 1O10 0505 0001 3M02 6O6",
    ],
)
def test_an_iban_is_read_and_mended(written: str) -> None:
    assert [span.value for span in find_ibans(f"IBAN : {written} merci")] == [IBAN]


def test_an_iban_whose_key_fails_is_kept_with_doubt() -> None:
    (span,) = find_ibans("FR15 2004 1010 0505 0001 3M02 606")
    assert span.confidence < 0.5


@given(
    st.text("0123456789", min_size=10, max_size=10),
    st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=11, max_size=11),
)
def test_the_key_of_an_iban_holds_and_one_changed_digit_breaks_it(bank: str, account: str) -> None:
    body = f"{bank}{account}42"
    number = int("".join(str(int(character, 36)) for character in f"{body}FR00"))
    iban = f"FR{98 - number % 97:02d}{body}"
    assert iban_key_holds(iban)
    other = "1" if iban[4] == "0" else "0"
    assert not iban_key_holds(iban[:4] + other + iban[5:])


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("06 12 34 56 78", "0612345678"),
        ("06.12.34.56.78", "0612345678"),
        ("+33 6 12 34 56 78", "0612345678"),
        ("+33 (0)6 12 34 56 78", "0612345678"),
        ("0033612345678", "0612345678"),
        ("01-23-45-67-89", "0123456789"),
        ("+32 470 12 34 56", "+32470123456"),
    ],
)
def test_a_telephone_is_read(written: str, value: str) -> None:
    assert [span.value for span in find_phones(f"tél. {written} le matin")] == [value]


def test_an_email_address_is_read_in_small_letters() -> None:
    assert [span.value for span in find_emails("écrire à Paul.Roy@Poste.example.")] == ["paul.roy@poste.example"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1A 123 456 789 01 2", "1A123456789012"),
        ("RK 123 456 789 FR", "RK123456789FR"),
        ("2C12345678901", "2C12345678901"),
    ],
)
def test_a_registered_letter_is_read(written: str, value: str) -> None:
    assert [span.value for span in find_registered_letters(f"AR n° {written} du 3 mai")] == [value]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("1 84 12 76 451 089 46", True),
        ("n° de sécu 1 84 12 76 451 089", True),
        ("contrat 2025123456789", False),
        ("facture 1841276451089", False),
    ],
)
def test_a_social_security_number_is_known_by_its_key_or_its_words(text: str, seen: bool) -> None:
    assert bool(find_social_security(text)) is seen
