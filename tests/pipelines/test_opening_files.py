"""Archives, office files, texts and Outlook's own formats, whole and hostile."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from models.errors import DocumentRefused
from ocr.documents import FileKind, Limits
from pipelines.opening import Opened, open_file
from tests.pipelines.test_opening_message import message, picture

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODT = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(body: str, **others: bytes) -> bytes:
    document = f"<w:document {WORD}><w:body>{body}</w:body></w:document>".encode()
    return zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": document, **others})


def odt(body: str) -> bytes:
    content = f"<office:document-content {ODT}><office:body>{body}</office:body></office:document-content>".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def refusal(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(DocumentRefused) as refused:
        open_file("file", content, limits or Limits())
    return refused.value.code


# -- office files


def test_a_word_file_gives_its_paragraphs() -> None:
    body = (
        "<w:p><w:r><w:t>Madame, </w:t></w:r><w:r><w:t>Monsieur,</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>J'ai payé</w:t><w:br/><w:t>12 €.</w:t></w:r></w:p>"
        "<w:p><w:del><w:r><w:delText>effacé</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Réf. 88</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    found = open_file("lettre.docx", docx(body))
    assert found.text == "Madame, Monsieur,\nJ'ai payé\n12 €.\n\nRéf. 88"
    assert found.email is None


def test_head_and_foot_of_a_word_file_stand_around_its_body() -> None:
    part = f"<w:hdr {WORD}><w:p><w:r><w:t>PAGE</w:t></w:r></w:p></w:hdr>"
    content = docx(
        "<w:p><w:r><w:t>corps</w:t></w:r></w:p>",
        **{
            "word/footer1.xml": part.replace("PAGE", "pied").encode(),
            "word/header1.xml": part.replace("PAGE", "tête").encode(),
        },
    )
    assert open_file("x.docx", content).text == "tête\ncorps\npied"


def test_a_picture_pasted_into_a_word_file_is_read_too() -> None:
    content = docx("<w:p/>", **{"word/media/image1.png": picture(800, 1000), "word/media/image2.png": picture(40, 40)})
    found = open_file("x.docx", content)
    assert [enclosure.name for enclosure in found.enclosures] == ["image1.png"]
    assert found.notes == ("logo_ignored: image2.png",)


def test_an_open_document_gives_its_paragraphs() -> None:
    body = "<text:h>Objet</text:h><text:p>J'ai <text:span>déjà</text:span> payé.<text:line-break/>Merci</text:p>"
    assert open_file("lettre.odt", odt(body)).text == "Objet\nJ'ai déjà payé.\nMerci"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (docx("<w:p>")[:-200], "truncated"),
        (docx("<w:p>"), "truncated"),
        (
            zipped({"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "boum"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'}),
            "bomb",
        ),
    ],
)
def test_a_damaged_or_hostile_office_file_is_refused(content: bytes, code: str) -> None:
    assert refusal(content) == code


# -- archives


def test_everything_in_an_archive_is_laid_open_in_its_order() -> None:
    content = zipped(
        {
            "b/scan.png": picture(600, 900),
            "__MACOSX/._scan.png": b"x",
            ".DS_Store": b"x",
            "a.txt": b"Bonjour",
            "tool.exe": b"MZ\x90" + bytes(90),
            "mail.eml": message("Je conteste.").as_bytes(),
        }
    )
    found = open_file("envoi.zip", content)
    assert [(enclosure.name, enclosure.kind.value) for enclosure in found.enclosures] == [
        ("scan.png", "png"),
        ("a.txt", "txt"),
        ("mail.eml", "eml"),
    ]
    assert found.notes == ("attachment_unread: tool.exe (unknown_kind)",)


def inside(levels: int) -> bytes:
    content = zipped({"a.txt": b"Bonjour"})
    for level in range(levels):
        content = zipped({f"{level}.zip": content})
    return content


def test_archives_in_archives_are_opened_to_a_bound() -> None:
    assert open_file("a.zip", inside(4)).text == "Bonjour"
    assert refusal(inside(5)) == "too_deep"


def test_a_small_archive_of_much_is_a_bomb_and_is_stopped_on_the_way() -> None:
    content = zipped({"a.txt": bytes(30_000_000)})
    assert len(content) < 100_000
    assert refusal(content, Limits(unpacked_bytes=5_000_000)) == "bomb"


def test_many_small_bombs_are_counted_together() -> None:
    content = zipped({f"{n}.txt": bytes(1_000_000) for n in range(6)})
    assert refusal(content, Limits(unpacked_bytes=5_000_000)) == "bomb"
    assert refusal(content, Limits(members=5)) == "bomb"


def test_a_size_that_lies_is_not_believed() -> None:
    honest = zipped({"a.txt": bytes(20_000_000)})
    place = honest.rfind(b"PK\x01\x02")
    lying = honest[: place + 24] + struct.pack("<I", 10) + honest[place + 28 :]
    with pytest.raises(DocumentRefused) as refused:
        open_file("a.zip", lying, Limits(unpacked_bytes=5_000_000))
    assert refused.value.code in ("bomb", "truncated")


def test_a_locked_file_in_an_archive_is_named() -> None:
    content = bytearray(zipped({"a.txt": b"Bonjour", "b.txt": b"ouvert"}))
    content[content.find(b"PK\x01\x02") + 8] |= 1
    found = open_file("a.zip", bytes(content))
    assert found.text == "ouvert"
    assert found.notes == ("attachment_unread: a.txt (encrypted)",)


def test_a_damaged_file_in_an_archive_does_not_stop_the_others() -> None:
    content = bytearray(zipped({"a.txt": b"Bonjour" * 100, "b.txt": b"ouvert"}, zipfile.ZIP_STORED))
    content[60] ^= 0xFF
    assert open_file("a.zip", bytes(content)).text == "ouvert"


@pytest.mark.parametrize("content", [zipped({}), zipped({"a.exe": b"MZ" + bytes(50)})])
def test_an_archive_with_nothing_to_read_is_refused(content: bytes) -> None:
    assert refusal(content) in ("no_items", "unknown_kind")


# -- texts


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.txt", "Déjà payé".encode("cp1252"), "Déjà payé"),
        ("a.html", b"<html><p>Bonjour</p></html>", "Bonjour"),
    ],
)
def test_a_text_is_its_own_body(name: str, content: bytes, text: str) -> None:
    assert open_file(name, content) == Opened(text)


@pytest.mark.parametrize(
    ("content", "limits", "code"),
    [
        (b"", Limits(), "empty_file"),
        (b"x" * 11, Limits(file_bytes=10), "too_large"),
        (b"\x00\x01\x02", Limits(), "unknown_kind"),
    ],
)
def test_what_is_nothing_of_the_kind_is_refused(content: bytes, limits: Limits, code: str) -> None:
    assert refusal(content, limits) == code


# -- Outlook


def tnef(*members: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<IH", 0x223E9F78, 1)
    for level, attribute, content in members:
        out += struct.pack("<BII", level, attribute, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)
    return out


WINMAIL = tnef(
    (1, 0x00089006, struct.pack("<I", 0x00010000)),
    (2, 0x00069002, bytes(14)),
    (2, 0x00018010, b"lettre.txt\0"),
    (2, 0x0006800F, b"Je conteste cette somme."),
)


def test_what_outlook_packed_into_winmail_is_laid_open() -> None:
    pytest.importorskip("tnefparse", reason="NOT TESTED: tnefparse is not installed")
    made = message("Voici.")
    made.add_attachment(WINMAIL, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    found = open_file("x.eml", made.as_bytes())
    assert [(enclosure.name, enclosure.text) for enclosure in found.enclosures] == [
        ("lettre.txt", "Je conteste cette somme.")
    ]


def test_a_damaged_winmail_is_named_and_the_message_still_read() -> None:
    made = message("Voici.")
    made.add_attachment(WINMAIL[:40] + b"\xff" * 30, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    found = open_file("x.eml", made.as_bytes())
    assert found.text == "Voici."


def test_outlook_formats_are_named_where_their_packages_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "tnefparse", None)
    monkeypatch.setitem(sys.modules, "extract_msg", None)
    made = message("Voici.")
    made.add_attachment(WINMAIL, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    assert open_file("x.eml", made.as_bytes()).notes == ("attachment_unread: winmail.dat (unknown_kind)",)
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == "unknown_kind"


def test_a_damaged_msg_is_refused() -> None:
    pytest.importorskip("extract_msg", reason="NOT TESTED: extract-msg is not installed")
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + zlib.compress(bytes(5000))) == "truncated"


def msg(subject: str, body: str, attachment: bytes) -> bytes:
    """A small .msg as Outlook lays it out (MS-OXMSG): streams of properties in an OLE file."""
    from extract_msg.ole_writer import OleWriter

    writer = OleWriter()
    fixed = struct.pack("<8xIIII8x", 0, 1, 0, 1)
    rows = b"".join(
        struct.pack("<HHIII", 0x001F, tag, 6, len(text) * 2 + 2, 0)
        for tag, text in ((0x0037, subject), (0x1000, body), (0x0C1A, "Jeanne"), (0x001A, "IPM.Note"))
    )
    streams = {
        "__properties_version1.0": fixed + rows,
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_1000001F": body.encode("utf-16-le"),
        "__substg1.0_001A001F": "IPM.Note".encode("utf-16-le"),
        "__substg1.0_0C1A001F": "Jeanne".encode("utf-16-le"),
        "__substg1.0_0C1F001F": "j@mail.example".encode("utf-16-le"),
        "__attach_version1.0_#00000000/__properties_version1.0": bytes(8) + struct.pack("<HHIII", 3, 0x3705, 6, 1, 0),
        "__attach_version1.0_#00000000/__substg1.0_37010102": attachment,
        "__attach_version1.0_#00000000/__substg1.0_3707001F": "note.txt".encode("utf-16-le"),
        "__nameid_version1.0/__substg1.0_00020102": b"",
        "__nameid_version1.0/__substg1.0_00030102": b"",
        "__nameid_version1.0/__substg1.0_00040102": b"",
    }
    for path, content in streams.items():
        writer.addEntry(path, content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_outlook_message_gives_headers_body_and_enclosures() -> None:
    pytest.importorskip("extract_msg", reason="NOT TESTED: extract-msg is not installed")
    found = open_file("x.msg", msg("Dossier", "Je conteste.", b"Bonjour"))
    assert found.text == "Je conteste."
    assert found.email is not None
    assert (found.email.subject, found.email.sender_address) == ("Dossier", "j@mail.example")
    assert [(enclosure.name, enclosure.text) for enclosure in found.enclosures] == [("note.txt", "Bonjour")]


def test_kinds_named_in_the_interface_exist() -> None:
    assert {FileKind.DOCX, FileKind.ODT, FileKind.ZIP, FileKind.OUTLOOK, FileKind.TNEF} <= set(FileKind)
