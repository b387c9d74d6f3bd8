"""An answer has gone out: holds that waited for it end, at once or after the days the policy leaves for a reply."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from models.policy import Policy
from pipelines import hold
from pipelines.ports import Books


def release_after_answer(books: Books, policy: Policy, item_id: str, at: datetime, actor: str) -> int:
    """The number of holds that now have a last day or are over. A hold is replaced, not bent: the trail shows both."""
    changed = 0
    for held in books.holds.of_item(item_id):
        claim = books.claims.get(held.claim_ref)
        if held.ended_at is not None or claim is None or held.terms.reason not in policy.rules:
            continue
        days = policy.rule(held.terms.reason, claim.creditor).after_answer
        if days is None:
            continue
        if days > 0:
            until = at.date() + timedelta(days=days)
            hold.place(books, claim, replace(held.terms, until=until, review_on=None), item_id, at, actor)
        hold.end(books, held, at, actor, "answered")
        changed += 1
    return changed
