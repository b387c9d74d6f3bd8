"""How well mail is understood: `python -m bench.understanding [--folds]` -> bench/results/understanding.txt.

Practice from true texts (the whole pipeline has its own bench), protective signals, adversarial pairs, cost;
`--folds` adds the five folds of whole writers with the baselines (six fits, ten CPU minutes).
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.practice_texts import TrueItem, practice_folder, practice_items
from classifiers.model import Classifier, load_classifier
from classifiers.protective import protecting_labels, protective_signals
from models.labels import PROTECTIONS, PROTECTIVE_FLAGS, Category, Flag
from models.reading import ItemReading, Part, PartKind
from models.understanding import Understanding

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "understanding.txt"
SUSPECTED = 0.3  # probability of a protective flag from which the model by itself keeps an item for a person
KEYWORDS = {
    Category.PAYMENT: (
        "cheque",
        "chèque",
        "virement",
        "payé",
        "réglé",
        "je paierai",
        "mensualité",
        "échéancier",
        "délai",
    ),
    Category.DISPUTE: (
        "conteste",
        "refuse",
        "erreur",
        "pas moi",
        "prescri",
        "résili",
        "jamais",
        "harcèlement",
        "frais",
    ),
    Category.INFORMATION_REQUEST: ("copie", "attestation", "quittance", "solde", "combien", "rgpd", "iban", "de quoi"),
    Category.OTHER: ("décéd", "tutelle", "curatelle", "surendettement", "liquidation", "avocat", "adresse", "merci"),
}


def upper_and_lower(hits: int, total: int) -> str:
    """A share with its 95 % Wilson interval."""
    if total == 0:
        return "-"
    share, z = hits / total, 1.96
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return f"{share:.3f} ({hits}/{total}; 95 %: {middle - half:.3f}-{middle + half:.3f})"


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error over equal-width bins."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    parts = [
        abs(confidence[places == b].mean() - right[places == b].mean()) * (places == b).mean()
        for b in range(bins)
        if (places == b).any()
    ]
    return float(sum(parts))


def automatable(confidence: NDArray[np.float64], right: NDArray[np.bool_], precision: float = 0.99) -> float:
    """Largest share of items, surest first, among which `precision` are right."""
    order = np.argsort(-confidence)
    reached = np.cumsum(right[order]) / np.arange(1, len(right) + 1) >= precision
    return float(np.flatnonzero(reached).max() + 1) / len(right) if reached.any() else 0.0


def macro_f1(said: Sequence[Category], truth: Sequence[Category]) -> float:
    scores = []
    for category in Category:
        hits = sum(s is t is category for s, t in zip(said, truth, strict=True))
        told = sum(s is category for s in said) + sum(t is category for t in truth)
        scores.append(2 * hits / told if told else 1.0)
    return sum(scores) / len(scores)


def letter(text: str) -> ItemReading:
    return ItemReading(text, text, parts=(Part(PartKind.LETTER, (1,)),))


def practice_lines(classifier: Classifier, items: Sequence[TrueItem]) -> Iterator[str]:
    said = [classifier.understand(item.reading) for item in items]
    pairs = list(zip(said, items, strict=True))
    right = np.array([u.category is i.category for u, i in pairs])
    confidence = np.array([u.confidence for u in said])
    yield f"category            {upper_and_lower(int(right.sum()), len(items))}"
    yield f"macro-F1            {macro_f1([u.category for u in said], [i.category for i in items]):.3f}"
    subs = sum(u.subcategory is i.subcategory for u, i in pairs)
    yield f"subcategory         {upper_and_lower(subs, len(items))}"
    hits = sum(len(set(u.flags) & i.flags) for u, i in pairs)
    told = sum(len(u.flags) + len(i.flags) for u, i in pairs)
    yield f"flags micro-F1      {2 * hits / told:.3f} ({hits} right, {told - 2 * hits} wrong or missed)"
    yield f"calibration error   {calibration_error(confidence, right):.3f}"
    yield f"share at 99 %       {automatable(confidence, right):.2f} (chosen on these items: optimistic)"
    yield f"abstained           {sum(u.abstained for u in said)}"
    protected = [(u, i) for u, i in pairs if i.subcategory in PROTECTIONS or i.flags & PROTECTIVE_FLAGS]
    yield f"protective seen     {upper_and_lower(sum(kept_for_a_person(u) for u, _ in protected), len(protected))}"
    confused = Counter(f"{i.category} -> {u.category}" for u, i in pairs if u.category is not i.category)
    yield "confusions          " + "; ".join(f"{name}: {count}" for name, count in confused.most_common())


def kept_for_a_person(understanding: Understanding) -> bool:
    """Rules, subject or a suspected flag: either one is enough."""
    suspected = any(understanding.flag_confidence.get(flag.value, 0.0) >= SUSPECTED for flag in PROTECTIVE_FLAGS)
    return bool(understanding.protective) or understanding.subcategory in PROTECTIONS or suspected


def protective_lines(classifier: Classifier) -> Iterator[str]:
    rows = [json.loads(line) for line in (HERE / "data" / "protective.jsonl").read_text(encoding="utf-8").splitlines()]
    for writer in sorted({row["writer"] for row in rows}):
        own = [row for row in rows if row["writer"] == writer]
        signals = [row for row in own if row["signal"]]
        rules = sum(bool(protecting_labels(protective_signals(row["text"]))) for row in signals)
        both = sum(kept_for_a_person(classifier.understand(letter(row["text"]))) for row in signals)
        yield f"writer {writer}: rules alone  {upper_and_lower(rules, len(signals))}"
        yield f"writer {writer}: rules, model {upper_and_lower(both, len(signals))}"
        alike = [row for row in own if not row["signal"]]
        if alike:
            false_rules = sum(bool(protecting_labels(protective_signals(row["text"]))) for row in alike)
            false_both = sum(kept_for_a_person(classifier.understand(letter(row["text"]))) for row in alike)
            yield f"writer {writer}: false alarms, rules        {upper_and_lower(false_rules, len(alike))}"
            yield f"writer {writer}: false alarms, rules, model {upper_and_lower(false_both, len(alike))}"


def pair_lines(classifier: Classifier) -> Iterator[str]:
    rows = [json.loads(line) for line in (HERE / "data" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    both: Counter[str] = Counter()
    single = 0
    for row in rows:
        right = [
            classifier.understand(letter(row[side]["text"])).category == row[side]["category"]
            for side in ("first", "second")
        ]
        single += sum(right)
        both[row["kind"]] += all(right)
    yield f"both of a pair right {upper_and_lower(sum(both.values()), len(rows))}"
    yield f"single texts right   {upper_and_lower(single, 2 * len(rows))}"
    kinds = Counter(row["kind"] for row in rows)
    yield "by kind: " + ", ".join(f"{kind} {both[kind]}/{count}" for kind, count in kinds.items())


def cost_lines(items: Sequence[TrueItem]) -> Iterator[str]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    classifier = load_classifier()
    yield f"loading             {time.process_time() - started:.2f} CPU s"
    classifier.understand(items[0].reading)
    spent = []
    for item in items:
        start = time.process_time()
        classifier.understand(item.reading)
        spent.append(1000 * (time.process_time() - start))
    middle, mean, slow = np.median(spent), np.mean(spent), np.percentile(spent, 95)
    yield f"CPU ms an item      median {middle:.1f}, mean {mean:.1f}, 95th percentile {slow:.1f}"
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield f"memory              {after / 1024:.0f} MB at most in this process ({before / 1024:.0f} before)"


def keyword_category(text: str) -> Category:
    """The baseline: the category with most of its words in the text."""
    lower = text.lower()
    return max(Category, key=lambda c: sum(lower.count(word) for word in KEYWORDS[c]))


def fold_lines(frozen_base: Path | None) -> Iterator[str]:
    """Every writer by models that saw none of his fold."""
    from training.classifier.calibrate import CATEGORY_OF_LABEL, category_chances
    from training.classifier.corpus import read_examples
    from training.classifier.fit_linear import LABELS
    from training.classifier.train import out_of_fold

    examples = read_examples()
    truth = np.array([list(Category).index(e.category) for e in examples])
    writers = np.array([e.writer for e in examples])
    majority = Counter(e.category for e in examples).most_common(1)[0][0]
    logits = out_of_fold(examples)[:, : len(LABELS)]
    chances = category_chances(logits)
    subjects = np.array([LABELS.index(e.subcategory) for e in examples])
    inside = np.where(CATEGORY_OF_LABEL[None, :] == chances.argmax(1)[:, None], logits, -np.inf)
    table: list[tuple[str, NDArray[np.bool_]]] = [
        ("majority", np.array([e.category is majority for e in examples])),
        ("keyword rules", np.array([keyword_category(e.text) is e.category for e in examples])),
        ("TF-IDF, logistic regression", chances.argmax(1) == truth),
    ]
    if frozen_base is not None:
        table.append(("frozen encoder, logistic regression", frozen_encoder(frozen_base) == truth))
    for name, right in table:
        by_writer = {w: right[writers == w].mean() for w in sorted(set(writers))}
        worst = min(by_writer, key=lambda w: float(by_writer[w]))
        yield (
            f"{name:36s} {upper_and_lower(int(right.sum()), len(right))}, "
            f"mean writer {np.mean(list(by_writer.values())):.3f}, worst {worst} {by_writer[worst]:.3f}"
        )
    yield f"{'TF-IDF subcategory':36s} {upper_and_lower(int((inside.argmax(1) == subjects).sum()), len(subjects))}"
    surest, right = chances.max(1), table[2][1]
    yield f"TF-IDF calibration error {calibration_error(surest, right):.3f} before temperature"
    yield f"TF-IDF share at 99 %     {automatable(surest, right):.2f}"


def frozen_encoder(base: Path) -> NDArray[np.int64]:
    """Categories from logistic regression on the untouched encoder's mean vectors, by folds of writers."""
    import random

    import torch
    from sklearn.linear_model import LogisticRegression

    from training.classifier.corpus import fold_of, read_examples
    from training.classifier.fit_encoder import SubjectEncoder, tokens_of

    examples = read_examples()
    model = SubjectEncoder(base, 12).eval()
    vectors = []
    with torch.no_grad():
        for ids in tokens_of(examples, base, random.Random(0), hurt=False):
            given = torch.tensor([ids])
            vectors.append(model.lower(given, torch.ones_like(given), 12)[0].mean(0).numpy())
    matrix = np.array(vectors)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    truth = np.array([list(Category).index(e.category) for e in examples])
    folds = fold_of(e.writer for e in examples)
    fold = np.array([folds[e.writer] for e in examples])
    said = np.zeros_like(truth)
    for held in sorted(set(fold)):
        fitted = LogisticRegression(C=30.0, max_iter=300).fit(matrix[fold != held], truth[fold != held])
        said[fold == held] = fitted.predict(matrix[fold == held])
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--frozen-encoder", type=Path, default=None)
    arguments = parser.parse_args()
    classifier = load_classifier()
    folder = practice_folder()
    sections: list[tuple[str, Callable[[], Iterator[str]]]] = []
    if folder is not None:
        items = practice_items(folder)
        sections.append((f"Practice, true texts, {len(items)} items", lambda: practice_lines(classifier, items)))
        sections.append(("Cost", lambda: cost_lines(items)))
    else:
        print("SKIPPED: no practice set under MAILROOM_SHARED")
    sections.append(("Protective signals (own texts)", lambda: protective_lines(classifier)))
    sections.append(("Adversarial pairs (own texts)", lambda: pair_lines(classifier)))
    if arguments.folds:
        sections.append(("Corpus, five folds of whole writers", lambda: fold_lines(arguments.frozen_encoder)))
    lines = [f"model {classifier.calibration.name}, flags {len(Flag)}, encoder {classifier.encoder is not None}"]
    for title, section in sections:
        lines += ["", title, *("  " + line for line in section())]
    print("\n".join(lines))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
