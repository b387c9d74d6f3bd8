"""Holds: those that stand, lifted or looked at again by a person with a reason."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path

from models.hold import Hold
from pipelines.lifting import NotLiftable, lift, look_again
from web.api.access import TheHouse, Writer
from web.api.bodies import HoldLiftingBody, HoldReviewBody
from web.api.problems import Problem

router = APIRouter(prefix="/holds", tags=["holds"])
HoldId = Annotated[str, Path(max_length=200)]


@router.post("/{hold_id}/lift")
def lift_one(house: TheHouse, caller: Writer, hold_id: HoldId, body: HoldLiftingBody) -> dict[str, Any]:
    """Reminders may leave again as far as this hold is concerned; `dispute.closed` or `protection.lifted` tells."""
    try:
        with house.write() as books:
            return hold_json(lift(books, house.services.policy, hold_id, house.now(), caller.name, body.reason))
    except NotLiftable as refused:
        raise _problem(refused) from None


@router.post("/{hold_id}/review")
def review_one(house: TheHouse, caller: Writer, hold_id: HoldId, body: HoldReviewBody) -> dict[str, Any]:
    """A person has looked: the hold goes on, under a new review date. The answer is the hold that takes its place."""
    try:
        with house.write() as books:
            return hold_json(look_again(books, hold_id, body.review_on, house.now(), caller.name, body.reason))
    except NotLiftable as refused:
        raise _problem(refused) from None


def hold_json(hold: Hold) -> dict[str, Any]:
    terms = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(hold.terms).items()
    }
    return {"hold_id": hold.hold_id, "claim_ref": hold.claim_ref, "item_id": hold.item_id, **terms}


def _problem(refused: NotLiftable) -> Problem:
    return Problem(404 if refused.code == "unknown_hold" else 409, str(refused))
