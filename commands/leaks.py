"""The headline of `mailroom report`, the same as one HTML file, and `mailroom reminders import`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import DataFolder, counted, err, out, say, settings_of, table
from connectors.building import building
from connectors.reminders_file import read_reminders
from pipelines.leaks import Headline
from pipelines.wording import word
from web.charts import bar_line

reminders = typer.Typer(no_args_is_help=True, help=say("Les relances planifiées et parties.", "Reminders sent."))
SHOWN = 30
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=say("fichier CSV", "CSV file"))]


def show_leaks(found: Headline, of_day: Headline, language: str) -> None:
    """What this product exists to keep at nought: the day, the month as one line of bars, the causes."""
    words = say("Relances parties après l'arrivée du courrier : ", "Reminders sent after the mail had come: ")
    of_all = say(f" sur {of_day.total} parties", f" of {of_day.total} sent")
    out.print(f"{words}{len(of_day.leaks)}{of_all}", style="bold red" if of_day.leaks else "bold")
    days, late = list(found.leaked.values()), found.median_minutes
    since = say(f"{len(days)} jours", f"{len(days)} days")
    median = "" if late is None else say(f", retard médian {late} min", f", median delay {late} min")
    out.print(f"  {since} {bar_line(days)} {len(found.leaks)}{median}")
    rows = [(word(cause, "", language), count) for cause, count in found.causes]
    table(say("Pourquoi", "Why"), (say("cause", "cause"), say("nombre", "count")), rows)
    heads = (say("relance", "reminder"), say("créance", "claim"), "min", say("cause", "cause"))
    listed = [(one.reminder_id, one.claim_ref, one.minutes, word(one.cause, "", language)) for one in of_day.leaks]
    table(say("Celles du jour", "Those of the day"), heads, listed[:SHOWN])
    if len(listed) > SHOWN:
        out.print(f"  … +{len(listed) - SHOWN}")


@reminders.command("import")
def import_reminders(file: File, data: DataFolder = None) -> None:
    """Relances planifiées, remises ou parties (CSV). Celles d'une créance bloquée sont nommées : à rappeler."""
    settings = settings_of(data)
    services = building(settings).services
    told = read_reminders(file, services.now(), settings.language)
    counts: Counter[str] = Counter()
    with services.ledger.write() as books:
        for reminder in told.reminders:
            counts[reminder.state if books.trail.set_reminder(reminder) else "known"] += 1
        held = books.holds.on_claims(list({one.claim_ref for one in told.reminders}), services.now())
    for bad in told.bad:
        err.print(f"{file.name}:{bad.line}: {bad.reason}", soft_wrap=True)
    recall = [
        (one.reminder_id, one.claim_ref, one.channel)
        for one in told.reminders
        if one.state != "sent" and any(one.channel in hold.terms.channels for hold in held[one.claim_ref])
    ]
    table(say("Relances", "Reminders"), (say("état", "state"), say("nombre", "count")), counted(counts))
    heads = (say("relance", "reminder"), say("créance", "claim"), say("canal", "channel"))
    table(say("À rappeler", "To recall"), heads, recall)
    if told.bad:
        raise typer.Exit(1)
