"""Sums paid and promised, asked for as the subject of the mail demands.

Where the mail is about a payment its only sum or day will do; elsewhere only words that leave no doubt count, and
nothing is read out of a mail that announces a protection.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from classifiers.payment_cues import Sense
from classifiers.payments import PaymentReader, Sum
from models.labels import PROTECTIONS, Category, Subcategory
from models.money import Cents
from models.reading import ItemReading, PartKind

LONGEST_TEXT = 20_000
BEYOND_DOUBT = 2.4  # points a sum needs in a mail that is about something else
_S = Subcategory


@dataclass(frozen=True, slots=True)
class MoneyOnDay:
    cents: Cents | None = None
    day: date | None = None


NOTHING = MoneyOnDay()


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    paid: MoneyOnDay = NOTHING
    promised: MoneyOnDay = NOTHING
    instalments: int | None = None


def money_facts(
    text: str, reading: ItemReading, category: Category, subcategory: Subcategory, written_on: date
) -> MoneyFacts:
    """What `text` says of payments, and what an enclosed proof says where the text is silent."""
    if subcategory in PROTECTIONS:
        return MoneyFacts()
    money = PaymentReader(text, written_on)
    if subcategory in (_S.TRANSFER_NOTICE, _S.ALREADY_PAID):
        said = _transferred(money) if subcategory is _S.TRANSFER_NOTICE else _settled(money)
        return MoneyFacts(paid=_completed(said, _from_proof(reading, written_on)))
    if subcategory is _S.PROMISE:
        best = money.best_sum((Sense.PROMISED, Sense.MONTHLY), fall_back=True)
        return MoneyFacts(promised=_on(best, money.best_date(best, (Sense.PROMISED,), future=True)))
    if subcategory is _S.PLAN_REQUEST:
        best = money.best_sum((Sense.MONTHLY, Sense.PROMISED), fall_back=False)
        return MoneyFacts(promised=_on(best, money.first_due(best)), instalments=money.instalments())
    return MoneyFacts() if category is Category.PAYMENT else _in_passing(money, category)


def _transferred(money: PaymentReader) -> MoneyOnDay:
    """A payment just made or going out: its day may lie ahead."""
    wanted = (Sense.PAID, Sense.PROMISED)
    best = money.best_sum(wanted, fall_back=True)
    day = money.best_date(best, wanted, future=True) or money.best_date(best, (Sense.PAID,), future=False)
    return _on(best, day)


def _settled(money: PaymentReader) -> MoneyOnDay:
    best = money.best_sum((Sense.PAID,), fall_back=True)
    return _on(best, money.best_date(best, (Sense.PAID,), future=False))


def _in_passing(money: PaymentReader, category: Category) -> MoneyFacts:
    """A payment told in a mail about something else. The same sum is never both paid and promised."""
    paid = _beyond_doubt(money, Sense.PAID, future=False)
    promised = NOTHING if category is Category.DISPUTE else _beyond_doubt(money, Sense.PROMISED, future=True)
    return MoneyFacts(paid=paid, promised=NOTHING if promised.cents == paid.cents else promised)


def _beyond_doubt(money: PaymentReader, sense: Sense, *, future: bool) -> MoneyOnDay:
    best = money.best_sum((sense,), fall_back=False)
    if best is None or best.bare or best.score((sense,)) < BEYOND_DOUBT:
        return NOTHING
    return _on(best, money.best_date(best, (sense,), future=future, fall_back=False))


def _from_proof(reading: ItemReading, written_on: date) -> MoneyOnDay:
    """Sum and day of an enclosed order or receipt: "Montant : 617,63 EUR ... Date d'exécution : 20/08/2026"."""
    for part in reading.parts:
        if part.kind in (PartKind.PROOF_OF_PAYMENT, PartKind.ATTACHMENT) and part.text.strip():
            money = PaymentReader(part.text[:LONGEST_TEXT], written_on)
            best = money.best_sum((Sense.PAID, Sense.PROMISED), fall_back=True)
            if best:
                return _on(best, money.best_date(best, (Sense.PAID, Sense.PROMISED), future=False))
    return NOTHING


def _completed(said: MoneyOnDay, proof: MoneyOnDay) -> MoneyOnDay:
    """What the letter leaves out comes from the proof; the proof's day only for the same sum."""
    if said.cents is None:
        return MoneyOnDay(proof.cents, said.day or proof.day)
    same = proof.cents in (None, said.cents)
    return MoneyOnDay(said.cents, said.day or (proof.day if same else None))


def _on(best: Sum | None, day: date | None) -> MoneyOnDay:
    return MoneyOnDay(best.cents if best else None, day)
