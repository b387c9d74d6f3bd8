"""The case file that a decision rests on: what was read, understood, matched, and the claims concerned."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import SequenceMatcher

from models.cheque import ChequeReading
from models.claim import Claim
from models.evidence import Matches
from models.labels import PROTECTIONS, Category, Flag, Subcategory
from models.money import Cents
from models.reading import ItemReading
from models.record import PaymentRecord
from models.understanding import Mentions, Understanding

# Protection subcategories that the flags announce.
FLAG_RULES: dict[Flag, str] = {
    Flag.DISTRESS: "distress",
    Flag.DECEASED: "death",
    Flag.OVER_INDEBTEDNESS: "over_indebtedness",
    Flag.REPRESENTED: "represented",
    Flag.VULNERABLE: "vulnerable",
    Flag.COMPLAINT: "complaint",
    Flag.REFUND_REQUESTED: "refund_requested",
    Flag.ADDRESS_CHANGE: "address_change",
    Flag.GDPR: "gdpr",
}

_SAME_NAME = 0.75  # share of letters in common: "ARGOAT" read "ARCOAT" is still the same name
_LEAST_LETTERS = 3
_TITLES = frozenset(
    (
        *("MME", "MLLE", "MLE", "MONSIEUR", "MADAME", "MADEMOISELLE", "MESSIEURS"),
        *("NEE", "EPOUSE", "EPSE", "VEUVE", "VVE", "SARL", "SAS", "EURL", "SCI"),
    )
)
_ADDRESSED = re.compile(r"\b(?:M|MR|MME|MLLE|MLE|MONSIEUR|MADAME)\b")
_INITIAL = re.compile(r"\b[A-LN-Z]\b")  # M is how a man is addressed


@dataclass(frozen=True, slots=True)
class Case:
    """`claims` holds every claim of `matches` that exists; `payments` what is booked on the proposed one, and on any
    other by the cheques of this item."""

    item_id: str
    received_at: datetime
    received_on: date
    reading: ItemReading
    understanding: Understanding
    mentions: Mentions
    matches: Matches
    claims: Mapping[str, Claim] = field(default_factory=dict)
    payments: tuple[PaymentRecord, ...] = ()

    @property
    def claim(self) -> Claim | None:
        """The claim the item is thought to be about."""
        return self.claims.get(self.matches.proposed) if self.matches.proposed else None

    @property
    def cheque(self) -> ChequeReading | None:
        return self.reading.cheques[0] if self.reading.cheques else None

    @property
    def paid(self) -> Cents | None:
        """Money that is here or said to be on its way, in cents."""
        if self.cheque is not None:
            return self.cheque.believed_amount
        return self.understanding.facts.paid_amount


def all_flags(case: Case, least: float) -> tuple[Flag, ...]:
    """Flags of the text (probability at least `least`), of the protective rules, and those that follow from sums.

    A protection merely suspected calls up its rule (`rules_of`), but is not stated as a flag before a person said so.
    """
    understanding = case.understanding
    flags = {flag for flag in understanding.flags if understanding.flag_confidence.get(flag, 1.0) >= least}
    flags |= {Flag(signal) for signal in understanding.stated if signal in Flag._value2member_map_}
    if len([ref for ref in (case.matches.proposed, *case.matches.further) if ref]) > 1:
        flags.add(Flag.TWO_CLAIMS)
    claim, paid = case.claim, case.paid
    drawer = case.cheque.drawer_name or "" if case.cheque is not None else ""
    if claim is not None and paid_by_another(drawer, claim):
        flags.add(Flag.THIRD_PARTY_PAYER)
    elif claim is not None and _paid_by_debtor(drawer, claim):
        flags.discard(Flag.THIRD_PARTY_PAYER)  # what the cheque says outweighs a guess from the text
    if claim is not None and paid and (case.cheque is not None or understanding.category is Category.PAYMENT):
        flags -= {Flag.PARTIAL_PAYMENT, Flag.OVERPAYMENT}
        if 0 < paid < claim.balance:
            flags.add(Flag.PARTIAL_PAYMENT)
        elif paid > claim.balance > 0:
            flags.add(Flag.OVERPAYMENT)
    return tuple(flag for flag in Flag if flag in flags)


def paid_by_another(drawer: str, claim: Claim) -> bool:
    """Whether the name printed on the cheque is nobody's of this claim: not the debtor's, by usage or birth, nor the
    company's; or a relative's, of the same surname and with a first name that is another's. A letter or two misread is
    no other name; a surname alone, or a joint account (`M. OU MME`), is the debtor's."""
    names = _words(f"{claim.last_name} {claim.birth_name} {claim.company_name}")
    written = _words(drawer)
    if not names or not written:
        return False
    if not _shared(written, names):
        return True
    first = _words(claim.first_name)
    joint = len(set(_ADDRESSED.findall(drawer.upper()))) > 1
    initials = {name[0] for name in first} & set(_INITIAL.findall(drawer.upper()))
    if not first or joint or initials or _shared(written, first):
        return False
    return any(not _shared([word], names) for word in written)


