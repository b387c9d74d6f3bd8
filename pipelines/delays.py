"""When an answer is due."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

import holidays

from models.policy import Due


@lru_cache(maxsize=1)
def _public_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("FR")


def due_at(received_at: datetime, count: int, unit: Due) -> datetime:
    """The last moment to answer: hours run from receipt; days and working days end at 23:59 UTC of their last day.

    Working days leave out Saturdays, Sundays and French public holidays.
    """
    if unit is Due.HOURS:
        return received_at + timedelta(hours=count)
    day = received_at.date()
    if unit is Due.DAYS:
        return datetime.combine(day + timedelta(days=count), time(23, 59), UTC)
    left = count
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in _public_holidays()
    return datetime.combine(day, time(23, 59), UTC)
