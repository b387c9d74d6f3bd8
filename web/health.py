"""Is it alive, is it ready, what are its counts. No names, no references."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from models.errors import MailroomError
from web.context import house_of

router = APIRouter(tags=["health"])
ABSENT = "sha256/00/00/" + "0" * 64


@router.get("/healthz")
def alive() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/readyz")
def ready(request: Request) -> Response:
    """503 naming what does not answer: the ledger or the object store."""
    house = house_of(request)
    trouble: dict[str, str] = {}
    try:
        with house.read() as books:
            books.gate.in_the_building()
    except MailroomError as error:
        trouble["ledger"] = str(error)
    try:
        house.services.objects.size(ABSENT)
    except (MailroomError, OSError) as error:
        trouble["objects"] = type(error).__name__
    return JSONResponse({"status": "not ready", **trouble} if trouble else {"status": "ready"}, 503 if trouble else 200)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus text format 0.0.4."""
    house = house_of(request)
    with house.read() as books:
        stages = books.items.count_by_stage()
        deliveries = books.outbox.count_deliveries()
        urgency = books.desk.counts()["urgency"]
        building = books.gate.in_the_building()
        claims = books.claims.count()
        late = len(books.trail.answers_owed(house.now()))
    lines = [
        *_gauge("mailroom_items", "Items by stage.", {f'stage="{stage.value}"': n for stage, n in stages.items()}),
        *_gauge("mailroom_items_unread", "Received, not read yet.", {"": building.unread}),
        *_gauge(
            "mailroom_items_refused_unseen",
            "Could not be read, and nobody has looked whom from: they hold back every reminder.",
            {"": building.refused},
        ),
        *_gauge(
            "mailroom_items_urgent",
            "On the desk and urgent.",
            {"": sum(n for level, n in urgency.items() if int(level) > 0)},
        ),
        *_gauge("mailroom_claims", "Claims known.", {"": claims}),
        *_gauge("mailroom_answers_late", "Answers owed and past their time.", {"": late}),
        *_gauge(
            "mailroom_deliveries",
            "Deliveries of events by state.",
            {f'state="{state.value}"': n for state, n in deliveries.items()},
        ),
    ]
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4; charset=utf-8")


def _gauge(name: str, meaning: str, values: dict[str, int]) -> list[str]:
    head = [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
    return head + [f"{name}{{{labels}}} {value}" if labels else f"{name} {value}" for labels, value in values.items()]
