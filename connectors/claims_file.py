"""The portfolio from `claims.csv`: good rows become claims, each bad one is named with its line and its reason."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, TextIO

from connectors.bad_rows import BadField, BadRow, bad_file, cents, clean, day, needs_columns
from models.claim import Claim, Status

NEEDED = ("claim_ref", "creditor", "balance")
_TEXTS = (
    "claim_ref",
    "creditor",
    "client_ref",
    "civility",
    "last_name",
    "birth_name",
    "first_name",
    "company_name",
    "address",
    "postcode",
    "city",
    "email",
    "phone",
    "currency",
    "debtor_ref",
)
_LISTS = ("invoice_refs", "co_debtor_refs", "payee_names")
_MONEY = ("balance", "principal", "fees")
_DATES = ("birth_date", "opened_on", "due_on", "limitation_on", "plan_next_due")
COLUMNS = (*_TEXTS, *_LISTS, *_MONEY, *_DATES, "status", "enforceable_title")
_YES = {"1": True, "true": True, "yes": True, "oui": True, "0": False, "false": False, "no": False, "non": False}
_STATUSES = frozenset(status.value for status in Status)
LONGEST = 500  # characters of one field; twenty times that where it lists several


@dataclass
class ClaimsFile:
    """`claims` reads the file as it is consumed, however long it is; `bad` and `unknown_statuses` fill meanwhile.

    A claim whose status is not one of ours goes in as `open`; `unknown_statuses` says which words and how often.
    """

    path: Path
    language: str = "fr"
    bad: list[BadRow] = field(default_factory=list)
    unknown_statuses: Counter[str] = field(default_factory=Counter)
    unknown_columns: tuple[str, ...] = ()

    @property
    def claims(self) -> Iterator[Claim]:
        self.bad.clear()
        self.unknown_statuses.clear()
        with _open(self.path) as file:
            rows = csv.reader(file, delimiter=_delimiter(self.path), strict=True)
            header = _header(next(rows))
            seen: dict[str, int] = {}
            for line, row in _rows(rows):
                try:
                    claim = _claim_of_row(header, row, self.unknown_statuses)
                    if claim.claim_ref in seen:
                        raise BadField("twice", "claim_ref", claim.claim_ref, seen[claim.claim_ref])
                except BadField as error:
                    self.bad.append(BadRow(line, error.worded(self.language)))
                else:
                    seen[claim.claim_ref] = line
                    yield claim


def read_claims(path: Path, language: str = "fr") -> ClaimsFile:
    """Raises ConfigurationError for a file that is no claims file at all: not there, not UTF-8, without its header."""
    try:
        with _open(path) as file:
            header = _header(next(csv.reader(file, delimiter=_delimiter(path)), []))
            for _line in file:  # a byte that is not UTF-8 must not stop the import halfway
                pass
    except OSError as error:
        raise bad_file(language, "unreadable", path.name, error.strerror) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise bad_file(language, "not_csv", path.name, error) from error
    needs_columns(language, path.name, header, NEEDED, COLUMNS)
    return ClaimsFile(path, language, unknown_columns=tuple(name for name in header if name not in COLUMNS))


def claim_from(fields: Mapping[str, str], unknown_statuses: Counter[str] | None = None) -> Claim:
    """One claim from fields named as in the file, as text; those left out take their defaults. Raises BadField.

    A status that is not one of ours is a BadField too, unless it is to be counted in `unknown_statuses`: the claim
    is `open` then, since a word of the collection system's own is no reason to lose sight of the claim.
    """
    given = {
        name: clean(name, fields[name], LONGEST * (20 if name in _LISTS else 1)) for name in COLUMNS if fields.get(name)
    }
    for name in NEEDED:
        if not given.get(name):
            raise BadField("needed", name)
    values: dict[str, Any] = {name: given[name] for name in _TEXTS if name in given}
    for name in _LISTS:
        values[name] = tuple(part.strip() for part in given.get(name, "").split(";") if part.strip())
    values |= {name: cents(name, given[name]) for name in _MONEY if given.get(name)}
    values |= {name: day(name, given[name]) for name in _DATES if given.get(name)}
    status = given.get("status", "").lower()
    if unknown_statuses is not None and status and status not in _STATUSES:
        unknown_statuses[status] += 1
        given["status"] = Status.OPEN.value
    values |= _choices(given)
    if not values.get("debtor_ref"):
        values["debtor_ref"] = debtor_ref_of(values)
    return Claim(**values)


def debtor_ref_of(values: Mapping[str, Any]) -> str:
    """Same names and birth date, or same company and address: same debtor. Anything less is a debtor of its own."""
    last, first, company = (_key(values.get(name, "")) for name in ("last_name", "first_name", "company_name"))
    born, street = values.get("birth_date"), _key(f"{values.get('address', '')}{values.get('postcode', '')}")
    if company and _key(values.get("address", "")):
        return f"company:{_hash(company, street)}"
    if last and first and born and not company:
        return f"person:{_hash(last, first, str(born))}"
    return f"claim:{values['claim_ref']}"


def _claim_of_row(header: list[str], row: list[str] | BadField, unknown_statuses: Counter[str]) -> Claim:
    if isinstance(row, BadField):
        raise row
    if len(row) != len(header):
        raise BadField("fields", value=str(len(row)), line=len(header))
    return claim_from(dict(zip(header, row, strict=True)), unknown_statuses)


def _rows(rows: Any) -> Iterator[tuple[int, list[str] | BadField]]:
    """Each row with the line it begins on; blank lines are passed over."""
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, BadField("csv", value=str(error))
            continue
        if any(value.strip() for value in row):
            yield line, row


def _open(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig", newline="")


def _delimiter(path: Path) -> str:
    """Comma; a semicolon where the header, as a French spreadsheet writes it, has no comma."""
    with _open(path) as file:
        header = file.readline(10_000)
    return ";" if ";" in header and "," not in header else ","


def _header(row: list[str]) -> list[str]:
    return [name.strip().lower() for name in row]


def _choices(given: Mapping[str, str]) -> dict[str, Any]:
    """Status, currency, title."""
    chosen: dict[str, Any] = {}
    if given.get("status"):
        try:
            chosen["status"] = Status(given["status"].lower())
        except ValueError:
            raise BadField("status", "status", given["status"]) from None
    if given.get("currency"):
        if not re.fullmatch(r"[A-Za-z]{3}", given["currency"]):
            raise BadField("currency", "currency", given["currency"])
        chosen["currency"] = given["currency"].upper()
    if given.get("enforceable_title"):
        answer = _YES.get(given["enforceable_title"].lower())
        if answer is None:
            raise BadField("yes_no", "enforceable_title", given["enforceable_title"])
        chosen["enforceable_title"] = answer
    return chosen


def _key(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def _hash(*parts: str) -> str:
    return blake2b("|".join(parts).encode(), digest_size=10).hexdigest()
