"""What a file truly is, told from its bytes; the extension decides only between kinds that carry no signature."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePath


class FileKind(StrEnum):
    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"
    PICTURE = "picture"  # BMP, GIF, WEBP: one picture, one page
    EMAIL = "eml"
    OUTLOOK = "msg"
    TNEF = "tnef"  # winmail.dat
    DOCX = "docx"
    ODT = "odt"
    ZIP = "zip"
    HTML = "html"
    TEXT = "txt"
    UNKNOWN = "unknown"


PAGED = frozenset(
    {FileKind.PDF, FileKind.TIFF, FileKind.JPEG, FileKind.PNG, FileKind.HEIC, FileKind.PICTURE}
)  # kinds that `ocr.documents.open_document` opens

_SIGNATURES: tuple[tuple[bytes, FileKind], ...] = (
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"II*\x00", FileKind.TIFF),
    (b"MM\x00*", FileKind.TIFF),
    (b"II+\x00", FileKind.TIFF),
    (b"MM\x00+", FileKind.TIFF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind.OUTLOOK),
    (b"\x78\x9f\x3e\x22", FileKind.TNEF),
    (b"GIF87a", FileKind.PICTURE),
    (b"GIF89a", FileKind.PICTURE),
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}:[ \t]?[^\r\n]*(?:\r?\n|$)")
_MAIL_HEADER = re.compile(
    rb"^(?:received|return-path|delivered-to|message-id|mime-version|from|subject|date|to|content-type|x-[\w-]+):",
    re.IGNORECASE | re.MULTILINE,
)
_TEXT_BYTES = bytes(range(32, 256)) + b"\t\r\n\f"


def sniff(content: bytes, name: str = "") -> FileKind:
    """The kind that the bytes show. Never raises; an empty or unknown file is UNKNOWN."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if b"%PDF-" in content[:1024]:
        return FileKind.PDF
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return FileKind.HEIC
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind.PICTURE
    if content[:2] == b"BM" and content[6:10] == b"\0\0\0\0":
        return FileKind.PICTURE
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _kind_of_zip(content)
    return _kind_of_text(content, PurePath(name).suffix.lower())


def _kind_of_zip(content: bytes) -> FileKind:
    head, tail = content[:4096], content[-65536:]
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in head:
        return FileKind.ODT
    if b"word/document.xml" in tail or b"word/document.xml" in head:
        return FileKind.DOCX
    return FileKind.ZIP


def _kind_of_text(content: bytes, suffix: str) -> FileKind:
    head = content[:8192].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if not head:
        return FileKind.UNKNOWN
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return FileKind.TEXT
    if head.startswith(b"From ") or _HEADER_LINE.match(head):
        block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
        names = {found.lower() for found in _MAIL_HEADER.findall(block)}
        if len(names) >= 2 or (suffix == ".eml" and names):
            return FileKind.EMAIL
    if head.translate(None, _TEXT_BYTES):
        return FileKind.UNKNOWN
    if re.search(rb"<(?:!doctype html|html|body|table|div)\b", head, re.IGNORECASE):
        return FileKind.HTML
    if suffix in ("", ".txt", ".text", ".csv", ".md", ".log", ".eml"):
        return FileKind.TEXT
    return FileKind.UNKNOWN
