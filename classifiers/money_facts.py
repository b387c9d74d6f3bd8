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
LIKELY = 1.2  # and in a dispute that names a day as well: 15 of the corpus' 851, half of them true promises
CLEARLY_PAID = 1.8  # points from which a sum in a promise is rather one that was paid
SOON = 3  # days ahead within which a transfer is under way rather than promised
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
        return _said_paid(money, reading, subcategory, written_on)
    if subcategory is _S.PROMISE:
        return _said_promised(money)
    if subcategory is _S.PLAN_REQUEST:
        return _said_by_instalments(money)
    if subcategory is _S.CHEQUE and not _has_cheque(reading):
        return MoneyFacts(paid=_settled(money))
    return MoneyFacts() if category is Category.PAYMENT else _in_passing(money, category)


def _has_cheque(reading: ItemReading) -> bool:
    return bool(reading.cheques) or any(part.kind is PartKind.CHEQUE for part in reading.parts)


def _said_paid(money: PaymentReader, reading: ItemReading, subcategory: Subcategory, written_on: date) -> MoneyFacts:
    """A payment made or going out. One whose day lies well ahead is a promise too, and is kept as one."""
    said = _transferred(money) if subcategory is _S.TRANSFER_NOTICE else _settled(money)
    paid = _completed(said, _from_proof(reading, written_on))
    ahead = paid.day is not None and (paid.day - written_on).days > SOON
    return MoneyFacts(paid=paid, promised=paid if ahead else NOTHING)


def _said_promised(money: PaymentReader) -> MoneyFacts:
    """A promise. Where words call a sum paid and none speak for a promise, the sum is what was paid."""
    wanted = (Sense.PROMISED, Sense.MONTHLY)
    best = money.best_sum(wanted, fall_back=False)
    told = money.best_sum((Sense.PAID,), fall_back=False)
    if told is not None and best is None and told.score((Sense.PAID,)) > CLEARLY_PAID:
        return MoneyFacts(paid=_on(told, money.best_date(told, (Sense.PAID,), future=False)))
    best = best or money.best_sum(wanted, fall_back=True)
    return MoneyFacts(promised=_on(best, money.best_date(best, (Sense.PROMISED,), future=True)))


def _said_by_instalments(money: PaymentReader) -> MoneyFacts:
    """Instalments; where none is named, the whole claim "in one go", or what was paid already."""
    best = money.best_sum((Sense.MONTHLY, Sense.PROMISED), fall_back=False)
    if best is None:
        whole = _whole_promised(money)
        if whole.cents is not None:
            return MoneyFacts(promised=whole)
        told = money.best_sum((Sense.PAID,), fall_back=False)
        paid = _on(told, money.best_date(told, (Sense.PAID,), future=False)) if told is not None else NOTHING
        return MoneyFacts(paid=paid, promised=MoneyOnDay(None, money.first_due(None)), instalments=money.instalments())
    return MoneyFacts(promised=_on(best, money.first_due(best)), instalments=money.instalments())


def _whole_promised(money: PaymentReader) -> MoneyOnDay:
    """The only sum of the letter, promised in one payment on a day."""
    best = money.whole_sum() if money.instalments() is None else None
    day = money.best_date(best, (Sense.PROMISED,), future=True) if best is not None else None
    return _on(best, day) if day is not None else NOTHING


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
    paid = _beyond_doubt(money, Sense.PAID, BEYOND_DOUBT, future=False)
    contests = category is Category.DISPUTE
    promised = _beyond_doubt(money, Sense.PROMISED, LIKELY if contests else BEYOND_DOUBT, future=True)
    if contests and promised.day is None:
        promised = NOTHING  # "I shall pay when you have proved it" is no promise; with a day a person looks at it
    return MoneyFacts(paid=paid, promised=NOTHING if promised.cents == paid.cents else promised)


def _beyond_doubt(money: PaymentReader, sense: Sense, least: float, *, future: bool) -> MoneyOnDay:
    best = money.best_sum((sense,), fall_back=False)
    if best is None or best.bare or best.score((sense,)) < least:
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
