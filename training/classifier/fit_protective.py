"""Fit the second opinion on protections: `python -m training.classifier.fit_protective` (about five minutes).

Positive passages: the short texts of `signals/` and of the bench's development hands, and the sentences of flagged
corpus items in which the rules see something. Negative: look-alikes, and a passage of every unflagged item of half the
writers; the other half's items give the limits. The judge learns what the rules are worth from the hands they were
never tuned on, beside scores of models that had not read that hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from classifiers.encoder import DEPTH, DEPTH_PART, Encoder
from classifiers.linear import Floats, Vocabulary, features_of
from classifiers.protective import protecting_labels, protective_signals
from classifiers.second_opinion import FOLDER, SHORT_TEXT, Judge, SecondOpinion, heard_by_rules, passages_of
from classifiers.wording import Wording, plain, without_quoted
from models.labels import PROTECTIONS, PROTECTIVE_FLAGS, Subcategory
from training.classifier.corpus import FOLDERS, SIGNALS, Example, read_examples
from training.classifier.fit_linear import FLAGS, LABELS, matrix_of

# Hands of the bench open to tuning, and the hands that the rules were not tuned on.
DEVELOPMENT = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
UNTUNED = ("eight", "nine", "signals-five", "signals-six")
HANDS = Path(__file__).parents[2] / "bench" / "data" / "protective.jsonl"
NAMES = ("distress", "deceased", "over_indebtedness", "guardianship", "insolvency", "represented", "vulnerable")
NAME_OF = {
    Subcategory.DEATH: "deceased",
    Subcategory.OVER_INDEBTEDNESS: "over_indebtedness",
    Subcategory.GUARDIANSHIP: "guardianship",
    Subcategory.INSOLVENCY: "insolvency",
    Subcategory.LEGAL_COUNSEL: "represented",
}
STRENGTH = 8.0
DEPTH_STRENGTH = 0.003
LAYERS = (2, 4, 5, 7)  # whose means over the tokens are read
SHARES = ((6, 0.05), (20, 0.012), (10_000, 0.008))  # most passages, share of ordinary items over the limit
FOREIGN = 2  # the first of them are by other people than the training texts: they set what the judge keeps
SEEN = 0.97  # share of their signals that it must keep
MARGIN = 0.6  # logits given on top where the encoder is asked: the next hand is harder than those at hand
SEED = 7
Booleans = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Learnt:
    """One passage to learn from."""

    text: str
    names: frozenset[str]
    weight: float
    writer: str


def names_of(example: Example) -> frozenset[str]:
    """The signals an example carries, by its flags and its subject."""
    told = {flag.value for flag in example.flags if flag in PROTECTIVE_FLAGS}
    subject = None if example.flags_only else NAME_OF.get(example.subcategory)
    return frozenset(told | ({subject} if subject else set()))


def short_texts() -> Iterator[Learnt]:
    """The development hands of the bench, and the signals written for training, no text twice."""
    told: set[str] = set()
    for line in HANDS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["writer"] in DEVELOPMENT:
            told.add(row["text"])
            yield Learnt(row["text"], frozenset({row["signal"]} if row["signal"] else ()), 1.0, row["writer"])
    for example in read_examples((SIGNALS,)):
        if example.text not in told:
            yield Learnt(example.text, names_of(example), 1.0, example.writer)


def rows() -> tuple[list[Learnt], list[list[str]]]:
    """Passages to learn from; all passages of each ordinary item of the writers left out."""
    learnt = list(short_texts())
    draw = Random(SEED)
    examples = read_examples(FOLDERS)
    kept = set(sorted({example.writer for example in examples})[::2])
    held: list[list[str]] = []
    for example in examples:
        passages = passages_of(plain(without_quoted(example.text)))
        names = names_of(example)
        ordinary = not names and example.subcategory not in PROTECTIONS
        if ordinary and example.writer in kept:
            held += [passages] if passages else []
            continue
        likely = [passage for passage in passages if 4 <= len(passage.split()) <= SHORT_TEXT]
        drawn = draw.sample(likely, min(1 if ordinary else 6, len(likely)))
        if ordinary:
            learnt += [Learnt(passage, frozenset(), 0.2, example.writer) for passage in drawn]
        elif names:
            shown = [(passage, names & set(protecting_labels(protective_signals(passage)))) for passage in drawn]
            learnt += [Learnt(passage, seen, 0.3, example.writer) for passage, seen in shown if seen][:2]
    return learnt, held


def logistic(matrix: csr_matrix | Floats, told: Booleans, weights: Floats, strength: float) -> tuple[Floats, float]:
    model = LogisticRegression(C=strength, max_iter=60, tol=1e-3).fit(matrix, told, sample_weight=weights)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def fit(depth_of: Callable[[str], Floats], fingerprint: str) -> SecondOpinion:
    """Every column on the same passages; limits on the writers left out; the judge on the untuned hands."""
    learnt, held = rows()
    documents = [features_of(Wording(frozenset(), row.text, ())) for row in learnt]
    vocabulary = Vocabulary.learnt(documents, most=50_000)
    matrix = matrix_of(vocabulary, documents)
    vectors = np.array([depth_of(row.text) for row in learnt], dtype=np.float32)
    centre, spread = vectors.mean(axis=0), vectors.std(axis=0)
    inside = (vectors - centre) / spread
    weights = np.array([row.weight for row in learnt], dtype=np.float32)
    told = np.array([bool(row.names) for row in learnt])

    def opinion(rows_used: Booleans, names: Sequence[str]) -> SecondOpinion:
        columns = [logistic(matrix[rows_used], told[rows_used], weights[rows_used], STRENGTH)]
        for name in names:
            own = np.array([name in row.names for row in learnt])
            columns.append(logistic(matrix[rows_used], own[rows_used], weights[rows_used], STRENGTH))
        table = np.stack([column for column, _ in columns], axis=1)
        bias = np.array([own for _, own in columns], dtype=np.float32)
        deep, deep_bias = logistic(inside[rows_used], told[rows_used], weights[rows_used], DEPTH_STRENGTH)
        flat = (deep / spread).astype(np.float32)
        rest = (flat, deep_bias - float(flat @ centre), fingerprint)
        plain_one = SecondOpinion(vocabulary, NAMES, table, bias, ((1, 0.0),), Judge((0.0,) * 5), None, *rest)
        return replace(plain_one, limits=limits_of(plain_one, held))

    figures, said, foreign = judged_hands(learnt, vectors, opinion)
    shallow, deep = judge_of(figures[:, :-1], said, foreign), judge_of(figures, said, foreign, MARGIN)
    whole = opinion(np.ones(len(learnt), dtype=bool), NAMES)
    return replace(whole, shallow=shallow, deep=deep)


def judged_hands(
    learnt: Sequence[Learnt], vectors: Floats, opinion: Callable[[Booleans, Sequence[str]], SecondOpinion]
) -> tuple[Floats, Booleans, Booleans]:
    """(texts, figures) of the untuned hands, each read by an opinion that never saw it; truth; whether foreign."""
    figures: list[list[float]] = []
    said: list[bool] = []
    foreign: list[bool] = []
    writers = np.array([row.writer for row in learnt])
    for hands in (UNTUNED[:1], UNTUNED[1:2], UNTUNED[2:]):
        other = opinion(~np.isin(writers, hands), ())
        for position in map(int, np.flatnonzero(np.isin(writers, hands))):
            text = learnt[position].text
            excess = other.excess(passages_of(text))
            deep = other.depth_score(vectors[position])
            figures.append([excess, *heard_by_rules(protective_signals(text)), deep])
            said.append(bool(learnt[position].names))
            foreign.append(learnt[position].writer in UNTUNED[:FOREIGN])
    return np.array(figures, dtype=np.float32), np.array(said), np.array(foreign)


def judge_of(figures: Floats, said: Booleans, foreign: Booleans, margin: float = 0.0) -> Judge:
    """Logistic over the figures; its bias keeps `SEEN` of the foreign hands' signals, and a margin more."""
    model = LogisticRegression(C=1.0, max_iter=500).fit(figures, said)
    scores = figures @ model.coef_[0]
    least = float(np.quantile(scores[said & foreign], 1 - SEEN)) - margin
    for name, chosen in (("foreign", foreign), ("own", ~foreign)):
        seen, alarmed = (scores[said & chosen] >= least).mean(), (scores[~said & chosen] >= least).mean()
        print(f"judge of {len(model.coef_[0])} figures, {name} hands: {seen:.3f} seen, {alarmed:.3f} false alarms")
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


