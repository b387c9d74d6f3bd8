"""Alembic's entry: runs in the transaction that `migrate.upgrade_engine` opened, on both engines."""

from __future__ import annotations

from alembic import context

from connectors.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite can: half a schema never stays behind
    transaction_per_migration=False,
)
context.run_migrations()
