"""Receipts, items, what each step found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from connectors.database.tables import Number, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("number", Number, autoincrement=True, nullable=False),
        sa.Column("receipt_id", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("mail_received_on", sa.Date(), nullable=True),
        sa.Column("lot_id", sa.Text(), nullable=True),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("leased_until", UtcTime(), nullable=True),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_receipts")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_receipts_receipt_id")),
        sa.UniqueConstraint("source_key", name=op.f("uq_receipts_source_key")),
    )
    op.create_index(op.f("ix_receipts_lot_id"), "receipts", ["lot_id"], unique=False)
    op.create_index(op.f("ix_receipts_origin"), "receipts", ["origin"], unique=False)
    op.create_index("ix_receipts_received", "receipts", ["received_at"], unique=False)
    op.create_index(op.f("ix_receipts_sha256"), "receipts", ["sha256"], unique=False)
    op.create_index("ix_receipts_waiting", "receipts", ["stage", "received_at", "number"], unique=False)
    op.create_table(
        "items",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("receipt_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=True),
        sa.Column("last_page", sa.Integer(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("duplicate_of", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("leased_until", UtcTime(), nullable=True),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("receipt_number", Number, nullable=False),
        sa.Column("matched_at", UtcTime(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("subcategory", sa.Text(), nullable=True),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("claim_ref", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipts.receipt_id"], name=op.f("fk_items_receipt_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_items")),
        sa.UniqueConstraint("receipt_id", "position", name=op.f("uq_items_receipt_id_position")),
    )
    op.create_index("ix_items_duplicate_of", "items", ["duplicate_of"], unique=False)
    op.create_index("ix_items_received", "items", ["received_at"], unique=False)
    op.create_index(
        "ix_items_waiting", "items", ["stage", "urgency", "received_at", "receipt_number", "position"], unique=False
    )
    op.create_table(
        "findings",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.item_id"], name=op.f("fk_findings_item_id")),
        sa.PrimaryKeyConstraint("item_id", "kind", name=op.f("pk_findings")),
    )
    op.create_table(
        "sketches",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.item_id"], name=op.f("fk_sketches_item_id")),
        sa.PrimaryKeyConstraint("hash", "item_id", name=op.f("pk_sketches")),
    )
    op.create_index(op.f("ix_sketches_item_id"), "sketches", ["item_id"], unique=False)
    op.create_table(
        "candidates",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("claim_ref", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("plausible", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.item_id"], name=op.f("fk_candidates_item_id")),
        sa.PrimaryKeyConstraint("item_id", "claim_ref", name=op.f("pk_candidates")),
    )
    op.create_index(op.f("ix_candidates_claim_ref"), "candidates", ["claim_ref"], unique=False)
