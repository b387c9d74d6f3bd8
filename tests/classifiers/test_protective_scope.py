"""What speaks against a protection is told to the judge, kind by kind."""

from __future__ import annotations

import pytest

from classifiers.protective_scope import AGAINST, spoken_against

WELL, ANOTHERS, PAST, TRADE = range(4)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Rassurez-vous, tout va bien chez nous.", WELL),
        ("J'ai 81 ans et toute ma tête.", WELL),
        ("C'est le client qui est tombé, pas moi.", ANOTHERS),
        ("Mon voisin est sous curatelle.", ANOTHERS),
        ("Mon père est décédé il y a onze ans.", PAST),
        ("En 2010 nous étions en redressement.", PAST),
        ("Je suis infirmière de nuit.", TRADE),
        ("Mandataire judiciaire de mon métier, je connais la musique.", TRADE),
    ],
)
def test_each_kind_of_word_against_a_protection_is_told(text: str, kind: int) -> None:
    assert spoken_against(text)[kind] == 1


@pytest.mark.parametrize("text", ["", "Mon mari est décédé le 3 mars.", "Je suis sous tutelle."])
def test_a_plain_announcement_has_nothing_against_it(text: str) -> None:
    assert spoken_against(text) == (0.0,) * len(AGAINST)
