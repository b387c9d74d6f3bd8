"""Who may sign in, with which role, and the tokens of programs. Passwords by argon2, tokens by their hash only."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, and_, bindparam, select, update

from connectors.database.statements import insert_many, insert_new
from connectors.database.tables import tokens, users

LEAST_PASSWORD = 10  # characters
_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Verified against when there is no such user, so that the time taken does not say who exists."""
    return _hasher.hash(secrets.token_hex())


class Role(StrEnum):
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    name: str
    role: Role
    added_at: datetime
    disabled_at: datetime | None = None
    seal: str = ""  # changes with the password: a session signed under another one is over


@dataclass(frozen=True, slots=True)
class Token:
    """`text` only when it is made: afterwards nobody can show it again."""

    token_id: str
    user: str
    label: str
    added_at: datetime
    text: str = ""


# Built once: every call of the API asks.
_OF_TOKEN = (
    select(users)
    .join(tokens, tokens.c.user == users.c.name)
    .where(tokens.c.sha256 == bindparam("sha256"), tokens.c.revoked_at.is_(None), users.c.disabled_at.is_(None))
)


class PeopleRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, name: str, password: str, role: Role | str, at: datetime) -> bool:
        """False where the name is taken. Raises ValueError for a short password, an empty name, an unknown role."""
        if not name.strip():
            raise ValueError("a user needs a name")
        row = {"name": name.strip(), "password": _hashed(password), "role": Role(role), "added_at": at}
        return insert_new(self._connection, users, row)

    def verify(self, name: str, password: str) -> User | None:
        """None for a wrong password, an unknown name, a disabled user, in about the same time."""
        row = self._connection.execute(select(users).where(users.c.name == name)).first()
        try:
            _hasher.verify(row.password if row else _nobody(), password)
        except (VerificationError, InvalidHashError):
            return None
        return _user(row) if row and row.disabled_at is None else None

    def get(self, name: str) -> User | None:
        """Also one that is disabled: look at `disabled_at`."""
        row = self._connection.execute(select(users).where(users.c.name == name)).first()
        return _user(row) if row else None

    def all(self) -> list[User]:
        return [_user(row) for row in self._connection.execute(select(users).order_by(users.c.name))]

    def set_password(self, name: str, password: str) -> bool:
        return self._set(name, password=_hashed(password))

    def set_role(self, name: str, role: Role | str) -> bool:
        return self._set(name, role=Role(role))

    def disable(self, name: str, at: datetime) -> bool:
        """Tokens of the user stop working too."""
        return self._set(name, disabled_at=at)

    def enable(self, name: str) -> bool:
        return self._set(name, disabled_at=None)

    def _set(self, name: str, **values: Any) -> bool:
        return self._connection.execute(update(users).where(users.c.name == name).values(values)).rowcount == 1

    def add_token(self, user: str, label: str, at: datetime) -> Token:
        """Raises KeyError for an unknown user."""
        if self.get(user) is None:
            raise KeyError(user)
        token = Token(str(uuid.uuid4()), user, label, at, f"mr_{secrets.token_urlsafe(32)}")
        row = {"token_id": token.token_id, "user": user, "label": label, "added_at": at}
        insert_many(self._connection, tokens, [{**row, "sha256": _sha256(token.text)}])
        return token

    def of_token(self, text: str) -> User | None:
        """Whose token this is; None where it is unknown or revoked, or its user disabled."""
        row = self._connection.execute(_OF_TOKEN, {"sha256": _sha256(text)}).first()
        return _user(row) if row else None

    def tokens(self, user: str | None = None) -> list[Token]:
        """Those not revoked, without their text."""
        wanted = select(tokens).where(tokens.c.revoked_at.is_(None)).order_by(tokens.c.added_at)
        if user is not None:
            wanted = wanted.where(tokens.c.user == user)
        return [Token(row.token_id, row.user, row.label, row.added_at) for row in self._connection.execute(wanted)]

    def revoke_token(self, token_id: str, at: datetime) -> bool:
        valid = and_(tokens.c.token_id == token_id, tokens.c.revoked_at.is_(None))
        return self._connection.execute(update(tokens).where(valid).values(revoked_at=at)).rowcount == 1


def _hashed(password: str) -> str:
    if len(password) < LEAST_PASSWORD:
        raise ValueError(f"a password needs at least {LEAST_PASSWORD} characters")
    return _hasher.hash(password)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()  # tokens are random: no slow hash is needed


def _user(row: Row[Any]) -> User:
    return User(row.name, Role(row.role), row.added_at, row.disabled_at, _sha256(row.password)[:16])
