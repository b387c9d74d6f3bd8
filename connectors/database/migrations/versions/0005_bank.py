"""Cheques as paper, deposit lists, payments that wait for a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from connectors.database.tables import UtcTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "cheques",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("drawer", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("deposit_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_cheques")),
    )
    for column in ("item_id", "state", "deposit_id"):
        op.create_index(op.f(f"ix_cheques_{column}"), "cheques", [column], unique=False)
    op.create_table(
        "deposits",
        sa.Column("deposit_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("deposit_id", name=op.f("pk_deposits")),
    )
    op.create_index(op.f("ix_deposits_day"), "deposits", ["day"], unique=False)
    op.create_table(
        "unposted_payments",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("claim_refs", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("payer_name", sa.Text(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "reason", name=op.f("pk_unposted_payments")),
    )
    waiting = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_unposted_payments_waiting",
        "unposted_payments",
        ["at"],
        unique=False,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    _protect_deposits()


def _protect_deposits() -> None:
    """A list that went to the bank stays as it went. On PostgreSQL the function is that of the trail's migration."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER deposits_no_{verb.lower()} BEFORE {verb} ON deposits "
                "BEGIN SELECT RAISE(ABORT, 'deposits is append-only'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER deposits_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON deposits "
        "FOR EACH STATEMENT EXECUTE FUNCTION mailroom_append_only()"
    )
