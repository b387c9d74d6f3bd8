"""Items refused by the machine that nobody has looked at; statuses on which the collection system and we disagree."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from connectors.database.tables import Number, Ref, UtcTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """What was refused before counts as looked at: it must not silence an agency on the day it upgrades."""
    with op.batch_alter_table("items") as items:
        items.add_column(sa.Column("unseen", sa.Text(), nullable=False, server_default=""))
    unseen = sa.text("unseen != ''")
    op.create_index("ix_items_unseen", "items", ["unseen"], unique=False, sqlite_where=unseen, postgresql_where=unseen)
    op.create_table(
        "status_conflicts",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("claim_ref", Ref, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("ours", sa.Text(), nullable=False),
        sa.Column("theirs", sa.Text(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_status_conflicts")),
    )
    waiting = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_status_conflicts_waiting", "status_conflicts", ["claim_ref"], unique=True, sqlite_where=waiting,
        postgresql_where=waiting,
    )  # fmt: skip
