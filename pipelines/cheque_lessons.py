"""Cheques whose amount a person gave against what was read, cut into training pairs for the cheque networks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from models.cheque import ChequeProblem
from models.errors import DocumentRefused
from models.money import Cents
from models.record import ItemRecord
from ocr.cheque.lessons import Lesson, lessons_of
from ocr.documents import open_document, sniff
from ocr.documents_kinds import PAGED
from pipelines.corrections import JudgedItems, Records
from pipelines.ports import ObjectStore
from pipelines.receive import object_key

_ASSUMED_DPI = 200.0
log = logging.getLogger(__name__)


def cheque_lessons(
    trail: JudgedItems, items: Records, objects: ObjectStore, since: datetime
) -> Iterator[tuple[str, Lesson]]:
    """(item, pair) of every scanned item with one cheque whose last judgement names another sum than was read.

    An original that is gone or no longer opens is passed over and named in the log.
    """
    last = {judgement.item_id: judgement for judgement in trail.judgements_since(since)}
    for item_id, judgement in last.items():
        record = items.record(item_id)
        if record is None or judgement.amount is None or not _corrected(record, judgement.amount):
            continue
        try:
            content = objects.get(object_key(record.receipt.sha256))
            made = _pairs(record, content, judgement.amount)
        except (KeyError, DocumentRefused):
            log.warning("no cheque to learn from: the original of item %s cannot be opened", item_id)
            continue
        yield from ((item_id, lesson) for lesson in made)


def _corrected(record: ItemRecord, amount: Cents) -> bool:
    """One cheque, read differently or not at all. Where words and figures differ the sum teaches nothing."""
    cheques = record.reading.cheques if record.reading else ()
    if len(cheques) != 1 or cheques[0].believed_amount == amount:
        return False
    return ChequeProblem.AMOUNTS_DIFFER not in cheques[0].problems


def _pairs(record: ItemRecord, content: bytes, amount: Cents) -> list[Lesson]:
    if record.reading is None or sniff(content, record.receipt.file_name) not in PAGED:
        return []
    document = open_document(record.receipt.file_name, content)
    try:
        image = document.page(record.reading.cheques[0].page).image
    finally:
        document.close()
    return [] if image is None else lessons_of(image.gray, image.dpi or _ASSUMED_DPI, amount)
