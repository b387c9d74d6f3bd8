"""One page in, its cheques out: find, straighten, read every field, judge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.cheque import ChequeProblem, ChequeReading, Cmc7Line
from models.money import Cents
from models.reading import Word
from ocr.cheque import amount_words, fields, payee, problems
from ocr.cheque.dates import parse_date
from ocr.cheque.figures import parse_figures
from ocr.cheque.find import Found, find_cheques
from ocr.cheque.geometry import CHEQUE_HEIGHT, CHEQUE_WIDTH, RLMC_KEY, Gray, Zone, straighten

_ENERGY = re.compile(r"(?i)ch[eè]que\s+[ée]nergie")
_DEPOSIT = re.compile(r"(?i)(bordereau\s+de\s+remise|remise\s+de\s+ch[eè]ques?)")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the steps below need of one cheque on one page."""

    found: Found
    ink: Gray
    layout: fields.Layout
    words: Sequence[Word]
    page_size: tuple[int, int]

    def printed(self, zone: Zone) -> list[Word]:
        return fields.words_in(self.words, self.found.frame, self.page_size, zone)

    def line_text(self, name: str) -> tuple[str, float]:
        """What the page reader made of a line, and its mean confidence."""
        left, right = {"words_first": (36, 130), "words_second": (5, 130), "payee": (9, 128)}.get(name, (131, 175))
        rule = self.layout.rules[name]
        words = self.printed(Zone(left, rule - 4.2, right, rule + 0.8))
        text = " ".join(word.text for word in words)
        return text, sum(word.confidence for word in words) / len(words) if words else 0.0


class ChequeReader:
    """Reads the cheques of a page. Keeps no state between pages; one instance a process."""

    def __init__(self, agency_names: Sequence[str] = ()) -> None:
        self.agency_names = tuple(agency_names)

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
        return tuple(
            self._read_one(upright_gray, found, page_number, received_on, words, size)
            for found in find_cheques(upright_gray, dpi)
        )

    def _read_one(
        self,
        page: Gray,
        found: Found,
        number: int,
        received_on: date,
        words: Sequence[Word],
        size: tuple[int, int],
    ) -> ChequeReading:
        box = box_of(found, number, size)
        if found.decoded is None:
            return foreign(found, number, box)
        ink = fields.ink_picture(straighten(page, found.frame))
        sheet = _Sheet(found, ink, fields.find_layout(ink), words, size)
        reading = ChequeReading(page=number, box=box, line=_line(sheet))
        if not_a_cheque(words):
            return replace(reading, problems=(ChequeProblem.NOT_A_CHEQUE,))
        reading = _with_amount(reading, sheet)
        reading = self._with_names(reading, sheet)
        return _judged(reading, sheet, received_on, self.agency_names)

    def _with_names(self, reading: ChequeReading, sheet: _Sheet) -> ChequeReading:
        made_out, _ = sheet.line_text("payee")
        place, _ = sheet.line_text("place")
        block = fields.drawer_lines(sheet.words, sheet.found.frame, sheet.page_size)
        written, confidence = sheet.line_text("date")
        day = parse_date(written)
        return replace(
            reading,
            payee=made_out or None,
            place=place or None,
            drawer_name=block[0] if block else None,
            drawer_address=", ".join(block[1:]) or None,
            date=day,
            date_confidence=min(0.9, confidence) if day else 0.0,
        )


def box_of(found: Found, number: int, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Bounding box of the cheque in fractions of the page, clipped to it."""
    corners = [found.frame.to_page(x, y) for x in (0.0, CHEQUE_WIDTH) for y in (0.0, CHEQUE_HEIGHT)]
    xs = [min(max(x / size[0], 0.0), 1.0) for x, _ in corners]
    ys = [min(max(y / size[1], 0.0), 1.0) for _, y in corners]
    return (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def foreign(found: Found, number: int, box: tuple[float, float, float, float]) -> ChequeReading:
    """A line of bars in another country's order: named, nothing forced."""
    line = Cmc7Line(found.foreign_text, min(0.9, found.fit), None, vouched=False)
    return ChequeReading(page=number, box=box, line=line, problems=(ChequeProblem.FOREIGN_LINE,))


def not_a_cheque(words: Sequence[Word]) -> bool:
    """Vouchers and deposit slips carry a line too."""
    text = " ".join(word.text for word in words)
    return bool(_ENERGY.search(text) or _DEPOSIT.search(text))


def _line(sheet: _Sheet) -> Cmc7Line:
    decoded = sheet.found.decoded
    if decoded is None:
        raise ValueError("a French line was expected here")
    surest = min(decoded.margins)
    key = _printed_key(sheet)
    line = Cmc7Line(decoded.text, max(0.0, min(0.98, decoded.fit + min(0.0, surest - 0.05))), key, vouched=False)
    return replace(line, vouched=line.rlmc_ok is True)


def _printed_key(sheet: _Sheet) -> str | None:
    """The two digits in brackets above the line, as the page reader saw them."""
    for zone in (RLMC_KEY, Zone(30.0, 56.0, 175.0, 67.0)):
        for word in sheet.printed(zone):
            match = re.fullmatch(r"\(?(\d{2})\)|\((\d{2})", word.text.strip(".,"))
            if match:
                return match[1] or match[2]
    return None


def _with_amount(reading: ChequeReading, sheet: _Sheet) -> ChequeReading:
    """Until a network has vouched for both fields, an amount stands only where both say the same."""
    box = sheet.layout.box
    figures = parse_figures(
        "".join(word.text for word in sheet.printed(Zone(box.left, box.top - 1, 176, box.bottom + 1)))
    )
    first, _ = sheet.line_text("words_first")
    second, _ = sheet.line_text("words_second")
    words = amount_words.parse(f"{first} {second}") or amount_words.parse(first)
    agree = figures is not None and figures == words and figures > 0
    return replace(
        reading,
        amount_figures=figures,
        amount_words=words,
        amount=figures if agree else None,
        amount_confidence=0.95 if agree else 0.0,
    )


def _judged(reading: ChequeReading, sheet: _Sheet, received_on: date, names: Sequence[str]) -> ChequeReading:
    signed, _ = fields.signature_present(sheet.ink, sheet.layout)
    reading = replace(reading, signed=signed)
    both = reading.amount_figures is not None and reading.amount_words is not None
    found = problems.line_problems(reading)
    found += problems.amount_problems(reading, both and reading.amount is None)
    empty = not fields.line_written(sheet.ink, sheet.layout, "date")
    found += problems.date_problems(reading.date, empty, received_on)
    if signed is False:
        found.append(ChequeProblem.UNSIGNED)
    if payee.made_out_to_us(reading.payee, False, names) is False:
        found.append(ChequeProblem.WRONG_PAYEE)
    return replace(reading, problems=tuple(dict.fromkeys(found)))
