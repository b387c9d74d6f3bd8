"""`mailroom doctor`, `separators`: is everything here, what to print."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import DataFolder, out, say, settings_of
from connectors.building import building
from models.errors import ConfigurationError, MailroomError
from models.reading import ItemReading
from settings import Settings


def doctor(data: DataFolder = None) -> None:
    """Tout ce dont cette machine a besoin est-il là, et en état ? Chaque manque dit son remède."""
    failures = 0
    for name, check in _checks(settings_of(data)):
        try:
            said = check()
        except (MailroomError, OSError, ImportError, ValueError, RuntimeError) as error:
            failures += 1
            out.print(f"✗ {name}: {error}", soft_wrap=True)
        else:
            out.print(f"✓ {name}: {said}", soft_wrap=True)
    if failures:
        raise typer.Exit(1)


def _checks(settings: Settings) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "tesseract", _tesseract
    yield say("base", "database"), lambda: _database(settings)
    yield say("originaux", "originals"), lambda: _store(settings)
    yield say("politique", "policy"), lambda: f"{len(building(settings).services.policy.rules)}"
    yield say("agence", "agency"), lambda: _agency(settings)
    yield say("modèle", "model"), lambda: _model(settings)
    yield "Prefect", lambda: f"{version('prefect')}, FastAPI {version('fastapi')}"
    yield say("disque", "disk"), lambda: _disk(settings)
    yield say("boîte aux lettres", "mailbox"), lambda: _mailbox(settings)


def _tesseract() -> str:
    path = shutil.which("tesseract")
    if path is None:
        raise ConfigurationError("tesseract", "apt-get install tesseract-ocr tesseract-ocr-fra")
    listed = subprocess.run([path, "--list-langs"], capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    if "fra" not in listed.stdout.split():
        raise ConfigurationError(say("pas de français", "no French"), "apt-get install tesseract-ocr-fra")
    return path


def _database(settings: Settings) -> str:
    with building(settings).ledger.read() as books:
        return say(f"{books.claims.count()} créances", f"{books.claims.count()} claims")


def _store(settings: Settings) -> str:
    """Writes a small object and reads it back."""
    objects = building(settings).services.objects
    objects.put_if_absent("doctor/check", b"mailroom")
    if objects.get("doctor/check") != b"mailroom":
        raise ConfigurationError(settings.store_url, say("vérifier le stockage", "check the store"))
    return say("écriture et lecture", "written and read back")


def _agency(settings: Settings) -> str:
    agency = building(settings).services.agency
    if not agency.names:
        raise ConfigurationError(
            say("aucune", "none"), say("mailroom process --agency FICHIER", "process --agency FILE")
        )
    return agency.name


def _model(settings: Settings) -> str:
    said = building(settings).services.classifier.understand(ItemReading("Bonjour", "Bonjour"))
    return said.model


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.data).free / 1e9
    if free < 2:
        raise ConfigurationError(f"{free:.1f} GB", say("libérer de la place", "make room"))
    return f"{free:.0f} GB"


def _mailbox(settings: Settings) -> str:
    return say("réglée", "set") if settings.mailbox_url else say("aucune (MAILROOM_MAILBOX_URL)", "none")


def separators(
    file: Annotated[Path, typer.Argument(help=say("PDF à écrire", "PDF to write"))] = Path("separators.pdf"),
    count: Annotated[int, typer.Option("--count", min=1, max=500, help=say("feuilles", "sheets"))] = 1,
    lot: Annotated[str, typer.Option("--lot", help=say("numéro de lot", "lot number"))] = "",
) -> None:
    """Feuilles de séparation à imprimer et à glisser entre deux courriers."""
    from PIL import Image

    from ocr.separators import SHEET_DPI, separator_sheet

    sheets = [Image.fromarray(separator_sheet(lot)) for _ in range(count)]
    sheets[0].save(file, save_all=True, append_images=sheets[1:], resolution=SHEET_DPI)
    out.print(str(file))
