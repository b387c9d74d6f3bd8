"""Fit the second opinion on protections: `python -m training.classifier.fit_protective [--base BASE]`.

Positive passages: the short texts of `signals/`, of `passages/` and of the bench's development hands, and the sentences
of flagged corpus items in which the rules see something. Negative: look-alikes, and a passage of every unflagged item
of half the writers; the other half's items give the limits. The judge learns what rules, words and reader are worth
from hands and ordinary mail that none of them had seen. Half a CPU minute; with `--base` the reader of passages is
fitted first, fifty more.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from classifiers.linear import Floats, Vocabulary, features_of
from classifiers.protective import protecting_labels, protective_signals
from classifiers.second_opinion import (
    FOLDER,
    SHORT_TEXT,
    Judge,
    SecondOpinion,
    announced,
    passages_of,
    told_by_words,
)
from classifiers.wording import Wording, plain, without_quoted
from models.labels import PROTECTIONS
from training.classifier.corpus import FOLDERS, read_examples
from training.classifier.fit_linear import matrix_of
from training.classifier.short_texts import FOLDS, HELD_PASSAGES, NAMES, Learnt, names_of, short_texts

STRENGTH = 8.0
SHARES = ((6, 0.05), (20, 0.012), (10_000, 0.008))  # most passages, share of ordinary items over the limit
# Share of their signals that the judge keeps: written to be hard, and read by lesser readers than those shipped.
SEEN = 0.95
SIGNAL, ALIKE, ORDINARY = 1, 0, 2
SEED = 7
Booleans = NDArray[np.bool_]


def rows() -> tuple[list[Learnt], list[str]]:
    """Passages to learn from; the ordinary items of the writers left out."""
    learnt = list(short_texts())
    draw = Random(SEED)
    examples = read_examples(FOLDERS)
    kept = set(sorted({example.writer for example in examples})[::2])
    held: list[str] = []
    for example in examples:
        text = plain(without_quoted(example.text))
        passages = passages_of(text)
        names = names_of(example)
        ordinary = not names and example.subcategory not in PROTECTIONS
        if ordinary and example.writer in kept:
            held += [text] if passages else []
            continue
        likely = [passage for passage in passages if 4 <= len(passage.split()) <= SHORT_TEXT]
        drawn = draw.sample(likely, min(1 if ordinary else 6, len(likely)))
        if ordinary:
            learnt += [Learnt(passage, frozenset(), 0.2, example.writer) for passage in drawn]
        elif names:
            shown = [(passage, names & set(protecting_labels(protective_signals(passage)))) for passage in drawn]
            learnt += [Learnt(passage, seen, 0.3, example.writer) for passage, seen in shown if seen][:2]
    return learnt, held


def logistic(matrix: csr_matrix, told: Booleans, weights: Floats) -> tuple[Floats, float]:
    model = LogisticRegression(C=STRENGTH, max_iter=1000, tol=1e-5).fit(matrix, told, sample_weight=weights)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def fit(held: Path) -> SecondOpinion:
    """Every column on the same passages; limits on the writers left out; the judge on the held hands."""
    learnt, ordinary = rows()
    documents = [features_of(Wording(frozenset(), row.text, ())) for row in learnt]
    vocabulary = Vocabulary.learnt(documents, most=50_000)
    matrix = matrix_of(vocabulary, documents)
    weights = np.array([row.weight for row in learnt], dtype=np.float32)
    told = np.array([bool(row.names) for row in learnt])

    def opinion(rows_used: Booleans, names: Sequence[str]) -> SecondOpinion:
        columns = [logistic(matrix[rows_used], told[rows_used], weights[rows_used])]
        for name in names:
            own = np.array([name in row.names for row in learnt])
            columns.append(logistic(matrix[rows_used], own[rows_used], weights[rows_used]))
        table = np.stack([column for column, _ in columns], axis=1)
        bias = np.array([own for _, own in columns], dtype=np.float32)
        plain_one = SecondOpinion(vocabulary, NAMES, table, bias, ((1, 0.0),), Judge((0.0,) * 5))
        return replace(plain_one, limits=limits_of(plain_one, list(map(passages_of, ordinary))))

    figures, said = judged_hands(learnt, ordinary, held, opinion)
    shallow, deep = judge_of(figures[:, :-1], said), judge_of(figures, said)
    return replace(opinion(np.ones(len(learnt), dtype=bool), NAMES), shallow=shallow, deep=deep)


def short_ordinary(ordinary: Sequence[str]) -> list[str]:
    """The items among them that the judge would judge."""
    return [text for text in dict.fromkeys(ordinary) if len(text.split()) <= SHORT_TEXT]


def judged_hands(
    learnt: Sequence[Learnt],
    ordinary: Sequence[str],
    held: Path,
    opinion: Callable[[Booleans, Sequence[str]], SecondOpinion],
) -> tuple[Floats, NDArray[np.int8]]:
    """(texts, figures) by models that never saw them, hands and ordinary mail; SIGNAL, ALIKE or ORDINARY."""
    with np.load(held, allow_pickle=False) as kept:
        deep = dict(zip(kept["texts"].tolist(), map(announced, kept["logits"]), strict=True))
    figures: list[list[float]] = []
    said: list[int] = []
    for hands in FOLDS:
        other = opinion(np.array([row.writer not in hands for row in learnt]), ())
        asked = [(row.text, SIGNAL if row.names else ALIKE) for row in learnt if row.writer in hands]
        if hands is FOLDS[0]:
            asked += [(text, ORDINARY) for text in short_ordinary(ordinary) if text in deep]
        for text, kind in asked:
            told = told_by_words(other.excess(passages_of(text)), text, protective_signals(text))
            figures.append([*told, deep[text]])
            said.append(kind)
    return np.array(figures, dtype=np.float32), np.array(said, dtype=np.int8)


def judge_of(figures: Floats, said: NDArray[np.int8]) -> Judge:
    """Logistic over the figures; its bias keeps `SEEN` of the signals."""
    signal = said == SIGNAL
    model = LogisticRegression(C=1.0, max_iter=500).fit(figures, signal)
    scores = figures @ model.coef_[0]
    least = float(np.quantile(scores[signal], 1 - SEEN))
    alike, ordinary = ((scores[said == kind] >= least).mean() for kind in (ALIKE, ORDINARY))
    print(f"judge of {len(model.coef_[0])} figures: {SEEN:.3f} seen; alarms {alike:.3f} alike, {ordinary:.3f} ordinary")
    return Judge((-least, *map(float, model.coef_[0])))


def limits_of(opinion: SecondOpinion, held: Sequence[Sequence[str]]) -> tuple[tuple[int, float], ...]:
    """For each length of item the score that `SHARES` of the held ordinary items exceed."""
    most = [float(opinion.suspicion(passages).max()) for passages in held]
    found, least = [], 0
    for longest, share in SHARES:
        own = [m for m, passages in zip(most, held, strict=True) if least < len(passages) <= longest]
        found.append((longest, float(np.quantile(own, 1 - share))))
        least = longest
    return tuple(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, help="folder of the base encoder: fits the reader of passages anew, too")
    parser.add_argument("--out", type=Path, default=FOLDER)
    arguments = parser.parse_args()
    if arguments.base is not None:
        from training.classifier import fit_passages

        fit_passages.build(arguments.base, arguments.out)
    fit(arguments.out / HELD_PASSAGES).save(arguments.out)


if __name__ == "__main__":
    main()
