"""Cheques that people corrected, as training pairs."""

from __future__ import annotations

from dataclasses import replace

import cv2
import pytest

from models.cheque import ChequeProblem, ChequeReading
from models.reading import ItemReading
from models.record import ItemRecord
from pipelines.cheque_lessons import cheque_lessons
from pipelines.receive import object_key
from tests.ocr.cheque.test_find import LINE, page_with
from tests.pipelines.test_corrections import NOON, Ledger, judgement, record


class Objects:
    """Holds one original."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def get(self, key: str) -> bytes:
        if key != object_key("0" * 64):
            raise KeyError(key)
        return self._content


def scanned_cheque() -> bytes:
    page = page_with([(LINE, 25, 120)])
    cv2.putText(page, "184,91", (1210, 620), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 20, 3, cv2.LINE_AA)
    return cv2.imencode(".png", page)[1].tobytes()


def item(cheque: ChequeReading) -> ItemRecord:
    return replace(record(), reading=ItemReading("", "", cheques=(cheque,)))


def taught(said: int | None, cheque: ChequeReading, content: bytes) -> list[tuple[str, str]]:
    books = Ledger([judgement(amount=said)], {"one": item(cheque)})
    found = cheque_lessons(books, books, Objects(content), NOON)  # type: ignore[arg-type]
    return [(one, lesson.kind) for one, lesson in found]


@pytest.mark.parametrize("read", [None, 18991])
def test_a_sum_a_person_gave_against_the_reading_is_taught(read: int | None) -> None:
    assert ("one", "figures") in taught(18491, ChequeReading(1, amount=read), scanned_cheque())


def test_a_sum_that_was_read_right_or_never_given_teaches_nothing() -> None:
    assert taught(18491, ChequeReading(1, amount=18491), scanned_cheque()) == []
    assert taught(None, ChequeReading(1), scanned_cheque()) == []


def test_a_cheque_that_contradicts_itself_teaches_nothing() -> None:
    cheque = ChequeReading(1, problems=(ChequeProblem.AMOUNTS_DIFFER,))
    assert taught(18491, cheque, scanned_cheque()) == []


def test_an_original_that_no_longer_opens_is_passed_over() -> None:
    assert taught(18491, ChequeReading(1), b"%PDF-1.7 torn") == []
