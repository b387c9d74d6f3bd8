"""The learned second opinion: sentence by sentence, small, quiet on ordinary mail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from classifiers.linear import Vocabulary, features_of
from classifiers.model import read_words
from classifiers.second_opinion import MOST_PASSAGES, SecondOpinion, passages_of, second_opinion
from classifiers.wording import Wording
from models.reading import ItemReading, Part, PartKind


def small(limit: float) -> SecondOpinion:
    """Knows one word only: "deuil" speaks for a death."""
    vocabulary = Vocabulary.learnt([features_of(Wording(frozenset(), "deuil", ()))], fewest=1)
    weights = np.zeros((len(vocabulary.index), 3), dtype=np.float32)
    weights[vocabulary.index["w:deuil"]] = (4.0, -1.0, 3.0)
    return SecondOpinion(
        vocabulary, ("distress", "deceased"), weights, np.zeros(3, dtype=np.float32), ((10, limit), (1000, 99.0))
    )


def test_sentences_pairs_and_a_short_text_as_a_whole_are_passages() -> None:
    assert passages_of("Un. Deux. Trois.") == [
        "Un.",
        "Deux.",
        "Trois.",
        "Un. Deux.",
        "Deux. Trois.",
        "Un. Deux. Trois.",
    ]
    assert passages_of("") == []
    assert len(passages_of("Mot. " * 500)) == MOST_PASSAGES


def test_the_most_suspect_passage_and_its_likeliest_signal_are_named() -> None:
    (cue,) = small(limit=0.5).cues("Je paie lundi. Nous sommes en deuil.")
    assert cue.label == "deceased"
    assert "deuil" in cue.words


def test_nothing_over_the_limit_of_its_length_gives_no_cue() -> None:
    assert small(limit=50.0).cues("Nous sommes en deuil.") == ()
    assert small(limit=0.5).cues("Bonjour. " * 20 + "Nous sommes en deuil.") == ()
    assert small(limit=0.5).cues("") == ()


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    small(limit=0.5).save(tmp_path)
    again = SecondOpinion.load(tmp_path)
    assert again.limits == ((10, 0.5), (1000, 99.0))
    assert again.cues("Quel deuil") == small(limit=0.5).cues("Quel deuil")


@pytest.mark.parametrize("text", ["Je vous règle 45 euros le 5 par virement.", "Quel est mon solde, s'il vous plaît ?"])
def test_the_shipped_one_is_quiet_on_ordinary_mail(text: str) -> None:
    assert second_opinion().cues(text) == ()


def test_what_it_suspects_is_no_feature_of_the_category_model() -> None:
    text = "Je ne veux plus me réveiller demain."
    wording, cues = read_words(ItemReading(text, text, parts=(Part(PartKind.LETTER, (1,)),)))
    assert cues
    assert "distress" in {cue.label for cue in cues}
    assert wording.signals <= {cue.label for cue in cues}
