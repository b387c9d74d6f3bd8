"""The leaked-reminder ledger: what was sent after the mail that answers it had come, how late, and why."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from models.item import Stage
from models.record import ItemRecord, Reminder
from pipelines.ports import Books


class Leak(NamedTuple):
    """One reminder that left too late to be stopped, or could have been. `minutes` since the mail came."""

    reminder_id: str
    claim_ref: str
    minutes: int
    cause: str  # not_read_yet | on_the_desk | gate_not_asked


def leaked_reminders(books: Books, since: datetime, until: datetime) -> list[Leak]:
    """Reminders sent between two moments on claims that mail received before concerned. Counted from the day the
    mail came where it is known, not from the scan."""
    leaks = []
    day = since.date()
    while day <= until.date():
        for reminder in books.trail.reminders_sent(day):
            if since <= reminder.at < until and (leak := _leak(books, reminder)):
                leaks.append(leak)
        day += timedelta(days=1)
    return sorted(set(leaks))


def _leak(books: Books, reminder: Reminder) -> Leak | None:
    """The earliest mail about this claim that came before the reminder and was still being answered."""
    found: list[tuple[datetime, ItemRecord]] = []
    for item_id in books.items.of_claim(reminder.claim_ref):
        record = books.items.record(item_id)
        if record is not None and came_at(record) < reminder.at and _held(record, reminder):
            found.append((came_at(record), record))
    if not found:
        return None
    came, record = min(found, key=lambda pair: pair[0])
    minutes = int((reminder.at - came).total_seconds() // 60)
    return Leak(reminder.reminder_id, reminder.claim_ref, minutes, _cause(record, reminder))


def came_at(record: ItemRecord) -> datetime:
    """The start of the day the post came where it is known, else the moment of receipt."""
    day = record.receipt.mail_received_on
    return datetime.combine(day, time(), UTC) if day else record.receipt.received_at


def _held(record: ItemRecord, reminder: Reminder) -> bool:
    """A hold of this item covers the reminder, or would have had it been placed when the mail came."""
    for hold in record.holds:
        if hold.claim_ref != reminder.claim_ref or reminder.channel not in hold.terms.channels:
            continue
        ended = hold.ended_at is not None and hold.ended_at <= reminder.at
        over = hold.terms.until is not None and hold.terms.until < reminder.at.date()
        if not ended and not over:
            return True
    return False


def _cause(record: ItemRecord, reminder: Reminder) -> str:
    starts = [hold.starts_at for hold in record.holds if hold.claim_ref == reminder.claim_ref]
    if not starts or min(starts) > reminder.at:
        return "not_read_yet"
    return "on_the_desk" if record.item.stage is Stage.REVIEW else "gate_not_asked"
