"""A misread sum on one of two scans does not make a second paper; a second paper is never taken for the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.item import Channel, Item, Receipt, Stage
from models.reading import ItemReading, Page, Word
from models.record import ItemRecord
from ocr.documents_preview import preview_of
from pipelines import duplicates
from tests.ocr.paper import LETTER, grainy, typed_page
from tests.ocr.test_same_ink import place_of_sum

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
PICTURES: dict[str, bytes] = {}


def record(drawn: str, read: str, sure: float = 0.7, seed: int = 1, **changes: object) -> ItemRecord:
    """A letter on which `drawn` stands, read as `read`."""
    lines = [text.replace("187,40", drawn) for text in LETTER]
    sha256, jpeg = preview_of(grainy(typed_page(lines), 6, seed))
    PICTURES[sha256] = jpeg
    text = "\n".join(LETTER).replace("187,40", read)
    page = Page(1, text, (Word(read, place_of_sum(), sure, 10),), 0.95, "tesseract", preview=sha256)
    reading = ItemReading(text, text, pages=(replace(page, **changes),))  # type: ignore[arg-type]
    receipt = Receipt("r", "k", "/in", "scan.png", f"{seed}" * 64, 1, Channel.SCAN, NOON)
    return ItemRecord(Item("i", "r", 0, None, Stage.SETTLED), receipt, reading)


def one_paper(first: ItemRecord, second: ItemRecord) -> bool:
    return duplicates._same(first, second, PICTURES.__getitem__)


def test_a_sum_misread_on_one_scan_is_the_same_paper_by_its_ink() -> None:
    assert one_paper(record("187,40", "187,40"), record("187,40", "131,46", seed=2))


def test_another_sum_on_the_same_letter_is_another_paper() -> None:
    assert not one_paper(record("187,40", "187,40"), record("131,46", "131,46", seed=2))


def test_numbers_read_surely_on_both_are_never_explained_away() -> None:
    assert not one_paper(record("187,40", "187,40", 0.97), record("187,40", "131,46", 0.97, seed=2))


@pytest.mark.parametrize("preview", [None, "0" * 64])
def test_without_a_picture_there_is_no_proof(preview: str | None) -> None:
    assert not one_paper(record("187,40", "187,40"), record("187,40", "131,46", seed=2, preview=preview))
