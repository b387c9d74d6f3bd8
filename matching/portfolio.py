"""The portfolio as the matcher sees it: built once as arrays on disk, mapped by every worker, grown by deltas."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from matching.deltas import DeltaLog
from matching.hashing import Keys, variant_keys
from matching.keys import Block, block_key, claim_keys
from matching.plain import folded
from matching.postings import GrowingPostings, Postings, PostingsBuilder
from matching.profile import Profile, profile_of
from matching.records import Records, decode, encode
from matching.shapes import ReferenceShapes, ShapeLearner
from models.claim import Claim
from models.errors import Unavailable

FORMAT = 1
_LONGEST_REFERENCE = 40
_SHORTEST_REFERENCE = 4
_CHUNK = 50_000
_FILES = ("names.npy", "references.npy", "record_ends.npy", "records.bin", "meta.json")


@dataclass(slots=True)
class Tally:
    """Values few enough to be counted by name."""

    first_names: Counter[str] = field(default_factory=Counter)
    postcodes: Counter[str] = field(default_factory=Counter)
    towns: Counter[str] = field(default_factory=Counter)
    creditors: Counter[str] = field(default_factory=Counter)

    def add(self, profile: Profile) -> None:
        self.first_names.update(profile.first_names)
        if profile.claim.postcode:
            self.postcodes[profile.claim.postcode] += 1
        if profile.town:
            self.towns["".join(profile.town)] += 1
        self.creditors[profile.claim.creditor] += 1

    def as_json(self) -> dict[str, dict[str, int]]:
        return {
            "first_names": dict(self.first_names.most_common(50_000)),
            "postcodes": dict(self.postcodes),
            "towns": dict(self.towns),
            "creditors": dict(self.creditors.most_common(5_000)),
        }

    @classmethod
    def from_json(cls, counts: dict[str, dict[str, int]]) -> Tally:
        return cls(*(Counter(counts[name]) for name in ("first_names", "postcodes", "towns", "creditors")))


@dataclass(slots=True)
class BuiltArrays:
    names: Keys
    references: Keys
    content: np.ndarray[Any, Any]
    ends: np.ndarray[Any, Any]
    shapes: ReferenceShapes
    tally: Tally


class _Builder:
    def __init__(self) -> None:
        self._names = PostingsBuilder()
        self._references = PostingsBuilder()
        self._waiting: dict[int, list[tuple[str, int]]] = defaultdict(list)
        self._content = bytearray()
        self._ends: list[int] = []
        self._learner = ShapeLearner()
        self._tally = Tally()

    def add(self, claim: Claim) -> None:
        row = len(self._ends)
        self._content += encode(claim)
        self._ends.append(len(self._content))
        profile = profile_of(claim)
        self._tally.add(profile)
        self._names.add(claim_keys(profile), row)
        for _, value, _ in profile.references:
            if _SHORTEST_REFERENCE <= len(value) <= _LONGEST_REFERENCE:
                waiting = self._waiting[len(value)]
                waiting.append((value, row))
                if len(waiting) >= _CHUNK:
                    self._file(len(value))

    def _file(self, length: int) -> None:
        waiting = self._waiting.pop(length)
        values = [value for value, _ in waiting]
        rows = np.array([row for _, row in waiting], dtype=np.uint64)
        self._learner.add(values)
        self._references.add_array(variant_keys([folded(value) for value in values]), rows)

    def finish(self) -> BuiltArrays:
        for length in list(self._waiting):
            self._file(length)
        return BuiltArrays(
            names=self._names.finish(),
            references=self._references.finish(),
            content=np.frombuffer(bytes(self._content), dtype=np.uint8),
            ends=np.array(self._ends, dtype=np.uint64),
            shapes=ReferenceShapes(self._learner.shapes()),
            tally=self._tally,
        )


def build_arrays(claims: Iterable[Claim]) -> BuiltArrays:
    """One pass. A claim_ref that comes twice: the later row wins."""
    builder = _Builder()
    for claim in claims:
        builder.add(claim)
    return builder.finish()


def write_arrays(arrays: BuiltArrays, folder: Path) -> None:
    """Each file is written aside and put in place at once; workers that map the old ones keep them."""
    folder.mkdir(parents=True, exist_ok=True)
    meta = {"format": FORMAT, "shapes": arrays.shapes.as_json(), "tally": arrays.tally.as_json()}
    writers: dict[str, Any] = {
        "names.npy": lambda path: _save(path, arrays.names),
        "references.npy": lambda path: _save(path, arrays.references),
        "record_ends.npy": lambda path: _save(path, arrays.ends),
        "records.bin": lambda path: path.write_bytes(arrays.content.data),
        "meta.json": lambda path: path.write_text(json.dumps(meta), encoding="utf-8"),
    }
    (folder / "deltas.bin").unlink(missing_ok=True)
    for name, write in writers.items():
        aside = folder / f"{name}.new"
        write(aside)
        os.replace(aside, folder / name)


def _save(path: Path, array: np.ndarray[Any, Any]) -> None:
    with path.open("wb") as file:
        np.save(file, array)


class Portfolio:
    """Rows of claims, the keys that lead to them, and how often values occur."""

    def __init__(
        self, names: Postings, references: Postings, records: Records, shapes: ReferenceShapes, tally: Tally,
        log: DeltaLog | None = None,
    ) -> None:  # fmt: skip
        self._names, self._references, self._records = names, references, records
        self.shapes, self.tally = shapes, tally
        self._log = log
        self._built = len(records)
        self._later: list[Claim] = []
        self._later_names, self._later_references = GrowingPostings(), GrowingPostings()
        self._replaced: set[int] = set()
        self._row_of_later: dict[str, int] = {}
        self.payers: dict[str, dict[str, None]] = {}  # account -> claims it has paid

    @classmethod
    def of(cls, arrays: BuiltArrays) -> Portfolio:
        return cls(
            Postings(arrays.names), Postings(arrays.references), Records(arrays.content, arrays.ends),
            arrays.shapes, arrays.tally,
        )  # fmt: skip

    @classmethod
    def open(cls, folder: Path) -> Portfolio:
        missing = [name for name in _FILES if not (folder / name).exists()]
        if missing:
            raise Unavailable(f"no claim index in {folder} ({', '.join(missing)} missing)", "build it again")
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        if meta.get("format") != FORMAT:
            raise Unavailable(f"the claim index in {folder} is of another version", "build it again")
        return cls(
            Postings.open(folder / "names.npy"),
            Postings.open(folder / "references.npy"),
            Records.open(folder),
            ReferenceShapes.from_json(meta["shapes"]),
            Tally.from_json(meta["tally"]),
            DeltaLog(folder / "deltas.bin"),
        )

    @property
    def total(self) -> int:
        return self._built + len(self._later) - len(self._replaced)

    # --- deltas ---------------------------------------------------------------------------------------------------

    def update(self, claims: Iterable[Claim]) -> None:
        if self._log is None:
            for claim in claims:
                self._take(claim)
        else:
            self._log.append(encode(claim) for claim in claims)
            self.catch_up()

    def catch_up(self) -> None:
        """Take in what other processes have appended."""
        if self._log is not None:
            for record in self._log.unread():
                self._take(decode(record))

    def _take(self, claim: Claim) -> None:
        before = self.row_of(claim.claim_ref)
        if before is not None:
            self._replaced.add(before)
        row = self._built + len(self._later)
        self._later.append(claim)
        self._row_of_later[claim.claim_ref] = row
        profile = profile_of(claim)
        self.tally.add(profile)
        self._later_names.add(claim_keys(profile), row)
        for _, value, _ in profile.references:
            if _SHORTEST_REFERENCE <= len(value) <= _LONGEST_REFERENCE:
                self._later_references.add((int(key) for key in variant_keys([folded(value)])[:, 0]), row)

    # --- looking up -----------------------------------------------------------------------------------------------

    def claim_at(self, row: int) -> Claim:
        return self._later[row - self._built] if row >= self._built else self._records.claim(row)

    def row_of(self, claim_ref: str) -> int | None:
        if claim_ref in self._row_of_later:
            return self._row_of_later[claim_ref]
        key = block_key(Block.CLAIM, claim_ref)
        start, count = self._names.spans(np.array([key], dtype=np.uint64))
        rows = self._names.rows(int(start[0]), int(count[0]))
        return next((row for row in reversed(rows) if self._records.claim(row).claim_ref == claim_ref), None)

    def find(self, keys: Sequence[int], caps: Sequence[int]) -> list[tuple[list[int], int]]:
        """For each key its rows (none where there are more than its cap) and how many there are."""
        return self._find(self._names, self._later_names, keys, caps)

    def find_references(self, keys: Sequence[int], caps: Sequence[int]) -> list[tuple[list[int], int]]:
        return self._find(self._references, self._later_references, keys, caps)

    def _find(
        self, built: Postings, later: GrowingPostings, keys: Sequence[int], caps: Sequence[int]
    ) -> list[tuple[list[int], int]]:
        if not keys:
            return []
        starts, counts = built.spans(np.array(keys, dtype=np.uint64))
        found: list[tuple[list[int], int]] = []
        grown = len(later) > 0
        for key, cap, start, count in zip(keys, caps, starts.tolist(), counts.tolist(), strict=True):
            rows = built.rows(start, count) if 0 < count <= cap else []
            if grown and (new := later.get(key)):
                count += len(new)
                rows = rows + new if count <= cap else []
            if rows and self._replaced:
                rows = [row for row in rows if row not in self._replaced]
            found.append((rows, count))
        return found

    def count(self, keys: Sequence[int]) -> list[int]:
        return [count for _, count in self.find(keys, [0] * len(keys))]


def build_portfolio(claims: Iterable[Claim], folder: Path | None) -> Portfolio:
    arrays = build_arrays(claims)
    if folder is None:
        return Portfolio.of(arrays)
    write_arrays(arrays, folder)
    del arrays
    return Portfolio.open(folder)
