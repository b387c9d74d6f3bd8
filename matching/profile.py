"""A claim's debtor, ready to be compared: names without particles, streets without type, companies without form."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from matching.plain import alnum, words
from matching.wordlists import CIVILITIES, LEGAL_FORMS, PARTICLES, STREET_TYPES, expanded
from models.claim import Claim

_SUFFIXES = frozenset({"BIS", "TER", "QUATER", "B", "T", "Q"})
_SMALL = PARTICLES | frozenset({"AU", "AUX", "EN", "SUR", "SOUS"})
_NUMBER = re.compile(r"(?:[^0-9]{0,30}[^0-9A-Za-z])?(\d{1,4})(?!\d)")  # the first, unless words enough stand before it
_CEDEX = re.compile(r"\bCEDEX\b.*")
_PHONE = re.compile(r"^(?:0033|33)(?=[1-9]\d{8}$)")


@lru_cache(maxsize=65536)
def name_parts(name: str) -> tuple[str, ...]:
    """`DU PRÉ` -> PRE; `SAINT-ANDRÉ` -> SAINT, ANDRE; particles only where nothing else is left."""
    parts = words(name)
    core = tuple(expanded(part) for part in parts if part not in PARTICLES and part not in CIVILITIES)
    return core or tuple(parts)


@lru_cache(maxsize=65536)
def surname_forms(name: str) -> tuple[tuple[str, ...], ...]:
    """The parts, and where there is a particle also everything run together: `LE GOFF` -> (GOFF), (LEGOFF)."""
    parts, whole = name_parts(name), "".join(words(name))
    return (parts,) if len("".join(parts)) >= len(whole) else (parts, (whole,))


@lru_cache(maxsize=65536)
def company_parts(name: str) -> tuple[str, ...]:
    parts = words(name)
    return tuple(part for part in parts if part not in LEGAL_FORMS and part not in _SMALL) or tuple(parts)


@lru_cache(maxsize=65536)
def town_parts(town: str) -> tuple[str, ...]:
    """Words of a town without CEDEX, a district number or small words."""
    parts = words(_CEDEX.sub("", town.upper()))
    return tuple(expanded(part) for part in parts if part not in _SMALL and not part.isdigit())


@lru_cache(maxsize=65536)
def first_name_parts(name: str) -> tuple[str, ...]:
    return tuple(words(name))


def street_parts(address: str) -> tuple[str, tuple[str, ...]]:
    """`57 TER AVENUE DU MARECHAL FOCH` -> ("57", ("MARECHAL", "FOCH")). No number: ("", ...)."""
    found = _NUMBER.match(address)
    if found is None:
        return "", street_words(address)
    return found[1], street_words(address[found.end() :])


@lru_cache(maxsize=65536)
def street_words(street: str) -> tuple[str, ...]:
    """Words of a street that tell it from others."""
    return tuple(
        expanded(part)
        for part in words(street)
        if part not in STREET_TYPES and part not in _SMALL and part not in _SUFFIXES
    )


def phone_digits(phone: str) -> str:
    """National form `0xxxxxxxxx`."""
    if phone.isdigit() and len(phone) == 10:
        return phone
    digits = "".join(character for character in phone if character.isdigit())
    return _PHONE.sub("0", digits)


class Profile(NamedTuple):
    """`surnames` are alternatives (usage, birth), each as its parts."""

    claim: Claim
    surnames: tuple[tuple[str, ...], ...]
    first_names: tuple[str, ...]
    company: tuple[str, ...]
    street_number: str
    street: tuple[str, ...]
    town: tuple[str, ...]
    phone: str
    email: str
    references: tuple[tuple[str, str, str], ...]  # (feature, letters and digits, as on file)


def references_of(claim: Claim) -> tuple[tuple[str, str, str], ...]:
    found = [("claim_reference", alnum(claim.claim_ref), claim.claim_ref)]
    if claim.client_ref:
        found.append(("client_reference", alnum(claim.client_ref), claim.client_ref))
    found.extend(("invoice_reference", alnum(reference), reference) for reference in claim.invoice_refs)
    return tuple(found)


def profile_of(claim: Claim) -> Profile:
    number, street = street_parts(claim.address)
    surnames = [parts for name in (claim.last_name, claim.birth_name) if name.strip() for parts in surname_forms(name)]
    return Profile(
        claim=claim,
        surnames=tuple(dict.fromkeys(parts for parts in surnames if parts)),
        first_names=first_name_parts(claim.first_name),
        company=company_parts(claim.company_name) if claim.company_name else (),
        street_number=number,
        street=street,
        town=town_parts(claim.city),
        phone=phone_digits(claim.phone),
        email=claim.email.strip().lower(),
        references=references_of(claim),
    )
