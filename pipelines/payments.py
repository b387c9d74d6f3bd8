"""Money at the bank: transfers, cards and debits, booked on their claims once, or kept for a person with the doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import chain, count

from models.bank import Unposted
from models.claim import Claim
from models.money import Cents, decimal_from_cents
from models.record import AuditEntry, PaymentRecord
from models.understanding import Mention, MentionKind, Mentions
from pipelines.clearing import Word, bounced, take_off_balance
from pipelines.guard import bank_doubt
from pipelines.owed import REFUND, owe, owe_for_payment
from pipelines.ports import Books
from pipelines.services import Services


@dataclass(frozen=True, slots=True)
class Told:
    """One payment as the bank tells it. `key` is the bank's own and makes it unique; `amount` in cents, positive."""

    key: str
    amount: Cents
    means: str
    paid_on: date | None = None
    claim_ref: str = ""
    text: str = ""  # what the payer wrote
    payer_name: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a payment belongs. `sure`: these claims; otherwise `perhaps` names the plausible ones."""

    sure: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


_MAY_BE_FOUND_LATER = frozenset({"no_claim", "several_claims"})  # told again when the claims have come in


UNKNOWN_BOUNCE = "unknown_bounce"
_ARRIVED = "announced_came"  # in the trail: which payment answered which announcement


class Booked(StrEnum):
    BOOKED = "booked"
    KNOWN = "known"  # told before: nothing was done
    NO_CLAIM = "no_claim"  # kept: a person finds the claim
    DOUBTFUL = "doubtful"  # kept: double payment or more than the balance, a person decides


def place_of(services: Services, told: Told) -> Place:
    """The claim the bank names, else those its text proposes with certainty; nobody is an answer."""
    if told.claim_ref:
        return Place((told.claim_ref,))
    names = (Mention(MentionKind.NAME, told.payer_name, told.payer_name, "sender"),) if told.payer_name else ()
    words = (Mention(MentionKind.REFERENCE, told.text, _plain(told.text)),) if told.text else ()
    found = services.index.match(Mentions((*names, *words), told.payer_name or None), told.text, (told.amount,))
    perhaps = tuple(dict.fromkeys(ref for ref in (found.proposed, *found.further, *found.plausible) if ref))
    if found.proposed is None or found.confidence < services.policy.thresholds.claim:
        return Place((), perhaps)
    return Place(tuple(dict.fromkeys((found.proposed, *found.further))), perhaps)


def claim_for(services: Services, told: Told) -> str | None:
    """The one claim this payment is for with certainty; None is an answer."""
    sure = place_of(services, told).sure
    return sure[0] if len(sure) == 1 else None


def _plain(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())


def book(books: Books, told: Told, place: Place | str | None, at: datetime, actor: str) -> Booked:
    """Balance, status, audit, answers due and events in the caller's transaction. Telling it twice changes nothing.

    What cannot be booked for certain is kept with its reason, once, until a person books or dismisses it.
    """
    place = Place((place,)) if isinstance(place, str) else place or Place()
    if books.trail.payments_with_key(told.key):
        return Booked.KNOWN
    waiting = [one for one in books.bank.unposted_with_key(told.key) if one.reason != UNKNOWN_BOUNCE]
    if any(one.ended_at is not None for one in waiting):
        return Booked.KNOWN  # a person has decided
    if any(one.reason not in _MAY_BE_FOUND_LATER for one in waiting):
        return Booked.DOUBTFUL
    found = books.claims.get_many(list(place.sure))
    claims = [found[ref] for ref in place.sure if ref in found]
    if not claims:
        _keep(books, told, "no_claim", place.perhaps, at, actor)
        return Booked.NO_CLAIM
    parts = _parts(told, claims)
    doubt = "several_claims" if parts is None else _doubt(books, claims, parts, at)
    if doubt is not None or parts is None:
        _keep(books, told, doubt or "several_claims", tuple(claim.claim_ref for claim in claims), at, actor)
        return Booked.DOUBTFUL
    for claim, amount in zip(claims, parts, strict=True):
        post(books, claim, told, amount, at, actor)
    books.bank.end_unposted(told.key, at, actor, "booked")
    return Booked.BOOKED


def _parts(told: Told, claims: Sequence[Claim]) -> list[Cents] | None:
    """How the sum is shared: whole on one claim, the balances where it is exactly their sum. None: a person says."""
    if len(claims) == 1:
        return [told.amount]
    balances = [claim.balance for claim in claims]
    return balances if sum(balances) == told.amount and all(balances) else None


def _doubt(books: Books, claims: Sequence[Claim], parts: Sequence[Cents], at: datetime) -> str | None:
    doubts = (
        bank_doubt(amount, claim, books.trail.payments_of(claim.claim_ref), at)
        for claim, amount in zip(claims, parts, strict=True)
    )
    return next((doubt for doubt in doubts if doubt), None)


def _keep(books: Books, told: Told, reason: str, refs: tuple[str, ...], at: datetime, actor: str) -> None:
    if any(one.ended_at is None for one in books.bank.unposted_with_key(told.key)):
        return
    kept = Unposted(
        told.key, told.amount, told.means, at, reason, told.paid_on, refs, told.text[:500], told.payer_name[:200]
    )
    if books.bank.add_unposted(kept):
        detail = {"key": told.key, "amount": decimal_from_cents(told.amount), "reason": reason}
        for ref in refs or (None,):
            books.trail.note(AuditEntry(at, actor, "payment_doubtful", None, ref, detail))


def take_back(books: Books, told: Told, originals: Sequence[str], place: Place, at: datetime, actor: str) -> Word:
    """The bank took a payment back. One that is not known here by any of its numbers is kept for a person: a claim
    may stand paid that is not."""
    known: Word | None = None
    for key in dict.fromkeys((told.key, *originals)):
        standing = [one for one in books.trail.payments_with_key(key) if one.amount == told.amount]
        if standing or key == told.key:
            said = bounced(books, key, at, actor)
            if said is Word.DONE:
                return said
            known = Word.KNOWN if said is Word.KNOWN else known
    if known is not None or any(one.reason == UNKNOWN_BOUNCE for one in books.bank.unposted_with_key(told.key)):
        return known or Word.UNKNOWN
    refs = place.sure or place.perhaps
    kept = Unposted(told.key, told.amount, told.means, at, UNKNOWN_BOUNCE, told.paid_on, refs, told.text[:500])
    books.bank.add_unposted(kept)
    detail = {"key": told.key, "amount": decimal_from_cents(told.amount), "reason": UNKNOWN_BOUNCE}
    books.trail.note(AuditEntry(at, actor, "payment_doubtful", None, None, detail))
    return Word.UNKNOWN


def allocate(
    books: Books, key: str, parts: Sequence[tuple[str, Cents]], at: datetime, actor: str, note: str = ""
) -> list[str]:
    """A person books a payment that waited. Codes of what is wrong, and nothing was done; empty: it is booked.

    Whatever is above a claim's balance is booked there all the same, and a refund is owed.
    """
    waiting = [one for one in books.bank.unposted_with_key(key) if one.ended_at is None]
    if not waiting:
        return ["payment_gone"]
    if troubles := wrong_parts(books, waiting[0].amount, parts):
        return troubles
    one = waiting[0]
    if one.reason == UNKNOWN_BOUNCE:
        return _bounce_on(books, one, parts, at, actor, note)
    told = Told(one.key, one.amount, one.means, one.paid_on, text=one.text, payer_name=one.payer_name)
    claims = books.claims.get_many([ref for ref, _amount in parts])
    for ref, amount in parts:
        post(books, claims[ref], told, amount, at, actor)
    books.bank.end_unposted(key, at, actor, "booked", note)
    return []


def wrong_parts(books: Books, amount: Cents, parts: Sequence[tuple[str, Cents]]) -> list[str]:
    """Codes of what is wrong with this way to share the sum; each claim once, every claim known, the sum exact."""
    refs = [ref for ref, _amount in parts]
    known = books.claims.get_many(refs)
    troubles = ["claim_not_known" for ref in refs if ref not in known]
    if sum(part for _ref, part in parts) != amount:
        troubles.append("parts_differ")
    if len(known) != len(parts) or any(part <= 0 for _ref, part in parts):
        troubles.append("parts_unclear")
    return list(dict.fromkeys(troubles))


def _bounce_on(
    books: Books, one: Unposted, parts: Sequence[tuple[str, Cents]], at: datetime, actor: str, note: str
) -> list[str]:
    """The person names the claim on which the payment that came back had been booked."""
    (ref, _amount), *more = parts
    cleared = [each for each in books.trail.payments_of(ref) if each.state == "cleared" and each.amount == one.amount]
    if more or not cleared:
        return ["no_such_payment"]
    bounced(books, cleared[-1].key, at, actor)
    books.bank.end_unposted(one.key, at, actor, "booked", note)
    return []


def dismiss(books: Books, key: str, at: datetime, actor: str, note: str) -> bool:
    """A person says this money is not for any claim (refunded, somebody else's). False where nothing waits."""
    waiting = [one for one in books.bank.unposted_with_key(key) if one.ended_at is None]
    if not waiting or not note.strip() or not books.bank.end_unposted(key, at, actor, "dismissed", note):
        return False
    detail = {"key": key, "amount": decimal_from_cents(waiting[0].amount), "note": note}
    books.trail.note(AuditEntry(at, actor, "payment_dismissed", None, None, detail))
    return True


def post(books: Books, claim: Claim, told: Told, amount: Cents, at: datetime, actor: str) -> str | None:
    """The payment's id; None where this payment stands on this claim already."""
    if any(one.claim_ref == claim.claim_ref for one in books.trail.payments_with_key(told.key)):
        return None
    record = _added(
        books, PaymentRecord("", claim.claim_ref, amount, told.means, told.key, "cleared", None, at, told.paid_on)
    )
    _announced_has_come(books, claim, record, at, actor)
    take_off_balance(books, claim, record, at, actor)
    owe_for_payment(books, record.payment_id, claim, at)
    if amount > claim.balance:
        owe(books, record.payment_id, claim, REFUND, at)
    return record.payment_id


def _added(books: Books, payment: PaymentRecord) -> PaymentRecord:
    """Its id is `bank:KEY`; further parts bear their claim, and one booked again after a reversal its number."""
    again = (f"bank:{payment.key}:{payment.claim_ref}" + (f":{times}" if times > 1 else "") for times in count(1))
    named = (replace(payment, payment_id=name) for name in chain([f"bank:{payment.key}"], again))
    return next(one for one in named if books.trail.add_payment(one))


def _announced_has_come(books: Books, claim: Claim, payment: PaymentRecord, at: datetime, actor: str) -> None:
    """The announcement this payment answers: of the same sum, else of a sum not said, else of a larger one."""
    amount = payment.amount
    announced = [one for one in books.trail.payments_of(claim.claim_ref) if one.state == "announced"]
    ranked = sorted(announced, key=lambda one: (one.amount != amount, one.amount != 0, one.amount < amount, one.at))
    if ranked:
        books.trail.set_payment_state(ranked[0].payment_id, "arrived")
        detail = {"announced": ranked[0].payment_id, "payment_id": payment.payment_id}
        books.trail.note(AuditEntry(at, actor, _ARRIVED, ranked[0].item_id, claim.claim_ref, detail))


def announce_again(books: Books, payment: PaymentRecord) -> None:
    """The payment was somebody else's: what was announced has not come. Its hold ends, or has ended, by itself."""
    for entry in books.trail.of_claim(payment.claim_ref):
        if entry.action == _ARRIVED and entry.detail.get("payment_id") == payment.payment_id:
            waits = entry.item_id and any(held.ended_at is None for held in books.holds.of_item(entry.item_id))
            books.trail.set_payment_state(str(entry.detail["announced"]), "announced" if waits else "never_came")
