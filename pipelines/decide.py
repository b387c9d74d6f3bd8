"""Decide: apply, file, or say in plain words why a person should look. Pure: no I/O, no clock."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from models.cheque import DEFECTS, ChequeReading, cheque_key
from models.claim import Because, Claim, Status, may_move
from models.decision import Decision, Effect, Payment, Reason
from models.event import EventDraft, EventType
from models.hold import HoldKind, HoldTerms, Scope
from models.item import Outcome
from models.labels import HARMLESS, PROTECTIONS, PROTECTIVE_FLAGS, Category, Flag, Subcategory
from models.money import Cents, decimal_from_cents
from models.policy import Due, Policy, Rule, Who
from models.reading import PartKind
from models.record import CREDITOR_NOTICE
from models.understanding import MentionKind
from pipelines.case import Case, all_flags, rules_of
from pipelines.cost import Risk, last_day, look, risk_of
from pipelines.delays import due_at
from pipelines.guard import cheque_doubt

PRECAUTION = "precaution"  # reason of a hold for what the item may be as well: see pipelines/cost.py
SUSPECTED = 0.3  # probability of a protective flag from which the model by itself keeps an item for a person
_SETTLED = frozenset({Status.CLOSED, Status.PAID, Status.PROTECTED, Status.REPRESENTED})
_SAID_ENCLOSED = Reason("cheque_not_found")
_CHEQUES = frozenset({"cheque_full", "cheque_part"})
_TELLS_OF_A_TRANSFER = frozenset({Subcategory.TRANSFER_NOTICE, Subcategory.ALREADY_PAID})


def decide(case: Case, policy: Policy) -> Decision:
    """What may be done without a person. Holds of rules that a person must confirm are placed at once."""
    flags = all_flags(case, policy.thresholds.flag)
    rules = rules_of(case, flags)
    creditor = case.claim.creditor if case.claim else ""
    risk = Risk(0.0) if case.understanding.abstained else risk_of(case, flags, rules, policy)
    reasons = doubts(case, flags, rules, policy, risk)
    if case.understanding.subcategory in HARMLESS and not reasons and not case.reading.cheques:
        return Decision(Outcome.FILED, ("harmless",), (Reason("harmless"),), flags)
    urgent = any(policy.rule(name, creditor).urgent for name in rules)
    if reasons:
        effects = _holds_at_once(case, rules, policy)
        events = _urgent_event(case) if urgent else ()
        return Decision(Outcome.REVIEW, rules, tuple(reasons), flags, effects, events=events, urgent=urgent)
    claims = [case.claim] if case.claim else []
    return carry_out(case, rules, flags, claims, policy, risk.precautions)


def carry_out(
    case: Case,
    rules: tuple[str, ...],
    flags: tuple[Flag, ...],
    claims: Iterable[Claim],
    policy: Policy,
    precautions: tuple[str, ...] = (),
) -> Decision:
    """The full effects of these rules on these claims: by themselves when sure, or because a person said so.

    Of `precautions` only the holds: what the item may be as well is held, but not told as if it were known.
    """
    claims = list(claims)
    payments = (*_cheque_payments(case, claims), *_announced(case, claims))
    paid: Counter[str] = Counter()
    for payment in payments:
        paid[payment.claim_ref] += payment.amount if payment.state == "received" else 0
    effects = tuple(_effect(case, claim, _rules_on(claim, rules, paid), policy, precautions) for claim in claims)
    answers = _answers(case, rules, policy, claims)
    events = tuple(event for claim in claims for event in _events(case, claim, rules, flags))
    reasons = tuple(Reason(PRECAUTION, name) for name in precautions)
    return Decision(Outcome.APPLIED, rules, reasons, flags, effects, payments, events, answers)


# -- doubts ----------------------------------------------------------------------------------------------------------


def doubts(case: Case, flags: tuple[Flag, ...], rules: tuple[str, ...], policy: Policy, risk: Risk) -> list[Reason]:
    """Every reason why a person should look; none means sure. Not the label's name is weighed but what follows from
    it: see pipelines/cost.py."""
    found = [
        *_doubts_of_text(case, policy),
        *([Reason("unsure_effect", risk.worst)] if risk.euros > look(policy) else ()),
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
    facts = understanding.facts
    if understanding.category is Category.DISPUTE and facts.promised_amount and facts.promised_date:
        found.append(Reason("contests_and_promises", decimal_from_cents(facts.promised_amount)))
    unread = [note.partition(": ")[2] for note in case.reading.notes if note.startswith("attachment_unread: ")]
    return found + [Reason("attachment_unread", name) for name in unread]


def _doubts_of_protection(case: Case, rules: tuple[str, ...], policy: Policy) -> list[Reason]:
    understanding = case.understanding
    suspected = [
        f.value for f in Flag if f in PROTECTIVE_FLAGS and understanding.flag_confidence.get(f, 0) >= SUSPECTED
    ]
    found = [Reason("protective", signal) for signal in dict.fromkeys((*understanding.protective, *suspected))]
    creditor = case.claim.creditor if case.claim else ""
    person = [name for name in rules if policy.rule(name, creditor).who is Who.PERSON]
    return found + [Reason("person_decides", name) for name in person if Reason("protective", name) not in found]


def _doubts_of_cheque(case: Case, policy: Policy) -> list[Reason]:
    cheques = case.reading.cheques
    if not cheques:
        return [_SAID_ENCLOSED] if case.understanding.subcategory is Subcategory.CHEQUE else []
    if len(cheques) > 1:
        return [Reason("several_cheques", str(len(cheques)))]
    if case.reading.email is not None:
        return [Reason("cheque_picture")]
    cheque = cheques[0]
    found = [Reason("cheque_problem", problem) for problem in cheque.problems]
    if not cheque.problems and (not cheque.sound or cheque.amount_confidence < _least_of_amount(case, cheque, policy)):
        found.append(Reason("cheque_unsure"))
    elif not cheque.problems and cheque.payee_unconfirmed:  # nobody books what may be another's money unseen
        found.append(Reason("payee_unsure"))
    amount = cheque.believed_amount
    if case.claim is not None and amount is not None:
        key = cheque_key(case.item_id, cheque)
        doubt = cheque_doubt(amount, key, case.claim, case.payments, case.received_at)
        if doubt is not None:
            found.append(Reason(doubt, decimal_from_cents(amount) if doubt == "overpayment" else ""))
    return found


def _least_of_amount(case: Case, cheque: ChequeReading, policy: Policy) -> float:
    """A witness to the cent weighs beside what was read; it never changes the reading."""
    witnessed = cheque.amount is not None and cheque.amount in _sums_named(case)
    return policy.thresholds.cheque_amount_expected if witnessed else policy.thresholds.cheque_amount


def _sums_named(case: Case) -> set[Cents]:
    """What is owed, and the sums written on pages that bear no cheque: the letter, the slip, the cheque's back."""
    bearing = {page for part in case.reading.parts if part.kind is PartKind.CHEQUE for page in part.pages}
    told = [one for one in case.mentions.of(MentionKind.AMOUNT) if one.box is not None and not one.quoted]
    owed = {case.claim.balance, case.claim.principal} if case.claim is not None else set()
    return {int(one.value) for one in told if one.box is not None and one.box.page not in bearing} | owed


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


