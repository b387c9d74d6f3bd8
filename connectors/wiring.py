"""Who plays which part: the one place that turns settings into services."""

from __future__ import annotations

import secrets
import shutil
from datetime import datetime
from pathlib import Path

from classifiers.model import Classifier, load_classifier
from connectors.agency_file import load_agency
from connectors.clock import FrozenClock, SystemClock
from connectors.database import open_ledger
from connectors.living_index import LivingIndex
from connectors.object_store import open_store
from connectors.policy_file import load_policy
from connectors.worker_slot import WorkerSlot
from models.agency import Agency
from models.errors import ConfigurationError
from models.reading import ItemReading
from models.understanding import Understanding
from pipelines.ports import Clock
from pipelines.services import Services
from pipelines.workers import ReadingPool
from settings import Settings


def open_services(settings: Settings) -> Services:
    """Opens ledger and store, checks agency file and policy; model and index load when first asked.

    Raises ConfigurationError with one line that says what to do.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    shadow = settings.mode == "shadow"
    ledger = open_ledger(settings.ledger_url, shadow)
    return Services(
        ledger=ledger,
        objects=open_store(settings.store_url),
        clock=clock_of(settings),
        agency=agency_of(settings),
        policy=load_policy(settings.policy),
        classifier=LazyClassifier(settings.running_classifier),
        index=LivingIndex(ledger, settings.data / "index"),
        shadow=shadow,
    )


def take_slot(services: Services, settings: Settings) -> WorkerSlot:
    """Name this process as a worker, and give back what its dead predecessor held. Keep the slot while working."""
    slot = WorkerSlot(settings.data / "locks")
    services.worker = slot.name
    with services.ledger.write() as books:
        books.items.release_worker(slot.name)
    return slot


def open_pool(services: Services, settings: Settings) -> ReadingPool:
    return ReadingPool(settings.workers, agency=services.agency)


def clock_of(settings: Settings) -> Clock:
    if settings.now is None:
        return SystemClock()
    try:
        return FrozenClock(datetime.fromisoformat(settings.now))
    except ValueError as error:
        raise ConfigurationError(f"MAILROOM_NOW: {error}", "give ISO 8601 with a zone, as 2026-06-01T20:30Z") from None


def agency_of(settings: Settings) -> Agency:
    """The agency file named, which is then kept in the data folder for later runs; else the copy kept there."""
    kept = settings.data / "agency.toml"
    if settings.agency is None:
        return load_agency(kept) if kept.exists() else Agency()
    agency = load_agency(settings.agency)
    if not kept.exists() or kept.read_bytes() != settings.agency.read_bytes():
        shutil.copyfile(settings.agency, kept)
    return agency


def secret_key(settings: Settings) -> str:
    """Signs the desk's cookies; made once, readable by its owner only."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data / "secret.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), "utf-8")
    return path.read_text("utf-8").strip()


class LazyClassifier:
    """Loads the model on the first item, so that commands that classify nothing start at once."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._model: Classifier | None = None

    def understand(self, reading: ItemReading) -> Understanding:
        if self._model is None:
            self._model = load_classifier(self._folder)
        return self._model.understand(reading)
