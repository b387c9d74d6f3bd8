"""Tables of the bank's side of the ledger: cheques as paper, deposit lists, payments not booked yet."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Integer, Table, Text, text

from connectors.database.tables import UtcTime, metadata

cheques = Table(
    "cheques",
    metadata,
    Column("key", Text, primary_key=True),
    Column("item_id", Text, nullable=False, index=True),
    Column("amount", BigInteger, nullable=False),  # cents
    Column("received_on", Date, nullable=False),
    Column("number", Text, nullable=False),
    Column("drawer", Text, nullable=False),
    Column("page", Integer, nullable=False),
    Column("lot_id", Text),
    Column("place", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("deposit_id", Text, index=True),
)

deposits = Table(
    "deposits",
    metadata,
    Column("deposit_id", Text, primary_key=True),
    Column("day", Date, nullable=False, index=True),
    Column("made_at", UtcTime, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("body", Text, nullable=False),  # JSON: the list as it went to the bank
)

_WAITING = text("ended_at IS NULL")
unposted_payments = Table(
    "unposted_payments",
    metadata,
    Column("key", Text, primary_key=True),
    Column("reason", Text, primary_key=True),  # a payment and its later return are two facts
    Column("amount", BigInteger, nullable=False),  # cents
    Column("means", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("paid_on", Date),
    Column("claim_refs", Text, nullable=False),  # JSON list
    Column("text", Text, nullable=False),
    Column("payer_name", Text, nullable=False),
    Column("ended_at", UtcTime),
    Column("ended_by", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_unposted_payments_waiting", "at", sqlite_where=_WAITING, postgresql_where=_WAITING),
)
