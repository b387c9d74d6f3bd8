"""A lot of post is whole once as many items came as were counted, or a person says why not.

An item is of the lot its separator sheet names, or of the one whose name the scan folder's sub-folder bears.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from models.record import AuditEntry, Lot
from pipelines.ports import Books

_SCANNED_BEFORE = timedelta(days=7)  # a lot told late: its scans lie in the folder of its name already


def open_lot(books: Books, lot: Lot, at: datetime) -> bool:
    """False where a lot of this name is known. Scans that came before it was told, in a folder of its name, are its."""
    if not books.trail.add_lot(lot):
        return False
    books.items.name_lot_of_folder(lot, at - _SCANNED_BEFORE)
    books.trail.close_scanned_lots(at)
    return True


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
