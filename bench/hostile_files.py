"""The hostile files themselves: every family made from small honest files or byte by byte, always the same ones."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bench.hostile_bytes import (
    FONT,
    SEED,
    WORD,
    deep_tree,
    docx,
    honest_files,
    mail,
    many_pages,
    overlapping,
    page_of,
    pdf,
    pdf_with_image,
    picture,
    png,
    png_with_chunk,
    saved,
    spread_words,
    text_pdf,
    thrice_packed,
    tiff_chain,
    tiff_loop,
    zipped,
)

REFUSALS = frozenset(
    {
        *("empty_file", "unknown_kind", "encrypted", "truncated", "too_many_pages", "too_many_pixels", "too_large"),
        *("bomb", "too_slow", "killed_worker", "too_deep", "no_items"),
    }
)
STATED = REFUSALS | {"read"}


@dataclass(frozen=True, slots=True)
class Hostile:
    """`outcomes`: those that are right for it; where damage may or may not show, any stated one."""

    family: str
    name: str
    content: bytes
    outcomes: frozenset[str] = STATED


# -- families


def _zero() -> Iterator[Hostile]:
    for name in honest_files():
        yield Hostile("zero bytes", name, b"", frozenset({"empty_file"}))
    for size in (1, 7, 512, 65536):
        for byte in (b"\0", b"\xff", b" "):
            yield Hostile("one byte only", f"{size}-{byte.hex()}.pdf", byte * size)


def _truncated() -> Iterator[Hostile]:
    for name, content in honest_files().items():
        for tenth in (0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9.9):
            yield Hostile("truncated", f"{tenth * 10:g}%-{name}", content[: int(len(content) * tenth / 10)])


def _flipped() -> Iterator[Hostile]:
    chance = random.Random(SEED)
    for name, content in honest_files().items():
        for flips in (1, 2, 4, 8, 16, 32, 64, 128, 256, 1024):
            spoiled = bytearray(content)
            for _ in range(flips):
                spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
            yield Hostile("bits flipped", f"{flips}-{name}", bytes(spoiled))


def _wrong_extensions() -> Iterator[Hostile]:
    honest = honest_files()
    for name, content in honest.items():
        if name == "note.txt":
            continue  # a text has nothing but its extension
        for suffix in ("pdf", "tif", "exe"):
            yield Hostile("extension", f"{name}.{suffix}", content, frozenset({"read"}))


def _pixels() -> Iterator[Hostile]:
    many = frozenset({"too_many_pixels"})
    yield Hostile("pixels", "png-60000.png", png(60_000, 60_000), many)
    yield Hostile("pixels", "png-flat.png", png(2_000_000, 50), many)
    yield Hostile("pixels", "png-empty.png", png(0, 0))
    white = Image.new("1", (16_000, 16_000), 1)
    yield Hostile("pixels", "fax-16000.tif", saved(white, "TIFF", compression="group4"), many)
    yield Hostile("pixels", "png-16000.png", saved(white, "PNG"), many)
    jpeg = bytearray(saved(picture(), "JPEG"))
    place = jpeg.find(b"\xff\xc0")
    jpeg[place + 5 : place + 9] = struct.pack(">HH", 65_500, 65_500)
    yield Hostile("pixels", "jpeg-65500.jpg", bytes(jpeg), many)
    yield Hostile("pixels", "gif-65535.gif", b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\x80\0\0" + bytes(200))
    yield Hostile(
        "pixels",
        "bmp.bmp",
        b"BM" + struct.pack("<IIIIiiHHIIIIII", 99, 0, 54, 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0),
    )
    yield Hostile("pixels", "in-pdf.pdf", pdf_with_image(50_000, 50_000), many)
    yield Hostile("pixels", "in-pdf-negative.pdf", pdf_with_image(-5, 40))
    yield Hostile("pixels", "in-mail.eml", mail(png(60_000, 60_000), "photo.png"), frozenset({"read"}))
    yield Hostile(
        "pixels",
        "in-docx.docx",
        zipped({"word/document.xml": WORD + b"</w:body></w:document>", "word/media/a.png": png(60_000, 60_000)}),
    )
    for side in (14_400, 1_000_000, 10**9):
        yield Hostile(
            "pixels", f"sheet-{side}.pdf", pdf([page_of(f"/MediaBox [0 0 {side} {side}]", b"0 0 99 99 re f")])
        )


def _pages() -> Iterator[Hostile]:
    yield Hostile("pages", "2001.pdf", many_pages(2001), frozenset({"too_many_pages"}))
    yield Hostile("pages", "100000.pdf", many_pages(100_000), frozenset({"too_many_pages"}))
    yield Hostile("pages", "count-lies.pdf", text_pdf().replace(b"/Count 2", b"/Count 9"))
    yield Hostile("pages", "count-huge.pdf", text_pdf().replace(b"/Count 2", b"/Count 2147483647"))
    yield Hostile("pages", "count-negative.pdf", text_pdf().replace(b"/Count 2", b"/Count -2"))
    yield Hostile("pages", "2001.tif", tiff_chain(2001), frozenset({"too_many_pages"}))
    yield Hostile("pages", "tree.pdf", deep_tree(3000))


def _nesting() -> Iterator[Hostile]:
    deep = frozenset({"too_deep"})
    for levels in (6, 20, 60):
        inner = mail()
        for level in range(levels):
            inner = (
                (
                    b"From: j@mail.example\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\n"
                    b"Content-Type: multipart/mixed; boundary=n%d\r\n\r\n--n%d\r\n\r\nvoir\r\n--n%d\r\n"
                    b"Content-Type: message/rfc822\r\n\r\n" % (level, level, level)
                )
                + inner
                + b"\r\n--n%d--\r\n" % level
            )
        yield Hostile("nesting", f"mail-{levels}.eml", inner, deep)
        packed = zipped({"a.txt": b"x"})
        for _ in range(levels):
            packed = zipped({"a.zip": packed})
        yield Hostile("nesting", f"zip-{levels}.zip", packed, deep)
    mixed = b"x"
    for _ in range(4):
        mixed = mail(zipped({"m.eml": mixed}), "a.zip")
    yield Hostile("nesting", "mixed.eml", mixed, deep)
    for levels in (60, 300):
        raw = b"From: j@mail.example\r\nSubject: x\r\n"
        for level in range(levels):
            raw += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
        yield Hostile("nesting", f"parts-{levels}.eml", raw, deep)
    yield Hostile("nesting", "html.eml", mail(html="<div><b><span>" * 60_000))
    yield Hostile("nesting", "xml.docx", docx(b"<w:p>" * 60_000 + b"</w:p>" * 60_000))
    yield Hostile("nesting", "arrays.pdf", pdf([page_of("/Junk " + "[" * 20_000 + "]" * 20_000, b"")]))


def _compression() -> Iterator[Hostile]:
    bomb = frozenset({"bomb"})
    zeros = bytes(250_000_000)
    yield Hostile("compression", "zeros.zip", zipped({"a.txt": zeros}), bomb)
    yield Hostile("compression", "zeros.docx", zipped({"word/document.xml": zeros}), bomb)
    yield Hostile("compression", "zeros-in-mail.eml", mail(zipped({"a.txt": zeros}), "a.zip"), bomb)
    yield Hostile("compression", "many.zip", zipped({f"{n}.txt": b"x" for n in range(5000)}), bomb)
    yield Hostile("compression", "overlap.zip", overlapping(400, bytes(1_000_000)))
    yield Hostile("compression", "stream.pdf", pdf([page_of("", b"q Q " * 60_000_000)]))
    yield Hostile("compression", "stream-thrice.pdf", thrice_packed())
    yield Hostile("compression", "text-chunk.png", png_with_chunk(b"zTXt", b"a\0\0" + zlib.compress(zeros)))
    yield Hostile("compression", "profile.png", png_with_chunk(b"iCCP", b"a\0\0" + zlib.compress(zeros)))
    laughs = b'<!DOCTYPE l [<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY a%d "&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;">' % (n, *[n - 1] * 8) for n in range(1, 12)
    )
    yield Hostile("compression", "laughs.docx", zipped({"word/document.xml": laughs + b"]><l>&a11;</l>"}), bomb)
    outside = b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'
    yield Hostile("compression", "outside.docx", zipped({"word/document.xml": outside}), bomb)


def _loops() -> Iterator[Hostile]:
    yield Hostile("loops", "frames.tif", tiff_loop())
    honest = text_pdf()
    place = int(honest.rsplit(b"startxref", 1)[1].split()[0])
    yield Hostile("loops", "previous.pdf", honest.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % place))
    yield Hostile("loops", "kids.pdf", pdf([page_of("", b"")], kids=b"[2 0 R 2 0 R]"))
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 9 0 R >> >> /Length 5 >>"
    page = page_of("/Resources << /XObject << /F 9 0 R >> >>", b"/F Do " * 50)
    yield Hostile("loops", "form.pdf", pdf([page], more={9: form + b"\nstream\n/F Do\nendstream"}))
    yield Hostile(
        "loops",
        "length.pdf",
        pdf(
            [b"<< /Type /Page /Parent 2 0 R /Contents 9 0 R >>"], more={9: b"<< /Length 9 0 R >>\nstream\nq\nendstream"}
        ),
    )
    storey = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F %d 0 R >> >> /Length 30 >>"
        b"\nstream\n" + b"/F Do " * 5 + b"\nendstream"
    )
    tower = {9 + number: storey % (10 + number) for number in range(25)}
    yield Hostile("loops", "tower.pdf", pdf([page], more=tower))


def _encrypted() -> Iterator[Hostile]:
    import pikepdf

    locked = frozenset({"encrypted"})
    for level in (2, 3, 4, 6):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(text_pdf())) as opened:
            lock = pikepdf.Encryption(user="secret", owner="owner", R=level, aes=level >= 4, metadata=level >= 4)
            opened.save(out, encryption=lock)
        yield Hostile("encrypted", f"revision-{level}.pdf", out.getvalue(), locked)
        yield Hostile("encrypted", f"in-mail-{level}.eml", mail(out.getvalue()), frozenset({"read"}))
    spoiled = text_pdf().replace(b"/Root", b"/Encrypt << /Filter /Standard /V 99 /R 99 >> /Root")
    yield Hostile("encrypted", "unknown-lock.pdf", spoiled)
    flagged = bytearray(zipped({"a.txt": b"Bonjour"}))
    flagged[flagged.find(b"PK\x01\x02") + 8] |= 1
    yield Hostile("encrypted", "locked.zip", bytes(flagged), locked)
    yield Hostile("encrypted", "office.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000))


def _messages() -> Iterator[Hostile]:
    read = frozenset({"read"})
    yield Hostile(
        "messages", "long-header.eml", b"From: a@b.example\r\nSubject: " + b"x" * 5_000_000 + b"\r\n\r\nBonjour", read
    )
    yield Hostile(
        "messages",
        "headers.eml",
        b"From: a@b.example\r\nSubject: x\r\n" + b"X-A: b\r\n" * 200_000 + b"\r\nBonjour",
        read,
    )
    yield Hostile(
        "messages",
        "encoded-words.eml",
        b"From: a@b.example\r\nSubject: " + b"=?utf-8?q?a?= " * 50_000 + b"\r\n\r\nx",
        read,
    )
    yield Hostile(
        "messages",
        "addresses.eml",
        b"Subject: x\r\nFrom: " + b"<" * 100_000 + b"\r\nTo: " + b"(" * 100_000 + b"\r\n\r\nx",
        read,
    )
    yield Hostile("messages", "quotes.eml", mail().replace(b"Bonjour", b">" * 300_000), read)
    yield Hostile("messages", "said.eml", mail().replace(b"Bonjour", b"Le 3 mars a " * 30_000), read)
    yield Hostile("messages", "dashes.eml", mail().replace(b"Bonjour", (b"-" * 70 + b"\r\n") * 20_000), read)
    yield Hostile(
        "messages",
        "boundary.eml",
        b'From: a@b.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n\r\nx',
    )
    yield Hostile(
        "messages",
        "parts.eml",
        b"From: a@b.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\n\r\nx\r\n" * 20_000,
        frozenset({"bomb"}),
    )
    yield Hostile(
        "messages",
        "charset.eml",
        b"From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain; charset=zlib_codec\r\n\r\n"
        + zlib.compress(bytes(50_000_000)),
    )
    yield Hostile("messages", "path.eml", mail(b"x", "../../../../etc/cron.d/x.txt"), read)
    yield Hostile("messages", "zeros.eml", b"From: a@b.example\r\nSubject: x\r\n\r\n" + bytes(5_000_000), read)
    yield Hostile("messages", "entities.eml", mail(html="<p>" + "&amp;&#x41;&bogus;" * 60_000), read)
    yield Hostile("messages", "attributes.eml", mail(html="<p " + "a=b " * 200_000 + ">x"), read)
    yield Hostile("messages", "style.eml", mail(html="<p style='" + "color :" * 50_000 + "'>x</p>"), read)


def _slow() -> Iterator[Hostile]:
    chance = random.Random(SEED)
    strokes = b" ".join(b"%d %d l" % (chance.randrange(9999), chance.randrange(9999)) for _ in range(400_000))
    yield Hostile("slow", "strokes.pdf", pdf([page_of("/MediaBox [0 0 9999 9999]", b"0 0 m " + strokes + b" f*")]))
    yield Hostile(
        "slow",
        "words.pdf",
        pdf([page_of(FONT, b"BT /F 4 Tf " + b"1 0 0 1 50 50 Tm (abc) Tj " * 150_000 + b"ET")]),
    )
    yield Hostile("slow", "words-spread.pdf", pdf([page_of(FONT, spread_words(40_000))]))
    yield Hostile("slow", "objects.pdf", pdf([page_of("", b"0 0 1 1 re f " * 500_000)]))
    noise = Image.frombytes("L", (3000, 4000), chance.randbytes(12_000_000))
    yield Hostile("slow", "noise.png", saved(noise, "PNG"))
    bars = Image.new("L", (3000, 4000), 255)
    pen = ImageDraw.Draw(bars)
    for x in range(0, 3000, 6):
        pen.line((x, 0, x + 40, 4000), fill=0, width=2)
    yield Hostile("slow", "bars.png", saved(bars, "PNG"))


FAMILIES: dict[str, Callable[[], Iterator[Hostile]]] = {
    "zero": _zero,
    "truncated": _truncated,
    "flipped": _flipped,
    "extension": _wrong_extensions,
    "pixels": _pixels,
    "pages": _pages,
    "nesting": _nesting,
    "compression": _compression,
    "loops": _loops,
    "encrypted": _encrypted,
    "messages": _messages,
    "slow": _slow,
}


def hostile_files() -> Iterator[Hostile]:
    """All of them, in a fixed order."""
    for family in FAMILIES.values():
        yield from family()
