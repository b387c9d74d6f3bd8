"""Debtors whom a person has linked, and accounts that have paid a claim."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text, UniqueConstraint

from connectors.database.tables import Number, UtcTime, metadata

debtor_links = Table(
    "debtor_links",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("claim_ref", Text, nullable=False, index=True),
    Column("other_ref", Text, nullable=False, index=True),
    Column("debtor_ref", Text, nullable=False),  # of each before any link
    Column("other_debtor_ref", Text, nullable=False),
    Column("linked_at", UtcTime, nullable=False),
    Column("linked_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ended_at", UtcTime),
    Column("ended_by", Text, nullable=False),
    Column("end_reason", Text, nullable=False),
)

payers = Table(
    "payers",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("fingerprint", Text, nullable=False),  # of an account; the account itself is not kept
    Column("claim_ref", Text, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    UniqueConstraint("fingerprint", "claim_ref"),
)
