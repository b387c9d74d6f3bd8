"""What a correspondent writes now, told apart from everything their mail client adds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.quoted import split_quoted
from tests.classifiers.quoted_cases import CASES


@pytest.mark.parametrize(("name", "body", "new"), CASES, ids=[case[0] for case in CASES])
def test_new_text_is_what_the_person_writes(name: str, body: str, new: str) -> None:
    assert " ".join(split_quoted(body).new.split()) == " ".join(new.split())


def test_the_table_holds_the_clients_people_use() -> None:
    assert len(CASES) >= 40


def test_nothing_is_lost_between_the_three_parts() -> None:
    for _, body, _ in CASES:
        split = split_quoted(body)
        kept = " ".join([split.new, split.quoted, split.signature])
        lost = [word for word in body.replace(">", " ").split() if len(word) > 3 and word not in kept.replace(">", " ")]
        assert lost == []


def test_our_own_mail_passed_back_without_a_word_stays_a_quotation() -> None:
    body = (
        "De : gestion@cabinet-aubrac.example\nEnvoyé : lundi 3 mars 2025 09:12\nÀ : paul@poste.example\n"
        "Objet : Rappel\n\nVous devez 120,00 €."
    )
    assert split_quoted(body, own_domains=["cabinet-aubrac.example"]).new == ""
    assert split_quoted(body).forwarded


def test_quoted_words_are_kept_beside_the_new_ones() -> None:
    split = split_quoted("Payé hier.\n\nLe 3 mars 2025 à 09:12, Aubrac <a@b.example> a écrit :\n> Vous devez 120 €.\n")
    assert "120 €" in split.quoted
    assert "a écrit" in split.quoted


def test_a_signature_below_its_rule_is_told_apart() -> None:
    split = split_quoted("Je conteste.\n\n-- \nPaul Maréchal\n06 11 22 33 44")
    assert split.new == "Je conteste."
    assert "06 11 22 33 44" in split.signature


@given(st.text(max_size=400))
def test_any_text_is_split_without_an_error(body: str) -> None:
    split = split_quoted(body)
    assert len(split.new) <= len(body)


@given(st.lists(st.sampled_from(["Je paie vendredi.", "", "Il reste 12 euros.", "Cordialement", "Paul"]), max_size=12))
def test_text_without_marks_of_quotation_is_all_new(lines: list[str]) -> None:
    body = "\n".join(lines)
    assert split_quoted(body).new == body.strip()
