"""From scores to an answer: probabilities that add up, one proposal or none, further claims, and what to hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matching.paper import Finding
from matching.scorecard import Scorecard
from models.claim import Claim
from models.evidence import Candidate

_NAMES = frozenset({"surname", "first_name"})
_OURS, _CREDITORS = "claim_reference", frozenset({"client_reference", "invoice_reference"})
_WRITTEN = frozenset({"exact", "confused"})
# Of a person named by nothing but name and home, these say that it is a namesake or a relative.
VETOES = frozenset({("birth_date", "other"), ("first_name", "other")})


@dataclass(frozen=True, slots=True)
class Scored:
    """One compared claim. `named_by`: what of the item names this very claim (`index._named_by`)."""

    claim: Claim
    log_odds: float
    findings: tuple[Finding, ...]
    named_by: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """`propose`: least probability of a proposal; `ahead`: least log-odds before the runner-up, `ahead_of_named`:
    before another claim whose own reference is written while the proposed one's is not: one of the two is a slip.

    `beside`: least log-odds from anything but a name (a namesake outside the portfolio cannot be seen in it), and
    from anything but a creditor's own number (another company may have given the same).
    """

    propose: float = 0.97
    ahead: float = 3.0
    ahead_of_named: float = 10.0
    beside: float = 1.0
    plausible: float = 0.2
    plausible_best: float = 0.05  # the best one is held on less: a short hold costs less than a reminder that crosses
    most_plausible: int = 10
    most_candidates: int = 10


def probabilities(log_odds: Sequence[float]) -> list[float]:
    """Chance of each claim, given that the item is about one of them or about none (log-odds 0)."""
    top = max([0.0, *log_odds])
    shares = [math.exp(value - top) for value in log_odds]
    whole = sum(shares) + math.exp(-top)
    return [share / whole for share in shares]


def same_debtor(one: Claim, other: Claim) -> bool:
    """As the contract says: same key, or same names and birth date, or same company and address."""
    if one.debtor_ref and one.debtor_ref == other.debtor_ref:
        return True
    if one.company_name or other.company_name:
        return (one.company_name, one.postcode, one.address) == (other.company_name, other.postcode, other.address)
    names = (one.last_name, one.first_name) == (other.last_name, other.first_name)
    return names and one.birth_date is not None and one.birth_date == other.birth_date


def akin(one: Claim, other: Claim) -> bool:
    """The same debtor, or the same names at the same address: enough to hold, not to link for good."""
    if same_debtor(one, other):
        return True
    here, there = ((claim.last_name, claim.first_name, claim.address, claim.postcode) for claim in (one, other))
    return here == there and all(here)


def further_claims(scored: Sequence[Scored]) -> list[Scored]:
    """Other claims that the item names too, by something that does not name the best one.

    A reference may be anybody's; a sum and its creditor only another claim's of the same debtor.
    """
    if not scored or not scored[0].named_by:
        return []
    taken = set(scored[0].named_by)
    found = []
    for other in scored[1:]:
        own = other.named_by - taken
        same = akin(scored[0].claim, other.claim)
        if any(same or " " not in word for word in own) and (same or other.log_odds > 0):
            found.append(other)
            taken |= own
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    candidates: tuple[Candidate, ...]
    proposed: str | None
    confidence: float
    further: tuple[str, ...]
    plausible: tuple[str, ...]


def choose(scored: Sequence[Scored], scorecard: Scorecard, limits: Limits) -> Answer:
    """`scored` in any order; ties are broken by claim_ref so that the answer is always the same."""
    ranked = sorted(scored, key=lambda one: (-one.log_odds, one.claim.claim_ref))
    if not ranked:
        return Answer((), None, 0.0, (), ())
    further = further_claims(ranked)
    beside = {one.claim.claim_ref for one in further}
    rivals = [one for one in ranked if one.claim.claim_ref not in beside]
    chances = dict(
        zip((one.claim.claim_ref for one in rivals), probabilities([one.log_odds for one in rivals]), strict=True)
    )
    for one in further:
        chances[one.claim.claim_ref] = probabilities([one.log_odds])[0] * 0.999
    best = rivals[0]
    lead = best.log_odds - (rivals[1].log_odds if len(rivals) > 1 else 0.0)
    sure = chances[best.claim.claim_ref] >= limits.propose and lead >= limits.ahead
    sure = sure and _may_be_proposed(best, scorecard, limits) and not _contradicted(rivals, limits)
    candidates = tuple(
        Candidate(one.claim.claim_ref, round(chances[one.claim.claim_ref], 6), scorecard.evidence(one.findings))
        for one in ranked[: limits.most_candidates]
    )
    return Answer(
        candidates,
        best.claim.claim_ref if sure else None,
        round(chances[best.claim.claim_ref], 6),
        tuple(one.claim.claim_ref for one in further) if sure else (),
        _plausible(ranked, chances, sure, limits),
    )


def _may_be_proposed(best: Scored, scorecard: Scorecard, limits: Limits) -> bool:
    """Whatever the probability says: our own reference is enough; else two kinds of evidence, and no veto."""
    written = {finding.feature for finding in best.findings if finding.level in _WRITTEN}
    if _OURS in written:
        return True
    vetoed = any((finding.feature, finding.level) in VETOES for finding in best.findings)
    if vetoed and not written & _CREDITORS:
        return False
    return all(_beside(best, scorecard, kind) >= limits.beside for kind in (_NAMES, _CREDITORS))


def _contradicted(rivals: Sequence[Scored], limits: Limits) -> bool:
    """The item names another claim by its own reference, and what speaks for the best is not far stronger."""
    best = rivals[0]
    near = (other for other in rivals[1:] if best.log_odds - other.log_odds < limits.ahead_of_named)
    return not _named(best) and any(map(_named, near))


def _beside(best: Scored, scorecard: Scorecard, kind: frozenset[str]) -> float:
    """What speaks for it, evidence of this kind aside."""
    parts = (scorecard.weigh(finding) for finding in best.findings if finding.feature not in kind)
    return sum(max(0.0, weight) for weight in parts)


def _named(one: Scored) -> bool:
    """Our own reference of this claim is written, without an error."""
    return any(" " not in word for word in one.named_by) and any(
        finding.feature == _OURS and finding.level == "exact" for finding in one.findings
    )


def _plausible(ranked: list[Scored], chances: dict[str, float], sure: bool, limits: Limits) -> tuple[str, ...]:
    """Claims that deserve a hold: likely ones, those whose own reference is written, be it under another name, and,
    while it is open which, every claim of a debtor likely meant."""
    kept = [one for one in ranked if chances[one.claim.claim_ref] >= limits.plausible or _named(one)]
    if not kept and max(chances.values()) >= limits.plausible_best:
        kept = ranked[:1]
    if not sure:
        for one in ranked:
            kin = [other for other in ranked if other is one or akin(one.claim, other.claim)]
            if one not in kept and sum(chances[other.claim.claim_ref] for other in kin) >= limits.plausible:
                kept.append(one)
    return tuple(one.claim.claim_ref for one in kept[: limits.most_plausible])
