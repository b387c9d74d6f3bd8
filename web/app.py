"""The application: the desk, the API under `/api/v1`, health. `create_app(services)` is all others need."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from fastapi import APIRouter, FastAPI
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from pipelines.services import Services
from web import health
from web.api import books, conflicts, debtors, events, gate, holds, items, lots, payments
from web.context import House
from web.desk import archive, claims, door, figures, item, lists, money, queue
from web.desk import conflicts as desk_conflicts
from web.desk import events as desk_events
from web.desk import holds as desk_holds
from web.desk import payments as desk_payments
from web.options import Options
from web.pages import STATIC
from web.security.headers import BodyLimit, SecurityHeaders
from web.security.sessions import Sessions
from web.troubles import API, answer_troubles

PAGES = (
    desk_holds,
    door,
    queue,
    item,
    archive,
    lists,
    claims,
    desk_conflicts,
    money,
    desk_payments,
    figures,
    desk_events,
)
# The gate first: it is asked most, and routes are tried in order.
API_PARTS = (gate, items, holds, books, conflicts, payments, lots, debtors, events)


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
    for part in API_PARTS:
        api.include_router(part.router)
    app.include_router(api)
    app.include_router(health.router)
    for page in PAGES:
        app.include_router(page.router, include_in_schema=False)
    app.mount("/static", KeptFiles(directory=STATIC), name="static")
    answer_troubles(app)
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
