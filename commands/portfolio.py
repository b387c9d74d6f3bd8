"""`mailroom claims import`, `mailroom payments import`: what the collection system and the bank tell us."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import DataFolder, err, out, say, settings_of
from connectors.building import building
from connectors.claims_file import read_claims
from settings import Settings

claims = typer.Typer(no_args_is_help=True, help=say("Les créances.", "The claims."))

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=say("fichier CSV", "CSV file"))]
_SHOWN = 20
_CHUNK = 20_000


@claims.command("import")
def import_file(file: File, data: DataFolder = None) -> None:
    """Ajoute ou met à jour les créances ; une mauvaise ligne est nommée, les bonnes entrent."""
    if import_claims(settings_of(data), file):
        raise typer.Exit(1)


def import_claims(settings: Settings, file: Path) -> int:
    """The number of bad rows, each reported with its line and reason."""
    rows = read_claims(file, settings.language)
    ledger, totals = building(settings).ledger, [0, 0, 0]
    claims = rows.claims
    while chunk := list(islice(claims, _CHUNK)):  # short transactions: the gate answers meanwhile
        with ledger.write() as books:
            totals = [sum(pair) for pair in zip(totals, books.claims.upsert(chunk), strict=True)]
    words = say("créances ajoutées, changées, inchangées", "claims added, changed, unchanged")
    out.print(f"{words} : {totals[0]}, {totals[1]}, {totals[2]}")
    for status, count in rows.unknown_statuses.items():
        told = say(f"statut inconnu « {status} » pris comme open", f'unknown status "{status}" taken as open')
        err.print(f"{file.name}: {told} ({count})", soft_wrap=True)
    for bad in rows.bad[:_SHOWN]:
        err.print(f"{file.name}:{bad.line}: {bad.reason}", soft_wrap=True)
    if len(rows.bad) > _SHOWN:
        err.print(say(f"… et {len(rows.bad) - _SHOWN} autres", f"… and {len(rows.bad) - _SHOWN} more"))
    return len(rows.bad)
