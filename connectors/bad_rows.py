"""What is wrong with one row of a file, in words for the person who sends the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from models.money import Cents, cents_from_decimal

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WORDS = {
    "fr": {
        "needed": "{column} est vide",
        "money": "{column} : {value} n'est pas un montant (1234.56)",
        "date": "{column} : {value} n'est pas une date (AAAA-MM-JJ)",
        "status": "status : {value} est inconnu",
        "yes_no": "{column} : {value} n'est ni oui ni non",
        "currency": "currency : {value} n'est pas un code de trois lettres",
        "long": "{column} est trop long (plus de {value} caractères)",
        "unprintable": "{column} contient des caractères illisibles",
        "twice": "{column} : {value} figure déjà à la ligne {line}",
        "fields": "{value} champs au lieu de {line}",
        "csv": "ligne CSV illisible ({value})",
        "positive": "{column} : {value} n'est pas une somme reçue",
        "means": "means : {value} est inconnu (transfer, card, debit, cheque, cash)",
        "foreign": "{column} : {value}, seul l'euro est repris",
        "amounts": "{value} opérations sans montant",
        "channel": "channel : {value} est inconnu (letter, email, sms, phone)",
        "reminder_state": "state : {value} est inconnu (planned, handed_over, sent)",
        "moment": "{column} : {value} n'est pas un instant avec fuseau (2026-06-01T20:30:00+02:00)",
    },
    "en": {
        "needed": "{column} is empty",
        "money": "{column}: {value} is not an amount (1234.56)",
        "date": "{column}: {value} is not a date (YYYY-MM-DD)",
        "status": "status: {value} is unknown",
        "yes_no": "{column}: {value} is neither yes nor no",
        "currency": "currency: {value} is not a code of three letters",
        "long": "{column} is too long (over {value} characters)",
        "unprintable": "{column} holds unreadable characters",
        "twice": "{column}: {value} is already on line {line}",
        "fields": "{value} fields instead of {line}",
        "csv": "unreadable CSV line ({value})",
        "positive": "{column}: {value} is no sum received",
        "means": "means: {value} is unknown (transfer, card, debit, cheque, cash)",
        "foreign": "{column}: {value}, only euros are taken",
        "amounts": "{value} transactions without an amount",
        "channel": "channel: {value} is unknown (letter, email, sms, phone)",
        "reminder_state": "state: {value} is unknown (planned, handed_over, sent)",
        "moment": "{column}: {value} is not a time with its zone (2026-06-01T20:30:00+02:00)",
    },
}


class BadField(ValueError):
    """One field that cannot be taken. `code` names the fault; `worded` says it in French or English."""

    def __init__(self, code: str, column: str = "", value: str = "", line: int = 0) -> None:
        super().__init__(_WORDS["en"][code].format(column=column, value=value[:60], line=line))
        self.code, self.column, self.value, self.line = code, column, value[:60], line

    def worded(self, language: str = "fr") -> str:
        return _WORDS[language][self.code].format(column=self.column, value=self.value, line=self.line)


@dataclass(frozen=True, slots=True)
class BadRow:
    line: int  # in the file, from 1, the header included
    reason: str


def clean(column: str, value: str, longest: int = 500) -> str:
    """One space between words. Raises BadField for what is too long or holds control characters."""
    if len(value) > longest:
        raise BadField("long", column, str(longest))
    if _UNPRINTABLE.search(value):
        raise BadField("unprintable", column)
    return " ".join(value.split())


def cents(column: str, value: str) -> Cents:
    try:
        return cents_from_decimal(value)
    except ValueError:
        raise BadField("money", column, value) from None


def day(column: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadField("date", column, value) from None
