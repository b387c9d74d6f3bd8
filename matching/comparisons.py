"""Comparisons of one claim with one item: each looks for a fact of the claim on the paper and says what it found.

A finding has a level ("exact", "similar", "other" ...) and a surprise: how unlikely it is that an unrelated claim of
this portfolio would show the same, in nats (natural log). `scorecard` turns both into weight.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from matching.clues import Clues, Written
from matching.firstnames import same_first_name
from matching.phonetic import sound
from matching.plain import folded, words
from matching.profile import Profile
from matching.shapes import ReferenceShapes
from matching.wordlists import CIVILITIES, LETTER_WORDS, PARTICLES
from models.money import euros

_NEAR = 3
_MOST_SURPRISE = 25.0


class Rarity(Protocol):
    """How often values occur in the portfolio."""

    total: int

    def surname(self, parts: Sequence[str]) -> int: ...
    def first_name(self, name: str) -> int: ...
    def postcode(self, postcode: str) -> int: ...
    def town(self, town: str) -> int: ...
    def amount(self, amount: int) -> int: ...
    def company(self, parts: Sequence[str]) -> int: ...
    def email(self, email: str) -> int: ...
    def phone(self, phone: str) -> int: ...
    def street(self, number: str, word: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Finding:
    feature: str
    level: str
    on_paper: str = ""
    on_file: str = ""
    similarity: float = 0.0
    surprise: float = 0.0


@dataclass(slots=True)
class Paper:
    """One item, with what all comparisons of it share."""

    clues: Clues
    rarity: Rarity
    shapes: ReferenceShapes
    creditors_named: frozenset[str] = frozenset()
    _sightings: dict[str, tuple[list[int], float]] = field(default_factory=dict)
    _choices: list[str] = field(default_factory=list)

    def sightings(self, word: str) -> tuple[list[int], float]:
        """Places where a word stands, exactly or nearly, and how alike (0: nowhere)."""
        kept = self._sightings.get(word)
        if kept is None:
            kept = self._sightings[word] = self._search(word)
        return kept

    def _search(self, word: str) -> tuple[list[int], float]:
        places = self.clues.places.get(word)
        if places:
            return places, 1.0
        if len(word) < 4:
            return [], 0.0
        heard = self.clues.sounds.get(sound(word), ())
        best = [(OSA.normalized_similarity(word, self.clues.words[place]), place) for place in heard]
        alike = [(similarity, place) for similarity, place in best if similarity >= 0.7]
        if alike:
            return [place for _, place in alike], max(similarity for similarity, _ in alike)
        if not self._choices:
            self._choices = [choice for choice in self.clues.places if len(choice) > 3]
        cutoff = 0.74 if len(word) < 8 else 0.7
        found = process.extractOne(word, self._choices, scorer=OSA.normalized_similarity, score_cutoff=cutoff)
        return (self.clues.places[found[0]], float(found[1])) if found else ([], 0.0)

    def surprise(self, count: int) -> float:
        return math.log(max(1, self.rarity.total) / max(1, min(count, self.rarity.total)))


# --- references ---------------------------------------------------------------------------------------------------


def same_reference(profile: Profile, paper: Paper, written: Sequence[Written]) -> list[Finding]:
    """Agency, customer and invoice numbers: as written, up to what scanners confuse, or with one error."""
    best: dict[str, Finding] = {}
    for feature, value, on_file in profile.references:
        for window in written:
            level = _reference_level(value, window.value)
            if level is None:
                continue
            likeness = {"exact": 1.0, "confused": 0.97}.get(level, 1 - 1 / max(len(value), 1))
            found = Finding(feature, level, window.text, on_file, likeness, _reference_surprise(value, paper))
            if feature not in best or likeness > best[feature].similarity:
                best[feature] = found
    return list(best.values())


def _reference_level(value: str, written: str) -> str | None:
    if value == written:
        return "exact"
    if abs(len(value) - len(written)) > 1:
        return None
    distance = OSA.distance(folded(value), folded(written), score_cutoff=1)
    return {0: "confused", 1: "one_error"}.get(distance)


def _reference_surprise(value: str, paper: Paper) -> float:
    return min(_MOST_SURPRISE, math.log(max(1, paper.rarity.total)) - paper.shapes.chance(value))


# --- persons ------------------------------------------------------------------------------------------------------


def same_person(profile: Profile, paper: Paper) -> list[Finding]:
    """Surname (usage or birth name, composed, any order) and the first name that stands beside it."""
    if not profile.surnames:
        return []
    best: tuple[float, list[Finding]] | None = None
    for parts in profile.surnames:
        findings = _person_as(parts, profile, paper)
        value = sum(_RANK.get((finding.feature, finding.level), 0.0) for finding in findings)
        if best is None or value > best[0]:
            best = (value, findings)
    return best[1] if best else []


_RANK = {
    ("surname", "exact"): 6.0,
    ("surname", "in_text"): 4.0,
    ("surname", "similar"): 3.5,
    ("surname", "similar_in_text"): 2.0,
    ("surname", "part"): 2.5,
    ("first_name", "exact"): 3.0,
    ("first_name", "part"): 2.0,
    ("first_name", "similar"): 2.0,
    ("first_name", "initial"): 1.0,
    ("first_name", "other"): -2.0,
}


def _person_as(parts: tuple[str, ...], profile: Profile, paper: Paper) -> list[Finding]:
    name = profile.claim.last_name if parts == profile.surnames[0] else profile.claim.birth_name
    places, likeness, share = _surname_places(parts, paper)
    if not places:
        return [_missing_surname(name, profile, paper), _lonely_first_name(profile, paper)]
    first = _first_name_beside(profile, parts, places, paper)
    named = first.level in ("exact", "part", "similar", "initial", "other") or any(
        _in_name(place, paper) for place in places
    )
    if share < 1.0:
        level = "part"
    elif likeness == 1.0:
        level = "exact" if named else "in_text"
    else:
        level = "similar" if named else "similar_in_text"
    surprise = paper.surprise(paper.rarity.surname(parts))
    on_paper = " ".join(paper.clues.words[place] for place in places[:1])
    return [Finding("surname", level, on_paper, name, likeness * share, surprise), first]


def _surname_places(parts: tuple[str, ...], paper: Paper) -> tuple[list[int], float, float]:
    """Places of the surname, how alike, and the share of its parts that were found."""
    found = [paper.sightings(part) for part in parts]
    whole = paper.sightings("".join(parts)) if len(parts) > 1 else ([], 0.0)
    if whole[1] > 0.85:
        return whole[0], whole[1], 1.0
    hits = [(places, likeness) for places, likeness in found if likeness > 0]
    if not hits:
        return [], 0.0, 0.0
    if len(parts) > 1 and len(hits) == len(parts):
        close = [place for place in hits[0][0] if any(abs(place - other) <= _NEAR for other in hits[1][0])]
        if close:
            return close, min(likeness for _, likeness in hits), 1.0
        return hits[0][0], min(likeness for _, likeness in hits), 0.5
    return hits[0][0], hits[0][1], len(hits) / len(parts)


def _in_name(place: int, paper: Paper) -> bool:
    clues = paper.clues
    if place in clues.in_name:
        return True
    before = clues.words[max(0, place - 2) : place]
    ordinary = clues.words[place] in LETTER_WORDS
    return clues.capital[place] and not ordinary and any(word in CIVILITIES for word in before)


def _missing_surname(name: str, profile: Profile, paper: Paper) -> Finding:
    """Names that stand only in a header or on a cheque; else absent, or the sender has another."""
    for person in paper.clues.people:
        for parts in profile.surnames:
            if all(part in person.words for part in parts):
                return Finding("surname", "exact", person.text, name, 1.0, paper.surprise(paper.rarity.surname(parts)))
    sender = paper.clues.sender
    if sender is not None and any(len(word) > 2 for word in sender.words):
        return Finding("surname", "other", sender.text, name, 0.0)
    return Finding("surname", "absent", "", name)


def _first_name_beside(profile: Profile, parts: tuple[str, ...], places: Sequence[int], paper: Paper) -> Finding:
    """The best reading over all places where the surname stands, and over the names that hold it."""
    if not profile.first_names:
        return Finding("first_name", "unknown")
    surprise = paper.surprise(paper.rarity.first_name(profile.first_names[0]))
    best = Finding("first_name", "absent", "", profile.claim.first_name)
    for written in _beside(parts, places, paper):
        known = [word for word in written if len(word) < 3 or _may_be_first_name(word, profile, paper)]
        level, word, likeness = same_first_name(known, profile.first_names)
        if _FIRST_NAME_RANK[level] > _FIRST_NAME_RANK[best.level]:
            best = Finding("first_name", level, word, profile.claim.first_name, likeness, surprise)
    return best


_FIRST_NAME_RANK = {"absent": 0, "other": 1, "initial": 2, "similar": 3, "part": 4, "exact": 5}
_NO_INITIALS = frozenset("ADLY")  # words of their own


def _may_be_first_name(word: str, profile: Profile, paper: Paper) -> bool:
    return paper.rarity.first_name(word) > 0 or same_first_name([word], profile.first_names)[0] == "similar"


def _beside(parts: tuple[str, ...], places: Sequence[int], paper: Paper) -> list[list[str]]:
    """Words that stand beside a surname, place by place, or with it in one person's name."""
    clues = paper.clues
    surname = {clues.words[place] for place in places} | set(parts)
    groups = []
    for place in places[:6]:
        before, after = clues.words[max(0, place - 3) : place], clues.words[place + 1 : place + 4]
        near = [word for word in before[-2:] + after[:2] if len(word) > 1]
        near += [word for word in before[-1:] + after[:1] if len(word) == 1 and word not in _NO_INITIALS]
        if before[:-2] and near[:1] == before[-2:-1]:  # a composed first name reaches further back
            near.insert(0, before[0])
        groups.append(near)
    groups.extend(list(person.words) for person in clues.people if surname & set(person.words))
    return [[word for word in group if word.isalpha() and word not in surname and not _small(word)] for group in groups]


