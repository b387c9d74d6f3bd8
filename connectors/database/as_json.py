"""The nouns as JSON and back: how findings, judgements and details are written into the ledger."""

from __future__ import annotations

import zlib
from typing import Any, TypeVar

from cattrs.preconf.json import make_converter

T = TypeVar("T")

_converter = make_converter()


def to_json(value: object) -> str:
    """Dataclasses, enums, dates, tuples and sets included; compact, not ASCII only."""
    return _converter.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str, kind: type[T]) -> T:
    """The inverse of `to_json`; fields added since take their defaults. Raises ValueError if it is not a `kind`."""
    return _converter.loads(text, kind)


def plain(value: object) -> Any:
    """Lists, dicts, strings and numbers only, as `to_json` would write them."""
    return _converter.unstructure(value)


def pack(value: object) -> bytes:
    """JSON, compressed: a page of words shrinks to about a tenth."""
    return zlib.compress(to_json(value).encode(), 6)


def unpack(body: bytes, kind: type[T]) -> T:
    return from_json(zlib.decompress(body).decode(), kind)
