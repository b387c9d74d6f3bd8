"""The reader of passages that ships: tells a signal from what only sounds like one, bounded, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.passages import MOST_TOKENS, cut_passage, passage_reader
from classifiers.second_opinion import second_opinion


@pytest.mark.parametrize(
    ("signal", "alike"),
    [
        ("Depuis que papa nous a quittés en mars, personne ne relève son courrier.", "La batterie est morte."),
        ("Je n'ai plus la force de vivre, tout s'arrête ce soir.", "Vous me tuez avec vos frais, mais je paie lundi."),
        ("C'est l'UDAF qui gère mes comptes, écrivez-leur.", "Le tuteur de stage a signé la convention."),
    ],
)
def test_a_signal_speaks_louder_than_what_only_sounds_like_one(signal: str, alike: str) -> None:
    read = passage_reader()
    assert read is not None
    assert read(signal)[0] > 0 > read(alike)[0]


def test_it_names_the_signals_of_the_second_opinion() -> None:
    read = passage_reader()
    assert read is not None
    signals = second_opinion().signals
    said = read("Ma mère est décédée le 3 mars, je vous joins l'acte de décès.")
    assert len(said) == 1 + len(signals)
    assert signals[int(said[1:].argmax())] == "deceased"


def test_a_folder_without_its_networks_has_no_reader(tmp_path: Path) -> None:
    assert passage_reader(tmp_path) is None


def test_only_so_many_words_are_read() -> None:
    assert len(cut_passage(range(10_000))) == MOST_TOKENS
    assert cut_passage([0, 5, 2]) == [0, 5, 2]
