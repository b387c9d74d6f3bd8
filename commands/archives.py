"""`mailroom archive`: what was received, as searchable PDFs with their manifests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from commands.books import bounds
from commands.nightly import Day
from commands.terminal import DataFolder, err, out, say, settings_of
from connectors.building import building
from models.errors import ConfigurationError, DocumentRefused
from models.record import ItemRecord
from pipelines.archive import kept_archive
from pipelines.services import Services
from settings import Settings

Items = Annotated[list[str] | None, typer.Argument(help=say("pièces (identifiants)", "items (ids)"))]
OutFolder = Annotated[Path, typer.Option("--out", file_okay=False, help=say("dossier à remplir", "folder to fill"))]


def archive(
    items: Items = None, day: Day = None, folder: OutFolder = Path("archives"), data: DataFolder = None
) -> None:
    """PDF cherchable et manifeste de pièces, ou de toutes celles reçues un jour ; conservés une fois faits."""
    if bool(items) == (day is not None):
        raise ConfigurationError(
            say("rien, ou trop, à archiver", "nothing, or too much, to archive"), "ITEM... | --day"
        )
    settings = settings_of(data)
    services = building(settings).services
    folder.mkdir(parents=True, exist_ok=True)
    written, failed = 0, 0
    for item_id in items or _of_day(settings, day):
        said = _write(services, _record(services, item_id), folder)
        if said:
            err.print(f"{item_id}: {said}", soft_wrap=True)
            failed += 1
        else:
            written += 1
    kept = say(f", {failed} sans lecture (original conservé)", f", {failed} without a reading (original kept)")
    out.print(f"{folder}: {written} PDF{kept if failed else ''}", soft_wrap=True)
    if failed and items:  # a person asked for this one; of a whole day some may be refused, which was said then
        raise typer.Exit(1)


def _record(services: Services, item_id: str) -> ItemRecord:
    with services.ledger.read() as books:
        record = books.items.record(item_id)
    if record is None:
        raise ConfigurationError(item_id, say("aucune pièce de ce numéro", "no item of this id"))
    return record


def _of_day(settings: Settings, day: str | None) -> Iterator[str]:
    """Ids of the items received that day, in order of receipt."""
    since, until = bounds(settings, day)
    with building(settings).ledger.read() as books:
        receipts: Sequence[str] = [receipt.receipt_id for receipt in books.desk.receipts_between(since, until)]
        found = [item.item_id for receipt_id in receipts for item in books.items.items_of(receipt_id)]
    yield from found


def _write(services: Services, record: ItemRecord, folder: Path) -> str:
    """Both files beside one another; "" or why not."""
    try:
        made = kept_archive(services, record)
    except DocumentRefused as refusal:
        return str(refusal)
    except KeyError:
        return say("original absent du stockage", "original missing from the store")
    name = record.item.item_id
    (folder / f"{name}.pdf").write_bytes(made.pdf)
    (folder / f"{name}.json").write_bytes(made.manifest)
    return ""
