"""Everything one item says, in reading order, with its pages counted and shown."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.cheque import ChequeReading
from models.errors import DocumentRefused
from models.reading import Box, Page, PartKind, Word
from ocr.documents import Limits
from ocr.images import PageImage
from ocr.page import PageRead
from pipelines.read import ReadingTools, ReadResult, read
from tests.ocr.paper import LETTER, typed_page
from tests.ocr.test_documents import both, letter, pdf, scan
from tests.pipelines.test_opening_message import message

DAY = date(2026, 11, 2)
LETTER_TEXT = "Madame, Monsieur, je conteste cette somme. Veuillez agréer mes salutations distinguées."


@dataclass
class Reader:
    """Stands for the page reader: says what it was told to, page after page."""

    texts: Sequence[str] = (LETTER_TEXT,)
    seen: list[tuple[int, int]] = field(default_factory=list)

    def read(self, image: PageImage, number: int) -> PageRead:
        text = self.texts[len(self.seen) % len(self.texts)]
        self.seen.append((number, image.gray.shape[1]))
        words = tuple(
            Word(word, Box(number, 0.1 + 0.01 * place, 0.85, 0.01, 0.02), 0.9, 1)
            for place, word in enumerate(text.split())
        )
        page = Page(number, text, words, 0.9, "tesseract", blank=not text)
        return PageRead(page, image.gray, image.dpi or 200.0, {"read": 0.25})


@dataclass
class Cheques:
    """Stands for the cheque reader: finds one on the pages named."""

    on: tuple[int, ...] = ()
    asked: list[int] = field(default_factory=list)

    def read(
        self, upright: Any, dpi: float, page_number: int, received_on: date, words: Sequence[Word]
    ) -> tuple[ChequeReading, ...]:
        assert received_on == DAY
        self.asked.append(page_number)
        return (ChequeReading(page_number, (0.0, 0.0, 0.5, 0.3)),) if page_number in self.on else ()


def tiff(count: int) -> bytes:
    out = io.BytesIO()
    pages = [Image.fromarray(np.full((300 + number, 200), 255, np.uint8)) for number in range(count)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], dpi=(100, 100))
    return out.getvalue()


def done(content: bytes, pages: tuple[int, int] | None = None, tools: ReadingTools | None = None) -> ReadResult:
    return read("file", content, pages, DAY, tools or ReadingTools(Reader()))


def kinds(result: ReadResult) -> list[tuple[PartKind, tuple[int, ...]]]:
    return [(part.kind, part.pages) for part in result.reading.parts]


def test_only_the_pages_of_the_item_are_read_and_keep_their_numbers_of_the_file() -> None:
    reader = Reader(["un", "deux"])
    result = done(tiff(5), (3, 4), ReadingTools(reader))
    assert [page.number for page in result.reading.pages] == [3, 4]
    assert result.reading.text == "un\ndeux"
    assert [number for number, _ in reader.seen] == [3, 4]


@pytest.mark.parametrize("pages", [(0, 1), (2, 3), (2, 1)])
def test_pages_the_file_does_not_have_are_refused(pages: tuple[int, int]) -> None:
    with pytest.raises(DocumentRefused):
        done(tiff(2), pages)


def test_every_page_can_be_shown_at_a_bounded_width() -> None:
    result = done(pdf(letter, scan()))
    assert [page.preview for page in result.reading.pages] == list(result.previews)
    for name, jpeg in result.previews.items():
        assert hashlib.sha256(jpeg).hexdigest() == name
        assert Image.open(io.BytesIO(jpeg)).width <= 1240


def test_a_born_digital_page_is_not_read_by_eye() -> None:
    reader = Reader()
    result = done(pdf(letter, scan(), letter), tools=ReadingTools(reader))
    assert [page.engine for page in result.reading.pages] == ["pdf-text", "tesseract", "pdf-text"]
    assert [number for number, _ in reader.seen] == [2]
    assert "187,40 euros" in result.reading.pages[2].text
    assert {word.box.page for word in result.reading.pages[2].words} == {3}


def test_words_in_the_pictures_of_a_digital_page_stand_below_its_own() -> None:
    picture = scan(typed_page()[:800], 60, 60, (450, 220))
    result = done(pdf(both(letter, picture)), tools=ReadingTools(Reader(["Ticket 12,50 EUR"])))
    page = result.reading.pages[0]
    assert page.text.splitlines()[0] == LETTER[0]
    assert page.text.splitlines()[-1] == "Ticket 12,50 EUR"
    assert page.engine == "pdf-text+tesseract"


def test_cheques_are_looked_for_on_paper_that_is_not_blank() -> None:
    cheques = Cheques(on=(1,))
    result = done(tiff(3), tools=ReadingTools(Reader([LETTER_TEXT, "", LETTER_TEXT]), cheques))
    assert cheques.asked == [1, 3]
    assert [cheque.page for cheque in result.reading.cheques] == [1]
    assert PartKind.CHEQUE in result.reading.part_kinds
    assert PartKind.BLANK in result.reading.part_kinds


def test_what_is_written_on_the_back_of_a_cheque_is_kept_with_it_and_read_with_the_rest() -> None:
    tools = ReadingTools(Reader(["BANQUE DU LITTORAL", "dossier KX 4711", LETTER_TEXT]), Cheques(on=(1,)))
    reading = done(tiff(3), tools=tools).reading
    assert [part.kind for part in reading.parts if part.pages == (2,)] == [PartKind.CHEQUE_BACK]
    assert [cheque.back_text for cheque in reading.cheques] == ["dossier KX 4711"]
    assert "dossier KX 4711" in reading.text


def test_the_seconds_of_every_step_are_counted() -> None:
    seconds = done(tiff(2)).reading.seconds
    assert seconds["read"] == 0.5
    assert {"open", "parts", "preview"} <= set(seconds)


def mail(body: str = "Bonjour,\n\nJe conteste.\n", **header: str) -> Any:
    return message(body, Subject=header.pop("Subject", "Facture 12"), **header)


def enclosed(made: Any, content: bytes, name: str, kind: str = "pdf") -> bytes:
    made.add_attachment(content, maintype="application", subtype=kind, filename=name)
    return bytes(made.as_bytes())


def test_an_email_says_its_subject_its_body_and_what_it_encloses() -> None:
    raw = enclosed(mail(), pdf(letter, scan()), "preuve.pdf")
    result = done(raw)
    assert result.reading.text.startswith("Facture 12\nBonjour,\n\nJe conteste.\nJeanne Martel")
    assert kinds(result)[0] == (PartKind.EMAIL, (1,))
    assert [page.number for page in result.reading.pages] == [1, 2, 3]
    assert [part.name for part in result.reading.parts][1:] == ["preuve.pdf"] * (len(result.reading.parts) - 1)
    assert result.reading.email is not None
    assert result.reading.pages[0].engine == "mail"


def test_what_we_wrote_before_is_quoted_and_not_new() -> None:
    body = (
        "Bonjour, cette facture a déjà été réglée le mois dernier par virement, vous avez la preuve en pièce jointe,"
        " je vous demande donc de solder ce dossier.\n\n"
        "Le 3 mars 2026 à 10:15, Agence <contact@agency.example> a écrit :\n> Vous nous devez 12 euros.\n"
    )
    reading = done(bytes(mail(body).as_bytes())).reading
    assert "12 euros" in reading.quoted_text
    assert "12 euros" not in reading.new_text
    assert "12 euros" in reading.text
    assert reading.new_text.startswith("Facture 12\nBonjour")


def test_a_message_without_words_speaks_through_what_it_encloses() -> None:
    result = done(enclosed(mail("Voir PJ."), tiff(1), "courrier.tif", "octet-stream"))
    assert LETTER_TEXT in result.reading.new_text


def test_an_enclosure_that_cannot_be_opened_is_named_and_the_rest_is_read() -> None:
    made = mail()
    made.add_attachment(pdf(letter)[:300], maintype="application", subtype="pdf", filename="cassé.pdf")
    result = done(enclosed(made, tiff(1), "courrier.tif", "octet-stream"))
    assert result.reading.notes == ("attachment_unread: cassé.pdf (truncated)",)
    assert [page.number for page in result.reading.pages] == [1, 2]


def test_half_an_enclosure_is_not_taken_for_the_whole() -> None:
    raw = enclosed(mail(), pdf(letter, scan()), "courrier.pdf")  # its second page has too many pixels
    result = read("x.eml", raw, None, DAY, ReadingTools(Reader()), Limits(pixels=3_000_000))
    assert result.reading.notes == ("attachment_unread: courrier.pdf (too_many_pixels)",)
    assert [page.number for page in result.reading.pages] == [1]
    assert "Jeanne Martel" not in result.reading.text
    assert result.previews == {}


def test_pages_of_all_enclosures_are_counted_together() -> None:
    made = mail()
    made.add_attachment(tiff(3), maintype="image", subtype="tiff", filename="a.tif")
    made.add_attachment(tiff(3), maintype="image", subtype="tiff", filename="b.tif")
    result = read("x.eml", bytes(made.as_bytes()), None, DAY, ReadingTools(Reader()), Limits(pages=5))
    assert len(result.reading.pages) == 4
    assert result.reading.notes == ("attachment_unread: b.tif (too_many_pages)",)


def test_a_text_file_is_a_letter() -> None:
    result = done(b"Je conteste.")
    assert kinds(result) == [(PartKind.LETTER, (1,))]
    assert result.reading.email is None
    assert result.reading.new_text == "Je conteste."


def test_printed_words_of_ours_do_not_count_as_what_the_sender_writes() -> None:
    slip = "TALON DE PAIEMENT à joindre à votre règlement. Montant à payer : 12 euros."
    prose = " ".join([LETTER_TEXT] * 4)
    result = done(tiff(2), tools=ReadingTools(Reader([prose, slip])))
    assert slip in result.reading.text
    assert slip not in result.reading.new_text
    assert prose in result.reading.new_text
