"""The steps of a mail day, each safe to run again: what flows.py orders and the terminal calls."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from connectors.building import building
from connectors.claims_in import configured_view, take_claims
from connectors.scan_folder import files_below, lot_of_folder, move_to_done, settled_files, stamp_of
from models.errors import ConfigurationError, Unavailable
from models.item import Receipt, Stage
from models.record import Lot
from pipelines import hold, limitations
from pipelines.announced import end_unkept
from pipelines.journey import Progress, process
from pipelines.receive import receive
from pipelines.services import Services
from settings import Settings

Counts = dict[str, int]
log = logging.getLogger("mailroom.post")
_RUN = "mail-day"
_RUN_SECONDS = 6 * 3600.0
_QUIET_SECONDS = 3.0  # a file changed since may still be growing


def begin_day(settings: Settings, business_day: date) -> None:
    """One mail day at a time: a second scheduler is told so. A dead one's claim ends with its lease; at once where it
    died on this machine, so that a night that was killed or failed can be begun again."""
    worker = f"{socket.gethostname()}:{os.getpid()}"
    with building(settings).ledger.write() as books:
        before = books.trail.run_worker(_RUN, business_day)
        dead = before if _died_here(before) else ""
        if not books.trail.begin_run(_RUN, business_day, worker, _RUN_SECONDS, instead_of=dead):
            raise ConfigurationError("another mail day is running", "wait for it, or look at the other worker")


def _died_here(worker: str) -> bool:
    """`host:pid` of this host, and no such process any more."""
    host, _colon, pid = worker.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # somebody else's, but it lives
        return False
    return False


def take_in(settings: Settings) -> Counts:
    """Files of the inbox and messages of the mailbox, each received once; first the claims, where a view gives them.

    One source that does not answer keeps no other from being taken in; then Unavailable is raised.
    """
    counts: Counts = {"received": 0}
    silent: list[Unavailable] = []
    for source in (_take_claims, _take_files, _take_mails):
        try:
            for name, count in source(settings).items():
                counts[name] = counts.get(name, 0) + count
        except Unavailable as error:
            silent.append(error)
    if silent:
        raise silent[0]
    return counts


def _take_claims(settings: Settings) -> Counts:
    if (view := configured_view(settings)) is None:
        return {}
    taken = take_claims(building(settings).services, view, "collection_system")
    return {"claims_changed": taken.added + taken.changed, "claims_refused": len(taken.bad)}


def _take_mails(settings: Settings) -> Counts:
    if settings.mailbox_url is None:
        return {}
    from connectors.mailbox import fetch_new

    taken = fetch_new(settings.mailbox_url.get_secret_value(), building(settings).services)
    return {"received": taken.received, "mails_failed": taken.failed, "mails_set_aside": taken.quarantined}


def _take_files(settings: Settings) -> Counts:
    """Files that nobody is still writing: received, then moved to `done` once the ledger knows of them.

    One that was written to meanwhile stays: what it is by then is received at the next visit. One that cannot be read
    or moved stays too, named, and keeps none behind it from being received.
    """
    inbox, counts = settings.inbox, {"received": 0, "files_left": 0}
    if inbox is None:
        return {}
    if not inbox.is_dir():
        raise ConfigurationError(f"MAILROOM_INBOX: no folder {inbox}", "make it, or name another")
    services, lots = building(settings).services, dict[Path, Lot | None]()
    for path, stamp in settled_files(inbox, _QUIET_SECONDS):
        try:
            _receive_one(services, path, lots)
            counts["received"] += 1
            if stamp_of(path) == stamp:
                move_to_done(path, inbox)
        except OSError as error:
            log.warning("%s stays in the inbox: %s", path.name, error.strerror)
            counts["files_left"] += 1
    return counts


def receive_files(
    settings: Settings, paths: Iterable[Path], received_at: datetime | None = None, progress: Progress | None = None
) -> list[Receipt]:
    """Every file below these paths, in a stable order; received again, it is the same receipt. A folder that bears
    the name of a lot that was opened says which lot its files are of, and so on which day the post came."""
    services = building(settings).services
    receipts = []
    lots: dict[Path, Lot | None] = {}
    for path in files_below(paths):
        receipts.append(_receive_one(services, path, lots, received_at))
        if progress:
            progress("received", 1)
    return receipts


def _receive_one(
    services: Services, path: Path, lots: dict[Path, Lot | None], received_at: datetime | None = None
) -> Receipt:
    """`lots`: by folder, those looked up so far. Raises OSError where the file cannot be read."""
    content, place = path.read_bytes(), path.resolve()
    if place.parent not in lots:
        with services.ledger.read() as books:
            lots[place.parent] = lot_of_folder(place.parent, books.trail.lot)
    lot = lots[place.parent]
    return receive(
        services,
        path.name,
        content,
        origin=str(place),
        received_at=received_at,
        lot_id=lot.lot_id if lot else None,
        mail_received_on=lot.mail_received_on if lot else None,
    )


def new_receipts(settings: Settings) -> list[str]:
    """Receipts with something left to do, oldest first."""
    with building(settings).ledger.read() as books:
        return books.items.unfinished_receipts()


def process_receipts(settings: Settings, receipts: Sequence[str], progress: Progress | None = None) -> Counts:
    inside = building(settings)
    return process(inside.services, inside.pool, receipts, progress).counts


def expire_holds(settings: Settings) -> Counts:
    services = building(settings).services
    now = services.now()
    with services.ledger.write() as books:
        expired = end_unkept(books, now.date(), now)
        expired += hold.expire(books, now.date(), now)
        if services.shadow:
            return {"holds_expired": expired}
        near = limitations.nearing(books, services.policy, now.date())
        return {"holds_expired": expired, "limitations_near": limitations.warn(books, near, now)}


def deliver_events(settings: Settings) -> Counts:
    """Whatever is due now. In shadow mode nothing is ever queued."""
    from connectors.collection_system import deliver_due

    inside = building(settings)
    return dict(deliver_due(inside.ledger, inside.services.now(), allow=settings.webhook_allow))


def close_day(settings: Settings, business_day: date, figures: Counts) -> list[dict[str, Any]]:
    """The day's figures as rows of a table; the run is marked as ended."""
    services = building(settings).services
    with services.ledger.write() as books:
        stages = books.items.count_by_stage()
        books.trail.end_run(_RUN, business_day, dict(figures))
    rows: list[dict[str, Any]] = [{"what": name, "count": count} for name, count in sorted(figures.items())]
    rows += [{"what": f"now at {stage.value}", "count": stages.get(stage, 0)} for stage in Stage if stages.get(stage)]
    return rows