def _small(word: str) -> bool:
    return (word in PARTICLES or word in CIVILITIES) and len(word) > 1


def _lonely_first_name(profile: Profile, paper: Paper) -> Finding:
    for name in profile.first_names[:1]:
        places, likeness = paper.sightings(name)
        if places and likeness == 1.0 and paper.clues.capital[places[0]]:
            surprise = paper.surprise(paper.rarity.first_name(name))
            return Finding("first_name", "alone", name, profile.claim.first_name, 1.0, surprise)
    return Finding("first_name", "absent" if profile.first_names else "unknown", "", profile.claim.first_name)


def same_birth_date(profile: Profile, paper: Paper) -> list[Finding]:
    """The same day proves much; another birth date in the item speaks against (a namesake)."""
    born = profile.claim.birth_date
    clues = paper.clues
    if born is None or not (clues.birth_dates or clues.dates):
        return []
    iso = born.isoformat()
    surprise = math.log(20_000)
    for known in (clues.birth_dates, clues.dates):
        if iso in known:
            return [Finding("birth_date", "exact", known[iso], iso, 1.0, surprise)]
    for written, text in clues.birth_dates.items():
        if _nearly_same_day(born, written):
            return [Finding("birth_date", "similar", text, iso, 0.9, surprise)]
    if clues.birth_dates:
        return [Finding("birth_date", "other", next(iter(clues.birth_dates.values())), iso)]
    return []


