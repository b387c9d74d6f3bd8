"""A sum is found also where the subject was taken for another kind of payment."""

from __future__ import annotations

from datetime import date

import pytest

from classifiers.facts import find_facts
from models.labels import CATEGORY_OF, Subcategory
from models.reading import ItemReading, Part, PartKind
from models.understanding import Facts, Mentions

S = Subcategory
WRITTEN = date(2026, 6, 3)


def facts(text: str, subcategory: Subcategory, *kinds: PartKind) -> Facts:
    reading = ItemReading(text=text, new_text=text, parts=tuple(Part(kind, (1,)) for kind in kinds))
    return find_facts(reading, Mentions(), CATEGORY_OF[subcategory], subcategory, WRITTEN)


@pytest.mark.parametrize("subcategory", [S.PROMISE, S.PLAN_REQUEST])
def test_a_sum_called_paid_is_paid_even_where_a_promise_was_suspected(subcategory: Subcategory) -> None:
    found = facts("Cette somme a été payée : 212,40 euros versés le 4 mai 2026 au guichet.", subcategory)
    assert found.paid_amount == 21240
    assert found.promised_amount is None


def test_a_transfer_weeks_ahead_is_kept_as_a_promise_too() -> None:
    found = facts("Je ferai le virement de 318,00 € le 25 juin.", S.TRANSFER_NOTICE)
    assert (found.promised_amount, found.promised_date) == (31800, date(2026, 6, 25))


def test_a_transfer_under_way_is_no_promise() -> None:
    found = facts("J'ai fait un virement de 318,00 € ce matin, le 3 juin 2026.", S.TRANSFER_NOTICE)
    assert found.paid_amount == 31800
    assert found.promised_amount is None


def test_a_cheque_only_spoken_of_is_a_payment_told() -> None:
    text = "Chèque n° 77120 de 95,30 € débité le 12.05.26, voyez avec eux."
    assert facts(text, S.CHEQUE).paid_amount == 9530
    assert facts(text, S.CHEQUE, PartKind.LETTER, PartKind.CHEQUE).paid_amount is None


def test_the_whole_in_one_go_is_promised_where_instalments_were_suspected() -> None:
    found = facts("Il reste 140,25 €. Elle réglera cette somme en une fois le 20 juin 2026.", S.PLAN_REQUEST)
    assert (found.promised_amount, found.promised_date) == (14025, date(2026, 6, 20))


def test_the_outcome_of_an_addition_of_offers_is_the_offer() -> None:
    text = "Mon fils mettrait 40 euros par mois et moi j'ajoute 25, ce qui fait 65. Nous commencerions le 1er juillet."
    assert facts(text, S.PLAN_REQUEST).promised_amount == 6500


def test_an_engagement_inside_a_dispute_counts_only_with_its_day() -> None:
    firm = "Je conteste la qualité du travail. Je m'engage à payer 75,00 € le 30 juin 2026."
    hanging = "Je conteste la qualité du travail. Je m'engage à payer 75,00 € quand vous aurez prouvé la créance."
    assert facts(firm, S.AMOUNT).promised_amount == 7500
    assert facts(hanging, S.AMOUNT).promised_amount is None
