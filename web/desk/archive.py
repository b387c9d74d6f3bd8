"""An item's archive for the operator: the searchable PDF, and the manifest that says how it was made."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from models.errors import DocumentRefused
from models.record import AuditEntry
from pipelines.archive import Archived, kept_archive
from web.context import Operator, Visitor
from web.desk.item import download_headers, record_of

router = APIRouter()


@router.get("/items/{item_id}/archive")
def archive_of_item(visitor: Operator, item_id: str) -> Response:
    """As a download. Made when first asked for; who took it is noted."""
    pdf = _archive(visitor, item_id).pdf
    return Response(pdf, media_type="application/pdf", headers=download_headers(f"{item_id}.pdf"))


@router.get("/items/{item_id}/archive/manifest")
def manifest_of_item(visitor: Operator, item_id: str) -> Response:
    manifest = _archive(visitor, item_id).manifest
    return Response(manifest, media_type="application/json", headers=download_headers(f"{item_id}.json"))


def _archive(visitor: Visitor, item_id: str) -> Archived:
    house, operator = visitor.house, visitor.user.name if visitor.user else ""
    with house.read() as books:
        record = record_of(books, item_id)
    try:
        made = kept_archive(house.services, record, operator)
    except (DocumentRefused, KeyError):
        raise HTTPException(404) from None
    entry = AuditEntry(house.now(), operator, "archive_taken", item_id)
    with house.write() as books:
        books.trail.note(entry)
    return made
