"""Events to be fetched, events sent again, and the addresses that are told of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from connectors.collection_system import new_webhook
from models.errors import ConfigurationError
from models.event import Event
from models.record import AuditEntry
from web.api.access import Admin, Reader, TheHouse, Writer
from web.api.bodies import WebhookBody
from web.api.problems import Problem

router = APIRouter(tags=["events"])


def event_json(event: Event) -> dict[str, Any]:
    """The webhook's body, and what a fetcher needs beside it."""
    return {
        "event_id": event.event_id,
        "type": event.type.value,
        "timestamp": event.occurred_at.isoformat(),
        "claim_ref": event.claim_ref,
        "sequence": event.sequence,
        "data": event.data,
        "cursor": event.cursor,
    }


@router.get("/events")
def events(
    house: TheHouse,
    caller: Reader,
    after: Annotated[int, Query(ge=0, description="`next` of the call before; 0 from the beginning")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """In the order they were written."""
    with house.read() as books:
        found = books.outbox.after(after, limit)
    return {"events": [event_json(event) for event in found], "next": found[-1].cursor if found else after}


@router.post("/events/{event_id}/replay", status_code=202)
def replay(house: TheHouse, caller: Writer, event_id: str) -> dict[str, Any]:
    """Sent again, from the first attempt, to every open webhook, with the same id."""
    with house.write() as books:
        try:
            told = books.outbox.replay(event_id)
        except KeyError:
            raise Problem(404, "no such event") from None
        books.trail.note(AuditEntry(house.now(), caller.name, "replayed", detail={"event_id": event_id}))
    return {"event_id": event_id, "webhooks": told}


@router.get("/webhooks")
def webhooks(house: TheHouse, caller: Admin) -> list[dict[str, Any]]:
    """Secrets are not shown again."""
    with house.read() as books:
        return [
            {
                "webhook_id": hook.endpoint_id,
                "url": hook.url,
                "added_at": hook.added_at.isoformat(),
                "added_by": hook.added_by,
                "active": hook.disabled_at is None,
                "reason": hook.disabled_reason,
            }
            for hook in books.webhooks.all()
        ]


@router.post("/webhooks", status_code=201)
def add_webhook(house: TheHouse, caller: Admin, body: WebhookBody) -> dict[str, Any]:
    """Told of every event from now on, signed as Standard Webhooks says. Only public addresses, and those that
    `MAILROOM_WEBHOOK_ALLOW` names, are called; that is checked again at each delivery."""
    with house.read() as books:
        if any(hook.url == body.url and hook.disabled_at is None for hook in books.webhooks.all()):
            raise Problem(409, "this address is told already")
    try:
        hook, secret = new_webhook(house.ledger, body.url, caller.name, house.now(), house.options.webhook_allow)
    except ConfigurationError as error:
        raise Problem(422, str(error)) from None
    with house.write() as books:
        books.trail.note(AuditEntry(house.now(), caller.name, "webhook_added", detail={"webhook_id": hook.endpoint_id}))
    return {"webhook_id": hook.endpoint_id, "url": hook.url, "secret": secret}


@router.delete("/webhooks/{webhook_id}", status_code=204)
def remove_webhook(house: TheHouse, caller: Admin, webhook_id: str) -> Response:
    with house.write() as books:
        if not books.webhooks.remove(webhook_id, house.now()):
            raise Problem(404, "no such webhook")
        books.trail.note(AuditEntry(house.now(), caller.name, "webhook_removed", detail={"webhook_id": webhook_id}))
    return Response(status_code=204)
