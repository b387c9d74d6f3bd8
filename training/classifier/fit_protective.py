"""Fit the second opinion on protections: `python -m training.classifier.fit_protective` (about two minutes).

Positive passages: the short texts of `signals/` and of the bench's development hands, and the sentences of flagged
corpus items in which the rules see something. Negative: look-alikes, and every passage of unflagged items of half the
writers; the other half's items give the limits.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from classifiers.linear import Floats, Vocabulary, features_of
from classifiers.protective import protecting_labels, protective_signals
from classifiers.second_opinion import FOLDER, SecondOpinion, passages_of
from classifiers.wording import Wording, plain, without_quoted
from models.labels import PROTECTIONS, PROTECTIVE_FLAGS, Subcategory
from training.classifier.corpus import FOLDERS, SIGNALS, Example, read_examples
from training.classifier.fit_linear import matrix_of

DEVELOPMENT = ("one", "two", "three", "four", "five", "six", "seven")  # hands of the bench open to tuning
HANDS = Path(__file__).parents[2] / "bench" / "data" / "protective.jsonl"
NAMES = ("distress", "deceased", "over_indebtedness", "guardianship", "insolvency", "represented", "vulnerable")
NAME_OF = {
    Subcategory.DEATH: "deceased",
    Subcategory.OVER_INDEBTEDNESS: "over_indebtedness",
    Subcategory.GUARDIANSHIP: "guardianship",
    Subcategory.INSOLVENCY: "insolvency",
    Subcategory.LEGAL_COUNSEL: "represented",
}
STRENGTH = 5.0
SHARES = ((6, 0.05), (20, 0.012), (10_000, 0.008))  # most passages, share of ordinary items alarmed
SEED = 7


def names_of(example: Example) -> frozenset[str]:
    """The signals an example carries, by its flags and its subject."""
    told = {flag.value for flag in example.flags if flag in PROTECTIVE_FLAGS}
    subject = None if example.flags_only else NAME_OF.get(example.subcategory)
    return frozenset(told | ({subject} if subject else set()))


def rows() -> tuple[list[tuple[str, frozenset[str], float]], list[tuple[str, list[str]]]]:
    """(passage, signals, weight) to learn from; (writer, passages) of every ordinary item."""
    learnt: list[tuple[str, frozenset[str], float]] = []
    ordinary: list[tuple[str, list[str]]] = []
    for line in HANDS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["writer"] in DEVELOPMENT:
            names = frozenset({row["signal"]} if row["signal"] else ())
            learnt.append((row["text"], names, 8.0))
    for example in read_examples((SIGNALS,)):
        learnt.append((example.text, names_of(example), 8.0))
    for example in read_examples(FOLDERS):
        passages = passages_of(plain(without_quoted(example.text)))
        names = names_of(example)
        if not names and example.subcategory not in PROTECTIONS:
            ordinary.append((example.writer, passages))
        learnt += [(p, seen, 3.0) for p in passages if names and (seen := _seen(p, names))]
    return learnt, ordinary


def _seen(passage: str, names: frozenset[str]) -> frozenset[str]:
    return names & set(protecting_labels(protective_signals(passage)))


def fit() -> SecondOpinion:
    """Fit every column on the same passages; limits on the writers left out."""
    learnt, ordinary = rows()
    kept = set(sorted({writer for writer, _ in ordinary})[::2])
    draw = np.random.default_rng(SEED)
    negative = [passage for writer, passages in ordinary if writer not in kept for passage in passages]
    chosen = draw.choice(len(negative), size=min(14_000, len(negative)), replace=False)
    learnt += [(negative[i], frozenset(), 1.5) for i in chosen]
    documents = [features_of(Wording(frozenset(), text, ())) for text, _, _ in learnt]
    vocabulary = Vocabulary.learnt(documents, most=50_000)
    matrix = matrix_of(vocabulary, documents)
    weights = np.array([weight for _, _, weight in learnt])
    columns: list[Floats] = []
    biases: list[float] = []
    for name in (None, *NAMES):
        told = np.array([bool(names) if name is None else name in names for _, names, _ in learnt])
        model = LogisticRegression(C=STRENGTH, max_iter=60, tol=1e-3).fit(matrix, told, sample_weight=weights)
        columns.append(model.coef_[0])
        biases.append(float(model.intercept_[0]))
    table = np.stack(columns, axis=1).astype(np.float32)
    opinion = SecondOpinion(vocabulary, NAMES, table, np.array(biases, dtype=np.float32), ())
    held = [passages for writer, passages in ordinary if writer in kept and passages]
    return SecondOpinion(vocabulary, NAMES, table, opinion.bias, limits_of(opinion, held))


def limits_of(opinion: SecondOpinion, held: Sequence[Sequence[str]]) -> tuple[tuple[int, float], ...]:
    """For each length of item the score that `SHARES` of the held ordinary items exceed."""
    documents = [features_of(Wording(frozenset(), p, ())) for passages in held for p in passages]
    scores = np.asarray(matrix_of(opinion.vocabulary, documents) @ opinion.weights[:, 0] + opinion.bias[0])
    ends = np.cumsum([len(passages) for passages in held])
    most = [float(part.max()) for part in np.split(scores, ends[:-1])]
    found, least = [], 0
    for longest, share in SHARES:
        own = [m for m, passages in zip(most, held, strict=True) if least < len(passages) <= longest]
        found.append((longest, float(np.quantile(own, 1 - share))))
        least = longest
    return tuple(found)


if __name__ == "__main__":
    fit().save(FOLDER)
