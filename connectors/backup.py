"""Backup, restore, and the drill that proves a backup can be restored: the ledger and every object, hash by hash.

A backup is a folder: `<time>/ledger.sqlite` (or `ledger.pgdump`), `<time>/objects.jsonl` and `<time>/manifest.json`,
which is written last, so that a folder without one is a backup that broke off. Objects lie once in `objects/` beside
the backups, because their names are their hashes and they never change.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select, text
from sqlalchemy.engine import URL

from connectors.database.engines import database_url, open_engines
from connectors.database.migrate import make_ready, revision
from connectors.database.tables import metadata, receipts
from connectors.object_store import FolderObjectStore
from connectors.object_store.keys import key_of
from models.errors import ConfigurationError, Unavailable
from pipelines.ports import ObjectStore

_MANIFEST = "manifest.json"
_OBJECTS = "objects.jsonl"


@dataclass(frozen=True, slots=True)
class BackupFigures:
    """`rows` by table. `faults` names each object that is missing or whose content is not what its name says, and
    each table whose rows are not as many as were saved: none of them means that the backup is whole."""

    folder: Path
    rows: dict[str, int]
    objects: int
    bytes: int
    faults: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return not self.faults


def back_up(ledger_url: str, store: ObjectStore, target: Path, at: datetime) -> BackupFigures:
    """A new backup below `target`, made while everything goes on working.

    The ledger is copied first: every object it names was stored before its row, so it is found afterwards.
    """
    url = database_url(ledger_url)
    folder = target / at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    if (folder / _MANIFEST).exists():
        raise ConfigurationError(f"there is a backup {folder.name} already", "wait a second, or name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    copy = _copy_sqlite(url, folder) if url.get_backend_name() == "sqlite" else _dump_postgresql(url, folder)
    rows, schema = _rows_of_copy(url, copy)
    faults: list[str] = []
    count = size = 0
    with (folder / _OBJECTS).open("w", encoding="utf-8") as listing:
        for key, content in _sound_objects(store, store.list(), faults):
            FolderObjectStore(target / "objects").put_if_absent(key, content)
            listing.write(json.dumps([key, len(content), sha256(content).hexdigest()]) + "\n")
            count, size = count + 1, size + len(content)
    faults += _absent_originals(url, copy, store)
    manifest = {
        "made_at": at.astimezone(UTC).isoformat(),
        "schema": schema,
        "ledger": {"file": copy.name, "sha256": _hash_of(copy)},
        "objects": {"file": _OBJECTS, "sha256": _hash_of(folder / _OBJECTS), "count": count, "bytes": size},
        "rows": rows,
    }
    _write_last(folder / _MANIFEST, manifest)
    return BackupFigures(folder, rows, count, size, tuple(faults))


def newest(target: Path) -> Path:
    """The last backup that was finished. Raises ConfigurationError where there is none."""
    finished = sorted(path.parent for path in target.glob(f"*/{_MANIFEST}"))
    if not finished:
        raise ConfigurationError(f"there is no finished backup in {target}", "make one: mailroom backup")
    return finished[-1]


def restore(folder: Path, ledger_url: str, store: ObjectStore) -> BackupFigures:
    """Into an empty place only. Raises ConfigurationError where a ledger is there already or the backup is damaged."""
    manifest = _read_manifest(folder)
    url = database_url(ledger_url)
    copy = folder / manifest["ledger"]["file"]
    if url.get_backend_name() == "sqlite":
        _restore_sqlite(copy, Path(url.database or ""))
    else:
        _restore_postgresql(copy, url)
    saved = FolderObjectStore(folder.parent / "objects")
    faults: list[str] = []
    count = size = 0
    for key, content in _sound_objects(saved, _listed(folder), faults):
        store.put_if_absent(key, content)
        count, size = count + 1, size + len(content)
    writer, reader = open_engines(url)
    try:
        make_ready(writer)
        rows = _rows(writer)
    finally:
        reader.dispose()
        writer.dispose()
    faults += [
        f"{table}: {manifest['rows'][table]} rows saved, {rows.get(table)} restored"
        for table in manifest["rows"]
        if rows.get(table) != manifest["rows"][table]
    ]
    return BackupFigures(folder, rows, count, size, tuple(faults))


def drill(folder: Path) -> BackupFigures:
    """Restore into a place of its own, check every row count and every hash there, and throw it away.

    A PostgreSQL dump is restored into a database only where `MAILROOM_DRILL_DATABASE_URL` names an empty one.
    """
    manifest = _read_manifest(folder)
    with tempfile.TemporaryDirectory(prefix="mailroom-drill-") as place:
        url = f"sqlite:///{place}/ledger.sqlite"
        if manifest["ledger"]["file"].endswith(".pgdump"):
            url = os.environ.get("MAILROOM_DRILL_DATABASE_URL", "")
            if not url:
                raise ConfigurationError(
                    "a PostgreSQL backup needs a place for its drill",
                    "set MAILROOM_DRILL_DATABASE_URL to an empty database",
                )
        store = FolderObjectStore(Path(place) / "objects")
        figures = restore(folder, url, store)
        faults = list(figures.faults)
        again = sum(1 for _object in _sound_objects(store, store.list(), faults))
        if again != manifest["objects"]["count"]:
            faults.append(f"objects: {manifest['objects']['count']} saved, {again} restored")
        return BackupFigures(folder, figures.rows, figures.objects, figures.bytes, tuple(faults))


# -- objects --------------------------------------------------------------------------------------------------------


def _sound_objects(store: ObjectStore, keys: Iterator[str], faults: list[str]) -> Iterator[tuple[str, bytes]]:
    """Objects whose content is what their name says; the others are named in `faults`."""
    for key in keys:
        try:
            content = store.get(key)
        except KeyError:
            faults.append(f"{key}: missing")
            continue
        if key.startswith("sha256/") and sha256(content).hexdigest() != key.rpartition("/")[2]:
            faults.append(f"{key}: damaged")
            continue
        yield key, content


def _listed(folder: Path) -> Iterator[str]:
    with (folder / _OBJECTS).open(encoding="utf-8") as listing:
        for line in listing:
            yield str(json.loads(line)[0])


def _absent_originals(url: URL, copy: Path, store: ObjectStore) -> list[str]:
    """Originals that a receipt names and the store does not have: something received was lost."""
    engine = open_engines(database_url(f"sqlite:///{copy}") if copy.suffix == ".sqlite" else url)[1]
    try:
        with engine.connect() as connection:
            names = connection.execute(select(receipts.c.sha256).distinct().order_by(receipts.c.sha256)).scalars().all()
    finally:
        engine.dispose()
    return [f"{key_of(name)}: missing, a receipt names it" for name in names if store.size(key_of(name)) is None]


# -- the ledger -----------------------------------------------------------------------------------------------------


def _copy_sqlite(url: URL, folder: Path) -> Path:
    """SQLite's online backup: one moment of the database, writers go on."""
    source, copy = Path(url.database or ""), folder / "ledger.sqlite"
    if not source.exists():
        raise ConfigurationError(f"there is no ledger {source.name} to back up")
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as opened, closing(sqlite3.connect(copy)) as saved:
        opened.backup(saved)
        saved.execute("PRAGMA journal_mode=DELETE")  # one file, without its log beside it
        if saved.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Unavailable("the copy of the ledger is damaged", "check the disk, then try again")
    return copy


