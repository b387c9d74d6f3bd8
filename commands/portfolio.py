"""`mailroom claims import`: what the collection system tells us, as a file or from its database."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from commands.claims_audit import audit_claims
from commands.terminal import COLON, ENGLISH, DataFolder, err, out, say, settings_of, table
from connectors.building import building
from connectors.claims_file import ClaimsFile, read_claims
from connectors.claims_in import configured_view, take_claims
from connectors.claims_view import ClaimsView
from models.errors import ConfigurationError
from pipelines.disagreements import advice, decide_status
from settings import Settings
from web.desk.conflicts import SAID
from web.wording import words_for

claims = typer.Typer(no_args_is_help=True, help=say("Les créances.", "The claims."))
claims.command("audit")(audit_claims)

File = Annotated[
    Path | None,
    typer.Argument(
        exists=True,
        dir_okay=False,
        help=say("fichier CSV ; sans lui, la vue MAILROOM_CLAIMS_VIEW", "CSV file; without it MAILROOM_CLAIMS_VIEW"),
    ),
]
_SHOWN = 20


@claims.command("import")
def import_file(file: File = None, data: DataFolder = None) -> None:
    """Ajoute ou met à jour les créances ; une mauvaise ligne est nommée, les bonnes entrent."""
    settings = settings_of(data)
    if file is not None:
        bad = import_claims(settings, file)
    else:
        view = configured_view(settings)
        if view is None:
            words = say("ni fichier ni vue à lire", "neither a file nor a view to read")
            raise ConfigurationError(words, "FILE.csv, MAILROOM_CLAIMS_URL + MAILROOM_CLAIMS_VIEW")
        bad = _import(settings, view, view.name)
    if bad:
        raise typer.Exit(1)


def import_claims(settings: Settings, file: Path) -> int:
    """The number of bad rows, each reported with its line and reason."""
    return _import(settings, read_claims(file, settings.language), file.name)


def _import(settings: Settings, rows: ClaimsFile | ClaimsView, name: str) -> int:
    taken = take_claims(building(settings).services, rows, "collection_system")
    words = say("créances ajoutées, changées, inchangées", "claims added, changed, unchanged")
    out.print(f"{words}{COLON} {taken.added}, {taken.changed}, {taken.unchanged}")
    if taken.added:
        hint = say("doublons, dates, adresses à vérifier", "duplicates, dates, addresses to look at")
        out.print(f"{hint}{COLON} mailroom claims audit", soft_wrap=True)
    for status, count in taken.unknown_statuses.items():
        told = say(f"statut inconnu « {status} » pris comme open", f'unknown status "{status}" taken as open')
        err.print(f"{name}: {told} ({count})", soft_wrap=True)
    for one in taken.conflicts[:_SHOWN]:
        told = say(
            f"statut ici {one.ours}, là-bas {one.theirs} : {one.kept} reste",
            f"status here {one.ours}, there {one.theirs}: {one.kept} stands",
        )
        err.print(f"{one.claim_ref}: {told}", soft_wrap=True)
    _more(len(taken.conflicts))
    for bad in taken.bad[:_SHOWN]:
        err.print(f"{name}:{bad.line}: {bad.reason}", soft_wrap=True)
    _more(len(taken.bad))
    return len(taken.bad)


@claims.command("conflicts")
def conflicts(
    keep: Annotated[str | None, typer.Option("--keep", help=say("garder notre statut de CRÉANCE", "keep ours"))] = None,
    accept: Annotated[
        str | None, typer.Option("--accept", help=say("accepter le leur pour CRÉANCE", "accept theirs"))
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help=say("pourquoi", "why"))] = "",
    data: DataFolder = None,
) -> None:
    """Statuts sur lesquels le logiciel de recouvrement et nous différons : les voir, trancher."""
    inside, words = building(settings_of(data)), words_for("en" if ENGLISH else "fr")
    for ref, outcome in ((keep, "ours"), (accept, "theirs")):
        if ref is None:
            continue
        with inside.ledger.write() as books:
            wrong = decide_status(books, ref, outcome, inside.services.now(), getpass.getuser(), reason)
        if wrong:
            raise ConfigurationError(f"{ref}: {' '.join(words(code) for code in wrong)}", "--reason, claims conflicts")
        out.print(f"{ref}: {words(SAID[outcome])}", soft_wrap=True)
    with inside.ledger.read() as books:
        waiting = books.conflicts.waiting()
    heads = (words("claim"), words("status_ours"), words("status_theirs"), words("since"), words("to_do"))
    rows = [
        (one.claim_ref, *(words.of("status", side) for side in (one.ours, one.theirs)), words.moment(one.since),
         words(f"advice_{advice(one)}"))
        for one in waiting
    ]  # fmt: skip
    table(words("conflicts"), heads, rows)
    if not rows:
        out.print(words("conflicts_none"))


def _more(count: int) -> None:
    if count > _SHOWN:
        err.print(say(f"… et {count - _SHOWN} autres", f"… and {count - _SHOWN} more"))
