"""Comparisons of one claim with one item: each looks for a fact of the claim on the paper and says what it found.

A finding has a level ("exact", "similar", "other" ...) and a surprise: how unlikely it is that an unrelated claim of
this portfolio would show the same, in nats (natural log). `scorecard` turns both into weight.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from rapidfuzz.distance import OSA

from matching.clues import Clues, Written
from matching.paper import Finding, Paper
from matching.persons import same_birth_date, same_person
from matching.plain import folded
from matching.profile import Profile, company_parts
from matching.wordlists import LEGAL_FORMS
from models.money import euros

_MOST_SURPRISE = 25.0


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
    if profile.town and all(_town_word(word, paper) for word in profile.town):
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


def _town_word(word: str, paper: Paper) -> bool:
    """Written with a capital, or long enough to be no other word."""
    places, likeness = paper.sightings(word)
    return likeness >= 0.85 and (len(word) > 6 or any(paper.clues.capital[place] for place in places))


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


def same_payer(profile: Profile, paper: Paper) -> list[Finding]:
    """An account in the item has paid this claim before."""
    known = paper.payers.get(profile.claim.claim_ref)
    if known is None:
        return []
    account, claims = known
    return [Finding("payer", "exact", account, account, 1.0, paper.surprise(claims))]


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
        if amount % 100 == 0 and abs(amount - claim.balance) < 100 < amount:
            return [Finding("balance", "rounded", text, euros(claim.balance), 0.9, _ROUNDED_SURPRISE)]
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
    hits = [(places, likeness) for places, likeness in found if likeness >= 0.75]
    surprise = paper.surprise(paper.rarity.company(profile.company))
    if len(hits) == len(found) and _together([places for places, _ in hits]) and _as_company(profile, hits, paper):
        likeness = min(likeness for _, likeness in hits)
        level = "exact" if likeness == 1 else "similar"
        return [Finding("company", level, _as_written(hits, paper), name, likeness, surprise)]
    if hits and any(len(word) > 4 for word in profile.company):
        return [Finding("company", "part", _as_written(hits, paper), name, len(hits) / len(found), surprise)]
    return [Finding("company", "absent", "", name)]


def _as_company(profile: Profile, hits: Sequence[tuple[list[int], float]], paper: Paper) -> bool:
    """A name of one word (`ETS ROBERT`) counts with its form beside it, or where it is nobody's first name."""
    if len(profile.company) > 1:
        return True
    word = profile.company[0]
    beside = {near for place in hits[0][0] for near in paper.clues.words[max(0, place - 2) : place + 3]}
    return bool(beside & LEGAL_FORMS) or not paper.rarity.first_name(word)


def _together(groups: Sequence[Sequence[int]]) -> bool:
    return any(all(any(abs(place - other) <= 4 for other in group) for group in groups[1:]) for place in groups[0])


def _as_written(hits: Sequence[tuple[list[int], float]], paper: Paper) -> str:
    return " ".join(paper.clues.words[places[0]] for places, _ in hits)


_ROUNDED_SURPRISE = 6.0  # balances spread over some thousand euros: one in about 400 agrees to the euro


COMPARISONS: tuple[Callable[[Profile, Paper], list[Finding]], ...] = (
    same_person,
    same_company,
    same_street,
    same_town,
    same_phone,
    same_email,
    same_payer,
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
        parts = company_parts(creditor)
        if not parts or parts[0] not in clues.places:
            continue
        groups = [clues.places.get(part, []) for part in parts]
        if all(groups) and _together(groups):
            named.add(creditor)
    return frozenset(named)
