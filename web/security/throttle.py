"""Slows down who guesses passwords: growing pauses after failures, by user name and by address."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from threading import Lock

FREE_TRIES = {"name": 5, "address": 25}  # one address may be a whole office
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
KEPT = 10_000  # names and addresses remembered
Keys = tuple[tuple[str, str], ...]  # ("name", ...) and ("address", ...)


@dataclass(slots=True)
class _Failures:
    count: int = 0
    blocked_until: datetime | None = None


@dataclass(slots=True)
class Throttle:
    """One process's memory. With several web processes each counts by itself: the pauses are that much shorter."""

    _failures: dict[tuple[str, str], _Failures] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def seconds_to_wait(self, keys: Keys, now: datetime) -> int:
        """0 where a try is allowed."""
        with self._lock:
            blocked = [entry.blocked_until for key in keys if (entry := self._failures.get(key))]
        left = [ceil((until - now).total_seconds()) for until in blocked if until is not None]
        return max([0, *left])

    def failed(self, keys: Keys, now: datetime) -> None:
        with self._lock:
            if len(self._failures) > KEPT:
                self._failures.clear()
            for key in keys:
                entry = self._failures.setdefault(key, _Failures())
                entry.count += 1
                over = entry.count - FREE_TRIES[key[0]]
                if over >= 0:
                    pause = FIRST_PAUSE * 2 ** min(over, 12)
                    entry.blocked_until = now + min(pause, LONGEST_PAUSE)

    def succeeded(self, name: str) -> None:
        with self._lock:
            self._failures.pop(("name", name), None)
