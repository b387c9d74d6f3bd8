"""The ledger on a database: `open_ledger(url)` gives what the journey calls `Ledger`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from connectors.database.bank import BankRows
from connectors.database.claims import ClaimRows
from connectors.database.conflicts import ConflictRows
from connectors.database.debtors import DebtorRows
from connectors.database.desk import DeskRows
from connectors.database.engines import database_url, open_engines
from connectors.database.gate_rows import GateRows
from connectors.database.holds import HoldRows
from connectors.database.items import ItemRows
from connectors.database.leaks import LeakRows
from connectors.database.migrate import make_ready
from connectors.database.outbox import OutboxRows
from connectors.database.people import PeopleRows
from connectors.database.trail import TrailRows
from connectors.database.webhooks import WebhookRows
from models.errors import ConfigurationError, Unavailable


class DatabaseBooks:
    """The open transaction. `desk`, `people` and `webhooks` are ours beside what the journey needs."""

    def __init__(self, connection: Connection, shadow: bool = False) -> None:
        self.shadow = shadow
        self.items = ItemRows(connection)
        self.claims = ClaimRows(connection)
        self.conflicts = ConflictRows(connection)
        self.debtors = DebtorRows(connection)
        self.holds = HoldRows(connection)
        self.gate = GateRows(connection)
        self.outbox = OutboxRows(connection, mute=shadow)
        self.trail = TrailRows(connection)
        self.leaks = LeakRows(connection)
        self.bank = BankRows(connection)
        self.desk = DeskRows(connection)
        self.people = PeopleRows(connection)
        self.webhooks = WebhookRows(connection)


class DatabaseLedger:
    """Keeps `pipelines.ports.Ledger`. May be shared by threads; each transaction has its own connection."""

    def __init__(self, writer: Engine, reader: Engine, shadow: bool = False) -> None:
        self._writer = writer
        self._reader = reader
        self._shadow = shadow

    @contextmanager
    def write(self) -> Iterator[DatabaseBooks]:
        """One transaction; on SQLite the only one that writes meanwhile. Raises Unavailable where the database
        does not answer, stays locked or broke a deadlock: nothing was written then, trying again may help."""
        with self._transaction(self._writer) as books:
            yield books

    @contextmanager
    def read(self) -> Iterator[DatabaseBooks]:
        """One moment of the ledger, however long the block lasts."""
        with self._transaction(self._reader) as books:
            yield books

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[DatabaseBooks]:
        try:
            with engine.begin() as connection:
                yield DatabaseBooks(connection, self._shadow)
        except OperationalError as error:
            raise Unavailable(f"the database does not answer: {_first_line(error)}", "try again in a moment") from error
        except DatabaseError as error:
            if type(error) is DatabaseError:  # what SQLite says of a damaged file; subclasses are faults of ours
                raise Unavailable(f"the database is damaged: {_first_line(error)}", "restore a backup") from error
            raise

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()


def open_ledger(url: str, shadow: bool = False) -> DatabaseLedger:
    """Opens and, where that is safe, upgrades the database. `shadow`: see `pipelines.ports.Books`.

    Raises ConfigurationError for a URL or a schema that does not fit, Unavailable where nobody answers.
    """
    writer, reader = open_engines(database_url(url))
    try:
        make_ready(writer)
    except OperationalError as error:
        raise Unavailable(
            f"the database cannot be opened: {_first_line(error)}", "check MAILROOM_DATABASE_URL and that it runs"
        ) from error
    except DatabaseError as error:
        raise ConfigurationError(
            f"the database cannot be used: {_first_line(error)}", "name another file, or restore a backup"
        ) from error
    return DatabaseLedger(writer, reader, shadow)


def _first_line(error: DatabaseError) -> str:
    return str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
