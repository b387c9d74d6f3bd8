"""Blocks: what a claim and an item must share to be compared at all. Each block is capped; the cap is its docstring."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from matching.clues import Clues
from matching.hashing import key_of, keys_of
from matching.phonetic import sound
from matching.profile import Profile
from matching.wordlists import PARTICLES, expanded


class Block:
    """Short names, part of every key: plain strings, because a million claims make fifteen million keys."""

    CLAIM: Final = "r"
    EMAIL: Final = "e"
    PHONE: Final = "t"
    SURNAME: Final = "s"
    SURNAME_POSTCODE: Final = "sp"
    SURNAME_FIRST: Final = "sf"
    SURNAME_TOWN: Final = "st"
    SURNAME_BIRTH: Final = "sb"
    SURNAME_AMOUNT: Final = "sa"
    FIRST_BIRTH: Final = "fb"
    FIRST_POSTCODE: Final = "fp"
    BIRTH_POSTCODE: Final = "bp"
    STREET: Final = "a"
    STREET_POSTCODE: Final = "ap"
    AMOUNT: Final = "m"
    POSTCODE_AMOUNT: Final = "pa"
    COMPANY: Final = "c"
    COMPANY_WORD: Final = "cw"
    COMPANY_POSTCODE: Final = "cp"


# A block larger than its cap is not opened: it would be slow and prove nothing.
CAPS: dict[str, int] = {
    Block.CLAIM: 4,
    Block.EMAIL: 40,
    Block.PHONE: 40,
    Block.SURNAME: 40,
    Block.SURNAME_POSTCODE: 200,
    Block.SURNAME_FIRST: 150,
    Block.SURNAME_TOWN: 200,
    Block.SURNAME_BIRTH: 40,
    Block.SURNAME_AMOUNT: 60,
    Block.FIRST_BIRTH: 40,
    Block.FIRST_POSTCODE: 60,
    Block.BIRTH_POSTCODE: 40,
    Block.STREET: 30,
    Block.STREET_POSTCODE: 60,
    Block.AMOUNT: 30,
    Block.POSTCODE_AMOUNT: 40,
    Block.COMPANY: 100,
    Block.COMPANY_WORD: 30,
    Block.COMPANY_POSTCODE: 60,
}


def block_text(block: str, one: str, two: str = "") -> str:
    return f"{block}|{one}|{two}"


@lru_cache(maxsize=65536)
def block_key(block: str, one: str, two: str = "") -> int:
    """32-bit key; kept, because letters share their words."""
    return key_of(block_text(block, one, two))


def surname_sounds(profile: Profile) -> set[str]:
    """Each part of each surname, and composed ones run together (`LE GOFF` as LEGOFF)."""
    found: set[str] = set()
    for parts in profile.surnames:
        found.update(sound(part) for part in parts if len(part) > 1)
        if len(parts) > 1:
            found.add(sound("".join(parts)))
    return found


def claim_texts(profile: Profile) -> list[str]:
    """The text (`block_text`) of every key under which a claim is filed, references apart."""
    claim = profile.claim
    texts = [f"{Block.CLAIM}|{claim.claim_ref}|"]
    if profile.email:
        texts.append(f"{Block.EMAIL}|{profile.email}|")
    if profile.phone:
        texts.append(f"{Block.PHONE}|{profile.phone}|")
    sums = {str(amount) for amount in (claim.balance, claim.principal) if amount}
    texts += [f"{Block.AMOUNT}|{amount}|" for amount in sums]
    if claim.postcode:
        texts += [f"{Block.POSTCODE_AMOUNT}|{claim.postcode}|{amount}" for amount in sums]
    if profile.surnames:
        texts += _person_texts(profile, sums)
    if profile.street_number and profile.street:
        texts += _address_texts(profile)
    if profile.company:
        texts += _company_texts(profile)
    return texts


def claim_keys(profile: Profile) -> list[int]:
    return keys_of(claim_texts(profile))


def _person_texts(profile: Profile, sums: set[str]) -> list[str]:
    claim = profile.claim
    postcode, town = claim.postcode, "".join(profile.town)
    birth = claim.birth_date.isoformat() if claim.birth_date else ""
    firsts = {sound(first) for first in profile.first_names if len(first) > 1}
    texts = [f"{Block.BIRTH_POSTCODE}|{birth}|{postcode}"] if birth and postcode else []
    for surname in surname_sounds(profile):
        texts.append(f"{Block.SURNAME}|{surname}|")
        if postcode:
            texts.append(f"{Block.SURNAME_POSTCODE}|{surname}|{postcode}")
        if town:
            texts.append(f"{Block.SURNAME_TOWN}|{surname}|{town}")
        if birth:
            texts.append(f"{Block.SURNAME_BIRTH}|{surname}|{birth}")
        texts += [f"{Block.SURNAME_FIRST}|{surname}|{first}" for first in firsts]
        texts += [f"{Block.SURNAME_AMOUNT}|{surname}|{amount}" for amount in sums]
    for first in firsts:
        if postcode:
            texts.append(f"{Block.FIRST_POSTCODE}|{first}|{postcode}")
        if birth:
            texts.append(f"{Block.FIRST_BIRTH}|{first}|{birth}")
    return texts


def _address_texts(profile: Profile) -> list[str]:
    at = f"{profile.street_number} {sound(profile.street[-1])}"
    postcode = profile.claim.postcode
    return [f"{Block.STREET}|{at}|", f"{Block.STREET_POSTCODE}|{at}|{postcode}"][: 2 if postcode else 1]


def _company_texts(profile: Profile) -> list[str]:
    postcode, words = profile.claim.postcode, set(profile.company)
    texts = [f"{Block.COMPANY}|{' '.join(sorted(profile.company))}|"]
    texts += [f"{Block.COMPANY_WORD}|{word}|" for word in words]
    if postcode:
        texts += [f"{Block.COMPANY_POSTCODE}|{word}|{postcode}" for word in words]
    return texts


class Probe(NamedTuple):
    """One key to look up, and the block it belongs to."""

    key: int
    block: str


_MOST_NAMES = 50
_MOST_NUMBERS = 60  # that may be house numbers
_MOST_AMOUNTS = 10
_MOST_POSTCODES = 5


def value_probes(clues: Clues) -> list[Probe]:
    """Keys that need no name."""
    probes = [Probe(block_key(Block.EMAIL, email), Block.EMAIL) for email in clues.emails]
    probes.extend(Probe(block_key(Block.PHONE, phone), Block.PHONE) for phone in clues.phones)
    amounts = [str(amount) for amount in list(clues.amounts)[:_MOST_AMOUNTS]]
    postcodes = usable_postcodes(clues)
    probes.extend(Probe(block_key(Block.AMOUNT, amount), Block.AMOUNT) for amount in amounts)
    probes.extend(
        Probe(block_key(Block.POSTCODE_AMOUNT, postcode, amount), Block.POSTCODE_AMOUNT)
        for postcode in postcodes
        for amount in amounts
    )
    probes.extend(
        Probe(block_key(Block.BIRTH_POSTCODE, birth, postcode), Block.BIRTH_POSTCODE)
        for birth in clues.birth_dates
        for postcode in postcodes
    )
    probes.extend(_street_probes(clues, postcodes))
    return probes


def usable_postcodes(clues: Clues) -> list[str]:
    ours_last = sorted(clues.postcodes, key=lambda value: clues.postcodes[value] == "recipient")
    return ours_last[:_MOST_POSTCODES]


def _street_probes(clues: Clues, postcodes: list[str]) -> Iterator[Probe]:
    numbers = [number for number in clues.places if number.isdigit() and len(number) < 5]
    for number in numbers[:_MOST_NUMBERS]:
        where = clues.places[number]
        near = {
            sound(word)
            for place in where[:4]
            for word in clues.words[place + 1 : place + 8]
            if len(word) > 2 and word not in PARTICLES
        }
        for word in near:
            at = f"{number} {word}"
            yield Probe(block_key(Block.STREET, at), Block.STREET)
            for postcode in postcodes:
                yield Probe(block_key(Block.STREET_POSTCODE, at, postcode), Block.STREET_POSTCODE)


def name_sounds(clues: Clues) -> dict[str, list[int]]:
    """Sounds of words that may be surnames, best first: people's names, then words with a capital."""
    ranked: dict[str, tuple[int, int]] = {}
    plain_text = sum(clues.capital) * 20 < len(clues.capital)  # a mail typed without capitals
    for heard, where in clues.sounds.items():
        if len(heard) < 2 and not any(place in clues.in_name for place in where):
            continue
        rank = 2
        if any(place in clues.in_name for place in where):
            rank = 0
        elif plain_text or any(clues.capital[place] for place in where):
            rank = 1
        if rank < 2 and clues.words[where[0]] not in PARTICLES:
            ranked[heard] = (rank, where[0])
    result = {heard: clues.sounds[heard] for heard in sorted(ranked, key=lambda heard: ranked[heard])}
    for person in (*clues.people, *clues.companies):  # names that stand on a cheque or in a header, not in the text
        for word in person.words:
            if word not in PARTICLES and word.isalpha() and len(word) > 1:
                result.setdefault(sound(word), [])
    return result


