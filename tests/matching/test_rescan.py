"""The same paper scanned twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.rescan import LIKENESS_THRESHOLD, likeness, same_paper, sketch

LETTER = """Rémi Castaing
3 rue des Orfèvres
13200 ARLES
Objet : votre courrier du 4 mars, dossier RT-55871
Madame, Monsieur, je vous ai versé la somme de 214,50 euros par virement le 12 mars 2026. Je vous prie de bien
vouloir vérifier vos comptes avant de m'écrire encore. Mon épouse est malade et ces lettres l'inquiètent beaucoup.
Je reste à votre disposition au 06 55 44 33 22. Veuillez agréer mes salutations distinguées. Castaing"""

FORM = """COUPON RÉPONSE à joindre à votre règlement
Référence : {reference}
Nom et prénom : {name}
Cochez la case qui convient [ ] Je règle ce jour la somme de [X] Je souhaite un délai de paiement
Montant proposé : {amount} par mois à compter du {day}
Fait à {town}, signature du débiteur, merci de ne rien agrafer sur ce coupon"""

ONE_FORM = FORM.format(reference="RT-55871", name="Castaing Rémi", amount="50,00", day="05/04/2026", town="Arles")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("malade", "maIade"),
        ("vérifier vos", "verifiervos"),
        ("Orfèvres", "Orfevies"),
        ("salutations distinguées", "salutatlons dist1nguees"),
        ("55871", "5587I"),
        ("somme de 214,50 euros", "sommede 2 14,50euros"),
        ("12 mars 2026", "12mars2026"),
        ("l'inquiètent beaucoup", "inquietent beauccup"),
    ],
)
def test_misreadings_do_not_make_it_another_paper(before: str, after: str) -> None:
    again = LETTER.replace(before, after)
    assert again != LETTER
    assert same_paper(LETTER, again)
    assert likeness(sketch(LETTER), sketch(again)) > LIKENESS_THRESHOLD


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("214,50", "189,00"),
        ("RT-55871", "RT-90313"),
        ("12 mars", "28 mars"),
        ("12 mars", "5 mai"),
        (
            "Mon épouse est malade et ces lettres l'inquiètent beaucoup",
            "Je conteste donc formellement toute la dette",
        ),
    ],
)
def test_another_number_or_sentence_makes_it_another_letter(before: str, after: str) -> None:
    assert not same_paper(LETTER, LETTER.replace(before, after))


@pytest.mark.parametrize(
    "change",
    [
        {"reference": "RT-60012", "name": "Castaing Rémi", "amount": "50,00", "day": "05/04/2026", "town": "Arles"},
        {"reference": "RT-55871", "name": "Castaing Rémi", "amount": "80,00", "day": "05/04/2026", "town": "Arles"},
        {"reference": "RT-55871", "name": "Castaing Rémi", "amount": "50,00", "day": "17/09/2026", "town": "Arles"},
        {"reference": "QB-10447", "name": "Odile Verdier", "amount": "35,00", "day": "01/06/2026", "town": "Niort"},
    ],
    ids=["reference", "sum", "day", "person"],
)
def test_the_same_form_filled_differently_is_another_paper(change: dict[str, str]) -> None:
    assert not same_paper(ONE_FORM, FORM.format(**change))


def test_a_form_read_twice_is_one_paper() -> None:
    assert same_paper(ONE_FORM, ONE_FORM.replace("règlement", "reglernent").replace("signature", "slgnature"))


def test_nothing_read_is_never_the_same_paper() -> None:
    assert not same_paper("", "")
    assert not same_paper("...", LETTER)
    assert sketch(" \n") == ()
    assert likeness((), sketch(LETTER)) == 0.0


@given(st.text(max_size=300))
def test_a_sketch_fits_a_database_column_and_is_stable(text: str) -> None:
    values = sketch(text)
    assert all(0 <= value < 2**63 for value in values)
    assert values == sketch(text)
    assert likeness(values, values) == (1.0 if values else 0.0)


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    assert likeness(sketch(one), sketch(other)) == likeness(sketch(other), sketch(one))
    assert same_paper(one, other) == same_paper(other, one)
