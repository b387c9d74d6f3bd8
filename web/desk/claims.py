"""Claims: found, and one with everything that is known of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from connectors.database.desk import QueueFilter
from models.gate import Question, Standing, Stop
from models.hold import Channel
from models.item import Stage
from pipelines.debtors import NotLinkable
from pipelines.debtors import link as link_debtors
from pipelines.debtors import unlink as unlink_debtors
from pipelines.gate import answer
from web.context import NOTICE_COOKIE, Decider, Form, Operator, Visitor
from web.desk.queue import ROWS, row_of

router = APIRouter()
EVERY_STAGE = tuple(Stage)


@router.get("/claims")
def claims(visitor: Operator, q: str = "") -> Response:
    text = q.strip()[:100]
    with visitor.house.read() as books:
        found = books.claims.search(text, ROWS) if len(text) >= 2 else []
        holds = books.holds.on_claims([claim.claim_ref for claim in found], visitor.house.now()) if found else {}
        total = books.claims.count()
        waiting = books.desk.count(QueueFilter())
        conflicts = books.conflicts.count()
    return visitor.show(
        "claims.html",
        here="claims",
        waiting=waiting,
        q=q,
        asked=len(text) >= 2,
        found=found,
        holds=holds,
        total=total,
        conflicts=conflicts,
    )


@router.get("/claims/view")
def claim(visitor: Operator, ref: str) -> Response:
    """What the gate would say is worked out here without being kept: looking is not asking."""
    now = visitor.house.now()
    with visitor.house.read() as books:
        found = books.claims.get(ref)
        if found is None:
            raise HTTPException(404)
        in_force = books.holds.on_claims([ref], now).get(ref, [])
        ever = books.holds.of_claim(ref)
        entries = books.desk.queue(QueueFilter(stages=EVERY_STAGE, claim_ref=ref, newest_first=True), 0, ROWS)
        building = books.gate.in_the_building()
        others = [other for other in books.claims.of_debtor(found.debtor_ref) if other.claim_ref != ref]
        values: dict[str, Any] = {
            "payments": books.trail.payments_of(ref),
            "events": books.outbox.of_claim(ref)[-100:][::-1],
            "trail": books.trail.of_claim(ref)[-200:][::-1],
            "waiting": books.desk.count(QueueFilter()),
            "conflict": books.conflicts.of(ref),
            "links": books.debtors.links_of(ref),
            "suspects": list(books.claims.get_many(books.debtors.suspects(found)).values()),
        }
    stops = [Stop.of(hold) for hold in in_force]
    said = answer(Question(ref, Channel.LETTER), Standing.of(found), stops, building, now)
    return visitor.show(
        "claim.html",
        here="claims",
        claim=found,
        in_force=in_force,
        ended=[hold for hold in ever if hold not in in_force][::-1],
        rows=[row_of(entry, now, visitor.words) for entry in entries],
        others=others,
        said=said,
        **values,
    )


@router.post("/claims/link")
def link(visitor: Decider, form: Form) -> Response:
    return _linked(visitor, form, link_debtors, "debtors_linked")


@router.post("/claims/unlink")
def unlink(visitor: Decider, form: Form) -> Response:
    return _linked(visitor, form, unlink_debtors, "debtors_unlinked")


def _linked(visitor: Visitor, form: Form, act: Callable[..., Any], notice: str) -> Response:
    """A reason is needed; what cannot be linked is said on a page of its own."""
    ref, other, reason = (str(form.get(name, "")).strip()[:1000] for name in ("ref", "other", "reason"))
    name = visitor.user.name if visitor.user else ""
    try:
        with visitor.house.write() as books:
            act(books, ref, other, reason, visitor.house.now(), name)
    except NotLinkable as error:
        said = error.worded(visitor.words.language)
        return visitor.show("trouble.html", 422, title=visitor.words("debtor_links"), text=said, detail="")
    answer = RedirectResponse(f"/claims/view?ref={quote(ref, safe='')}", 303)
    answer.set_cookie(NOTICE_COOKIE, notice, max_age=60, httponly=True, samesite="lax")
    return answer
