"""Who is visiting, and what the pages and the API work with. Kept on `app.state.house`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, cast
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from connectors.database import DatabaseBooks, DatabaseLedger
from connectors.database.people import Role, User
from pipelines.answer_groups import AnswerGroups
from pipelines.services import Services
from web.options import Options
from web.pages import render
from web.security.sessions import COOKIE, Session, Sessions
from web.security.throttle import Throttle
from web.wording import Words, words_for

LANGUAGE_COOKIE = "mailroom-language"
NOTICE_COOKIE = "mailroom-notice"


@dataclass(slots=True)
class House:
    """The services the web is given, and what it remembers itself."""

    services: Services
    options: Options
    sessions: Sessions
    throttle: Throttle = field(default_factory=Throttle)
    single_answers: AnswerGroups = field(init=False)

    def __post_init__(self) -> None:
        self.single_answers = AnswerGroups(self.services.ledger)

    @property
    def ledger(self) -> DatabaseLedger:
        """The ledger with the desk's own books."""
        return cast(DatabaseLedger, self.services.ledger)

    def read(self) -> AbstractContextManager[DatabaseBooks]:
        return self.ledger.read()

    def write(self) -> AbstractContextManager[DatabaseBooks]:
        return self.ledger.write()

    def now(self) -> datetime:
        return self.services.now()


class SignInNeeded(Exception):
    """Sent to the sign-in page, and back afterwards."""

    def __init__(self, then: str) -> None:
        self.then = then


class Forbidden(Exception):
    """The visitor may not do this, or the form's token is wrong."""


@dataclass(slots=True)
class Visitor:
    """One request's visitor. Sessions are counted on the real clock, not on a frozen one."""

    house: House
    session: Session
    words: Words
    user: User | None
    back: str
    notice: str = ""
    shadow: bool = False

    @property
    def form_token(self) -> str:
        return self.house.sessions.form_token(self.session)

    def may(self, *roles: Role) -> bool:
        return self.user is not None and self.user.role in roles

    def show(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        page = render(template, {"visitor": self, "w": self.words, "here": "", **values}, status)
        if self.notice:
            page.delete_cookie(NOTICE_COOKIE)
        return page


def house_of(request: Request) -> House:
    return cast(House, request.app.state.house)


async def the_house(request: Request) -> House:
    """For `Depends`: what is not async is carried to another thread and back."""
    return house_of(request)


def visitor_of(request: Request) -> Visitor:
    """Anybody, signed in or not. A user disabled meanwhile, or given another password, is nobody."""
    house = house_of(request)
    words = words_for(request.cookies.get(LANGUAGE_COOKIE), house.options.language)
    now = datetime.now().astimezone()
    session = house.sessions.read(request.cookies.get(COOKIE), now)
    user = None
    if session is not None and session.signed_in:
        with house.read() as books:
            user = books.people.get(session.user)
        if user is None or user.disabled_at is not None or user.seal != session.seal:
            user, session = None, None
    notice = request.cookies.get(NOTICE_COOKIE, "")
    return Visitor(
        house=house,
        session=session or house.sessions.begin(now),
        words=words,
        user=user,
        back=_here(request) if request.method == "GET" else "/queue",
        notice=words(notice) if user and notice in NOTICES else "",
        shadow=house.services.shadow,
    )


# What a page may say after a redirect: keys of the catalogue, so that nobody can put words there.
NOTICES = frozenset(
    {
        "item_settled",
        "item_filed",
        "item_refused",
        "last_one",
        "reopened",
        "reprocessed",
        "looked_many",
        "replayed",
        "hold_lifted",
        "hold_reviewed",
        "payment_booked",
        "payment_corrected",
        "payment_put_back",
        "payment_dismissed",
        "nothing_to_deposit",
        "cheque_placed",
        "status_ours_kept",
        "status_theirs_taken",
        "debtors_linked",
        "debtors_unlinked",
    }
)


def _here(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query


def operator_of(request: Request, visitor: Annotated[Visitor, Depends(visitor_of)]) -> Visitor:
    """Somebody signed in, whatever the role. Raises SignInNeeded."""
    if visitor.user is None:
        raise SignInNeeded(_here(request) if request.method == "GET" else "/queue")
    return visitor


async def form_of(request: Request) -> FormData:
    return await request.form()


def checked_form(
    request: Request,
    visitor: Annotated[Visitor, Depends(visitor_of)],
    form: Annotated[FormData, Depends(form_of)],
) -> FormData:
    """The posted form of a page of ours. Raises Forbidden where its token is missing or another session's."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    token = str(form.get("form_token", ""))
    if site not in ("same-origin", "none") or not visitor.house.sessions.form_token_fits(visitor.session, token):
        raise Forbidden
    return form


def decider_of(visitor: Annotated[Visitor, Depends(operator_of)]) -> Visitor:
    """Who may decide: everybody but auditors. Raises Forbidden."""
    if not visitor.may(Role.OPERATOR, Role.SUPERVISOR, Role.ADMIN):
        raise Forbidden
    return visitor


def supervisor_of(visitor: Annotated[Visitor, Depends(operator_of)]) -> Visitor:
    if not visitor.may(Role.SUPERVISOR, Role.ADMIN):
        raise Forbidden
    return visitor


def local_path(text: str) -> str:
    """A path of this site, never another site's address."""
    plain = text.startswith("/") and not text.startswith(("//", "/\\")) and "\n" not in text and "\r" not in text
    return text if plain else "/queue"


def sign_in_path(then: str) -> str:
    return f"/sign-in?then={quote(then, safe='')}"


AnyVisitor = Annotated[Visitor, Depends(visitor_of)]
Operator = Annotated[Visitor, Depends(operator_of)]
Decider = Annotated[Visitor, Depends(decider_of)]
Supervisor = Annotated[Visitor, Depends(supervisor_of)]
Form = Annotated[FormData, Depends(checked_form)]
