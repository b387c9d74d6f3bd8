"""The paper of a cheque: noted when it is first read, followed until it has left the house."""

from __future__ import annotations

from datetime import datetime

from models.bank import Cheque, Paper
from models.cheque import ChequeProblem, ChequeReading, cheque_key
from models.record import AuditEntry, ItemRecord
from pipelines.ports import Books

_NOT_MONEY = frozenset({ChequeProblem.NOT_A_CHEQUE})


def note_cheques(books: Books, record: ItemRecord) -> int:
    """Every cheque of an item that came on paper, once; how many are new. A picture in an e-mail has no paper."""
    reading, receipt = record.reading, record.receipt
    if reading is None or reading.email is not None:
        return 0
    received_on = receipt.mail_received_on or receipt.received_at.date()
    new = 0
    for number, cheque in enumerate(reading.cheques):
        if set(cheque.problems) & _NOT_MONEY:
            continue
        paper = Cheque(
            key=cheque_key(record.item.item_id, cheque, number),
            item_id=record.item.item_id,
            amount=cheque.believed_amount or 0,
            received_on=received_on,
            number=_number(cheque),
            drawer=(cheque.drawer_name or "")[:120],
            page=cheque.page,
            lot_id=receipt.lot_id,
        )
        new += books.bank.add_cheque(paper)
    return new


def _number(cheque: ChequeReading) -> str:
    return cheque.line.zones[0] if cheque.line and cheque.line.zones else ""


def put(books: Books, key: str, place: str, at: datetime, actor: str) -> bool:
    """Somebody says in which box or folder the paper lies. False for an unknown cheque."""
    cheque = books.bank.cheque(key)
    if cheque is None or not books.bank.put_cheque(key, place.strip()[:80]):
        return False
    detail = {"cheque_id": cheque.cheque_id, "place": place.strip()[:80]}
    books.trail.note(AuditEntry(at, actor, "cheque_placed", cheque.item_id, None, detail))
    return True


def send_on(books: Books, item_id: str, to: Paper, at: datetime, actor: str) -> int:
    """The cheques of an item leave for the creditor or the payer; how many did."""
    gone = 0
    for cheque in books.bank.cheques_of_item(item_id):
        if books.bank.move_cheque(cheque.key, to):
            detail = {"cheque_id": cheque.cheque_id, "to": to.value}
            books.trail.note(AuditEntry(at, actor, "cheque_sent_on", item_id, None, detail))
            gone += 1
    return gone
