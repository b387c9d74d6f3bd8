"""Draw training crops into shards on disk.

`python -m training.cheques.make_samples FOLDER CHEQUES BOXES WORDS ZONES` (numbers of shards).
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from training.cheques.boxes import box_sample
from training.cheques.pen import Random
from training.cheques.samples import Sample, samples
from training.cheques.scanner import Gray
from training.cheques.word_strips import word_sample
from training.cheques.word_zones import zone_samples

CHEQUES_A_SHARD = 250
PATCHES_A_SHARD = 1000
SEED = 20_261_122


def make_shards(folder: Path, shards: int) -> None:
    """Write shards that are not there yet; each is complete or absent."""
    cv2.setNumThreads(1)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(shards):
        target = folder / f"shard-{number:03d}.pickle"
        if target.exists():
            continue
        made = [(sample.crop, sample.label, sample.kind) for sample in samples(SEED + number, CHEQUES_A_SHARD)]
        scratch = target.with_suffix(".part")
        scratch.write_bytes(pickle.dumps(made, protocol=5))
        scratch.replace(target)


def make_boxes(folder: Path, shards: int) -> None:
    """Shards of amount boxes alone, for the figures."""
    _make_patches(folder, "boxes", shards, lambda random: iter([box_sample(random)]), 77)


def make_words(folder: Path, shards: int) -> None:
    """Shards of lines of words alone."""
    _make_patches(folder, "words", shards, lambda random: iter([word_sample(random)]), 78)


def make_zones(folder: Path, shards: int) -> None:
    """Shards of both lines of words where they stand on the cheque, an empty second line too."""
    _make_patches(folder, "zones", shards, zone_samples, 79)


def _make_patches(folder: Path, name: str, shards: int, draw: Callable[[Random], Iterator[Sample]], key: int) -> None:
    cv2.setNumThreads(1)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(shards):
        target = folder / f"shard-{name}-{number:03d}.pickle"
        if not target.exists():
            random = np.random.default_rng([SEED, key, number])
            made: list[tuple[Gray, str, str]] = []
            while len(made) < PATCHES_A_SHARD:
                made.extend((one.crop, one.label, one.kind) for one in draw(random))
            scratch = target.with_suffix(".part")
            scratch.write_bytes(pickle.dumps(made, protocol=5))
            scratch.replace(target)


if __name__ == "__main__":
    make_boxes(Path(sys.argv[1]), int(sys.argv[3]))
    make_words(Path(sys.argv[1]), int(sys.argv[4]))
    make_zones(Path(sys.argv[1]), int(sys.argv[5]))
    make_shards(Path(sys.argv[1]), int(sys.argv[2]))