def _effect(
    case: Case, claim: Claim, rules: tuple[str, ...], policy: Policy, precautions: tuple[str, ...] = ()
) -> Effect:
    wanted = [policy.rule(name, claim.creditor).status for name in rules]
    status = claim.status
    for new in wanted:
        if new is not None and may_move(Because.MAIL, status, new):
            status = new
    careful = (replace(terms, reason=PRECAUTION) for terms in _holds(case, claim, precautions, policy))
    holds = (*_holds(case, claim, rules, policy), *careful)
    return Effect(claim.claim_ref, status if status is not claim.status else None, holds)


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
        until=last_day(case, rule),
        review_on=case.received_on + timedelta(days=review) if review is not None else None,
        redirect_to=case.understanding.facts.representative if rule.status is Status.REPRESENTED else None,
        address=f"{claim.address}, {claim.postcode} {claim.city}" if name == "returned_mail" else None,
    )


def _answers(
    case: Case, rules: tuple[str, ...], policy: Policy, claims: Sequence[Claim]
) -> tuple[tuple[str, datetime], ...]:
    """What is owed to the sender and to the creditor, each kind once, by its earliest date."""
    creditor = claims[0].creditor if claims else ""
    due: dict[str, datetime] = {}
    for name in rules:
        rule = policy.rule(name, creditor)
        owed = [(rule.answer_kind, rule.answer, rule.answer_unit), ("answer", rule.then_answer, Due.DAYS)]
        if claims and not (name in _CHEQUES and claims[0].plan_next_due is not None):
            owed.append((CREDITOR_NOTICE, rule.tell_creditor, Due.DAYS))  # an instalment of a known plan needs none
        for kind, count, unit in owed:
            if count is not None:
                moment = due_at(case.received_at, count, unit)
                due[kind] = min(due.get(kind, moment), moment)
    return tuple(due.items())


