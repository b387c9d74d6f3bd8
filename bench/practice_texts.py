"""The practice items as perfectly read items: true texts with the parts a good reader finds."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from classifiers.wording import ticked_labels
from models.labels import Category, Flag, Subcategory
from models.reading import EmailHeaders, ItemReading, Page, Part, PartKind, Tick

KINDS = {
    "letter": PartKind.LETTER,
    "cheque": PartKind.CHEQUE,
    "cheque_a4": PartKind.CHEQUE,
    "cheque_back": PartKind.CHEQUE_BACK,
    "talon": PartKind.PAYMENT_SLIP,
    "reply_form": PartKind.REPLY_FORM,
    "reply_form_back": PartKind.REPLY_FORM,
    "envelope": PartKind.ENVELOPE,
    "blank": PartKind.BLANK,
}


@dataclass(frozen=True, slots=True)
class TrueItem:
    name: str
    reading: ItemReading
    category: Category
    subcategory: Subcategory
    flags: frozenset[Flag]


def practice_folder() -> Path | None:
    """The practice set under `MAILROOM_SHARED` (default `../shared`), or None where it is not there."""
    folder = Path(os.environ.get("MAILROOM_SHARED", "../shared")) / "practice"
    return folder if (folder / "truth.jsonl").exists() else None


def practice_items(folder: Path) -> list[TrueItem]:
    """Every item but the re-scans, from its true text."""
    rows = [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    return [_item(row) for row in rows if not row["id"].endswith("-dup")]


def _item(row: dict[str, object]) -> TrueItem:
    truth = row["truth"]
    assert isinstance(truth, dict)
    text = str(row["text"])
    reading = _mail(text) if row["file_kind"] == "eml" else _paper(text, row)
    return TrueItem(
        name=str(row["id"]),
        reading=reading,
        category=Category(truth["category"]),
        subcategory=Subcategory(truth["subcategory"]),
        flags=frozenset(Flag(flag) for flag in truth["flags"]),
    )


def _mail(text: str) -> ItemReading:
    subject, _, body = text.partition("\n")
    headers = EmailHeaders("", "", (), subject, None)
    return ItemReading(text, body, parts=(Part(PartKind.EMAIL, (1,)),), email=headers)


def _paper(text: str, row: dict[str, object]) -> ItemReading:
    kinds = row.get("page_kinds") or ["letter"]
    assert isinstance(kinds, list)
    parts = []
    for number, joined in enumerate(kinds, 1):
        for kind in str(joined).split("+"):
            detail = "; ".join(ticked_labels(text)) if kind == "envelope" else ""
            parts.append(Part(KINDS.get(kind, PartKind.LETTER), (number,), detail=detail))
    ticks = tuple(Tick(label, 1.0) for label in ticked_labels(text))
    return ItemReading(text, text, pages=(Page(1, text, ticks=ticks),), parts=tuple(parts))
