"""What was refused, and what is settled."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from fastapi import APIRouter
from fastapi.responses import Response

from connectors.database.desk import QueueFilter
from models.item import Stage
from pipelines.refusal import due_of
from web.context import Operator, Visitor
from web.desk.queue import ROWS, row_of, turn_of
from web.wording import PARIS

router = APIRouter()


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


def _list(visitor: Visitor, name: str, wanted: QueueFilter, query: dict[str, str], start: int) -> Response:
    start = max(0, start)
    with visitor.house.read() as books:
        total = books.desk.count(wanted)
        entries = books.desk.queue(wanted, start, ROWS)
        waiting = books.desk.count(QueueFilter())
    now = visitor.house.now()
    return visitor.show(
        "list.html",
        here=name,
        waiting=waiting,
        name=name,
        rows=[row_of(entry, now, visitor.words) for entry in entries],
        look_by=[due_of(entry.unseen, entry.received_at) if entry.unseen else None for entry in entries],
        now=now,
        chosen=query,
        narrowed=any(query.values()),
        turn=turn_of(f"/{name}", query, start, len(entries), total, ROWS),
    )
