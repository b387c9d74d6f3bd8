"""The figures of a day, with a small chart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import Response

from connectors.database.desk import QueueFilter
from models.item import Receipt
from web.context import Operator
from web.desk.lists import bounds_of, day_of
from web.wording import PARIS

router = APIRouter()
WIDTH, HEIGHT, FOOT = 720, 150, 22


@dataclass(frozen=True, slots=True)
class Column:
    """One hour of the chart, in the picture's own units."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int


def columns_of(receipts: list[Receipt]) -> list[Column]:
    """Arrivals by hour of the day in France."""
    by_hour = Counter(receipt.received_at.astimezone(PARIS).hour for receipt in receipts)
    most = max(by_hour.values(), default=1)
    step, room = WIDTH / 24, HEIGHT - FOOT - 16
    return [
        Column(
            x=round(hour * step + 3, 1),
            y=round(HEIGHT - FOOT - room * by_hour[hour] / most, 1),
            width=round(step - 6, 1),
            height=round(room * by_hour[hour] / most, 1),
            label=f"{hour} h",
            count=by_hour[hour],
        )
        for hour in range(24)
    ]


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
        seconds = books.desk.seconds_to_hold(since, until)
        to_review = books.holds.to_review(chosen)
        owed = books.trail.answers_owed(until + timedelta(days=2))
        waiting = books.desk.count(QueueFilter())
    return visitor.show(
        "figures.html",
        here="figures",
        waiting=waiting,
        day=chosen,
        now=now,
        counted=counted,
        by_category=shares(counted.by_category),
        by_subcategory=shares(counted.by_subcategory),
        by_stage=shares(counted.by_stage),
        columns=columns_of(receipts),
        size=(WIDTH, HEIGHT, FOOT),
        seconds=seconds,
        to_review=to_review,
        owed=owed,
    )