def name_probes(clues: Clues, surnames: dict[str, list[int]]) -> list[Probe]:
    """Keys built from words known to be surnames in this portfolio."""
    probes: list[Probe] = []
    postcodes = usable_postcodes(clues)
    amounts = [str(amount) for amount in list(clues.amounts)[:_MOST_AMOUNTS]]
    births = [*clues.birth_dates, *list(clues.dates)[:4]]
    beside = _companions(clues)
    for surname, where in list(surnames.items())[:_MOST_NAMES]:
        probes.extend(Probe(block_key(Block.SURNAME_POSTCODE, surname, p), Block.SURNAME_POSTCODE) for p in postcodes)
        probes.extend(Probe(block_key(Block.SURNAME_AMOUNT, surname, a), Block.SURNAME_AMOUNT) for a in amounts)
        probes.extend(Probe(block_key(Block.SURNAME_BIRTH, surname, b), Block.SURNAME_BIRTH) for b in births)
        firsts = set(beside.get(surname, ()))
        for place in where[:4]:
            firsts.update(_neighbours(clues, place))
        firsts.discard(surname)
        probes.extend(Probe(block_key(Block.SURNAME_FIRST, surname, f), Block.SURNAME_FIRST) for f in firsts)
    return probes


def first_name_probes(clues: Clues, known: Iterable[str]) -> list[Probe]:
    """For surnames too badly read to sound right. `known`: sounds of words that are first names in this portfolio."""
    heard = {sound(word) for person in clues.people for word in person.words if word.isalpha() and len(word) > 1}
    heard.update(known)
    births = [*clues.birth_dates, *list(clues.dates)[:4]]
    return [
        *(
            Probe(block_key(Block.FIRST_POSTCODE, first, postcode), Block.FIRST_POSTCODE)
            for first in heard
            for postcode in usable_postcodes(clues)
        ),
        *(Probe(block_key(Block.FIRST_BIRTH, first, birth), Block.FIRST_BIRTH) for first in heard for birth in births),
    ]


