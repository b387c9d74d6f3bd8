"""Connectors that live in this process only: an object store, and the clock that stands still until told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from connectors.clock import FrozenClock
from connectors.object_store.keys import check_key

__all__ = ["FrozenClock", "MemoryObjectStore"]


class MemoryObjectStore:
    """Keeps every promise of `ObjectStore` except durability."""

    def __init__(self) -> None:
        self._content: dict[str, bytes] = {}
        self._retained: dict[str, date] = {}

    def put_if_absent(self, key: str, content: bytes, media_type: str = "application/octet-stream") -> bool:
        check_key(key)
        if key in self._content:
            return False
        self._content[key] = bytes(content)
        return True

    def get(self, key: str) -> bytes:
        return self._content[check_key(key)]

    def size(self, key: str) -> int | None:
        content = self._content.get(check_key(key))
        return None if content is None else len(content)

    def list(self, prefix: str = "") -> Iterator[str]:
        yield from sorted(key for key in self._content if key.startswith(prefix))

    def delete(self, key: str) -> None:
        check_key(key)
        until = self._retained.get(key)
        if until is not None and until >= datetime.now(UTC).date():
            raise PermissionError(f"{key} is kept until {until}")
        self._content.pop(key, None)
        self._retained.pop(key, None)

    def retain_until(self, key: str, day: date) -> None:
        if check_key(key) not in self._content:
            raise KeyError(key)
        self._retained[key] = max(day, self._retained.get(key, day))
