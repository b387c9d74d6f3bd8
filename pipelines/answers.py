"""An answer has gone out: holds that waited for it end, at once or after the days the policy leaves for a reply."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from models.event import EventDraft, EventType
from models.policy import Policy
from models.record import AuditEntry
from pipelines import hold
from pipelines.ports import Books


def answer_gone(
    books: Books, policy: Policy, item_id: str, kind: str, sent_at: datetime, now: datetime, actor: str
) -> bool:
    """No longer owed; `answer.sent` for each claim it was owed about. False where it had gone before."""
    owed = [due for due in books.trail.answers_of(item_id) if due.kind == kind and due.sent_at is None]
    if not owed or not books.trail.answer_sent(item_id, kind, sent_at):
        return False
    data = {"item_id": item_id, "kind": kind, "sent_at": sent_at.isoformat()}
    for due in owed:
        books.outbox.add(EventDraft(EventType.ANSWER_SENT, f"{item_id}:{kind}", due.claim_ref, data), now)
        late = sent_at > due.due_at
        books.trail.note(AuditEntry(now, actor, "answer_sent", item_id, due.claim_ref, {"kind": kind, "late": late}))
    if kind == "answer":  # an acknowledgement answers nothing yet
        release_after_answer(books, policy, item_id, now, actor)
    return True


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
