"""The scanner's folders: files in a stable order, taken only once they are whole, moved away once they are safe."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import ConfigurationError
from models.record import Lot

DONE = "done"  # sub-folder that takes what was received; never looked into
_UNFINISHED = frozenset(
    {".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".download", ".lock", ".swp"}
)
_NOT_MAIL = frozenset({"thumbs.db", "desktop.ini"})


def files_below(paths: Iterable[Path]) -> list[Path]:
    """Every file at or below the paths, sorted by path, each once. A file named directly is taken whatever its name.

    Raises ConfigurationError for a path that does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_walk(path)))
        elif path.is_file():
            found[path] = None
        else:
            raise ConfigurationError(f"no such file or folder: {path}", "check the path")
    return sorted(found, key=lambda path: path.parts)


def _walk(folder: Path) -> Iterator[Path]:
    """Hidden folders, `done` folders and links to folders are not entered."""
    for here, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".") and name.lower() != DONE]
        for name in names:
            path = Path(here, name)
            if is_mail(name) and path.is_file():
                yield path


def is_mail(name: str) -> bool:
    """False for hidden files, files still being written under a passing name, and what file browsers leave behind."""
    hidden = name.startswith((".", "~$"))
    return not hidden and Path(name).suffix.lower() not in _UNFINISHED and name.lower() not in _NOT_MAIL


def lot_of_folder(folder: Path, lot_named: Callable[[str], Lot | None]) -> Lot | None:
    """The lot whose name the folder bears, or the nearest one above it; None where none of them is a lot."""
    return next((lot for here in (folder, *folder.parents) if (lot := lot_named(here.name))), None)


def move_to_done(path: Path, folder: Path) -> Path:
    """Moves a received file into `folder`/done, sub-folders kept, never over another file. Returns its new place."""
    below = path.resolve().relative_to(folder.resolve())
    target = folder / DONE / below
    target.parent.mkdir(parents=True, exist_ok=True)
    place, count = target, 1
    while place.exists():
        place = target.with_name(f"{target.stem}.{count}{target.suffix}")
        count += 1
    shutil.move(path, place)
    return place


@dataclass(slots=True)
class FolderWatch:
    """Tells which files have arrived whole: same size and time of change for `quiet_seconds`.

    Each version of a file is told once, so files may stay where they are.
    """

    folder: Path
    quiet_seconds: float = 3.0
    _waiting: dict[Path, tuple[tuple[int, int], float]] = field(default_factory=dict)
    _told: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def ready(self, now: float) -> list[Path]:
        """Files that are whole at `now` (seconds of any steady clock) and were not told before."""
        present = files_below([self.folder])
        ready = [path for path in present if self._has_settled(path, now)]
        for path in ready:
            self._told[path] = self._waiting.pop(path)[0]
        gone = set(self._waiting) - set(present)
        for path in gone:
            del self._waiting[path]
        return ready

    def _has_settled(self, path: Path, now: float) -> bool:
        try:
            status = path.stat()
        except OSError:
            return False
        seen = (status.st_size, status.st_mtime_ns)
        if self._told.get(path) == seen:
            return False
        before = self._waiting.get(path)
        if before is None or before[0] != seen:
            self._waiting[path] = (seen, now)
            return self.quiet_seconds <= 0
        return now - before[1] >= self.quiet_seconds
