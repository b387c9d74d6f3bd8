"""What an item offers for finding its claim: words with their places, numbers that may be references, people, sums."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from matching.phonetic import sound
from matching.plain import alnum, bare, fingerprint, folded, lettered, plain
from matching.profile import phone_digits
from matching.shapes import ReferenceShapes
from matching.wordlists import CIVILITIES, PARTICLES, expanded
from models.money import Cents
from models.understanding import Mention, MentionKind, Mentions

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_MOST_CHARACTERS = 24_000
_MOST_PARTS = 6  # neighbouring tokens that may make up one reference
_PLAIN_GAPS = frozenset((" ", "-", "/", "."))
_GAP = re.compile(r"[ \t./\\_:|-]{1,3}")
_MOST_WINDOWS = 400
_SUM = re.compile(r"(?<![\d,.])(\d{1,3}(?:[ .\n]\d{3})+|\d{1,7})\s?[,.€]\s?(\d{2})(?!\d)")
_MOST_SUMS = 20


@dataclass(frozen=True, slots=True)
class Written:
    """A stretch of the text that may be a reference: as on paper, and letters and digits only."""

    text: str
    value: str
    start: int  # number of its first word, -1 where it comes from a mention only
    end: int  # one past its last word
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the item names: words of the name in capitals."""

    words: tuple[str, ...]
    text: str
    role: str


@dataclass(slots=True)
class Clues:
    words: list[str] = field(default_factory=list)  # capitals, digits inside words read as letters
    capital: list[bool] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)  # word -> where
    sounds: dict[str, list[int]] = field(default_factory=dict)
    in_name: set[int] = field(default_factory=set)  # places that belong to a person's name
    written: list[Written] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    companies: list[Person] = field(default_factory=list)
    postcodes: dict[str, str] = field(default_factory=dict)  # value -> role
    phones: dict[str, str] = field(default_factory=dict)  # value -> as on paper
    emails: dict[str, str] = field(default_factory=dict)
    amounts: dict[Cents, str] = field(default_factory=dict)
    birth_dates: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)  # fingerprint -> as on paper
    references: tuple[str, ...] = ()  # as written, of the portfolio's shapes

    @property
    def sender(self) -> Person | None:
        return next((person for person in self.people if person.role in ("sender", "cheque")), None)


def clues_of(mentions: Mentions, text: str, amounts: Sequence[Cents], shapes: ReferenceShapes) -> Clues:
    clues = Clues()
    flat = bare(text[:_MOST_CHARACTERS])
    spans = _read_words(clues, flat)
    _read_people(clues, mentions)
    _read_values(clues, mentions, amounts)
    _read_sums(clues, text[:_MOST_CHARACTERS])
    _read_references(clues, mentions, flat, spans, shapes)
    return clues


@lru_cache(maxsize=65536)
def _word_of(token: str) -> str:
    """`Mart1n` -> MARTIN, `St` -> SAINT; a scanner's small l inside capitals is an I."""
    if len(token) > 3 and "l" in token and token.replace("l", "I").isupper():
        token = token.replace("l", "I")
    return expanded(lettered(token.upper()))


def _read_words(clues: Clues, flat: str) -> list[tuple[int, int]]:
    """`flat`: the text without accents. Where its words stand."""
    found = [match.span() for match in _TOKEN.finditer(flat)]
    tokens = [flat[start:end] for start, end in found]
    clues.words = list(map(_word_of, tokens))
    clues.capital = [token[0].isupper() for token in tokens]
    places: dict[str, list[int]] = defaultdict(list)
    for number, word in enumerate(clues.words):
        places[word].append(number)
    clues.places = dict(places)
    sounds: dict[str, list[int]] = defaultdict(list)
    for word, where in places.items():
        if len(word) > 1 and word.isalpha():
            sounds[sound(word)].extend(where)
    clues.sounds = dict(sounds)
    return found


def _name_words(text: str) -> tuple[str, ...]:
    return tuple(expanded(lettered(word)) for word in re.findall(r"[A-Z0-9]+", plain(text.replace("|", " "))))


def _read_people(clues: Clues, mentions: Mentions) -> None:
    seen = set()
    named = [(mention.text, mention.value, mention.role) for mention in mentions.of(MentionKind.NAME)]
    if mentions.sender_name:
        named.insert(0, (mentions.sender_name, mentions.sender_name, "sender"))
    for text, value, role in named:
        parts = tuple(word for word in _name_words(value) if word not in CIVILITIES)
        if parts and (parts, role) not in seen:
            seen.add((parts, role))
            clues.people.append(Person(parts, text, role))
    for mention in mentions.of(MentionKind.COMPANY):
        clues.companies.append(Person(_name_words(mention.value), mention.text, mention.role))
    for person in clues.people:
        _mark_name(clues, person.words)


def _mark_name(clues: Clues, parts: tuple[str, ...]) -> None:
    for part in parts:
        if part in PARTICLES:
            continue
        for place in clues.places.get(part, ()):
            near = clues.words[max(0, place - 3) : place + 4]
            if len(parts) == 1 or any(other in near for other in parts if other != part):
                clues.in_name.add(place)


def _read_values(clues: Clues, mentions: Mentions, amounts: Sequence[Cents]) -> None:
    for mention in mentions.all:
        match mention.kind:
            case MentionKind.POSTCODE:
                clues.postcodes.setdefault(mention.value, mention.role)
            case MentionKind.PHONE:
                clues.phones.setdefault(phone_digits(mention.value), mention.text)
            case MentionKind.EMAIL:
                clues.emails.setdefault(mention.value.lower(), mention.text)
            case MentionKind.IBAN:
                clues.accounts.setdefault(fingerprint(mention.value), mention.text)
            case MentionKind.AMOUNT if mention.value.lstrip("-").isdigit():
                clues.amounts.setdefault(int(mention.value), mention.text)
            case MentionKind.BIRTH_DATE:
                clues.birth_dates.setdefault(mention.value, mention.text)
            case MentionKind.DATE:
                clues.dates.setdefault(mention.value, mention.text)
            case _:
                pass
    for amount in amounts:
        clues.amounts.setdefault(amount, f"{amount / 100:.2f}".replace(".", ","))
    for word in clues.words:
        if len(word) == 5 and word.isdigit():
            clues.postcodes.setdefault(word, "body")


