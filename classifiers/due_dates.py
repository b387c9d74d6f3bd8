"""Dates as people promise them: "vendredi", "le 5 du mois prochain", "fin juin", "sous huitaine", "d'ici 15 jours".

Everything counts from the day the letter was written. What hangs on an event ("dès que je touche ma paie") has no date.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from classifiers.dates import MONTH, MONTHS, FoundDate, find_dates
from classifiers.number_words import NUMBER_IN_WORDS, folded, number_from_words

FAR_AHEAD = 240  # days: a date without a year that would lie further ahead lies behind
_DAYS = {"lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6}
_DAY = "|".join(_DAYS)
_COUNT = rf"(?P<count>\d{{1,3}}|{NUMBER_IN_WORDS})"
_UNIT = r"(?P<unit>heures?|h|jours?|jrs?|j|semaines?|sem|mois|quinzaines?|huitaines?)"
# Names of a fixed stretch of days.
_STRETCH = {"huitaine": 8, "quinzaine": 15, "dizaine": 10, "semaine": 7}


@dataclass(frozen=True, slots=True)
class DueDate:
    """A day meant by these words. `confidence` below 0.6 where only a month or a week is named."""

    start: int
    end: int
    text: str
    day: date
    confidence: float = 1.0


def find_due_dates(text: str, written_on: date, *, future: bool = True) -> list[DueDate]:
    """Days named in the text, full dates and relative ones, in order of place. `future` decides "le 5" and "
    ""vendredi"."""
    low = folded(text)
    found = [
        DueDate(one.start, one.end, one.text, day, one.confidence)
        for one in find_dates(text, written_on)
        if (day := _on_the_right_side(one, written_on, future)) is not None
    ]
    for pattern, resolve in _RELATIVE:
        for match in pattern.finditer(low):
            meant = resolve(match, written_on, future)
            if meant is not None:
                day, confidence = meant
                found.append(DueDate(match.start(), match.end(), text[match.start() : match.end()], day, confidence))
    return _in_order(found)


def _on_the_right_side(found: FoundDate, written_on: date, future: bool) -> date | None:
    day = found.near(written_on, future=future)
    if day and found.year is None and future and (day - written_on).days > FAR_AHEAD:
        return found.near(written_on, future=False)
    return day


def _in_order(found: list[DueDate]) -> list[DueDate]:
    taken: list[DueDate] = []
    for one in sorted(found, key=lambda one: (-one.confidence, one.start - one.end)):
        if all(one.end <= other.start or one.start >= other.end for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda one: one.start)


