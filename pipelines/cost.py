"""What applying costs if the label is wrong: effects are compared, not names. Pure.

A doubt between two subjects whose effects are the same costs nothing; one between two holds costs what the weaker one
may let out. Where it may let something out, the other hold is placed beside it as a precaution, if that is cheaper.
Nothing is applied whose expected cost, over the probabilities of all subjects, is above that of a look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import inf

from models.claim import STRENGTH
from models.hold import Channel, Scope
from models.labels import CATEGORY_OF, Flag, Subcategory
from models.policy import Policy, Rule, Who
from pipelines.case import Case, rules_of

_PRECAUTIONS = 2  # more doubts than that are for a person


@dataclass(frozen=True, slots=True)
class Hold:
    """How far a rule's hold reaches. `least` and `most` days; `named` where they count from a date the mail names."""

    scope: Scope
    channels: frozenset[Channel]
    least: float
    most: float
    named: bool = False

    def covers(self, other: Hold) -> bool:
        wide = self.scope is Scope.DEBTOR or other.scope is Scope.CLAIM
        long = self.least >= (other.least if self.named and other.named else other.most)
        return wide and self.channels >= other.channels and long


@dataclass(frozen=True, slots=True)
class Reach:
    """What a set of rules does to a claim: the strongest status, the holds, whether a person must confirm."""

    strength: int
    holds: frozenset[Hold]
    person: bool

    def covers(self, other: Reach) -> bool:
        held = all(any(one.covers(hold) for one in self.holds) for hold in other.holds)
        return held and self.strength >= other.strength


@dataclass(frozen=True, slots=True)
class Risk:
    """`euros` expected over all subjects; `worst`: the rule that would have been right where most of it comes from.

    `precautions`: rules whose holds are placed, too, for what the item may be as well.
    """

    euros: float
    worst: str = ""
    precautions: tuple[str, ...] = ()


def risk_of(case: Case, flags: tuple[Flag, ...], rules: tuple[str, ...], policy: Policy) -> Risk:
    """The least risk with at most `_PRECAUTIONS` holds of other rules beside these; none where a look costs more."""
    risk = _risk(case, flags, rules, policy, ())
    while risk.euros > look(policy) and len(risk.precautions) < _PRECAUTIONS and _may_be_held(risk, case, policy):
        careful = _risk(case, flags, rules, policy, (*risk.precautions, risk.worst))
        if careful.euros >= risk.euros:
            break
        risk = careful
    return risk


def _may_be_held(risk: Risk, case: Case, policy: Policy) -> bool:
    """Whether there is a hold to place for the worst case, and not one that a person must confirm."""
    if case.claim is None or risk.worst not in policy.rules or risk.worst in risk.precautions:
        return False
    rule = policy.rule(risk.worst, case.claim.creditor)
    return rule.scope is not None and rule.who is Who.AUTO


def _risk(
    case: Case, flags: tuple[Flag, ...], rules: tuple[str, ...], policy: Policy, precautions: tuple[str, ...]
) -> Risk:
    """Nought where the classifier gave no probabilities: the threshold of the subcategory decides then."""
    creditor = case.claim.creditor if case.claim else ""
    applied = reach_of(rules, policy, creditor)
    euros, worst, most = _days_added(case, rules, precautions, policy) * policy.costs.held_day, "", 0.0
    for name, chance in case.understanding.chances.items():
        subcategory = Subcategory(name)
        if subcategory is case.understanding.subcategory:
            continue
        other = replace(case.understanding, subcategory=subcategory, category=CATEGORY_OF[subcategory])
        right = rules_of(replace(case, understanding=other), flags)
        if set(right) & set(precautions) and set(right) <= {*rules, *precautions}:
            part = chance * policy.costs.wrong_status  # all is held that should be; what was told is to be corrected
        else:
            part = chance * _cost(applied, reach_of(right, policy, creditor), policy)
        euros += part
        if part > most:
            worst, most = right[0] if right else name, part
    return Risk(euros, worst, precautions)


def _days_added(case: Case, rules: tuple[str, ...], precautions: tuple[str, ...], policy: Policy) -> int:
    """Days that the precautions hold the claim longer than the rules themselves do, until a person looks."""
    if not precautions:
        return 0
    creditor = case.claim.creditor if case.claim else ""
    own, more = (
        [_looked_at(case, rule) for rule in (policy.rule(name, creditor) for name in names) if rule.scope is not None]
        for names in (rules, precautions)
    )
    return max(0, (max(more) - max(own, default=case.received_on)).days)


def _looked_at(case: Case, rule: Rule) -> date:
    """When the hold ends or, where it has no end, when a person looks at it."""
    return last_day(case, rule) or case.received_on + timedelta(days=rule.review_days or 0)


def last_day(case: Case, rule: Rule) -> date | None:
    """Of the rule's hold, by the dates that the mail names. None where it has no end."""
    if rule.days is not None:
        return case.received_on + timedelta(days=rule.days)
    if rule.after_named_date is None:
        return None
    facts = case.understanding.facts
    named = max(facts.promised_date or facts.paid_date or case.received_on, case.received_on)
    last = named + timedelta(days=rule.after_named_date)
    return min(last, case.received_on + timedelta(days=rule.at_most)) if rule.at_most is not None else last


def look(policy: Policy) -> float:
    """Euros that a person's look at one item costs."""
    return policy.costs.operator_minute * policy.costs.look_minutes


def reach_of(rules: tuple[str, ...], policy: Policy, creditor: str) -> Reach:
    chosen = [policy.rule(name, creditor) for name in rules]
    strength = max((STRENGTH[rule.status] for rule in chosen if rule.status is not None), default=0)
    holds = frozenset(_hold(rule, rule.scope) for rule in chosen if rule.scope is not None)
    return Reach(strength, holds, any(rule.who is Who.PERSON for rule in chosen))


def _hold(rule: Rule, scope: Scope) -> Hold:
    """A hold without a last day lasts until a person lifts it or an answer has gone out."""
    channels = frozenset(rule.channels)
    if rule.days is not None:
        return Hold(scope, channels, rule.days, rule.days)
    if rule.after_named_date is not None:
        most = rule.at_most if rule.at_most is not None else inf
        return Hold(scope, channels, min(rule.after_named_date, most), most, named=True)
    return Hold(scope, channels, inf, inf)


def _cost(applied: Reach, right: Reach, policy: Policy) -> float:
    """Euros of having applied one effect where the other would have been right."""
    costs = policy.costs
    if right.person and not applied.person:
        return costs.wrong_application
    if applied == right:
        return 0.0
    return costs.wrong_hold if applied.covers(right) else costs.leaked_reminder