def _nearly_same_day(born: date, written: str) -> bool:
    """One digit wrong, or day and month swapped."""
    swapped = f"{born.year:04d}-{born.day:02d}-{born.month:02d}"
    return written == swapped or OSA.distance(born.isoformat(), written) <= 1


# --- where and how to reach them ----------------------------------------------------------------------------------


def same_street(profile: Profile, paper: Paper) -> list[Finding]:
    """Number and the street's own words, type and small words aside."""
    if not profile.street:
        return []
    clues = paper.clues
    sighted = {word: paper.sightings(word) for word in profile.street if len(word) > 1}
    hits = [(word, places, likeness) for word, (places, likeness) in sighted.items() if likeness >= 0.75]
    if not hits:
        return [Finding("street", "absent", "", profile.claim.address)]
    share = len(hits) / len(sighted)
    surprise = paper.surprise(paper.rarity.street(profile.street_number, profile.street[-1]))
    for _, places, likeness in reversed(hits):
        for place in places:
            around = clues.words[max(0, place - 8) : place]
            if profile.street_number and profile.street_number in around:
                start = max(0, place - 8) + around.index(profile.street_number)
                level = "exact" if share * likeness > 0.8 else "similar"
                text = " ".join(clues.words[start : place + 1])
                return [Finding("street", level, text, profile.claim.address, share * likeness, surprise)]
    if share == 1.0 and len(profile.street[-1]) > 3:
        text = " ".join(word for word, _, _ in hits)
        return [Finding("street", "words", text, profile.claim.address, 0.5, surprise)]
    return [Finding("street", "absent", "", profile.claim.address)]


def same_town(profile: Profile, paper: Paper) -> list[Finding]:
    """Postcode, or the town's name (CEDEX codes differ), or the department."""
    claim, clues = profile.claim, paper.clues
    if not claim.postcode:
        return []
    if claim.postcode in clues.postcodes:
        surprise = paper.surprise(paper.rarity.postcode(claim.postcode))
        return [Finding("postcode", "exact", claim.postcode, claim.postcode, 1.0, surprise)]
    if profile.town and all(word in clues.places or sound(word) in clues.sounds for word in profile.town):
        surprise = paper.surprise(paper.rarity.town("".join(profile.town)))
        return [Finding("postcode", "town", " ".join(profile.town), claim.city, 0.9, surprise)]
    theirs = [value for value, role in clues.postcodes.items() if role == "sender"]
    for value in theirs:
        if OSA.distance(value, claim.postcode) <= 1:
            return [Finding("postcode", "similar", value, claim.postcode, 0.8, 3.0)]
    if any(value[:2] == claim.postcode[:2] for value in theirs):
        return [Finding("postcode", "department", theirs[0], claim.postcode, 0.4, 3.0)]
    if theirs:
        return [Finding("postcode", "other", theirs[0], claim.postcode)]
    return [Finding("postcode", "absent", "", claim.postcode)]


