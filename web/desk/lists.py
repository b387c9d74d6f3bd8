"""What was refused, and what is settled."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from connectors.database.desk import QueueFilter
from connectors.database.people import Role
from models.decision import Judgement
from models.errors import Conflict
from models.item import Stage
from pipelines.refusal import due_of
from pipelines.review import apply_judgement
from web.context import Decider, Form, Operator, Visitor
from web.desk.item import say
from web.desk.queue import ROWS, row_of, turn_of
from web.wording import PARIS

router = APIRouter()
UNSEEN = "/refused?unseen=1"


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def bounds_of(day: date) -> tuple[datetime, datetime]:
    """From midnight to midnight in France, in UTC."""
    start = datetime.combine(day, time(), PARIS)
    return start.astimezone(UTC), datetime.combine(day + timedelta(days=1), time(), PARIS).astimezone(UTC)


@router.get("/refused")
def refused(visitor: Operator, q: str = "", unseen: bool = False, start: int = 0) -> Response:
    """`unseen`: those that no person has looked at, the oldest first."""
    wanted = QueueFilter(stages=(Stage.REFUSED,), text=q.strip()[:100], unseen=unseen, newest_first=not unseen)
    return _list(visitor, "refused", wanted, {"q": q, "unseen": "1" if unseen else ""}, start)


@router.get("/settled")
def settled(visitor: Operator, q: str = "", day: str = "", outcome: str = "", start: int = 0) -> Response:
    chosen = day_of(day)
    since, until = bounds_of(chosen) if chosen else (None, None)
    wanted = QueueFilter(
        stages=(Stage.SETTLED,),
        newest_first=True,
        text=q.strip()[:100],
        since=since,
        until=until,
        outcome=outcome if outcome in ("applied", "filed") else None,
    )
    query = {"q": q, "day": day if chosen else "", "outcome": wanted.outcome or ""}
    return _list(visitor, "settled", wanted, query, start)


@router.post("/refused/looked")
def looked(visitor: Decider, form: Form) -> Response:
    """A person looked at each file ticked and there is nothing in any: one judgement each, with the same words.

    One that somebody decided, or that was read again, since the page was shown stays as it is and is told.
    """
    ticked = [str(one).partition(":") for one in form.getlist("looked")[:ROWS]]
    note, versions = str(form.get("note", "")).strip()[:500], {ref: version for version, _, ref in ticked}
    troubles = [code for code, wrong in (("look_none", not versions), ("need_note", not note)) if wrong]
    if troubles:
        return _unseen(visitor, troubles, note, frozenset(versions), 422)
    done = sum(_nothing_in(visitor, ref, version, note) for ref, version in versions.items())
    if done < len(versions):
        return _unseen(visitor, ["look_changed"], note, frozenset(), 409)
    answer = RedirectResponse(UNSEEN, 303)
    say(answer, "looked_many")
    return answer


def _nothing_in(visitor: Visitor, item_id: str, version: str, note: str) -> bool:
    """False where it is no longer the unseen file that the person ticked."""
    house, name = visitor.house, visitor.user.name if visitor.user else ""
    with house.read() as books:
        item = books.items.item(item_id)
    if item is None or not item.unseen or str(item.version) != version:
        return False
    try:
        apply_judgement(house.services, Judgement(item_id, item.version, name, house.now(), "refuse", reason=note))
    except Conflict:
        return False
    return True


def _unseen(visitor: Visitor, troubles: list[str], note: str, ticked: frozenset[str], status: int) -> Response:
    wanted = QueueFilter(stages=(Stage.REFUSED,), unseen=True)
    said = {"troubles": [visitor.words(code) for code in troubles], "note": note, "ticked": ticked}
    return _list(visitor, "refused", wanted, {"q": "", "unseen": "1"}, 0, status, **said)


def _list(
    visitor: Visitor,
    name: str,
    wanted: QueueFilter,
    query: dict[str, str],
    start: int,
    status: int = 200,
    **said: object,
) -> Response:
    start = max(0, start)
    with visitor.house.read() as books:
        total = books.desk.count(wanted)
        entries = books.desk.queue(wanted, start, ROWS)
        waiting = books.desk.count(QueueFilter())
    now = visitor.house.now()
    deciding = visitor.may(Role.OPERATOR, Role.SUPERVISOR, Role.ADMIN)
    return visitor.show(
        "list.html",
        status,
        here=name,
        waiting=waiting,
        name=name,
        rows=[row_of(entry, now, visitor.words) for entry in entries],
        look_by=[due_of(entry.unseen, entry.received_at) if entry.unseen else None for entry in entries],
        now=now,
        chosen=query,
        narrowed=any(query.values()),
        turn=turn_of(f"/{name}", query, start, len(entries), total, ROWS),
        many=deciding and any(entry.unseen for entry in entries),
        **{"troubles": [], "note": "", "ticked": frozenset(), **said},
    )
