"""The figures of a day, with a small chart."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import Response

from connectors.database.desk import QueueFilter
from models.item import Receipt
from pipelines.leaks import headline
from pipelines.limitations import nearing
from web.charts import SIZE, Column, columns
from web.context import Operator
from web.desk.lists import bounds_of, day_of
from web.report_page import LEAK_DAYS, leak_columns
from web.wording import PARIS

router = APIRouter()


def columns_of(receipts: list[Receipt]) -> list[Column]:
    """Arrivals by hour of the day in France."""
    by_hour = Counter(receipt.received_at.astimezone(PARIS).hour for receipt in receipts)
    return columns([(f"{hour} h", by_hour[hour], "") for hour in range(24)])


def shares(counts: dict[str, int]) -> list[tuple[str, int, float]]:
    """Code, count and share of the largest, the largest first."""
    most = max(counts.values(), default=1)
    return [(code, count, count / most) for code, count in sorted(counts.items(), key=lambda pair: -pair[1])]


@router.get("/figures")
def figures(visitor: Operator, day: str = "") -> Response:
    now = visitor.house.now()
    chosen = day_of(day) or now.astimezone(PARIS).date()
    since, until = bounds_of(chosen)
    with visitor.house.read() as books:
        counted = books.desk.figures(since, until)
        receipts = books.desk.receipts_between(since, until)
        before = None if receipts else books.desk.last_received(since)
        seconds = books.desk.seconds_to_hold(since, until)
        to_review = books.holds.to_review(chosen)
        owed = books.trail.answers_owed(until + timedelta(days=2))
        waiting = books.desk.count(QueueFilter())
        soon = nearing(books, visitor.house.services.policy, chosen)
        leaks = headline(books, chosen, LEAK_DAYS, PARIS)
    return visitor.show(
        "figures.html",
        here="figures",
        waiting=waiting,
        day=chosen,
        last_day=before.astimezone(PARIS).date() if before else None,
        now=now,
        counted=counted,
        by_category=shares(counted.by_category),
        by_subcategory=shares(counted.by_subcategory),
        by_stage=shares(counted.by_stage),
        columns=columns_of(receipts),
        size=SIZE,
        leaks=leaks,
        soon=soon,
        leak_columns=leak_columns(leaks, visitor.words),
        seconds=seconds,
        to_review=to_review,
        owed=owed,
    )
