"""What is wrong with a file or one row of it, in words for the person who sends the file."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from models.errors import ConfigurationError
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


# Of a whole file: what is wrong, what to do.
_FILES = {
    "fr": {
        "no_column": ("{name} n'a pas de colonne {what}", "la première ligne nomme les colonnes : {more}"),
        "unreadable": ("{name} ne peut pas être lu : {what}", "vérifier le chemin et les droits"),
        "not_csv": ("{name} n'est pas un fichier CSV en UTF-8 : {what}", "l'exporter en UTF-8"),
        "large": ("{name} dépasse {what} Mo", "exporter moins de jours"),
        "not_xml": ("{name} n'est pas un fichier XML sain ({what})", "le redemander à la banque"),
        "not_camt": ("{name} n'est pas un relevé camt.053", "demander à la banque du camt.053 (ISO 20022)"),
    },
    "en": {
        "no_column": ("{name} has no column {what}", "the first line names the columns: {more}"),
        "unreadable": ("{name} cannot be read: {what}", "check the path and the rights"),
        "not_csv": ("{name} is not a UTF-8 CSV file: {what}", "export it as UTF-8"),
        "large": ("{name} is larger than {what} MB", "export fewer days"),
        "not_xml": ("{name} is not a sound XML file ({what})", "fetch it again from the bank"),
        "not_camt": ("{name} is no camt.053 statement", "ask the bank for camt.053 (ISO 20022)"),
    },
}


def bad_file(language: str, code: str, name: str, what: object = "", more: str = "") -> ConfigurationError:
    """To be raised: a file nothing can be taken from."""
    told, remedy = _FILES[language][code]
    return ConfigurationError(told.format(name=name, what=what), remedy.format(more=more))


def needs_columns(
    language: str, name: str, header: Collection[str], needed: Sequence[str], known: Sequence[str]
) -> None:
    """Raises ConfigurationError for the first of `needed` that the header does not name."""
    missing = [column for column in needed if column not in header]
    if missing:
        raise bad_file(language, "no_column", name, missing[0], ", ".join(known))


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
