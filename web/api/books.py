"""Claims, lots, payments and reminders: what the collection system and the mail room tell us."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query, Response

from models.bank import Unposted
from models.claim import Claim
from models.money import decimal_from_cents
from models.record import PaymentRecord
from pipelines.lots import open_lot as register_lot
from pipelines.payments import Booked, Told, book, place_of
from pipelines.portfolio import merge_claims
from web.api.access import Reader, TheHouse, Writer
from web.api.bodies import ClaimBody, LotBody, PaymentBody, ReminderBody
from web.api.problems import Problem

router = APIRouter()
MOST_CLAIMS = 20_000
MOST_REMINDERS = 100_000
_MONEY = ("principal", "fees", "balance")


@router.put("/claims", tags=["claims"])
def put_claims(house: TheHouse, caller: Writer, body: Annotated[ClaimBody | list[ClaimBody], Body()]) -> dict[str, Any]:
    """One claim or many, added or changed. A status that a letter brought about is not undone by a weaker one;
    `conflicts` names the claims whose status both sides changed, and which one stands."""
    rows = body if isinstance(body, list) else [body]
    if not 1 <= len(rows) <= MOST_CLAIMS:
        raise Problem(422, f"between 1 and {MOST_CLAIMS} claims in one call")
    with house.write() as books:
        merged = merge_claims(books, [row.noun() for row in rows], house.now(), caller.name)
    return {
        "added": merged.added,
        "changed": merged.changed,
        "unchanged": merged.unchanged,
        "conflicts": [
            {"claim_ref": one.claim_ref, "ours": one.ours, "theirs": one.theirs, "kept": one.kept}
            for one in merged.conflicts
        ],
    }


@router.get("/claims", tags=["claims"])
def get_claim(
    house: TheHouse, caller: Reader, claim_ref: Annotated[str, Query(min_length=1, max_length=200)]
) -> dict[str, Any]:
    now = house.now()
    with house.read() as books:
        claim = books.claims.get(claim_ref)
        if claim is None:
            raise Problem(404, "no such claim")
        holds = books.holds.on_claims([claim_ref], now).get(claim_ref, [])
    return {**claim_json(claim), "holds": [_hold(asdict(hold.terms)) for hold in holds]}


def claim_json(claim: Claim) -> dict[str, Any]:
    """As in `claims.csv`: money as decimal strings, dates in ISO."""
    values = asdict(claim)
    return {
        name: decimal_from_cents(value)
        if name in _MONEY
        else value.isoformat()
        if hasattr(value, "isoformat")
        else value
        for name, value in values.items()
    }


def _hold(terms: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in terms.items()}


@router.post("/lots", status_code=201, tags=["mail room"])
def open_lot(house: TheHouse, caller: Writer, body: LotBody) -> dict[str, Any]:
    """Counted before scanning, so that post opened but not scanned is known of."""
    lot = body.noun(house.now())
    with house.write() as books:
        if not register_lot(books, lot, house.now()):
            known = books.trail.lot(lot.lot_id)
            if known is None or (known.mail_received_on, known.items_counted) != (
                lot.mail_received_on,
                lot.items_counted,
            ):
                raise Problem(409, "this lot was opened before with another day or count")
    return {"lot_id": lot.lot_id, "mail_received_on": lot.mail_received_on, "items_counted": lot.items_counted}


@router.post("/payments", status_code=201, tags=["payments"])
def add_payment(
    house: TheHouse,
    caller: Writer,
    answer: Response,
    body: PaymentBody,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> dict[str, Any]:
    """Booked once: by `payment_id`, else by `Idempotency-Key`. 202 where it is kept until a person has looked: no
    claim for certain, a double payment, more than the balance."""
    key = body.payment_id or (f"{caller.name}#{idempotency_key}" if idempotency_key else None)
    if key is None:
        raise Problem(422, "give `payment_id` or the header Idempotency-Key, so that nothing is booked twice")
    if body.amount <= 0:
        raise Problem(422, "amount: a payment is more than zero")
    told = body.noun(key)
    place = place_of(house.services, told)
    with house.write() as books:
        if told.claim_ref and books.claims.get(told.claim_ref) is None:
            raise Problem(404, "no such claim: nothing was booked or kept")
        known = books.trail.payments_with_key(key)
        moved = any(one.key.startswith(f"{key}#") for one in books.trail.payments_of(told.claim_ref))
        _same_as_before(told, known, books.bank.unposted_with_key(key), moved)
        booked = book(books, told, place, house.now(), caller.name)
    if booked in (Booked.NO_CLAIM, Booked.DOUBTFUL):
        answer.status_code = 202
    refs = [one.claim_ref for one in known] if known else list(place.sure)
    return {"payment_id": key, "claim_ref": refs[0] if refs else None, "claim_refs": refs, "outcome": booked.value}


def _same_as_before(told: Told, known: list[PaymentRecord], kept: list[Unposted], moved: bool) -> None:
    """Raises Problem where this key came with another sum or claim. `moved`: it stood on this claim before a person
    put it right, so that telling it again is still the same."""
    amounts = {sum(one.amount for one in known)} if known else {one.amount for one in kept}
    elsewhere = told.claim_ref and known and told.claim_ref not in {one.claim_ref for one in known}
    if (elsewhere and not moved) or (amounts and told.amount not in amounts):
        raise Problem(409, "this payment came before with another claim or amount")


@router.post("/reminders", tags=["reminders"])
def tell_reminders(
    house: TheHouse, caller: Writer, body: Annotated[ReminderBody | list[ReminderBody], Body()]
) -> dict[str, Any]:
    """Planned, handed over or sent. `recall`: the claim is held, this reminder must not go out."""
    rows = body if isinstance(body, list) else [body]
    if not 1 <= len(rows) <= MOST_REMINDERS:
        raise Problem(422, f"between 1 and {MOST_REMINDERS} reminders in one call")
    now = house.now()
    reminders = [row.noun(now) for row in rows]
    with house.write() as books:
        recorded = [books.trail.set_reminder(reminder) for reminder in reminders]
        held = books.holds.on_claims(list({reminder.claim_ref for reminder in reminders}), now)
    return {
        "reminders": [
            {
                "reminder_id": reminder.reminder_id,
                "recorded": new,
                "recall": reminder.state != "sent"
                and any(reminder.channel in hold.terms.channels for hold in held.get(reminder.claim_ref, [])),
            }
            for reminder, new in zip(reminders, recorded, strict=True)
        ]
    }
