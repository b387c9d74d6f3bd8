"""What people decided about items, as texts to learn from: every judgement with the text it was made on.

A fifth of the items, chosen by their id, is never trained on: candidates and running models are compared there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Protocol

from classifiers.wording import Marker, Wording, wording_of
from models.decision import Judgement
from models.labels import Subcategory
from models.record import ItemRecord
from models.understanding import Understanding

FROZEN_PART = 5  # one item in so many is kept for comparisons
_CHANNELS = (
    (Marker.EMAIL, "email"),
    (Marker.FORM, "form"),
    (Marker.LETTER, "letter"),
    (Marker.SLIP, "slip"),
    (Marker.CHEQUE_BACK, "cheque_back"),
    (Marker.ENVELOPE, "envelope"),
)


class JudgedItems(Protocol):
    """What the ledger answers: judgements from a moment on, oldest first."""

    def judgements_since(self, since: datetime) -> list[Judgement]: ...


class Records(Protocol):
    def record(self, item_id: str) -> ItemRecord | None: ...


@dataclass(frozen=True, slots=True)
class Correction:
    """One judged item. `text_version` is the hash of the words judged; `text` are the words as they are read now.

    `changed`: the person said something else than the model. `frozen`: for comparisons only, never trained on.
    """

    item_id: str
    at: str
    text: str
    text_version: str
    same_text: bool
    channel: str
    markers: tuple[str, ...]
    subcategory: str
    flags: tuple[str, ...]
    said: str
    model: str
    changed: bool
    frozen: bool

    @property
    def row(self) -> dict[str, object]:
        """The line of a corrections file."""
        return asdict(self)


def text_version(text: str) -> str:
    """Sixteen hexadecimal digits that change with any character."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def with_what_was_seen(judgement: Judgement, record: ItemRecord) -> Judgement:
    """The judgement with the version of the text and what the model had said of it."""
    if record.reading is None:
        return judgement
    seen = {"text_version": text_version(record.reading.text)}
    said = record.understanding
    if said is not None:
        seen |= {"said": said.subcategory.value, "said_flags": ",".join(said.flags), "model": said.model}
    return replace(judgement, extra={**judgement.extra, **seen})


def is_change(judgement: Judgement, said: Understanding | None = None) -> bool:
    """Whether the person named another subject or other flags than the model had."""
    if judgement.subcategory is None or judgement.action not in ("settle", "file"):
        return False
    subject = judgement.extra.get("said") or (said.subcategory.value if said else "")
    flags = judgement.extra.get("said_flags")
    told = set(filter(None, flags.split(","))) if flags is not None else set(said.flags if said else ())
    return subject != judgement.subcategory.value or told != set(judgement.flags)


def is_frozen(item_id: str) -> bool:
    return int(hashlib.sha256(item_id.encode()).hexdigest()[:8], 16) % FROZEN_PART == 0


def corrections(trail: JudgedItems, items: Records, since: datetime) -> Iterator[Correction]:
    """The last judgement of every item judged since a moment, where it names a subject and words were read."""
    last = {judgement.item_id: judgement for judgement in trail.judgements_since(since)}
    for item_id, judgement in last.items():
        record = items.record(item_id)
        if record is None or record.reading is None or judgement.subcategory is None:
            continue
        wording = wording_of(record.reading)
        if wording.text.strip() or wording.ticked:
            version = text_version(record.reading.text)
            yield _correction(judgement, judgement.subcategory, record.understanding, wording, version)


def _correction(
    judgement: Judgement, subcategory: Subcategory, said: Understanding | None, wording: Wording, version: str
) -> Correction:
    ticks = "".join(f"☒ {label}\n" for label in wording.ticked)
    return Correction(
        item_id=judgement.item_id,
        at=judgement.at.isoformat(timespec="seconds"),
        text=ticks + wording.text,
        text_version=judgement.extra.get("text_version", version),
        same_text=judgement.extra.get("text_version", version) == version,
        channel=next((name for marker, name in _CHANNELS if marker in wording.markers), "letter"),
        markers=tuple(sorted(wording.markers)),
        subcategory=subcategory.value,
        flags=tuple(flag.value for flag in judgement.flags),
        said=judgement.extra.get("said", said.subcategory.value if said else ""),
        model=judgement.extra.get("model", said.model if said else ""),
        changed=is_change(judgement, said),
        frozen=is_frozen(judgement.item_id),
    )
