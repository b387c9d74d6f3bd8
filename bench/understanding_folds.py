"""Five folds of whole writers: `python -m bench.understanding_folds [--frozen-encoder BASE] [--kept FOLDER]`.

The method beside its baselines, in one table, for the corpus and apart for our own documents, each share with its
95 % bounds -> bench/results/understanding-folds.txt. About ten CPU minutes. The fine-tuned encoder would need five
trainings: logistic regression on the untouched encoder (the folder that base_encoder.py writes) stands in its place,
and the fine-tuned one is judged on the writers its first training never saw. `--kept` is a folder that holds, or will
hold, what the models said (`folds-linear.npz`, `folds-encoder.npz`), so that the table can be written again.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.measures import automatable, calibration_error, macro_f1, upper_and_lower
from classifiers.model import WEIGHTS, Calibration, calibrated, ruled
from models.labels import SUBCATEGORIES, Category, Flag, Subcategory
from training.classifier.calibrate import Held, category_chances, log_softmax, mixed, mixed_flags
from training.classifier.corpus import Example, fold_of, read_examples, wording_of_example
from training.classifier.fit_linear import FLAGS, LABELS, flag_targets
from training.classifier.train import out_of_fold

RESULTS = Path(__file__).parent / "results" / "understanding-folds.txt"
Right = NDArray[np.bool_]
Floats = NDArray[np.float64]
KEYWORDS = {
    Category.PAYMENT: ["cheque", "chèque", "virement", "payé", "réglé", "paierai", "mensualité", "échéancier", "délai"],
    Category.DISPUTE: [
        "pas moi",
        *["conteste", "refuse", "erreur", "prescri", "résili", "jamais", "harcèlement", "frais"],
    ],
    Category.INFORMATION_REQUEST: [
        "de quoi",
        *["copie", "attestation", "quittance", "solde", "combien", "rgpd", "iban"],
    ],
    Category.OTHER: ["décéd", "tutelle", "curatelle", "surendettement", "liquidation", "avocat", "adresse", "merci"],
}


@dataclass(frozen=True, slots=True)
class Said:
    """What the whole method says of the examples, in their order."""

    categories: list[Category]
    subcategories: list[Subcategory]
    confidence: Floats
    flags: list[frozenset[Flag]]


def keyword_category(text: str) -> Category:
    """The baseline: the category with most of its words in the text."""
    lower = text.lower()
    return max(Category, key=lambda c: sum(lower.count(word) for word in KEYWORDS[c]))


def fold_lines(base: Path | None, weights: Path, kept: Path | None = None) -> Iterator[str]:
    """Every writer by models that saw none of his fold; `base`: the frozen encoder, `weights`: the fine-tuned one."""
    examples = read_examples()
    linear = kept_or_made(kept and kept / "folds-linear.npz", examples, lambda: out_of_fold(examples))
    frozen = None
    if base is not None:
        vectors = kept_or_made(kept and kept / "folds-encoder.npz", examples, lambda: frozen_vectors(base, examples))
        frozen = frozen_encoder(vectors, examples)
    yield from table_lines(examples, linear, frozen)
    yield from tuned_lines(examples, weights)


def table_lines(examples: Sequence[Example], linear: Floats, frozen: Floats | None) -> Iterator[str]:
    """The table for the corpus' writers, then for our own; `linear` and `frozen` come from models blind to a fold."""
    said = whole_method(examples, linear, frozen)
    rows = baselines(examples, linear, frozen)
    rows.append(("whole method*", np.array([s is e.category for s, e in zip(said.categories, examples, strict=True)])))
    own = np.array([e.writer.startswith("own-") for e in examples])
    writers = np.array([e.writer for e in examples])
    for title, inside in (("Writers of the corpus", ~own), ("Our own documents", own)):
        yield f"{title}: {len(set(writers[inside]))} writers, {int(inside.sum())} items, category right"
        for name, right in rows:
            yield f"  {name:38s} {told(right[inside], writers[inside])}"
        yield from ("  " + line for line in _further(examples, said, inside))
        yield "  each writer, whole method:"
        for writer in sorted(set(writers[inside])):
            mine = rows[-1][1][writers == writer]
            yield f"    {writer:8s} {upper_and_lower(int(mine.sum()), len(mine))}"
    mate = (
        "frozen encoder with its own regression in the fine-tuned one's place" if frozen is not None else "no encoder"
    )
    yield f"* TF-IDF learnt beside the signal texts, {mate}, shipped shares and calibration, the envelope's rules"


