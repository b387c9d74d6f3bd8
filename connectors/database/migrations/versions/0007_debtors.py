"""Debtors linked by a person; accounts that have paid a claim."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from connectors.database.tables import Number, UtcTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("claims") as claims:
        claims.add_column(sa.Column("own_debtor_ref", sa.Text(), nullable=True))
    linked = sa.text("own_debtor_ref IS NOT NULL")
    op.create_index(
        "ix_claims_own_debtor_ref", "claims", ["own_debtor_ref"], unique=False, sqlite_where=linked,
        postgresql_where=linked,
    )  # fmt: skip
    op.create_table(
        "debtor_links",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("claim_ref", sa.Text(), nullable=False),
        sa.Column("other_ref", sa.Text(), nullable=False),
        sa.Column("debtor_ref", sa.Text(), nullable=False),
        sa.Column("other_debtor_ref", sa.Text(), nullable=False),
        sa.Column("linked_at", UtcTime(), nullable=False),
        sa.Column("linked_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_debtor_links")),
    )
    op.create_index(op.f("ix_debtor_links_claim_ref"), "debtor_links", ["claim_ref"], unique=False)
    op.create_index(op.f("ix_debtor_links_other_ref"), "debtor_links", ["other_ref"], unique=False)
    op.create_table(
        "payers",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("claim_ref", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_payers")),
        sa.UniqueConstraint("fingerprint", "claim_ref", name=op.f("uq_payers_fingerprint_claim_ref")),
    )
