"""Review: a person's judgement about an item, kept for ever and then applied like any decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from models.claim import Claim
from models.decision import Decision, Effect, Judgement, Payment, Reason
from models.errors import Conflict
from models.hold import HoldKind, HoldTerms, Scope
from models.item import Outcome, Stage
from models.labels import CATEGORY_OF
from models.reading import ItemReading
from models.record import AuditEntry, ItemRecord
from pipelines.case import Case, rules_of
from pipelines.decide import carry_out
from pipelines.journey import case_of
from pipelines.ports import Books
from pipelines.services import Services
from pipelines.settle import settle

_DEFAULT_REVIEW_DAYS = 30


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
        if record.item.version != judgement.version or not books.trail.add_judgement(judgement):
            raise Conflict("another operator decided this item first")
        detail = {"action": judgement.action, "reason": judgement.reason, "version": judgement.version}
        books.trail.note(AuditEntry(now, judgement.operator, "judged", judgement.item_id, None, detail))
        _act(services, books, record, judgement, now)


def _act(services: Services, books: Books, record: ItemRecord, judgement: Judgement, now: datetime) -> None:
    item, shadow = record.item, services.shadow
    if judgement.action == "reprocess":
        books.items.move(item, Stage.RECEIVED)  # its holds stay meanwhile
        return
    if judgement.action == "reopen":
        books.items.move(item, Stage.REVIEW, reason="corrected", outcome=Outcome.REVIEW)
        return
    if judgement.action == "refuse":
        decision = Decision(Outcome.REFUSED, reasons=(Reason("refused_by_person", judgement.reason),))
    elif judgement.action == "file":
        decision = Decision(Outcome.FILED, ("harmless",), (Reason("harmless"),), judgement.flags)
    else:
        decision = decision_of(services, books, record, judgement)
    settle(books, item, decision, now, judgement.operator, shadow=shadow)


def decision_of(services: Services, books: Books, record: ItemRecord, judgement: Judgement) -> Decision:
    """The policy's effects for what the person says it is, with the person's own status, amount and hold."""
    found = books.claims.get_many(list(judgement.claim_refs))
    claims = [found[ref] for ref in judgement.claim_refs if ref in found]
    case = _as_judged(case_of(books, record), judgement, {**found})
    flags = judgement.flags
    decision = carry_out(case, rules_of(case, flags), flags, claims, services.policy)
    effects = tuple(_as_wanted(effect, judgement, judgement.operator) for effect in decision.effects)
    payments = decision.payments or (_payment(record, claims[0], judgement) if claims else ())
    return replace(decision, effects=effects, payments=payments)


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
        abstained=False,
        facts=facts,
    )
    matches = replace(case.matches, proposed=refs[0] if refs else None, confidence=1.0, further=tuple(refs[1:]))
    return replace(case, understanding=understanding, matches=matches, claims=claims, reading=_cheques(case, judgement))


def _cheques(case: Case, judgement: Judgement) -> ItemReading:
    """With an amount given by a person the cheque's own problems no longer decide which rule applies."""
    if judgement.amount is None or not case.reading.cheques:
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
        holds = (
            HoldTerms(
                scope=holds[0].scope if holds else Scope.CLAIM,
                kind=HoldKind.HOLD,
                reason=judgement.hold_reason or (holds[0].reason if holds else "by_person"),
                owner=owner,
                until=judgement.hold_until,
                review_on=judgement.hold_review_on,
                redirect_to=holds[0].redirect_to if holds else None,
            ),
        )
    return Effect(effect.claim_ref, status, holds)


def _payment(record: ItemRecord, claim: Claim, judgement: Judgement) -> tuple[Payment, ...]:
    """A sum entered by a person: keyed by the item, so that it is booked once."""
    if judgement.subcategory is None or judgement.subcategory.value != "cheque":
        return ()
    amount = judgement.amount or 0
    return (Payment(claim.claim_ref, amount, "cheque", f"item:{record.item.item_id}"),) if amount > 0 else ()
