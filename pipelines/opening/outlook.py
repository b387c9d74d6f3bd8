"""Outlook's own formats, by optional packages: .msg (extract-msg) and winmail.dat (tnefparse).

Without them the file is kept and named, like anything else that cannot be read.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from models.errors import DocumentRefused
from models.reading import EmailHeaders
from pipelines.opening.charsets import decoded
from pipelines.opening.html import text_of_html
from pipelines.opening.parcel import Budget, Enclosure, Opened, clean_name

# Sender's SMTP address, sender's address (MS-OXPROPS 2.1004, 2.997)
_ADDRESS_STREAMS = ("__substg1.0_5D01", "__substg1.0_0C1F")


def open_msg(content: bytes, budget: Budget, depth: int) -> Opened:
    """Raises DocumentRefused: unknown_kind where extract-msg is not installed, truncated, bomb, too_deep."""
    try:
        import extract_msg
    except ImportError as error:
        raise DocumentRefused("unknown_kind", "msg: extract-msg is not installed") from error
    try:
        with extract_msg.openMsg(content, strict=False, delayAttachments=False) as message:
            return _opened_msg(message, budget, depth)
    except DocumentRefused:
        raise
    except Exception as error:  # the package raises its own and OLE's many types on damaged files
        raise DocumentRefused("truncated", f"msg: {type(error).__name__}") from error


def _opened_msg(message: Any, budget: Budget, depth: int) -> Opened:
    from pipelines.opening.enclosed import open_enclosed
    from pipelines.opening.message import nested_message

    enclosures: list[Enclosure] = []
    for attachment in getattr(message, "attachments", ()) or ():
        data = attachment.data
        name = clean_name(attachment.getFilename() if data is not None else None, "sans-nom")
        if isinstance(data, bytes):
            budget.take(len(data))
            layout = bool(getattr(attachment, "cid", None)) and bool(getattr(attachment, "hidden", False))
            enclosures += open_enclosed(name, data, budget, depth, in_layout=layout)
        elif data is not None:
            budget.take(0)
            enclosures += nested_message(_opened_msg(data, budget, budget.deeper(depth)), name)
    return Opened(_body_of(message), _headers_of(message), tuple(enclosures))


def _body_of(message: Any) -> str:
    plain = str(message.body or "").strip()
    if plain:
        return plain.replace("\r\n", "\n")
    html = message.htmlBody
    return text_of_html(decoded(html)) if isinstance(html, bytes) else ""


def _headers_of(message: Any) -> EmailHeaders:
    from pipelines.opening.headers import headers_of, split_mailbox

    kept = headers_of(message.header)  # as transported, or made up by the package from Outlook's properties
    if kept.sender_address:
        return kept
    name, address = split_mailbox(str(message.sender or ""))
    stated = (message.getStringStream(stream) for stream in _ADDRESS_STREAMS)
    address = address or next((str(text).lower() for text in stated if text and "@" in str(text)), "")
    sent = message.date
    return replace(
        kept,
        sender_name=name or str(message.sender or ""),
        sender_address=address,
        subject=kept.subject or str(message.subject or ""),
        sent_at=kept.sent_at or (sent.astimezone(UTC) if isinstance(sent, datetime) else None),
    )


def open_tnef(content: bytes, budget: Budget, depth: int) -> list[Enclosure]:
    """What Outlook packed into winmail.dat. Raises DocumentRefused: unknown_kind, truncated, bomb, too_deep."""
    from pipelines.opening.enclosed import open_enclosed

    try:
        from tnefparse import TNEF
    except ImportError as error:
        raise DocumentRefused("unknown_kind", "winmail.dat: tnefparse is not installed") from error
    try:
        packed = TNEF(content, do_checksum=False)
        members = [
            (clean_name(item.long_filename() or item.name, "sans-nom"), item.data) for item in packed.attachments
        ]
        body = _tnef_body(packed)
    except Exception as error:  # struct errors and worse on damaged files
        raise DocumentRefused("truncated", f"winmail.dat: {type(error).__name__}") from error
    from ocr.documents import FileKind

    enclosures = [Enclosure("winmail.dat", FileKind.TNEF, text=body)] if body else []
    for name, data in members:
        budget.take(len(data))
        enclosures += open_enclosed(name, bytes(data), budget, depth)
    return enclosures


def _tnef_body(packed: Any) -> str:
    for value, is_html in ((packed.body, False), (packed.htmlbody, True)):
        text = decoded(value) if isinstance(value, bytes) else str(value or "")
        if text.strip():
            return text_of_html(text) if is_html else text.strip()
    return ""
