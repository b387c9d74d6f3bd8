"""One pass over the claims: arrays to be mapped by every worker, written beside the old ones and switched at once."""

from __future__ import annotations

import gc
import json
import os
import shutil
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from matching.hashing import variant_keys
from matching.keys import claim_texts
from matching.plain import folded
from matching.postings import Postings, PostingsBuilder
from matching.profile import Profile, profile_of
from matching.records import encode
from matching.shapes import ReferenceShapes, ShapeLearner
from models.claim import Claim
from models.errors import Unavailable

FORMAT = 4
LONGEST_REFERENCE = 40
SHORTEST_REFERENCE = 4
_CHUNK = 50_000
_POINTER = "current.json"


@dataclass(slots=True)
class Tally:
    """Values few enough to be counted by name."""

    first_names: Counter[str] = field(default_factory=Counter)
    postcodes: Counter[str] = field(default_factory=Counter)
    towns: Counter[str] = field(default_factory=Counter)
    creditors: Counter[str] = field(default_factory=Counter)

    def add(self, profile: Profile) -> None:
        for name in profile.first_names:
            self.first_names[name] += 1
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
    names: Postings
    references: Postings
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
        self._names.add(claim_texts(profile), row)
        for _, value, _ in profile.references:
            if SHORTEST_REFERENCE <= len(value) <= LONGEST_REFERENCE:
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
            names=Postings(self._names.finish()),
            references=Postings(self._references.finish()),
            content=np.frombuffer(bytes(self._content), dtype=np.uint8),
            ends=np.array(self._ends, dtype=np.uint64),
            shapes=ReferenceShapes(self._learner.shapes()),
            tally=self._tally,
        )


def build_arrays(claims: Iterable[Claim]) -> BuiltArrays:
    """One pass. A claim_ref that comes twice: the later row wins."""
    builder = _Builder()
    with _no_collector():
        for claim in claims:
            builder.add(claim)
    return builder.finish()


@contextmanager
def _no_collector() -> Iterator[None]:
    """Nothing here refers in circles: the cycle collector would walk the same lists hundreds of times."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def write_arrays(arrays: BuiltArrays, folder: Path) -> Path:
    """A new generation beside the old one, then one switch: a reader never sees half of each.

    Workers that map the old generation keep it until they open the folder again.
    """
    generation = folder / uuid.uuid4().hex[:12]
    generation.mkdir(parents=True)
    arrays.names.write(generation, "names")
    arrays.references.write(generation, "references")
    np.save(generation / "records.npy", arrays.content)
    np.save(generation / "record_ends.npy", arrays.ends)
    meta = {"shapes": arrays.shapes.as_json(), "tally": arrays.tally.as_json()}
    (generation / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    aside = folder / f"{generation.name}.new"
    aside.write_text(json.dumps({"format": FORMAT, "generation": generation.name}), encoding="utf-8")
    os.replace(aside, folder / _POINTER)
    for old in folder.iterdir():
        if old.is_dir() and old != generation:
            shutil.rmtree(old, ignore_errors=True)
    return generation


def current_generation(folder: Path) -> Path:
    """Where the arrays lie. Raises `Unavailable` where there are none of this version."""
    try:
        pointer = json.loads((folder / _POINTER).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unavailable(f"no claim index in {folder}", "build it again") from error
    generation = folder / str(pointer.get("generation"))
    if pointer.get("format") != FORMAT or not (generation / "meta.json").exists():
        raise Unavailable(f"the claim index in {folder} is of another version or incomplete", "build it again")
    return generation
