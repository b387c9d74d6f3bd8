"""`mailroom payments import|correct`, `mailroom cheques deposit|cleared|bounced|place`: money to and from the bank."""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Callable, Container, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.nightly import Day, day_of
from commands.terminal import ENGLISH, DataFolder, counted, err, out, say, settings_of, table
from connectors.bad_rows import BadRow
from connectors.bank_words import NamedCheque, key_of, read_bank_words
from connectors.building import Building, building
from connectors.deposit_file import write_deposit
from connectors.payments_file import BankLine, read_payments
from models.errors import ConfigurationError
from models.money import cents_from_decimal, euros
from pipelines import clearing, custody, misposted
from pipelines import payments as money
from pipelines.clearing import Word
from pipelines.deposit import make_deposit
from pipelines.ports import Books
from pipelines.wording import word
from web.wording import words_for

payments = typer.Typer(no_args_is_help=True, help=say("Les paiements reçus en banque.", "Payments at the bank."))
cheques = typer.Typer(no_args_is_help=True, help=say("Les chèques remis.", "Cheques at the bank."))
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=say("fichier", "file"))]
_ACTOR = "bank"


def _close(file: Path, title: str, counts: Counter[str], bad: Sequence[BadRow], troubles: Container[str]) -> None:
    """What could not be read, by line; the sums; exit 1 where anything is left for a person."""
    for row in bad:
        err.print(f"{file.name}:{row.line}: {row.reason}", soft_wrap=True)
    table(title, (say("suite", "outcome"), say("nombre", "count")), counted(counts))
    if bad or any(outcome in troubles for outcome in counts):
        raise typer.Exit(1)


@payments.command("import")
def import_payments(file: File, data: DataFolder = None) -> None:
    """Virements, cartes, prélèvements (CSV ou camt.053) : imputés une fois ; le doute attend une personne."""
    settings = settings_of(data)
    inside = building(settings)
    statement = read_payments(file, settings.language)
    inside.services.index.refresh()
    counts: Counter[str] = Counter()
    for line in statement.lines:
        outcome = _take(inside, line)
        counts[outcome] += 1
        if outcome in _WHY:
            err.print(f"{line.key}: {_WHY[outcome]}", soft_wrap=True)
    _close(file, say("Paiements", "Payments"), counts, statement.bad, _WHY)


def _take(inside: Building, line: BankLine) -> str:
    services = inside.services
    told = money.Told(line.key, line.amount, line.means, line.paid_on, line.claim_ref, line.text, line.payer_name)
    place = money.place_of(services, told)
    with services.ledger.write() as books:
        if line.state == "bounced":
            said = money.take_back(books, told, line.originals, place, services.now(), _ACTOR)
            return f"bounced_{said.value}"
        return money.book(books, told, place, services.now(), _ACTOR).value


_WHY = {
    "no_claim": say("aucune créance sûre : attend au bureau", "no claim for certain: waits on the desk"),
    "doubtful": say(
        "double paiement ou plus que le solde ? attend au bureau", "paid twice, or above the balance? waits on the desk"
    ),
    "bounced_unknown": say(
        "rejet d'un paiement inconnu : attend au bureau", "an unknown payment was taken back: waits on the desk"
    ),
}


@payments.command("correct")
def correct(
    key: Annotated[str, typer.Argument(help=say("numéro du paiement", "number of the payment"))],
    reason: Annotated[str, typer.Option("--reason", help=say("pourquoi", "why"))],
    to: Annotated[
        list[str] | None, typer.Option("--to", help=say("CRÉANCE=MONTANT, répétable", "CLAIM=AMOUNT, may be repeated"))
    ] = None,
    data: DataFolder = None,
) -> None:
    """Paiement imputé à tort : contre-passé là, imputé ici ; sans --to, il attend de nouveau au bureau."""
    services = building(settings_of(data)).services
    parts = [_part(text) for text in to or []]
    with services.ledger.write() as books:
        before = misposted.amounts_of(misposted.standing(books, key))
        wrong = misposted.rebook(books, key, parts, services.now(), getpass.getuser(), reason)
        after = misposted.amounts_of(misposted.standing(books, key))
    if wrong:
        words = words_for("en" if ENGLISH else "fr")
        raise ConfigurationError(
            f"{key}: {' '.join(words(code) for code in wrong)}", "mailroom payments correct --help"
        )
    out.print(f"{key}: {before} → {after or say('à imputer au bureau', 'to be booked on the desk')}", soft_wrap=True)


