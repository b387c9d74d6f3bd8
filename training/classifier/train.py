"""Rebuild the classifier: `python -m training.classifier.train --out FOLDER [--base FOLDER] [--with-corrections FILE]`.

Without `--base` (the folder that `base_encoder.py` writes) only the TF-IDF model is trained and the encoder of the
running model is kept. Seeds are fixed; the whole takes about 65 CPU minutes, the TF-IDF model 4.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.encoder import LOWER, UPPER
from classifiers.linear import LinearModel, features_of
from classifiers.model import WEIGHTS
from classifiers.wording import Marker, Wording
from models.labels import Flag, Subcategory
from training.classifier.augment import augmented
from training.classifier.calibrate import Held, fit_calibration, summary
from training.classifier.corpus import SIGNALS, Example, fold_of, read_examples, wording_of_example
from training.classifier.fit_linear import FLAGS, LABELS, fit, fit_counted

SEED = 7
HELD_WRITERS = ("e", "o", "s", "v", "y", "own-s26", "own-s27", "own-s28", "own-s33")  # calibrated on, seen last
CORRECTION_WEIGHT = 2.0
LAST_ROUNDS = ((1, 6e-5),)  # with everybody, once the shares are known
ENCODER_FILES = (LOWER, UPPER, "tokenizer.json", "config.json")


def corrections(path: Path) -> list[Example]:
    """What operators decided, one JSON line each: `text`, `subcategory`, and `flags`, `channel`, `markers` where known.

    Their writer is `corrections`; lines marked `frozen` are for comparisons and left out.
    Raises ValueError on a label nobody knows.
    """
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row: dict[str, Any] = json.loads(line) if line.strip() else {"frozen": True}
        if not row.get("frozen"):
            channel = row.get("channel", "letter")
            out.append(
                Example(
                    name=f"correction-{number}",
                    writer="corrections",
                    channel=channel if channel in ("email", "form", "slip", "envelope", "cheque_back") else "letter",
                    text=str(row["text"]),
                    subcategory=Subcategory(row["subcategory"]),
                    flags=tuple(Flag(flag) for flag in row.get("flags", ())),
                    weight=CORRECTION_WEIGHT,
                    markers=tuple(Marker(marker) for marker in row.get("markers", ())),
                )
            )
    return out


def wordings_of(examples: Sequence[Example], noise: random.Random) -> list[Wording]:
    return [wording_of_example(example, noise) for example in examples]


def with_hurt(examples: Sequence[Example], noise: random.Random) -> list[Example]:
    """Every example, then a copy of each hurt as the channel hurts, of half its weight."""
    hurt = [replace(e, text=augmented(e.text, e.channel, noise), weight=e.weight * 0.5) for e in examples]
    return [*examples, *hurt]


def fit_hurt(examples: Sequence[Example], seed: int = SEED) -> LinearModel:
    """The TF-IDF model on every example and on a copy hurt as the channel hurts."""
    noise = random.Random(seed)
    both = with_hurt(examples, noise)
    return fit(both, wordings_of(both, noise))


def first_linear(examples: Sequence[Example], held: Sequence[str] = HELD_WRITERS) -> LinearModel:
    """A TF-IDF model that never saw the untouched writers."""
    return fit_hurt([*(e for e in examples if e.writer not in held), *read_examples((SIGNALS,))])


def linear_logits(model: LinearModel, examples: Sequence[Example]) -> NDArray[np.float64]:
    noise = random.Random(SEED + 1)
    rows = [model.logits(model.weigh(wording)) for wording in wordings_of(examples, noise)]
    return np.array([np.concatenate(row) for row in rows], dtype=np.float64)


def out_of_fold(examples: Sequence[Example]) -> NDArray[np.float64]:
    """TF-IDF logits of every example from a model that saw none of its writer; five fits, texts counted once."""
    folds = fold_of(e.writer for e in examples)
    noise = random.Random(SEED)
    both = with_hurt([*examples, *read_examples((SIGNALS,))], noise)
    documents = [features_of(wording) for wording in wordings_of(both, noise)]
    asked = [features_of(wording) for wording in wordings_of(examples, random.Random(SEED + 1))]
    out = np.zeros((len(examples), len(LABELS) + len(FLAGS)))
    for fold in sorted(set(folds.values())):
        seen = [i for i, e in enumerate(both) if folds.get(e.writer) != fold]
        model = fit_counted([both[i] for i in seen], [documents[i] for i in seen])
        for row in (i for i, e in enumerate(examples) if folds[e.writer] == fold):
            positions, values = model.vocabulary.vector(asked[row])
            out[row] = values @ model.weights[positions] + model.bias
    return out


def train(out: Path, base: Path | None, corrected: Path | None, name: str) -> str:
    """Write a candidate into `out`; return its figures on the untouched writers."""
    examples = read_examples() + (corrections(corrected) if corrected is not None else [])
    out.mkdir(parents=True, exist_ok=True)
    untouched = [e for e in examples if e.writer in HELD_WRITERS]
    first = first_linear(examples)
    linear = linear_logits(first, untouched)
    np.savez_compressed(out / "held-linear.npz", logits=linear, names=np.array([e.name for e in untouched]))
    fit_hurt([*examples, *read_examples((SIGNALS,))]).save(out)
    deep = _kept_encoder(untouched, out) if base is None else _train_encoder(examples, untouched, base, out, first)
    held = Held(untouched, linear, deep)
    calibration = fit_calibration(held, name)
    (out / "calibration.json").write_text(json.dumps(calibration, indent=1), encoding="utf-8")
    return summary(held, calibration)


def _train_encoder(
    examples: Sequence[Example], untouched: Sequence[Example], base: Path, out: Path, linear: LinearModel
) -> NDArray[np.float64]:
    """Once without the untouched writers, to calibrate; once more from there with everybody, to ship.

    Sentences of long items are chosen by `linear`, which has not seen them either, then by the model shipped.
    """
    from training.classifier import fit_encoder

    recipe = fit_encoder.Recipe()
    first = fit_encoder.train([e for e in examples if e.writer not in HELD_WRITERS], base, recipe, linear)
    tokens = fit_encoder.tokens_of(untouched, base, random.Random(SEED), hurt=False, linear=linear)
    deep = fit_encoder.logits_of(first, tokens)
    np.savez_compressed(out / "held.npz", logits=deep, names=np.array([e.name for e in untouched]))
    last = fit_encoder.train(examples, base, replace(recipe, rounds=LAST_ROUNDS), LinearModel.load(out), start=first)
    fit_encoder.export(last, base, out)
    return deep


def _kept_encoder(untouched: Sequence[Example], out: Path) -> NDArray[np.float64] | None:
    """The running encoder goes along, with what its first training said of the untouched writers."""
    if not (WEIGHTS / UPPER).exists():
        return None
    for name in (*ENCODER_FILES, "held.npz"):
        if (WEIGHTS / name).resolve() != (out / name).resolve():
            shutil.copyfile(WEIGHTS / name, out / name)
    with np.load(out / "held.npz", allow_pickle=False) as kept:
        by_name = dict(zip(kept["names"].tolist(), kept["logits"], strict=True))
    return np.array([by_name[e.name] for e in untouched])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--with-corrections", type=Path)
    parser.add_argument("--name", default="mailroom-understanding-1")
    arguments = parser.parse_args()
    print(train(arguments.out, arguments.base, arguments.with_corrections, arguments.name))


if __name__ == "__main__":
    main()
