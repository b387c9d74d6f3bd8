"""What the models read: the sender's words, not ours; the boxes ticked, not the others."""

from __future__ import annotations

import pytest

from classifiers.wording import Marker, plain, ticked_labels, without_options, without_quoted, wording_of
from models.reading import EmailHeaders, ItemReading, Page, Part, PartKind, Tick


def test_the_quoted_thread_is_not_the_senders() -> None:
    text = "Bonjour, c'est payé depuis mardi.\n\nLe 3 mars 2026 à 10:00, Agence a écrit :\n> Réglez sous 48 heures."
    assert "48 heures" not in without_quoted(text)
    assert "payé" in without_quoted(text)


def test_an_answer_under_the_quote_is_kept() -> None:
    text = "> Réglez sous 48 heures.\n> L'agence\n\nNon, je conteste ces frais."
    assert without_quoted(text).strip() == "Non, je conteste ces frais."


def test_a_mail_that_only_quotes_is_left_whole() -> None:
    assert without_quoted("> voir ci-dessous\n> merci") == "> voir ci-dessous\n> merci"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("☒ Je conteste\n☐ Je paie", ("Je conteste",)),
        ("[x] déjà réglé\n[ ] autre", ("déjà réglé",)),
        ("( X ) délai   ( ) rien", ("délai   ( ) rien",)),
        ("rien de coché", ()),
    ],
)
def test_ticked_boxes_speak(text: str, labels: tuple[str, ...]) -> None:
    assert ticked_labels(text) == labels


def test_empty_boxes_are_silent() -> None:
    assert "paie" not in plain("☐ Je paie\n☒ Je conteste")


def test_an_email_tells_its_subject_and_its_new_words() -> None:
    mail = EmailHeaders("A", "a@b.example", (), "Solde ?", None)
    wording = wording_of(ItemReading("x", "Combien reste-t-il ?", email=mail))
    assert wording.text == "Objet: Solde ?\nCombien reste-t-il ?"
    assert Marker.EMAIL in wording.markers


def test_parts_become_markers_and_ticks_become_labels() -> None:
    page = Page(1, "Formulaire", ticks=(Tick("Je souhaite un délai", 0.9),))
    parts = (Part(PartKind.REPLY_FORM, (1,)), Part(PartKind.CHEQUE, (2,)))
    wording = wording_of(ItemReading("Formulaire", "Formulaire", pages=(page,), parts=parts))
    assert {Marker.FORM, Marker.CHEQUE, Marker.TICKED} <= wording.markers
    assert "Je souhaite un délai" in wording.sentence


def test_the_print_of_a_cheque_is_not_read_as_words() -> None:
    pages = (Page(1, "Voici mon règlement."), Page(2, "BANQUE X cent euros"))
    parts = (Part(PartKind.LETTER, (1,)), Part(PartKind.CHEQUE, (2,)))
    text = "Voici mon règlement.\nBANQUE X cent euros"
    assert "BANQUE" not in wording_of(ItemReading(text, text, pages=pages, parts=parts)).text


FORM = """Société Exemple
Votre réponse
Je paie ce jour par :
Je conteste
J'ai déjà payé
Autre : mon frère est en mer
Remarques :
Nous ne savons pas de quel mois vous parlez, merci de détailler la somme.
"""


def test_the_printed_answers_of_a_form_whose_boxes_were_lost_are_not_the_senders() -> None:
    text = without_options(FORM)
    assert "conteste" not in text
    assert "mon frère est en mer" in text
    assert "merci de détailler" in text


def test_two_first_person_sentences_are_no_list_of_answers() -> None:
    text = "Je paie demain\nJe vous remercie\nM. Petit"
    assert without_options(text) == text


def test_an_option_beside_an_empty_box_is_printed_even_where_its_own_box_is_lost() -> None:
    text = without_options("☐ Je conteste cette créance\nJe souhaite une information\n\nstage de 3e pour ma fille")
    assert "information" not in text
    assert "stage de 3e" in text


def test_names_of_fields_nobody_filled_in_are_not_the_senders_words() -> None:
    text = without_options("Nom, prénom :\nMontant : .....  Date de règlement :\nMontant : 40 € par mois\nMerci :")
    assert text == "Montant : 40 € par mois\nMerci :"
