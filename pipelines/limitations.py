"""A hold must not run on quietly until the claim is time-barred: somebody is told in time, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from models.event import EventDraft, EventType
from models.hold import Nearing
from models.policy import Policy
from models.record import AuditEntry
from pipelines.ports import Books


def nearing(books: Books, policy: Policy, day: date) -> list[Nearing]:
    """One a claim, the soonest first: the hold placed first stands for the others."""
    found = books.holds.near_limitation(day, day + timedelta(days=policy.limitation_warning_days))
    first: dict[str, Nearing] = {}
    for one in sorted(found, key=lambda one: (one.limitation_on, one.hold.starts_at)):
        first.setdefault(one.claim_ref, one)
    return list(first.values())


def warn(books: Books, found: Iterable[Nearing], at: datetime) -> int:
    """`claim.limitation_near`, once for each claim and date; how many are new."""
    return sum(_warn(books, one, at) for one in found)


def _warn(books: Books, one: Nearing, at: datetime) -> bool:
    data = {
        "limitation_on": one.limitation_on.isoformat(),
        "days_left": (one.limitation_on - at.date()).days,
        "hold_id": one.hold.hold_id,
        "reason": one.hold.terms.reason,
        "until": one.hold.terms.until.isoformat() if one.hold.terms.until else None,
    }
    key = f"{one.claim_ref}:{one.limitation_on}"
    if books.outbox.add(EventDraft(EventType.CLAIM_LIMITATION_NEAR, key, one.claim_ref, data), at) is None:
        return False
    books.trail.note(AuditEntry(at, "system", "limitation_near", one.hold.item_id, one.claim_ref, data))
    return True
