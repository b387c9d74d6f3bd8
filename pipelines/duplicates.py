"""The same paper scanned twice is one item: the second names the first and has no effect of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from matching.rescan import same_but_for_numbers, same_paper
from models.cheque import cheque_key
from models.item import Stage
from models.reading import ItemReading, Page, PartKind, Word
from models.record import ItemRecord
from ocr.same_ink import decoded, same_ink
from pipelines.ports import Books

_CHEQUE_ALONE = frozenset({PartKind.CHEQUE, PartKind.CHEQUE_BACK, PartKind.BLANK, PartKind.ENVELOPE})
WINDOW = timedelta(days=90)
_SURE_NUMBER = 0.92  # a number read so surely on both scans is no misreading
_LEAST_SHARED = 8  # hashes of two sketches, below which two texts are not worth comparing


Pictures = Callable[[str], bytes]  # the kept picture of a page by its SHA-256; KeyError where there is none


def earlier_scan(books: Books, record: ItemRecord, sketch: tuple[int, ...], pictures: Pictures) -> str | None:
    """Id of an item received before this one that is the same paper or message; None where there is none."""
    reading = record.reading
    if reading is None:
        return None
    if (first := _same_cheque_alone(books, record)) is not None:
        return first
    since = record.receipt.received_at - WINDOW
    for item_id, _shared in books.items.with_sketch(sketch, _LEAST_SHARED, since):
        if item_id == record.item.item_id:
            continue
        other = books.items.record(item_id)
        if other is not None and _comes_before(other, record) and _same(other, record, pictures):
            return other.item.duplicate_of or other.item.item_id
    return None


def _same_cheque_alone(books: Books, record: ItemRecord) -> str | None:
    """A cheque with nothing beside it whose line is known. With a letter it is new mail: a person looks at that."""
    reading = record.reading
    if reading is None or not reading.cheques or not reading.part_kinds <= _CHEQUE_ALONE:
        return None
    for number, cheque in enumerate(reading.cheques):
        known = books.bank.cheque(cheque_key(record.item.item_id, cheque, number))
        if known is not None and known.item_id != record.item.item_id:
            other = books.items.record(known.item_id)
            if other is not None and _comes_before(other, record):
                return other.item.duplicate_of or other.item.item_id
    return None


def _comes_before(other: ItemRecord, record: ItemRecord) -> bool:
    """Only what has been decided already can be the first: items are settled in order of receipt."""
    return other.item.stage in (Stage.REVIEW, Stage.SETTLED)


def _same(other: ItemRecord, record: ItemRecord, pictures: Pictures) -> bool:
    one, two = other.reading, record.reading
    if one is None or two is None:
        return False
    if (one.email is None) != (two.email is None):
        return False
    if other.receipt.sha256 == record.receipt.sha256 and other.item.pages == record.item.pages:
        return True
    lines = [{cheque.line.text for cheque in reading.cheques if cheque.line} for reading in (one, two)]
    if lines[0] and lines[1]:
        return bool(lines[0] & lines[1])
    if (PartKind.CHEQUE in one.part_kinds) != (PartKind.CHEQUE in two.part_kinds):
        return False
    return same_paper(one.text, two.text) or _same_sheets(one, two, pictures)


def _same_sheets(one: ItemReading, two: ItemReading, pictures: Pictures) -> bool:
    """Two readings that differ in a doubtful number or two, on sheets that carry the same ink where these stand."""
    if len(one.pages) != len(two.pages) or not same_but_for_numbers(one.text, two.text):
        return False
    looked = 0
    for here, there in zip(one.pages, two.pages, strict=True):
        ours, theirs = _only_on(here, there), _only_on(there, here)
        if not _doubtful(ours) and not _doubtful(theirs):
            return False
        if not ours and not theirs:
            continue
        if here.preview is None or there.preview is None:
            return False
        try:
            left, right = decoded(pictures(here.preview)), decoded(pictures(there.preview))
        except KeyError:
            return False
        for first, second, words in ((left, right, ours), (right, left, theirs)):
            if words and not same_ink(first, second, [word.box for word in words]):
                return False
        looked += 1
    return looked > 0


def _only_on(page: Page, other: Page) -> list[Word]:
    """Words with numbers that the other page does not have, however its words were cut."""
    numbers = "".join(filter(str.isdigit, " ".join(word.text for word in other.words)))
    return [word for word in page.words if len(own := _digits(word)) > 1 and own not in numbers]


def _digits(word: Word) -> str:
    return "".join(filter(str.isdigit, word.text))


def _doubtful(words: list[Word]) -> bool:
    return all(word.confidence < _SURE_NUMBER for word in words)
