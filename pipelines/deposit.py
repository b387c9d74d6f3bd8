"""The day's deposit list (bordereau de remise): every cheque that may go to the bank, each once in one list ever."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from models.bank import Cheque, Deposit, DepositLine, Paper
from models.claim import Status
from models.item import Stage
from models.labels import PROTECTIONS
from models.money import decimal_from_cents
from models.record import AuditEntry, ItemRecord, PaymentRecord
from pipelines.ports import Books

# Holds under which nothing is remitted before a person has decided about this very cheque.
_PROTECTIVE = frozenset({*(str(one) for one in PROTECTIONS), "over_indebtedness_filed", "represented", "distress"})
_PROTECTED = frozenset({Status.PROTECTED, Status.REPRESENTED})


class KeptBack(NamedTuple):
    """A cheque in hand that is not deposited. `reason` is a code of `pipelines/wording.py`."""

    cheque: Cheque
    reason: str


class Ready(NamedTuple):
    cheque: Cheque
    payments: tuple[PaymentRecord, ...]

    @property
    def amount(self) -> int:
        return sum(payment.amount for payment in self.payments)


def sort_cheques(books: Books, day: date, at: datetime) -> tuple[list[Ready], list[KeptBack]]:
    """The cheques in hand that came up to this day: ready for the bank, or kept back with the reason."""
    ready, kept = [], []
    for cheque in books.bank.cheques_at(Paper.IN_HAND):
        if cheque.received_on > day:
            continue
        payments = tuple(one for one in books.trail.payments_with_key(cheque.key) if one.state == "received")
        reason = _why_not(books, cheque, payments, at)
        if reason:
            kept.append(KeptBack(cheque, reason))
        else:
            ready.append(Ready(cheque, payments))
    return ready, kept


def _why_not(books: Books, cheque: Cheque, payments: Sequence[PaymentRecord], at: datetime) -> str | None:
    record = books.items.record(cheque.item_id)
    if record is None or record.item.stage is not Stage.SETTLED:
        return "cheque_on_desk"
    if not payments:
        return "cheque_not_booked"
    if any(_protected(books, payment, record, at) for payment in payments):
        return "cheque_protected"
    return None


def _protected(books: Books, payment: PaymentRecord, record: ItemRecord, at: datetime) -> bool:
    """A protection began, and no person has decided about this item since."""
    held = books.holds.on_claims([payment.claim_ref], at)[payment.claim_ref]
    began = [one.starts_at for one in held if one.terms.reason in _PROTECTIVE]
    decided = max((judgement.at for judgement in record.judgements), default=None)
    claim = books.claims.get(payment.claim_ref)
    if claim is not None and claim.status in _PROTECTED and decided is None:
        return True
    return bool(began) and (decided is None or decided < max(began))


def make_deposit(books: Books, day: date, at: datetime, actor: str) -> tuple[list[Deposit], list[KeptBack]]:
    """Every list of this day, a new one only for cheques that are in none. Asked again it gives the same lists."""
    ready, kept = sort_cheques(books, day, at)
    made = books.bank.deposits_of(day)
    if ready:
        deposit = Deposit(f"{day.isoformat()}-{len(made) + 1}", day, at, actor, tuple(_lines(ready)))
        if books.bank.add_deposit(deposit, [one.cheque.key for one in ready]):
            made.append(deposit)
            _note(books, deposit, ready, at, actor)
    return made, kept


def _lines(ready: Sequence[Ready]) -> list[DepositLine]:
    return [
        DepositLine(
            position=position,
            cheque_id=one.cheque.cheque_id,
            number=one.cheque.number,
            drawer=one.cheque.drawer,
            amount=one.amount,
            claim_refs=tuple(payment.claim_ref for payment in one.payments),
            item_id=one.cheque.item_id,
        )
        for position, one in enumerate(ready, 1)
    ]


def _note(books: Books, deposit: Deposit, ready: Sequence[Ready], at: datetime, actor: str) -> None:
    for one in ready:
        detail = {"deposit_id": deposit.deposit_id, "cheque_id": one.cheque.cheque_id}
        for payment in one.payments:
            books.trail.note(AuditEntry(at, actor, "cheque_deposited", one.cheque.item_id, payment.claim_ref, detail))


# -- as files --------------------------------------------------------------------------------------------------------

COLUMNS = ("position", "cheque_number", "drawer", "amount", "claim_refs", "item_id", "cheque_id")


def as_csv(deposit: Deposit) -> str:
    """One line a cheque, then the control totals. No bank and no account: the line stays on the paper."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for line in deposit.lines:
        rows.writerow([_plain(value) for value in _values(line).values()])
    rows.writerow(["count", len(deposit.lines), "", "", "", "", ""])
    rows.writerow(["total", "", "", decimal_from_cents(deposit.total), "", "", ""])
    rows.writerow(["number_sum", deposit.number_sum, "", "", "", "", ""])
    rows.writerow(["digest", deposit.digest, "", "", "", "", ""])
    return text.getvalue()


def as_json(deposit: Deposit) -> str:
    body = {
        "deposit_id": deposit.deposit_id,
        "day": deposit.day.isoformat(),
        "made_at": deposit.made_at.isoformat(),
        "made_by": deposit.made_by,
        "count": len(deposit.lines),
        "total": decimal_from_cents(deposit.total),
        "number_sum": deposit.number_sum,
        "digest": deposit.digest,
        "cheques": [_values(line) for line in deposit.lines],
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _values(line: DepositLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "cheque_number": line.number,
        "drawer": line.drawer,
        "amount": decimal_from_cents(line.amount),
        "claim_refs": list(line.claim_refs),
        "item_id": line.item_id,
        "cheque_id": line.cheque_id,
    }


def _plain(value: object) -> object:
    """A list joined; a text that a spreadsheet would take for a formula is quoted."""
    text = ";".join(str(part) for part in value) if isinstance(value, list) else value
    return f"'{text}" if isinstance(text, str) and text[:1] in "=+-@\t" and text else text
