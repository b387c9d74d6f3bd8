"""Mail in over HTTP, and what became of it."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Header, Query, Response, UploadFile

from connectors.database import DatabaseBooks
from connectors.database.desk import QueueEntry, QueueFilter
from models.item import Receipt, Stage, item_id_for
from pipelines.answers import answer_gone
from pipelines.receive import receive
from pipelines.results import result_of
from web.api.access import Reader, TheHouse, Writer
from web.api.bodies import AnswerBody, Moment
from web.api.problems import Problem

router = APIRouter(tags=["items"])
LOOK_BACK = timedelta(days=7)  # how far an item not yet cut out of its file is looked for


@router.post("/items", status_code=202)
def add_item(
    house: TheHouse,
    caller: Writer,
    answer: Response,
    file: Annotated[UploadFile, File(description="a letter, a batch, an e-mail: any kind the mail room reads")],
    received_at: Annotated[Moment | None, Form()] = None,
    mail_received_on: Annotated[date | None, Form()] = None,
    lot_id: Annotated[str | None, Form(max_length=200)] = None,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> dict[str, Any]:
    """Stored before this returns. The same file, or the same `Idempotency-Key`, twice is one item."""
    content = file.file.read()
    source_key = f"api:{caller.name}#{idempotency_key}" if idempotency_key else None
    receipt = receive(
        house.services,
        file.filename or "unnamed",
        content,
        origin="api",
        source_key=source_key,
        received_at=received_at,
        mail_received_on=mail_received_on,
        lot_id=lot_id or None,
        operator=caller.name,
    )
    if receipt.sha256 != hashlib.sha256(content).hexdigest():
        raise Problem(409, "this Idempotency-Key came before with another file")
    item_id = item_id_for(receipt.receipt_id, 0)
    answer.headers["Location"] = f"/api/v1/items/{item_id}"
    return {"item_id": item_id, "receipt_id": receipt.receipt_id, "sha256": receipt.sha256, "stage": receipt.stage}


@router.get("/items/{item_id}")
def one_item(house: TheHouse, caller: Reader, item_id: str) -> dict[str, Any]:
    """The item as in the results file; a file not opened yet says so. A receipt's id lists its items."""
    with house.read() as books:
        record = books.items.record(item_id)
        if record is not None:
            owed = books.trail.answers_of(item_id)
            return {
                **result_of(record, house.options.language),
                "receipt_id": record.receipt.receipt_id,
                "version": record.item.version,
                "answers": [
                    {
                        "kind": due.kind,
                        "due_at": due.due_at.isoformat(),
                        "sent_at": due.sent_at.isoformat() if due.sent_at else None,
                    }
                    for due in owed
                ],
            }
        receipt = books.items.receipt(item_id) or _waiting(books, house, item_id)
        if receipt is None:
            raise Problem(404, "no such item")
        items = [item.item_id for item in books.items.items_of(receipt.receipt_id)]
    return {
        "item_id": item_id_for(receipt.receipt_id, 0),
        "receipt_id": receipt.receipt_id,
        "file": receipt.file_name,
        "sha256": receipt.sha256,
        "received_at": receipt.received_at.isoformat(),
        "stage": receipt.stage,
        "items": items,
    }


def _waiting(books: DatabaseBooks, house: TheHouse, item_id: str) -> Receipt | None:
    """The receipt whose first item will have this id."""
    now = house.now()
    recent = books.desk.receipts_between(now - LOOK_BACK, now + timedelta(days=1))
    return next((one for one in recent if item_id_for(one.receipt_id, 0) == item_id), None)


@router.get("/items")
def items(
    house: TheHouse,
    caller: Reader,
    state: Annotated[Stage | None, Query(description="review, settled, refused ...; all stages without it")] = None,
    claim_ref: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> dict[str, Any]:
    """The most urgent first, then the oldest."""
    wanted = QueueFilter(stages=(state,) if state else (), claim_ref=claim_ref)
    with house.read() as books:
        return {
            "total": books.desk.count(wanted),
            "items": [_line(entry) for entry in books.desk.queue(wanted, offset, limit)],
        }


def _line(entry: QueueEntry) -> dict[str, Any]:
    return {
        "item_id": entry.item_id,
        "receipt_id": entry.receipt_id,
        "file": entry.file_name,
        "pages": entry.pages,
        "channel": entry.channel,
        "received_at": entry.received_at.isoformat(),
        "stage": entry.stage,
        "decision": entry.outcome,
        "urgent": entry.urgency > 0,
        "category": entry.category,
        "subcategory": entry.subcategory,
        "flags": entry.flags,
        "confidence": entry.confidence,
        "claim_ref": entry.claim_ref,
        "reasons": [part for part in entry.reason.split("; ") if part],
    }


@router.post("/items/{item_id:path}/answers")
def answer_sent(house: TheHouse, caller: Writer, item_id: str, body: AnswerBody) -> dict[str, Any]:
    """An answer has gone out: it is no longer owed. Saying it twice changes nothing. Instead of the item's id the
    `item_id` that `answer.due` named for a payment at the bank."""
    now = house.now()
    with house.write() as books:
        owed = books.trail.answers_of(item_id)
        if not owed and books.items.item(item_id) is None:
            raise Problem(404, "no such item")
        kinds = sorted({due.kind for due in owed})
        if body.kind not in kinds:
            raise Problem(409, f"no {body.kind} is owed for this item; owed: {', '.join(kinds) or 'nothing'}")
        sent_at = body.sent_at or now
        first = answer_gone(books, house.services.policy, item_id, body.kind, sent_at, now, caller.name)
    return {"item_id": item_id, "kind": body.kind, "recorded": first}
