"""One page in, its cheques out: find, straighten, read every field, judge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from models.cheque import ChequeProblem, ChequeReading, Cmc7Line
from models.money import Cents
from models.reading import Word
from ocr.cheque import fields, problems
from ocr.cheque.characters import CharacterReader
from ocr.cheque.find import Found, find_cheques
from ocr.cheque.geometry import CHEQUE_HEIGHT, CHEQUE_WIDTH, ECHO, Gray, straighten
from ocr.cheque.line import combined
from ocr.cheque.recogniser import PageNetwork, own_network, page_network
from ocr.cheque.sheet import Sheet, Written, written_on

_ENERGY = re.compile(r"(?i)ch[eè]que\s+[ée]nergie")
_DEPOSIT = re.compile(r"(?i)(bordereau\s+de\s+remise|remise\s+de\s+ch[eè]ques?)")


class ChequeReader:
    """Reads the cheques of a page. Keeps no state between pages; one instance a process.

    `network`: the recogniser of the fields; by default the one of the pages, loaded with the first cheque. Without
    it (package not installed) only the line, the signature and what `words` say are read.
    """

    def __init__(self, agency_names: Sequence[str] = (), network: PageNetwork | None = None) -> None:
        self.agency_names = tuple(agency_names)
        self._network = network
        self._asked = network is not None
        shapes = own_network("characters")
        self.shapes = CharacterReader(shapes) if shapes is not None else None

    def read(
        self,
        upright_gray: Gray,
        dpi: float,
        page_number: int,
        received_on: date,
        words: Sequence[Word] = (),
        expected: Sequence[Cents] = (),
    ) -> tuple[ChequeReading, ...]:
        """Every cheque of a page, from top to bottom; empty where there is none.

        `dpi` may be 4 per cent off. `words`: what the page reader read of this page. `expected`: sums that would
        be no surprise (balance, instalment); they rank readings and never replace one.
        """
        size = (upright_gray.shape[1], upright_gray.shape[0])
        readings = []
        for found in find_cheques(upright_gray, dpi, self.shapes):
            if found.shows_through:  # the back: its words belong to the cheque on the page before
                continue
            box = box_of(found, page_number, size)
            if found.decoded is None:
                readings.append(foreign(found, page_number, box))
                continue
            ink = fields.ink_picture(straighten(upright_gray, found.frame))
            sheet = Sheet(found, ink, fields.find_layout(ink), words, size)
            readings.append(self._read_one(sheet, page_number, box, received_on, expected))
        return tuple(readings)

    def _read_one(
        self,
        sheet: Sheet,
        number: int,
        box: tuple[float, float, float, float],
        received_on: date,
        expected: Sequence[Cents],
    ) -> ChequeReading:
        seen = written_on(sheet, self._recogniser(), received_on, self.agency_names, expected)
        line = combined(sheet.found, self.shapes, seen.key, sheet.printed(ECHO))
        reading = ChequeReading(page=number, box=box, line=line)
        if not_a_cheque(sheet.words):
            return replace(reading, problems=(ChequeProblem.NOT_A_CHEQUE,))
        signed, _ = fields.signature_present(sheet.ink, sheet.layout)
        block = fields.drawer_lines(sheet.words, sheet.found.frame, sheet.page_size)
        reading = replace(
            reading,
            amount=seen.amount.amount,
            amount_confidence=seen.amount.confidence,
            amount_figures=seen.amount.figures,
            amount_words=seen.amount.words,
            date=seen.day,
            date_confidence=seen.day_sure,
            payee=seen.payee or None,
            place=seen.place or None,
            drawer_name=block[0] if block else None,
            drawer_address=", ".join(block[1:]) or None,
            signed=signed,
        )
        return self._judged(reading, sheet, seen, received_on)

    def _recogniser(self) -> PageNetwork | None:
        if not self._asked:
            self._network, self._asked = page_network(), True
        return self._network

    def _judged(self, reading: ChequeReading, sheet: Sheet, seen: Written, received_on: date) -> ChequeReading:
        found = problems.line_problems(reading)
        found += problems.amount_problems(reading, seen.amount.differ)
        empty = not fields.line_written(sheet.ink, sheet.layout, "date")
        found += problems.date_problems(reading.date, empty, received_on)
        if reading.signed is False:
            found.append(ChequeProblem.UNSIGNED)
        if seen.ours is False:
            found.append(ChequeProblem.WRONG_PAYEE)
        unconfirmed = seen.ours is not True and bool(self.agency_names)
        return replace(reading, payee_unconfirmed=unconfirmed, problems=tuple(dict.fromkeys(found)))


def box_of(found: Found, number: int, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Bounding box of the cheque in fractions of the page, clipped to it."""
    corners = [found.frame.to_page(x, y) for x in (0.0, CHEQUE_WIDTH) for y in (0.0, CHEQUE_HEIGHT)]
    xs = [min(max(x / size[0], 0.0), 1.0) for x, _ in corners]
    ys = [min(max(y / size[1], 0.0), 1.0) for _, y in corners]
    return (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def foreign(found: Found, number: int, box: tuple[float, float, float, float]) -> ChequeReading:
    """A line of bars in another country's order, or of solid characters: named, nothing forced."""
    line = None if found.e13b else Cmc7Line(found.foreign_text, min(0.9, found.fit), None, vouched=False)
    return ChequeReading(page=number, box=box, line=line, problems=(ChequeProblem.FOREIGN_LINE,))


def not_a_cheque(words: Sequence[Word]) -> bool:
    """Vouchers and deposit slips carry a line too."""
    text = " ".join(word.text for word in words)
    return bool(_ENERGY.search(text) or _DEPOSIT.search(text))
