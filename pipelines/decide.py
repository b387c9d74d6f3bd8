"""Decide: apply, file, or say in plain words why a person should look. Pure: no I/O, no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from models.cheque import DEFECTS
from models.claim import Because, Claim, Status, may_move
from models.decision import Decision, Effect, Payment, Reason
from models.event import EventDraft, EventType
from models.hold import HoldKind, HoldTerms, Scope
from models.item import Outcome
from models.labels import HARMLESS, PROTECTIONS, Category, Flag, Subcategory
from models.money import decimal_from_cents
from models.policy import Due, Policy, Rule, Who
from pipelines.case import Case, all_flags, rules_of
from pipelines.delays import due_at

_SETTLED = frozenset({Status.CLOSED, Status.PAID, Status.PROTECTED, Status.REPRESENTED})
_SAID_ENCLOSED = Reason("cheque_not_found")


def decide(case: Case, policy: Policy) -> Decision:
    """What may be done without a person. Holds of rules that a person must confirm are placed at once."""
    flags = all_flags(case, policy.thresholds.flag)
    rules = rules_of(case, flags)
    creditor = case.claim.creditor if case.claim else ""
    reasons = doubts(case, flags, rules, policy)
    if case.understanding.subcategory in HARMLESS and not reasons and not case.reading.cheques:
        return Decision(Outcome.FILED, ("harmless",), (Reason("harmless"),), flags)
    urgent = any(policy.rule(name, creditor).urgent for name in rules)
    if reasons:
        effects = _holds_at_once(case, rules, policy)
        events = _urgent_event(case) if urgent else ()
        return Decision(Outcome.REVIEW, rules, tuple(reasons), flags, effects, events=events, urgent=urgent)
    claims = [case.claim] if case.claim else []
    return carry_out(case, rules, flags, claims, policy)


def carry_out(
    case: Case, rules: tuple[str, ...], flags: tuple[Flag, ...], claims: Iterable[Claim], policy: Policy
) -> Decision:
    """The full effects of these rules on these claims: by themselves when sure, or because a person said so."""
    claims = list(claims)
    effects = tuple(_effect(case, claim, rules, policy) for claim in claims)
    answers = _answers(case, rules, policy, claims[0].creditor if claims else "")
    payments = tuple(_cheque_payments(case, claims[0])) if claims else ()
    events = tuple(event for claim in claims for event in _events(case, claim, rules, flags))
    return Decision(Outcome.APPLIED, rules, (), flags, effects, payments, events, answers)


# -- doubts ----------------------------------------------------------------------------------------------------------


def doubts(case: Case, flags: tuple[Flag, ...], rules: tuple[str, ...], policy: Policy) -> list[Reason]:
    """Every reason why a person should look; none means sure."""
    found = [
        *_doubts_of_text(case, policy),
        *_doubts_of_protection(case, rules, policy),
        *_doubts_of_cheque(case, policy),
    ]
    if case.understanding.subcategory in HARMLESS:
        return found + _doubts_of_harmless(case, policy)
    return found + _doubts_of_claim(case, flags, policy)


def _doubts_of_text(case: Case, policy: Policy) -> list[Reason]:
    understanding, least = case.understanding, policy.thresholds
    if understanding.abstained:
        return [Reason("not_understood" if case.reading.text.strip() else "no_text")]
    found = []
    if understanding.confidence < least.category:
        found.append(Reason("unsure_category", f"{understanding.confidence:.0%}"))
    if understanding.subcategory_confidence < least.subcategory:
        found.append(Reason("unsure_subcategory", f"{understanding.subcategory_confidence:.0%}"))
    if case.reading.confidence < least.reading:
        found.append(Reason("hard_to_read", f"{case.reading.confidence:.0%}"))
    unread = [note.partition(": ")[2] for note in case.reading.notes if note.startswith("attachment_unread: ")]
    return found + [Reason("attachment_unread", name) for name in unread]


def _doubts_of_protection(case: Case, rules: tuple[str, ...], policy: Policy) -> list[Reason]:
    found = [Reason("protective", signal) for signal in case.understanding.protective]
    creditor = case.claim.creditor if case.claim else ""
    person = [name for name in rules if policy.rule(name, creditor).who is Who.PERSON]
    return found + [Reason("person_decides", name) for name in person if name not in case.understanding.protective]


def _doubts_of_cheque(case: Case, policy: Policy) -> list[Reason]:
    cheques = case.reading.cheques
    if not cheques:
        return [_SAID_ENCLOSED] if case.understanding.subcategory is Subcategory.CHEQUE else []
    if len(cheques) > 1:
        return [Reason("several_cheques", str(len(cheques)))]
    cheque = cheques[0]
    found = [Reason("cheque_problem", problem) for problem in cheque.problems]
    if not cheque.problems and (not cheque.sound or cheque.amount_confidence < policy.thresholds.cheque_amount):
        found.append(Reason("cheque_unsure"))
    if case.claim is not None and cheque.amount is not None and cheque.amount > case.claim.balance:
        found.append(Reason("overpayment", decimal_from_cents(cheque.amount)))
    if any(payment.amount == cheque.amount and payment.state != "reversed" for payment in case.payments):
        found.append(Reason("double_payment"))
    return found


def _doubts_of_harmless(case: Case, policy: Policy) -> list[Reason]:
    if case.matches.plausible or case.matches.proposed or case.matches.references:
        return [Reason("harmless_but_named")]
    number = int.from_bytes(hashlib.sha256(case.item_id.encode()).digest()[:4], "big") / 2**32
    return [Reason("sampled")] if number < policy.thresholds.shown_to_a_person else []


def _doubts_of_claim(case: Case, flags: tuple[Flag, ...], policy: Policy) -> list[Reason]:
    matches, claim = case.matches, case.claim
    if claim is None:
        best = f"{matches.candidates[0].score:.0%}" if matches.candidates else ""
        return [Reason("unsure_claim", best) if matches.candidates else Reason("no_claim")]
    found = []
    if matches.confidence < policy.thresholds.claim:
        found.append(Reason("unsure_claim", f"{matches.confidence:.0%}"))
    if Flag.TWO_CLAIMS in flags:
        found.append(Reason("two_claims", ", ".join((claim.claim_ref, *matches.further))))
    if claim.status in _SETTLED:
        found.append(Reason("claim_status", claim.status))
    return found


# -- effects ---------------------------------------------------------------------------------------------------------


def _holds_at_once(case: Case, rules: tuple[str, ...], policy: Policy) -> tuple[Effect, ...]:
    """Holds of rules that a person confirms, before that person looks: on the claim proposed, else every plausible."""
    refs = [case.matches.proposed] if case.matches.proposed else list(case.matches.plausible)
    effects = []
    for claim in (case.claims[ref] for ref in refs if ref in case.claims):
        person = [name for name in rules if policy.rule(name, claim.creditor).who is Who.PERSON]
        holds = _holds(case, claim, person, policy)
        if holds:
            effects.append(Effect(claim.claim_ref, None, holds))
    return tuple(effects)


def _effect(case: Case, claim: Claim, rules: tuple[str, ...], policy: Policy) -> Effect:
    wanted = [policy.rule(name, claim.creditor).status for name in rules]
    status = claim.status
    for new in wanted:
        if new is not None and may_move(Because.MAIL, status, new):
            status = new
    return Effect(claim.claim_ref, status if status is not claim.status else None, _holds(case, claim, rules, policy))


def _holds(case: Case, claim: Claim, rules: Iterable[str], policy: Policy) -> tuple[HoldTerms, ...]:
    holds = []
    for name in rules:
        rule = policy.rule(name, claim.creditor)
        if rule.scope is None or (name == "returned_mail" and not _address_is_bad(case)):
            continue
        holds.append(_terms(case, claim, name, rule, rule.scope))
    return tuple(holds)


def _address_is_bad(case: Case) -> bool:
    """*Refused* and *not claimed* are not bad addresses."""
    return case.understanding.facts.returned_reason not in ("refused", "unclaimed")


def _terms(case: Case, claim: Claim, name: str, rule: Rule, scope: Scope) -> HoldTerms:
    review = rule.review_days
    return HoldTerms(
        scope=scope,
        kind=HoldKind.HOLD,
        reason=name,
        owner=rule.owner,
        channels=rule.channels,
        until=_last_day(case, rule),
        review_on=case.received_on + timedelta(days=review) if review is not None else None,
        redirect_to=case.understanding.facts.representative if rule.status is Status.REPRESENTED else None,
        address=f"{claim.address}, {claim.postcode} {claim.city}" if name == "returned_mail" else None,
    )


def _last_day(case: Case, rule: Rule) -> date | None:
    if rule.days is not None:
        return case.received_on + timedelta(days=rule.days)
    if rule.after_named_date is None:
        return None
    facts = case.understanding.facts
    named = max(facts.promised_date or facts.paid_date or case.received_on, case.received_on)
    last = named + timedelta(days=rule.after_named_date)
    return min(last, case.received_on + timedelta(days=rule.at_most)) if rule.at_most is not None else last


def _answers(case: Case, rules: tuple[str, ...], policy: Policy, creditor: str) -> tuple[tuple[str, datetime], ...]:
    """What is owed to the sender, each kind once, by its earliest date."""
    due: dict[str, datetime] = {}
    for rule in (policy.rule(name, creditor) for name in rules):
        owed = [(rule.answer_kind, rule.answer, rule.answer_unit), ("answer", rule.then_answer, Due.DAYS)]
        for kind, count, unit in owed:
            if count is not None:
                moment = due_at(case.received_at, count, unit)
                due[kind] = min(due.get(kind, moment), moment)
    return tuple(due.items())


def _cheque_payments(case: Case, claim: Claim) -> Iterable[Payment]:
    """Only sound cheques are booked, and never on or with a protection before a person has decided."""
    for cheque in case.reading.cheques:
        if cheque.line is None or cheque.amount is None or set(cheque.problems) & DEFECTS:
            continue
        key = hashlib.sha256(cheque.line.text.encode()).hexdigest()
        yield Payment(claim.claim_ref, cheque.amount, "cheque", key, cheque.date)


# -- events ----------------------------------------------------------------------------------------------------------


def _urgent_event(case: Case) -> tuple[EventDraft, ...]:
    return (EventDraft(EventType.ITEM_URGENT, case.item_id, case.matches.proposed, {"item_id": case.item_id}),)


def _events(case: Case, claim: Claim, rules: tuple[str, ...], flags: tuple[Flag, ...]) -> Iterable[EventDraft]:
    understanding = case.understanding
    ref, said = claim.claim_ref, {"item_id": case.item_id, "subcategory": understanding.subcategory.value}
    if understanding.category is Category.DISPUTE:
        yield EventDraft(EventType.DISPUTE_OPENED, case.item_id, ref, said)
    protective = {"death", "over_indebtedness", "over_indebtedness_filed", "insolvency", "distress"} & set(rules)
    if understanding.subcategory in PROTECTIONS or protective:
        yield EventDraft(EventType.PROTECTION_OPENED, case.item_id, ref, said)
    if "cheque_defect" in rules:
        problems = [str(problem) for cheque in case.reading.cheques for problem in cheque.problems]
        yield EventDraft(EventType.PAYMENT_DEFECTIVE, case.item_id, ref, {**said, "problems": problems})
    if "address_change" in rules:
        yield EventDraft(EventType.CONTACT_CHANGED, case.item_id, ref, said)
    if "returned_mail" in rules and _address_is_bad(case):
        yield EventDraft(EventType.ADDRESS_INVALID, case.item_id, ref, said)
