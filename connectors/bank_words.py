"""What the bank says of cheques, as a CSV file: which were cleared, which bounced. A cheque is named in one of four
ways; its line is never kept, only the hash of it."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from connectors.bad_rows import BadField, BadRow, cents, clean
from models.errors import ConfigurationError
from models.money import Cents
from pipelines.ports import Books

COLUMNS = ("cmc7", "payment_key", "cheque_id", "deposit", "amount", "number")


@dataclass(frozen=True, slots=True)
class NamedCheque:
    """`key` where the row names it whole; else the beginning of it, or a deposit with a sum and perhaps a number."""

    key: str = ""
    cheque_id: str = ""
    deposit_id: str = ""
    amount: Cents | None = None
    number: str = ""


@dataclass
class BankWords:
    named: list[tuple[int, NamedCheque]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


def read_bank_words(path: Path, language: str = "fr") -> BankWords:
    """Every row with its line. Raises ConfigurationError for a file that is no such CSV."""
    found = BankWords()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline(10_000)
            file.seek(0)
            rows = csv.DictReader(file, delimiter=";" if ";" in first and "," not in first else ",")
            rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
            if not {"cmc7", "payment_key", "cheque_id", "deposit"} & set(rows.fieldnames):
                raise ConfigurationError(
                    f"{path.name} names no cheque", "give a column cmc7, cheque_id, payment_key, or deposit and amount"
                )
            for row in rows:
                try:
                    found.named.append((rows.line_num, _named(row)))
                except BadField as error:
                    found.bad.append(BadRow(rows.line_num, error.worded(language)))
    except OSError as error:
        raise ConfigurationError(f"{path.name} cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path.name} is not a UTF-8 CSV file: {error}", "export it as UTF-8") from error
    return found


def _named(row: dict[str | None, str | None]) -> NamedCheque:
    given = {name: clean(name, str(row.get(name) or "")) for name in COLUMNS}
    if line := given["cmc7"].replace(" ", "").upper():
        return NamedCheque(hashlib.sha256(line.encode()).hexdigest())
    if given["payment_key"]:
        return NamedCheque(given["payment_key"])
    if given["cheque_id"]:
        return NamedCheque(cheque_id=given["cheque_id"].lower())
    if not given["deposit"]:
        raise BadField("needed", "cmc7 | cheque_id | deposit")
    if not given["amount"] and not given["number"]:
        raise BadField("needed", "amount")
    amount = cents("amount", given["amount"]) if given["amount"] else None
    return NamedCheque(deposit_id=given["deposit"], amount=amount, number=given["number"])


def key_of(books: Books, named: NamedCheque) -> list[str]:
    """Keys of the cheques that fit: one where the row is clear, none or several where it is not."""
    if named.key:
        return [named.key]
    if named.cheque_id:
        return [cheque.key for cheque in books.bank.cheques_like(named.cheque_id)]
    made = books.bank.deposit(named.deposit_id)
    fitting = {
        line.cheque_id
        for line in (made.lines if made else ())
        if named.amount in (None, line.amount) and named.number in ("", line.number)
    }
    return [cheque.key for cheque in books.bank.cheques_in(named.deposit_id) if cheque.cheque_id in fitting]
