"""Words and pictures of DOCX and ODT files: a bounded archive of XML, read with a parser that follows no entity."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from models.errors import DocumentRefused
from ocr.documents import FileKind
from pipelines.opening.archives import opened_zip, unpack
from pipelines.opening.parcel import Budget, Enclosure

_PARTS = {
    FileKind.DOCX: re.compile(r"word/(?:header\d*|document|footnotes|endnotes|footer\d*)\.xml"),
    FileKind.ODT: re.compile(r"(?:content|styles)\.xml"),
}
_PICTURES = re.compile(r"(?:word/media|Pictures)/[^/]+\.(?:png|jpe?g|tiff?|bmp|gif|webp|heic)", re.IGNORECASE)
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ODT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_BREAKS = frozenset({_WORD + "br", _WORD + "cr", _ODT + "line-break"})
_TABS = frozenset({_WORD + "tab", _ODT + "tab"})
_PARAGRAPHS = frozenset({_WORD + "p", _ODT + "p", _ODT + "h"})
_DROPPED = frozenset({_WORD + "del", _WORD + "instrText", _WORD + "vanish", _ODT + "tracked-changes"})


def open_office(content: bytes, kind: FileKind, budget: Budget) -> tuple[str, list[Enclosure]]:
    """Text in the order head, body, notes, foot; then the pictures in it. Raises DocumentRefused: truncated, bomb."""
    from pipelines.opening.enclosed import open_enclosed

    archive = opened_zip(content)
    texts: list[str] = []
    pictures: list[Enclosure] = []
    for member in sorted(archive.infolist(), key=_place):
        if _PARTS[kind].fullmatch(member.filename):
            texts.append(_text_of(_unpacked(archive, member, budget)))
        elif _PICTURES.fullmatch(member.filename):
            name = PurePosixPath(member.filename).name
            pictures += open_enclosed(name, _unpacked(archive, member, budget), budget, 0, in_layout=True)
    return "\n".join(text for text in texts if text.strip()), pictures


def _place(member: zipfile.ZipInfo) -> tuple[int, str]:
    order = ("header", "document", "content", "footnotes", "endnotes", "footer", "styles")
    stem = PurePosixPath(member.filename).stem.rstrip("0123456789")
    return (order.index(stem) if stem in order else len(order), member.filename)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget) -> bytes:
    if member.flag_bits & 0x1:
        raise DocumentRefused("encrypted")
    try:
        return unpack(archive, member, budget)
    except DocumentRefused:
        raise
    except Exception as error:  # zipfile and its decompressors raise a dozen types on damaged members
        raise DocumentRefused("truncated", member.filename) from error


def _text_of(xml: bytes) -> str:
    try:
        root = fromstring(xml)
    except DefusedXmlException as error:
        raise DocumentRefused("bomb", "entities in XML") from error
    except (ParseError, ValueError, LookupError) as error:
        raise DocumentRefused("truncated", "XML") from error
    return re.sub(r"\n{3,}", "\n\n", "".join(_pieces(root))).strip()


def _pieces(root: Element) -> Iterator[str]:
    """Text in document order, without recursion: a stack of things still to be said."""
    stack: list[Element | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        if node.tag in _DROPPED:
            continue
        after: list[Element | str] = []
        if node.tag in _PARAGRAPHS:
            after.append("\n")
        elif node.tag in _BREAKS:
            yield "\n"
        elif node.tag in _TABS:
            yield "\t"
        if node.text and (node.tag == _WORD + "t" or str(node.tag).startswith(_ODT)):
            yield node.text
        for child in reversed(node):
            if child.tail and str(child.tag).startswith(_ODT):
                after.append(child.tail)
            after.append(child)
        stack += after
