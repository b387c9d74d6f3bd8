"""The steps of a mail day, each safe to run again: what flows.py orders and the terminal calls."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from connectors.building import building
from connectors.claims_in import configured_view, take_claims
from connectors.scan_folder import files_below, lot_of_folder, move_to_done
from models.errors import ConfigurationError
from models.item import Receipt, Stage
from models.record import Lot
from pipelines import hold, limitations
from pipelines.announced import end_unkept
from pipelines.journey import Progress, process
from pipelines.receive import receive
from settings import Settings

Counts = dict[str, int]
_RUN = "mail-day"
_RUN_SECONDS = 6 * 3600.0
_QUIET_SECONDS = 3.0  # a file changed since may still be growing
_SCANNER_CLOCK = 120.0  # further ahead than this, the scanner's clock is wrong and tells nothing


def begin_day(settings: Settings, business_day: date) -> None:
    """One mail day at a time: a second scheduler is told so. A dead one's claim ends with its lease."""
    worker = f"{socket.gethostname()}:{os.getpid()}"
    with building(settings).ledger.write() as books:
        if not books.trail.begin_run(_RUN, business_day, worker, _RUN_SECONDS):
            raise ConfigurationError("another mail day is running", "wait for it, or look at the other worker")


def take_in(settings: Settings) -> Counts:
    """Files of the inbox and messages of the mailbox, each received once; first the claims, where a view gives them."""
    services = building(settings).services
    counts: Counts = {"received": 0}
    if (view := configured_view(settings)) is not None:
        taken = take_claims(services, view, "collection_system")
        counts |= {"claims_changed": taken.added + taken.changed, "claims_refused": len(taken.bad)}
    if settings.inbox is not None:
        counts["received"] += _take_from(settings.inbox, settings)
    if settings.mailbox_url is not None:
        from connectors.mailbox import fetch_new

        counts["received"] += fetch_new(settings.mailbox_url.get_secret_value(), services)
    return counts


def _take_from(inbox: Path, settings: Settings) -> int:
    """Files that nobody is still writing: received, then moved to `done` once the ledger knows of them."""
    if not inbox.is_dir():
        raise ConfigurationError(f"MAILROOM_INBOX: no folder {inbox}", "make it, or name another")
    taken = 0
    for path in files_below([inbox]):
        age = time.time() - path.stat().st_mtime
        if age >= _QUIET_SECONDS or age < -_SCANNER_CLOCK:
            receive_files(settings, [path])
            move_to_done(path, inbox)
            taken += 1
    return taken


def receive_files(
    settings: Settings, paths: Iterable[Path], received_at: datetime | None = None, progress: Progress | None = None
) -> list[Receipt]:
    """Every file below these paths, in a stable order; received again, it is the same receipt. A folder that bears
    the name of a lot that was opened says which lot its files are of, and so on which day the post came."""
    services = building(settings).services
    receipts = []
    lots: dict[Path, Lot | None] = {}
    for path in files_below(paths):
        content, place = path.read_bytes(), path.resolve()
        if place.parent not in lots:
            with services.ledger.read() as books:
                lots[place.parent] = lot_of_folder(place.parent, books.trail.lot)
        lot = lots[place.parent]
        receipts.append(
            receive(
                services,
                path.name,
                content,
                origin=str(place),
                received_at=received_at,
                lot_id=lot.lot_id if lot else None,
                mail_received_on=lot.mail_received_on if lot else None,
            )
        )
        if progress:
            progress("received", 1)
    return receipts


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