# -- payments --------------------------------------------------------------------------------------------------------


def _cheque_payments(case: Case, claims: Sequence[Claim]) -> Iterable[Payment]:
    """Only sound cheques are booked, and never on or with a protection before a person has decided. The picture of a
    cheque is no cheque: its payment is only announced."""
    state = "announced" if case.reading.email is not None else "received"
    for number, cheque in enumerate(case.reading.cheques):
        whole = cheque.believed_amount
        if cheque.line is None or whole is None or set(cheque.problems) & DEFECTS:
            continue
        key = cheque_key(case.item_id, cheque, number)
        for claim, amount in shares(whole, claims):
            yield Payment(claim.claim_ref, amount, "cheque", key, cheque.date, state)


def shares(amount: Cents, claims: Sequence[Claim]) -> list[tuple[Claim, Cents]]:
    """One sum on several claims: each up to its balance in the order given, what is left on the first."""
    left, parts = amount, []
    for claim in claims:
        part = min(left, max(0, claim.balance)) if len(claims) > 1 else left
        left -= part
        parts.append((claim, part))
    if left and parts:
        parts[0] = (parts[0][0], parts[0][1] + left)
    return [(claim, part) for claim, part in parts if part > 0]


def _announced(case: Case, claims: Sequence[Claim]) -> Iterable[Payment]:
    """A transfer that the mail tells of: not money yet, but a cheque on top of it is asked about, and its absence is
    noticed. Where the same sum is here already, the mail tells of that."""
    if case.understanding.subcategory not in _TELLS_OF_A_TRANSFER or case.reading.cheques or len(claims) != 1:
        return
    amount = case.paid or 0
    here = [one for one in case.payments if one.state in ("received", "cleared", "announced")]
    if not any(one.amount == amount for one in here if amount):
        paid_on = case.understanding.facts.paid_date
        yield Payment(claims[0].claim_ref, amount, "transfer", f"item:{case.item_id}", paid_on, "announced")


def _rules_on(claim: Claim, rules: tuple[str, ...], paid: Mapping[str, Cents]) -> tuple[str, ...]:
    """A cheque shared by several claims may pay one in full, another in part, and a third not at all."""
    if len(paid) < 2 or not set(rules) & _CHEQUES:
        return rules
    share = paid.get(claim.claim_ref, 0)
    fits = "cheque_full" if share >= claim.balance else "cheque_part"
    return tuple(dict.fromkeys(fits if name in _CHEQUES else name for name in rules if share or name not in _CHEQUES))


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