def month_later(day: date, months: int, on: int | None = None) -> date:
    """`day` moved by calendar months, to day `on` of the month or its own, cut to the month's length."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(on or day.day, last))


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else number_from_words(text)


_Meant = tuple[date, float] | None


def _in_some_time(match: re.Match[str], now: date, future: bool) -> _Meant:
    unit = match["unit"]
    count = _number(match["count"])
    if count is None or not 0 < count <= 400:
        return None
    sign = 1 if future else -1
    if unit.startswith("mois"):
        return (month_later(now, sign * count), 0.8) if count <= 24 else None
    if unit.startswith("h") and not unit.startswith("hui"):
        return now + timedelta(days=sign * max(1, round(count / 24))), 0.7
    days = (
        1
        if unit.startswith("j")
        else next((length for name, length in _STRETCH.items() if unit.startswith(name[:3])), 7)
    )
    return now + timedelta(days=sign * count * days), 0.7


def _stretch(match: re.Match[str], now: date, future: bool) -> _Meant:
    return (now + timedelta(days=_STRETCH[match["stretch"]]), 0.8) if future else None


def _day_of_month(match: re.Match[str], now: date, future: bool) -> _Meant:
    """ "le 5", with or without "du mois prochain", "de ce mois", "de chaque mois"."""
    day = int(match["day"])
    if not 1 <= day <= 31:
        return None
    which = match["which"] or ""
    if "prochain" in which and "mois" in which:
        return month_later(now.replace(day=1), 1, day), 1.0
    if "dernier" in which or "passe" in which:
        return month_later(now.replace(day=1), -1, day), 1.0
    this = month_later(now.replace(day=1), 0, day)
    if "ce mois" in which or "courant" in which:
        return this, 1.0
    if future:
        return (this if this >= now else month_later(now.replace(day=1), 1, day)), 0.85
    return (this if this <= now else month_later(now.replace(day=1), -1, day)), 0.85


def _end_of_month(match: re.Match[str], now: date, future: bool) -> _Meant:
    which = match["which"] or ""
    months = 1 if "prochain" in which else -1 if "dernier" in which or (not future and "ce" not in which) else 0
    return month_later(now.replace(day=1), months, 31), 0.65


def _part_of_month(match: re.Match[str], now: date, future: bool) -> _Meant:
    """ "fin juin", "mi-juin", "debut juin", "courant juin", "en juin"."""
    month = MONTHS[match["month"]]
    year = int(match["year"]) if match["year"] else now.year
    part = match["part"]
    day = 5 if part.startswith("deb") else 15 if part.startswith("mi") else 31
    meant = month_later(date(year, month, 1), 0, day)
    if not match["year"]:
        if future and meant < now:
            meant = month_later(date(year + 1, month, 1), 0, day)
            if (meant - now).days > FAR_AHEAD:
                return None  # "en septembre" written in November tells what happened
        elif not future and meant.replace(day=1) > now:
            meant = month_later(date(year - 1, month, 1), 0, day)
    vague = not part.startswith(("fin", "mi"))
    return meant, 0.4 if vague else 0.7


def _weekday(match: re.Match[str], now: date, future: bool) -> _Meant:
    after = match["after"] or ""
    ahead = (_DAYS[match["weekday"]] - now.weekday()) % 7
    if "dernier" in after or "passe" in after or not future:
        return now - timedelta(days=(now.weekday() - _DAYS[match["weekday"]]) % 7 or 7), 0.7
    day = now + timedelta(days=ahead or 7)
    if "huit" in after:
        day += timedelta(days=7)
    elif "quinze" in after:
        day += timedelta(days=14)
    return day, 0.7


def _end_of_week(match: re.Match[str], now: date, future: bool) -> _Meant:
    week = 7 if "prochaine" in match[0] else 0
    return (now + timedelta(days=max(0, 4 - now.weekday()) + week), 0.7) if future else None


def _next(match: re.Match[str], now: date, future: bool) -> _Meant:
    if not future:
        return None
    if "mois" in match[0]:
        return month_later(now.replace(day=1), 1, 31), 0.5
    return now + timedelta(days=11 - now.weekday()), 0.5  # Friday of next week


def _days_away(days: int) -> Callable[[re.Match[str], date, bool], _Meant]:
    return lambda match, now, future: (now + timedelta(days=days), 0.5 if future and days < 1 else 0.7)


_RELATIVE: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date, bool], _Meant]], ...] = (
    (
        re.compile(
            rf"\b(?:d'ici|dici|dans|sous|d ici)\s(?:(?:a|la|les|le|un delai de|environ|maximum|une"
            rf"|max)\s)*{_COUNT}\s?{_UNIT}\b"
        ),
        _in_some_time,
    ),
    (re.compile(rf"\bil y a\s{_COUNT}\s?{_UNIT}\b"), lambda match, now, future: _in_some_time(match, now, False)),
    (re.compile(r"\b(?:sous|d'ici|dans)\s(?:la |une |un )?(?P<stretch>huitaine|quinzaine|dizaine)\b"), _stretch),
    (
        re.compile(
            rf"(?<!\w)(?:le|au|du|vers le|pour le|avant le|ds le|des le|le (?:{_DAY})|(?:{_DAY})"
            r"|l)\s(?P<day>[0-3]?\d)(?:er)?(?!\s?[\d/:h€%]|[.,-]\d|\s?-\s?\d|\s?(?:eur|euros?|fois|jours|%|h\b|rue|avenue|bis"
            r"|ter|janv|fev|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec)|\w)"
            r"(?P<which>\s(?:du mois prochain|du mois suivant|de ce mois|du mois en cours|courant"
            r"|prochain du mois|du mois dernier|du mois passe|dernier|de chaque mois|du mois))?"
        ),
        _day_of_month,
    ),
    (
        re.compile(
            r"\b(?:en |a la |pour la |d'ici la |vers la |avant la |la )?fin (?:du|de|de ce|ce"
            r"|d)\s?(?:le )?mois\b(?P<which> prochain| suivant| dernier| en cours| courant)?"
        ),
        _end_of_month,
    ),
    (
        re.compile(
            rf"\b(?P<part>fin|mi|debut|courant|en|au mois de|dans le courant de|pour)(?:\sdu\smois)?(?:\s|-|\sd'"
            rf"|\sde\s){{1,2}}(?P<month>{MONTH})\b(?:\s(?P<year>20\d\d))?"
        ),
        _part_of_month,
    ),
    (
        re.compile(
            rf"\b(?:ce |le |pour |d'ici |avant |des |de |)(?P<weekday>{_DAY})(?P<after> prochain| qui vient"
            rf"| en huit| en quinze| dernier| passe)?\b(?!\s(?:[0-3]?\d\b|1er|premier|matin au|au (?:{_DAY})))"
        ),
        _weekday,
    ),
    (
        re.compile(
            r"\b(?:d'ici |a |en |avant |pour )(?:la )?fin (?:de |de la "
            r"|de cette )?(?:la )?semaine(?: prochaine)?\b"
        ),
        _end_of_week,
    ),
    (re.compile(r"\b(?:la semaine prochaine|le mois prochain|semaine prochaine|mois prochain)\b"), _next),
    (re.compile(r"\b(?:apres[- ]demain)\b"), _days_away(2)),
    (re.compile(r"(?<!apres )(?<!apres-)\bdemain\b"), _days_away(1)),
    (
        re.compile(r"\b(?:aujourd'? ?hui|ce jour|ce soir|ce matin|ce midi|cet apres[- ]midi|a l'instant)\b"),
        _days_away(0),
    ),
    (re.compile(r"\bavant[- ]hier\b"), _days_away(-2)),
    (re.compile(r"(?<!avant )(?<!avant-)\bhier\b"), _days_away(-1)),
)
