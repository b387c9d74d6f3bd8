"""`mailroom backup`, `restore`, `restore-drill`: everything that must not be lost, and the proof that it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import DataFolder, err, out, say, settings_of
from connectors.backup import BackupFigures, back_up, drill, newest
from connectors.backup import restore as put_back
from connectors.building import building
from connectors.object_store import open_store

Target = Annotated[Path, typer.Argument(help=say("dossier des sauvegardes", "folder of the backups"))]
Source = Annotated[
    Path, typer.Argument(exists=True, help=say("sauvegarde, ou leur dossier", "backup, or their folder"))
]


def backup(target: Target, data: DataFolder = None) -> None:
    """Sauvegarde le registre et les originaux pendant que tout continue ; chaque empreinte est vérifiée."""
    settings = settings_of(data)
    services = building(settings).services
    _told(back_up(settings.ledger_url, services.objects, target, services.now()))


def restore(source: Source, data: DataFolder = None) -> None:
    """Remet une sauvegarde dans un dossier vide."""
    settings = settings_of(data)
    settings.data.mkdir(parents=True, exist_ok=True)
    _told(put_back(_one(source), settings.ledger_url, open_store(settings.store_url)))


def restore_drill(source: Source) -> None:
    """Restaure à blanc, compare tout, puis efface : la preuve que la sauvegarde est entière."""
    _told(drill(_one(source)))


def _one(source: Path) -> Path:
    return source if (source / "manifest.json").exists() else newest(source)


def _told(figures: BackupFigures) -> None:
    rows = sum(figures.rows.values())
    out.print(f"{figures.folder}: {rows} {say('lignes', 'rows')}, {figures.objects} {say('objets', 'objects')}")
    for fault in figures.faults:
        err.print(fault, soft_wrap=True)
    if not figures.whole:
        raise typer.Exit(1)
