"""What the bank or the payment service says came in: a CSV file, or a camt.053 statement (ISO 20022).

Nothing is allocated here. Each line has a key that stays the same when the same payment is told again, in another
export or an overlapping statement, so that booking it twice is once. Account numbers are kept hashed only.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from connectors.bad_rows import BadField, BadRow, bad_file, cents, clean, day, needs_columns
from models.money import Cents

MEANS = frozenset({"transfer", "card", "debit", "cheque", "cash"})
NEEDED = ("key", "amount", "paid_on")
COLUMNS = (*NEEDED, "means", "state", "claim_ref", "text", "payer_name", "payer_iban")
LARGEST = 200_000_000  # bytes of a statement
_NO_NUMBER = "camt:"  # beginning of a key we had to make
_BOUNCED, _RECEIVED = "bounced", "received"
# Bank transaction families of ISO 20022 that tell the means; all others are transfers.
_FAMILIES = {"CCRD": "card", "MCRD": "card", "IDDT": "debit", "RDDT": "debit", "RCHQ": "cheque", "CNTR": "cash"}


@dataclass(frozen=True, slots=True)
class BankLine:
    """One payment as told. `state`: "received", or "bounced" where the bank took one back."""

    key: str
    amount: Cents  # always positive
    paid_on: date
    means: str  # transfer | card | debit | cheque | cash
    state: str = _RECEIVED
    claim_ref: str = ""  # where the file says so
    text: str = ""  # what the payer wrote: references are looked for in it
    payer_name: str = ""
    payer: str = ""  # fingerprint of the payer's account; the same account always gives the same
    originals: tuple[str, ...] = ()  # of a return: numbers under which the payment itself may have been told


@dataclass
class PaymentsFile:
    """`lines` in the order of the file; `bad` names rows (CSV: line, camt: entry) and why; `passed_over` counts
    entries that are not money received: our own payments, pending ones."""

    lines: list[BankLine] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    passed_over: int = 0


def read_payments(path: Path, language: str = "fr") -> PaymentsFile:
    """By content, whatever the name. Raises ConfigurationError for a file that is neither kind."""
    try:
        if path.stat().st_size > LARGEST:
            raise bad_file(language, "large", path.name, LARGEST // 1_000_000)
        with path.open("rb") as file:
            is_xml = file.read(200).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
            file.seek(0)
            return _statement(file, path.name, language) if is_xml else _csv(path, language)
    except OSError as error:
        raise bad_file(language, "unreadable", path.name, error.strerror) from error
    except (ParseError, DefusedXmlException) as error:
        raise bad_file(language, "not_xml", path.name, type(error).__name__) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise bad_file(language, "not_csv", path.name, error) from error


def _once(found: PaymentsFile, language: str, place: int, line: BankLine | BadField | None, seen: set[str]) -> None:
    """The same key again in one file is the same payment told twice; where the bank gave no number at all, two equal
    entries of a day are two payments, the first and the second of their kind in every statement of that day."""
    if line is None:
        found.passed_over += 1
    elif isinstance(line, BadField):
        found.bad.append(BadRow(place, line.worded(language)))
    else:
        key, count = line.key, 1
        while f"{line.state}:{key}" in seen and line.key.startswith(_NO_NUMBER):
            count += 1
            key = f"{line.key}#{count}"
        if f"{line.state}:{key}" not in seen:
            seen.add(f"{line.state}:{key}")
            found.lines.append(replace(line, key=key))


# -- CSV ------------------------------------------------------------------------------------------------------------


def _csv(path: Path, language: str) -> PaymentsFile:
    found, seen = PaymentsFile(), set[str]()
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline(10_000)
        file.seek(0)
        rows = csv.DictReader(file, delimiter=";" if ";" in first and "," not in first else ",")
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
        needs_columns(language, path.name, rows.fieldnames, NEEDED, COLUMNS)
        for row in rows:
            _once(found, language, rows.line_num, _line_of_row(row), seen)
    return found


def _line_of_row(row: dict[str | None, str | None]) -> BankLine | BadField:
    try:
        given = {name: clean(name, str(row.get(name) or "")) for name in COLUMNS}
        for name in NEEDED:
            if not given[name]:
                raise BadField("needed", name)
        amount = cents("amount", given["amount"])
        state = given["state"].lower() or _RECEIVED
        if amount <= 0 or state not in (_RECEIVED, _BOUNCED):
            raise BadField("positive", "amount" if amount <= 0 else "state", given["amount"] if amount <= 0 else state)
        means = given["means"].lower() or "transfer"
        if means not in MEANS:
            raise BadField("means", "means", means)
        return BankLine(
            key=given["key"],
            amount=amount,
            paid_on=day("paid_on", given["paid_on"]),
            means=means,
            state=state,
            claim_ref=given["claim_ref"],
            text=given["text"],
            payer_name=given["payer_name"],
            payer=fingerprint(given["payer_iban"]),
        )
    except BadField as error:
        return error


def fingerprint(account: str) -> str:
    """Of an account number, so that two payments of one account are seen to be so; "" for none."""
    letters = "".join(letter for letter in account.upper() if letter.isalnum())
    return blake2b(letters.encode(), digest_size=10).hexdigest() if letters else ""


# -- camt.053 -------------------------------------------------------------------------------------------------------


def _statement(file: IO[bytes], file_name: str, language: str) -> PaymentsFile:
    """Entry by entry, so that a year's statement needs no more memory than a day's."""
    found, seen, entries, is_statement = PaymentsFile(), set[str](), 0, False
    for _event, element in iterparse(file, events=("end",), forbid_dtd=True):
        name = _name(element)
        if name == "Stmt" or name == "BkToCstmrStmt":
            is_statement = True
        if name != "Ntry":
            continue
        entries += 1
        for line in _lines_of_entry(element):
            _once(found, language, entries, line, seen)
        element.clear()
    if not is_statement:
        raise bad_file(language, "not_camt", file_name)
    return found


def _lines_of_entry(entry: Element) -> Iterator[BankLine | BadField | None]:
    booked = (_text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK") == "BOOK"
    details = [detail for details in _all(entry, "NtryDtls") for detail in _all(details, "TxDtls")]
    if not booked:
        yield None
    elif len(details) > 1 and not all(_amount_of(detail) for detail in details):
        yield BadField("amounts", value=str(len(details)))
    else:
        for position, detail in enumerate(details or [entry]):
            try:
                yield _line_of_transaction(entry, detail, position)
            except BadField as error:
                yield error


def _line_of_transaction(entry: Element, detail: Element, position: int) -> BankLine | None:
    """None for what is neither received nor taken back."""
    credit = (_text(detail, "CdtDbtInd") or _text(entry, "CdtDbtInd")) == "CRDT"
    returned = _text(entry, "RvslInd") == "true" or _find(detail, "RtrInf") is not None
    if credit is returned:  # our own payment, or one of ours that came back to us
        return None
    amount, currency = _amount_of(detail) or _amount_of(entry) or ("", "")
    if currency != "EUR":
        raise BadField("foreign", "Ccy", currency)
    booked_on = _text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm") or _text(entry, "ValDt/Dt")
    family = _text(detail, "BkTxCd/Domn/Fmly/Cd") or _text(entry, "BkTxCd/Domn/Fmly/Cd")
    paid = cents("Amt", _two_places(amount))
    return BankLine(
        key=_key_of(entry, detail, position, f"{booked_on}|{amount}"),
        amount=paid,
        paid_on=day("BookgDt", booked_on[:10]),
        means=_FAMILIES.get(family, "transfer"),
        state=_BOUNCED if returned else _RECEIVED,
        text=_remittance(detail),
        payer_name=clean("Nm", _text(detail, "RltdPties/Dbtr/Nm") or _text(detail, "RltdPties/Dbtr/Pty/Nm")),
        payer=fingerprint(_text(detail, "RltdPties/DbtrAcct/Id/IBAN")),
        originals=_originals(entry, detail) if returned else (),
    )


def _key_of(entry: Element, detail: Element, position: int, sum_and_day: str) -> str:
    """The bank's own number; else what the payer's bank gave; else a hash of all that identifies the entry."""
    for place in ("Refs/AcctSvcrRef", "Refs/TxId", "Refs/UETR"):
        if number := _text(detail, place):
            return clean(place, number)
    if number := _text(entry, "AcctSvcrRef"):
        return clean("AcctSvcrRef", f"{number}/{position}" if position else number)
    end_to_end = _text(detail, "Refs/EndToEndId")
    parts = [end_to_end, sum_and_day, _text(entry, "NtryRef"), _remittance(detail), str(position)]
    return f"{_NO_NUMBER}{blake2b('|'.join(parts).encode(), digest_size=12).hexdigest()}"


def _remittance(detail: Element) -> str:
    """All that the payer wrote: free text, the creditor's reference, invoice numbers, the payer's own number."""
    infos = _all(detail, "RmtInf")
    free = [_own_text(part) for info in infos for part in _all(info, "Ustrd")]
    for formal in (part for info in infos for part in _all(info, "Strd")):
        free.append(_text(formal, "CdtrRefInf/Ref"))
        free += [_text(document, "Nb") for document in _all(formal, "RfrdDocInf")]
        free += [_own_text(more) for more in _all(formal, "AddtlRmtInf")]
    return " ".join(" ".join([*free, _end_to_end(detail)]).split())[:500]


def _end_to_end(detail: Element) -> str:
    told = _text(detail, "Refs/EndToEndId")
    return "" if told in ("NOTPROVIDED", "NONREF") else told


def _originals(entry: Element, detail: Element) -> tuple[str, ...]:
    """A return has a number of its own; the payment's may stand beside it."""
    told = [_text(detail, place) for place in ("Refs/TxId", "Refs/UETR", "Refs/InstrId", "Refs/ClrSysRef")]
    told += [_end_to_end(detail), _text(entry, "AcctSvcrRef"), _text(entry, "NtryRef")]
    return tuple(dict.fromkeys(number for number in told if number))


def _amount_of(element: Element) -> tuple[str, str] | None:
    for place in ("Amt", "AmtDtls/TxAmt/Amt"):
        found = _find(element, place)
        if found is not None:
            return _own_text(found), found.get("Ccy", "")
    return None


def _two_places(amount: str) -> str:
    """ISO 20022 allows five decimals; sums in euros use two: "12.50000" is "12.50"."""
    whole, point, places = amount.partition(".")
    return f"{whole}.{places.rstrip('0').ljust(2, '0')}" if point else whole


def _name(element: Element) -> str:
    """Without its namespace: every version from 001.02 on is read the same way."""
    return str(element.tag).rpartition("}")[2]


def _all(element: Element, name: str) -> list[Element]:
    return [child for child in element if _name(child) == name]


def _find(element: Element, place: str) -> Element | None:
    found: Element | None = element
    for name in place.split("/"):
        found = next(iter(_all(found, name)), None) if found is not None else None
    return found


def _own_text(element: Element) -> str:
    return (element.text or "").strip()


def _text(element: Element, place: str) -> str:
    found = _find(element, place)
    return "" if found is None else _own_text(found)
