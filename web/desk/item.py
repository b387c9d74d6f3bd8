"""One item: seen, decided, reopened, sent through again."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from connectors.database import DatabaseBooks
from connectors.database.desk import QueueFilter
from models.claim import Claim, Status
from models.decision import Judgement
from models.errors import Conflict
from models.item import Stage
from models.record import AuditEntry, ItemRecord
from pipelines.receive import object_key
from pipelines.refusal import due_of
from pipelines.review import apply_judgement
from web.context import NOTICE_COOKIE, Decider, Form, Operator, Visitor
from web.desk.draft import HOLD_REASONS, Draft, Unclear, first_draft, judgement_of, posted_draft
from web.desk.item_view import flags_of, view_of
from web.desk.paper import letter_of, sheets_of

router = APIRouter()
SAID = {"settle": "item_settled", "file": "item_filed"}
FOUND = 12  # claims that a search shows beside an item


def record_of(books: DatabaseBooks, item_id: str) -> ItemRecord:
    record = books.items.record(item_id)
    if record is None:
        raise HTTPException(404)
    return record


@router.get("/items/{item_id}")
def item_page(visitor: Operator, item_id: str) -> Response:
    with visitor.house.read() as books:
        record = record_of(books, item_id)
        draft = first_draft(record, flags_of(record), visitor.words.language)
        return _show(visitor, books, record, draft)


@router.post("/items/{item_id}/search")
def search_claims(visitor: Decider, item_id: str, form: Form) -> Response:
    """The same page, with what was filled in so far and the claims that fit the search."""
    draft = posted_draft(form)
    with visitor.house.read() as books:
        record = record_of(books, item_id)
        found = books.claims.search(draft.search, FOUND) if len(draft.search) >= 2 else []
        return _show(visitor, books, record, draft, found=found, searched=bool(draft.search))


@router.post("/items/{item_id}/decide")
def decide(visitor: Decider, item_id: str, form: Form) -> Response:
    draft = posted_draft(form)
    with visitor.house.read() as books:
        record = record_of(books, item_id)
        known = frozenset(books.claims.get_many(list(draft.claims)))
        following = books.desk.next_after(item_id)
        unseen = record.item.stage is Stage.REFUSED
        if draft.version != record.item.version:
            return _conflict(visitor, record, draft)
        try:
            judgement = judgement_of(draft, record, _name(visitor), visitor.house.now(), known)
        except Unclear as unclear:
            return _show(visitor, books, record, draft, troubles=unclear.worded(visitor.words), status=422)
    try:
        apply_judgement(visitor.house.services, judgement)
    except Conflict:
        return _late(visitor, item_id, draft)
    except ValueError:  # a hold weaker than the policy's, without a word why
        with visitor.house.read() as books:
            said = [visitor.words("need_note")]
            return _show(visitor, books, record_of(books, item_id), draft, troubles=said, status=422)
    if unseen:  # on with the files nobody has looked at
        answer = RedirectResponse("/refused?unseen=1", 303)
        say(answer, SAID.get(draft.action, "item_refused"))
        return answer
    return _onwards(following, SAID.get(draft.action, "item_refused"))


@router.post("/items/{item_id}/reopen")
def reopen(visitor: Decider, item_id: str, form: Form) -> Response:
    """A correction: the item is on the desk again; what was decided stays in the trail."""
    return _again(visitor, item_id, form, "reopen", f"/items/{quote(item_id, safe='')}")


@router.post("/items/{item_id}/reprocess")
def reprocess(visitor: Decider, item_id: str, form: Form) -> Response:
    return _again(visitor, item_id, form, "reprocess", "/queue")


def _again(visitor: Visitor, item_id: str, form: Form, action: str, then: str) -> Response:
    draft = posted_draft(form)
    judgement = Judgement(item_id, draft.version, _name(visitor), visitor.house.now(), action, reason=draft.note)
    try:
        apply_judgement(visitor.house.services, judgement)
    except Conflict:
        return _late(visitor, item_id, draft)
    answer = RedirectResponse(then, 303)
    say(answer, "reopened" if action == "reopen" else "reprocessed")
    return answer


def _show(
    visitor: Visitor,
    books: DatabaseBooks,
    record: ItemRecord,
    draft: Draft,
    *,
    found: list[Claim] | None = None,
    searched: bool = False,
    troubles: list[str] | None = None,
    status: int = 200,
) -> Response:
    words, now = visitor.words, visitor.house.now()
    view = view_of(books, record, draft, found or [], now, words)
    return visitor.show(
        "item.html",
        status,
        here="refused" if record.item.stage is Stage.REFUSED else "queue" if view.decidable else "settled",
        look_by=due_of(record.item.unseen, record.receipt.received_at) if record.item.unseen else None,
        view=view,
        record=record,
        draft=draft,
        sheets=sheets_of(record, words),
        letter=letter_of(record, words),
        following=books.desk.next_after(record.item.item_id),
        waiting=books.desk.count(QueueFilter()),
        searched=searched,
        found_any=bool(found),
        troubles=troubles or [],
        statuses=tuple(Status),
        hold_reasons=HOLD_REASONS,
        trail=books.trail.of_item(record.item.item_id),
    )


def _late(visitor: Visitor, item_id: str, draft: Draft) -> Response:
    with visitor.house.read() as books:
        return _conflict(visitor, record_of(books, item_id), draft)


def _conflict(visitor: Visitor, record: ItemRecord, draft: Draft) -> Response:
    theirs = record.judgements[-1] if record.judgements else None
    return visitor.show("conflict.html", 409, here="queue", record=record, draft=draft, theirs=theirs)


def _onwards(following: str | None, notice: str) -> Response:
    answer = RedirectResponse(f"/items/{quote(following, safe='')}" if following else "/queue", 303)
    say(answer, notice if following else "last_one")
    return answer


def say(answer: Response, notice: str) -> None:
    answer.set_cookie(NOTICE_COOKIE, notice, max_age=60, httponly=True, samesite="lax")


def _name(visitor: Visitor) -> str:
    return visitor.user.name if visitor.user else ""


# -- what was received -----------------------------------------------------------------------------------------------


@router.get("/items/{item_id}/pages/{number}")
def picture(visitor: Operator, item_id: str, number: int) -> Response:
    """The upright page as a JPEG. It never changes, so the browser may keep it."""
    with visitor.house.read() as books:
        record = record_of(books, item_id)
    pages = record.reading.pages if record.reading else ()
    preview = next((page.preview for page in pages if page.number == number), None)
    if preview is None:
        raise HTTPException(404)
    return Response(
        _stored(visitor, preview), media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"}
    )


@router.get("/items/{item_id}/original")
def original_of_item(visitor: Operator, item_id: str) -> Response:
    with visitor.house.read() as books:
        record = record_of(books, item_id)
    return original(visitor, record.receipt.receipt_id, item_id)


@router.get("/receipts/{receipt_id}/original")
def original(visitor: Operator, receipt_id: str, item_id: str | None = None) -> Response:
    """The bytes as they came, as a download: never shown by the browser. Who took them is noted."""
    with visitor.house.read() as books:
        receipt = books.items.receipt(receipt_id)
    if receipt is None:
        raise HTTPException(404)
    content = _stored(visitor, receipt.sha256)
    entry = AuditEntry(visitor.house.now(), _name(visitor), "downloaded", item_id, None, {"sha256": receipt.sha256})
    with visitor.house.write() as books:
        books.trail.note(entry)
    return Response(content, media_type="application/octet-stream", headers=download_headers(receipt.file_name))


def download_headers(file_name: str) -> dict[str, str]:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", file_name)[:100] or "original"
    spoken = quote(file_name, safe="")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{spoken}"
    return {"Content-Disposition": disposition, "Content-Security-Policy": "sandbox"}


def _stored(visitor: Visitor, sha256: str) -> bytes:
    try:
        return visitor.house.services.objects.get(object_key(sha256))
    except KeyError:
        raise HTTPException(404) from None


# -- the trail -------------------------------------------------------------------------------------------------------


@router.get("/items/{item_id}/history")
def history(visitor: Operator, item_id: str) -> Response:
    with visitor.house.read() as books:
        record = record_of(books, item_id)
        trail = books.trail.of_item(item_id)
        answers = books.trail.answers_of(item_id)
    now: datetime = visitor.house.now()
    here = {Stage.REVIEW: "queue", Stage.REFUSED: "refused"}.get(record.item.stage, "settled")
    return visitor.show("history.html", here=here, record=record, trail=trail, answers=answers, now=now)
