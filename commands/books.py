"""`mailroom report`: a mail day in figures, the leaked reminders first, then what is owed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from commands.closing import show_owed
from commands.leaks import show_leaks
from commands.learning import show_drift
from commands.nightly import Day, day_of
from commands.terminal import DataFolder, out, say, settings_of, table
from connectors.building import building
from connectors.database import DatabaseBooks
from connectors.database.desk import DayFigures, QueueFilter
from models.event import Delivery
from models.item import Stage
from pipelines.answer_groups import KEPT, OPENED, lost_groups
from pipelines.leaks import headline
from pipelines.limitations import nearing
from pipelines.wording import word
from settings import Settings
from web.report_page import LEAK_DAYS, report_html
from web.wording import words_for

UNSEEN = QueueFilter(stages=(Stage.REFUSED,), unseen=True)


def bounds(settings: Settings, day: str | None) -> tuple[datetime, datetime]:
    """The day in the agency's zone, as two moments in UTC."""
    zone = ZoneInfo(settings.timezone)
    start = datetime.combine(day_of(day), time(), zone)
    return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)


Html = Annotated[Path | None, typer.Option("--html", help=say("écrit aussi une page HTML", "also writes a page"))]


def report(day: Day = None, data: DataFolder = None, html: Html = None) -> None:
    """La journée en chiffres : relances parties à tort, pièces, décisions, refus, délais, événements."""
    settings = settings_of(data)
    since, until = bounds(settings, day)
    zone = ZoneInfo(settings.timezone)
    with building(settings).ledger.read() as books:
        month = headline(books, day_of(day), LEAK_DAYS, zone)
        show_leaks(month, headline(books, day_of(day), 1, zone), settings.language)
        _items(books, since, until, settings.language)
        soon = len(nearing(books, building(settings).services.policy, day_of(day)))
        _to_watch(books, until, soon)
        show_owed(books, settings, since, until)
        show_drift(books, until, settings.language)
        if html is not None:
            figures = books.desk.figures(since, until)
            language = settings.language
            tables = [
                (title, _rows(counts, kind, language)) for kind, (title, counts) in _shares(figures).items() if counts
            ]
            html.write_text(report_html(month, day_of(day), tables, words_for(language)), "utf-8")
            out.print(str(html))


def _items(books: DatabaseBooks, since: datetime, until: datetime, language: str) -> None:
    figures, seconds = books.desk.figures(since, until), books.desk.seconds_to_hold(since, until)
    count = say("nombre", "count")
    for kind, (title, counts) in _shares(figures).items():
        table(title, (say("pièces", "items"), count), _rows(counts, kind, language))
    refused = [(one.receipt.file_name, _why(one.reason, language)) for one in books.desk.refused(since, until)]
    table(say("Refusées (conservées)", "Refused (kept)"), (say("fichier", "file"), say("raison", "reason")), refused)
    if seconds.median is not None and seconds.p95 is not None:
        words = say("Du fichier au blocage", "From file to hold")
        out.print(f"{words}: {seconds.median:.1f} s, p95 {seconds.p95:.1f} s ({seconds.items})")


def _shares(figures: DayFigures) -> dict[str, tuple[str, dict[str, int]]]:
    return {
        "outcome": (say("Par décision", "By decision"), figures.by_outcome),
        "category": (say("Par catégorie", "By category"), figures.by_category),
        "stage": (say("Par étape", "By stage"), figures.by_stage),
    }


def _to_watch(books: DatabaseBooks, until: datetime, soon: int) -> None:
    edge = timedelta(minutes=2)  # a group may end on the next day
    asked = books.trail.between(until - timedelta(days=1) - edge, until + edge, [OPENED, KEPT])
    rows = [
        (say("blocages à revoir", "holds to review"), len(books.holds.to_review(until.date()))),
        (say("créances bloquées bientôt prescrites", "held claims soon time-barred"), soon),
        (say("groupes de réponses perdus", "groups of answers lost"), len(lost_groups(asked, until))),
        (say("réponses dues", "answers owed"), len(books.trail.answers_owed(until))),
        (say("lots non numérisés", "lots not scanned"), len(books.trail.lots_not_scanned())),
        (say("illisibles que personne n'a regardés", "unreadable, nobody has looked"), books.desk.count(UNSEEN)),
        (say("statuts en conflit", "statuses in conflict"), books.conflicts.count()),
    ]
    states = {
        Delivery.PENDING: say("événements à envoyer", "events to send"),
        Delivery.DELIVERED: say("événements reçus", "events acknowledged"),
        Delivery.DEAD: say("événements abandonnés", "dead events"),
    }
    rows += [(states[state], number) for state, number in books.outbox.count_deliveries().items()]
    table(say("À surveiller", "To watch"), (say("quoi", "what"), say("nombre", "count")), rows)


def _rows(counts: dict[str, int], kind: str, language: str) -> list[tuple[str, int]]:
    """Most first, in the desk's own words."""
    words = words_for(language)
    return [(words.of(kind, code), count) for code, count in sorted(counts.items(), key=lambda row: -row[1])]


def _why(stored: str, language: str) -> str:
    code, _, detail = stored.partition(":")
    return word(code, detail.strip(), language)
