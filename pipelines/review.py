"""Review: a person's judgement about an item, kept for ever and then applied like any decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from models.bank import Paper
from models.claim import Claim
from models.decision import Decision, Effect, Judgement, Payment, Reason
from models.errors import Conflict
from models.event import EventDraft, EventType
from models.evidence import Matches
from models.hold import HoldKind, HoldTerms, Scope
from models.item import Outcome, Stage
from models.labels import CATEGORY_OF, Subcategory
from models.reading import ItemReading
from models.record import AuditEntry, ItemRecord
from models.understanding import Mentions, Understanding
from pipelines.case import Case, rules_of
from pipelines.corrections import with_what_was_seen
from pipelines.custody import send_on
from pipelines.decide import carry_out
from pipelines.journey import case_of
from pipelines.misfiled import bank_words_again, is_correction, reverse, told_again, undo_statuses
from pipelines.ports import Books
from pipelines.services import Services
from pipelines.settle import settle

CHEQUE_WAYS = {"forward": Paper.FORWARDED, "return": Paper.RETURNED}  # what a person may do with the paper instead


def apply_judgement(services: Services, judgement: Judgement) -> None:
    """Keeps the judgement and carries it out in one transaction, once.

    Raises Conflict where somebody decided first (`judgement.version` is no longer the item's), ValueError where a
    weakening has no reason or the action does not fit the item's stage.
    """
    if judgement.no_hold and not judgement.reason.strip():
        raise ValueError("ending or refusing a hold needs a reason")
    now = services.now()
    with services.ledger.write() as books:
        record = books.items.record(judgement.item_id)
        if record is None:
            raise Conflict(f"no item {judgement.item_id}")
        judgement = with_what_was_seen(judgement, record)
        if record.item.version != judgement.version or not books.trail.add_judgement(judgement):
            raise Conflict("another operator decided this item first")
        detail = {"action": judgement.action, "reason": judgement.reason, "version": judgement.version}
        books.trail.note(AuditEntry(now, judgement.operator, "judged", judgement.item_id, None, detail))
        _act(services, books, record, judgement, now)


def _act(services: Services, books: Books, record: ItemRecord, judgement: Judgement, now: datetime) -> None:
    item, shadow, actor = record.item, services.shadow, judgement.operator
    correction = is_correction(record) and not shadow
    if judgement.action == "reprocess":
        if correction:
            raise ValueError("an item that was applied is corrected by a person's decision")
        books.items.move(item, Stage.RECEIVED)  # its holds stay meanwhile
        return
    if judgement.action == "reopen":
        books.items.move(item, Stage.REVIEW, reason="corrected", outcome=Outcome.REVIEW)
        return
    if correction:  # its claims stand as they would without the item before anything is decided anew
        undo_statuses(books, record, now, actor)
    decision = _worked_out(services, books, record, judgement)
    taken_back = []
    if correction:
        taken_back = reverse(books, record, decision, judgement, now)
        decision = told_again(decision, record)
    settle(books, item, decision, now, actor, shadow=shadow)
    if not shadow:
        bank_words_again(books, taken_back, now, actor)
        if way := CHEQUE_WAYS.get(judgement.extra.get("cheque", "")):
            send_on(books, item.item_id, way, now, actor)


def _worked_out(services: Services, books: Books, record: ItemRecord, judgement: Judgement) -> Decision:
    if judgement.action == "refuse":
        return Decision(Outcome.REFUSED, reasons=(Reason("refused_by_person", judgement.reason),))
    if judgement.action == "file":
        return Decision(Outcome.FILED, ("harmless",), (Reason("harmless"),), judgement.flags)
    return decision_of(services, books, record, judgement)


def decision_of(services: Services, books: Books, record: ItemRecord, judgement: Judgement) -> Decision:
    """The policy's effects for what the person says it is, with the person's own status, amount and hold."""
    found = books.claims.get_many(list(judgement.claim_refs))
    sent_on = judgement.extra.get("cheque", "") in CHEQUE_WAYS
    seen = _read_by_hand(record, judgement) if record.item.stage is Stage.REFUSED else case_of(books, record)
    claims = [found[ref] for ref in judgement.claim_refs if ref in found]
    case = _as_judged(_without_itself(seen), judgement, {**found})
    flags = judgement.flags
    decision = carry_out(case, rules_of(case, flags), flags, claims, services.policy)
    effects = tuple(_as_wanted(effect, judgement, judgement.operator) for effect in decision.effects)
    if sent_on:
        events = (*decision.events, *_forwarded(record, claims, judgement))
        return replace(decision, effects=effects, payments=(), events=events)
    payments = decision.payments or (_payment(record, claims[0], judgement) if claims else ())
    return replace(decision, effects=effects, payments=payments)


def _read_by_hand(record: ItemRecord, judgement: Judgement) -> Case:
    """The machine could not read it, a person has: nothing is known but what the person says."""
    receipt, subcategory = record.receipt, judgement.subcategory or Subcategory.UNRELATED
    return Case(
        record.item.item_id,
        receipt.received_at,
        receipt.mail_received_on or receipt.received_at.date(),
        ItemReading("", ""),
        Understanding(CATEGORY_OF[subcategory], subcategory, 1.0),
        Mentions(),
        record.matches or Matches(),
    )


def _without_itself(case: Case) -> Case:
    """What the item booked the last time is no reason to book it differently now."""
    return replace(case, payments=tuple(one for one in case.payments if one.item_id != case.item_id))


def _forwarded(record: ItemRecord, claims: list[Claim], judgement: Judgement) -> Iterator[EventDraft]:
    """A cheque made out to the creditor goes on to it: no money of ours, and the creditor will say when it has it."""
    if CHEQUE_WAYS[judgement.extra["cheque"]] is not Paper.FORWARDED:
        return
    item = record.item
    for claim in claims:
        data = {"item_id": item.item_id, "creditor": claim.creditor, "decided_by": judgement.operator}
        yield EventDraft(EventType.PAYMENT_FORWARDED, f"{item.item_id}:{item.version}", claim.claim_ref, data)


def _as_judged(case: Case, judgement: Judgement, claims: dict[str, Claim]) -> Case:
    """The case with the person's words in place of the machine's. What the rules saw stays in the trail."""
    subcategory = judgement.subcategory or case.understanding.subcategory
    category = judgement.category or CATEGORY_OF[subcategory]
    refs = judgement.claim_refs
    facts = case.understanding.facts
    if judgement.amount is not None:
        facts = replace(facts, paid_amount=judgement.amount)
    understanding = replace(
        case.understanding,
        category=category,
        subcategory=subcategory,
        confidence=1.0,
        subcategory_confidence=1.0,
        flags=judgement.flags,
        flag_confidence={flag.value: 1.0 for flag in judgement.flags},
        protective=(),
        suspected=(),
        abstained=False,
        facts=facts,
    )
    matches = replace(case.matches, proposed=refs[0] if refs else None, confidence=1.0, further=tuple(refs[1:]))
    return replace(case, understanding=understanding, matches=matches, claims=claims, reading=_cheques(case, judgement))


def _cheques(case: Case, judgement: Judgement) -> ItemReading:
    """With an amount given by a person the cheque's own problems no longer decide which rule applies; one that is
    sent on stays the defective one it is."""
    if judgement.amount is None or not case.reading.cheques or judgement.extra.get("cheque", "") in CHEQUE_WAYS:
        return case.reading
    first = replace(
        case.reading.cheques[0],
        amount=judgement.amount,
        amount_confidence=1.0,
        problems=(),
        signed=True,
        line=replace(case.reading.cheques[0].line, vouched=True) if case.reading.cheques[0].line else None,
    )
    return replace(case.reading, cheques=(first, *case.reading.cheques[1:]))


def _as_wanted(effect: Effect, judgement: Judgement, owner: str) -> Effect:
    status = judgement.status if judgement.status is not None else effect.status
    holds = effect.holds
    if judgement.no_hold:
        holds = ()
    elif judgement.hold_until or judgement.hold_review_on:
        if _ends_earlier(judgement.hold_until, holds) and not judgement.reason.strip():
            raise ValueError("a shorter hold than the policy's needs a reason")
        wide = any(held.scope is Scope.DEBTOR for held in holds)
        holds = (
            HoldTerms(
                scope=Scope.DEBTOR if wide else Scope.CLAIM,
                kind=HoldKind.HOLD,
                reason=judgement.hold_reason or (holds[0].reason if holds else "by_person"),
                owner=owner,
                until=judgement.hold_until,
                review_on=judgement.hold_review_on,
                redirect_to=holds[0].redirect_to if holds else None,
            ),
        )
    return Effect(effect.claim_ref, status, holds)


def _ends_earlier(until: date | None, holds: Iterable[HoldTerms]) -> bool:
    """No last day is the longest hold there is."""
    return until is not None and any(held.until is None or until < held.until for held in holds)


def _payment(record: ItemRecord, claim: Claim, judgement: Judgement) -> tuple[Payment, ...]:
    """A sum entered by a person: keyed by the item, so that it is booked once."""
    if judgement.subcategory is None or judgement.subcategory.value != "cheque":
        return ()
    amount = judgement.amount or 0
    return (Payment(claim.claim_ref, amount, "cheque", f"item:{record.item.item_id}"),) if amount > 0 else ()
