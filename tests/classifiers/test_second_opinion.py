"""The learned second opinion: sentence by sentence, small, quiet on ordinary mail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifiers.linear import Floats, Vocabulary, features_of
from classifiers.model import read_words
from classifiers.passages import Reader, passage_reader
from classifiers.protective import PROTECTING
from classifiers.protective_scope import AGAINST
from classifiers.second_opinion import (
    ANNOUNCED,
    DENIED,
    LEAST,
    MOST_PASSAGES,
    NEAR,
    OPEN,
    READ_TO_DENY,
    STANDING,
    Judge,
    SecondOpinion,
    heard_by_rules,
    passages_of,
    second_opinion,
)
from classifiers.wording import Wording
from models.reading import ItemReading, Part, PartKind
from models.understanding import Cue

RULE = Cue("guardianship", "tuteur", 1.0)


def small(limit: float) -> SecondOpinion:
    """Knows one word only: "deuil" speaks for a death."""
    vocabulary = Vocabulary.learnt([features_of(Wording(frozenset(), "deuil", ()))], fewest=1)
    weights = np.zeros((len(vocabulary.index), 3), dtype=np.float32)
    weights[vocabulary.index["w:deuil"]] = (4.0, -1.0, 3.0)
    limits = ((10, limit), (1000, 99.0))
    bias = np.zeros(3, dtype=np.float32)
    others = (0.0,) * (3 + len(AGAINST))  # what rules see, and what speaks against a protection
    shallow, deep = Judge((0.0, 1.0, *others)), Judge((0.0, 1.0, *others, 1.0))
    return SecondOpinion(vocabulary, ("distress", "deceased"), weights, bias, limits, shallow, deep)


def protects(cues: tuple[Cue, ...]) -> bool:
    return any(cue.weight >= PROTECTING for cue in cues)


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
    (cue,) = small(limit=0.5).judged("Je paie lundi. Nous sommes en deuil.", ())
    assert cue.label == "deceased"
    assert "deuil" in cue.words


def test_nothing_over_the_limit_of_its_length_gives_no_cue() -> None:
    assert small(limit=50.0).judged("Nous sommes en deuil.", ()) == ()
    assert small(limit=0.5).judged("Bonjour. " * 20 + "Nous sommes en deuil.", ()) == ()
    assert small(limit=0.5).judged("", ()) == ()


def test_one_cue_of_the_rules_needs_support_and_stays_visible_without() -> None:
    assert small(limit=0.5).judged("Nous sommes en deuil.", (RULE,)) == (RULE,)
    (doubted,) = small(limit=0.5).judged("Je paie le tuteur lundi.", (RULE,))
    assert doubted.words == RULE.words
    assert not protects((doubted,))


def test_several_cues_of_the_rules_stand_alone() -> None:
    cues = (RULE, Cue("guardianship", "juge des tutelles", 1.0))
    assert len(cues) == STANDING
    assert small(limit=50.0).judged("Je paie lundi.", cues) == cues


def answering(any_signal: float, asked: list[str]) -> Reader:
    def reader(passage: str) -> Floats:
        asked.append(passage)
        return np.array([any_signal, any_signal, any_signal], dtype=np.float32)

    return reader


def test_a_short_text_is_read_closely_unless_nothing_speaks_for_a_signal() -> None:
    asked: list[str] = []
    assert protects(small(limit=0.5).judged("Je paie lundi.", (), answering(2.0, asked)))
    assert set(asked) == {"Je paie lundi."}
    assert not small(limit=50.0).judged("Je paie mardi.", (), answering(2.0, asked))
    assert set(asked) == {"Je paie lundi."}


def test_a_verdict_near_the_limit_is_read_once_more_without_capitals() -> None:
    said = {"Je paie lundi.": OPEN / 2, "je paie lundi.": -2 * OPEN}
    opinion = small(limit=0.0)
    signals = np.log(len(opinion.signals))  # the summed odds of that many equal ones

    def reader(passage: str) -> Floats:
        return np.full(3, said[passage] - signals, dtype=np.float32)

    assert not protects(opinion.judged("Je paie lundi.", (), reader))
    said["je paie lundi."] = 0.0
    assert protects(opinion.judged("Je paie lundi.", (), reader))
    assert protects(opinion.judged("je paie lundi.", (), reader))


LONG = "Bonjour. " * 61 + "Le tuteur de mon stage a signé la convention."


def test_in_a_longer_text_a_cue_falls_where_the_reader_speaks_against_it() -> None:
    asked: list[str] = []
    assert small(limit=50.0).judged(LONG, (RULE,), answering(LEAST + 0.1, asked)) == (RULE,)
    (fallen,) = small(limit=50.0).judged(LONG, (RULE,), answering(LEAST - 0.1, asked))
    assert fallen.words == RULE.words
    assert not protects((fallen,))
    assert asked
    assert all("tuteur" in passage for passage in asked)


def test_what_one_cue_of_a_label_has_shown_is_not_asked_again_for_its_others() -> None:
    asked: list[str] = []
    seen = (RULE, Cue("guardianship", "convention", 0.7), Cue("deceased", "absent", 0.7))
    assert small(limit=50.0).judged(LONG, seen, answering(LEAST + 0.1, asked)) == seen
    assert len(asked) == 1


def test_a_cue_that_no_passage_holds_stands() -> None:
    elsewhere = Cue("guardianship", "juge des tutelles", 1.0)
    assert small(limit=50.0).judged(LONG, (elsewhere,), answering(-9.0, [])) == (elsewhere,)


def test_a_suspicion_in_a_longer_text_needs_nearly_suspect_words_and_a_sure_reader() -> None:
    mourning = "Bonjour. " * 4 + "Voici la suite de notre affaire. " * 12 + "Nous sommes en deuil."
    words_alone = small(limit=0.5).suspicion(passages_of(mourning)).max()
    for under, said, suspected in ((NEAR - 0.1, ANNOUNCED, True), (NEAR - 0.1, ANNOUNCED - 1, False), (NEAR, 9, False)):
        opinion = replace(small(limit=0.5), limits=((1000, float(words_alone) + under + 0.01),))
        assert protects(opinion.judged(mourning, (), answering(said, []))) is suspected


def test_only_a_reader_that_speaks_plainly_against_any_protection_denies_it() -> None:
    opinion = small(limit=50.0)
    asked: list[str] = []
    assert opinion.denies("Je paie lundi.", answering(DENIED - 0.1, asked))
    assert asked == ["Je paie lundi."]
    assert not opinion.denies("Je paie lundi.", answering(DENIED + 0.1, []))
    assert not opinion.denies("Je paie lundi.", None)
    assert not opinion.denies("", answering(-9.0, []))


def test_in_a_longer_text_the_most_suspect_passages_are_asked() -> None:
    mourning = "Voici la suite de notre affaire. " * 12 + "Nous sommes en deuil."
    asked: list[str] = []
    assert small(limit=50.0).denies(mourning, answering(DENIED - 0.1, asked))
    assert any("deuil" in passage for passage in asked)
    assert len(asked) == READ_TO_DENY


def test_cues_are_counted_by_weight_number_and_length() -> None:
    assert heard_by_rules(()) == (0.0, 0.0, 0.0)
    surest, number, several = heard_by_rules((RULE, Cue("deceased", "il est mort", 0.7), Cue("deceased", "x y", 0.4)))
    assert surest == 1.0
    assert number == pytest.approx(np.log(3))
    assert several == pytest.approx(np.log(1.7))


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    small(limit=0.5).save(tmp_path)
    again = SecondOpinion.load(tmp_path)
    assert again.limits == ((10, 0.5), (1000, 99.0))
    assert (again.shallow, again.deep) == (small(0.5).shallow, small(0.5).deep)
    assert again.judged("Quel deuil", ()) == small(limit=0.5).judged("Quel deuil", ())


@pytest.mark.parametrize("text", ["Je vous règle 45 euros le 5 par virement.", "Quel est mon solde, s'il vous plaît ?"])
def test_the_shipped_one_is_quiet_on_ordinary_mail(text: str) -> None:
    assert second_opinion().judged(text, (), passage_reader()) == ()


def test_what_it_suspects_is_no_feature_of_the_category_model() -> None:
    text = "Je ne veux plus me réveiller demain."
    wording, cues = read_words(ItemReading(text, text, parts=(Part(PartKind.LETTER, (1,)),)))
    assert cues
    assert "distress" in {cue.label for cue in cues}
    assert wording.signals <= {cue.label for cue in cues}
