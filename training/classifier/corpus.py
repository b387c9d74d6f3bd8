"""The labelled texts, by writer, as the models see them; and the folds of whole writers."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from classifiers.protective import protecting_labels, protective_signals
from classifiers.wording import Marker, Wording, plain, ticked_labels, without_options, without_quoted
from models.labels import CATEGORY_OF, Category, Flag, Subcategory

HERE = Path(__file__).parent
FOLDERS = (HERE / "corpus", HERE / "own")
SIGNALS = HERE / "signals"  # short texts labelled for flags only: protections and what only sounds like them
FOLDS = 5
MARKER_OF_CHANNEL = {
    "email": (Marker.EMAIL,),
    "letter": (Marker.LETTER,),
    "form": (Marker.FORM,),
    "slip": (Marker.SLIP,),
    "envelope": (Marker.ENVELOPE, Marker.RETURNED),
    "cheque_back": (Marker.CHEQUE_BACK,),
}
_ENCLOSED_CHEQUE = re.compile(
    r"(?:ci[- ]?joint|ci[- ]?inclus|agraf|joins|joint|inclus|trombone|voici|glisse|dans l'enveloppe|pj|p\.j)"
    r"[^.\n]{0,40}ch[eèé]que",
    re.IGNORECASE,
)
_PROOF = re.compile(r"(?:joint|joins|pj|p\.j|pi[eè]ce|capture|copie|scan|photo)", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"r[eé]ponse automatique|message automatique|absence du bureau|automatically generated|ne pas r[eé]pondre",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled item. `also` are minor subjects, `weight` how much it counts in training.

    `flags_only` marks a text whose subject nobody labelled: it teaches flags, its subcategory means nothing.
    """

    name: str
    writer: str
    channel: str
    text: str
    subcategory: Subcategory
    flags: tuple[Flag, ...]
    also: tuple[str, ...] = ()
    weight: float = 1.0
    flags_only: bool = False
    markers: tuple[Marker, ...] = field(default=())

    @property
    def category(self) -> Category:
        return CATEGORY_OF[self.subcategory]


def read_examples(folders: Sequence[Path] = FOLDERS) -> list[Example]:
    """Every example under the folders, in a fixed order. Raises ValueError on a label nobody knows."""
    examples = []
    for folder in folders:
        for path in sorted(folder.glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.strip():
                    examples.append(_example(json.loads(line), path.stem))
    return examples


def _example(row: dict[str, object], writer: str) -> Example:
    return Example(
        name=str(row["id"]),
        writer=str(row.get("writer", writer)),
        channel=str(row["channel"]),
        text=str(row["text"]),
        subcategory=Subcategory(str(row.get("subcategory", Subcategory.UNRELATED.value))),
        flags_only="subcategory" not in row,
        flags=tuple(Flag(str(f)) for f in _listed(row.get("flags"))),
        also=tuple(str(a) for a in _listed(row.get("also"))),
        weight=float(str(row.get("weight", 1.0))),
        markers=tuple(Marker(str(m)) for m in _listed(row.get("markers"))),
    )


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()


def fold_of(writers: Iterable[str], folds: int = FOLDS) -> dict[str, int]:
    """Whole writers dealt into folds, the same way every time."""
    return {writer: position % folds for position, writer in enumerate(sorted(set(writers)))}


def encloses_cheque(example: Example) -> bool:
    """Whether a cheque lies in the envelope, as far as the labels and the text tell."""
    if example.channel in ("email", "envelope"):
        return False
    told = example.subcategory is Subcategory.CHEQUE or any(a.endswith("/cheque") for a in example.also)
    return told or example.channel == "cheque_back"


def wording_of_example(example: Example, noise: random.Random) -> Wording:
    """The example as the reader would hand it over: markers seen most of the time, threads cut, empty boxes gone."""
    markers = set(MARKER_OF_CHANNEL[example.channel]) | set(example.markers)
    if encloses_cheque(example):
        if noise.random() < 0.93:
            markers.add(Marker.CHEQUE)
    elif example.channel != "email" and noise.random() < 0.004:
        markers.add(Marker.CHEQUE)
    claims_payment = example.subcategory in (Subcategory.ALREADY_PAID, Subcategory.TRANSFER_NOTICE)
    if noise.random() < (0.4 if claims_payment and _PROOF.search(example.text) else 0.01):
        markers.add(Marker.PROOF)
    if example.subcategory is Subcategory.UNRELATED and _AUTOMATIC.search(example.text):
        markers.add(Marker.AUTOMATIC)
    ticks = ticked_labels(example.text)
    if ticks:
        markers.add(Marker.TICKED)
    if noise.random() < 0.1:
        markers -= {Marker.EMAIL, Marker.LETTER, Marker.FORM, Marker.SLIP}
    own = without_quoted(example.text)
    words = plain(without_options(own)) if Marker.FORM in markers else plain(own)
    return with_signals(Wording(frozenset(markers), words, ticks))


def with_signals(wording: Wording) -> Wording:
    """The wording with what the protective rules see in it, as the running classifier adds it."""
    return replace(wording, signals=frozenset(protecting_labels(protective_signals(wording.words))))
