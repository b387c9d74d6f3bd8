"""Lots are closed once scanned, or by a person with a reason."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from connectors.database.tables import UtcTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("lots") as lots:
        lots.add_column(sa.Column("closed_at", UtcTime(), nullable=True))
        lots.add_column(sa.Column("closed_by", sa.Text(), nullable=False, server_default=""))
        lots.add_column(sa.Column("close_reason", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_lots_closed_at", "lots", ["closed_at"], unique=False)
