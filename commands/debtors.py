"""`mailroom debtors link|unlink|suspects`: two claims of one debtor, where no birth date says so."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import DataFolder, out, say, settings_of, table
from connectors.building import building
from models.errors import MailroomError
from pipelines import debtors as linking
from pipelines.ports import Books

debtors = typer.Typer(no_args_is_help=True, help=say("Les débiteurs.", "Debtors."))
One = Annotated[str, typer.Argument(help=say("une créance", "a claim"))]
Other = Annotated[str, typer.Argument(help=say("l'autre créance", "the other claim"))]
Reason = Annotated[str, typer.Option("--reason", help=say("pourquoi", "why"))]
By = Annotated[str | None, typer.Option("--by", help=say("qui le dit (défaut : l'utilisateur)", "who says so"))]


@debtors.command("link")
def link(one: One, other: Other, reason: Reason, by: By = None, data: DataFolder = None) -> None:
    """Le même débiteur : les suspensions « débiteur » valent pour les deux créances."""
    with _books(data) as books:
        linking.link(books, one, other, reason, building(settings_of(data)).services.now(), by or getpass.getuser())
    out.print(say(f"{one} et {other} : un seul débiteur", f"{one} and {other}: one debtor"), soft_wrap=True)


@debtors.command("unlink")
def unlink(one: One, other: Other, reason: Reason, by: By = None, data: DataFolder = None) -> None:
    """Deux débiteurs : chaque suspension reste au débiteur pour lequel elle fut posée."""
    with _books(data) as books:
        linking.unlink(books, one, other, reason, building(settings_of(data)).services.now(), by or getpass.getuser())
    out.print(say(f"{one} et {other} : deux débiteurs", f"{one} and {other}: two debtors"), soft_wrap=True)


@debtors.command("suspects")
def suspects(one: One, data: DataFolder = None) -> None:
    """Les créances d'autres débiteurs aux mêmes noms et à la même adresse."""
    settings = settings_of(data)
    with building(settings).ledger.read() as books:
        claim = books.claims.get(one)
        if claim is None:
            raise MailroomError(linking.NotLinkable("unknown_claim", one).worded(settings.language))
        found = books.claims.get_many(books.debtors.suspects(claim)).values()
    heads = (say("créance", "claim"), say("débiteur", "debtor"), say("adresse", "address"))
    rows = [(other.claim_ref, other.debtor_name, f"{other.address} {other.postcode} {other.city}") for other in found]
    table(say("Même débiteur ?", "Same debtor?"), heads, rows)


@contextmanager
def _books(data: Path | None) -> Iterator[Books]:
    settings = settings_of(data)
    try:
        with building(settings).ledger.write() as books:
            yield books
    except linking.NotLinkable as error:
        raise MailroomError(error.worded(settings.language)) from error
