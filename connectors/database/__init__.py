"""The ledger: one database with everything that was received, found, decided and told."""

from connectors.database.ledger import DatabaseBooks, DatabaseLedger, open_ledger
from connectors.database.migrate import upgrade

__all__ = ["DatabaseBooks", "DatabaseLedger", "open_ledger", "upgrade"]
