"""ZIP archives, within bounds: the size is counted while unpacking, never believed."""

from __future__ import annotations

import io
import zipfile
import zlib

from models.errors import DocumentRefused
from pipelines.opening.parcel import Budget, Enclosure, clean_name

_CHUNK = 1 << 16
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, IndexError)


def open_zip(content: bytes, budget: Budget, depth: int) -> list[Enclosure]:
    """Everything in the archive, in its own order. Raises DocumentRefused: truncated, bomb, too_deep."""
    from pipelines.opening.enclosed import open_enclosed

    archive = opened_zip(content)
    enclosures: list[Enclosure] = []
    members = archive.infolist()
    if len(members) > budget.limits.members:
        raise DocumentRefused("bomb", f"{len(members)} files in the archive")
    for member in members:
        name = clean_name(member.filename, "sans-nom")
        if member.is_dir() or name.startswith(".") or "__MACOSX" in member.filename:
            continue
        if member.flag_bits & 0x1:
            budget.unread(name, "encrypted")
            continue
        try:
            unpacked = unpack(archive, member, budget)
        except _BROKEN:
            budget.unread(name, "truncated")
            continue
        enclosures += open_enclosed(name, unpacked, budget, depth)
    return enclosures


def opened_zip(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as error:
        raise DocumentRefused("truncated", "archive") from error


def unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget) -> bytes:
    """The bytes of one member. Raises DocumentRefused("bomb") as soon as the budget is spent."""
    pieces: list[bytes] = []
    size = 0
    with archive.open(member) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > budget.bytes_left:
                raise DocumentRefused("bomb", f"more than {budget.limits.unpacked_bytes} bytes inside")
            pieces.append(piece)
    budget.take(size)
    return b"".join(pieces)
