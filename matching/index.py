"""Which claim is this item about? START HERE: `ClaimIndex.match` reads top to bottom.

clues (what the item offers) -> search (few candidates out of a million) -> comparisons (findings) -> scorecard
(evidence, log-odds) -> choice (probabilities, proposal, further claims, what to hold).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from matching.choice import Limits, Scored, choose
from matching.clues import Clues, clues_of
from matching.comparisons import compare, creditors_in
from matching.paper import Finding, Paper
from matching.portfolio import Portfolio, build_portfolio
from matching.profile import Profile, profile_of
from matching.rarity import PortfolioRarity
from matching.scorecard import Scorecard, default_scorecard
from matching.search import Found, payers_in, search
from models.claim import Claim
from models.evidence import Matches
from models.money import Cents
from models.understanding import Mentions


class ClaimIndex:
    """All claims of the portfolio, ready to be matched. One writer at a time; any number of processes may read."""

    def __init__(self, portfolio: Portfolio, scorecard: Scorecard | None = None, limits: Limits | None = None) -> None:
        self._portfolio = portfolio
        self._scorecard = scorecard or default_scorecard()
        self._limits = limits or Limits()

    @classmethod
    def build(cls, claims: Iterable[Claim], folder: Path | None = None) -> ClaimIndex:
        """In memory, or as mapped files in `folder` (which replaces what was there)."""
        return cls(build_portfolio(claims, folder))

    @classmethod
    def open(cls, folder: Path) -> ClaimIndex:
        """Map what `build` wrote. Raises `Unavailable` where nothing usable lies there."""
        return cls(Portfolio.open(folder))

    def __len__(self) -> int:
        self._portfolio.catch_up()
        return self._portfolio.total

    def update(self, claims: Iterable[Claim]) -> None:
        """Claims added or changed; visible at once, with a folder also to every other process that opened it."""
        self._portfolio.update(claims)

    def remember_payers(self, payers: Iterable[tuple[str, str]]) -> None:
        """(`plain.fingerprint` of an account, claim_ref) of settled payments: they point to the claim next time."""
        for account, claim_ref in payers:
            self._portfolio.payers.setdefault(account, {})[claim_ref] = None

    @property
    def changed(self) -> int:
        """How many claims were added or changed since the index was built: they are held in memory."""
        return self._portfolio.changed

    def claim(self, claim_ref: str) -> Claim | None:
        self._portfolio.catch_up()
        row = self._portfolio.row_of(claim_ref)
        return None if row is None else self._portfolio.claim_at(row)

    def match(self, mentions: Mentions, text: str, amounts: Sequence[Cents] = ()) -> Matches:
        """Candidates with their evidence, best first; a proposal only where it is likely and clearly ahead."""
        self._portfolio.catch_up()
        clues = clues_of(mentions, text, amounts, self._portfolio.shapes)
        answer = choose(self.score(clues), self._scorecard, self._limits)
        return Matches(
            answer.candidates, answer.proposed, answer.confidence, answer.further, answer.plausible, clues.references
        )

    def score(self, clues: Clues) -> list[Scored]:
        """Every candidate that the blocks found, compared and weighed."""
        portfolio = self._portfolio
        found = search(clues, portfolio)
        profiles = {row: profile_of(portfolio.claim_at(row)) for row in found}
        rarity = PortfolioRarity(portfolio, profiles.values())
        creditors = creditors_in(clues, list(portfolio.tally.creditors))
        paper = Paper(clues, rarity, portfolio.shapes, creditors, payers_in(clues, portfolio))
        return [self._scored(profiles[row], paper, found[row]) for row in found]

    def _scored(self, profile: Profile, paper: Paper, found: Found) -> Scored:
        findings = tuple(compare(profile, paper, found.written))
        odds = self._scorecard.log_odds(findings, self._portfolio.total)
        return Scored(profile.claim, odds, findings, _named_by(profile, findings, found))


def _named_by(profile: Profile, findings: Sequence[Finding], found: Found) -> frozenset[str]:
    """What of the item names this very claim: its references without an error; its sum together with its creditor."""
    values = {value for _, value, _ in profile.references}
    own = {window.value for window in found.written if window.value in values}
    levels = {finding.feature: finding for finding in findings}
    balance, creditor = levels.get("balance"), levels.get("creditor")
    if balance and creditor and balance.level in ("exact", "rounded") and creditor.level == "exact":
        own.add(f"{balance.on_paper} {creditor.on_paper}")
    return frozenset(own)
