"""What went wrong, as problem documents (RFC 9457): one clear line, never a traceback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse

from web.wording import words_for

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 50


class Problem(Exception):
    """Something the caller can put right. `errors` names the fields, as (where, what)."""

    def __init__(self, status: int, detail: str, errors: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)


def problem_of_codes(status: int, codes: Sequence[str]) -> Problem:
    """What a step of the journey refused, in the words the desk has for it; English, like all problems."""
    words = words_for("en")
    return Problem(status, " ".join(words(code) for code in codes))


def problem_answer(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = [{"where": where, "what": what} for where, what in problem.errors[:MOST_ERRORS]]
    return JSONResponse(body, problem.status, dict(headers or {}), MEDIA_TYPE)


def problem_of_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """Pydantic's findings without the values that were sent: they may name a debtor."""
    named = [(".".join(str(part) for part in error["loc"]), str(error["msg"])) for error in errors[:MOST_ERRORS]]
    where, what = named[0] if named else ("body", "not understood")
    return Problem(422, f"{where}: {what}", named)