def same_phone(profile: Profile, paper: Paper) -> list[Finding]:
    text = paper.clues.phones.get(profile.phone) if profile.phone else None
    if text is None:
        return []
    return [
        Finding("phone", "exact", text, profile.claim.phone, 1.0, paper.surprise(paper.rarity.phone(profile.phone)))
    ]


def same_email(profile: Profile, paper: Paper) -> list[Finding]:
    text = paper.clues.emails.get(profile.email) if profile.email else None
    if text is None:
        return []
    return [
        Finding("email", "exact", text, profile.claim.email, 1.0, paper.surprise(paper.rarity.email(profile.email)))
    ]


# --- what it is about ---------------------------------------------------------------------------------------------


def same_amount(profile: Profile, paper: Paper) -> list[Finding]:
    """A sum in the item is the balance, the principal, or a round part of the balance (an instalment)."""
    claim, amounts = profile.claim, paper.clues.amounts
    if not amounts:
        return []
    for feature, value in (("balance", claim.balance), ("principal", claim.principal)):
        if value and value in amounts:
            surprise = paper.surprise(paper.rarity.amount(value))
            return [Finding(feature, "exact", amounts[value], euros(value), 1.0, surprise)]
    for amount, text in amounts.items():
        if amount > 1000 and claim.balance > amount and any(abs(amount * n - claim.balance) < n for n in range(2, 13)):
            return [Finding("balance", "instalment", text, euros(claim.balance), 0.6, 3.0)]
    return [Finding("balance", "absent", "", euros(claim.balance))]


def same_creditor(profile: Profile, paper: Paper) -> list[Finding]:
    """The item names this claim's creditor, or only others of the portfolio."""
    if not paper.creditors_named:
        return []
    creditor = profile.claim.creditor
    if creditor in paper.creditors_named:
        return [Finding("creditor", "exact", creditor, creditor, 1.0)]
    return [Finding("creditor", "other", ", ".join(sorted(paper.creditors_named)), creditor)]


def same_company(profile: Profile, paper: Paper) -> list[Finding]:
    """All words of the company's name close together, its legal form aside."""
    if not profile.company:
        return []
    name = profile.claim.company_name
    found = [paper.sightings(word) for word in profile.company]
    hits = [(places, likeness) for places, likeness in found if likeness > 0.75]
    surprise = paper.surprise(paper.rarity.company(profile.company))
    if len(hits) == len(found) and _together([places for places, _ in hits]):
        likeness = min(likeness for _, likeness in hits)
        return [
            Finding(
                "company", "exact" if likeness == 1 else "similar", _as_written(hits, paper), name, likeness, surprise
            )
        ]
    if hits and any(len(word) > 4 for word in profile.company):
        return [Finding("company", "part", _as_written(hits, paper), name, len(hits) / len(found), surprise)]
    return [Finding("company", "absent", "", name)]


def _together(groups: Sequence[Sequence[int]]) -> bool:
    return any(all(any(abs(place - other) <= 4 for other in group) for group in groups[1:]) for place in groups[0])


def _as_written(hits: Sequence[tuple[list[int], float]], paper: Paper) -> str:
    return " ".join(paper.clues.words[places[0]] for places, _ in hits)


COMPARISONS: tuple[Callable[[Profile, Paper], list[Finding]], ...] = (
    same_person,
    same_company,
    same_street,
    same_town,
    same_phone,
    same_email,
    same_birth_date,
    same_amount,
    same_creditor,
)


def compare(profile: Profile, paper: Paper, written: Sequence[Written]) -> list[Finding]:
    """`written`: the stretches of the item that the index found near one of this claim's references."""
    findings = same_reference(profile, paper, written)
    for comparison in COMPARISONS:
        findings.extend(comparison(profile, paper))
    return findings


def creditors_in(clues: Clues, creditors: Sequence[str]) -> frozenset[str]:
    """Creditors of the portfolio whose name the item holds, word by word."""
    named = set()
    for creditor in creditors:
        parts = [word for word in words(creditor) if word not in PARTICLES]
        groups = [clues.places.get(part, []) for part in parts]
        if parts and all(groups) and _together(groups):
            named.add(creditor)
    return frozenset(named)