def baselines(examples: Sequence[Example], linear: Floats, frozen: Floats | None) -> list[tuple[str, Right]]:
    truth = np.array([list(Category).index(e.category) for e in examples])
    majority = Counter(e.category for e in examples).most_common(1)[0][0]
    rows = [
        (f"majority ({majority})", np.array([e.category is majority for e in examples])),
        ("keyword rules", np.array([keyword_category(e.text) is e.category for e in examples])),
        ("TF-IDF, logistic regression", category_chances(linear[:, : len(LABELS)]).argmax(1) == truth),
    ]
    if frozen is not None:
        rows.append(("frozen encoder, logistic regression", category_chances(frozen).argmax(1) == truth))
    return rows


def whole_method(examples: Sequence[Example], linear: Floats, frozen: Floats | None) -> Said:
    """Average, calibration, thresholds and rules as they run, from the folds' logits. No flags from the frozen one."""
    calibration = Calibration.load(WEIGHTS)
    width = len(LABELS)
    scores = log_softmax(linear[:, :width])
    if frozen is not None:
        scores = (1 - calibration.encoder_share) * scores + calibration.encoder_share * log_softmax(frozen)
    labels, flags = tuple(map(Subcategory, LABELS)), tuple(map(Flag, FLAGS))
    noise = random.Random(1)
    said = Said([], [], np.zeros(len(examples)), [])
    for row, example in enumerate(examples):
        opinion = calibrated(scores[row], linear[row, width:], labels, flags, calibration)
        opinion = ruled(opinion, wording_of_example(example, noise))
        category = max(opinion.categories, key=lambda c: opinion.categories[c])
        said.categories.append(category)
        said.subcategories.append(max(SUBCATEGORIES[category], key=lambda s: opinion.subcategories[s]))
        said.confidence[row] = opinion.categories[category]
        over = {f for f in flags if opinion.flags[f] >= calibration.flag_threshold[f.value]}
        said.flags.append(frozenset(over))
    return said


def _further(examples: Sequence[Example], said: Said, inside: Right) -> Iterator[str]:
    """Whole method beyond the category: subcategory, flags, calibration, automation."""
    chosen = np.flatnonzero(inside).tolist()
    right = np.array([said.categories[i] is examples[i].category for i in chosen])
    confidence = said.confidence[chosen]
    subjects = sum(said.subcategories[i] is examples[i].subcategory for i in chosen)
    hits = sum(len(said.flags[i] & set(examples[i].flags)) for i in chosen)
    both = sum(len(said.flags[i]) + len(set(examples[i].flags)) for i in chosen)
    score = macro_f1([said.categories[i] for i in chosen], [examples[i].category for i in chosen])
    yield f"whole method: subcategory {upper_and_lower(subjects, len(chosen))}"
    yield (
        f"whole method: macro-F1 {score:.3f}, flags micro-F1 {2 * hits / max(1, both):.3f}, "
        f"calibration error {calibration_error(confidence, right):.3f}, "
        f"share at 99 % {automatable(confidence, right):.2f}"
    )


def told(right: Right, writers: NDArray[np.str_]) -> str:
    """All items, the mean writer, the worst writer."""
    by_writer = {str(writer): right[writers == writer] for writer in sorted(set(writers))}
    means = {writer: float(own.mean()) for writer, own in by_writer.items()}
    worst = min(means, key=lambda writer: means[writer])
    own = by_writer[worst]
    return (
        f"{upper_and_lower(int(right.sum()), len(right))}, mean writer {np.mean(list(means.values())):.3f}, "
        f"worst {worst} {upper_and_lower(int(own.sum()), len(own))}"
    )


