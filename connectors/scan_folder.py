"""The scanner's folders: files in a stable order, taken only once they are whole, moved away once they are safe."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from models.errors import ConfigurationError
from models.record import Lot

DONE = "done"  # sub-folder that takes what was received; never looked into
Stamp = tuple[int, int]  # size in bytes, time of change in nanoseconds
_SCANNER_CLOCK = 120.0  # seconds; further ahead than this, the scanner's clock is wrong and tells nothing
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


def stamp_of(path: Path) -> Stamp | None:
    """Changes with every write; None where the file is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def settled_files(folder: Path, quiet_seconds: float) -> list[tuple[Path, Stamp]]:
    """Files to which nobody has written for that long, each with its stamp as it was looked at.

    Where the scanner's clock is far ahead its times tell nothing: such files are looked at twice, that long apart.
    """
    now, ready, strange = time.time(), [], []
    for path in files_below([folder]):
        if (stamp := stamp_of(path)) is None:
            continue
        age = now - stamp[1] / 1e9
        if age >= quiet_seconds:
            ready.append((path, stamp))
        elif age < -_SCANNER_CLOCK:
            strange.append((path, stamp))
    if strange:
        time.sleep(quiet_seconds)
        ready += [(path, stamp) for path, stamp in strange if stamp_of(path) == stamp]
    return sorted(ready, key=lambda one: one[0].parts)
