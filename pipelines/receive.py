"""Receive: the bytes are stored under their SHA-256 first, then the ledger knows of them, then the source is told."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from email import policy as email_policy
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import PurePath

from models.event import EventDraft, EventType
from models.item import Channel, Receipt, receipt_id_for
from models.record import AuditEntry
from pipelines.services import Services

_HEADER_BYTES = 64 * 1024


def object_key(sha256: str) -> str:
    return f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def receive(
    services: Services,
    file_name: str,
    content: bytes,
    *,
    channel: Channel | None = None,
    origin: str,
    source_key: str | None = None,
    received_at: datetime | None = None,
    mail_received_on: date | None = None,
    lot_id: str | None = None,
    operator: str = "",
) -> Receipt:
    """The receipt of this file: the first one, however often the same source is received.

    Without `received_at` an e-mail's own arrival counts, else the clock. Raises Unavailable where the store or the
    ledger does not answer; the source must then not be acknowledged.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    key = source_key or f"{origin}#{sha256}"
    channel = channel or channel_of(file_name, content)
    arrived = received_at or arrival_of(content, channel, services.now()) or services.now()
    receipt = Receipt(
        receipt_id=receipt_id_for(key),
        source_key=key,
        origin=origin,
        file_name=PurePath(file_name).name or "unnamed",
        sha256=sha256,
        size=len(content),
        channel=channel,
        received_at=arrived.astimezone(UTC),
        mail_received_on=mail_received_on,
        lot_id=lot_id,
        operator=operator,
    )
    services.objects.put_if_absent(object_key(sha256), content)
    return _enter(services, receipt)


def _enter(services: Services, receipt: Receipt) -> Receipt:
    now = services.now()
    with services.ledger.write() as books:
        if not books.items.add_receipt(receipt):
            return books.items.receipt(receipt.receipt_id) or receipt
        detail = {"receipt_id": receipt.receipt_id, "sha256": receipt.sha256, "size": receipt.size}
        books.trail.note(AuditEntry(now, receipt.operator or "system", "received", detail=detail))
        if not services.shadow:
            data = {**detail, "channel": receipt.channel, "received_at": receipt.received_at.isoformat()}
            books.outbox.add(EventDraft(EventType.ITEM_RECEIVED, receipt.receipt_id, None, data), now)
    return receipt


def channel_of(file_name: str, content: bytes) -> Channel:
    """E-mails by their name or first header line; everything else came from the scanner."""
    if PurePath(file_name).suffix.lower() in {".eml", ".msg"}:
        return Channel.EMAIL
    head = content[:512].lstrip().lower()
    starts = (b"return-path:", b"received:", b"delivered-to:", b"message-id:", b"mime-version:", b"x-original-to:")
    return Channel.EMAIL if head.startswith(starts) else Channel.SCAN


def arrival_of(content: bytes, channel: Channel, now: datetime) -> datetime | None:
    """When an e-mail reached our server: its topmost `Received` header, else its `Date`; never later than now."""
    if channel is not Channel.EMAIL:
        return None
    headers = BytesHeaderParser(policy=email_policy.compat32).parsebytes(content[:_HEADER_BYTES])
    received = headers.get_all("Received") or []
    stamps = [str(received[0]).rpartition(";")[2]] if received else []
    for stamp in (*stamps, str(headers.get("Date", ""))):
        try:
            moment = parsedate_to_datetime(stamp.strip())
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return min(moment.astimezone(UTC), now)
        except (TypeError, ValueError, IndexError, OverflowError):
            continue
    return None
