"""The collection system says one status, we another: a person accepts theirs or keeps ours, with a reason."""

from __future__ import annotations

from datetime import datetime

from models.claim import Because, Disagreement, Status
from models.event import EventDraft, EventType
from models.record import AuditEntry
from pipelines.ports import Books
from pipelines.settle import change_status

DECIDED = "status_conflict_decided"
# What to look at before deciding, by our status; the words are the edge's.
_ADVICE = {
    Status.PROTECTED: "protection",
    Status.REPRESENTED: "protection",
    Status.DISPUTED: "dispute",
    Status.PAYMENT_RECEIVED: "payment",
    Status.PART_PAYMENT_RECEIVED: "payment",
    Status.PAID: "payment",
    Status.PAYMENT_BOUNCED: "payment",
    Status.PAYMENT_CLAIMED: "announced",
    Status.PAYMENT_ANNOUNCED: "announced",
    Status.PLAN_REQUESTED: "announced",
    Status.PROMISE_TO_PAY: "announced",
}


def advice(one: Disagreement) -> str:
    """What is to be done first: protection | dispute | payment | announced | other."""
    return _ADVICE.get(one.ours, "other")


def decide_status(
    books: Books, claim_ref: str, outcome: str, at: datetime, actor: str, reason: str, theirs: str | None = None
) -> list[str]:
    """`outcome`: theirs or ours. Codes of what is wrong, and nothing was done; empty: it is done, once.

    `theirs`: their status as the person saw it; another one by now is another question. Holds stay as they are
    either way: a status that is accepted lets no reminder out that a hold keeps in. Where ours is kept it is told
    again, so that they may take it over.
    """
    one = books.conflicts.of(claim_ref)
    if one is None or (theirs is not None and theirs != one.theirs.value):
        return ["conflict_gone"]
    if not reason.strip():
        return ["need_note"]
    books.conflicts.end(claim_ref, at, actor, outcome, reason.strip())
    detail = {"ours": one.ours.value, "theirs": one.theirs.value, "kept": outcome, "reason": reason.strip()}
    books.trail.note(AuditEntry(at, actor, DECIDED, None, claim_ref, detail))
    about = f"conflict:{one.number}"
    claim = books.claims.get(claim_ref)
    if outcome == "theirs" and claim is not None:
        change_status(books, claim, one.theirs, Because.PERSON, at, actor, about=about)
    else:
        data = {"from": one.theirs.value, "to": one.ours.value, "because": Because.PERSON.value, "item_id": None}
        books.outbox.add(EventDraft(EventType.CLAIM_STATUS_CHANGED, about, claim_ref, {**data, "kept": True}), at)
    return []
