"""Statuses on which the collection system and we disagree: at most one waits on a claim."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text, text

from connectors.database.tables import Number, Ref, UtcTime, metadata

_WAITING = text("ended_at IS NULL")
status_conflicts = Table(
    "status_conflicts",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("claim_ref", Ref, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("ours", Text, nullable=False),  # as it stood when theirs came
    Column("theirs", Text, nullable=False),
    Column("ended_at", UtcTime),
    Column("ended_by", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # theirs | ours | agreed | superseded
    Column("reason", Text, nullable=False),
    Index("ix_status_conflicts_waiting", "claim_ref", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING),
)
