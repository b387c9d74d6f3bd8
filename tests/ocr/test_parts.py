from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from models.cheque import ChequeReading
from models.reading import Barcode, Box, Page, PartKind, Tick, Word
from ocr.parts import assemble, kind_of_page

PAPER = np.full((2339, 1654), 255, np.uint8)
CHEQUE_PAPER = np.full((630, 1378), 255, np.uint8)


def page(text: str, number: int = 1, **more: object) -> Page:
    """A page whose lines run down from the top, a line every 3 % of its height."""
    words = [
        Word(word, Box(number, 0.1 + 0.06 * at, 0.05 + 0.03 * row, 0.05, 0.015), 0.95, row + 1)
        for row, line in enumerate(text.splitlines())
        for at, word in enumerate(line.split())
    ]
    return Page(number, text, tuple(words), dpi=200, **more)  # type: ignore[arg-type]


LETTER = """Paul Renard
8 rue des Ormes
21000 DIJON
Dijon, le 4 mai 2026
Objet : votre relance
Madame, Monsieur,
J'ai bien reçu votre courrier et je conteste cette somme.
Veuillez agréer, Madame, mes salutations."""
KINDS = [
    (LETTER, PartKind.LETTER),
    (LETTER + "\nVous trouverez ci-joint l'acte de décès et le jugement du tribunal judiciaire.", PartKind.LETTER),
    ("TALON À JOINDRE À VOTRE RÈGLEMENT\nMontant à payer 120,00\nRéférence 44-1", PartKind.PAYMENT_SLIP),
    ("TIP SEPA\nMandat de prélèvement SEPA ponctuel\nMontant à payer", PartKind.PAYMENT_SLIP),
    ("COUPON-RÉPONSE\nCochez la case utile\nNom, prénom :\nDate et signature", PartKind.REPLY_FORM),
    ("LA POSTE\nPLI NON DISTRIBUABLE\nDestinataire inconnu à l'adresse", PartKind.ENVELOPE),
    ("ORDRE DE VIREMENT\nCompte à débiter : 1234\nBénéficiaire : Cabinet\nMotif : facture", PartKind.PROOF_OF_PAYMENT),
    ("9:41\nVirement effectué\n- 245,00 €\nVers\nCABINET DUVAL\nDepuis\nCompte courant", PartKind.PROOF_OF_PAYMENT),
    ("Détail de l'opération\n-120,50 €\nBénéficiaire\nCabinet\nTélécharger l'avis", PartKind.PROOF_OF_PAYMENT),
    ("Paiement confirmé\n89,90 €\nCarte **** 4512\nCommerçant CABINET", PartKind.PROOF_OF_PAYMENT),
    ("CB SANS CONTACT\nle 12/03/26\nCABINET\n45,00 EUR\nTICKET CLIENT\nÀ CONSERVER", PartKind.PROOF_OF_PAYMENT),
    ("MANDAT CASH\nReçu de l'expéditeur\nMontant 150,00 €\nFrais 7,00 €", PartKind.PROOF_OF_PAYMENT),
    (LETTER.replace("je conteste cette somme", "virement effectué le 4 avril, 89,90 €"), PartKind.LETTER),
    ("Bonjour\nvirement fait hier\nmerci\nP. Renard", PartKind.LETTER),
    ("RÉPUBLIQUE FRANÇAISE\nCARTE NATIONALE D'IDENTITÉ\nNom : X\nNationalité : Française", PartKind.IDENTITY),
    ("TRIBUNAL JUDICIAIRE DE LILLE\nORDONNANCE du 3 mai\nRG n° 26/441\nLe greffier", PartKind.COURT_DOCUMENT),
    ("VILLE DE METZ\nEXTRAIT D'ACTE DE DÉCÈS\nLe deux mai est décédé", PartKind.ATTACHMENT),
    ("FACTURE n° 4411\nTotal TTC 88,00", PartKind.ATTACHMENT),
]


@pytest.mark.parametrize(("text", "kind"), KINDS, ids=[f"{kind.value}-{at}" for at, (_, kind) in enumerate(KINDS)])
def test_a_page_says_what_it_is(text: str, kind: PartKind) -> None:
    assert kind_of_page(page(text), PAPER)[0] is kind


