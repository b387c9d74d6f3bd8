"""Lots of post: which are not wholly scanned, and a person's word where fewer items came than were counted."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from pipelines.lots import close_lot
from web.api.access import Reader, TheHouse, Writer
from web.api.bodies import LotClosingBody
from web.api.problems import Problem

router = APIRouter(tags=["mail room"])


@router.get("/lots")
def open_lots(house: TheHouse, caller: Reader) -> list[dict[str, Any]]:
    """Lots opened of which fewer items are scanned than were counted: while there is one, no reminder may leave."""
    with house.read() as books:
        waiting = books.trail.lots_not_scanned()
        counts = {lot.lot_id: received for lot, received in books.trail.counted_lots([one.lot_id for one in waiting])}
    return [
        {
            "lot_id": lot.lot_id,
            "mail_received_on": lot.mail_received_on,
            "items_counted": lot.items_counted,
            "items_received": counts[lot.lot_id],
            "opened_at": lot.opened_at,
        }
        for lot in waiting
    ]


@router.post("/lots/{lot_id}/close")
def close(
    house: TheHouse, caller: Writer, lot_id: Annotated[str, Path(max_length=200)], body: LotClosingBody
) -> dict[str, Any]:
    """Fewer came than were counted, and here is why. Reminders may leave again as far as this lot is concerned."""
    with house.write() as books:
        if books.trail.lot(lot_id) is None:
            raise Problem(404, "no such lot")
        closed = close_lot(books, lot_id, house.now(), caller.name, body.reason)
    return {"lot_id": lot_id, "closed": True, "before": not closed}
