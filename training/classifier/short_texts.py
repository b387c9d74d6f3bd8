"""Short texts with protections, and such as only sound so: the bench's development hands and our own files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.labels import PROTECTIVE_FLAGS, Subcategory
from training.classifier.corpus import SIGNALS, Example, read_examples

DEVELOPMENT = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
)
# Hands that the rules were not tuned on, by who reads them: each time a reader that saw none of them. The judge learns
# from what it says.
FOLDS = (
    ("eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    ("passages-seven", "passages-nine", "passages-eleven", "passages-thirteen", "passages-fifteen"),
    ("passages-eight", "passages-ten", "passages-twelve", "passages-fourteen"),
)
HELD_PASSAGES = "held-passages.npz"  # what such readers said
HANDS = Path(__file__).parents[2] / "bench" / "data" / "protective.jsonl"
# More of the kind, for the reader of passages alone: the category model learnt nothing of flags from them.
READ_CLOSELY = Path(__file__).parent / "passages"
NAMES = ("distress", "deceased", "over_indebtedness", "guardianship", "insolvency", "represented", "vulnerable")
NAME_OF = {
    Subcategory.DEATH: "deceased",
    Subcategory.OVER_INDEBTEDNESS: "over_indebtedness",
    Subcategory.GUARDIANSHIP: "guardianship",
    Subcategory.INSOLVENCY: "insolvency",
    Subcategory.LEGAL_COUNSEL: "represented",
}


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
    for example in read_examples((SIGNALS, READ_CLOSELY)):
        if example.text not in told:
            yield Learnt(example.text, names_of(example), 1.0, example.writer)
