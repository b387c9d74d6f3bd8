"""`mailroom lots`: post counted before it is scanned; while a lot is not whole, no reminder leaves."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from commands.nightly import day_of
from commands.terminal import DataFolder, out, say, settings_of, table
from connectors.building import building
from models.errors import ConfigurationError
from models.record import Lot
from pipelines.lots import close_lot
from pipelines.lots import open_lot as register_lot

lots = typer.Typer(no_args_is_help=True, help=say("Les lots de courrier du jour.", "Lots of post."))
LotId = Annotated[str, typer.Argument(help=say("numéro du lot", "number of the lot"))]


@lots.command("open")
def open_lot(
    lot_id: LotId,
    count: Annotated[int, typer.Option("--count", min=0, help=say("pièces comptées", "items counted"))],
    day: Annotated[str | None, typer.Option("--day", help=say("jour d'arrivée", "day it came"))] = None,
    data: DataFolder = None,
) -> None:
    """Un lot ouvert et compté, avant la numérisation."""
    services = building(settings_of(data)).services
    lot = Lot(lot_id, day_of(day), count, services.now())
    with services.ledger.write() as books:
        if not register_lot(books, lot, services.now()):
            raise ConfigurationError(say(f"le lot {lot_id} est connu", f"lot {lot_id} is known"), "mailroom lots list")


@lots.command("list")
def list_lots(data: DataFolder = None) -> None:
    """Les lots dont il manque des pièces : aucune relance ne part tant qu'il y en a un."""
    with building(settings_of(data)).ledger.read() as books:
        waiting = [lot.lot_id for lot in books.trail.lots_not_scanned()]
        rows = [
            (lot.lot_id, lot.mail_received_on, lot.items_counted, received)
            for lot, received in books.trail.counted_lots(waiting)
        ]
    heads = (say("lot", "lot"), say("arrivé le", "came on"), say("comptées", "counted"), say("reçues", "received"))
    table(say("Lots incomplets", "Lots not whole"), heads, rows)
    if not rows:
        out.print(say("Tous les lots sont numérisés.", "Every lot is scanned."))


@lots.command("close")
def close(
    lot_id: LotId,
    reason: Annotated[str, typer.Option("--reason", help=say("pourquoi il en manque", "why fewer came"))],
    data: DataFolder = None,
) -> None:
    """Moins de pièces que comptées : quelqu'un dit pourquoi, et les relances peuvent repartir."""
    services = building(settings_of(data)).services
    if not reason.strip():
        raise ConfigurationError("--reason", say("dire pourquoi", "say why"))
    with services.ledger.write() as books:
        if not close_lot(books, lot_id, services.now(), getpass.getuser(), reason):
            wrong = say(f"aucun lot ouvert {lot_id}", f"no open lot {lot_id}")
            raise ConfigurationError(wrong, "mailroom lots list")
