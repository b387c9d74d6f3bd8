"""What an item names, who sent it, and where on the page it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from classifiers.mentions import find_mentions
from models.agency import Agency
from models.cheque import ChequeReading
from models.reading import Box, EmailHeaders, ItemReading, Page, Part, PartKind, Word
from models.understanding import MentionKind as Kind

AGENCY = Agency("Cabinet Aubrac", ("Aubrac Recouvrement",), ("BP 4410", "12004 RODEZ CEDEX"), ("aubrac.example",))
TODAY = date(2026, 6, 10)
LETTER = """Jeanne ROY
5 bis rue Louis Pergaud
03100 Montluçon

CABINET AUBRAC
BP 4410
12004 RODEZ CEDEX

Montluçon, le 4 juin 2026

Réf : KX22-253909

Madame, Monsieur,

Je suis née le 12/03/1961. J'ai payé 214,60 € le 2 mai 2026 à votre client Eau de la Dore, client 3 427 668 883.
Mon IBAN : FR14 2004 1010 0505 0001 3M02 606, mon téléphone 06 11 22 33 44.
Mon numéro de sécurité sociale : 2 61 03 03 185 001 77.

Jeanne Roy
"""


def letter(text: str = LETTER) -> ItemReading:
    return ItemReading(text=text, new_text=text, parts=(Part(PartKind.LETTER, (1,), text),))


def email(new: str, quoted: str = "", name: str = "Paul Maréchal") -> ItemReading:
    address = "p.marechal@poste.example"
    headers = EmailHeaders(name, address, ("contact@aubrac.example",), "Dossier KX22-253909", None)
    return ItemReading(text=f"{new}\n\n{quoted}", new_text=new, quoted_text=quoted, email=headers)


def values(reading: ItemReading, *kinds: Kind) -> set[str]:
    return {mention.value for mention in find_mentions(reading, AGENCY, TODAY).of(*kinds)}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.REFERENCE, "KX22253909"),
        (Kind.REFERENCE, "3427668883"),
        (Kind.AMOUNT, "21460"),
        (Kind.DATE, "2026-05-02"),
        (Kind.BIRTH_DATE, "1961-03-12"),
        (Kind.IBAN, "FR1420041010050500013M02606"),
        (Kind.PHONE, "0611223344"),
        (Kind.POSTCODE, "03100"),
        (Kind.ADDRESS, "5 bis rue Louis Pergaud"),
        (Kind.NAME, "ROY|Jeanne"),
    ],
)
def test_a_letter_names(kind: Kind, value: str) -> None:
    assert value in values(letter(), kind)


def test_the_sender_of_a_letter_is_never_ourselves() -> None:
    found = find_mentions(letter(), AGENCY, TODAY)
    assert found.sender_name == "Jeanne ROY"
    assert found.sender_address == "5 bis rue Louis Pergaud, 03100 Montluçon"
    assert "12004" not in {mention.value for mention in found.of(Kind.POSTCODE)}


def test_recipient_first_on_the_page_changes_nothing() -> None:
    text = "CABINET AUBRAC\nBP 4410\n12004 RODEZ CEDEX\n\nJeanne ROY\n5 rue Foch\n03100 Montluçon\n\nMadame,\n\nNon."
    assert find_mentions(letter(text), AGENCY, TODAY).sender_name == "Jeanne ROY"


def test_a_name_in_small_letters_above_the_street_is_the_sender() -> None:
    text = "Lopez jean\n5 rue Foch\n03100 Montluçon\n\nMessieurs,\n\nJe conteste."
    assert find_mentions(letter(text), AGENCY, TODAY).sender_name == "Lopez Jean"


def test_wishes_are_no_signature() -> None:
    reading = email("Payé le 3.\n\nBonne Journée\nTrès Bonne Soirée", name="")
    assert find_mentions(reading, AGENCY, TODAY).sender_name is None


def test_a_social_security_number_is_no_reference() -> None:
    assert not any("26103" in value for value in values(letter(), Kind.REFERENCE))


def test_sums_dates_and_telephones_are_no_references() -> None:
    references = values(letter(), Kind.REFERENCE)
    assert references.isdisjoint({"21460", "02052026", "0611223344", "04062026"})


def test_the_sender_of_an_email_is_its_header() -> None:
    found = find_mentions(email("C'est payé."), AGENCY, TODAY)
    assert found.sender_name == "Paul Maréchal"
    assert ("p.marechal@poste.example", "sender") in {(one.value, one.role) for one in found.of(Kind.EMAIL)}


def test_without_a_name_in_the_header_the_signature_counts() -> None:
    reading = email("Bonjour,\n\nC'est payé.\n\nCordialement,\nAugustin Lebel", name="")
    assert find_mentions(reading, AGENCY, TODAY).sender_name == "Augustin Lebel"


def test_our_own_mail_domain_is_not_a_mention() -> None:
    reading = email("Bonjour", quoted="De : gestion@aubrac.example")
    assert values(reading, Kind.EMAIL) == {"p.marechal@poste.example"}


def test_the_subject_counts_as_new_text() -> None:
    found = find_mentions(email("Payé.", quoted="Dossier KX22-253909, facture F11107993"), AGENCY, TODAY)
    quoted = {mention.value: mention.quoted for mention in found.of(Kind.REFERENCE)}
    assert quoted["KX22253909"] is False
    assert quoted["F11107993"] is True


def test_a_reference_has_its_box_on_the_page() -> None:
    words = tuple(
        Word(text, Box(2, 0.1 + 0.1 * number, 0.2, 0.08, 0.02), 0.9)
        for number, text in enumerate(["Dossier", "KX22", "253", "909", "merci"])
    )
    text = "Dossier KX22 253 909 merci"
    reading = replace(letter(text), pages=(Page(2, text, words),))
    found = find_mentions(reading, AGENCY, TODAY)
    (mention,) = [one for one in found.of(Kind.REFERENCE) if one.value == "KX22253909"]
    assert mention.box is not None
    assert mention.box.page == 2
    assert mention.box.x == pytest.approx(0.2)
    assert mention.box.width == pytest.approx(0.28)


def test_the_drawer_of_a_cheque_is_named_with_that_role() -> None:
    cheque = ChequeReading(page=1, drawer_name="M. PAUL ROY", drawer_address="3 RUE FOCH\n57000 METZ")
    reading = ItemReading(text="", new_text="", cheques=(cheque,))
    roles = {(mention.kind, mention.value, mention.role) for mention in find_mentions(reading, AGENCY, TODAY).all}
    assert (Kind.NAME, "PAUL ROY", "cheque") in roles
    assert (Kind.POSTCODE, "57000", "cheque") in roles


@pytest.mark.parametrize("text", ["", "   \n", "\x00\x01", "€" * 3000, "1 " * 9000, "A" * 60_000])
def test_any_text_is_searched_without_an_error(text: str) -> None:
    found = find_mentions(letter(text), AGENCY, TODAY)
    assert found.sender_name is None
