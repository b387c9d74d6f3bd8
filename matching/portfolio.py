"""The portfolio as the matcher sees it: built once as arrays on disk, mapped by every worker, grown by deltas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import RLock

import numpy as np

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
from matching.hashing import variant_keys
from matching.keys import Block, block_key, claim_keys
from matching.plain import folded
from matching.postings import GrowingPostings, Postings
from matching.profile import profile_of
from matching.records import Records, decode, encode
from matching.shapes import ReferenceShapes
from models.claim import Claim


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
        self.payers: dict[str, dict[str, None]] = {}  # account -> claims it has paid

    @classmethod
    def of(cls, arrays: BuiltArrays) -> Portfolio:
        return cls(
            Postings(arrays.names), Postings(arrays.references), Records(arrays.content, arrays.ends),
            arrays.shapes, arrays.tally,
        )  # fmt: skip

    @classmethod
    def open(cls, folder: Path) -> Portfolio:
        at = current_generation(folder)
        meta = json.loads((at / "meta.json").read_text(encoding="utf-8"))
        return cls(
            Postings.open(at / "names.npy"),
            Postings.open(at / "references.npy"),
            Records.open(at),
            ReferenceShapes.from_json(meta["shapes"]),
            Tally.from_json(meta["tally"]),
            DeltaLog(at / "deltas.bin"),
        )

    @property
    def total(self) -> int:
        return self._built + len(self._later) - len(self._replaced)

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
