"""The application: the desk, the API under `/api/v1`, health. `create_app(services)` is all others need."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import Scope

from models.errors import Unavailable
from pipelines.services import Services
from web import health
from web.api import books, debtors, events, gate, holds, items, lots
from web.api.problems import Problem, problem_answer, problem_of_validation
from web.context import Forbidden, House, SignInNeeded, Visitor, sign_in_path, visitor_of
from web.desk import archive, claims, door, figures, item, lists, money, queue
from web.desk import events as desk_events
from web.desk import holds as desk_holds
from web.options import Options
from web.pages import STATIC
from web.security.headers import BodyLimit, SecurityHeaders
from web.security.sessions import Sessions
from web.wording import words_for

API = "/api/v1"
log = logging.getLogger("mailroom.web")


def create_app(services: Services, options: Options | None = None) -> FastAPI:
    """Without `options` sessions end with this process and the desk speaks French."""
    options = options or Options()
    app = FastAPI(
        title="Mailroom",
        version="1",
        description="Mail in, claims held, reminders asked for, events out. Money is a decimal string with a point.",
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        lifespan=_open_hours,
    )
    app.state.house = House(services, options, Sessions(options.secret_key, options.session_hours))
    api = APIRouter(prefix=API)
    for part in (items, holds, books, lots, debtors, gate, events):
        api.include_router(part.router)
    app.include_router(api)
    app.include_router(health.router)
    for page in (desk_holds, door, queue, item, archive, lists, claims, money, figures, desk_events):
        app.include_router(page.router, include_in_schema=False)
    app.mount("/static", KeptFiles(directory=STATIC), name="static")
    _answer_troubles(app)
    app.add_middleware(BodyLimit, limit_of=lambda path: _limit(path, options))
    app.add_middleware(SecurityHeaders, hsts=options.hsts)
    return app


@asynccontextmanager
async def _open_hours(app: FastAPI) -> AsyncIterator[None]:
    """Answers of the gate that wait for their group are kept before the process ends."""
    yield
    app.state.house.single_answers.close()


class KeptFiles(StaticFiles):
    """Their address changes with their content, so browsers may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        if answer.status_code == HTTPStatus.OK:
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def _limit(path: str, options: Options) -> int:
    if path == f"{API}/items":
        return options.upload_bytes
    return options.body_bytes if path.startswith(f"{API}/") else options.form_bytes


def _answer_troubles(app: FastAPI) -> None:
    def is_api(request: Request) -> bool:
        return request.url.path.startswith(f"{API}/")

    @app.exception_handler(SignInNeeded)
    def sign_in_first(request: Request, error: SignInNeeded) -> Response:
        return RedirectResponse(sign_in_path(error.then), 303)

    @app.exception_handler(Problem)
    def told(request: Request, error: Problem) -> Response:
        headers = {"WWW-Authenticate": "Bearer"} if error.status == HTTPStatus.UNAUTHORIZED else None
        return problem_answer(error, headers)

    @app.exception_handler(Forbidden)
    def forbidden(request: Request, error: Forbidden) -> Response:
        return trouble_page(request, 403, "forbidden_title", "forbidden")

    @app.exception_handler(RequestValidationError)
    def not_understood(request: Request, error: RequestValidationError) -> Response:
        problem = problem_of_validation(error.errors())
        return problem_answer(problem) if is_api(request) else trouble_page(request, 422, "trouble_title", "not_found")

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        if is_api(request):
            return problem_answer(Problem(error.status_code, str(error.detail)), error.headers)
        known = {404: ("not_found_title", "not_found"), 413: ("trouble_title", "too_large")}
        return trouble_page(request, error.status_code, *known.get(error.status_code, ("trouble_title", "trouble")))

    @app.exception_handler(Unavailable)
    def unavailable(request: Request, error: Unavailable) -> Response:
        log.warning("unavailable: %s", type(error).__name__)
        if is_api(request):
            return problem_answer(
                Problem(503, "the ledger or the store does not answer: try again"), {"Retry-After": "5"}
            )
        return trouble_page(request, 503, "trouble_title", "trouble", signed_in=False)

    @app.exception_handler(Exception)
    def broken(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        if is_api(request):
            return problem_answer(Problem(500, "this could not be finished; nothing was changed"))
        return trouble_page(request, 500, "trouble_title", "trouble", signed_in=False)


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
