"""`mailroom nightly`, `schedule`, `watch`, `deliver`: the mail day now, every night, all the time; events out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import AgencyFile, DataFolder, counted, err, out, say, settings_of, table
from connectors.building import building
from connectors.mail_day import deliver_events, expire_holds, new_receipts, process_receipts, take_in
from models.errors import ConfigurationError, Unavailable
from settings import Settings

Inbox = Annotated[
    Path | None, typer.Option("--inbox", help=say("dossier d'arrivée (MAILROOM_INBOX)", "inbox (MAILROOM_INBOX)"))
]
_PREFECT_PORT = 4200  # Prefect's own
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
    settings = settings_of(data, inbox=inbox, agency=agency)
    building(settings)  # a wrong setting is said before Prefect starts
    os.environ["MAILROOM_DATA"] = str(settings.data.resolve())
    import flows

    figures = flows.run_now(settings.inbox, day_of(day))
    rows = counted(figures)
    table(say("Journée", "Mail day"), (say("quoi", "what"), say("nombre", "count")), rows)


def schedule(data: DataFolder = None, inbox: Inbox = None) -> None:
    """Sert la journée de courrier selon MAILROOM_CRON, jusqu'à l'arrêt."""
    settings = settings_of(data, inbox=inbox)
    building(settings)
    os.environ["MAILROOM_DATA"] = str(settings.data.resolve())
    if settings.inbox:
        os.environ["MAILROOM_INBOX"] = str(settings.inbox.resolve())
    server = None if os.environ.get("PREFECT_API_URL") else _scheduler()
    try:
        import flows

        out.print(say("Planifié : ", "Scheduled: ") + f"{settings.cron} ({settings.timezone})")
        flows.serve_schedule(settings)
    except KeyboardInterrupt:
        err.print(say("Planification arrêtée.", "Schedule stopped."))
    finally:
        if server is not None:
            server.terminate()


def _scheduler() -> subprocess.Popen[bytes]:
    """Prefect's embedded server schedules nothing: without PREFECT_API_URL a real one starts beside us, on loopback."""
    url = f"http://127.0.0.1:{_PREFECT_PORT}/api"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(_PREFECT_PORT)]
    server = subprocess.Popen(  # noqa: S603 - in a session of its own: Ctrl-C ends it through us, once
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{url}/health", timeout=2).close()  # noqa: S310 - loopback
        except OSError:
            time.sleep(1)
        else:
            os.environ["PREFECT_API_URL"] = url
            return server
    server.terminate()
    raise Unavailable(say("le serveur Prefect ne démarre pas", "the Prefect server does not start"), "PREFECT_API_URL")


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
        counts = _taken_in(settings, once)
        if receipts := new_receipts(settings):
            counts |= process_receipts(settings, receipts)
        counts |= expire_holds(settings) | deliver_events(settings)
        if any(counts.values()):
            err.print(", ".join(f"{name} {count}" for name, count in counted(counts) if count))
        if once:
            return
        time.sleep(every)


def _taken_in(settings: Settings, once: bool) -> dict[str, int]:
    """A mailbox that is away for a while is named each round: what came by the other ways is processed meanwhile."""
    try:
        return take_in(settings)
    except Unavailable as error:
        if once:
            raise
        err.print(str(error), soft_wrap=True)
        return {}


def deliver(data: DataFolder = None) -> None:
    """Envoie les événements en attente au système de recouvrement."""
    counts = deliver_events(settings_of(data))
    if not counts:
        out.print(say("Rien à envoyer.", "Nothing to send."))
    table(say("Événements", "Events"), (say("quoi", "what"), say("nombre", "count")), counted(counts))
    if counts.get("postponed") or counts.get("dead"):
        raise typer.Exit(1)
