"""Signing in and out, and the language."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from web.context import LANGUAGE_COOKIE, AnyVisitor, Form, Visitor, local_path
from web.security.sessions import COOKIE, Session
from web.wording import LANGUAGES

router = APIRouter()
YEAR = 365 * 24 * 3600


@router.get("/")
def start() -> Response:
    return RedirectResponse("/queue", 303)


@router.get("/sign-in")
def sign_in_page(request: Request, visitor: AnyVisitor, then: str = "/queue", out: bool = False) -> Response:
    if visitor.user is not None:
        return RedirectResponse(local_path(then), 303)
    visitor.notice = visitor.words("signed_out") if out else ""
    page = visitor.show("sign_in.html", trouble="", name="", then=local_path(then))
    keep_session(request, page, visitor, visitor.session)
    return page


@router.post("/sign-in")
def sign_in(request: Request, visitor: AnyVisitor, form: Form) -> Response:
    name, password = str(form.get("name", "")).strip()[:200], str(form.get("password", ""))[:1000]
    then = local_path(str(form.get("then", "/queue")))
    keys = (("name", name.casefold()), ("address", request.client.host if request.client else ""))
    now = datetime.now().astimezone()
    throttle = visitor.house.throttle
    if wait := throttle.seconds_to_wait(keys, now):
        trouble = visitor.words("too_many_tries", wait)
        page = visitor.show("sign_in.html", 429, trouble=trouble, name=name, then=then)
        page.headers["Retry-After"] = str(wait)
        return page
    with visitor.house.read() as books:
        user = books.people.verify(name, password)
    if user is None:
        throttle.failed(keys, now)
        return visitor.show("sign_in.html", 401, trouble=visitor.words("wrong_credentials"), name=name, then=then)
    throttle.succeeded(name.casefold())
    answer = RedirectResponse(then, 303)
    keep_session(request, answer, visitor, visitor.house.sessions.begin(now, user.name, user.seal))
    return answer


@router.post("/sign-out")
def sign_out(visitor: AnyVisitor, form: Form) -> Response:
    answer = RedirectResponse("/sign-in?out=1", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.post("/language")
def language(request: Request, visitor: AnyVisitor, form: Form) -> Response:
    answer = RedirectResponse(local_path(str(form.get("back", "/queue"))), 303)
    chosen = str(form.get("language", ""))
    if chosen in LANGUAGES:
        secure = request.url.scheme == "https"
        answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, httponly=True, samesite="lax", secure=secure)
    return answer


def keep_session(request: Request, answer: Response, visitor: Visitor, session: Session) -> None:
    """Strict would ask who follows a link from an e-mail to sign in again; forms carry a token of their own."""
    answer.set_cookie(
        COOKIE,
        visitor.house.sessions.cookie(session),
        max_age=int(visitor.house.sessions.lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
