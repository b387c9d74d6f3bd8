"""How well mail is understood: `python -m bench.understanding [--folds]` -> bench/results/understanding.txt.

Practice from true texts, protective signals, adversarial pairs, cost, the curve of errors against automation
(understanding-curve.svg). `--results FILE` adds practice through the whole pipeline, from a results file of
`mailroom process`; `--folds` the five folds of whole writers with the baselines (six fits, ten CPU minutes).
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from bench.measures import automatable, calibration_error, coverage_curve, macro_f1, upper_and_lower
from bench.practice_texts import TrueItem, practice_folder, practice_items
from classifiers.model import WEIGHTS, Classifier, load_classifier
from classifiers.protective import protecting_labels, protective_signals
from models.labels import PROTECTIONS, PROTECTIVE_FLAGS, Flag
from models.reading import ItemReading, Part, PartKind
from models.understanding import Understanding
from pipelines.decide import SUSPECTED
from training.classifier.short_texts import DEVELOPMENT

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "understanding.txt"
CURVE = HERE / "results" / "understanding-curve.svg"
PIPELINE_FIGURES = (
    "category",
    "subcategory",
    "payment amount found",
    "protective signals seen (distress, death, over-indebtedness)",
    "protective items kept for a person",
    "applied without a person: category and claim right",
)


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
    draw_curve(coverage_curve(confidence, right), CURVE)
    confused = Counter(f"{i.category} -> {u.category}" for u, i in pairs if u.category is not i.category)
    yield "confusions          " + "; ".join(f"{name}: {count}" for name, count in confused.most_common())


def kept_for_a_person(understanding: Understanding) -> bool:
    """Rules, subject or a suspected flag: either one is enough."""
    suspected = any(understanding.flag_confidence.get(flag.value, 0.0) >= SUSPECTED for flag in PROTECTIVE_FLAGS)
    return bool(understanding.protective) or understanding.subcategory in PROTECTIONS or suspected


def draw_curve(points: Sequence[tuple[float, float]], path: Path) -> None:
    """Share settled without a person across, share of these wrong upwards (0 to 15 %)."""
    width, height, left, top, most = 560, 300, 60, 20, 0.15
    places = [(left + x * width, top + height * (1 - min(y, most) / most)) for x, y in points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = "".join(
        f'<text x="{left + width * n / 5:.0f}" y="{top + height + 18}" text-anchor="middle">{20 * n} %</text>'
        for n in range(6)
    ) + "".join(
        f'<text x="{left - 8}" y="{top + height * (1 - y / 15) + 4:.0f}" text-anchor="end">{y} %</text>'
        for y in (0, 1, 5, 10, 15)
    )
    one = top + height * (1 - 0.01 / most)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 20} {top + height + 50}" '
        f'font-family="sans-serif" font-size="12"><rect x="{left}" y="{top}" width="{width}" height="{height}" '
        f'fill="none" stroke="#888"/><line x1="{left}" x2="{left + width}" y1="{one:.1f}" y2="{one:.1f}" '
        f'stroke="#888" stroke-dasharray="4"/><polyline points="{line}" fill="none" stroke="#1a5fb4" '
        f'stroke-width="2"/>{marks}<text x="{left + width / 2}" y="{top + height + 40}" text-anchor="middle">'
        f"share settled without a person (upwards: share of these wrong)</text></svg>\n",
        encoding="utf-8",
    )


def pipeline_lines(folder: Path, results: Path) -> Iterator[str]:
    """The scorer's figures that understanding answers for."""
    from commands import score

    tally, more = score.score(score.load(str(folder / "truth.jsonl")), score.load(str(results)))
    for name in PIPELINE_FIGURES:
        yield f"{name}: {upper_and_lower(*tally.counts.get(name, (0, 0)))}"
    hits, found, true = (sum(flag[i] for flag in more["flags"].values()) for i in range(3))
    yield f"flags micro-F1: {2 * hits / max(1, found + true):.3f} ({hits} right, {found} said, {true} there)"
    yield f"category macro-F1: {score.macro_f1(more['confusion']):.3f}"
    yield f"calibration error: {score.calibration_error(more['calibrated']):.3f}"
    yield f"share at 99 %: {score.automatable(more['calibrated'], 0.99):.2f}"


def protective_lines(classifier: Classifier) -> Iterator[str]:
    rows = [json.loads(line) for line in (HERE / "data" / "protective.jsonl").read_text(encoding="utf-8").splitlines()]
    for writer in sorted({row["writer"] for row in rows}):
        own = [row for row in rows if row["writer"] == writer]
        signals = [row for row in own if row["signal"]]
        rules = sum(bool(protecting_labels(protective_signals(row["text"]))) for row in signals)
        both = sum(kept_for_a_person(classifier.understand(letter(row["text"]))) for row in signals)
        open_to_tuning = " (development)" if writer in DEVELOPMENT else " (held out)"
        yield f"writer {writer}{open_to_tuning}"
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--frozen-encoder", type=Path, default=None, help="folder that base_encoder.py wrote")
    parser.add_argument("--results", type=Path, default=None, help="practice through the pipeline (JSONL)")
    arguments = parser.parse_args()
    classifier = load_classifier()
    folder = practice_folder()
    sections: list[tuple[str, Callable[[], Iterator[str]]]] = []
    if folder is not None:
        items = practice_items(folder)
        sections.append((f"Practice, true texts, {len(items)} items", lambda: practice_lines(classifier, items)))
        sections.append(("Cost", lambda: cost_lines(items)))
        if arguments.results is not None:
            sections.append(("Practice, whole pipeline", lambda: pipeline_lines(folder, arguments.results)))
    else:
        print("SKIPPED: no practice set under MAILROOM_SHARED")
    sections.append(("Protective signals (own texts)", lambda: protective_lines(classifier)))
    sections.append(("Adversarial pairs (own texts)", lambda: pair_lines(classifier)))
    if arguments.folds:
        from bench.understanding_folds import fold_lines

        sections.append(("Corpus, five folds of whole writers", lambda: fold_lines(arguments.frozen_encoder, WEIGHTS)))
    lines = [f"model {classifier.calibration.name}, flags {len(Flag)}, encoder {classifier.encoder is not None}"]
    for title, section in sections:
        lines += ["", title, *("  " + line for line in section())]
    print("\n".join(lines))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