def test_a_long_letter_that_quotes_every_form_is_still_a_letter() -> None:
    prose = (
        LETTER + "\n" + "\n".join(["je rappelle que mon talon TIP et mon virement ont été refusés par la poste"] * 9)
    )
    assert kind_of_page(page(prose), PAPER)[0] is PartKind.LETTER


def test_blank_and_separator_pages_are_named_not_dropped() -> None:
    assert kind_of_page(Page(1, "", blank=True), PAPER) == (PartKind.BLANK, "")
    sheet = Page(2, "FEUILLE", barcodes=(Barcode("DataMatrix", "MAILROOM-SEPARATOR:lot 9"),))
    assert kind_of_page(sheet, PAPER) == (PartKind.SEPARATOR, "lot 9")


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("Destinataire inconnu à l'adresse", "unknown"),
        ("Défaut d'accès ou d'adressage", "address"),
        ("Pli refusé par le destinataire", "refused"),
        ("Pli avisé et non réclamé", "unclaimed"),
    ],
)
def test_the_reason_ticked_on_the_sticker_is_kept(label: str, reason: str) -> None:
    sticker = "LA POSTE\nPLI NON DISTRIBUABLE\nDestinataire inconnu à l'adresse\nDéfaut d'accès ou d'adressage\n"
    sticker += "Pli refusé par le destinataire\nPli avisé et non réclamé"
    returned = page(sticker, ticks=(Tick(label, 0.9),))
    assert kind_of_page(returned, PAPER) == (PartKind.ENVELOPE, reason)


def test_a_sticker_with_nothing_ticked_gives_no_reason() -> None:
    sticker = "PLI NON DISTRIBUABLE\nDestinataire inconnu à l'adresse\nPli refusé\nPli avisé et non réclamé"
    assert kind_of_page(page(sticker), PAPER) == (PartKind.ENVELOPE, "")


def test_a_cheque_alone_is_a_cheque_and_one_on_a_letter_leaves_the_letter() -> None:
    whole = ChequeReading(1, box=(0.0, 0.0, 1.0, 1.0), date=date(2026, 5, 1))
    assert kind_of_page(page("BANQUE\nPayez contre ce chèque"), CHEQUE_PAPER, (whole,))[0] is PartKind.CHEQUE
    lying = ChequeReading(1, box=(0.1, 0.6, 0.8, 0.27))
    assert kind_of_page(page(LETTER), PAPER, (lying,))[0] is PartKind.LETTER


def test_a_letter_keeps_its_pages_across_blank_backs() -> None:
    first, back = page(LETTER, 1), Page(2, "", blank=True)
    second, last = page("suite de ma lettre\net voilà tout", 3), Page(4, "", blank=True)
    kinds = [PartKind.LETTER, PartKind.BLANK, PartKind.LETTER, PartKind.BLANK]
    parts = assemble([(p, kind, "") for p, kind in zip((first, back, second, last), kinds, strict=True)])
    assert [(part.kind, part.pages) for part in parts] == [
        (PartKind.LETTER, (1, 3)),
        (PartKind.BLANK, (2,)),
        (PartKind.BLANK, (4,)),
    ]
    assert "suite de ma lettre" in parts[0].text


def test_a_second_letter_head_begins_a_second_letter() -> None:
    parts = assemble([(page(LETTER, 1), PartKind.LETTER, ""), (page(LETTER, 2), PartKind.LETTER, "")])
    assert [part.pages for part in parts] == [(1,), (2,)]


def test_the_page_after_a_cheque_that_says_little_is_its_back() -> None:
    cheque, back = page("BANQUE", 1), page("compte 00123\nDurand", 2)
    parts = assemble([(cheque, PartKind.CHEQUE, ""), (back, PartKind.LETTER, "")], cheque_pages=(1,))
    assert [part.kind for part in parts] == [PartKind.CHEQUE, PartKind.CHEQUE_BACK]


def test_a_cheque_lying_on_a_slip_is_a_part_beside_it() -> None:
    parts = assemble([(page("TALON", 1), PartKind.PAYMENT_SLIP, "")], cheque_pages=(1,))
    assert [(part.kind, part.pages) for part in parts] == [(PartKind.PAYMENT_SLIP, (1,)), (PartKind.CHEQUE, (1,))]
