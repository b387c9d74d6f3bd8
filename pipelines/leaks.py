"""The leaked-reminder ledger: what was sent after the mail that answers it had come, how late, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from models.gate import Answer, Purpose, Question
from models.leak import Arrival, Cause, Leak, Suspect
from models.record import Reminder
from pipelines.ports import Books

ASKED_BEFORE = timedelta(hours=72)  # an answer older than this is no answer about this reminder


def leaked_reminders(books: Books, since: datetime, until: datetime) -> list[Leak]:
    """Reminders sent between two moments on claims that mail which had come before concerned, each once, in order.

    Counted from the day the mail came where it is known, not from the scan.
    """
    suspects = [suspect for suspect in books.leaks.suspects(since, until) if _covers(suspect)]
    if not suspects:
        return []
    arrivals = books.leaks.arrivals({suspect.hold.item_id for suspect in suspects if suspect.hold.item_id})
    earliest: dict[str, tuple[Arrival, Suspect]] = {}
    for suspect in suspects:
        arrival = arrivals.get(suspect.hold.item_id or "")
        key = suspect.reminder.reminder_id
        if arrival is None or arrival.came_at >= suspect.reminder.at:
            continue
        if key not in earliest or _rank(arrival, suspect) < _rank(*earliest[key]):
            earliest[key] = (arrival, suspect)
    leaks = _explained(books, list(earliest.values()), since, until)
    return sorted(leaks, key=lambda leak: (leak.sent_at, leak.reminder_id))


def _rank(arrival: Arrival, suspect: Suspect) -> tuple[datetime, datetime]:
    """The mail that came first, and of its holds the one placed first."""
    return arrival.came_at, suspect.hold.starts_at


def _covers(suspect: Suspect) -> bool:
    """This hold stops the reminder, or would have had it been placed when the mail came."""
    terms, reminder = suspect.hold.terms, suspect.reminder
    return reminder.channel in terms.channels and (terms.until is None or terms.until >= reminder.at.date())


def _explained(books: Books, found: Sequence[tuple[Arrival, Suspect]], since: datetime, until: datetime) -> list[Leak]:
    if not found:
        return []
    refs = {suspect.reminder.claim_ref for _, suspect in found}
    told = books.leaks.told_at({(suspect.hold.hold_id, suspect.reminder.claim_ref) for _, suspect in found})
    said = books.trail.answers_about(refs, since - ASKED_BEFORE, until)
    leaks = []
    for arrival, suspect in found:
        reminder = suspect.reminder
        answers = _answers_on(reminder, said)
        known = told.get((suspect.hold.hold_id, reminder.claim_ref))
        minutes = int((reminder.at - arrival.came_at).total_seconds() // 60)
        cause = cause_of(suspect, arrival, known, answers)
        leaks.append(Leak(reminder.reminder_id, reminder.claim_ref, minutes, cause.value, reminder.at))
    return leaks


def _answers_on(reminder: Reminder, said: Sequence[tuple[Question, Answer]]) -> list[Answer]:
    """What the gate said of this claim and way of writing before the reminder left, oldest first."""
    about = [
        answer
        for question, answer in said
        if answer.claim_ref == reminder.claim_ref
        and question.channel == reminder.channel
        and question.purpose is Purpose.REMINDER
        and reminder.at - ASKED_BEFORE <= answer.asked_at <= reminder.at
    ]
    return sorted(about, key=lambda answer: answer.asked_at)


def cause_of(suspect: Suspect, arrival: Arrival, told_at: datetime | None, answers: Sequence[Answer]) -> Cause:
    """`told_at`: when every webhook had acknowledged the hold; None where one had not, or there is none."""
    reminder, held_at = suspect.reminder, suspect.hold.starts_at
    if answers and not answers[-1].allowed:
        return Cause.AGAINST_THE_ANSWER
    if held_at > reminder.at:  # nothing stopped it yet
        if arrival.on_desk_at is not None and arrival.on_desk_at <= reminder.at:
            return Cause.ON_THE_DESK
        in_the_building = arrival.received_at <= reminder.at  # unread: the gate would have said no to anybody
        return Cause.GATE_NOT_ASKED if in_the_building and not answers else Cause.NOT_READ_YET
    if not answers:
        return Cause.GATE_NOT_ASKED
    return Cause.RECALL_MISSED if told_at is not None and told_at <= reminder.at else Cause.WEBHOOK_LATE


# -- the headline ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Headline:
    """`sent` and `leaked` by day of the zone, every day of the period; causes, most first."""

    leaks: Sequence[Leak]
    sent: Mapping[date, int]
    leaked: Mapping[date, int]
    causes: Sequence[tuple[str, int]]

    @property
    def total(self) -> int:
        return sum(self.sent.values())

    @property
    def median_minutes(self) -> int | None:
        return round(median(leak.minutes for leak in self.leaks)) if self.leaks else None


def headline(books: Books, last: date, days: int, zone: ZoneInfo) -> Headline:
    """The `days` days that end with `last`, that one included."""
    first = last - timedelta(days=days - 1)
    since = datetime.combine(first, datetime.min.time(), zone)
    until = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone)
    every = [first + timedelta(days=number) for number in range(days)]
    leaks = leaked_reminders(books, since, until)
    left = Counter(leak.sent_at.astimezone(zone).date() for leak in leaks)
    sent = Counter(at.astimezone(zone).date() for at in books.leaks.sent_at(since, until))
    causes = Counter(leak.cause for leak in leaks).most_common()
    return Headline(leaks, {day: sent[day] for day in every}, {day: left[day] for day in every}, causes)
