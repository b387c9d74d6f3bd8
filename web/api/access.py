"""Bearer tokens: who calls, and what that role may do."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from connectors.database.people import Role, User
from web.api.problems import Problem
from web.context import House, house_of

_bearer = HTTPBearer(auto_error=False, description="a token made by `mailroom users token`")


def reader_of(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> User:
    """Whose token this is. Raises Problem 401."""
    user = None
    if given is not None:
        with house_of(request).read() as books:
            user = books.people.of_token(given.credentials)
    if user is None:
        raise Problem(401, "a valid bearer token is needed")
    return user


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
TheHouse = Annotated[House, Depends(house_of)]
