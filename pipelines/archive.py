"""Archive: a searchable PDF of one item made from the untouched original, and a manifest that says how it was made."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from models.errors import DocumentRefused
from models.item import Item, Receipt
from models.reading import ItemReading, Page
from models.record import AuditEntry, ItemRecord
from ocr.documents import DEFAULT_LIMITS, Limits, open_document, sniff
from ocr.documents_kinds import PAGED
from ocr.documents_searchable import SearchablePdf
from pipelines.opening import Enclosure, open_file
from pipelines.opening.parcel import UNREAD
from pipelines.receive import object_key
from pipelines.services import Services


@dataclass(frozen=True, slots=True)
class Archived:
    """`pdf` and `manifest` (JSON, UTF-8). The same original, reading and time give the same bytes."""

    pdf: bytes
    manifest: bytes


def kept_archive(services: Services, record: ItemRecord, operator: str = "system") -> Archived:
    """The item's archive: made when first asked for, then kept beside the original and the same for ever.

    A new reading of the item makes a new one; the earlier one stays. Raises DocumentRefused for an item of which
    nothing was read, KeyError where the original is gone.
    """
    if record.reading is None:
        raise DocumentRefused("truncated", "nothing was read of this item: its original is all there is")
    place = f"archives/{record.item.item_id}/{_edition(record.receipt, record.item, record.reading)}"
    objects = services.objects
    try:
        return Archived(pdf=objects.get(f"{place}.pdf"), manifest=objects.get(f"{place}.json"))
    except KeyError:
        content = objects.get(object_key(record.receipt.sha256))
    now = services.now()
    made = archive(record.receipt, record.item, content, record.reading, now, operator)
    if objects.put_if_absent(f"{place}.json", made.manifest, "application/json"):
        objects.put_if_absent(f"{place}.pdf", made.pdf, "application/pdf")
        sha256 = hashlib.sha256(made.pdf).hexdigest()
        entry = AuditEntry(now, operator, "archived", record.item.item_id, None, {"sha256": sha256})
        with services.ledger.write() as books:
            books.trail.note(entry)
        return made
    return _as_kept(services, place, record, content)


def _as_kept(services: Services, place: str, record: ItemRecord, content: bytes) -> Archived:
    """The manifest was there and its PDF was not: whoever wrote it is at it, or was killed. Made again as it says."""
    manifest = services.objects.get(f"{place}.json")
    said = json.loads(manifest)["archive"]
    assert record.reading is not None  # noqa: S101 - the caller has looked
    made_at = datetime.fromisoformat(said["made_at"])
    made = archive(record.receipt, record.item, content, record.reading, made_at, said["operator"])
    services.objects.put_if_absent(f"{place}.pdf", made.pdf, "application/pdf")
    return Archived(made.pdf, manifest)


def _edition(receipt: Receipt, item: Item, reading: ItemReading) -> str:
    """Names what an archive is made of: the same original read the same way gives the same name."""
    steps = [_reading_step(receipt.sha256, page) for page in reading.pages]
    told = json.dumps([receipt.sha256, item.pages, steps, reading.notes, _tools()], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def archive(
    receipt: Receipt,
    item: Item,
    content: bytes,
    reading: ItemReading,
    made_at: datetime,
    operator: str = "system",
    limits: Limits = DEFAULT_LIMITS,
) -> Archived:
    """Raises DocumentRefused("truncated") where `content` is not the original that the receipt names."""
    if hashlib.sha256(content).hexdigest() != receipt.sha256:
        raise DocumentRefused("truncated", "these are not the bytes that were received")
    made = SearchablePdf()
    if sniff(content, receipt.file_name) in PAGED:
        made.add_pages(content, {page.number: page for page in reading.pages}, limits)
    else:
        _add_message(made, receipt, content, reading, limits)
    pdf = made.saved()
    manifest = _manifest(receipt, item, reading, pdf, made.page_count, made_at, operator)
    return Archived(pdf, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode())


def _add_message(made: SearchablePdf, receipt: Receipt, content: bytes, reading: ItemReading, limits: Limits) -> None:
    """Headers and body as pages of text, then each enclosure that was read, as it was received."""
    opened = open_file(receipt.file_name, content, limits)
    made.add_text("\n".join((*_heading(reading), opened.text)))
    pages = {page.number: page for page in reading.pages}
    last = 1
    for enclosure in opened.enclosures:
        if any(note.startswith(f"{UNREAD}: {enclosure.name} (") for note in reading.notes):
            continue
        last += _add_enclosure(made, enclosure, pages, last, limits)
    if reading.notes:
        made.add_text("\n".join(reading.notes))


def _add_enclosure(made: SearchablePdf, enclosure: Enclosure, pages: dict[int, Page], last: int, limits: Limits) -> int:
    """How many pages it has in the counting of the item."""
    if enclosure.kind not in PAGED:
        made.add_text(f"{enclosure.name}\n\n{enclosure.text}")
        return 1
    document = open_document(enclosure.name, enclosure.content, limits)
    count = document.page_count
    document.close()
    made.add_pages(enclosure.content, {number: pages[last + number] for number in range(1, count + 1)}, limits)
    return count


def _heading(reading: ItemReading) -> list[str]:
    head = reading.email
    if head is None:
        return []
    sent = head.sent_at.isoformat() if head.sent_at else ""
    sender = f"{head.sender_name} <{head.sender_address}>".strip()
    return [f"De : {sender}", f"À : {', '.join(head.to)}", f"Date : {sent}", f"Objet : {head.subject}", ""]


def _manifest(
    receipt: Receipt,
    item: Item,
    reading: ItemReading,
    pdf: bytes,
    page_count: int,
    made_at: datetime,
    operator: str,
) -> dict[str, Any]:
    """Each derivative names its parent by hash and the transformation that made it."""
    archived = hashlib.sha256(pdf).hexdigest()
    made = made_at.astimezone(UTC).isoformat()
    return {
        "item_id": item.item_id,
        "original": {
            "sha256": receipt.sha256,
            "size": receipt.size,
            "file": receipt.file_name,
            "channel": receipt.channel.value,
            "received_at": receipt.received_at.isoformat(),
            "operator": receipt.operator or "system",
            "lot_id": receipt.lot_id,
            "pages": list(item.pages) if item.pages else None,
        },
        "archive": {"sha256": archived, "size": len(pdf), "pages": page_count, "made_at": made, "operator": operator},
        "transformations": [
            *(_reading_step(receipt.sha256, page) for page in reading.pages),
            {
                "parent": receipt.sha256,
                "derivative": archived,
                "step": "pages copied unchanged, words laid over them invisibly",
                "tools": _tools(),
                "made_at": made,
            },
        ],
        "left_unread": list(reading.notes),
    }


def _tools() -> dict[str, str]:
    return {name: version(name) for name in ("pikepdf", "reportlab")}


def _reading_step(parent: str, page: Page) -> dict[str, Any]:
    return {
        "parent": parent,
        "derivative": page.preview,
        "step": "page read",
        "page": page.number,
        "engine": page.engine,
        "turned_degrees": page.rotation,
        "tilted_degrees": round(page.skew, 3),
        "confidence": round(page.confidence, 4),
        "words": len(page.words),
        "text_sha256": hashlib.sha256(page.text.encode()).hexdigest(),
    }
