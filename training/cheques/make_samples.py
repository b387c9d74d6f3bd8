"""Draw training crops into shards on disk, several at once.

`python -m training.cheques.make_samples FOLDER CHEQUES BOXES WORDS ZONES` (numbers of shards).
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from training.cheques.boxes import box_sample
from training.cheques.pen import Random
from training.cheques.samples import Sample, samples
from training.cheques.word_strips import word_sample
from training.cheques.word_zones import zone_samples

CHEQUES_A_SHARD = 250
PATCHES_A_SHARD = 1000
SEED = 20_261_122
_PATCHES: dict[str, tuple[int, Callable[[Random], Iterator[Sample]]]] = {
    "boxes": (77, lambda random: iter([box_sample(random)])),  # amount boxes alone
    "words": (78, lambda random: iter([word_sample(random)])),  # lines of words alone
    "zones": (79, zone_samples),  # both lines of words where they stand on the cheque, an empty second line too
}
KINDS = ("cheques", *_PATCHES)
Shard = tuple[Path, str, int]


def missing(folder: Path, wanted: dict[str, int]) -> Sequence[Shard]:
    """Shards that are not there yet: (folder, kind, number), `wanted` of each kind."""
    shards = [(folder, kind, number) for kind, count in wanted.items() for number in range(count)]
    return [one for one in shards if not _path(one).exists()]


def draw(shard: Shard) -> str:
    """Draw one shard, complete or absent; returns its name."""
    cv2.setNumThreads(1)
    _, kind, number = shard
    made = [(sample.crop, sample.label, sample.kind) for sample in _samples(kind, number)]
    target = _path(shard)
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_suffix(".part")
    scratch.write_bytes(pickle.dumps(made, protocol=5))
    scratch.replace(target)
    return target.stem


def _path(shard: Shard) -> Path:
    folder, kind, number = shard
    return folder / (f"shard-{number:03d}.pickle" if kind == "cheques" else f"shard-{kind}-{number:03d}.pickle")


def _samples(kind: str, number: int) -> Iterator[Sample]:
    if kind == "cheques":
        return samples(SEED + number, CHEQUES_A_SHARD)
    key, draw_some = _PATCHES[kind]
    random = np.random.default_rng([SEED, key, number])
    return islice((one for _ in range(PATCHES_A_SHARD) for one in draw_some(random)), PATCHES_A_SHARD)


if __name__ == "__main__":
    for one in missing(Path(sys.argv[1]), dict(zip(KINDS, map(int, sys.argv[2:6]), strict=True))):
        print(draw(one), flush=True)