def tuned_lines(examples: Sequence[Example], weights: Path) -> Iterator[str]:
    """The fine-tuned encoder was trained once without five writers, not once a fold: it is judged on these alone."""
    if not (weights / "held.npz").exists():
        return
    kept = {}
    for name in ("held", "held-linear"):
        with np.load(weights / f"{name}.npz", allow_pickle=False) as file:
            kept[name] = dict(zip(file["names"].tolist(), file["logits"].astype(np.float64), strict=True))
    own = [e for e in examples if e.name in kept["held"] and e.name in kept["held-linear"]]
    writers = np.array([e.writer for e in own])
    truth = np.array([list(Category).index(e.category) for e in own])
    flags = flag_targets(own)
    linear, deep = (np.array([kept[name][e.name] for e in own]) for name in ("held-linear", "held"))
    held, calibration = Held(own, linear, deep), Calibration.load(weights)
    names = ", ".join(sorted(set(writers)))
    yield f"Fine-tuned, on the writers its first training never saw ({names})"
    for name, share in (
        ("TF-IDF", 0.0),
        ("fine-tuned encoder where TF-IDF doubts", 1.0),
        ("both, as shipped", calibration.encoder_share),
    ):
        chances = category_chances(mixed(held, share), calibration.temperature)
        error = calibration_error(chances.max(1), chances.argmax(1) == truth)
        yield f"  {name:38s} {told(chances.argmax(1) == truth, writers)}, calibration error {error:.3f}"
    logits = mixed_flags(held, calibration.flag_encoder_share)
    limits = np.array([calibration.flag_threshold[f] for f in FLAGS])
    scale, shift = (np.array([table[f] for f in FLAGS]) for table in (calibration.flag_scale, calibration.flag_shift))
    over = 1 / (1 + np.exp(-(scale * logits + shift))) >= limits
    hits = int((over & (flags > 0)).sum())
    yield f"  flags micro-F1, as shipped             {2 * hits / max(1, int(over.sum() + flags.sum())):.3f}"


def frozen_vectors(base: Path, examples: Sequence[Example]) -> Floats:
    """The untouched encoder's mean vectors, (examples, width)."""
    import torch

    from training.classifier.fit_encoder import SubjectEncoder, tokens_of

    torch.set_num_threads(1)
    model = SubjectEncoder(base, 12).eval()
    vectors = []
    with torch.no_grad():
        for ids in tokens_of(examples, base, random.Random(0), hurt=False):
            given = torch.tensor([ids])
            vectors.append(model.lower(given, torch.ones_like(given), 12)[0].mean(0).numpy())
    return np.array(vectors, dtype=np.float64)


def frozen_encoder(vectors: Floats, examples: Sequence[Example]) -> Floats:
    """Log-chances of the subcategories from logistic regression on the vectors, by folds."""
    from sklearn.linear_model import LogisticRegression

    matrix = (vectors - vectors.mean(0)) / vectors.std(0)
    subjects = np.array([LABELS.index(e.subcategory) for e in examples])
    folds = fold_of(e.writer for e in examples)
    fold = np.array([folds[e.writer] for e in examples])
    said = np.full((len(examples), len(LABELS)), np.log(1e-9))
    for held in sorted(set(fold)):
        fitted = LogisticRegression(C=0.03, max_iter=300).fit(matrix[fold != held], subjects[fold != held])
        said[np.ix_(fold == held, fitted.classes_)] = fitted.predict_log_proba(matrix[fold == held])
    return said


def kept_or_made(file: Path | None, examples: Sequence[Example], make: Callable[[], Floats]) -> Floats:
    """An array of one row an example, from the file where it is of these very examples, else made (and kept)."""
    names = np.array([e.name for e in examples])
    if file is not None and file.exists():
        with np.load(file, allow_pickle=False) as kept:
            if kept["names"].tolist() == names.tolist():
                return np.asarray(kept["rows"], dtype=np.float64)
    rows = make()
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(file, rows=rows.astype(np.float32), names=names)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frozen-encoder", type=Path, default=None, help="folder that base_encoder.py wrote")
    parser.add_argument("--kept", type=Path, default=None, help="folder of what the models said")
    arguments = parser.parse_args()
    lines = ["Five folds of whole writers", "", *fold_lines(arguments.frozen_encoder, WEIGHTS, arguments.kept)]
    print("\n".join(lines))
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
