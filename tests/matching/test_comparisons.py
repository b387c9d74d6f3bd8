"""What a comparison finds on the paper: a clerk's table of names, addresses, sums and references."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matching.clues import clues_of
from matching.comparisons import compare, creditors_in
from matching.firstnames import same_first_name
from matching.paper import Finding, Paper
from matching.profile import company_parts, name_parts, profile_of, street_parts, town_parts
from matching.shapes import ReferenceShapes, ShapeLearner
from models.claim import Claim
from models.understanding import Mention, MentionKind, Mentions

CLAIM = Claim(
    claim_ref="AB-2041-77",
    creditor="Gaz de la Baie",
    balance=48_250,
    principal=45_000,
    civility="M.",
    last_name="LE GOFF",
    birth_name="",
    first_name="Jean-Pierre",
    birth_date=date(1971, 3, 9),
    address="14 BIS AVENUE DU MARECHAL FOCH",
    postcode="35400",
    city="SAINT-MALO",
    opened_on=date(2024, 1, 2),
)
MARRIED = replace(CLAIM, civility="MME", last_name="SAINT-ANDRÉ", birth_name="DUPRÉ", first_name="Zoé")
FIRM = replace(CLAIM, last_name="", first_name="", company_name="SARL GARAGE DU PORT", birth_date=None)


class Counts:
    """A portfolio of a thousand in which everything occurs ten times."""

    total = 1000

    def surname(self, parts: object) -> int:
        return 10

    postcode = town = amount = company = email = phone = surname

    def first_name(self, name: str) -> int:
        return 10 * (name in ("JEAN", "PIERRE", "ZOE", "MATHILDE", "ODILE"))

    def street(self, number: str, word: str) -> int:
        return 10


def shapes() -> ReferenceShapes:
    learner = ShapeLearner()
    learner.add(["AB204177", "AB913360", "AB558214"])
    return ReferenceShapes(learner.shapes())


def findings(claim: Claim, text: str, *mentions: Mention, sender: str | None = None) -> dict[str, Finding]:
    clues = clues_of(Mentions(tuple(mentions), sender), text, (), shapes())
    paper = Paper(clues, Counts(), shapes(), creditors_in(clues, ["Gaz de la Baie", "Mobile Ouest"]))
    return {found.feature: found for found in compare(profile_of(claim), paper, clues.written)}


@pytest.mark.parametrize(
    ("claim", "text", "surname", "first_name"),
    [
        (CLAIM, "Jean-Pierre LE GOFF", "exact", "exact"),
        (CLAIM, "LEGOFF Jean Pierre", "exact", "exact"),
        (CLAIM, "M. J.P. Le Goff", "exact", "initial"),
        (CLAIM, "Pierre Le Goff", "exact", "part"),
        (CLAIM, "M. et Mme LE GOFF", "exact", "absent"),
        (CLAIM, "Mathilde Le Goff", "exact", "other"),
        (CLAIM, "Jean-Pierre Le Gof", "similar", "exact"),
        (MARRIED, "Zoe Saint Andre", "exact", "exact"),
        (MARRIED, "Zoé St-André", "exact", "exact"),
        (MARRIED, "Zoé Dupré", "exact", "exact"),
        (MARRIED, "Mme Z. DUPRE épouse Saint-André", "exact", "initial"),
        (MARRIED, "Zoé André", "part", "exact"),
    ],
)
def test_names_however_they_are_written(claim: Claim, text: str, surname: str, first_name: str) -> None:
    found = findings(claim, f"Bonjour,\nveuillez noter.\n{text}")
    assert (found["surname"].level, found["first_name"].level) == (surname, first_name)


def test_somebody_else_signs_and_the_debtor_is_nowhere() -> None:
    assert findings(CLAIM, "Bien à vous, Odile Vasseur", sender="Odile Vasseur")["surname"].level == "other"


def test_a_name_in_a_header_counts_though_the_text_has_none() -> None:
    found = findings(CLAIM, "Merci de rappeler", Mention(MentionKind.NAME, "Le Goff", "LE GOFF|Jean-Pierre", "sender"))
    assert found["surname"].level == "exact"


def test_a_signature_clearer_than_the_form_above_it() -> None:
    form = Mention(MentionKind.NAME, "LE GOFE Jean-Pierre", "LE GOFE|Jean-Pierre", "sender")
    found = findings(CLAIM, "Nom : LE GOFE Jean-Pierre\nA bientôt\nLe Goff", form)
    assert (found["surname"].level, found["first_name"].level) == ("exact", "exact")


@pytest.mark.parametrize(
    ("written", "on_file", "level"),
    [
        (["MICHEL"], ["MICHEL"], "exact"),
        (["MICHELE"], ["MICHEL"], "other"),
        (["DANIELE"], ["DANIEL"], "other"),
        (["FRED"], ["FREDERIC"], "similar"),
        (["NICOLLAS"], ["NICOLAS"], "similar"),
        (["JP"], ["JEAN", "PIERRE"], "initial"),
        (["JEANPIERRE"], ["JEAN", "PIERRE"], "exact"),
        (["MARIE", "CLAUDE"], ["CLAUDE"], "part"),
        (["PAUL"], ["JEAN", "PIERRE"], "other"),
        ([], ["JEAN"], "absent"),
    ],
)
def test_first_names(written: list[str], on_file: list[str], level: str) -> None:
    assert same_first_name(written, on_file)[0] == level


@pytest.mark.parametrize(
    ("text", "street", "postcode"),
    [
        ("14 bis avenue du Maréchal Foch\n35400 SAINT-MALO", "exact", "exact"),
        ("14, av. du Mal Foch, St Malo", "exact", "town"),
        ("14B AV MARECHAL FOCH 35408 ST MALO CEDEX", "words", "town"),
        ("3 avenue du Maréchal Foch", "words", "absent"),
        ("14 rue des Lilas", "absent", "absent"),
    ],
)
def test_addresses(text: str, street: str, postcode: str) -> None:
    found = findings(CLAIM, text)
    assert (found["street"].level, found["postcode"].level) == (street, postcode)


def test_a_sender_who_lives_elsewhere() -> None:
    home = Mention(MentionKind.POSTCODE, "59000 Lille", "59000", "sender")
    assert findings(CLAIM, "59000 Lille", home)["postcode"].level == "other"


@pytest.mark.parametrize(
    ("text", "feature", "level"),
    [
        ("je vous dois 482,50 €", "balance", "exact"),
        ("je vous dois 4 82,50 €", "balance", "absent"),
        ("les 450,00 euros", "principal", "exact"),
        ("par mois 48,25 €", "balance", "instalment"),
        ("123,45 €", "balance", "absent"),
    ],
)
def test_sums(text: str, feature: str, level: str) -> None:
    assert findings(CLAIM, text)[feature].level == level


def test_a_sum_to_the_euro() -> None:
    assert findings(CLAIM, "les 482 euros", Mention(MentionKind.AMOUNT, "482 €", "48200"))["balance"].level == "rounded"


@pytest.mark.parametrize(
    ("written", "level"),
    [("1971-03-09", "exact"), ("1971-09-03", "similar"), ("1971-03-08", "similar"), ("1950-12-30", "other")],
)
def test_birth_dates(written: str, level: str) -> None:
    born = Mention(MentionKind.BIRTH_DATE, written, written)
    assert findings(CLAIM, "né le", born)["birth_date"].level == level


def test_a_day_of_last_year_is_nobodys_birth_date() -> None:
    assert "birth_date" not in findings(CLAIM, "depuis", Mention(MentionKind.BIRTH_DATE, "10/08/2025", "2025-08-10"))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Garage du Port, Saint-Malo", "exact"),
        ("GARAGE DU PQRT", "similar"),
        ("notre garage", "part"),
        ("Boulangerie Martin", "absent"),
    ],
)
def test_companies_without_their_legal_form(text: str, level: str) -> None:
    assert findings(FIRM, text)["company"].level == level


@pytest.mark.parametrize(
    ("text", "level"),
    [("ma facture Gaz de la Baie", "exact"), ("ma facture Mobile Ouest", "other")],
)
def test_the_creditor_named_is_this_ones_or_another(text: str, level: str) -> None:
    assert findings(CLAIM, text)["creditor"].level == level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("AB-2041-77", "exact"),
        ("ab 2041 77", "exact"),
        ("AB-2O4I-77", "confused"),
        ("AB-2014-77", "one_error"),
        ("AB-204-77", "one_error"),
        ("AB-20411-77", "one_error"),
        ("AB-2041-97", "one_error"),
    ],
)
def test_references_with_and_without_an_error(text: str, level: str) -> None:
    assert findings(CLAIM, f"dossier {text}")["claim_reference"].level == level


def test_two_errors_are_another_reference() -> None:
    assert "claim_reference" not in findings(CLAIM, "dossier AB-2999-77")


def test_parts_of_names_and_addresses() -> None:
    assert name_parts("DU PRÉ") == ("PRE",)
    assert name_parts("O'BRIEN") == ("O", "BRIEN")
    assert company_parts("SAS Ets Müller et Fils") == ("MULLER", "FILS")
    assert street_parts("57 TER, rés. les Pins, rue du Stade") == ("57", ("PINS", "STADE"))
    assert street_parts("Lieu-dit Kerbihan") == ("", ("KERBIHAN",))
    assert town_parts("ST MALO CEDEX 2") == ("SAINT", "MALO")
