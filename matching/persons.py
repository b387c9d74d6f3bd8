"""Comparisons of persons: surnames by any of their names, first names beside them, birth dates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from rapidfuzz.distance import OSA

from matching.firstnames import same_first_name
from matching.paper import Finding, Paper
from matching.profile import Profile, surname_forms
from matching.wordlists import CIVILITIES, LETTER_WORDS, PARTICLES

_NEAR = 3
_YOUNGEST = 14  # years, of anybody who may owe


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
    usage = profile.claim.last_name
    name = usage if parts in surname_forms(usage) else profile.claim.birth_name
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
        known = [word for word in written if _may_be_first_name(word, profile, paper)]
        level, word, likeness = same_first_name(known, profile.first_names)
        if _FIRST_NAME_RANK[level] > _FIRST_NAME_RANK[best.level]:
            best = Finding("first_name", level, word, profile.claim.first_name, likeness, surprise)
    return best


_FIRST_NAME_RANK = {"absent": 0, "other": 1, "initial": 2, "similar": 3, "part": 4, "exact": 5}
_NO_INITIALS = frozenset(("", *"ADLMY"))  # words of their own, and Monsieur


def _may_be_first_name(word: str, profile: Profile, paper: Paper) -> bool:
    """In the portfolio somebody is called so, or it is near this debtor's first name, or its initials."""
    if len(word) < 3:
        return "".join(name[0] for name in profile.first_names).startswith(word)
    return paper.rarity.first_name(word) > 0 or same_first_name([word], profile.first_names)[0] == "similar"


def _beside(parts: tuple[str, ...], places: Sequence[int], paper: Paper) -> list[list[str]]:
    """Words that stand beside a surname, place by place, or with it in one person's name."""
    clues = paper.clues
    surname = {clues.words[place] for place in places} | set(parts)
    groups = []
    for place in places[:6]:
        before = [word for word in clues.words[max(0, place - 5) : place] if not (_small(word) or word in surname)]
        after = [word for word in clues.words[place + 1 : place + 5] if not (_small(word) or word in surname)]
        near = [word for word in before[-2:] + after[:2] if len(word) > 1]
        runs = (_initials(before[::-1])[::-1], _initials(after))
        near += [known for run in runs if run not in _NO_INITIALS for known in _initials_of(run)]
        groups.append(near)
    groups.extend(list(person.words) for person in clues.people if _bears(person.words, surname))
    return [[word for word in group if word.isalpha() and word not in surname and not _small(word)] for group in groups]


def _bears(name: Sequence[str], surname: set[str]) -> bool:
    """The surname is in the name, as it is or misread: a signature may be clearer than the form above it."""
    return any(
        word == part or (min(len(word), len(part)) > 3 and OSA.normalized_similarity(word, part) >= 0.75)
        for word in name
        for part in surname
    )


def _initials(words: Sequence[str]) -> str:
    """Single letters next to the surname: `J`, or `JP` of `J.P. Le Goff`."""
    run = ""
    for word in words:
        if len(word) > 1:
            break
        run += word
    return run


def _initials_of(run: str) -> tuple[str, ...]:
    """`MH`: Marie-Helene, or Monsieur H."""
    return (run, run[1:]) if len(run) > 1 and run[0] == "M" else (run,)


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
    others = [text for written, text in clues.birth_dates.items() if _may_be_birth(written, profile)]
    return [Finding("birth_date", "other", others[0], iso)] if others else []


def _may_be_birth(written: str, profile: Profile) -> bool:
    """Who owed money when the claim was opened was born a good while before."""
    opened = profile.claim.opened_on
    return written[:4].isdigit() and (opened is None or int(written[:4]) <= opened.year - _YOUNGEST)


def _nearly_same_day(born: date, written: str) -> bool:
    """One digit wrong, or day and month swapped."""
    swapped = f"{born.year:04d}-{born.day:02d}-{born.month:02d}"
    return written == swapped or OSA.distance(born.isoformat(), written) <= 1
