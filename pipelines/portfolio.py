"""Claims in: merged with what mail and bank have changed here; where both sides changed, both are kept and shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from models.claim import Because, Claim, StatusConflict
from models.record import AuditEntry
from pipelines.ports import Books

CONFLICT = "status_conflict"  # the action in the trail


class Merged(NamedTuple):
    added: int
    changed: int
    unchanged: int
    conflicts: tuple[StatusConflict, ...] = ()


def merge_claims(books: Books, claims: Sequence[Claim], at: datetime, actor: str) -> Merged:
    """In the caller's transaction. Sending the same claims again changes nothing and is no new conflict."""
    claims = list({claim.claim_ref: claim for claim in claims}.values())
    conflicts = books.claims.conflicts(claims)
    counts = books.claims.upsert(claims)
    for one in conflicts:
        detail = {"ours": one.ours.value, "theirs": one.theirs.value, "kept": one.kept.value}
        books.trail.note(AuditEntry(at, actor, CONFLICT, None, one.claim_ref, detail))
        if one.kept is not one.ours:
            change = {"from": one.ours.value, "to": one.kept.value, "because": Because.COLLECTION_SYSTEM.value}
            books.trail.note(AuditEntry(at, actor, "status_changed", None, one.claim_ref, change))
    books.conflicts.open([one for one in conflicts if one.kept is not one.theirs], at)
    books.conflicts.end_agreed(at)
    return Merged(*counts, tuple(conflicts))
