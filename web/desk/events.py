"""What was told to the collection system, what it did not take, and whom we tell. For supervisors."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from connectors.database.desk import QueueFilter
from models.event import Delivery
from models.record import AuditEntry
from web.context import Form, Supervisor
from web.desk.item import say

router = APIRouter()


@router.get("/events")
def events(visitor: Supervisor) -> Response:
    with visitor.house.read() as books:
        values: dict[str, Any] = {
            "dead": books.outbox.dead(),
            "pending": books.outbox.deliveries(Delivery.PENDING, limit=50),
            "counts": books.outbox.count_deliveries(),
            "webhooks": books.webhooks.all(),
            "waiting": books.desk.count(QueueFilter()),
        }
    return visitor.show("events.html", here="events", **values)


@router.post("/events/{event_id}/replay")
def replay(visitor: Supervisor, event_id: str, form: Form) -> Response:
    now = visitor.house.now()
    with visitor.house.write() as books:
        try:
            books.outbox.replay(event_id)
        except KeyError:
            raise HTTPException(404) from None
        name = visitor.user.name if visitor.user else ""
        books.trail.note(AuditEntry(now, name, "replayed", detail={"event_id": event_id}))
    answer = RedirectResponse("/events", 303)
    say(answer, "replayed")
    return answer
