"""`mailroom nightly`, `schedule`, `watch`, `deliver`: the mail day now, every night, all the time; events out."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import AgencyFile, DataFolder, err, out, say, settings_of, table
from connectors.building import building
from connectors.mail_day import deliver_events, expire_holds, new_receipts, process_receipts, take_in
from models.errors import ConfigurationError

Inbox = Annotated[
    Path | None, typer.Option("--inbox", help=say("dossier d'arrivée (MAILROOM_INBOX)", "inbox (MAILROOM_INBOX)"))
]
Day = Annotated[str | None, typer.Option("--day", help=say("jour, AAAA-MM-JJ", "day, YYYY-MM-DD"))]


def day_of(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"--day {text!r}", say("AAAA-MM-JJ", "YYYY-MM-DD")) from None


def nightly(inbox: Inbox = None, day: Day = None, data: DataFolder = None, agency: AgencyFile = None) -> None:
    """La journée de courrier, maintenant : recevoir, traiter, échéances, événements, bilan."""
    import os

    settings = settings_of(data, inbox=inbox, agency=agency)
    building(settings)  # a wrong setting is said before Prefect starts
    os.environ["MAILROOM_DATA"] = str(settings.data.resolve())
    import flows

    figures = flows.run_now(settings.inbox, day_of(day))
    rows = sorted(figures.items())
    table(say("Journée", "Mail day"), (say("quoi", "what"), say("nombre", "count")), rows)


def schedule(data: DataFolder = None, inbox: Inbox = None) -> None:
    """Sert la journée de courrier selon MAILROOM_CRON, jusqu'à l'arrêt."""
    import os

    settings = settings_of(data, inbox=inbox)
    building(settings)
    os.environ["MAILROOM_DATA"] = str(settings.data.resolve())
    if settings.inbox:
        os.environ["MAILROOM_INBOX"] = str(settings.inbox.resolve())
    import flows

    out.print(say("Planifié : ", "Scheduled: ") + f"{settings.cron} ({settings.timezone})")
    flows.serve_schedule(settings)


def watch(
    inbox: Inbox = None,
    data: DataFolder = None,
    every: Annotated[float, typer.Option("--every", min=0.5, help=say("secondes entre deux tours", "seconds"))] = 5.0,
    once: Annotated[bool, typer.Option("--once", help=say("un seul tour", "one round only"))] = False,
) -> None:
    """Surveille le dossier et la boîte aux lettres, traite au fil de l'eau, envoie les événements."""
    settings = settings_of(data, inbox=inbox)
    if settings.inbox is None and settings.mailbox_url is None:
        raise ConfigurationError(say("rien à surveiller", "nothing to watch"), "--inbox, MAILROOM_MAILBOX_URL")
    err.print(say("Surveillance ; Ctrl-C pour arrêter.", "Watching; Ctrl-C to stop."))
    while True:
        counts = take_in(settings)
        if receipts := new_receipts(settings):
            counts |= process_receipts(settings, receipts)
        counts |= expire_holds(settings) | deliver_events(settings)
        if any(counts.values()):
            err.print(", ".join(f"{name} {count}" for name, count in sorted(counts.items()) if count))
        if once:
            return
        time.sleep(every)


def deliver(data: DataFolder = None) -> None:
    """Envoie les événements en attente au système de recouvrement."""
    counts = deliver_events(settings_of(data))
    if not counts:
        out.print(say("Rien à envoyer.", "Nothing to send."))
    table(say("Événements", "Events"), (say("quoi", "what"), say("nombre", "count")), sorted(counts.items()))
    if counts.get("postponed") or counts.get("dead"):
        raise typer.Exit(1)
