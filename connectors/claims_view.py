"""The portfolio straight from the collection system's database: a view with the columns of `claims.csv`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection, column, create_engine, inspect, select, table
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from connectors.bad_rows import BadField, BadRow
from connectors.claims_file import COLUMNS, NEEDED, claim_from
from models.claim import Claim
from models.errors import ConfigurationError, Unavailable

_NAME = re.compile(r"(?:(\w+)\.)?(\w+)")
_BATCH = 2_000


@dataclass
class ClaimsView:
    """As `ClaimsFile`: `claims` reads as it is consumed, `bad` and `unknown_statuses` fill meanwhile. A bad row's
    `line` is its number in the order in which the database gave them; its reason begins with the reference."""

    url: URL
    schema: str | None
    name: str
    columns: tuple[str, ...]
    language: str = "fr"
    bad: list[BadRow] = field(default_factory=list)
    unknown_statuses: Counter[str] = field(default_factory=Counter)

    @property
    def claims(self) -> Iterator[Claim]:
        self.bad.clear()
        self.unknown_statuses.clear()
        seen: dict[str, int] = {}
        for number, fields in enumerate(self._rows(), 1):
            try:
                claim = claim_from(fields, self.unknown_statuses)
                if claim.claim_ref in seen:
                    raise BadField("twice", "claim_ref", claim.claim_ref, seen[claim.claim_ref])
            except BadField as error:
                self.bad.append(BadRow(number, f"{fields['claim_ref'][:60]} {error.worded(self.language)}".strip()))
            else:
                seen[claim.claim_ref] = number
                yield claim

    def _rows(self) -> Iterator[dict[str, str]]:
        source = table(self.name, *(column(name) for name in self.columns), schema=self.schema)
        wanted = select(*(source.c[name].label(name.lower()) for name in self.columns))
        engine = create_engine(self.url)
        try:
            with engine.connect() as connection:
                for row in connection.execution_options(yield_per=_BATCH).execute(wanted):
                    yield {name: _as_text(name, value) for name, value in row._mapping.items()}
        except SQLAlchemyError as error:
            raise Unavailable(f"the claims' database does not answer: {_told(error)}", "try again later") from error
        finally:
            engine.dispose()


def read_claims_view(url: str, view: str, language: str = "fr") -> ClaimsView:
    """`view` is a name or schema.name. Raises ConfigurationError where it lacks a needed column or is not there."""
    name = _NAME.fullmatch(view)
    if name is None:
        raise ConfigurationError(f"{view!r} is not the name of a view", "write name or schema.name")
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError("the claims' database URL cannot be read", "write postgresql://host/name") from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    columns = _columns_of(parsed, name[1], name[2])
    missing = [needed for needed in NEEDED if needed not in {column.lower() for column in columns}]
    if missing:
        raise ConfigurationError(f"{view} has no column {missing[0]}", f"its columns are: {', '.join(COLUMNS)}")
    return ClaimsView(parsed, name[1], name[2], columns, language)


def _columns_of(url: URL, schema: str | None, name: str) -> tuple[str, ...]:
    """Those of ours that the view has, in its own spelling."""
    try:
        engine = create_engine(url)
        with engine.connect() as connection:
            return tuple(found for found in _names(connection, schema, name) if found.lower() in COLUMNS)
    except SQLAlchemyError as error:
        told = f"{name} cannot be read: {_told(error)}"
        raise ConfigurationError(told, "check the URL, the view and who may read it") from error
    except ImportError as error:
        raise ConfigurationError(f"no driver for this database: {error}", "pip install it beside Mailroom") from error


def _names(connection: Connection, schema: str | None, name: str) -> list[str]:
    return [str(found["name"]) for found in inspect(connection).get_columns(name, schema=schema)]


def _as_text(name: str, value: object) -> str:
    """As `claims.csv` would say it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Decimal) and name in ("balance", "principal", "fees"):
        return f"{value:.2f}"
    if isinstance(value, list | tuple):  # an array of PostgreSQL
        return ";".join(str(part) for part in value)
    return str(value)


def _told(error: SQLAlchemyError) -> str:
    """Its first line, without the statement."""
    return (str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__])[0]
