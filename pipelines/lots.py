"""A lot of post is whole once as many items came as were counted, or a person says why not."""

from __future__ import annotations

from datetime import datetime

from models.record import AuditEntry
from pipelines.ports import Books


def close_lot(books: Books, lot_id: str, at: datetime, by: str, reason: str) -> bool:
    """False where it is unknown or closed already. It lets reminders out, so it needs a person and a reason.

    Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("closing a lot before it is scanned needs a reason")
    if not books.trail.close_lot(lot_id, at, by, reason.strip()):
        return False
    books.trail.note(AuditEntry(at, by, "lot_closed", None, None, {"lot_id": lot_id, "reason": reason.strip()}))
    return True
