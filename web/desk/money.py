"""Money on the desk: payments nobody could book for certain, cheques in hand, deposit lists to see and print."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from connectors.database.desk import QueueFilter
from connectors.deposit_file import deposit_sheet
from models.bank import Deposit, Paper
from pipelines.custody import put
from pipelines.deposit import as_csv, as_json, make_deposit, sort_cheques
from pipelines.payments import allocate, dismiss
from web.context import Decider, Form, Operator, Visitor
from web.desk.item import say
from web.desk.payments import PARTS, parts_of
from web.wording import PARIS

router = APIRouter()
ROWS = 200


@router.get("/money")
def money(visitor: Operator) -> Response:
    return _show(visitor)


def _show(visitor: Visitor, key: str = "", troubles: tuple[str, ...] = (), status: int = 200) -> Response:
    """`troubles`: codes of what is wrong with the form of this payment."""
    now = visitor.house.now()
    with visitor.house.read() as books:
        ready, kept = sort_cheques(books, now.astimezone(PARIS).date(), now)
        waiting = books.bank.unposted(ROWS)
        claims = books.claims.get_many(list({ref for one in waiting for ref in one.claim_refs}))
        deposits = books.bank.latest_deposits()
        away = [*books.bank.cheques_at(Paper.FORWARDED), *books.bank.cheques_at(Paper.RETURNED)]
        bounced = books.bank.cheques_at(Paper.BOUNCED)
        on_desk = books.desk.count(QueueFilter())
    return visitor.show(
        "money.html",
        status,
        here="money",
        waiting=on_desk,
        unposted=waiting,
        claims=claims,
        ready=ready[:ROWS],
        ready_total=sum(one.amount for one in ready),
        ready_count=len(ready),
        kept=kept[:ROWS],
        deposits=deposits,
        away=away[:ROWS],
        bounced=bounced[:ROWS],
        parts=range(PARTS),
        wrong=key,
        troubles=[visitor.words(code) for code in troubles],
    )


@router.post("/money/book")
def book_payment(visitor: Decider, form: Form) -> Response:
    """A person says which claims this money is for; the whole sum, no more and no less."""
    key, note = str(form.get("key", ""))[:200], str(form.get("note", ""))[:500]
    parts, troubles = parts_of(form)
    if troubles or not parts:
        return _show(visitor, key, tuple(troubles or ["parts_unclear"]), 422)
    with visitor.house.write() as books:
        wrong = allocate(books, key, parts, visitor.house.now(), _name(visitor), note)
    if wrong:
        return _show(visitor, key, tuple(wrong), 409 if "payment_gone" in wrong else 422)
    return _back("payment_booked")


@router.post("/money/dismiss")
def dismiss_payment(visitor: Decider, form: Form) -> Response:
    key, note = str(form.get("key", ""))[:200], str(form.get("note", "")).strip()[:500]
    if not note:
        return _show(visitor, key, ("need_note",), 422)
    with visitor.house.write() as books:
        done = dismiss(books, key, visitor.house.now(), _name(visitor), note)
    return _back("payment_dismissed") if done else _show(visitor, key, ("payment_gone",), 409)


@router.post("/money/deposits")
def new_deposit(visitor: Decider, form: Form) -> Response:
    """Today's list; asked again without new cheques, the same one."""
    now = visitor.house.now()
    with visitor.house.write() as books:
        lists, _kept = make_deposit(books, now.astimezone(PARIS).date(), now, _name(visitor))
    if not lists:
        return _back("nothing_to_deposit")
    return RedirectResponse(f"/money/deposits/{quote(lists[-1].deposit_id, safe='')}", 303)


@router.post("/money/place")
def place_cheque(visitor: Decider, form: Form) -> Response:
    """Where the paper lies."""
    with visitor.house.write() as books:
        done = put(
            books,
            str(form.get("key", ""))[:200],
            str(form.get("place", "")),
            visitor.house.now(),
            _name(visitor),
        )
    if not done:
        raise HTTPException(404)
    return _back("cheque_placed")


@router.get("/money/deposits/{deposit_id}")
def deposit_page(visitor: Operator, deposit_id: str) -> Response:
    made = _deposit(visitor, deposit_id)
    with visitor.house.read() as books:
        papers = {cheque.cheque_id: cheque for cheque in books.bank.cheques_in(deposit_id)}
        waiting = books.desk.count(QueueFilter())
    return visitor.show("deposit.html", here="money", waiting=waiting, deposit=made, papers=papers)


@router.get("/money/deposits/{deposit_id}/{kind}")
def deposit_file(visitor: Operator, deposit_id: str, kind: str) -> Response:
    """As it went to the bank: CSV, JSON or a sheet to print."""
    made = _deposit(visitor, deposit_id)
    agency, language = visitor.house.services.agency.name, visitor.words.language
    if kind == "csv":
        content, media = as_csv(made).encode(), "text/csv; charset=utf-8"
    elif kind == "json":
        content, media = as_json(made).encode(), "application/json"
    elif kind == "pdf":
        content, media = deposit_sheet(made, agency, language), "application/pdf"
    else:
        raise HTTPException(404)
    name = f"remise-{made.deposit_id}.{kind}"
    shown = "inline" if kind == "pdf" else "attachment"
    return Response(content, media_type=media, headers={"Content-Disposition": f'{shown}; filename="{name}"'})


def _deposit(visitor: Visitor, deposit_id: str) -> Deposit:
    with visitor.house.read() as books:
        made = books.bank.deposit(deposit_id)
    if made is None:
        raise HTTPException(404)
    return made


def _back(notice: str) -> Response:
    answer = RedirectResponse("/money", 303)
    say(answer, notice)
    return answer


def _name(visitor: Visitor) -> str:
    return visitor.user.name if visitor.user else ""
