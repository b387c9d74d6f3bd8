"""Recto and verso: which page is the back of which cheque, and what stands on it.

A duplex scanner delivers the back right after the front, or right before it where cheques lay face down. Of several
cheques on one sheet each finds its back where the sheet turned over on its long edge shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.cheque import ChequeReading
from models.reading import Page, Part, PartKind, Word

_ROOM = 0.03  # of the page: how far writing may stand beside where the back is expected
_Area = tuple[float, float, float, float]  # x, y, width, height in fractions of the page


def with_backs(
    cheques: Sequence[ChequeReading], pages: Sequence[Page], parts: Sequence[Part]
) -> tuple[ChequeReading, ...]:
    """The cheques, each with the text written on its back in `back_text`; empty where no page is its back.

    The words keep their boxes on the back's own page, where the matcher's mentions come from.
    """
    backs = _backs(cheques, parts)
    by_number = {page.number: page for page in pages}
    out = []
    for cheque in cheques:
        page = by_number.get(backs.get(cheque.page, 0))
        alone = sum(other.page == cheque.page for other in cheques) == 1
        out.append(cheque if page is None else replace(cheque, back_text=_written(cheque, page, alone)))
    return tuple(out)


def _backs(cheques: Sequence[ChequeReading], parts: Sequence[Part]) -> dict[int, int]:
    """Page of the back by page of the front. The page after goes before the page before; no page is two backs."""
    kinds = {number: part.kind for part in parts for number in part.pages if part.kind is PartKind.CHEQUE_BACK}
    own = {number for part in parts for number in part.pages}  # the file's: no pair across two enclosures
    fronts = sorted({cheque.page for cheque in cheques} & own)
    found = {front: front + 1 for front in fronts if front + 1 in kinds and front + 1 not in fronts}
    for front in fronts:
        before = front - 1
        if front not in found and before in kinds and before not in fronts and before not in found.values():
            found[front] = before
    return found


def _written(cheque: ChequeReading, back: Page, alone: bool) -> str:
    if alone or cheque.box is None:
        return back.text.strip()
    x, y, width, height = cheque.box
    area = (1.0 - x - width, y, width, height)  # where it lies once the sheet is turned over
    return _joined([word for word in back.words if _stands_in(word, area)])


def _stands_in(word: Word, area: _Area) -> bool:
    x, y = word.box.x + word.box.width / 2, word.box.y + word.box.height / 2
    left, top, width, height = area
    return left - _ROOM <= x <= left + width + _ROOM and top - _ROOM <= y <= top + height + _ROOM


def _joined(words: Sequence[Word]) -> str:
    rows: dict[int, list[str]] = {}
    for word in words:
        rows.setdefault(word.line, []).append(word.text)
    return "\n".join(" ".join(row) for row in rows.values())
