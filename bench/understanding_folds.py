"""The corpus in five folds of whole writers: the shipped method beside its baselines, in one table."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.measures import automatable, calibration_error, upper_and_lower
from models.labels import Category
from training.classifier.calibrate import CATEGORY_OF_LABEL, Held, category_chances, log_softmax, mixed
from training.classifier.corpus import Example, fold_of, read_examples
from training.classifier.fit_linear import LABELS
from training.classifier.train import out_of_fold

Right = NDArray[np.bool_]
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
FROZEN_SHARE = 0.4  # of the frozen encoder beside TF-IDF, where both are averaged


def keyword_category(text: str) -> Category:
    """The baseline: the category with most of its words in the text."""
    lower = text.lower()
    return max(Category, key=lambda c: sum(lower.count(word) for word in KEYWORDS[c]))


def fold_lines(base: Path | None, weights: Path) -> Iterator[str]:
    """Every writer by models that saw none of his fold; `base`: the frozen encoder, `weights`: the fine-tuned one."""
    examples = read_examples()
    truth = np.array([list(Category).index(e.category) for e in examples])
    writers = np.array([e.writer for e in examples])
    majority = Counter(e.category for e in examples).most_common(1)[0][0]
    logits = out_of_fold(examples)[:, : len(LABELS)]
    chances = category_chances(logits)
    rows: list[tuple[str, Right]] = [
        ("majority", np.array([e.category is majority for e in examples])),
        ("keyword rules", np.array([keyword_category(e.text) is e.category for e in examples])),
        ("TF-IDF, logistic regression", chances.argmax(1) == truth),
    ]
    if base is not None:
        frozen = frozen_encoder(base, examples)
        both = (1 - FROZEN_SHARE) * log_softmax(logits) + FROZEN_SHARE * frozen
        rows.append(("frozen encoder, logistic regression", category_chances(frozen).argmax(1) == truth))
        rows.append(("TF-IDF and frozen encoder", category_chances(both).argmax(1) == truth))
    for name, right in rows:
        yield f"{name:36s} {_told(right, writers)}"
    subjects = np.array([LABELS.index(e.subcategory) for e in examples])
    inside = np.where(CATEGORY_OF_LABEL[None, :] == chances.argmax(1)[:, None], logits, -np.inf).argmax(1)
    yield f"{'TF-IDF, subcategory':36s} {_told(inside == subjects, writers)}"
    yield f"TF-IDF share at 99 % {automatable(chances.max(1), rows[2][1]):.2f}"
    yield from _tuned(examples, weights)
    yield from _by_writer(rows[-1][0], rows[-1][1], writers)


def _told(right: Right, writers: NDArray[np.str_]) -> str:
    by_writer = {writer: right[writers == writer] for writer in sorted(set(writers))}
    means = {writer: float(own.mean()) for writer, own in by_writer.items()}
    worst = min(means, key=lambda writer: means[writer])
    own = by_writer[worst]
    return (
        f"{upper_and_lower(int(right.sum()), len(right))}, mean writer {np.mean(list(means.values())):.3f}, "
        f"worst {worst} {upper_and_lower(int(own.sum()), len(own))}"
    )


def _by_writer(name: str, right: Right, writers: NDArray[np.str_]) -> Iterator[str]:
    yield f"each writer, {name}:"
    for writer in sorted(set(writers)):
        own = right[writers == writer]
        yield f"  {writer:8s} {upper_and_lower(int(own.sum()), len(own))}"


def _tuned(examples: Sequence[Example], weights: Path) -> Iterator[str]:
    """The fine-tuned encoder is trained once without five writers, not once a fold: it is judged on these alone."""
    if not (weights / "held.npz").exists():
        return
    kept = {}
    for name in ("held", "held-linear"):
        with np.load(weights / f"{name}.npz", allow_pickle=False) as file:
            kept[name] = dict(zip(file["names"].tolist(), file["logits"].astype(np.float64), strict=True))
    own = [e for e in examples if e.name in kept["held"] and e.name in kept["held-linear"]]
    writers = np.array([e.writer for e in own])
    truth = np.array([list(Category).index(e.category) for e in own])
    linear, deep = (np.array([kept[name][e.name] for e in own]) for name in ("held-linear", "held"))
    held = Held(own, linear, deep)
    yield f"fine-tuned, on the {len(set(writers))} writers it was trained without ({', '.join(sorted(set(writers)))}):"
    for name, share in (("TF-IDF", 0.0), ("fine-tuned encoder", 1.0), ("both averaged", 0.5)):
        chances = category_chances(mixed(held, share))
        error = calibration_error(chances.max(1), chances.argmax(1) == truth)
        yield f"  {name:34s} {_told(chances.argmax(1) == truth, writers)}, calibration error {error:.3f} untempered"


def frozen_encoder(base: Path, examples: Sequence[Example]) -> NDArray[np.float64]:
    """Log-chances of the subcategories from logistic regression on the untouched encoder's mean vectors, by folds."""
    import torch
    from sklearn.linear_model import LogisticRegression

    from training.classifier.fit_encoder import SubjectEncoder, tokens_of

    torch.set_num_threads(1)
    model = SubjectEncoder(base, 12).eval()
    vectors = []
    with torch.no_grad():
        for ids in tokens_of(examples, base, random.Random(0), hurt=False):
            given = torch.tensor([ids])
            vectors.append(model.lower(given, torch.ones_like(given), 12)[0].mean(0).numpy())
    matrix = np.array(vectors)
    matrix = (matrix - matrix.mean(0)) / matrix.std(0)
    subjects = np.array([LABELS.index(e.subcategory) for e in examples])
    folds = fold_of(e.writer for e in examples)
    fold = np.array([folds[e.writer] for e in examples])
    said = np.full((len(examples), len(LABELS)), np.log(1e-9))
    for held in sorted(set(fold)):
        fitted = LogisticRegression(C=0.03, max_iter=300).fit(matrix[fold != held], subjects[fold != held])
        said[np.ix_(fold == held, fitted.classes_)] = fitted.predict_log_proba(matrix[fold == held])
    return said
