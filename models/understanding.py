"""What the sender wants, and the few facts that matter, with probabilities that mean what they say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from models.labels import Category, Flag, Subcategory
from models.money import Cents
from models.reading import Box


class MentionKind(StrEnum):
    REFERENCE = "reference"  # any token that could be a file, customer or invoice number
    AMOUNT = "amount"
    DATE = "date"
    IBAN = "iban"
    PHONE = "phone"
    EMAIL = "email"
    NAME = "name"
    COMPANY = "company"
    ADDRESS = "address"  # number and street
    POSTCODE = "postcode"  # value "75011", text may carry the town
    BIRTH_DATE = "birth_date"
    REGISTERED_LETTER = "registered_letter"


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing the text names. `text` as on paper; `value` normalised:

    amount -> cents as a string, date and birth_date -> ISO, iban and phone -> digits and letters without spaces
    (phone national `0xxxxxxxxx`), email -> lower case, reference -> upper-case letters and digits only,
    name -> `LAST|First` where both are known, else the text. `role`: "sender", "recipient", "body" or "cheque".
    `quoted` is true where it stands only in a quoted thread.
    """

    kind: MentionKind
    text: str
    value: str
    role: str = "body"
    box: Box | None = None
    confidence: float = 1.0
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Mentions:
    all: tuple[Mention, ...] = ()
    sender_name: str | None = None
    sender_address: str | None = None  # one line: "12 rue des Lilas, 35000 Rennes"

    def of(self, *kinds: MentionKind) -> tuple[Mention, ...]:
        return tuple(mention for mention in self.all if mention.kind in kinds)


@dataclass(frozen=True, slots=True)
class Facts:
    """What was paid, promised, changed. Amounts in cents; `None` means the text does not say."""

    paid_amount: Cents | None = None
    paid_date: date | None = None
    promised_amount: Cents | None = None  # also the instalment of a plan request
    promised_date: date | None = None  # also the first due date of a plan
    instalments: int | None = None
    contested: str | None = None
    new_address: str | None = None
    new_phone: str | None = None
    new_email: str | None = None
    representative: str | None = None  # who speaks for the debtor, name and address in one line
    also: tuple[Subcategory, ...] = ()  # minor subjects
    returned_reason: str | None = None  # unknown | address | refused | unclaimed
    gdpr_right: str | None = None  # access | rectification | erasure | objection
    stage: str | None = None  # of an over-indebtedness file: filed | admissible | plan


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of the text that weighed; `label` is the flag, subcategory or signal they speak for."""

    label: str
    words: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Understanding:
    """`confidence` is the calibrated probability that `category` is right.

    `protective` names what the independent layer of rules and readers saw (flags, protections), whatever the model
    says; `suspected` those of them that no rule saw: a hold and a person, but no fact.
    `abstained` is true where the text is out of domain (another language, empty): nothing is applied from it.
    `chances`: calibrated probability by subcategory, those of half a percent and more; empty where none is known.
    """

    category: Category
    subcategory: Subcategory
    confidence: float
    flags: tuple[Flag, ...] = ()
    flag_confidence: dict[str, float] = field(default_factory=dict)
    subcategory_confidence: float = 0.0
    protective: tuple[str, ...] = ()
    suspected: tuple[str, ...] = ()
    abstained: bool = False
    facts: Facts = Facts()
    cues: tuple[Cue, ...] = ()
    model: str = ""  # id of the model that said so
    chances: dict[str, float] = field(default_factory=dict)

    @property
    def stated(self) -> tuple[str, ...]:
        """The protective signals that rules saw: what may be said as a flag."""
        return tuple(signal for signal in self.protective if signal not in self.suspected)
