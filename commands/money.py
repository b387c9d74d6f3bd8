"""`mailroom payments import`, `mailroom cheques cleared|bounced`: what the bank tells."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import DataFolder, err, say, settings_of, table
from connectors.building import building
from connectors.payments_file import read_payments
from models.errors import ConfigurationError
from pipelines import payments as money
from pipelines.ports import Books

payments = typer.Typer(no_args_is_help=True, help=say("Les paiements reçus en banque.", "Payments at the bank."))
cheques = typer.Typer(no_args_is_help=True, help=say("Les chèques remis.", "Cheques at the bank."))
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=say("fichier", "file"))]
_ACTOR = "bank"


@payments.command("import")
def import_payments(file: File, data: DataFolder = None) -> None:
    """Virements, cartes, prélèvements (CSV ou camt.053) : imputés une fois ; le doute est nommé, jamais imputé."""
    settings = settings_of(data)
    services = building(settings).services
    statement = read_payments(file, settings.language)
    services.index.refresh()
    counts: Counter[str] = Counter()
    for line in statement.lines:
        told = money.Told(line.key, line.amount, line.means, line.paid_on, line.claim_ref, line.text, line.payer_name)
        claim_ref = money.claim_for(services, told)
        with services.ledger.write() as books:
            if line.state == "bounced":
                counts["bounced"] += money.cheque_bounced(books, line.key, services.now(), _ACTOR)
                continue
            booked = money.book(books, told, claim_ref, services.now(), _ACTOR)
        counts[booked.value] += 1
        if booked in (money.Booked.NO_CLAIM, money.Booked.DOUBTFUL):
            err.print(f"{line.key}: {_WHY[booked]}", soft_wrap=True)
    for bad in statement.bad:
        err.print(f"{file.name}:{bad.line}: {bad.reason}", soft_wrap=True)
    table(say("Paiements", "Payments"), (say("suite", "outcome"), say("nombre", "count")), sorted(counts.items()))
    if statement.bad or counts[money.Booked.NO_CLAIM.value] or counts[money.Booked.DOUBTFUL.value]:
        raise typer.Exit(1)


_WHY = {
    money.Booked.NO_CLAIM: say("aucune créance sûre", "no claim for certain"),
    money.Booked.DOUBTFUL: say("double paiement ou plus que le solde ?", "paid twice, or more than the balance?"),
}


@cheques.command("cleared")
def cleared(file: File, data: DataFolder = None) -> None:
    """Chèques encaissés : CSV avec la ligne CMC-7 (cmc7) ou la clé du paiement (payment_key)."""
    _each(file, data, money.cheque_cleared)


@cheques.command("bounced")
def bounced(file: File, data: DataFolder = None) -> None:
    """Chèques rejetés : la créance revient, retenue tant que personne n'a écrit au payeur."""
    _each(file, data, money.cheque_bounced)


def _each(file: Path, data: Path | None, action: Callable[[Books, str, datetime, str], int]) -> None:
    services = building(settings_of(data)).services
    unknown = 0
    for line, key in _keys(file):
        with services.ledger.write() as books:
            if not action(books, key, services.now(), _ACTOR):
                unknown += 1
                err.print(f"{file.name}:{line}: {say('chèque inconnu ou déjà traité', 'cheque unknown or done')}")
    if unknown:
        raise typer.Exit(1)


def _keys(file: Path) -> Iterator[tuple[int, str]]:
    """The payer's line is never kept: its SHA-256 is the key."""
    with file.open(encoding="utf-8-sig", newline="") as rows:
        reader = csv.DictReader(rows)
        if not {"cmc7", "payment_key"} & set(reader.fieldnames or ()):
            raise ConfigurationError(f"{file.name}", say("colonne cmc7 ou payment_key", "column cmc7 or payment_key"))
        for row in reader:
            text = (row.get("cmc7") or "").replace(" ", "").upper()
            yield reader.line_num, row.get("payment_key") or hashlib.sha256(text.encode()).hexdigest()
