"""Holds that a person lifts, or lets run on under a new review date, from the claim's page."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from pipelines.lifting import NotLiftable, lift, look_again
from web.context import NOTICE_COOKIE, Decider, Form
from web.desk.lists import day_of

router = APIRouter()
REVIEW_AGAIN = timedelta(days=30)  # where the form names no day


@router.post("/holds/decide")
def decide(visitor: Decider, form: Form) -> Response:
    """`action`: lift or review. A reason is needed; why it was not done is said on a page of its own."""
    ref, hold_id, reason = (str(form.get(name, "")).strip()[:1000] for name in ("ref", "hold_id", "reason"))
    name, house = (visitor.user.name if visitor.user else ""), visitor.house
    now = house.now()
    lifted = form.get("action") == "lift"
    try:
        with house.write() as books:
            if lifted:
                lift(books, house.services.policy, hold_id, now, name, reason)
            else:
                day = day_of(str(form.get("review_on", ""))) or (now + REVIEW_AGAIN).date()
                look_again(books, hold_id, day, now, name, reason)
    except NotLiftable as error:
        said = error.worded(visitor.words.language)
        return visitor.show("trouble.html", 422, title=visitor.words("holds_in_force"), text=said, detail="")
    answer = RedirectResponse(f"/claims/view?ref={quote(ref, safe='')}", 303)
    answer.set_cookie(
        NOTICE_COOKIE, "hold_lifted" if lifted else "hold_reviewed", max_age=60, httponly=True, samesite="lax"
    )
    return answer
