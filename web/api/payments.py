"""Payments at the bank as they are booked, and a person's correction of one that stands on the wrong claim."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from connectors.database import DatabaseBooks
from models.money import decimal_from_cents
from models.record import PaymentRecord
from pipelines.misposted import rebook, standing
from web.api.access import Reader, TheHouse, Writer
from web.api.bodies import CorrectionBody
from web.api.problems import Problem, problem_of_codes

router = APIRouter(prefix="/payments", tags=["payments"])
_CHANGED = {"payment_moved", "payment_stands_so", "payment_not_booked"}


@router.get("")
def one_payment(
    house: TheHouse, caller: Reader, payment_id: Annotated[str, Query(min_length=1, max_length=200)]
) -> dict[str, Any]:
    """`payment_id` is the sender's own. `parts`: as it stands on claims now; `reversed`: where it stood before."""
    with house.read() as books:
        return _as_booked(books, payment_id)


@router.post("/corrections")
def correct(house: TheHouse, caller: Writer, body: CorrectionBody) -> dict[str, Any]:
    """Reversed where it stands and booked on the claims named, in one transaction; without `parts` it waits for a
    person again. 409 where it stands so already, or not as in `seen`: nothing was done then."""
    parts = [(part.claim_ref, part.amount) for part in body.parts]
    with house.write() as books:
        _as_booked(books, body.payment_id)
        wrong = rebook(books, body.payment_id, parts, house.now(), caller.name, body.reason, body.seen)
        if wrong:
            raise problem_of_codes(409 if _CHANGED & set(wrong) else 422, wrong)
        return _as_booked(books, body.payment_id)


def _as_booked(books: DatabaseBooks, key: str) -> dict[str, Any]:
    """Raises Problem 404 for a payment that never stood on a claim."""
    ever = [one for one in books.trail.payments_ever(key) if one.item_id is None]
    if not ever:
        raise Problem(404, "no such payment is or was booked on a claim")
    return {
        "payment_id": key,
        "parts": [_part(one) for one in standing(books, key)],
        "reversed": [_part(one) for one in ever if one.state == "reversed"],
        "waits": any(one.ended_at is None for one in books.bank.unposted_with_key(key)),
    }


def _part(one: PaymentRecord) -> dict[str, Any]:
    amount = decimal_from_cents(one.amount)
    return {
        "part_id": one.payment_id,
        "claim_ref": one.claim_ref,
        "amount": amount,
        "means": one.means,
        "state": one.state,
        "paid_on": one.paid_on,
    }
