"""Only a better model replaces the running one, and both figures are written down."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from math import log
from pathlib import Path

from classifiers.model import Classifier, load_classifier
from classifiers.wording import MARKER_OF_PART
from models.labels import CATEGORY_OF, Flag, Subcategory
from models.reading import EmailHeaders, ItemReading, Part, PartKind

MARGIN = 0.002  # a candidate must be better by more than this, weighed over the figures
RECORD = "promotions.jsonl"
PART_OF_CHANNEL = {
    "letter": PartKind.LETTER,
    "scan": PartKind.LETTER,
    "form": PartKind.REPLY_FORM,
    "slip": PartKind.PAYMENT_SLIP,
    "envelope": PartKind.ENVELOPE,
    "cheque_back": PartKind.CHEQUE_BACK,
}
PART_OF_MARKER = {marker.value: kind for kind, marker in MARKER_OF_PART.items()}  # what else lay in the envelope


@dataclass(frozen=True, slots=True)
class Labelled:
    """One frozen text and what a person says it is."""

    text: str
    channel: str
    subcategory: Subcategory
    flags: frozenset[Flag]
    markers: tuple[str, ...] = ()

    @property
    def reading(self) -> ItemReading:
        if self.channel == "email":
            return ItemReading(self.text, self.text, email=EmailHeaders("", "", (), "", None))
        kind = PART_OF_CHANNEL.get(self.channel, PartKind.LETTER)
        parts = [Part(kind, (1,), detail="")] + [
            Part(PART_OF_MARKER[m], (1,)) for m in self.markers if m in PART_OF_MARKER
        ]
        return ItemReading(self.text, self.text, parts=tuple(parts))


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares right of 1; `loss` is the mean negative log of the probability given to the true category."""

    items: int
    category: float
    subcategory: float
    flags_f1: float
    loss: float

    @property
    def merit(self) -> float:
        """What promotion compares: being right first, then being rightly sure."""
        return 0.5 * self.category + 0.2 * self.subcategory + 0.2 * self.flags_f1 - 0.1 * self.loss


@dataclass(frozen=True, slots=True)
class Comparison:
    candidate: Figures
    running: Figures

    @property
    def better(self) -> bool:
        return self.candidate.merit > self.running.merit + MARGIN


def read_labelled(path: Path) -> list[Labelled]:
    """Lines with `text`, `subcategory`, `flags`, and `channel` where known. Raises ValueError on an unknown label."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        Labelled(
            text=row["text"],
            channel=row.get("channel", "letter"),
            subcategory=Subcategory(row["subcategory"]),
            flags=frozenset(Flag(flag) for flag in row.get("flags", ())),
            markers=tuple(row.get("markers", ())),
        )
        for row in rows
    ]


def figures_of(classifier: Classifier, frozen: Sequence[Labelled]) -> Figures:
    """How right a classifier is on frozen texts. Raises ValueError on an empty set."""
    if not frozen:
        raise ValueError("no frozen texts to compare on")
    said = [classifier.understand(labelled.reading) for labelled in frozen]
    pairs = list(zip(said, frozen, strict=True))
    hits = sum(len(set(u.flags) & t.flags) for u, t in pairs)
    told = sum(len(u.flags) + len(t.flags) for u, t in pairs)
    losses = [-log(max(classifier.chance_of(t.reading, CATEGORY_OF[t.subcategory]), 1e-6)) for t in frozen]
    return Figures(
        items=len(frozen),
        category=sum(u.category is CATEGORY_OF[t.subcategory] for u, t in pairs) / len(frozen),
        subcategory=sum(u.subcategory is t.subcategory for u, t in pairs) / len(frozen),
        flags_f1=2 * hits / told if told else 1.0,
        loss=sum(losses) / len(losses),
    )


def compare(candidate: Path, running: Path | None, frozen: Iterable[Path]) -> Comparison:
    """Both models on the same frozen files. Raises FileNotFoundError where a folder holds no model."""
    texts = [labelled for path in frozen for labelled in read_labelled(path)]
    return Comparison(figures_of(load_classifier(candidate), texts), figures_of(load_classifier(running), texts))


def promote_if_better(
    candidate: Path,
    running: Path | None,
    frozen: Sequence[Path],
    into: Path | None = None,
    now: datetime | None = None,
) -> Comparison:
    """Put the candidate in the running model's place when it is better; append both figures either way.

    `running` None is the shipped model; it is never overwritten: `into` is then the folder that takes over from it.
    The record lies in `into`. The replaced files are kept beside it as `<name>.previous`.
    Raises ValueError where no folder is given to promote into.
    """
    place = into or running
    if place is None:
        raise ValueError("the shipped model is replaced by a folder of one's own, none was given")
    comparison = compare(candidate, running, frozen)
    line = {
        "at": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
        "promoted": comparison.better,
        "candidate": asdict(comparison.candidate),
        "running": asdict(comparison.running),
    }
    place.mkdir(parents=True, exist_ok=True)
    if comparison.better:
        _replace(place, candidate)
    with (place / RECORD).open("a", encoding="utf-8") as record:
        record.write(json.dumps(line) + "\n")
    return comparison


def _replace(place: Path, candidate: Path) -> None:
    """The candidate's files in `place`, made whole beside it first; the record goes along."""
    fresh, previous = place.with_name(place.name + ".new"), place.with_name(place.name + ".previous")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(candidate, fresh, ignore=shutil.ignore_patterns(RECORD, "*.pt"))
    if (place / RECORD).exists():
        shutil.copyfile(place / RECORD, fresh / RECORD)
    shutil.rmtree(previous, ignore_errors=True)
    place.rename(previous)
    fresh.rename(place)
