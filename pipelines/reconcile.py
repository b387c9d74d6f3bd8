"""The day's sums: what came in equals what was decided, what waits, and what was refused. A residue has a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.item import Receipt, Stage
from models.record import ItemRecord
from pipelines.ports import Books


@dataclass(frozen=True, slots=True)
class Sum:
    """One equation of the day. `residue` names what is missing or too much; empty means it holds."""

    name: str
    left: int
    right: int
    residue: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.left == self.right and not self.residue


def reconcile(books: Books, receipts: Sequence[Receipt], events: int, acknowledged: int) -> list[Sum]:
    """Files received = opened; items = decided + on the desk + refused; cheques booked = payments; events = told."""
    ids = [receipt.receipt_id for receipt in receipts]
    unopened = [receipt.file_name for receipt in receipts if receipt.stage is Stage.RECEIVED]
    items = list(books.items.records(ids))
    ended = [record for record in items if record.item.outcome is not None]
    lost = [record.receipt.file_name for record in items if record.item.outcome is None]
    booked = [
        record
        for record in items
        if record.decision and record.decision.payments and record.item.stage is Stage.SETTLED
    ]
    owed = sum(len(record.decision.payments) for record in booked if record.decision)
    found, missing = _payments_found(books, booked)
    return [
        Sum("files", len(receipts), len(receipts) - len(unopened), tuple(unopened)),
        Sum("items", len(items), len(ended), tuple(lost)),
        Sum("payments", owed, found, tuple(missing)),
        Sum("events", events, acknowledged),
    ]


def _payments_found(books: Books, booked: Sequence[ItemRecord]) -> tuple[int, list[str]]:
    found, missing = 0, []
    for record in booked:
        for payment in record.decision.payments if record.decision else ():
            if any(one.claim_ref == payment.claim_ref for one in books.trail.payments_with_key(payment.key)):
                found += 1
            else:
                missing.append(record.item.item_id)
    return found, missing