def _read_sums(clues: Clues, text: str) -> None:
    """Sums with cents that nobody pointed out: they only support, so a wrong one does little harm."""
    for found in _SUM.finditer(text.replace("\u202f", " ").replace("\u00a0", " ")):
        if len(clues.amounts) < _MOST_SUMS:
            clues.amounts.setdefault(int("".join(filter(str.isdigit, found[1])) + found[2]), found[0])


def _other_numbers(mentions: Mentions) -> set[str]:
    """Numbers known to be something else than a reference."""
    kinds = (MentionKind.PHONE, MentionKind.IBAN, MentionKind.REGISTERED_LETTER)
    return {alnum(mention.value) for mention in mentions.of(*kinds)}


def _read_references(
    clues: Clues, mentions: Mentions, flat: str, spans: list[tuple[int, int]], shapes: ReferenceShapes
) -> None:
    other = _other_numbers(mentions)
    found: dict[str, Written] = {}
    for mention in mentions.of(MentionKind.REFERENCE):
        value = alnum(mention.value)
        if len(value) in shapes.lengths:
            found[value] = Written(mention.text, value, -1, -1, mention.quoted)
    for window in islice(_windows(flat, spans, shapes), 10 * _MOST_WINDOWS):  # the same number may come over and over
        if len(found) >= _MOST_WINDOWS:
            break
        if window.value not in other:
            kept = found.get(window.value)
            if kept is None or kept.start < 0:
                found[window.value] = window
    clues.written = list(found.values())
    clues.references = _shaped(mentions, clues.written, shapes, other)


_Mark = tuple[str, int, int, bool]


@lru_cache(maxsize=65536)
def _marks(token: str) -> _Mark:
    """A token in capitals, its letters that are no misread digits, its likely digits, and whether one is sure."""
    value = token.upper()
    letters = sum(map(str.isalpha, folded(value)))
    return value, letters, sum(c in "0123456789OILSB" for c in value), any(map(str.isdigit, value))


def _chains(flat: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Runs of tokens (first, one past the last) that nothing but a reference's own marks part."""
    first = 0
    for at in range(1, len(spans)):
        end, begin = spans[at - 1][1], spans[at][0]
        if begin - end > 3 or (flat[end:begin] not in _PLAIN_GAPS and not _GAP.fullmatch(flat, end, begin)):
            yield first, at
            first = at
    if spans:
        yield first, len(spans)


def _windows(flat: str, spans: list[tuple[int, int]], shapes: ReferenceShapes) -> Iterator[Written]:
    """Runs of neighbouring tokens that are long enough and hold enough digits to be a reference."""
    for first, end in _chains(flat, spans):
        marks = [_marks(flat[begin:stop]) for begin, stop in spans[first:end]]
        sure = [number for number, mark in enumerate(marks) if mark[3]]
        ahead = 0
        for start in range(sure[-1] + 1 if sure else 0):
            while sure[ahead] < start:
                ahead += 1
            value = marks[start][0]
            reach = _reach(marks, start, shapes.longest)
            if sure[ahead] < reach and not (len(value) > 4 and value.isalpha()):
                yield from _from(flat, spans, first, marks[start:reach], start, shapes)


def _reach(marks: list[_Mark], start: int, longest: int) -> int:
    """One past the last token that may belong to the reference; characters in boxes of a form stand alone."""
    end = start
    while end < min(len(marks), start + longest) and len(marks[end][0]) == 1:
        end += 1
    return end + 1 if end - start > _MOST_PARTS else start + _MOST_PARTS


def _from(
    flat: str, spans: list[tuple[int, int]], first: int, marks: list[_Mark], start: int,
    shapes: ReferenceShapes,
) -> Iterator[Written]:  # fmt: skip
    """Windows that begin with the first of these tokens."""
    value, letters, digits, sure = "", 0, 0, False
    at = first + start
    for number, (token, more_letters, more_digits, more_sure) in enumerate(marks):
        value += token
        letters, digits, sure = letters + more_letters, digits + more_digits, sure or more_sure
        if len(value) > shapes.longest or letters > shapes.most_letters:
            return
        if sure and digits >= 4 and len(value) in shapes.lengths:
            yield Written(flat[spans[at][0] : spans[at + number][1]], value, at, at + number + 1)


def _shaped(
    mentions: Mentions, written: Sequence[Written], shapes: ReferenceShapes, other: set[str]
) -> tuple[str, ...]:
    """Mentions first, as written; then whole stretches of text that fit a shape."""
    kept: dict[str, str] = {}
    marked = [(alnum(mention.value), mention.text) for mention in mentions.of(MentionKind.REFERENCE)]
    for value, text in marked:
        if value not in kept and value not in other and shapes.looks_like_one(value):
            kept[value] = text
    for window in written:
        inside = any(window.value in value for value in kept)
        if not inside and any(c.isalpha() for c in window.value) and shapes.looks_like_one(window.value):
            kept[window.value] = window.text
    return tuple(kept.values())


def amounts_in(mentions: Sequence[Mention]) -> list[Cents]:
    return [int(mention.value) for mention in mentions if mention.kind is MentionKind.AMOUNT]
