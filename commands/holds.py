"""`mailroom holds`: those to look at, and a person's word that ends one or lets it run on."""

from __future__ import annotations

import getpass
from datetime import date
from typing import Annotated

import typer

from commands.terminal import DataFolder, out, say, settings_of, table
from connectors.building import building
from models.errors import ConfigurationError
from pipelines.lifting import NotLiftable, lift, look_again
from pipelines.wording import word
from web.wording import words_for

holds = typer.Typer(no_args_is_help=True, help=say("Les suspensions de relances.", "Holds on reminders."))
HoldId = Annotated[str, typer.Argument(help=say("numéro de la suspension", "id of the hold"))]
Why = Annotated[str, typer.Option("--reason", help=say("pourquoi (conservé)", "why (kept)"))]


@holds.command("list")
def to_review(data: DataFolder = None) -> None:
    """Les suspensions à revoir : leur date est venue, elles tiennent jusqu'à ce que quelqu'un en décide."""
    settings = settings_of(data)
    inside = building(settings)
    with inside.ledger.read() as books:
        waiting = books.holds.to_review(inside.services.now().date())
    rows = [
        (
            one.hold_id,
            one.claim_ref,
            word(one.terms.reason, "", settings.language),
            words_for(settings.language).of("owner", one.terms.owner),
            one.terms.review_on,
        )
        for one in waiting
    ]
    heads = (say("suspension", "hold"), say("créance", "claim"), say("motif", "reason"), say("à qui", "owner"))
    table(say("À revoir", "To review"), (*heads, say("depuis", "since")), rows)
    if not rows:
        out.print(say("Rien à revoir.", "Nothing to review."))


@holds.command("lift")
def lift_one(hold_id: HoldId, reason: Why, data: DataFolder = None) -> None:
    """Lève une suspension ; la raison est conservée."""
    settings = settings_of(data)
    services = building(settings).services
    try:
        with services.ledger.write() as books:
            lift(books, services.policy, hold_id, services.now(), getpass.getuser(), reason)
    except NotLiftable as refused:
        raise ConfigurationError(refused.worded(settings.language), "mailroom holds list") from None


@holds.command("review")
def review_one(
    hold_id: HoldId,
    on: Annotated[str, typer.Option("--on", help=say("prochaine date (AAAA-MM-JJ)", "next date (YYYY-MM-DD)"))],
    reason: Why,
    data: DataFolder = None,
) -> None:
    """La suspension continue, à revoir plus tard."""
    settings = settings_of(data)
    services = building(settings).services
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise ConfigurationError(f"--on {on!r}", say("AAAA-MM-JJ", "YYYY-MM-DD")) from None
    try:
        with services.ledger.write() as books:
            out.print(look_again(books, hold_id, day, services.now(), getpass.getuser(), reason).hold_id)
    except NotLiftable as refused:
        raise ConfigurationError(refused.worded(settings.language), "mailroom holds list") from None
