"""The portfolio as the matcher sees it: built once as arrays on disk, mapped by every worker, grown by deltas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import RLock

import numpy as np
import numpy.typing as npt

from matching.building import (
    LONGEST_REFERENCE,
    SHORTEST_REFERENCE,
    BuiltArrays,
    Tally,
    build_arrays,
    current_generation,
    write_arrays,
)
from matching.deltas import DeltaLog
from matching.hashing import Keys, key_of, variant_keys
from matching.keys import Block, block_text, claim_keys
from matching.plain import folded
from matching.postings import GrowingPostings, Postings
from matching.profile import profile_of
from matching.records import Records, decode, encode
from matching.shapes import ReferenceShapes
from models.claim import Claim

Caps = npt.NDArray[np.int64]
Hit = tuple[int, list[int], int]


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
        self._lock = RLock()
        self._row_of_later: dict[str, int] = {}
        self.payers: dict[str, dict[str, None]] = {}  # fingerprint of an account -> claims it has paid

    @classmethod
    def of(cls, arrays: BuiltArrays) -> Portfolio:
        return cls(arrays.names, arrays.references, Records(arrays.content, arrays.ends), arrays.shapes, arrays.tally)

    @classmethod
    def open(cls, folder: Path) -> Portfolio:
        at = current_generation(folder)
        meta = json.loads((at / "meta.json").read_text(encoding="utf-8"))
        return cls(
            Postings.open(at, "names"),
            Postings.open(at, "references"),
            Records.open(at),
            ReferenceShapes.from_json(meta["shapes"]),
            Tally.from_json(meta["tally"]),
            DeltaLog(at / "deltas.bin"),
        )

    @property
    def total(self) -> int:
        return self._built + len(self._later) - len(self._replaced)

    @property
    def changed(self) -> int:
        return len(self._later)

    # --- deltas ---------------------------------------------------------------------------------------------------

    def update(self, claims: Iterable[Claim]) -> None:
        """Claims that are here already, unchanged, are passed over: every process may bring the same news."""
        with self._lock:
            self._catch_up()
            news = [claim for claim in claims if not self._has(claim)]
            if self._log is None:
                for claim in news:
                    self._take(claim)
            else:
                self._log.append(encode(claim) for claim in news)
                self._catch_up()

    def catch_up(self) -> None:
        """Take in what other processes have appended."""
        with self._lock:
            self._catch_up()

    def _catch_up(self) -> None:
        if self._log is not None:
            for record in self._log.unread():
                self._take(decode(record))

    def _has(self, claim: Claim) -> bool:
        row = self.row_of(claim.claim_ref)
        return row is not None and self.claim_at(row) == claim

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
            if SHORTEST_REFERENCE <= len(value) <= LONGEST_REFERENCE:
                self._later_references.add((int(key) for key in variant_keys([folded(value)])[:, 0]), row)

    # --- looking up -----------------------------------------------------------------------------------------------

    def claim_at(self, row: int) -> Claim:
        return self._later[row - self._built] if row >= self._built else self._records.claim(row)

    def row_of(self, claim_ref: str) -> int | None:
        if claim_ref in self._row_of_later:
            return self._row_of_later[claim_ref]
        key = key_of(block_text(Block.CLAIM, claim_ref))
        _, starts, counts = self._names.hits(np.array([key], dtype=np.uint64))
        if not len(starts):
            return None
        rows = self._names.rows(int(starts[0]), int(counts[0]))
        return next((row for row in reversed(rows) if self._records.claim(row).claim_ref == claim_ref), None)

    def find(self, keys: Keys, caps: Caps) -> list[Hit]:
        """The keys that lead somewhere: the place in `keys`, the rows (none beyond the cap) and how many there are."""
        return self._find(self._names, self._later_names, keys, caps)

    def find_references(self, keys: Keys, caps: Caps) -> list[Hit]:
        return self._find(self._references, self._later_references, keys, caps)

    def _find(self, built: Postings, later: GrowingPostings, keys: Keys, caps: Caps) -> list[Hit]:
        if not len(keys):
            return []
        spans = {place: (start, count) for place, start, count in zip(*map(_listed, built.hits(keys)), strict=True)}
        known = keys.tolist() if len(later) else []
        found = []
        for place in sorted({*spans, *later.places(known)}):
            start, count = spans.get(place, (0, 0))
            new = later.get(known[place]) if known else []
            whole = count + len(new)
            rows = built.rows(start, count) + new if whole <= caps[place] else []
            if rows and self._replaced:
                rows = [row for row in rows if row not in self._replaced]
            found.append((place, rows, whole))
        return found

    def count(self, keys: Sequence[int]) -> list[int]:
        """How many rows each key has, replaced ones included."""
        asked = np.array(keys, dtype=np.uint64)
        if not len(asked):
            return []
        counts = np.zeros(len(asked), dtype=np.int64)
        places, _, sizes = self._names.hits(asked)
        counts[places] = sizes
        listed: list[int] = counts.tolist()
        for place in self._later_names.places(keys):
            listed[place] += len(self._later_names.get(keys[place]))
        return listed


def _listed(array: npt.NDArray[np.int64]) -> list[int]:
    listed: list[int] = array.tolist()
    return listed


def build_portfolio(claims: Iterable[Claim], folder: Path | None) -> Portfolio:
    arrays = build_arrays(claims)
    if folder is None:
        return Portfolio.of(arrays)
    write_arrays(arrays, folder)
    del arrays
    return Portfolio.open(folder)