def write_depth_part(folder: Path) -> None:
    """The few nodes that add the layers' means to `encoder.onnx` as an output, to be merged when it is loaded."""
    from onnx import GraphProto, ModelProto, TensorProto, helper

    graph = GraphProto()
    names = [f"/layer.{layer}/output/LayerNorm/LayerNormalization_output_0" for layer in LAYERS]
    for position, name in enumerate(names):
        graph.node.append(helper.make_node("ReduceMean", [name], [f"{DEPTH}_{position}"], axes=[1], keepdims=0))
    means = [f"{DEPTH}_{position}" for position in range(len(names))]
    graph.node.append(helper.make_node("Concat", means, [DEPTH], axis=1))
    graph.output.append(helper.make_tensor_value_info(DEPTH, TensorProto.FLOAT, None))
    part = ModelProto()
    part.graph.CopyFrom(graph)
    (folder / DEPTH_PART).write_bytes(part.SerializeToString())


def main(folder: Path = FOLDER) -> None:
    write_depth_part(folder)
    encoder = Encoder.find(folder, LABELS, FLAGS)
    if encoder is None:
        raise FileNotFoundError(f"no encoder in {folder}")
    fit(encoder.depth, encoder.fingerprint).save(folder)


if __name__ == "__main__":
    main()
