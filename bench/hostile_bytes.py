"""What hostile files are made of: small honest files, and PDF, PNG, TIFF and ZIP put together byte by byte."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import Any

from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

SEED = 20260301
PageMaker = Callable[[int], tuple[bytes, bytes]]


def picture(text: str = "Je conteste cette facture") -> Image.Image:
    page = Image.new("L", (620, 400), 255)
    ImageDraw.Draw(page).text((40, 60), text, fill=0)
    return page


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def text_pdf(pages: int = 2) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 300), invariant=1)
    for number in range(pages):
        canvas.drawString(40, 200, f"Madame, Monsieur, je conteste cette somme. Page {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def scan_pdf() -> bytes:
    out = io.BytesIO()
    picture().save(out, "PDF", resolution=100)
    return out.getvalue()


def mail(attachment: bytes = b"", name: str = "a.pdf", html: str = "") -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "j@mail.example", "desk@agency.example", "Facture"
    made.set_content("Bonjour, je conteste.")
    if html:
        made.add_alternative(html, subtype="html")
    if attachment:
        made.add_attachment(attachment, maintype="application", subtype="octet-stream", filename=name)
    return made.as_bytes()


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, compression)
    return out.getvalue()


WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'


def docx(body: bytes = b"<w:p><w:r><w:t>Je conteste.</w:t></w:r></w:p>") -> bytes:
    return zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": WORD + body + b"</w:body></w:document>"})


def honest_files() -> dict[str, bytes]:
    pages = [picture(f"Page {number}") for number in range(3)]
    return {
        "text.pdf": text_pdf(),
        "scan.pdf": scan_pdf(),
        "lzw.tif": saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw"),
        "fax.tif": saved(pages[0].convert("1"), "TIFF", compression="group4", dpi=(204, 98)),
        "photo.jpg": saved(pages[0].convert("RGB"), "JPEG", dpi=(100, 100)),
        "page.png": saved(pages[0], "PNG"),
        "mail.eml": mail(text_pdf(1)),
        "html.eml": mail(html="<p>Bonjour,</p><blockquote>vos mots</blockquote>"),
        "letter.docx": docx(),
        "pack.zip": zipped({"a.txt": b"Bonjour, je conteste.", "b.png": saved(pages[1], "PNG")}),
        "note.txt": b"Bonjour,\nje conteste cette facture.\n" * 20,
    }


FONT = "/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def spread_words(count: int) -> bytes:
    chance = random.Random(SEED)
    words = (b"1 0 0 1 %d %d Tm (mot) Tj" % (chance.randrange(600), chance.randrange(800)) for _ in range(count))
    return b"BT /F 4 Tf " + b" ".join(words) + b" ET"


def png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def png_with_chunk(kind: bytes, content: bytes) -> bytes:
    honest = saved(picture(), "PNG")
    return honest[:33] + chunk(kind, content) + honest[33:]


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def page_of(more: str, content: bytes) -> PageMaker:
    """A page and its compressed content stream, once their numbers are known."""
    packed = zlib.compress(content, 9)
    box = "" if "/MediaBox" in more else "/MediaBox [0 0 595 842]"

    def made(number: int) -> tuple[bytes, bytes]:
        page = f"<< /Type /Page /Parent 2 0 R {box} {more} /Contents {number} 0 R >>".encode()
        return page, b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed) + packed + b"\nendstream"

    return made


def pdf(
    pages: Sequence[bytes | PageMaker],
    more: dict[int, bytes] | None = None,
    kids: bytes | None = None,
) -> bytes:
    """Objects 1 catalogue, 2 page tree, then from 3 each page and its content; `more` by number."""
    objects: dict[int, bytes] = {1: b"<< /Type /Catalog /Pages 2 0 R >>", **(more or {})}
    names = []
    for place, page in enumerate(pages):
        number = 3 + 2 * place
        if isinstance(page, bytes):
            objects[number] = page
        else:
            objects[number], objects[number + 1] = page(number + 1)
        names.append(b"%d 0 R" % number)
    listed = kids or b"[" + b" ".join(names) + b"]"
    objects[2] = b"<< /Type /Pages /Count %d /Kids %s >>" % (len(pages), listed)
    return assembled(objects)


def assembled(objects: dict[int, bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = {}
    for number in sorted(objects):
        places[number] = out.tell()
        out.write(b"%d 0 obj\n" % number + objects[number] + b"\nendobj\n")
    start, size = out.tell(), max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        out.write(b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n")
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start))
    return out.getvalue()


def pdf_with_image(width: int, height: int) -> bytes:
    packed = zlib.compress(bytes(10_000))
    image = b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 " % (
        width,
        height,
    )
    image += b"/Filter /FlateDecode /Length %d >>\nstream\n" % len(packed) + packed + b"\nendstream"
    page = page_of("/Resources << /XObject << /I 9 0 R >> >>", b"q 595 0 0 842 0 0 cm /I Do Q")
    return pdf([page], more={9: image})


def thrice_packed() -> bytes:
    inner = zlib.compress(zlib.compress(zlib.compress(b"q Q " * 40_000_000, 9), 9), 9)
    stream = (
        b"<< /Filter [/FlateDecode /FlateDecode /FlateDecode] /Length %d >>\nstream\n" % len(inner)
        + inner
        + b"\nendstream"
    )
    return pdf([b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 9 0 R >>"], more={9: stream})


def many_pages(count: int) -> bytes:
    """One page named over and over."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>"
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 3: page}
    objects[2] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, b"3 0 R " * count)
    return assembled(objects)


def deep_tree(levels: int) -> bytes:
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    for level in range(2, levels):
        objects[level] = b"<< /Type /Pages /Parent %d 0 R /Count 1 /Kids [%d 0 R] >>" % (max(level - 1, 1), level + 1)
    objects[levels] = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 99 99] >>" % (levels - 1)
    return assembled(objects)


def directory(place: int, following: int, strip: int) -> bytes:
    """One TIFF directory of a page of 8 x 8 white pixels."""
    del place
    entries = ((256, 8), (257, 8), (258, 8), (259, 1), (262, 1), (273, strip), (277, 1), (278, 8), (279, 64))
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return struct.pack("<H", len(entries)) + rows + struct.pack("<I", following)


def tiff_chain(count: int) -> bytes:
    size = len(directory(0, 0, 0))
    first = 8 + 64
    out = b"II*\0" + struct.pack("<I", first) + b"\xff" * 64
    for number in range(count):
        place = first + number * size
        out += directory(place, place + size if number + 1 < count else 0, 8)
    return out


def tiff_loop() -> bytes:
    first = 8 + 64
    size = len(directory(0, 0, 0))
    out = b"II*\0" + struct.pack("<I", first) + b"\xff" * 64
    return out + directory(first, first + size, 8) + directory(first + size, first, 8)


def overlapping(count: int, content: bytes) -> bytes:
    """Many entries of the list that all point at the same packed bytes."""
    honest = zipped({"a.txt": content})
    entry_at = honest.find(b"PK\x01\x02")
    end_at = honest.find(b"PK\x05\x06")
    entry = honest[entry_at:end_at]
    listing = entry * count
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(listing), entry_at, 0)
    return honest[:entry_at] + listing + end
