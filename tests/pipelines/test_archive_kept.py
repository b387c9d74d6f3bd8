"""An archive is made when first asked for, kept beside the original, and had from the desk and the terminal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from cli import app
from connectors.building import building
from connectors.clock import FrozenClock
from models.errors import ConfigurationError, DocumentRefused
from models.item import Item, Receipt, item_id_for
from models.reading import Box, ItemReading, Page, Part, PartKind, Word
from models.record import ItemRecord
from pipelines.archive import kept_archive
from pipelines.receive import receive
from pipelines.services import Services
from settings import read_settings
from tests.ocr.paper import typed_page
from tests.ocr.test_documents import saved

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
SCAN = saved(Image.fromarray(typed_page()), "PNG", dpi=(200, 200))
PAGE = Page(1, "Martel", (Word("Martel", Box(1, 0.6, 0.1, 0.2, 0.02), 0.9, 1),), 0.9, "tesseract")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """The product's own ledger and store in an empty folder; the clock stands still."""
    opened = building(read_settings(data=tmp_path))
    opened.services.clock = FrozenClock(NOON)
    yield opened.services
    opened.close()


def read_item(services: Services, name: str = "lettre.png") -> ItemRecord:
    receipt = receive(services, name, SCAN, origin=f"/inbox/{name}", received_at=NOON)
    item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)
    reading = ItemReading("Martel", "Martel", pages=(PAGE,), parts=(Part(PartKind.LETTER, (1,), "Martel"),))
    with services.ledger.write() as books:
        books.items.open_receipt(receipt.receipt_id, [item])
        books.items.save_reading(item.item_id, reading, ())
    return record_of(services, item.item_id)


def record_of(services: Services, item_id: str) -> ItemRecord:
    with services.ledger.read() as books:
        found = books.items.record(item_id)
    assert found is not None
    return found


def actions(services: Services, record: ItemRecord) -> list[str]:
    with services.ledger.read() as books:
        return [entry.action for entry in books.trail.of_item(record.item.item_id)]


def test_an_archive_is_made_once_and_then_stays_the_same(services: Services) -> None:
    record = read_item(services)
    first = kept_archive(services, record, "amira")
    services.clock = FrozenClock(NOON + timedelta(days=400))
    assert kept_archive(services, record, "bruno") == first
    assert actions(services, record).count("archived") == 1
    manifest = json.loads(first.manifest)
    assert manifest["archive"]["sha256"] == hashlib.sha256(first.pdf).hexdigest()
    assert (manifest["archive"]["operator"], manifest["original"]["sha256"]) == ("amira", record.receipt.sha256)


def test_a_process_killed_between_manifest_and_pdf_leaves_nothing_that_does_not_fit(services: Services) -> None:
    record = read_item(services)
    first = kept_archive(services, record, "amira")
    services.objects.delete(next(key for key in services.objects.list("archives/") if key.endswith(".pdf")))
    services.clock = FrozenClock(NOON + timedelta(hours=1))
    assert kept_archive(services, record, "bruno") == first


def test_a_new_reading_makes_a_new_archive_and_keeps_the_old(services: Services) -> None:
    record = read_item(services)
    first = kept_archive(services, record)
    assert record.reading is not None
    again = replace(record.reading, pages=(replace(PAGE, text="Martel et fils"),))
    second = kept_archive(services, replace(record, reading=again))
    assert second.manifest != first.manifest
    assert len(list(services.objects.list("archives/"))) == 4


def test_an_item_of_which_nothing_was_read_has_no_archive(services: Services) -> None:
    record = replace(read_item(services), reading=None)
    with pytest.raises(DocumentRefused):
        kept_archive(services, record)


def test_an_original_that_is_gone_is_said_and_not_made_up(services: Services) -> None:
    record = read_item(services)
    gone: Receipt = replace(record.receipt, sha256="0" * 64)
    with pytest.raises(KeyError):
        kept_archive(services, replace(record, receipt=gone))


def test_the_terminal_writes_the_archives_of_a_day(services: Services, tmp_path: Path) -> None:
    one, two = read_item(services), read_item(services, "autre.png")
    out = tmp_path / "out"
    ran = CliRunner().invoke(app, ["archive", "--day", "2026-11-02", "--out", str(out), "--data", str(tmp_path)])
    assert ran.exit_code == 0, ran.output
    assert {path.name for path in out.iterdir()} == {
        f"{record.item.item_id}.{kind}" for record in (one, two) for kind in ("pdf", "json")
    }
    assert (out / f"{one.item.item_id}.pdf").read_bytes() == kept_archive(services, one).pdf


@pytest.mark.parametrize("words", [[], ["x", "--day", "2026-11-02"], ["nobody"], ["--day", "the second"]])
def test_the_terminal_wants_items_that_exist_or_a_day(services: Services, words: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = CliRunner().invoke(app, ["archive", *words, "--out", str(out), "--data", str(tmp_path)])
    assert isinstance(ran.exception, ConfigurationError)
    assert not list(out.glob("*"))
