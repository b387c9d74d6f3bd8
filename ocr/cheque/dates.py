"""Dates as people write them on a cheque: figures, months in words, a day in words now and then."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from ocr.cheque import amount_words
from ocr.cheque.alphabet import DATES
from ocr.cheque.automaton import Decoder, alt, compile_expressions, opt, seq
from ocr.cheque.geometry import Floats

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


_RECENT_BONUS = 3.0  # log odds of a date of the last three months over any other


@lru_cache(maxsize=16)
def _grammar(months: tuple[tuple[int, int], ...]) -> Decoder:
    """Every way of writing a day of some months, each (year, month), behind the printed label."""
    mark, space = alt("/", "-", ".", " "), opt(" ")
    days = alt(*(text for day in range(1, 32) for text in sorted({str(day), f"{day:02d}"})))
    spelled = alt("premier", *(amount_words.write(day * 100, hyphens="none").split(" euro")[0] for day in range(2, 32)))
    ways = []
    for year in sorted({year for year, _ in months}):
        own = [month for one, month in months if one == year]
        years = alt(str(year), f"{year % 100:02d}")
        figures = alt(*(text for month in own for text in sorted({str(month), f"{month:02d}"})))
        ways.append(seq(days, space, mark, space, figures, space, mark, space, years))
        named = alt(*(name for month in own for name in MONTHS[month - 1]))
        ways.append(seq(alt(days, "1er", spelled), space, named, opt("."), space, years))
    label = opt(seq(alt("le", "1e", "ie", "l", "a"), opt("."), space))
    return Decoder(compile_expressions([seq(label, alt(*ways))], DATES), DATES)


def decode_date(logp: Floats, received_on: date) -> tuple[date | None, float]:
    """The day a network's output over DATES says, and how sure (0..1): what the grammar had to give up on the way.

    Recent days are preferred where the writing allows both; a clearly written old date stays an old date.
    """
    last = received_on.year * 12 + received_on.month - 1
    recent = tuple(divmod(last - back, 12) for back in range(4))
    years = range(received_on.year - 3, received_on.year + 2)
    path = _grammar(tuple((year, month) for year in years for month in range(1, 13))).best(logp)
    newer = _grammar(tuple((year, month + 1) for year, month in recent)).best(logp)
    if newer.score + _RECENT_BONUS >= path.score:
        path = newer
    day = parse_date(re.sub(r"^(le|1e|ie|l|a)(?=[ .\d])[ .]*", "", path.text)) if path.text else None
    if day is None:
        return None, 0.0
    lost = float(logp.max(axis=1).sum()) - path.score
    letters = max(5, len(path.text))
    return (day, max(0.05, 0.99 - 0.35 * lost / letters)) if lost < 2.2 * letters else (None, 0.0)