def _paid_by_debtor(drawer: str, claim: Claim) -> bool:
    """Surname and first name both stand on the cheque: a shared surname alone may be a spouse's or a parent's."""
    written = _words(drawer)
    surnames = _words(f"{claim.last_name} {claim.birth_name}")
    return _shared(written, surnames) and _shared(written, _words(claim.first_name))


def _shared(written: list[str], names: list[str]) -> bool:
    return any(SequenceMatcher(None, word, name).ratio() >= _SAME_NAME for word in written for name in names)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.upper())
    letters = "".join(letter if letter.isalpha() else " " for letter in plain if not unicodedata.combining(letter))
    return [word for word in letters.split() if len(word) >= _LEAST_LETTERS and word not in _TITLES]


def rules_of(case: Case, flags: tuple[Flag, ...]) -> tuple[str, ...]:
    """Names of the policy's rules that this item calls up, the main subject first, each once."""
    names = [_main_rule(case), *_cheque_rules(case), *(FLAG_RULES[flag] for flag in flags if flag in FLAG_RULES)]
    subcategory = case.understanding.subcategory
    announced = {Subcategory.DEATH: "death", Subcategory.OVER_INDEBTEDNESS: "over_indebtedness"}
    names += [_RULE_OF_SIGNAL[signal] for signal in case.understanding.protective if signal in _RULE_OF_SIGNAL]
    if subcategory in _SPOKEN_FOR:
        names = [name for name in names if name != "represented"]
    if subcategory in announced and names[0] != announced[subcategory]:
        names = [name for name in names if name != announced[subcategory]]
    return tuple(dict.fromkeys(name for name in names if name))


_RULE_OF_SIGNAL = {str(subject): str(subject) for subject in PROTECTIONS} | {str(f): r for f, r in FLAG_RULES.items()}
_SPOKEN_FOR = frozenset({Subcategory.GUARDIANSHIP, Subcategory.LEGAL_COUNSEL})
_OF_CATEGORY = {"dispute": "dispute", "information_request": "information_request"}


def _main_rule(case: Case) -> str:
    understanding = case.understanding
    subcategory = understanding.subcategory
    if subcategory is Subcategory.GDPR:
        right = understanding.facts.gdpr_right
        return f"gdpr_{right}" if right in ("rectification", "objection") else "gdpr"
    if subcategory is Subcategory.OVER_INDEBTEDNESS:
        return "over_indebtedness_filed" if understanding.facts.stage == "filed" else "over_indebtedness"
    if subcategory in (Subcategory.UNRELATED, Subcategory.THANKS):
        return "harmless"
    if subcategory is Subcategory.CHEQUE:
        return ""  # what the cheque itself says decides
    return _OF_CATEGORY.get(understanding.category, subcategory.value)


def _cheque_rules(case: Case) -> list[str]:
    """A cheque enclosed is taken as a payment whatever the category; the picture of one only announces it."""
    if case.reading.email is not None:
        return ["transfer_notice"] if case.reading.cheques else []
    names = []
    for cheque in case.reading.cheques:
        if cheque.problems:
            names.append("cheque_defect")
        elif cheque.sound and case.claim is not None and cheque.amount is not None:
            names.append("cheque_full" if cheque.amount >= case.claim.balance else "cheque_part")
    return names
