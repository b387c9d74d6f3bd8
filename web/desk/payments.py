"""Payments at the bank that are booked: found again, seen with their story, moved where they were wrong."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from connectors.database import DatabaseBooks
from connectors.database.desk import QueueFilter
from models.money import Cents
from models.record import AuditEntry, PaymentRecord
from pipelines.misposted import rebook, standing
from web.context import Decider, Form, Operator, Visitor
from web.desk.draft import cents_of
from web.desk.item import say

router = APIRouter()
ROWS = 50
PARTS = 3  # claims one payment can be shared between in a form


def parts_of(form: Form) -> tuple[list[tuple[str, Cents]], list[str]]:
    """What the form says of claims and amounts; codes of what cannot be read. Empty fields are no part."""
    parts: list[tuple[str, Cents]] = []
    for number in range(PARTS):
        ref, text = (str(form.get(f"{name}{number}", "")).strip()[:200] for name in ("claim", "amount"))
        if not ref and not text:
            continue
        try:
            parts.append((ref, cents_of(text)))
        except ValueError:
            return [], ["bad_amount"]
    return parts, []


@router.get("/money/payments")
def booked(visitor: Operator, q: str = "") -> Response:
    text = q.strip()[:100]
    with visitor.house.read() as books:
        found = books.trail.bank_payments(text, ROWS)
        waiting = books.desk.count(QueueFilter())
    return visitor.show("booked.html", here="money", waiting=waiting, found=found, q=q, rows=ROWS)


@router.get("/money/payment")
def payment(visitor: Operator, key: str) -> Response:
    return _show(visitor, key[:200])


def _show(visitor: Visitor, key: str, troubles: tuple[str, ...] = (), status: int = 200) -> Response:
    with visitor.house.read() as books:
        ever = [one for one in books.trail.payments_ever(key) if one.item_id is None]
        if not ever:
            raise HTTPException(404)
        now = standing(books, key)
        values = {
            "claims": books.claims.get_many(list({one.claim_ref for one in ever})),
            "story": _story(books, ever),
            "waits": any(one.ended_at is None for one in books.bank.unposted_with_key(key)),
            "waiting": books.desk.count(QueueFilter()),
        }
    return visitor.show(
        "payment.html",
        status,
        here="money",
        key=key,
        standing=now,
        reversed=[one for one in ever if one.state == "reversed"],
        total=sum(one.amount for one in now),
        came_back=any(one.state == "bounced" for one in now),
        parts=range(PARTS),
        troubles=[visitor.words(code) for code in troubles],
        **values,
    )


def _story(books: DatabaseBooks, payments: list[PaymentRecord]) -> list[AuditEntry]:
    """What the trail of every claim it ever stood on says of it, newest first."""
    ids = {one.payment_id for one in payments}
    refs = dict.fromkeys(one.claim_ref for one in payments)
    entries = [entry for ref in refs for entry in books.trail.of_claim(ref) if _about(entry, ids)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _about(entry: AuditEntry, ids: set[str]) -> bool:
    named = {entry.detail.get("payment_id"), *entry.detail.get("payments", ())}
    about = str(entry.detail.get("about", "")).removesuffix(":reversed")
    return bool(named & ids) or about in ids


@router.post("/money/correct")
def correct(visitor: Decider, form: Form) -> Response:
    """Reversed where it stands and booked on the claims named; without any it waits among the payments to book."""
    key, note = str(form.get("key", ""))[:200], str(form.get("note", "")).strip()[:500]
    waits = form.get("action") == "wait"
    parts, troubles = ([], []) if waits else parts_of(form)
    if not waits and not parts and not troubles:
        troubles = ["parts_unclear"]
    if troubles:
        return _show(visitor, key, tuple(troubles), 422)
    seen = [str(one)[:300] for one in form.getlist("seen")]
    name = visitor.user.name if visitor.user else ""
    with visitor.house.write() as books:
        wrong = rebook(books, key, parts, visitor.house.now(), name, note, seen)
    if wrong:
        return _show(visitor, key, tuple(wrong), 409 if "payment_moved" in wrong else 422)
    answer = RedirectResponse("/money" if waits else f"/money/payment?key={quote(key, safe='')}", 303)
    say(answer, "payment_put_back" if waits else "payment_corrected")
    return answer
