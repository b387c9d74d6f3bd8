"""Mail that wants to be mismatched: each case is one a clerk has met. Right, or left to a person: never wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from matching.index import ClaimIndex
from models.claim import Claim
from models.evidence import Matches
from models.understanding import Mention, MentionKind, Mentions

SURNAMES = ("MARTIN", "BERNARD", "PETIT", "ROUX", "MOREL", "LE GALL", "DURAND", "GARCIA", "FOURNIER", "LAMBERT")
FIRSTS = ("Paul", "Marie", "Jeanne", "Luc", "Rose", "Hugo", "Zoé", "Daniel", "Michelle", "Karim", "Anne")
TOWNS = (("35000", "RENNES"), ("35400", "SAINT-MALO"), ("44000", "NANTES"), ("29200", "BREST"), ("75011", "PARIS"))
STREETS = ("RUE DU MOULIN", "AVENUE JEAN JAURES", "RUE DE LA POSTE", "PLACE SAINTE ANNE", "CHEMIN DES VIGNES")
CREDITORS = ("Gaz de la Baie", "Mobile Ouest", "Bailleur du Port")


def _other(number: int) -> Claim:
    postcode, town = TOWNS[number % len(TOWNS)]
    return Claim(
        claim_ref=f"QT{23 + number % 3}-{700000 + number * 37}",
        creditor=CREDITORS[number % 3],
        balance=10_000 + 37 * number,
        client_ref=f"{10 + number % 90} {100 + number * 7 % 900} {1000 + number * 13 % 9000}",
        invoice_refs=(f"FV-{20000 + number}-{'ABC'[number % 3]}",),
        last_name=SURNAMES[number % len(SURNAMES)],
        first_name=FIRSTS[number % len(FIRSTS)],
        birth_date=date(1950 + number % 50, 1 + number % 12, 1 + number % 28),
        address=f"{number % 90 + 1} {STREETS[number % len(STREETS)]}",
        postcode=postcode,
        city=town,
        opened_on=date(2024, 5, 1),
    )


MARRIED = replace(
    _other(5000), claim_ref="QT24-118207", last_name="SAINT-ANDRÉ", birth_name="DUPRÉ", first_name="Marie-Hélène",
    civility="MME", address="14 BIS AVENUE DU MARECHAL FOCH", postcode="35400", city="SAINT-MALO",
    client_ref="55 120 4431", invoice_refs=("FV-88120-B",), birth_date=date(1971, 3, 9), balance=48_250,
)  # fmt: skip
BRETON = replace(
    _other(5001), claim_ref="QT24-550318", last_name="LE GOFF", first_name="Jean-Pierre", civility="M.",
    address="3 RUE DES TANNEURS", postcode="29200", city="BREST", client_ref="61 477 9021", birth_date=None,
    invoice_refs=("FV-91733-A",), balance=77_120,
)  # fmt: skip
FATHER = replace(
    _other(5002), claim_ref="QT25-330142", last_name="KERVELLA", first_name="Yann", address="8 CHEMIN DU PHARE",
    postcode="29200", city="BREST", birth_date=date(1951, 6, 2), client_ref="72 003 5518",
    invoice_refs=("FV-10117-C",), balance=31_900,
)  # fmt: skip
SON = replace(
    FATHER, claim_ref="QT25-907661", first_name="Erwan", birth_date=date(1984, 9, 21), client_ref="38 911 2240",
    invoice_refs=("FV-60551-A",), balance=12_345, creditor="Mobile Ouest",
)  # fmt: skip
FREDERIC = replace(
    _other(5003), claim_ref="QT25-640077", last_name="ZIELINSKI", first_name="Frédéric", address="21 TER RUE HOCHE",
    postcode="44000", city="NANTES", client_ref="90 662 1187", invoice_refs=("FV-43210-B",), balance=60_606,
)  # fmt: skip
FIRM = replace(
    _other(5004), claim_ref="QT23-220955", last_name="", first_name="", birth_date=None,
    company_name="SARL MENUISERIE QUERÉ", address="2 ZA DE KERGONAN", postcode="29200", city="BREST",
    client_ref="15 840 6672", invoice_refs=("FV-70707-A",), balance=204_000,
)  # fmt: skip
KNOWN = (MARRIED, BRETON, FATHER, SON, FREDERIC, FIRM)


@pytest.fixture(scope="module")
def index() -> ClaimIndex:
    return ClaimIndex.build((*(_other(number) for number in range(2_000)), *KNOWN))


def match(index: ClaimIndex, text: str, *mentions: Mention, sender: str | None = None) -> Matches:
    return index.match(Mentions(mentions, sender), text)


def born(day: str) -> Mention:
    return Mention(MentionKind.BIRTH_DATE, f"né le {day}", day)


@pytest.mark.parametrize(
    "reference",
    [
        "QT24-118207", "QT24-1182O7", "QT24-II8207", "QTZ4-118207", "qt24 118207", "Q T 2 4 - 1 1 8 2 0 7",
        "QT24 / 118 207", "0T24-118207", "QT24-11B207", "QT24-118207.", "n°QT24-118207", "[QT24-118207]",
    ],
)  # fmt: skip
def test_a_reference_however_it_was_read_names_its_claim(index: ClaimIndex, reference: str) -> None:
    assert match(index, f"Dossier {reference}\nMme Saint-André").proposed == MARRIED.claim_ref


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        (MARRIED, "Marie-Hélène SAINT-ANDRÉ\n14 bis avenue du Maréchal Foch\n35400 SAINT-MALO"),
        (MARRIED, "Mme St André Marie Hélène, 14 bis av. du Mal Foch, 35400 St-Malo"),
        (MARRIED, "Marie-Hélène DUPRÉ\n14B avenue du Maréchal Foch\n35400 Saint-Malo"),
        (MARRIED, "Mme Marie-Hélène DUPRE épouse SAINT ANDRE, 14 bis av. Maréchal Foch\n35402 SAINT-MALO CEDEX"),
        (BRETON, "J.P. LEGOFF\n3 rue des Tanneurs\n29200 Brest"),
        (BRETON, "Le Goff Jean-Pierre, 3, r. des Tanneurs, 29218 BREST CEDEX 2"),
        (BRETON, "Jean Pierre le goff\n3 rue des tanneurs\n29200 brest"),
        (BRETON, "Jean-Plerre LE G0FF\n3 RUE DES TANNEUR5\n29200 BREST"),
        (FREDERIC, "Fred Zielinski\n21 ter rue Hoche\n44000 Nantes"),
        (FREDERIC, "Frederic ZIELINSKl, 21 rue Hoche, 44000 NANTES"),
        (FREDERIC, "M. Frédéric ZIELlNSKI\n21ter, rue Hoche\n44000 NANTES"),
        (FIRM, "Menuiserie Queré, ZA de Kergonan, 29200 Brest"),
        (FIRM, "QUERE MENUISERIE SARL\n2 ZA de Kergonan\n29200 BREST"),
        (FATHER, "Yann Kervella, 8 chemin du Phare, 29200 Brest"),
        (SON, "Erwan KERVELLA\n8, ch. du Phare\n29200 BREST"),
    ],
)  # fmt: skip
def test_names_and_addresses_as_people_write_them(index: ClaimIndex, claim: Claim, text: str) -> None:
    assert match(index, f"{text}\n\nBonjour, je conteste cette somme.").proposed == claim.claim_ref


def test_initials_alone_hold_at_least(index: ClaimIndex) -> None:
    matches = match(index, "SAINT ANDRE M.-H.\n14 BIS AVENUE MARECHAL FOCH\n35400 SAINT MALO\nJe conteste.")
    assert matches.plausible == (MARRIED.claim_ref,)
    assert ("first_name", "MH") in {(part.feature, part.on_paper) for part in matches.candidates[0].evidence}


@pytest.mark.parametrize(
    "text",
    [
        "M. et Mme KERVELLA\n8 chemin du Phare\n29200 BREST",
        "Famille Kervella, 8 chemin du Phare, Brest",
        "Kervella\n8 chemin du Phare\n29200 Brest",
    ],
)
def test_father_and_son_at_one_address_are_both_held_and_neither_proposed(index: ClaimIndex, text: str) -> None:
    matches = match(index, text)
    assert matches.proposed is None
    assert set(matches.plausible) >= {FATHER.claim_ref, SON.claim_ref}


def test_a_third_person_at_the_address_is_neither_father_nor_son(index: ClaimIndex) -> None:
    text = "Nolwenn KERVELLA\n8 chemin du Phare\n29200 BREST\nJe conteste."
    assert match(index, text, sender="Nolwenn KERVELLA").proposed is None


@pytest.mark.parametrize("claim", [FATHER, MARRIED], ids=["man", "woman"])
def test_another_birth_date_is_a_namesake_even_at_the_same_address(index: ClaimIndex, claim: Claim) -> None:
    text = f"{claim.first_name} {claim.last_name}\n{claim.address}\n{claim.postcode} {claim.city}\nné le 14/07/1990"
    assert match(index, text, born("1990-07-14")).proposed is None


def test_a_reference_against_the_name_and_the_birth_date_is_a_persons_to_judge_and_both_are_held(
    index: ClaimIndex,
) -> None:
    text = f"Dossier {FATHER.claim_ref}\nErwan KERVELLA, né le 21/09/1984\n8 chemin du Phare\n29200 BREST"
    matches = match(index, text, born("1984-09-21"), sender="Erwan KERVELLA")
    assert matches.proposed is None
    assert {FATHER.claim_ref, SON.claim_ref} <= set(matches.plausible)


@pytest.mark.parametrize(
    ("written", "known"),
    [("QT24-118208", False), ("QT24-118270", False), ("QT24-11820", False), ("QT25-330143", False)],
)
def test_a_reference_one_digit_apart_with_nothing_else_is_not_sure(
    index: ClaimIndex, written: str, known: bool
) -> None:
    assert match(index, f"Bonjour, concernant le dossier {written}, j'ai payé.").proposed is None


def test_a_reference_one_digit_apart_under_a_name_that_fits_another_claim(index: ClaimIndex) -> None:
    neighbour = replace(MARRIED, claim_ref="QT24-118201", last_name="OLLIVIER", birth_name="", first_name="Tanguy",
                        client_ref="11 222 3334", invoice_refs=("FV-12121-C",), address="9 RUE DU LAC",
                        postcode="75011", city="PARIS", birth_date=None)  # fmt: skip
    both = ClaimIndex.build((*KNOWN, neighbour, *(_other(number) for number in range(300))))
    text = "Dossier QT24-118201\nMarie-Hélène SAINT-ANDRÉ\n14 bis avenue du Maréchal Foch\n35400 SAINT-MALO"
    matches = match(both, text, sender="Marie-Hélène SAINT-ANDRÉ")
    assert matches.proposed in (None, MARRIED.claim_ref)
    assert MARRIED.claim_ref in matches.plausible


@pytest.mark.parametrize(
    "text",
    [
        "Votre facture EDF n° FV-88120-B du 3 mars. Je suis Loïc Tanguy, 59000 Lille.",
        "Mon numéro d'allocataire CAF est le 55 120 4431. Loïc Tanguy, 59000 Lille.",
    ],
)
def test_a_number_of_another_company_that_happens_to_exist_here(index: ClaimIndex, text: str) -> None:
    assert match(index, text, sender="Loïc Tanguy").proposed is None


@pytest.mark.parametrize(
    "payer",
    [
        "Loïc TANGUY\n59000 LILLE",
        "Maître Hervé QUILLIEN, notaire\n56000 VANNES",
        "SAS TRANSPORTS BRIAND\n13001 MARSEILLE",
    ],
)
def test_somebody_else_who_pays_does_not_lower_a_good_reference(index: ClaimIndex, payer: str) -> None:
    text = f"{payer}\nJe règle pour le compte de Mme Saint-André, dossier QT24-118207, 482,50 €"
    assert match(index, text, sender=payer.split("\n")[0]).proposed == MARRIED.claim_ref


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, M. Martin, merci de me rappeler.",
        "MARTIN",
        "Monsieur Martin, j'ai bien reçu votre lettre du 3 mars et je la conteste.",
        "Mme MARTIN\n35000 RENNES\nJe conteste.",
        "Cordialement, Paul Martin",
        "Paul MARTIN\nParis\nJe ne vous dois rien.",
    ],
)
def test_a_martin_who_gives_little_more_is_never_proposed(index: ClaimIndex, text: str) -> None:
    assert match(index, text).proposed is None


@pytest.mark.parametrize(
    "text",
    [
        "Profitez de nos offres : -50 % sur les chaudières ! Appelez le 01 23 45 67 89.",
        "Bonjour, je souhaite résilier mon abonnement au journal. Gwendoline Azéma, 13001 Marseille",
        "Facture n° 2024-0001 du 12/03/2024, 100,00 €, Imprimerie du Centre",
        "Je suis absent jusqu'au 3 mars.",
    ],
)
def test_no_claim_at_all_is_an_answer(index: ClaimIndex, text: str) -> None:
    assert match(index, text).proposed is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Dossiers QT25-330142 et QT25-907661, un seul virement", {FATHER.claim_ref, SON.claim_ref}),
        (
            "réf. QT24-118207\nMme Saint-André\net aussi la facture FV-91733-A de M. Le Goff",
            {MARRIED.claim_ref, BRETON.claim_ref},
        ),
        ("QT24-118207 / QT24-550318", {MARRIED.claim_ref, BRETON.claim_ref}),
    ],
)  # fmt: skip
def test_two_claims_in_one_item_are_both_named(index: ClaimIndex, text: str, wanted: set[str]) -> None:
    matches = match(index, text)
    assert {matches.proposed, *matches.further} == wanted


@pytest.mark.parametrize("claim", [SON, FREDERIC])
def test_the_sum_and_the_name_without_any_reference(index: ClaimIndex, claim: Claim) -> None:
    written = f"{claim.balance // 100},{claim.balance % 100:02d}"
    text = f"Je vous adresse {written} € pour {claim.creditor}.\n{claim.first_name} {claim.last_name}"
    assert match(index, text).proposed == claim.claim_ref