def _part(text: str) -> tuple[str, int]:
    """`CLAIM=AMOUNT`; a reference may hold an equals sign, an amount may not."""
    ref, _, amount = text.rpartition("=")
    try:
        return ref.strip(), cents_from_decimal(amount.replace(",", "."))
    except ValueError:
        raise ConfigurationError(f"--to {text}", say("CRÉANCE=123.45", "CLAIM=123.45")) from None


@cheques.command("deposit")
def deposit(
    folder: Annotated[Path, typer.Option("--out", help=say("dossier des fichiers", "folder for the files"))],
    day: Day = None,
    data: DataFolder = None,
) -> None:
    """Bordereau de remise du jour (CSV, JSON, PDF) ; chaque chèque une seule fois, rien sous protection."""
    settings = settings_of(data)
    services = building(settings).services
    with services.ledger.write() as books:
        lists, kept = make_deposit(books, day_of(day), services.now(), _ACTOR)
    heads = (say("bordereau", "list"), say("chèques", "cheques"), "total", say("somme n°", "sum of no."))
    rows = [
        (one.deposit_id, len(one.lines), euros(one.total, settings.language), f"{one.number_sum} {one.digest}")
        for one in lists
    ]
    table(say("Remises du jour", "Deposits of the day"), heads, rows)
    if not lists:
        out.print(say("Aucun chèque à remettre.", "No cheque to deposit."))
    for one in lists:
        for path in write_deposit(one, folder, services.agency.name, settings.language):
            out.print(str(path), soft_wrap=True)
    kept_rows = [(back.cheque.cheque_id, word(back.reason, "", settings.language)) for back in kept]
    table(say("Gardés", "Kept back"), (say("chèque", "cheque"), say("raison", "reason")), kept_rows)


@cheques.command("cleared")
def cleared(file: File, data: DataFolder = None) -> None:
    """Chèques encaissés : CSV avec cmc7, cheque_id, payment_key, ou deposit + amount (+ number)."""
    _each(file, data, clearing.cleared)


@cheques.command("bounced")
def bounced(file: File, data: DataFolder = None) -> None:
    """Chèques rejetés : la créance revient, retenue tant que personne n'a écrit au payeur."""
    _each(file, data, clearing.bounced)


def _each(file: Path, data: Path | None, action: Callable[[Books, str, datetime, str], Word]) -> None:
    settings = settings_of(data)
    services = building(settings).services
    lines, counts = read_bank_words(file, settings.language), Counter[str]()
    for number, named in lines.named:
        with services.ledger.write() as books:
            said = _said(books, named, action, services.now())
        counts[said] += 1
        if said in _TROUBLES:
            err.print(f"{file.name}:{number}: {_TROUBLES[said]}", soft_wrap=True)
    _close(file, say("Chèques", "Cheques"), counts, lines.bad, _TROUBLES)


def _said(books: Books, named: NamedCheque, action: Callable[[Books, str, datetime, str], Word], at: datetime) -> str:
    keys = key_of(books, named)
    if len(keys) != 1:
        return "several" if keys else "unknown"
    return action(books, keys[0], at, _ACTOR).value


_TROUBLES = {
    "unknown": say("chèque inconnu", "unknown cheque"),
    "several": say(
        "plusieurs chèques conviennent : donner cmc7 ou cheque_id", "several cheques fit: give cmc7 or cheque_id"
    ),
    "not_booked": say("chèque reçu, mais imputé sur aucune créance", "the cheque is here, but booked on no claim"),
}


@cheques.command("place")
def place(
    cheque_id: Annotated[str, typer.Argument(help=say("identifiant du chèque", "id of the cheque"))],
    box: Annotated[str, typer.Argument(help=say("boîte ou chemise", "box or folder"))],
    data: DataFolder = None,
) -> None:
    """Dit dans quelle boîte se trouve le chèque."""
    services = building(settings_of(data)).services
    with services.ledger.write() as books:
        found = books.bank.cheques_like(cheque_id)
        done = len(found) == 1 and custody.put(books, found[0].key, box, services.now(), "terminal")
    if not done:
        err.print(f"{cheque_id}: {_TROUBLES['several' if len(found) > 1 else 'unknown']}")
        raise typer.Exit(1)
