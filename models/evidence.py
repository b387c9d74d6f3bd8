"""Why a claim is thought to be the one: a score is derived from its evidence, so the two cannot drift apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """One comparison, in words an operator can check against the page."""

    feature: str
    on_paper: str
    on_file: str
    similarity: float  # 0..1
    weight: float  # log-odds contributed


@dataclass(frozen=True, slots=True)
class Candidate:
    """`score` is the calibrated probability (0..1) that the item is about this claim."""

    claim_ref: str
    score: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """Candidates, best first. `proposed` only if likely and clearly ahead; `further`: other claims the item names too.

    `plausible` are the claims that deserve a soft hold. `references` are the mentions, as written, that have the
    shape of a reference of this portfolio, found in it or not.
    """

    candidates: tuple[Candidate, ...] = ()
    proposed: str | None = None
    confidence: float = 0.0
    further: tuple[str, ...] = ()
    plausible: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
