"""Statuses on which the collection system and we disagree: seen with what to look at, decided with a reason."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from connectors.database.desk import QueueFilter
from pipelines.disagreements import advice, decide_status
from web.context import Decider, Form, Operator, Visitor
from web.desk.item import say

router = APIRouter()
ROWS = 100
SAID = {"theirs": "status_theirs_taken", "ours": "status_ours_kept"}


@router.get("/claims/conflicts")
def conflicts(visitor: Operator) -> Response:
    return _show(visitor)


def _show(visitor: Visitor, wrong: str = "", troubles: tuple[str, ...] = (), status: int = 200) -> Response:
    now = visitor.house.now()
    with visitor.house.read() as books:
        waiting = books.conflicts.waiting(ROWS)
        refs = [one.claim_ref for one in waiting]
        values = {
            "total": books.conflicts.count(),
            "claims": books.claims.get_many(refs),
            "holds": books.holds.on_claims(refs, now),
            "waiting": books.desk.count(QueueFilter()),
        }
    return visitor.show(
        "conflicts.html",
        status,
        here="claims",
        rows=[(one, visitor.words(f"advice_{advice(one)}"), visitor.words.age(now - one.since)) for one in waiting],
        wrong=wrong,
        troubles=[visitor.words(code) for code in troubles],
        **values,
    )


@router.post("/claims/conflicts")
def decide(visitor: Decider, form: Form) -> Response:
    """`action`: theirs or ours. Nothing is done where their status has changed since the page was shown."""
    ref, theirs, note = (str(form.get(name, "")).strip()[:500] for name in ("ref", "theirs", "note"))
    outcome = "theirs" if form.get("action") == "theirs" else "ours"
    name = visitor.user.name if visitor.user else ""
    with visitor.house.write() as books:
        wrong = decide_status(books, ref, outcome, visitor.house.now(), name, note, theirs)
    if wrong:
        return _show(visitor, ref, tuple(wrong), 409 if "conflict_gone" in wrong else 422)
    answer = RedirectResponse("/claims/conflicts", 303)
    say(answer, SAID[outcome])
    return answer
