"""A mail day, top to bottom. START HERE. The only file that knows Prefect.

The ledger says what is left to do; Prefect schedules, retries a batch when the machine fails, and shows the run.
One task a batch of receipts: a row's stage, lease and attempts live in our tables, never in Prefect's.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

# Before Prefect is imported: no telemetry, and a patient start of its embedded server on a busy machine.
for _name, _value in {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "150",
}.items():
    os.environ.setdefault(_name, _value)

from prefect import flow, get_run_logger, task  # noqa: E402
from prefect.artifacts import (  # noqa: E402
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)

from connectors.mail_day import (  # noqa: E402
    begin_day,
    close_day,
    deliver_events,
    expire_holds,
    new_receipts,
    process_receipts,
    take_in,
)
from models.errors import MailroomError, Unavailable  # noqa: E402
from settings import Settings, read_settings  # noqa: E402

Counts = dict[str, int]


@flow(name="mail-day", validate_parameters=False, log_prints=False)
async def mail_day(inbox: str | None = None, day: str | None = None) -> Counts:
    """Take in what arrived, carry every item to its end, expire holds, tell the collection system, report.

    A second run of the same day, or one beside it, does nothing twice.
    """
    settings = read_settings(inbox=Path(inbox) if inbox else None)
    business_day = date.fromisoformat(day) if day else date.today()
    logger = get_run_logger()
    await asyncio.to_thread(begin_day, settings, business_day)
    figures: Counts = {}
    _add(figures, await take_in_post(settings))
    receipts = await asyncio.to_thread(new_receipts, settings)
    logger.info("%d receipts to carry to their end", len(receipts))
    _add(figures, await _in_batches(settings, receipts))
    _add(figures, await end_expired_holds(settings))
    _add(figures, await tell_collection_system(settings))
    await _show(figures, business_day, await asyncio.to_thread(close_day, settings, business_day, figures))
    return figures


async def _in_batches(settings: Settings, receipts: Sequence[str]) -> Counts:
    """One task a batch, progress shown a batch: an update costs a tenth of a second."""
    figures: Counts = {}
    batches = [receipts[start : start + settings.batch] for start in range(0, len(receipts), settings.batch)]
    progress = await acreate_progress_artifact(progress=0.0, description="Receipts carried to their end")
    for number, batch in enumerate(batches, 1):
        _add(figures, await carry_batch(settings, list(batch)))
        await aupdate_progress_artifact(artifact_id=progress, progress=100.0 * number / len(batches))
    return figures


@task(name="take-in-post", retries=2, retry_delay_seconds=[10, 60])
async def take_in_post(settings: Settings) -> Counts:
    """Files of the inbox and messages of the mailbox, each received once."""
    return await asyncio.to_thread(_unless_wrong, take_in, settings)


@task(name="carry-batch", retries=2, retry_delay_seconds=[10, 60])
async def carry_batch(settings: Settings, receipts: list[str]) -> Counts:
    """Read, understand, match, hold, decide, settle: what is left of these receipts."""
    figures = await asyncio.to_thread(_unless_wrong, process_receipts, settings, receipts)
    get_run_logger().info("batch: %s", figures)
    return figures


@task(name="end-expired-holds", retries=2, retry_delay_seconds=10)
async def end_expired_holds(settings: Settings) -> Counts:
    return await asyncio.to_thread(_unless_wrong, expire_holds, settings)


@task(name="tell-collection-system", retries=2, retry_delay_seconds=30)
async def tell_collection_system(settings: Settings) -> Counts:
    """Pending events go out; what fails stays pending and is tried again later."""
    return await asyncio.to_thread(_unless_wrong, deliver_events, settings)


def _unless_wrong(step: Callable[..., Counts], *args: Any) -> Counts:
    """Errors keep their one line in Prefect's log: what is unavailable is worth a retry, the rest is named."""
    try:
        return step(*args)
    except Unavailable:
        raise
    except MailroomError as error:
        raise RuntimeError(str(error)) from None


async def _show(figures: Counts, business_day: date, table: list[dict[str, Any]]) -> None:
    get_run_logger().info("mail day %s: %s", business_day, figures)
    await acreate_table_artifact(key="mail-day", table=table, description=f"The mail of {business_day.isoformat()}")


def _add(figures: Counts, more: Counts) -> None:
    for name, count in more.items():
        figures[name] = figures.get(name, 0) + count


def run_now(inbox: Path | None, day: date | None) -> Counts:
    """One mail day now, on Prefect's embedded server unless PREFECT_API_URL names another."""
    return asyncio.run(mail_day(str(inbox) if inbox else None, day.isoformat() if day else None))


def serve_schedule(settings: Settings) -> None:
    """One process that runs the mail day on its cron schedule, never two at once. Returns when stopped."""
    from prefect.schedules import Cron

    mail_day.serve(name="nightly", schedule=Cron(settings.cron, timezone=settings.timezone), limit=1)
