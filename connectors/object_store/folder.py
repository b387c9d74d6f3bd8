"""Objects as files below one folder: written whole and flushed to the disk, or not there at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from connectors.object_store.keys import check_key
from models.errors import Unavailable

_RETENTION = ".retention"  # folder of small files beside the objects; no key begins with a dot
_UNFINISHED = ".unfinished"


class FolderObjectStore:
    """Keeps `pipelines.ports.ObjectStore`. May be shared by threads and processes."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        for folder in (self._root, self._root / _UNFINISHED, self._root / _RETENTION):
            folder.mkdir(parents=True, exist_ok=True)

    def put_if_absent(self, key: str, content: bytes, media_type: str = "application/octet-stream") -> bool:
        """Linked into place, which fails where the name is taken: two writers at once, one of them wins."""
        path = self._path(key)
        if path.exists():
            return False
        try:
            return self._write(path, content)
        except OSError as error:
            raise Unavailable(f"the object folder cannot be written: {error.strerror}", "is the disk full?") from error

    def _write(self, path: Path, content: bytes) -> bool:
        self._make_folder(path.parent)
        descriptor, unfinished = tempfile.mkstemp(dir=self._root / _UNFINISHED)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(unfinished, path)
            except FileExistsError:
                return False
            _flush_folder(path.parent)
            return True
        finally:
            os.unlink(unfinished)

    def _make_folder(self, folder: Path) -> None:
        """Each new level is flushed too, else a power cut may take the folder with what lies in it."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir()
            _flush_folder(folder.parent)

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise KeyError(key) from None
        except OSError as error:
            raise Unavailable(f"the object folder cannot be read: {error.strerror}") from error

    def size(self, key: str) -> int | None:
        path = self._path(key)
        return path.stat().st_size if path.is_file() else None

    def list(self, prefix: str = "") -> Iterator[str]:
        """In order of their names. What other processes add meanwhile may or may not be among them."""
        folder, _slash, _rest = prefix.rpartition("/")
        for path in _files(self._root / folder if folder else self._root):
            key = path.relative_to(self._root).as_posix()
            if key.startswith(prefix):
                yield key

    def delete(self, key: str) -> None:
        until = self._retained(key)
        if until is not None and until >= datetime.now(UTC).date():
            raise PermissionError(f"{key} is kept until {until}")
        self._path(key).unlink(missing_ok=True)
        self._retention_path(key).unlink(missing_ok=True)

    def retain_until(self, key: str, day: date) -> None:
        """The later of two days holds. Raises KeyError where there is no such object."""
        if self.size(key) is None:
            raise KeyError(key)
        day = max(day, self._retained(key) or day)
        path = self._retention_path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
        unfinished.write_text(day.isoformat(), "ascii")
        os.replace(unfinished, path)

    def _retained(self, key: str) -> date | None:
        try:
            return date.fromisoformat(self._retention_path(key).read_text("ascii"))
        except FileNotFoundError:
            return None

    def _path(self, key: str) -> Path:
        return self._root / check_key(key)

    def _retention_path(self, key: str) -> Path:
        return self._root / _RETENTION / check_key(key)


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
