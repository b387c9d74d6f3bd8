"""The building as one process sees it: services, this worker's slot and the reading pool, opened once and kept."""

from __future__ import annotations

import atexit
import threading

from connectors.database import DatabaseLedger
from connectors.wiring import open_pool, open_services, take_slot
from connectors.worker_slot import WorkerSlot
from pipelines.services import Services
from pipelines.workers import ReadingPool
from settings import Settings


class Building:
    """`services` at once; slot and pool on first use, since most commands read nothing."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.services: Services = open_services(settings)
        self._slot: WorkerSlot | None = None
        self._pool: ReadingPool | None = None

    @property
    def ledger(self) -> DatabaseLedger:
        ledger = self.services.ledger
        assert isinstance(ledger, DatabaseLedger)  # noqa: S101 - wiring opens no other
        return ledger

    @property
    def pool(self) -> ReadingPool:
        if self._slot is None:
            self._slot = take_slot(self.services, self.settings)
        if self._pool is None:
            self._pool = open_pool(self.services, self.settings)
        return self._pool

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()
        if self._slot is not None:
            self._slot.close()
        self.ledger.close()


_open: dict[tuple[str, str], Building] = {}
_door = threading.Lock()


def building(settings: Settings) -> Building:
    """The same building for the same ledger and store, closed when the process ends."""
    key = (settings.ledger_url, settings.store_url)
    with _door:
        if key not in _open:
            _open[key] = Building(settings)
        return _open[key]


@atexit.register
def close_buildings() -> None:
    with _door:
        while _open:
            _open.popitem()[1].close()
