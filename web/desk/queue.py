"""The queue: what waits for a person, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from connectors.database import DatabaseBooks
from connectors.database.desk import QueueEntry, QueueFilter
from models.decision import Reason
from models.item import Stage
from models.labels import PROTECTIVE_FLAGS
from models.money import Cents
from web.context import Operator
from web.wording import Words

router = APIRouter()
ROWS = 50
REASONS = 3  # shown in a line of a list
STRONG = frozenset({"protective", "person_decides", "cheque_problem", "double_payment"})
_PROTECTIVE = frozenset(flag.value for flag in PROTECTIVE_FLAGS)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list, worded."""

    entry: QueueEntry
    age: str
    reasons: tuple[Why, ...]  # the first of them
    further: int  # reasons not shown
    flags: tuple[tuple[str, str], ...]  # (how it looks, words)
    balance: Cents | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """One reason in words; `strong` ones concern a protection or a defect of a payment."""

    text: str
    strong: bool


def whys_of(reasons: Iterable[Reason], words: Words) -> tuple[Why, ...]:
    """Each once, the strong ones first."""
    found = dict.fromkeys(Why(words.reason(reason), reason.code in STRONG) for reason in reasons)
    return tuple(sorted(found, key=lambda why: not why.strong))


def reasons_from(stored: str) -> list[Reason]:
    """`code:detail; code:detail`, as the ledger keeps them beside the item."""
    pairs = (part.partition(":") for part in stored.split("; ") if part)
    return [Reason(code.strip(), detail.strip()) for code, _, detail in pairs]


def row_of(entry: QueueEntry, now: datetime, words: Words, balance: Cents | None = None) -> Row:
    looks = {flag: "distress" if flag == "distress" else "protective" for flag in _PROTECTIVE}
    reasons = whys_of(reasons_from(entry.reason), words)
    return Row(
        entry=entry,
        age=words.age(now - entry.received_at),
        reasons=reasons[:REASONS],
        further=len(reasons[REASONS:]),
        flags=tuple((looks.get(flag, "flag"), words.of("flag", flag)) for flag in entry.flags),
        balance=balance,
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a bounded list stands, and the addresses of its neighbours."""

    first: int
    last: int
    total: int
    before: str | None
    after: str | None


def turn_of(path: str, query: dict[str, str], start: int, shown: int, total: int, rows: int) -> Turn:
    def address(at: int) -> str:
        wanted = {name: value for name, value in query.items() if value}
        return f"{path}?{urlencode({**wanted, 'start': str(at)})}"

    after = address(start + rows) if start + rows < total else None
    before = address(max(0, start - rows)) if start > 0 else None
    return Turn(start + 1 if shown else 0, start + shown, total, before, after)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What narrows the queue, as its address says."""

    category: str = ""
    reason: str = ""
    flag: str = ""
    q: str = ""
    urgent: bool = False
    start: int = 0

    @property
    def wanted(self) -> QueueFilter:
        return QueueFilter(
            category=self.category or None,
            flag=self.flag or None,
            text=self.q.strip()[:100],
            urgent=self.urgent,
            reason=self.reason or None,
        )

    @property
    def query(self) -> dict[str, str]:
        urgent = "1" if self.urgent else ""
        return {"category": self.category, "reason": self.reason, "flag": self.flag, "q": self.q, "urgent": urgent}


@router.get("/queue")
def queue(visitor: Operator, chosen: Annotated[Chosen, Depends()]) -> Response:
    start, query, now, words = max(0, chosen.start), chosen.query, visitor.house.now(), visitor.words
    with visitor.house.read() as books:
        entries = books.desk.queue(chosen.wanted, start, ROWS)
        total = books.desk.count(chosen.wanted)
        claims = books.claims.get_many([entry.claim_ref for entry in entries if entry.claim_ref])
        head = _head(books, now, words)
    balances = {ref: claim.balance for ref, claim in claims.items()}
    return visitor.show(
        "queue.html",
        here="queue",
        rows=[row_of(entry, now, words, balances.get(entry.claim_ref or "")) for entry in entries],
        turn=turn_of("/queue", query, start, len(entries), total, ROWS),
        chosen=query,
        narrowed=any(query.values()),
        address=lambda **change: address_with(query, change),
        **head,
    )


def _head(books: DatabaseBooks, now: datetime, words: Words) -> dict[str, Any]:
    """What stands above the list, whatever narrows it."""
    counts = books.desk.counts()
    oldest = min((entry.received_at for entry in books.desk.queue(QueueFilter(), 0, 200)), default=None)
    today = books.desk.figures(now - timedelta(days=1), now + timedelta(days=1))
    building = books.gate.in_the_building()
    return {
        "counts": counts,
        "waiting": sum(counts["category"].values()),
        "urgent_count": sum(count for level, count in counts["urgency"].items() if int(level) > 0),
        "oldest": words.age(now - oldest) if oldest else "–",
        "unread": building.unread,
        "settled": today.by_stage.get(Stage.SETTLED, 0),
        "blocking": building.refused,
        "unseen": books.desk.count(QueueFilter(stages=(Stage.REFUSED,), unseen=True)),
    }


def address_with(query: dict[str, str], change: dict[str, str]) -> str:
    """The queue with another filter; an empty value takes one away."""
    wanted = {name: value for name, value in {**query, **change}.items() if value}
    return f"/queue?{urlencode(wanted)}" if wanted else "/queue"
