"""What a visitor or a program is told when something is wrong: one handler a kind of error, all in one table."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from models.errors import Unavailable
from web.api.problems import Problem, problem_answer, problem_of_validation
from web.context import Forbidden, House, SignInNeeded, Visitor, sign_in_path, visitor_of
from web.wording import words_for

API = "/api/v1"
log = logging.getLogger("mailroom.web")
_KNOWN = {404: ("not_found_title", "not_found"), 413: ("trouble_title", "too_large")}


def answer_troubles(app: FastAPI) -> None:
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)


def _is_api(request: Request) -> bool:
    return request.url.path.startswith(f"{API}/")


def _sign_in_first(request: Request, error: SignInNeeded) -> Response:
    return RedirectResponse(sign_in_path(error.then), 303)


def _told(request: Request, error: Problem) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else None
    return problem_answer(error, headers)


def _forbidden(request: Request, error: Forbidden) -> Response:
    return trouble_page(request, 403, "forbidden_title", "forbidden")


def _not_understood(request: Request, error: RequestValidationError) -> Response:
    if _is_api(request):
        return problem_answer(problem_of_validation(error.errors()))
    return trouble_page(request, 422, "trouble_title", "not_found")


def _refused(request: Request, error: HTTPException) -> Response:
    if _is_api(request):
        return problem_answer(Problem(error.status_code, str(error.detail)), error.headers)
    return trouble_page(request, error.status_code, *_KNOWN.get(error.status_code, ("trouble_title", "trouble")))


def _unavailable(request: Request, error: Unavailable) -> Response:
    log.warning("unavailable: %s", type(error).__name__)
    if _is_api(request):
        return problem_answer(Problem(503, "the ledger or the store does not answer: try again"), {"Retry-After": "5"})
    return trouble_page(request, 503, "trouble_title", "trouble", signed_in=False)


def _broken(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    if _is_api(request):
        return problem_answer(Problem(500, "this could not be finished; nothing was changed"))
    return trouble_page(request, 500, "trouble_title", "trouble", signed_in=False)


HANDLERS: dict[type[Exception], Callable[[Request, Any], Response]] = {
    SignInNeeded: _sign_in_first,
    Problem: _told,
    Forbidden: _forbidden,
    RequestValidationError: _not_understood,
    HTTPException: _refused,
    Unavailable: _unavailable,
    Exception: _broken,
}


def trouble_page(request: Request, status: int, title: str, text: str, *, signed_in: bool = True) -> Response:
    """A friendly page. With `signed_in` False the ledger is not asked who is looking: it may be what is broken."""
    house: House = request.app.state.house
    if signed_in:
        visitor = visitor_of(request)
    else:
        words = words_for(request.cookies.get("mailroom-language"), house.options.language)
        session = house.sessions.begin(house.now())
        visitor = Visitor(house=house, session=session, words=words, user=None, back="/queue")
    words = visitor.words
    return visitor.show("trouble.html", status, title=words(title), text=words(text), detail="")
