"""The day's sums: what came in equals what was decided, what waits, and what was refused. A residue has a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models.item import Outcome, Receipt, Stage, Unseen
from models.record import ItemRecord, Lot
from pipelines.deposit import sort_cheques
from pipelines.ports import Books

_ENDED = frozenset({Stage.SETTLED, Stage.REVIEW, Stage.REFUSED})


@dataclass(frozen=True, slots=True)
class Sum:
    """One equation of the day. `residue` names what is missing or too much; empty means it holds."""

    name: str  # files | items | payments | deposit | bank | lots | events
    left: int
    right: int
    residue: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.left == self.right and not self.residue


@dataclass(frozen=True, slots=True)
class MailDay:
    """What the day is made of. `receipts` and `lots` of the day; `events`: deliveries, and those not acknowledged."""

    day: date
    since: datetime
    until: datetime
    receipts: Sequence[Receipt]
    lots: Sequence[tuple[Lot, int]] = ()  # with the items received of each
    events: int = 0
    unacknowledged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shares:
    """What became of the items: the right side of the second equation, in its parts."""

    decided: int
    on_the_desk: int
    refused: int


def reconcile(books: Books, mail: MailDay) -> tuple[list[Sum], Shares]:
    """Reads only. Files received = opened; items = decided + on the desk + refused, but a refused file that names
    nobody is a residue until a person has looked; cheques booked = payments = deposit list; money told = booked, or
    on the desk since today; lots counted = scanned; events = acknowledged."""
    items = list(books.items.records([receipt.receipt_id for receipt in mail.receipts]))
    sums = [
        _files(mail.receipts, items),
        _items(items),
        _payments(books, items),
        _deposit(books, mail),
        _bank(books, mail),
        _lots(mail.lots),
        Sum("events", mail.events, mail.events - len(mail.unacknowledged), mail.unacknowledged),
    ]
    stages = [record.item.stage for record in items]
    return sums, Shares(stages.count(Stage.SETTLED), stages.count(Stage.REVIEW), stages.count(Stage.REFUSED))


def _files(receipts: Sequence[Receipt], items: Sequence[ItemRecord]) -> Sum:
    """An opened file without a single item is as lost as one never opened."""
    with_items = {record.receipt.receipt_id for record in items}
    lost = [
        receipt.file_name
        for receipt in receipts
        if receipt.stage is Stage.RECEIVED
        or (receipt.stage is not Stage.REFUSED and receipt.receipt_id not in with_items)
    ]
    return Sum("files", len(receipts), len(receipts) - len(lost), tuple(lost))


def _items(items: Sequence[ItemRecord]) -> Sum:
    under_way = [
        f"{record.receipt.file_name}#{record.item.position + 1}: {record.item.stage.value}"
        for record in items
        if record.item.stage not in _ENDED or record.item.outcome is None or record.item.unseen is Unseen.BLOCKS
    ]
    return Sum("items", len(items), len(items) - len(under_way), tuple(under_way))


def _payments(books: Books, items: Sequence[ItemRecord]) -> Sum:
    """Every payment that a decision of the day names stands in the books."""
    owed, missing = 0, []
    for record in items:
        decision = record.decision
        if decision is None or record.item.stage is not Stage.SETTLED or decision.outcome is not Outcome.APPLIED:
            continue
        for payment in decision.payments:
            owed += 1
            standing = books.trail.payments_with_key(payment.key)
            if not any(one.claim_ref == payment.claim_ref for one in standing):
                missing.append(f"{record.receipt.file_name}: {payment.claim_ref}")
    return Sum("payments", owed, owed - len(missing), tuple(missing))


def _deposit(books: Books, mail: MailDay) -> Sum:
    """Cheques booked and ready up to this day are all in a deposit list, and each list's cheques say so themselves."""
    ready, _kept = sort_cheques(books, mail.day, mail.until)
    lists = books.bank.deposits_of(mail.day)
    listed = sum(len(deposit.lines) for deposit in lists)
    residue = [f"{one.cheque.number or one.cheque.cheque_id}: {one.payments[0].claim_ref}" for one in ready]
    for deposit in lists:
        gone = {cheque.cheque_id for cheque in books.bank.cheques_in(deposit.deposit_id)}
        residue += [f"{deposit.deposit_id}: {line.number}" for line in deposit.lines if line.cheque_id not in gone]
    return Sum("deposit", listed + len(ready), listed, tuple(residue))


def _bank(books: Books, mail: MailDay) -> Sum:
    """Money a person has still to book: on the desk for the day it came, a residue from the next day on."""
    waiting = [one for one in books.bank.unposted(100_000) if one.at < mail.until]
    old = tuple(one.key for one in waiting if one.at < mail.since)
    return Sum("bank", len(waiting), len(waiting) - len(old), old)


def _lots(lots: Sequence[tuple[Lot, int]]) -> Sum:
    short = tuple(f"{lot.lot_id}: {count}/{lot.items_counted}" for lot, count in lots if count < lot.items_counted)
    return Sum("lots", len(lots), len(lots) - len(short), short)
