"""Draw training crops into shards on disk: `python -m training.cheques.make_samples FOLDER CHEQUES BOXES` (shards)."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import cv2
import numpy as np

from training.cheques.boxes import box_sample
from training.cheques.samples import samples

CHEQUES_A_SHARD = 250
BOXES_A_SHARD = 1000
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
    cv2.setNumThreads(1)
    for number in range(shards):
        target = folder / f"shard-boxes-{number:03d}.pickle"
        if not target.exists():
            random = np.random.default_rng([SEED, 77, number])
            made = [(one.crop, one.label, one.kind) for one in (box_sample(random) for _ in range(BOXES_A_SHARD))]
            scratch = target.with_suffix(".part")
            scratch.write_bytes(pickle.dumps(made, protocol=5))
            scratch.replace(target)


if __name__ == "__main__":
    make_boxes(Path(sys.argv[1]), int(sys.argv[3]))
    make_shards(Path(sys.argv[1]), int(sys.argv[2]))
