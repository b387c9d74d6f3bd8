"""The tables of the ledger. The migrations beside this file make them; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

# Revision of the newest migration. Compared at every start without loading Alembic.
HEAD = "0008"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC on both engines: SQLite keeps no zone, so none may get in without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# A primary key that counts by itself must be INTEGER in SQLite.
Number = BigInteger().with_variant(Integer, "sqlite")
# Byte order on both engines, so that "in the order of claim_ref" means the same.
Ref = Text().with_variant(Text(collation="C"), "postgresql")

receipts = Table(
    "receipts",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("receipt_id", Text, nullable=False, unique=True),
    Column("source_key", Text, nullable=False, unique=True),
    Column("origin", Text, nullable=False, index=True),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("mail_received_on", Date),
    Column("lot_id", Text, index=True),
    Column("operator", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_by", Text),
    Column("leased_until", UtcTime),
    Column("added_at", UtcTime, nullable=False),  # real clock: start of "seconds from file to hold"
    Index("ix_receipts_waiting", "stage", "received_at", "number"),
    Index("ix_receipts_received", "received_at"),
)

UNSEEN = text("unseen != ''")  # to be said so in a question, else the index of few rows is not used
items = Table(
    "items",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("receipt_id", Text, ForeignKey("receipts.receipt_id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("first_page", Integer),
    Column("last_page", Integer),
    Column("stage", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("duplicate_of", Text),
    Column("outcome", Text),
    Column("leased_by", Text),
    Column("leased_until", UtcTime),
    Column("received_at", UtcTime, nullable=False),  # of its receipt, so that the queue needs no join
    Column("receipt_number", Number, nullable=False),
    Column("matched_at", UtcTime),  # real clock: end of "seconds from file to hold"
    Column("changed_at", UtcTime, nullable=False),  # real clock: the last move
    # What the queue is filtered by, repeated from the findings.
    Column("category", Text),
    Column("subcategory", Text),
    Column("flags", Text, nullable=False),  # ",vulnerable,represented,"
    Column("confidence", Float),
    Column("urgency", Integer, nullable=False),
    Column("claim_ref", Text),  # proposed
    Column("unseen", Text, nullable=False, server_default=""),  # refused, and nobody has looked: held | blocks
    UniqueConstraint("receipt_id", "position"),
    Index("ix_items_waiting", "stage", "urgency", "received_at", "receipt_number", "position"),
    Index("ix_items_received", "received_at"),
    Index("ix_items_duplicate_of", "duplicate_of"),
    Index("ix_items_unseen", "unseen", sqlite_where=UNSEEN, postgresql_where=UNSEEN),
)

findings = Table(
    "findings",
    metadata,
    Column("item_id", Text, ForeignKey("items.item_id"), primary_key=True),
    Column("kind", Text, primary_key=True),  # reading | mentions | understanding | matches | decision
    Column("body", LargeBinary, nullable=False),
)

sketches = Table(
    "sketches",
    metadata,
    Column("hash", BigInteger, primary_key=True),
    Column("item_id", Text, ForeignKey("items.item_id"), primary_key=True, index=True),
)

candidates = Table(
    "candidates",
    metadata,
    Column("item_id", Text, ForeignKey("items.item_id"), primary_key=True),
    Column("claim_ref", Text, primary_key=True, index=True),
    Column("score", Float, nullable=False),
    Column("plausible", Boolean, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),  # claims | events
    Column("value", BigInteger, nullable=False),
)

_LINKED = text("own_debtor_ref IS NOT NULL")
claims = Table(
    "claims",
    metadata,
    Column("claim_ref", Ref, primary_key=True),
    Column("creditor", Text, nullable=False),
    Column("client_ref", Text, nullable=False),
    Column("invoice_refs", Text, nullable=False),  # JSON list, like the other plural columns
    Column("civility", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("birth_name", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("company_name", Text, nullable=False),
    Column("birth_date", Date),
    Column("address", Text, nullable=False),
    Column("postcode", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("principal", BigInteger, nullable=False),  # cents
    Column("fees", BigInteger, nullable=False),
    Column("balance", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("opened_on", Date),
    Column("status", Text, nullable=False),
    Column("debtor_ref", Text, nullable=False),
    Column("own_debtor_ref", Text),  # as imported, where a person has linked the debtor with another
    Column("co_debtor_refs", Text, nullable=False),
    Column("due_on", Date),
    Column("limitation_on", Date),
    Column("enforceable_title", Boolean, nullable=False),
    Column("payee_names", Text, nullable=False),
    Column("plan_next_due", Date),
    Column("imported_status", Text, nullable=False),  # what the last import said, to tell ours from theirs
    Column("imported_balance", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # of the row as imported
    Column("revision", BigInteger, nullable=False, index=True),
    Column("ref_key", Text, nullable=False, index=True),
    Column("search_text", Text, nullable=False),
    Index("ix_claims_debtor_ref", "debtor_ref"),
    Index("ix_claims_own_debtor_ref", "own_debtor_ref", sqlite_where=_LINKED, postgresql_where=_LINKED),
)

_NOT_ENDED = text("ended_at IS NULL")
holds = Table(
    "holds",
    metadata,
    Column("hold_id", Text, primary_key=True),
    Column("claim_ref", Text, nullable=False),
    Column("debtor_ref", Text, nullable=False),
    Column("item_id", Text, index=True),
    Column("scope", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("channels", Text, nullable=False),  # "letter,email"
    Column("until", Date),
    Column("review_on", Date),
    Column("redirect_to", Text),
    Column("address", Text),
    Column("starts_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("ended_by", Text, nullable=False),
    Column("end_reason", Text, nullable=False),
    Index("ix_holds_claim_ref", "claim_ref"),
    Index("ix_holds_debtor_ref", "debtor_ref", "scope"),
    Index("ix_holds_ended_at", "ended_at"),  # those in force are few among all there ever were
    Index("ix_holds_ending", "until", sqlite_where=_NOT_ENDED, postgresql_where=_NOT_ENDED),
)

events = Table(
    "events",
    metadata,
    Column("cursor", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", Text, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("claim_ref", Text),
    Column("sequence", BigInteger, nullable=False),
    Column("occurred_at", UtcTime, nullable=False),
    Column("data", Text, nullable=False),  # JSON
    Index("ix_events_claim_ref", "claim_ref", "sequence"),
)

endpoints = Table(
    "endpoints",
    metadata,
    Column("endpoint_id", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),  # whsec_...: needed in clear to sign
    Column("added_at", UtcTime, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("removed_at", UtcTime),
    Column("disabled_at", UtcTime),
    Column("disabled_reason", Text, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("cursor", BigInteger, ForeignKey("events.cursor"), primary_key=True, autoincrement=False),
    Column("endpoint_id", Text, ForeignKey("endpoints.endpoint_id"), primary_key=True),
    Column("claim_ref", Text),
    Column("sequence", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcTime),  # None: at once
    Column("leased_by", Text),
    Column("leased_until", UtcTime),
    Column("ended_at", UtcTime),
    Column("last_answer", Text, nullable=False),
    Index("ix_deliveries_state", "state", "next_at"),
    Index("ix_deliveries_order", "endpoint_id", "claim_ref", "sequence"),
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("cursor", BigInteger, nullable=False, index=True),
    Column("endpoint_id", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("http_status", Integer),
    Column("answer", Text, nullable=False),  # first 2,000 characters of the answer, or why there was none
)

audit = Table(
    "audit",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("item_id", Text, index=True),
    Column("claim_ref", Text, index=True),
    Column("detail", Text, nullable=False),  # JSON
    Index("ix_audit_at", "at"),
)

judgements = Table(
    "judgements",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("item_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("operator", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("body", Text, nullable=False),  # JSON
    UniqueConstraint("item_id", "version"),
)

gate_answers = Table(
    "gate_answers",
    metadata,
    Column("number", Number, primary_key=True, autoincrement=True),
    Column("asked_at", UtcTime, nullable=False, index=True),
    Column("questions", Integer, nullable=False),
    Column("allowed", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),  # compressed JSON
)

answers_due = Table(
    "answers_due",
    metadata,
    Column("item_id", Text, primary_key=True),
    Column("claim_ref", Text, primary_key=True),  # "" where there is none
    Column("kind", Text, primary_key=True),
    Column("due_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
)

lots = Table(
    "lots",
    metadata,
    Column("lot_id", Text, primary_key=True),
    Column("mail_received_on", Date, nullable=False),
    Column("items_counted", Integer, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("note", Text, nullable=False),
    Column("closed_at", UtcTime, index=True),  # as many items came as were counted, or a person said why not
    Column("closed_by", Text, nullable=False, server_default=""),
    Column("close_reason", Text, nullable=False, server_default=""),
)

reminders = Table(
    "reminders",
    metadata,
    Column("reminder_id", Text, primary_key=True),
    Column("claim_ref", Text, nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    Column("recipient", Text, nullable=False),
)

payments = Table(
    "payments",
    metadata,
    Column("payment_id", Text, primary_key=True),
    Column("claim_ref", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),  # cents
    Column("means", Text, nullable=False),
    Column("key", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("item_id", Text),
    Column("at", UtcTime, nullable=False),
    Column("paid_on", Date),
    UniqueConstraint("claim_ref", "key"),
)

runs = Table(
    "runs",
    metadata,
    Column("name", Text, primary_key=True),
    Column("business_day", Date, primary_key=True),
    Column("worker", Text, nullable=False),
    Column("leased_until", UtcTime),
    Column("begun_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("figures", Text, nullable=False),  # JSON
)

users = Table(
    "users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("password", Text, nullable=False),  # argon2
    Column("role", Text, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("disabled_at", UtcTime),
)

tokens = Table(
    "tokens",
    metadata,
    Column("token_id", Text, primary_key=True),
    Column("user", Text, ForeignKey("users.name"), nullable=False),
    Column("sha256", Text, nullable=False, unique=True),  # the token itself is shown once and not kept
    Column("label", Text, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)
