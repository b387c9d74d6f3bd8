"""The first audit of a portfolio: what in the claims themselves will go wrong later, said before it does."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from matching.choice import same_debtor
from matching.plain import alnum, plain
from models.claim import Claim

_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(\+33|0033|0)[1-9]\d{8}")
_YOUNGEST, _OLDEST = 14, 115  # years
_MANY = 10  # debtors who share one e-mail address or telephone: it is nobody's own

# code -> title in French and in English, gravest first
KINDS: dict[str, tuple[str, str]] = {
    "twice": ("La même créance deux fois", "The same claim twice"),
    "alike_reference": ("Références qui ne diffèrent que par la ponctuation", "References apart by marks only"),
    "shared_reference": ("Référence partagée par plusieurs débiteurs", "Reference shared by several debtors"),
    "no_debtor": ("Ni nom ni société", "Neither name nor company"),
    "impossible_date": ("Date impossible", "Impossible date"),
    "limitation_passed": ("Prescription déjà acquise", "Limitation date has passed"),
    "odd_amount": ("Montants incohérents", "Amounts that do not agree"),
    "no_address": ("Adresse absente ou incomplète", "Address missing or incomplete"),
    "broken_postcode": ("Code postal invalide", "Broken postcode"),
    "broken_email": ("Adresse électronique invalide", "Broken e-mail address"),
    "broken_phone": ("Téléphone invalide", "Broken telephone number"),
    "common_contact": ("Coordonnée commune à de nombreux débiteurs", "Contact shared by many debtors"),
    "same_debtor": ("Même débiteur ? à rapprocher par une personne", "Same debtor? for a person to link"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is a key of KINDS; `shown` the value as it stands in the file; `other` the claim it collides with."""

    kind: str
    claim_ref: str
    field: str = ""
    shown: str = ""
    other: str = ""


@dataclass(slots=True)
class Audit:
    claims: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Of each kind found, in the order of KINDS."""
        counted = Counter(finding.kind for finding in self.findings)
        return {kind: counted[kind] for kind in KINDS if counted[kind]}

    def of(self, kind: str, limit: int | None = None) -> list[Finding]:
        return [finding for finding in self.findings if finding.kind == kind][:limit]


def audit(claims: Iterable[Claim], today: date) -> Audit:
    """One pass; what claims share is remembered by its key, a million claims need some hundred MB."""
    found, shared = Audit(), _Shared()
    for claim in claims:
        found.claims += 1
        found.findings.extend(_alone(claim, today))
        found.findings.extend(shared.collisions(claim))
    found.findings.extend(shared.common())
    order = {kind: number for number, kind in enumerate(KINDS)}
    found.findings.sort(key=lambda finding: (order[finding.kind], finding.claim_ref, finding.field))
    return found


# --- one claim by itself ------------------------------------------------------------------------------------------


def _alone(claim: Claim, today: date) -> Iterator[Finding]:
    ref = claim.claim_ref
    if not claim.last_name and not claim.company_name:
        yield Finding("no_debtor", ref)
    yield from _dates(claim, today)
    if claim.balance < 0 or (claim.principal and claim.balance > claim.principal + claim.fees):
        shown = f"{claim.balance / 100:.2f} / {claim.principal / 100:.2f} + {claim.fees / 100:.2f}"
        yield Finding("odd_amount", ref, "balance", shown)
    missing = [name for name in ("address", "postcode", "city") if not getattr(claim, name)]
    if missing:
        yield Finding("no_address", ref, ", ".join(missing))
    if claim.postcode and not (len(claim.postcode) == 5 and claim.postcode.isdigit()):
        yield Finding("broken_postcode", ref, "postcode", claim.postcode)
    if claim.email and not _EMAIL.fullmatch(claim.email.strip()):
        yield Finding("broken_email", ref, "email", claim.email)
    if claim.phone and not _PHONE.fullmatch(re.sub(r"[ .()/-]", "", claim.phone)):
        yield Finding("broken_phone", ref, "phone", claim.phone)


def _dates(claim: Claim, today: date) -> Iterator[Finding]:
    ref, born, opened = claim.claim_ref, claim.birth_date, claim.opened_on
    if born and (born > (opened or today) - timedelta(days=365 * _YOUNGEST) or born.year < today.year - _OLDEST):
        yield Finding("impossible_date", ref, "birth_date", born.isoformat())
    if opened and opened > today:
        yield Finding("impossible_date", ref, "opened_on", opened.isoformat())
    if claim.due_on and opened and claim.due_on > opened + timedelta(days=366):
        yield Finding("impossible_date", ref, "due_on", claim.due_on.isoformat())
    if claim.limitation_on and opened and claim.limitation_on < opened:
        yield Finding("impossible_date", ref, "limitation_on", claim.limitation_on.isoformat())
    elif claim.limitation_on and claim.limitation_on < today:
        yield Finding("limitation_passed", ref, "limitation_on", claim.limitation_on.isoformat())


# --- claims beside one another ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Shared:
    references: dict[tuple[str, str], Claim] = field(default_factory=dict)
    plain_refs: dict[str, str] = field(default_factory=dict)
    homes: dict[str, Claim] = field(default_factory=dict)
    whole: dict[tuple[str, ...], str] = field(default_factory=dict)
    contacts: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    first_with: dict[tuple[str, str], str] = field(default_factory=dict)

    def collisions(self, claim: Claim) -> Iterator[Finding]:
        ref = claim.claim_ref
        alike = self.plain_refs.setdefault(alnum(ref), ref)
        if alike != ref:
            yield Finding("alike_reference", ref, "claim_ref", ref, alike)
        twin = self.whole.setdefault(_whole(claim), ref)
        if twin != ref:
            yield Finding("twice", ref, "", claim.debtor_name, twin)
        for name, value in (("client_ref", claim.client_ref), *(("invoice_refs", one) for one in claim.invoice_refs)):
            other = self.references.setdefault((claim.creditor, alnum(value)), claim) if alnum(value) else claim
            if other is not claim and not _same_person(other, claim):
                yield Finding("shared_reference", ref, name, value, other.claim_ref)
        home = _home(claim)
        other = self.homes.setdefault(home, claim) if home else claim
        if other is not claim and not same_debtor(other, claim):
            yield Finding("same_debtor", ref, "", f"{claim.debtor_name}, {claim.address}", other.claim_ref)
        for name, value in (("email", claim.email.lower()), ("phone", alnum(claim.phone))):
            if value:
                self.contacts[name, value].add(claim.debtor_ref or ref)
                self.first_with.setdefault((name, value), ref)

    def common(self) -> Iterator[Finding]:
        for (name, value), debtors in self.contacts.items():
            if len(debtors) > _MANY:
                yield Finding("common_contact", self.first_with[name, value], name, f"{value} × {len(debtors)}")


def _whole(claim: Claim) -> tuple[str, ...]:
    """What two rows of one claim have in common."""
    parts = (claim.creditor, plain(claim.debtor_name), claim.client_ref, *claim.invoice_refs, str(claim.principal))
    return parts if claim.client_ref or claim.invoice_refs else (claim.claim_ref,)


def _home(claim: Claim) -> str:
    name = alnum(claim.company_name or f"{claim.last_name}|{claim.first_name}" * bool(claim.first_name))
    place = alnum(claim.address + claim.postcode)
    return f"{name}|{place}" if name and alnum(claim.address) else ""


def _same_person(one: Claim, other: Claim) -> bool:
    return same_debtor(one, other) or alnum(one.debtor_name) == alnum(other.debtor_name)
