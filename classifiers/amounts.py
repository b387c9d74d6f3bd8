"""Sums of money in French text, in figures and in words. Always integer cents.

Forms of the domain dossier 2.2: `1 234,56 €` with any space, `1.234,56`, `1234€56`, `1234 E 56`, `1 234,-`,
`#1234,56#`, `€ 1234,56`, "deux cents euros et dix centimes". `1.234` and `1,234` are read as thousands, with doubt.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from classifiers.number_words import NUMBER_IN_WORDS, WORDS, folded, number_from_words
from classifiers.spans import Span, without_overlaps
from models.money import Cents

_SPACE = "[ \u00a0\u202f\u2009]"
_NUMBER = rf"(?:\d{{1,3}}(?:(?:{_SPACE}|[.'’])\d{{3}})+(?!\d)|\d{{1,7}})"
_EURO = r"(?:€|euros?\b|eur\b|euro(?=\d)|eurs\b|eruos\b)"
_BEFORE = r"(?<![\w,.])(?<!\d[-/])"
_FIGURES = re.compile(
    rf"""{_BEFORE}(?:
      (?P<euro_first>(?:€|EUR){_SPACE}?)(?P<a>\d{{1,3}}(?:,\d{{3}})+(?!\d)|{_NUMBER})(?:[.,](?P<a_cents>\d{{1,2}}))?(?![\d%])
    | [\#=*]{{1,3}}{_SPACE}?(?P<b>{_NUMBER})(?:[.,](?P<b_cents>\d{{2}}))?{_SPACE}?(?:€{_SPACE}?)?[\#=*]{{1,3}}
    | (?P<c>{_NUMBER}){_SPACE}?{_EURO}{_SPACE}?(?:et{_SPACE})?(?P<c_cents>\d{{2}})
          (?!{_SPACE}?(?:[/.%]|\d|{_EURO}|fois|mois|jours|%))
          (?:{_SPACE}?(?:c(?:en)?ts?|centimes?|c)\b)?
    | (?P<d>{_NUMBER})(?:,{_SPACE}?(?P<d_cents>\d{{1,2}})|\.(?P<d_point>\d{{1,2}}))?{_SPACE}{{0,3}}\n?{_EURO}
    | (?P<e>{_NUMBER}),[-–—](?!\d)
    | (?P<f>{_NUMBER}),(?P<f_cents>\d{{2}})(?![\d%])(?!{_SPACE}?%)
    | (?P<g>{_NUMBER})\.(?P<g_cents>\d{{2}})(?![\d%.])(?!{_SPACE}?%)
    | (?P<h>{_NUMBER}){_SPACE}?E(?:{_SPACE}?(?P<h_cents>\d{{2}}))?(?![\w'’])
    | (?P<i>\d{{1,3}},\d{{3}}){_SPACE}?{_EURO}
    | (?P<j>\d{{1,3}}(?:,\d{{3}})+)\.(?P<j_cents>\d{{2}})(?!\d)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# "90e le 15", "50 e par mois" as written on phones; "2e étage", "3e relance" are ordinals.
_PHONE_STYLE = re.compile(
    rf"{_BEFORE}(?P<a>\d{{2,5}}(?:[.,]\d{{1,2}})?){_SPACE}?e(?={_SPACE}*(?:[,.;:!?)\n/]|$|(?:le|la|par|pour|pr|en"
    rf"|ce|cet|et|mais|ms|au|chaque|tt|tous|toutes"
    r"|svp|de\ssuite|fin|maxi?|mini?|sur|dans|demain|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|que|c"
    r"|vers|avant|[àa])\b))",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(
    rf"\b(?P<whole>{NUMBER_IN_WORDS})\s+(?:d\s?[e'’]\s?)?(?:euros?|eur|€)(?:\s*(?:et|,"
    rf"|virgule)?\s+(?P<cents>{NUMBER_IN_WORDS}|\d{{2}})\s*(?:centimes?|cents?|cts?)|\s+(?P<tail>\d{{2}}"
    rf"|(?!une?\b){NUMBER_IN_WORDS})(?!\d"
    rf"|\s?[/.,%€]|\s(?:fois|mois|jours?|ans?|h|euros?|eur|et)\b))?"
)
_BROKEN = re.compile(rf"\b{NUMBER_IN_WORDS}[\s-]+(?P<broken>[a-z]{{3,12}})[\s-]+\Z")
ALIKE = 70.0  # similarity, 0 to 100, from which a word is a number word misread
_DATE_LIKE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])")
_HOURS_AFTER = re.compile(r"\s?(?:h\b|heures?\b|kwh|kva|m3|m²|m2|km|kg|go\b|cl\b)", re.IGNORECASE)
LARGEST = 100_000_000_00  # cents; above, it is not a sum of this trade


def cents_from_text(text: str) -> Cents | None:
    """The one sum this text is, or None: `"1 234,5"` -> 123450."""
    found = find_amounts(text if re.search(rf"{_EURO}|[#=*]", text, re.IGNORECASE) else f"{text.strip()} €")
    return int(found[0].value) if len(found) == 1 else None


def find_amounts(text: str) -> list[Span]:
    """Every sum, in order. `value` is cents as a string; confidence below 0.6 where it may be something else."""
    spans = [span for match in _FIGURES.finditer(text) if (span := _from_figures(text, match))]
    spans += [_phone_style(match) for match in _PHONE_STYLE.finditer(text)]
    plain = folded(text)
    whole = (match for match in _IN_WORDS.finditer(plain) if not _beheaded(plain, match.start()))
    spans += [span for match in whole if (span := _from_words(text, match))]
    return without_overlaps(spans)


def _beheaded(plain: str, start: int) -> bool:
    """Whether the words before end in a number word nobody can read: "deux nille | cent euros" is not a hundred."""
    before = _BROKEN.search(plain, max(0, start - 60), start)
    return before is not None and any(fuzz.ratio(before["broken"], word) >= ALIKE for word in WORDS)


def _from_figures(text: str, match: re.Match[str]) -> Span | None:
    group = next(name for name in "abcdefghij" if match[name] is not None)
    whole = match[group]
    cents = match.groupdict().get(f"{group}_cents") or (match["d_point"] if group == "d" else None)
    if group == "i":
        whole = whole.replace(",", "")
    value = _cents(whole, cents)
    if value is None or (group == "g" and (_DATE_LIKE.fullmatch(match[0]) or value < 1000)):
        return None
    if group in "fgh" and _HOURS_AFTER.match(text, match.end()):
        return None
    if group == "h" and len(whole) < 2:
        return None  # "1 E", "2E": an ordinal or a building
    confidence = {"c": 0.9, "e": 0.9, "f": 0.8, "g": 0.6, "h": 0.7, "i": 0.5}.get(group, 1.0)
    if group == "d" and cents is None and re.fullmatch(r"\d{1,3}\.\d{3}", whole):
        confidence = 0.55
    return Span(match.start(), match.end(), match[0].strip(), str(value), confidence)


def _cents(whole: str, cents: str | None) -> Cents | None:
    digits = re.sub(r"\D", "", whole)
    value = int(digits) * 100 + int((cents or "0").ljust(2, "0"))
    return value if 0 < value <= LARGEST else None


def _phone_style(match: re.Match[str]) -> Span:
    whole, _, cents = match["a"].replace(".", ",").partition(",")
    return Span(match.start(), match.end(), match[0], str(int(whole) * 100 + int((cents or "0").ljust(2, "0"))), 0.5)


def _from_words(text: str, match: re.Match[str]) -> Span | None:
    whole = number_from_words(match["whole"])
    if not whole:
        return None
    spoken = match["cents"] or match["tail"]
    cents = (int(spoken) if spoken.isdigit() else number_from_words(spoken)) if spoken else 0
    if cents is None or cents > 99:
        return None
    confidence = 0.6 if match["whole"] in ("un", "une") else 0.95
    return Span(match.start(), match.end(), text[match.start() : match.end()], str(whole * 100 + cents), confidence)
