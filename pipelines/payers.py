"""Whose cheque: an account that has paid a claim points to that claim the next time. Only its fingerprint is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from matching.plain import fingerprint
from models.cheque import ChequeReading, cheque_key
from models.decision import Payment
from models.understanding import Mention, MentionKind
from pipelines.ports import Books


def accounts_of(cheques: Sequence[ChequeReading]) -> tuple[Mention, ...]:
    """The account each cheque is drawn on, as something the item mentions; a line nobody vouches for names none."""
    found = [(cheque, _account(cheque)) for cheque in cheques]
    return tuple(Mention(MentionKind.IBAN, "CMC-7", account, "cheque") for _, account in found if account)


def learn_payers(books: Books, item_id: str, payments: Sequence[Payment], at: datetime) -> int:
    """From cheques booked without a doubt or by a person; how many were new. Accounts named in letters teach nothing:
    they may be ours, printed on the very paper that is answered."""
    record = books.items.record(item_id) if payments else None
    if record is None or record.reading is None:
        return 0
    new = 0
    for number, cheque in enumerate(record.reading.cheques):
        account, key = _account(cheque), cheque_key(item_id, cheque, number)
        for payment in payments:
            if account and payment.key == key:
                new += books.debtors.remember_payer(fingerprint(account), payment.claim_ref, at)
    return new


def _account(cheque: ChequeReading) -> str:
    line = cheque.line
    if line is None or line.zones is None or not (line.vouched or line.rlmc_ok):
        return ""
    _, interbank, internal = line.zones
    return interbank + internal
