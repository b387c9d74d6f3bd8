"""The archive: what was received, searchable, and how it was made."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pdfplumber
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from models.errors import DocumentRefused
from models.item import Channel, Item, Receipt
from models.reading import Box, ItemReading, Page, Word
from ocr.documents import open_document
from pipelines.archive import Archived, archive
from pipelines.read import ReadingTools, read
from tests.ocr.paper import typed_page
from tests.ocr.test_documents import letter, pdf, saved, scan
from tests.pipelines.test_opening_message import message
from tests.pipelines.test_read import Reader

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
WORD = Box(1, 0.6, 0.1, 0.2, 0.02)  # upper right of the upright page


def archived(
    content: bytes, reading: ItemReading, name: str = "scan", pages: tuple[int, int] | None = None
) -> Archived:
    sha256 = hashlib.sha256(content).hexdigest()
    receipt = Receipt("r", "k", "/in/scan", name, sha256, len(content), Channel.SCAN, NOON, operator="amira")
    return archive(receipt, Item("i", "r", 0, pages), content, reading, NOON)


def page(number: int = 1, rotation: int = 0, skew: float = 0.0) -> Page:
    word = Word("Martel", Box(number, WORD.x, WORD.y, WORD.width, WORD.height), 0.9, 1)
    return Page(number, "Martel", (word,), 0.9, "tesseract", rotation, skew)


def where(content: bytes, number: int = 0) -> tuple[float, float]:
    """Middle of the word in fractions of the page as shown, from the top left."""
    with pdfplumber.open(io.BytesIO(content)) as opened:
        shown = opened.pages[number]
        chars = [char for char in shown.chars if char["text"].strip()]
        assert "".join(sorted(char["text"] for char in chars)) == "".join(sorted("Martel"))
        x = (min(char["x0"] for char in chars) + max(char["x1"] for char in chars)) / 2
        y = (min(char["top"] for char in chars) + max(char["bottom"] for char in chars)) / 2
        return x / float(shown.width), y / float(shown.height)


SCANS: list[tuple[str, Any]] = [
    ("jpeg", lambda: saved(Image.fromarray(typed_page()), "JPEG", dpi=(200, 200))),
    ("colour", lambda: saved(Image.fromarray(typed_page()).convert("RGB"), "PNG", dpi=(200, 200))),
    ("fax", lambda: saved(Image.fromarray(typed_page()).convert("1"), "TIFF", compression="group4", dpi=(200, 200))),
    ("pdf", lambda: pdf(scan())),
]


@pytest.mark.parametrize(("kind", "made"), SCANS, ids=[kind for kind, _ in SCANS])
def test_the_page_looks_as_received_and_its_words_are_found_where_they_stand(kind: str, made: Any) -> None:
    content = made()
    result = archived(content, ItemReading("", "", pages=(page(),)))
    assert where(result.pdf) == pytest.approx((0.7, 0.11), abs=0.01)
    before = open_document("a", content).page(1).image
    after = pypdfium2.PdfDocument(result.pdf)[0].render(scale=200 / 72).to_numpy()
    assert before is not None
    assert abs(float(after[:2300, :1600].mean()) - float(before.pixels[:2300, :1600].mean())) < 1.0


def test_a_jpeg_is_kept_byte_by_byte() -> None:
    content = saved(Image.fromarray(typed_page()), "JPEG", dpi=(200, 200))
    with pikepdf.open(io.BytesIO(archived(content, ItemReading("", "", pages=(page(),))).pdf)) as opened:
        images = opened.pages[0].get_images()
        assert next(iter(images.values())).read_raw_bytes() == content


@pytest.mark.parametrize(
    ("rotation", "place"), [(0, (0.7, 0.11)), (90, (0.11, 0.3)), (180, (0.3, 0.89)), (270, (0.89, 0.7))]
)
def test_words_of_a_page_scanned_on_its_side_lie_where_the_scan_shows_them(
    rotation: int, place: tuple[float, float]
) -> None:
    """`rotation` clockwise made it upright, so the scan is the upright page turned back."""
    upright = typed_page()
    content = saved(Image.fromarray(np.rot90(upright, rotation // 90)), "PNG", dpi=(200, 200))
    result = archived(content, ItemReading("", "", pages=(page(rotation=rotation),)))
    assert where(result.pdf) == pytest.approx(place, abs=0.015)


def test_words_of_a_tilted_page_are_tilted_back() -> None:
    """Two degrees clockwise made it level: as scanned, the right side stands higher than on the upright page."""
    content = saved(Image.fromarray(typed_page()), "PNG", dpi=(200, 200))
    level = where(archived(content, ItemReading("", "", pages=(page(),))).pdf)
    tilted = where(archived(content, ItemReading("", "", pages=(page(skew=2.0),))).pdf)
    assert tilted[1] < level[1] - 0.003


def test_only_the_pages_of_the_item_are_in_its_archive() -> None:
    content = pdf(letter, scan(), scan(), letter)
    reading = ItemReading("", "", pages=(page(2), page(3)))
    assert len(pypdfium2.PdfDocument(archived(content, reading, pages=(2, 3)).pdf)) == 2


def test_born_digital_pages_keep_their_own_text_once() -> None:
    content = pdf(letter)
    reading = read("a.pdf", content, None, date(2026, 11, 2), ReadingTools(Reader())).reading
    with pdfplumber.open(io.BytesIO(archived(content, reading).pdf)) as opened:
        assert (opened.pages[0].extract_text() or "").count("Jeanne Martel") == 1


def test_a_message_is_archived_with_what_it_encloses_and_what_could_not_be_read() -> None:
    made = message("Bonjour, voici ma lettre.")
    made.add_attachment(pdf(letter), maintype="application", subtype="pdf", filename="lettre.pdf")
    made.add_attachment(pdf(letter)[:200], maintype="application", subtype="pdf", filename="casse.pdf")
    content = bytes(made.as_bytes())
    reading = read("m.eml", content, None, date(2026, 11, 2), ReadingTools(Reader())).reading
    result = archived(content, reading, "m.eml")
    with pdfplumber.open(io.BytesIO(result.pdf)) as opened:
        texts = [shown.extract_text() or "" for shown in opened.pages]
    assert len(texts) == 3
    assert "Objet : Dossier" in texts[0]
    assert "Bonjour, voici ma lettre." in texts[0]
    assert "Jeanne Martel" in texts[1]
    assert "casse.pdf" in texts[2]


def test_the_manifest_leads_from_the_original_to_the_archive() -> None:
    content = saved(Image.fromarray(typed_page()), "JPEG", dpi=(200, 200))
    result = archived(content, ItemReading("", "", pages=(page(rotation=180, skew=1.5),)))
    manifest = json.loads(result.manifest)
    assert manifest["original"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert manifest["archive"]["sha256"] == hashlib.sha256(result.pdf).hexdigest()
    assert manifest["original"]["operator"] == "amira"
    assert {step["parent"] for step in manifest["transformations"]} == {manifest["original"]["sha256"]}
    assert manifest["transformations"][0]["turned_degrees"] == 180
    assert manifest["archive"]["made_at"] == "2026-11-02T12:00:00+00:00"


def test_the_same_item_archived_again_gives_the_same_bytes() -> None:
    content = pdf(scan(), letter)
    reading = ItemReading("", "", pages=(page(1), page(2)))
    assert archived(content, reading) == archived(content, reading)


def test_other_bytes_than_those_received_are_not_archived() -> None:
    receipt = Receipt("r", "k", "/in/a", "a.pdf", "0" * 64, 3, Channel.SCAN, NOON)
    with pytest.raises(DocumentRefused):
        archive(receipt, Item("i", "r", 0, None), pdf(letter), ItemReading("", ""), NOON)
