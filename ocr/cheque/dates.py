"""Dates as people write them on a cheque: figures, months in words, a day in words now and then."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rapidfuzz.distance import Levenshtein

from ocr.cheque import amount_words

MONTHS = (
    ("janvier", "janv", "jan"),
    ("fevrier", "fevr", "fev"),
    ("mars",),
    ("avril", "avr"),
    ("mai",),
    ("juin",),
    ("juillet", "juil"),
    ("aout",),
    ("septembre", "sept", "sep"),
    ("octobre", "oct"),
    ("novembre", "nov"),
    ("decembre", "dec"),
)


def parse_date(text: str) -> date | None:
    """The day a text names, day before month, two-digit years in this century. None where there is none."""
    plain = amount_words.normalise(text.replace("°", " ").replace(".", "/").replace("-", "/"))
    figures = re.search(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})(?!\d)", text)
    if figures:
        return _day(int(figures[1]), int(figures[2]), figures[3])
    tokens = [token for token in plain.replace(",", " ").split() if token not in ("le", "er", "a")]
    for at, token in enumerate(tokens):
        month = month_of(token)
        if month is None or at == 0 or at + 1 >= len(tokens):
            continue
        day = _day_number(tokens[max(0, at - 2) : at])
        year = re.fullmatch(r"\d{4}|\d{2}", tokens[at + 1])
        if day is not None and year:
            return _day(day, month, year[0])
    digits = [token for token in tokens if token.isdigit()]
    if len(digits) == 3 and len(tokens) == 3 and len(digits[2]) in (2, 4):
        return _day(int(digits[0]), int(digits[1]), digits[2])
    return None


def month_of(token: str) -> int | None:
    """1..12 of a month's name or abbreviation, a letter off allowed in longer ones; None for anything else."""
    best: list[tuple[int, int]] = []
    for number, names in enumerate(MONTHS, start=1):
        distance = min(Levenshtein.distance(token, name) for name in names)
        best.append((distance, number))
    best.sort()
    allowed = 0 if len(token) < 4 else 1 if len(token) < 7 else 2
    return best[0][1] if best[0][0] <= allowed and best[1][0] > best[0][0] else None


def _day_number(tokens: Sequence[str]) -> int | None:
    if not tokens:
        return None
    if tokens[-1].isdigit():
        return int(tokens[-1])
    if tokens[-1] in ("premier", "ier"):
        return 1
    for words in (" ".join(tokens), tokens[-1]):
        value = amount_words.parse(words)
        if value is not None and value % 100 == 0 and 1 <= value // 100 <= 31:
            return value // 100
    return None


def _day(day: int, month: int, year: str) -> date | None:
    full = int(year) + 2000 if len(year) == 2 else int(year)
    if not 2000 <= full <= 2099:
        return None
    try:
        return date(full, month, day)
    except ValueError:
        return None
