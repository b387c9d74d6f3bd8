"""Rows of the tables as the nouns they stand for."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Row

from models.hold import Channel as ReminderChannel
from models.hold import Hold, HoldKind, HoldTerms, Scope
from models.item import Channel, Item, Outcome, Receipt, Stage, Unseen

RECEIPT_COLUMNS = (
    "receipt_id",
    "source_key",
    "origin",
    "file_name",
    "sha256",
    "size",
    "channel",
    "received_at",
    "mail_received_on",
    "lot_id",
    "operator",
    "stage",
    "reason",
)


def receipt_from(row: Row[Any]) -> Receipt:
    values = {name: getattr(row, name) for name in RECEIPT_COLUMNS}
    return Receipt(**{**values, "channel": Channel(row.channel), "stage": Stage(row.stage)})


def item_from(row: Row[Any]) -> Item:
    return Item(
        item_id=row.item_id,
        receipt_id=row.receipt_id,
        position=row.position,
        pages=None if row.first_page is None else (row.first_page, row.last_page),
        stage=Stage(row.stage),
        version=row.version,
        attempts=row.attempts,
        reason=row.reason,
        duplicate_of=row.duplicate_of,
        outcome=Outcome(row.outcome) if row.outcome else None,
        unseen=Unseen(row.unseen),
    )


@cache
def channels_from(names: str) -> tuple[ReminderChannel, ...]:
    return tuple(ReminderChannel(name) for name in names.split(",") if name)


def hold_from(row: Row[Any]) -> Hold:
    terms = HoldTerms(
        scope=Scope(row.scope),
        kind=HoldKind(row.kind),
        reason=row.reason,
        owner=row.owner,
        channels=channels_from(row.channels),
        until=row.until,
        review_on=row.review_on,
        redirect_to=row.redirect_to,
        address=row.address,
    )
    return Hold(
        hold_id=row.hold_id,
        claim_ref=row.claim_ref,
        debtor_ref=row.debtor_ref,
        item_id=row.item_id,
        terms=terms,
        starts_at=row.starts_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        end_reason=row.end_reason,
    )