def town_probes(clues: Clues, surnames: dict[str, list[int]], towns: Container[str]) -> list[Probe]:
    """Surname and town, for letters without a postcode or with a CEDEX one."""
    named = _towns_named(clues, towns)
    return [
        Probe(block_key(Block.SURNAME_TOWN, surname, town), Block.SURNAME_TOWN)
        for surname in list(surnames)[:_MOST_NAMES]
        for town in named
    ]


def _towns_named(clues: Clues, towns: Container[str]) -> list[str]:
    """Towns of the portfolio that the text names, up to three words long, small words left out."""
    solid = [word for word in clues.words if word not in PARTICLES]
    found: dict[str, None] = {}
    for start in range(len(solid)):
        joined = ""
        for word in solid[start : start + 4]:
            joined += word
            if joined in towns:
                found[joined] = None
    return list(found)[:8]


def company_probes(clues: Clues, company_words: frozenset[str]) -> list[Probe]:
    probes: list[Probe] = []
    postcodes = usable_postcodes(clues)
    known = [word for word in clues.places if word in company_words][:40]
    for word in known:
        probes.append(Probe(block_key(Block.COMPANY_WORD, word), Block.COMPANY_WORD))
        probes.extend(Probe(block_key(Block.COMPANY_POSTCODE, word, p), Block.COMPANY_POSTCODE) for p in postcodes)
    solid = [expanded(word) for word in clues.words]
    for start, word in enumerate(solid):
        if word in company_words:
            for length in (1, 2, 3, 4):
                parts = sorted(part for part in solid[start : start + length] if part in company_words)
                probes.append(Probe(block_key(Block.COMPANY, " ".join(parts)), Block.COMPANY))
    return probes


def _neighbours(clues: Clues, place: int) -> list[str]:
    words = clues.words[max(0, place - 2) : place] + clues.words[place + 1 : place + 3]
    return [sound(word) for word in words if word.isalpha() and len(word) > 1 and word not in PARTICLES]


def _companions(clues: Clues) -> dict[str, list[str]]:
    """Words that stand in one name together."""
    beside: dict[str, list[str]] = {}
    for person in clues.people:
        heard = [sound(word) for word in person.words if word.isalpha() and len(word) > 1 and word not in PARTICLES]
        for one in heard:
            beside.setdefault(one, []).extend(other for other in heard if other != one)
    return beside
