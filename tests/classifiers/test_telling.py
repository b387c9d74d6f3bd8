"""Which sentences of a long letter the encoder reads."""

from __future__ import annotations

import pytest

from classifiers.encoder import MOST_TOKENS
from classifiers.model import Classifier, load_classifier
from classifiers.telling import PIECE, pieces_of, telling
from classifiers.wording import Marker, Wording

STORY = "Nous avons passé la journée au marché avec ma cousine, il faisait beau et les pommes étaient belles. "
WISH = "Je conteste formellement cette facture que je ne dois pas."


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_classifier()


def chosen(classifier: Classifier, text: str) -> Wording:
    assert classifier.encoder is not None
    return telling(Wording(frozenset({Marker.LETTER}), text), classifier.linear, classifier.encoder.tokenize)


def test_a_short_letter_is_read_as_it_stands(classifier: Classifier) -> None:
    assert chosen(classifier, STORY + WISH).text == STORY + WISH


@pytest.mark.parametrize("before", [0, 6, 12])
def test_the_wish_is_read_wherever_it_stands_in_a_long_story(classifier: Classifier, before: int) -> None:
    read = chosen(classifier, "Objet : mon dossier\n" + STORY * before + WISH + " " + STORY * (12 - before))
    assert WISH in read.text
    assert read.text.startswith("Objet : mon dossier\n")
    assert classifier.encoder is not None
    assert len(classifier.encoder.tokenize(read.sentence)) <= MOST_TOKENS


def test_what_is_chosen_keeps_its_order(classifier: Classifier) -> None:
    read = chosen(classifier, "Je paierai 80 euros le 3 mars. " + STORY * 12 + WISH).text
    assert 0 <= read.index("Je paierai") < read.index("Je conteste")


def test_a_text_without_an_end_in_sight_is_cut_into_pieces() -> None:
    pieces = pieces_of(" ".join(["mot"] * 100) + ". Fin.")
    assert [len(piece.split()) for piece in pieces] == [PIECE] * 4 + [1]
    assert pieces_of("") == []
