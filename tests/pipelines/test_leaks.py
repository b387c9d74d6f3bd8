"""The leaked-reminder ledger: what left after the mail had come, counted from the day it came, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from connectors.clock import FrozenClock
from models.event import EventDraft, EventType
from models.gate import Answer, Question
from models.hold import Channel, Hold, HoldKind, HoldTerms, Scope
from models.item import Item, item_id_for
from models.leak import Arrival, Cause, Leak, Suspect
from models.record import AuditEntry, Reminder
from pipelines.hold import place
from pipelines.leaks import cause_of, headline, leaked_reminders
from pipelines.receive import receive
from pipelines.services import Services
from tests.pipelines.cases import CLAIM, RECEIVED

HOUR = timedelta(hours=1)
TERMS = HoldTerms(Scope.CLAIM, HoldKind.HOLD, "dispute", "disputes", review_on=RECEIVED.date() + timedelta(days=30))


def reminder(at: datetime, claim_ref: str = "AB-1", number: int = 1) -> Reminder:
    return Reminder(f"r{number}", claim_ref, "letter", "sent", at)


def said(at: datetime, *, allowed: bool) -> Answer:
    return Answer("AB-1", allowed, () if allowed else ("dispute",), None, None, at + HOUR / 4, at)


SENT = RECEIVED + 8 * HOUR
IN = Arrival(RECEIVED, RECEIVED)
LATER = Arrival(RECEIVED, RECEIVED + 9 * HOUR)  # came with the post of the day, scanned after the reminder left
DESK = Arrival(RECEIVED, RECEIVED, RECEIVED + HOUR)
YES, NO = said(RECEIVED - HOUR, allowed=True), said(RECEIVED + 7 * HOUR, allowed=False)


@pytest.mark.parametrize(
    ("held_after", "arrival", "told_after", "answers", "cause"),
    [
        (9, LATER, None, [YES], Cause.NOT_READ_YET),
        (9, LATER, None, [], Cause.NOT_READ_YET),
        (9, IN, None, [YES], Cause.NOT_READ_YET),
        (9, IN, None, [], Cause.GATE_NOT_ASKED),  # it would have said no while anything is unread
        (9, DESK, None, [YES], Cause.ON_THE_DESK),
        (1, IN, 9, [YES], Cause.WEBHOOK_LATE),
        (1, IN, None, [YES], Cause.WEBHOOK_LATE),
        (1, IN, 2, [YES], Cause.RECALL_MISSED),
        (1, IN, 2, [], Cause.GATE_NOT_ASKED),
        (1, IN, 2, [YES, NO], Cause.AGAINST_THE_ANSWER),
    ],
)
def test_the_cause_is_the_first_link_that_broke(
    held_after: int, arrival: Arrival, told_after: int | None, answers: list[Answer], cause: Cause
) -> None:
    held = Hold("h", "AB-1", "d1", "i", TERMS, RECEIVED + held_after * HOUR)
    told_at = None if told_after is None else RECEIVED + told_after * HOUR
    assert cause_of(Suspect(reminder(SENT), held), arrival, told_at, answers) is cause


def item_of(services: Services, came: date | None, received_at: datetime, name: str = "a.png") -> Item:
    receipt = receive(
        services, name, name.encode(), origin=f"/in/{name}", received_at=received_at, mail_received_on=came
    )
    item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)
    with services.ledger.write() as books:
        books.items.open_receipt(receipt.receipt_id, [item])
    return item


def found(services: Services) -> list[Leak]:
    with services.ledger.read() as books:
        return leaked_reminders(books, RECEIVED - timedelta(days=10), RECEIVED + timedelta(days=10))


def test_a_reminder_counts_from_the_day_the_post_came_not_from_the_scan(services: Services) -> None:
    day_before = RECEIVED.date() - timedelta(days=1)
    item = item_of(services, day_before, RECEIVED)
    with services.ledger.write() as books:
        place(books, CLAIM, TERMS, item.item_id, RECEIVED + HOUR, "auto")
        books.trail.set_reminder(reminder(RECEIVED - 2 * HOUR))  # before the scan, after the post
    (leak,) = found(services)
    came = datetime.combine(day_before, datetime.min.time(), UTC)
    assert leak.minutes == (RECEIVED - 2 * HOUR - came) // timedelta(minutes=1)
    assert leak.cause == Cause.NOT_READ_YET


def test_what_left_before_the_mail_came_or_by_another_channel_or_after_the_hold_is_no_leak(services: Services) -> None:
    item = item_of(services, None, RECEIVED)
    letters = replace(TERMS, channels=(Channel.LETTER,), until=RECEIVED.date() + timedelta(days=2))
    with services.ledger.write() as books:
        place(books, CLAIM, letters, item.item_id, RECEIVED, "auto")
        books.trail.set_reminder(reminder(RECEIVED - HOUR, number=1))
        books.trail.set_reminder(replace(reminder(RECEIVED + HOUR, number=2), channel="sms"))
        books.trail.set_reminder(reminder(RECEIVED + timedelta(days=4), number=3))
        books.trail.set_reminder(replace(reminder(RECEIVED + HOUR, number=4), state="handed_over"))
    assert found(services) == []


def test_a_death_told_on_one_claim_makes_a_leak_of_a_reminder_on_another_of_the_debtor(services: Services) -> None:
    item = item_of(services, None, RECEIVED)
    wide = replace(TERMS, scope=Scope.DEBTOR, reason="death")
    with services.ledger.write() as books:
        place(books, CLAIM, wide, item.item_id, RECEIVED, "auto")
        books.trail.set_reminder(reminder(RECEIVED + HOUR, "AB-2", 1))
        books.trail.set_reminder(reminder(RECEIVED + HOUR, "CD-1", 2))
    assert [(leak.reminder_id, leak.cause) for leak in found(services)] == [("r1", "gate_not_asked")]


def test_the_ledger_reads_the_gates_answers_and_the_acknowledgements(services: Services) -> None:
    clock = services.clock
    assert isinstance(clock, FrozenClock)
    item = item_of(services, None, RECEIVED)
    with services.ledger.write() as books:
        pair = (Question("AB-1", Channel.LETTER), said(RECEIVED - HOUR, allowed=True))
        books.trail.keep_answers([pair])
        held = place(books, CLAIM, TERMS, item.item_id, RECEIVED + HOUR, "auto")
        books.trail.set_reminder(reminder(SENT))
    assert [leak.cause for leak in found(services)] == ["webhook_late"]
    with services.ledger.read() as books:
        assert books.leaks.told_at({(held.hold_id, "AB-1")}) == {}  # no webhook is to be told


def test_an_item_that_waited_on_the_desk_is_told_apart(services: Services) -> None:
    item = item_of(services, None, RECEIVED)
    detail = {"outcome": "review", "rules": [], "reasons": "", "shadow": False}
    with services.ledger.write() as books:
        books.trail.keep_answers([(Question("AB-1", Channel.LETTER), said(RECEIVED - HOUR, allowed=True))])
        books.trail.note(AuditEntry(RECEIVED + HOUR, "auto", "decided", item.item_id, None, detail))
        place(books, CLAIM, TERMS, item.item_id, RECEIVED + 9 * HOUR, "camille")
        books.trail.set_reminder(reminder(SENT))
    assert [leak.cause for leak in found(services)] == ["on_the_desk"]


def test_the_headline_counts_every_day_of_the_period(services: Services) -> None:
    item = item_of(services, None, RECEIVED)
    with services.ledger.write() as books:
        place(books, CLAIM, TERMS, item.item_id, RECEIVED, "auto")
        for number, hours in enumerate((-48, 1, 30)):
            books.trail.set_reminder(reminder(RECEIVED + hours * HOUR, number=number))
        last = (RECEIVED + 30 * HOUR).date()
        month = headline(books, last, 4, ZoneInfo("Europe/Paris"))
    assert list(month.sent.values()) == [1, 0, 1, 1]
    assert list(month.leaked.values()) == [0, 0, 1, 1]
    assert (month.total, month.median_minutes, month.causes) == (3, 930, [("gate_not_asked", 2)])


def test_only_reminders_of_the_channels_held_are_named_for_recall(services: Services) -> None:
    item = item_of(services, None, RECEIVED)
    with services.ledger.write() as books:
        for number, channel in enumerate(("letter", "sms")):
            books.trail.set_reminder(Reminder(f"p{number}", "AB-1", channel, "planned", RECEIVED))
        held = place(books, CLAIM, replace(TERMS, channels=(Channel.LETTER,)), item.item_id, RECEIVED, "auto")
        draft = EventDraft(EventType.REMINDERS_SUPPRESSED, held.hold_id, "AB-1")
        (event,) = [one for one in books.outbox.after(0, 100) if one.type is draft.type]
    assert event.data["recall"] == ["p0"]
