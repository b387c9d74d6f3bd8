"""Receipts, items, claims and holds for tests, with only what a test cares about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from connectors.database import DatabaseBooks
from models.claim import Claim
from models.hold import Hold, HoldKind, HoldTerms, Scope
from models.item import Channel, Item, Receipt, item_id_for, receipt_id_for

MONDAY = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def receipt(name: str = "letter.pdf", **changes: Any) -> Receipt:
    values: dict[str, Any] = {
        "receipt_id": receipt_id_for(name),
        "source_key": name,
        "origin": f"/inbox/{name}",
        "file_name": name,
        "sha256": "ab" * 32,
        "size": 10,
        "channel": Channel.SCAN,
        "received_at": MONDAY,
    }
    return Receipt(**{**values, **changes})


def items_in(of: Receipt, count: int = 1) -> list[Item]:
    return [Item(item_id_for(of.receipt_id, n), of.receipt_id, n, (n + 1, n + 1)) for n in range(count)]


def add_items(books: DatabaseBooks, name: str = "letter.pdf", count: int = 1, **changes: Any) -> list[Item]:
    """A receipt, opened, with its items."""
    new = receipt(name, **changes)
    assert books.items.add_receipt(new)
    books.items.open_receipt(new.receipt_id, items_in(new, count))
    return books.items.items_of(new.receipt_id)


def claim(ref: str = "C-1", **changes: Any) -> Claim:
    values: dict[str, Any] = {"claim_ref": ref, "creditor": "Eau", "balance": 10_000, "debtor_ref": f"debtor of {ref}"}
    return Claim(**{**values, **changes})


def hold(hold_id: str = "h1", ref: str = "C-1", **changes: Any) -> Hold:
    values: dict[str, Any] = {
        "hold_id": hold_id,
        "claim_ref": ref,
        "debtor_ref": f"debtor of {ref}",
        "item_id": "i1",
        "terms": terms(),
        "starts_at": MONDAY,
    }
    return Hold(**{**values, **changes})


def terms(**changes: Any) -> HoldTerms:
    values: dict[str, Any] = {
        "scope": Scope.CLAIM,
        "kind": HoldKind.HOLD,
        "reason": "dispute",
        "owner": "desk",
        "review_on": date(2026, 7, 1),
    }
    return HoldTerms(**{**values, **changes})


def days(count: float) -> timedelta:
    return timedelta(days=count)
