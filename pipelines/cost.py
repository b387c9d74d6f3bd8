"""What applying costs if the label is wrong: effects are compared, not names. Pure.

A doubt between two subjects whose effects are the same costs nothing; one between two holds costs what the weaker one
may let out. Nothing is applied whose expected cost, over the probabilities of all subjects, is above that of a look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from models.claim import STRENGTH
from models.hold import Channel, Scope
from models.labels import CATEGORY_OF, Flag, Subcategory
from models.policy import Policy, Rule, Who
from pipelines.case import Case, rules_of


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
    """`euros` expected over all subjects; `worst`: the rule that would have been right where most of it comes from."""

    euros: float
    worst: str = ""


def risk_of(case: Case, flags: tuple[Flag, ...], rules: tuple[str, ...], policy: Policy) -> Risk:
    """Nought where the classifier gave no probabilities: the threshold of the subcategory decides then."""
    creditor = case.claim.creditor if case.claim else ""
    applied = reach_of(rules, policy, creditor)
    euros, worst, most = 0.0, "", 0.0
    for name, chance in case.understanding.chances.items():
        subcategory = Subcategory(name)
        if subcategory is case.understanding.subcategory:
            continue
        other = replace(case.understanding, subcategory=subcategory, category=CATEGORY_OF[subcategory])
        right = rules_of(replace(case, understanding=other), flags)
        part = chance * _cost(applied, reach_of(right, policy, creditor), policy)
        euros += part
        if part > most:
            worst, most = right[0] if right else name, part
    return Risk(euros, worst)


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
