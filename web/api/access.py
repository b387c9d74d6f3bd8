"""Bearer tokens: who calls, and what that role may do."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from connectors.database import DatabaseBooks
from connectors.database.people import Role, User
from web.api.problems import Problem
from web.context import House, house_of, the_house

NEEDED = "a valid bearer token is needed"
_bearer = HTTPBearer(auto_error=False, description="a token made by `mailroom users token`")


async def bearer_of(given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str:
    """The token's text, looked at by nobody yet. Raises Problem 401 where there is none."""
    if given is None:
        raise Problem(401, NEEDED)
    return given.credentials


Bearer = Annotated[str, Depends(bearer_of)]


def caller_in(books: DatabaseBooks, token: str) -> User:
    """Whose token this is. Raises Problem 401."""
    user = books.people.of_token(token)
    if user is None:
        raise Problem(401, NEEDED)
    return user


def reader_of(request: Request, token: Bearer) -> User:
    with house_of(request).read() as books:
        return caller_in(books, token)


def writer_of(user: Annotated[User, Depends(reader_of)]) -> User:
    if user.role is Role.AUDITOR:
        raise Problem(403, "an auditor's token reads only")
    return user


def admin_of(user: Annotated[User, Depends(reader_of)]) -> User:
    if user.role is not Role.ADMIN:
        raise Problem(403, "this needs an administrator's token")
    return user


Reader = Annotated[User, Depends(reader_of)]
Writer = Annotated[User, Depends(writer_of)]
Admin = Annotated[User, Depends(admin_of)]
TheHouse = Annotated[House, Depends(the_house)]
