"""Dates as people write them on a cheque: figures, months in words, a day in words now and then."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from ocr.cheque import amount_words
from ocr.cheque.alphabet import DATES
from ocr.cheque.automaton import Decoder, Expression, alt, compile_expressions, opt, seq
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
_MOST_CANDIDATES = 40
_Months = tuple[tuple[int, int], ...]  # (year, month)


@lru_cache(maxsize=16)
def _grammar(months: _Months) -> Decoder:
    """Every way of writing a day of some months behind the printed label."""
    of_years: dict[tuple[int, ...], list[int]] = {}  # years that share their months are written out once
    for year in sorted({year for year, _ in months}):
        of_years.setdefault(tuple(month for one, month in months if one == year), []).append(year)
    ways = (_ways(range(1, 32), own, years) for own, years in of_years.items())
    return Decoder(compile_expressions([_labelled(alt(*ways))], DATES), DATES)


@lru_cache(maxsize=256)
def _grammar_of(day: date) -> Decoder:
    """Every way of writing one day."""
    return Decoder(compile_expressions([_labelled(_ways([day.day], [day.month], [day.year]))], DATES), DATES)


def _labelled(way: Expression) -> Expression:
    return seq(opt(seq(alt("le", "1e", "ie", "l", "a"), opt("."), opt(" "))), way)


def _ways(days: Sequence[int], months: Sequence[int], of_years: Sequence[int]) -> Expression:
    """Figures with any mark between, or the month by its name and the day in figures or words."""
    mark, space = alt("/", "-", ".", " "), opt(" ")
    number = alt(*_figures(days))
    spelled = [amount_words.write(day * 100, hyphens="none").split(" euro")[0] for day in days if day > 1]
    first = ["1er", "premier"] if 1 in days else []
    years = alt(*(text for year in of_years for text in (str(year), f"{year % 100:02d}")))
    figures = seq(number, space, mark, space, alt(*_figures(months)), space, mark, space, years)
    names = alt(*(name for month in months for name in MONTHS[month - 1]))
    return alt(figures, seq(alt(number, *first, *spelled), space, names, opt("."), space, years))


def _figures(numbers: Sequence[int]) -> list[str]:
    return [text for number in numbers for text in sorted({str(number), f"{number:02d}"})]


def decode_date(views: Sequence[Floats], received_on: date) -> tuple[date | None, float]:
    """The day that networks' outputs over DATES say together, and how sure (0..1): what the grammar had to give up.

    Each view proposes days; their days, months and years are crossed, and every view is asked about each of them.
    Recent days are preferred where the writing allows both; a clearly written old date stays an old date.
    """
    proposed = [day for view in views for day in _proposals(view, received_on)]
    best: tuple[float, date] | None = None
    for day in _crossed(proposed):
        score = sum(_grammar_of(day).best(view).score for view in views) / len(views)
        bonus = _RECENT_BONUS / len(views) if timedelta(0) <= received_on - day < timedelta(days=100) else 0.0
        best = max(best or (-math.inf, day), (score + bonus, day))
    if best is None:
        return None, 0.0
    paths = [_grammar_of(best[1]).best(view) for view in views]
    letters = max(5, max(len(path.text) for path in paths))
    lost = min(float(view.max(axis=1).sum()) - path.score for view, path in zip(views, paths, strict=True))
    return (best[1], max(0.05, 0.99 - 0.35 * lost / letters)) if lost < 2.2 * letters else (None, 0.0)


def _proposals(logp: Floats, received_on: date) -> list[date]:
    """The best day of the last years and the best of the last months."""
    last = received_on.year * 12 + received_on.month - 1
    recent = tuple((year, month + 1) for year, month in (divmod(last - back, 12) for back in range(4)))
    years = range(received_on.year - 3, received_on.year + 2)
    windows = (tuple((year, month) for year in years for month in range(1, 13)), recent)
    texts = (_grammar(window).best(logp).text for window in windows)
    found = (parse_date(re.sub(r"^(le|1e|ie|l|a)(?=[ .\d])[ .]*", "", text)) for text in texts)
    return [day for day in found if day is not None]


def _crossed(proposed: Sequence[date]) -> list[date]:
    """Every day made of the days, months and years proposed, those proposed as a whole first."""
    parts = [sorted({getattr(day, part) for day in proposed}) for part in ("year", "month", "day")]
    crossed = (_day(day, month, str(year)) for year in parts[0] for month in parts[1] for day in parts[2])
    return list(dict.fromkeys([*proposed, *(day for day in crossed if day is not None)]))[:_MOST_CANDIDATES]