def _restore_sqlite(copy: Path, target: Path) -> None:
    if target.exists() and target.stat().st_size:
        raise ConfigurationError(f"there is a ledger {target} already", "move it away first")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(copy, unfinished)
    os.replace(unfinished, target)


def _dump_postgresql(url: URL, folder: Path) -> Path:
    copy = folder / "ledger.pgdump"
    _postgresql(["pg_dump", "--format=custom", f"--file={copy}", _plain(url)])
    return copy


def _restore_postgresql(copy: Path, url: URL) -> None:
    writer, reader = open_engines(url)
    try:
        with writer.connect() as connection:
            if revision(connection) is not None:
                raise ConfigurationError("there is a ledger in this database already", "name an empty one")
    finally:
        reader.dispose()
        writer.dispose()
    _postgresql(["pg_restore", "--exit-on-error", "--no-owner", f"--dbname={_plain(url)}", str(copy)])


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _postgresql(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed programs
    except FileNotFoundError:
        raise ConfigurationError(f"{command[0]} is missing", "apt-get install postgresql-client") from None
    if done.returncode != 0:
        told = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise Unavailable(f"{command[0]} failed: {told}")


def _rows_of_copy(url: URL, copy: Path) -> tuple[dict[str, int], str]:
    """Rows by table and the schema's revision, of the copy itself where it can be opened."""
    if copy.suffix == ".sqlite":
        with closing(sqlite3.connect(copy)) as saved:
            count = {name: saved.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in metadata.tables}  # noqa: S608
            return count, str(saved.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    writer, reader = open_engines(url)
    try:
        with writer.connect() as connection:
            return _rows(writer), revision(connection) or ""
    finally:
        reader.dispose()
        writer.dispose()


def _rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


# -- files ----------------------------------------------------------------------------------------------------------


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Also checks that ledger and list are the files that were saved."""
    try:
        manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{folder} is no finished backup", "name the folder with manifest.json") from error
    for part in ("ledger", "objects"):
        path = folder / manifest[part]["file"]
        if not path.exists() or _hash_of(path) != manifest[part]["sha256"]:
            raise ConfigurationError(f"{path.name} of this backup is missing or damaged", "take an earlier backup")
    return manifest


def _write_last(path: Path, manifest: dict[str, Any]) -> None:
    unfinished = path.with_name(f"{path.name}.new")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)


def _hash_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
