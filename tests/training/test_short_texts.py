"""What the reader of passages learns from: labelled, each once, and none of what measures it."""

from __future__ import annotations

import json

from training.classifier.short_texts import DEVELOPMENT, FOLDS, HANDS, NAMES, short_texts


def test_every_signal_has_many_texts_and_so_have_the_look_alikes() -> None:
    learnt = list(short_texts())
    assert len({row.text for row in learnt}) == len(learnt)
    assert all(row.names <= set(NAMES) for row in learnt)
    for name in NAMES:
        assert sum(name in row.names for row in learnt) >= 100
    assert sum(not row.names for row in learnt) >= 1000


def test_hands_kept_to_measure_are_never_learnt_from() -> None:
    learnt = list(short_texts())
    kept = [json.loads(line) for line in HANDS.read_text(encoding="utf-8").splitlines()]
    unread = {row["text"] for row in kept if row["writer"] not in DEVELOPMENT}
    assert len(unread) >= 200
    assert not unread & {row.text for row in learnt}


def test_the_judge_learns_from_hands_that_are_open_to_it_each_in_one_fold() -> None:
    folded = [writer for hands in FOLDS for writer in hands]
    assert len(set(folded)) == len(folded)
    assert {row.writer for row in short_texts()} >= set(folded)
