"""Addresses as blocks, and ours told from theirs."""

from __future__ import annotations

import pytest

from classifiers.addresses import find_addresses, is_agency_address
from models.agency import Agency

AGENCY = Agency("Cabinet Aubrac", ("Aubrac Recouvrement",), ("BP 4410", "12004 RODEZ CEDEX"), ("aubrac.example",))


@pytest.mark.parametrize(
    ("text", "one_line"),
    [
        ("Jean LOPEZ\n5 bis rue Louis Pergaud\n03100 Montluçon", "5 bis rue Louis Pergaud, 03100 Montluçon"),
        (
            "A. ROY\n49 ter Résidence les Pins, rue du Stade\n95100 ARGENTEUIL",
            "49 ter Résidence les Pins, rue du Stade, 95100 ARGENTEUIL",
        ),
        ("Paul Roy, 12 rue des Lilas, 35000 Rennes", "12 rue des Lilas, 35000 Rennes"),
        (
            "J'habite maintenant au 4 allée du Vercors, 38170 Seyssinet-Pariset.",
            "4 allée du Vercors, 38170 Seyssinet-Pariset",
        ),
        ("Mme ROY\nApt 12\n3 av. Foch\nF-57000 METZ", "3 av. Foch, 57000 METZ"),
        ("M. ROY\n29 TER BD GAMBETTA\n06400 CANNES", "29 TER BD GAMBETTA, 06400 CANNES"),
        ("Odette ROY\nLieu-dit Mas de Cazes\n46090 FLAUJAC-POUJOLS", "Lieu-dit Mas de Cazes, 46090 FLAUJAC-POUJOLS"),
    ],
)
def test_street_postcode_and_town_are_read(text: str, one_line: str) -> None:
    assert [block.one_line for block in find_addresses(text)] == [one_line]


def test_the_lines_above_the_street_are_the_names() -> None:
    (block,) = find_addresses("Maître Solène Kerdavid\nCabinet Kerdavid & Associés\n17 rue Urbain IV\n10000 TROYES")
    assert block.names == ("Maître Solène Kerdavid", "Cabinet Kerdavid & Associés")


@pytest.mark.parametrize(
    "text",
    [
        "CABINET AUBRAC\nBP 4410\n12004 RODEZ CEDEX",
        "Cabinet Aubrac, BP 4410, 12004 Rodez cedex",
        "CAB1NET AUBRAC\nBP 4410\n12004 RODEZ CEDEX",
        "Service clients\nBP 4410\n12004 RODEZ CEDEX",
    ],
)
def test_our_own_address_is_known_even_misread(text: str) -> None:
    assert all(is_agency_address(block, AGENCY) for block in find_addresses(text))


def test_a_neighbour_in_our_town_is_not_us() -> None:
    (block,) = find_addresses("Jean LOPEZ\n5 rue Bonald\n12000 RODEZ")
    assert not is_agency_address(block, AGENCY)


@pytest.mark.parametrize("text", ["le 12 350 euros", "facture 20250 Du mois", "réf 44120", "Tél 05 65 00 00 00"])
def test_figures_without_a_town_are_no_address(text: str) -> None:
    assert find_addresses(text) == []
