"""Opening files: the true kind by the bytes, pages as text or picture, and a reason for whatever cannot be opened."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from models.errors import DocumentRefused
from ocr.documents import FileKind, Limits, open_document, sniff
from ocr.documents_order import Placed, in_reading_order
from ocr.documents_pdf_text import is_garbage
from tests.ocr.paper import LETTER, typed_page

A4_POINTS = (595.2, 841.8)
Draw = Callable[[Canvas], None]


def pdf(*pages: Draw, size: tuple[float, float] = A4_POINTS) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def letter(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 11)
    for row, line in enumerate(LETTER):
        canvas.drawString(60, 760 - 16 * row, line)


def scan(pixels: Any = None, left: float = 0, bottom: float = 0, size: tuple[float, float] = A4_POINTS) -> Draw:
    picture = Image.fromarray(typed_page() if pixels is None else pixels)
    return lambda canvas: canvas.drawImage(ImageReader(picture), left, bottom, *size) and None


def both(*draws: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for part in draws:
            part(canvas)

    return draw


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def changed(content: bytes, change: Callable[[pikepdf.Pdf], None], **options: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as opened:
        change(opened)
        opened.save(out, **options)
    return out.getvalue()


def refusal(content: bytes, limits: Limits | None = None) -> str:
    try:
        document = open_document("file", content, limits or Limits())
        for number in range(1, document.page_count + 1):
            document.page(number)
    except DocumentRefused as refused:
        return refused.code
    return "opened"


PAGE = Image.fromarray(typed_page())
SMALL = Image.new("L", (300, 200), 255)


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (pdf(letter), "letter.jpg", FileKind.PDF),
        (b"\n\n" + pdf(letter), "letter.pdf", FileKind.PDF),
        (saved(SMALL, "TIFF"), "scan.pdf", FileKind.TIFF),
        (saved(SMALL, "JPEG"), "scan.png", FileKind.JPEG),
        (saved(SMALL, "PNG"), "scan", FileKind.PNG),
        (saved(SMALL, "WEBP"), "scan", FileKind.PICTURE),
        (saved(SMALL, "BMP"), "scan", FileKind.PICTURE),
        (b"From: a@b.example\r\nSubject: x\r\n\r\nBonjour", "no-extension", FileKind.EMAIL),
        (b"Received: from x\n by y\nFrom: a@b.example\n\n%PDF", "message.pdf", FileKind.EMAIL),
        (b"Objet: ma lettre\n\nBonjour", "lettre.txt", FileKind.TEXT),
        ("Réclamation".encode("utf-16"), "lettre.txt", FileKind.TEXT),
        (b"<html><body>Bonjour</body></html>", "page.txt", FileKind.HTML),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "message", FileKind.OUTLOOK),
        (b"\x78\x9f\x3e\x22" + bytes(10), "winmail.dat", FileKind.TNEF),
        (b"MZ\x90\x00" + bytes(200), "invoice.pdf", FileKind.UNKNOWN),
        (b"", "empty.pdf", FileKind.UNKNOWN),
    ],
)
def test_the_kind_is_told_by_the_bytes(content: bytes, name: str, kind: FileKind) -> None:
    assert sniff(content, name) is kind


# -- PDF


def test_a_born_digital_page_gives_its_words_where_they_stand() -> None:
    page = open_document("a.pdf", pdf(letter)).page(1)
    assert page.image is None
    assert page.text is not None
    assert page.text.text.splitlines() == [line for line in LETTER if line]
    first = page.text.words[0]
    assert (first.text, first.line, page.text.engine) == ("Jeanne", 0, "pdf-text")
    assert first.box.x == pytest.approx(60 / A4_POINTS[0], abs=0.003)
    assert first.box.y + first.box.height == pytest.approx((A4_POINTS[1] - 760) / A4_POINTS[1], abs=0.006)


def test_a_scan_is_taken_out_of_the_page_pixel_by_pixel() -> None:
    pixels = typed_page()
    page = open_document("a.pdf", pdf(scan(pixels))).page(1)
    assert page.text is None
    assert page.image is not None
    assert np.array_equal(page.image.pixels, pixels)
    assert page.image.dpi == pytest.approx(200, abs=0.5)


def test_pages_of_one_file_are_judged_one_by_one() -> None:
    document = open_document("a.pdf", pdf(letter, scan(), letter))
    assert [document.page(number).text is not None for number in (1, 2, 3)] == [True, False, True]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_given_as_it_is_shown(turn: int) -> None:
    def rotate(opened: pikepdf.Pdf) -> None:
        opened.pages[0].Rotate = turn

    pixels = typed_page()
    image = open_document("a.pdf", changed(pdf(scan(pixels)), rotate)).page(1).image
    assert image is not None
    assert np.array_equal(image.pixels, np.rot90(pixels, -turn // 90))


def test_a_scan_in_strips_is_drawn_at_its_own_resolution() -> None:
    pixels = typed_page()
    half = pixels.shape[0] // 2
    width, height = A4_POINTS
    top = scan(pixels[:half], 0, height / 2, (width, height / 2))
    bottom = scan(pixels[half:], 0, 0, (width, height / 2))
    image = open_document("a.pdf", pdf(both(top, bottom))).page(1).image
    assert image is not None
    assert image.dpi == pytest.approx(200, abs=1)
    assert abs(float(image.pixels.mean()) - float(pixels.mean())) < 2


def hidden_text(canvas: Canvas) -> None:
    text = canvas.beginText(60, 700)
    text.setTextRenderMode(3)
    text.textLines("An earlier reading of\nthis page that nobody checked")
    canvas.drawText(text)


@pytest.mark.parametrize(
    "page",
    [both(scan(), hidden_text), both(letter, scan())],
    ids=["invisible text over the scan", "text behind the scan"],
)
def test_an_earlier_reading_of_a_scan_is_not_believed(page: Draw) -> None:
    source = open_document("a.pdf", pdf(page)).page(1)
    assert source.text is None
    assert source.image is not None


def test_a_picture_beside_digital_text_is_given_to_be_read_as_well() -> None:
    picture = scan(typed_page()[:800], 60, 60, (450, 220))
    source = open_document("a.pdf", pdf(both(letter, picture))).page(1)
    assert source.text is not None
    assert source.image is not None
    assert [round(box.x, 2) for box in source.pictures] == [round(60 / A4_POINTS[0], 2)]


def test_a_logo_beside_digital_text_is_not_worth_a_second_reading() -> None:
    source = open_document("a.pdf", pdf(both(letter, scan(None, 60, 790, (60, 30))))).page(1)
    assert source.text is not None
    assert source.image is None


def test_a_form_filled_in_on_the_screen_is_read_as_it_is_shown() -> None:
    def form(canvas: Canvas) -> None:
        letter(canvas)
        canvas.acroForm.textfield(name="iban", value="FR76 3000", x=60, y=300, width=200, height=24)

    source = open_document("a.pdf", pdf(form)).page(1)
    assert source.text is None
    assert source.image is not None
    field = source.image.gray[int((841 - 324) / 72 * 300) : int((841 - 300) / 72 * 300), 260:1000]
    assert float((field < 100).mean()) > 0.005  # the value is there


@pytest.mark.parametrize(
    ("text", "garbage"),
    [
        (" ".join(LETTER), False),
        ("(cid:12)(cid:33)(cid:7) (cid:41)(cid:9) dossier (cid:2)(cid:3)", True),
        ("\ue01f\ue013\ue021 \ue044\ue013 dossier", True),
        ("-HDQQH 0DUWHO UXH GHV 7DQQHXUV 6WUDVERXUJ OH PDUV REMHW YRWUH FRXUULHU GX IpYULHU 0DGDPH", True),
        ("Krq sx wvt pqzn lkjhd trwq bnmv cxzs pldkf rtgh wqsd bvcn plkm trsd zqsd rtpl mlkj hgfd", True),
        ("Relevé de compte 12/03 VIR SEPA 187,40 15/03 CB 22,10 PRLV EDF 64,00 SOLDE 1 204,33", False),
        ("187,40", False),
    ],
)
def test_a_text_layer_that_is_not_language_is_told(text: str, garbage: bool) -> None:
    assert is_garbage(text) is garbage


def test_a_page_with_a_garbled_layer_is_read_by_eye() -> None:
    def garbled(canvas: Canvas) -> None:
        for row, line in enumerate(LETTER):
            canvas.drawString(60, 760 - 16 * row, "".join(chr((ord(c) - 29) % 95 + 32) for c in line))

    source = open_document("a.pdf", pdf(garbled)).page(1)
    assert source.text is None
    assert source.image is not None


def test_print_too_small_to_see_is_not_text() -> None:
    def whisper(canvas: Canvas) -> None:
        letter(canvas)
        canvas.setFont("Helvetica", 0.8)
        canvas.drawString(60, 100, "unseen words")

    text = open_document("a.pdf", pdf(whisper)).page(1).text
    assert text is not None
    assert "unseen" not in text.text


# -- reading order


def placed(*lines: tuple[float, float, str]) -> list[Placed]:
    """Words of lines that begin at (x, y), six points a letter, ten high."""
    words = []
    for x, y, text in lines:
        for word in text.split():
            words.append(Placed(word, x, y, x + 6 * len(word), y + 10))
            x += 6 * len(word) + 4
    return words


def text_of(words: Sequence[Placed]) -> list[str]:
    return [" ".join(word.text for word in line) for line in in_reading_order(words)]


def test_address_blocks_side_by_side_are_read_one_after_the_other() -> None:
    words = placed(
        (60, 100, "Jeanne Martel"),
        (60, 114, "14 rue des Tanneurs"),
        (60, 128, "67000 STRASBOURG"),
        (330, 120, "AGENCE DU PORT"),
        (330, 134, "BP 12"),
        (60, 200, "Objet : ma facture et tout ce qui va avec, sur une longue ligne entière"),
    )
    assert text_of(words) == [
        "Jeanne Martel",
        "14 rue des Tanneurs",
        "67000 STRASBOURG",
        "AGENCE DU PORT",
        "BP 12",
        "Objet : ma facture et tout ce qui va avec, sur une longue ligne entière",
    ]


def test_rows_of_a_table_stay_rows() -> None:
    rows = [(60.0, 100.0 + 14 * n, f"Facture {n}") for n in range(5)]
    amounts = [(400.0, 100.0 + 14 * n, f"{n}0,00 EUR") for n in range(5)]
    assert text_of(placed(*rows, *amounts)) == [f"Facture {n} {n}0,00 EUR" for n in range(5)]


def test_amounts_stay_beside_what_they_are_for_below_an_address_line() -> None:
    rows = [(60.0, 120.0 + 14 * n, f"{n}3/06 PRLV EAU") for n in range(5)]
    amounts = [(400.0, 120.0 + 14 * n, f"1 {n}00,00") for n in range(5)]
    words = placed((60, 100, "M. ANDRE LOMBARD - 12000 RODEZ"), *rows, *amounts)
    assert text_of(words)[1:] == [f"{n}3/06 PRLV EAU 1 {n}00,00" for n in range(5)]


def test_two_columns_of_prose_are_read_down_then_across() -> None:
    left = [(60.0, 100.0 + 14 * n, f"gauche {n} un texte qui court") for n in range(6)]
    right = [(330.0, 100.0 + 14 * n, f"droite {n} un texte qui court") for n in range(6)]
    found = text_of(placed(*left, *right))
    assert [line.split()[0] for line in found] == ["gauche"] * 6 + ["droite"] * 6


# -- pictures


def test_every_page_of_a_fax_is_there_and_its_pixels_are_square() -> None:
    page = PAGE.convert("1")
    squeezed = page.resize((page.width, page.height // 2))
    content = saved(squeezed, "TIFF", save_all=True, append_images=[squeezed], compression="group4", dpi=(204, 98))
    document = open_document("fax.tif", content)
    assert document.page_count == 2
    image = document.page(2).image
    assert image is not None
    assert image.pixels.shape[0] / image.pixels.shape[1] == pytest.approx(
        204 / 98 * squeezed.height / squeezed.width, 0.02
    )
    assert image.dpi == 204


DARK, PALE = 40, 220


def half_dark(mode: str) -> Image.Image:
    values = np.full((80, 120), PALE, np.uint8)
    values[:, :60] = DARK
    gray = Image.fromarray(values)
    if mode == "I;16":
        return Image.fromarray(values.astype(np.uint16) * 257)
    if mode == "RGBA":
        rgba = Image.new("RGBA", gray.size, (0, 0, 0, 0))  # see-through, black underneath: paper shows as white
        rgba.paste((DARK, DARK, DARK, 255), (0, 0, 60, 80))
        return rgba
    return gray.convert(mode)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        *(("L", kind) for kind in ("TIFF", "JPEG", "PNG", "WEBP", "BMP")),
        *(("RGB", kind) for kind in ("TIFF", "JPEG", "PNG")),
        *(("CMYK", kind) for kind in ("TIFF", "JPEG")),
        *(("I;16", kind) for kind in ("TIFF", "PNG")),
        *(("RGBA", kind) for kind in ("TIFF", "PNG")),
        ("P", "PNG"),
        ("LA", "PNG"),
    ],
)
def test_dark_stays_dark_and_pale_stays_pale_in_every_mode(mode: str, kind: str) -> None:
    image = open_document("x", saved(half_dark(mode), kind)).page(1).image
    assert image is not None
    assert image.pixels.dtype == np.uint8
    assert float(image.gray[:, :50].mean()) == pytest.approx(DARK, abs=12)
    assert float(image.gray[:, 70:].mean()) >= PALE - 12


@pytest.mark.parametrize(("orientation", "turns"), [(1, 0), (3, 2), (6, 3), (8, 1)])
def test_a_photograph_is_turned_as_the_camera_was_held(orientation: int, turns: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = saved(half_dark("L"), "JPEG", exif=exif)
    image = open_document("photo.jpg", content).page(1).image
    assert image is not None
    expected = np.rot90(np.asarray(half_dark("L")), turns)
    assert image.pixels.shape == expected.shape
    assert np.abs(image.pixels.astype(int) - expected).mean() < 10


def test_a_telephone_picture_in_heic_is_opened() -> None:
    pillow_heif = pytest.importorskip("pillow_heif", reason="NOT TESTED: pillow-heif is not installed")
    pillow_heif.register_heif_opener()
    content = saved(half_dark("RGB"), "HEIF", quality=90)
    document = open_document("photo.jpg", content)
    image = document.page(1).image
    assert document.kind is FileKind.HEIC
    assert image is not None
    assert float(image.gray[:, :50].mean()) == pytest.approx(DARK, abs=12)


@pytest.mark.parametrize(("stated", "believed"), [((200, 200), 200.0), ((72, 72), None), ((1, 1), None)])
def test_a_resolution_impossible_for_paper_is_not_believed(stated: tuple[int, int], believed: float | None) -> None:
    image = open_document("a.png", saved(PAGE, "JPEG", dpi=stated)).page(1).image
    assert image is not None
    assert image.dpi == believed


# -- what is refused


def encrypted(user: str) -> bytes:
    return changed(pdf(letter), lambda _: None, encryption=pikepdf.Encryption(user=user, owner="owner", R=6))


@pytest.mark.parametrize(
    ("content", "limits", "code"),
    [
        (b"", Limits(), "empty_file"),
        (pdf(letter), Limits(file_bytes=100), "too_large"),
        (b"MZ\x90\x00" + bytes(100), Limits(), "unknown_kind"),
        (b"Bonjour", Limits(), "unknown_kind"),
        (encrypted("secret"), Limits(), "encrypted"),
        (pdf(letter, letter)[:900], Limits(), "truncated"),
        (b"%PDF-1.7\nnothing", Limits(), "truncated"),
        (saved(PAGE, "JPEG")[:20_000], Limits(), "truncated"),
        (saved(PAGE, "PNG")[:9_000], Limits(), "truncated"),
        (saved(PAGE, "TIFF")[:9_000], Limits(), "truncated"),
        (saved(PAGE.convert("1"), "TIFF", compression="group4")[:800], Limits(), "truncated"),
        (pdf(letter, letter, letter), Limits(pages=2), "too_many_pages"),
        (saved(SMALL, "TIFF", save_all=True, append_images=[SMALL] * 3), Limits(pages=2), "too_many_pages"),
        (saved(SMALL, "PNG"), Limits(pixels=59_999), "too_many_pixels"),
        (saved(SMALL, "TIFF"), Limits(pixels=59_999), "too_many_pixels"),
        (pdf(scan()), Limits(pixels=1_000_000), "too_many_pixels"),
    ],
)
def test_what_cannot_be_opened_is_refused_with_the_reason(content: bytes, limits: Limits, code: str) -> None:
    assert refusal(content, limits) == code


def test_a_file_that_only_forbids_changes_is_read() -> None:
    assert open_document("a.pdf", encrypted("")).page(1).text is not None


def test_a_sheet_as_large_as_a_wall_is_drawn_within_bounds() -> None:
    def poster(canvas: Canvas) -> None:
        canvas.circle(5000, 5000, 3000, fill=1)

    image = open_document("a.pdf", pdf(poster, size=(14_400, 14_400))).page(1).image
    assert image is not None
    assert image.pixels.shape[0] * image.pixels.shape[1] <= 21_000_000
