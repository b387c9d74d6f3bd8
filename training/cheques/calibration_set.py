"""Drawn cheques of the calibration part as the readers see them, kept so that decoding can be fitted again quickly.

`python -m training.cheques.calibration_set FILE COUNT` draws, scans, finds and looks; about a CPU second a cheque.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from models.money import Cents
from ocr.cheque import fields
from ocr.cheque.alphabet import FIGURES
from ocr.cheque.characters import CharacterReader
from ocr.cheque.find import find_cheques
from ocr.cheque.geometry import Floats, straighten
from ocr.cheque.recogniser import folded_scores, own_network, page_network
from ocr.cheque.sheet import AmountCrops, Sheet, amount_crops
from training.cheques import paper, samples, texts

SEED = 4_711
_CONTRADICTING = 0.12
_BLOCK = 50  # cheques a task


@dataclass(frozen=True, slots=True)
class Kept:
    """One cheque: what is written, the page network's output for the box, and the crops for our own networks."""

    figures_cents: Cents
    words_cents: Cents
    page_figures: dict[str, Floats]
    crops: AmountCrops


def kept_cheques(numbers: Sequence[int], part: str = "calibration", seed: int = SEED) -> Iterator[Kept]:
    """The same seed and number draw the same cheque. Cheques that are not found are left out."""
    cv2.setNumThreads(1)
    shapes = own_network("characters")
    characters = CharacterReader(shapes) if shapes else None
    network = page_network()
    for number in numbers:
        random = np.random.default_rng([seed, number])
        writing = texts.random_writing(random, differ=random.random() < _CONTRADICTING)
        cheque = paper.draw_cheque(writing, paper.random_hand(random, part), random)
        scan = samples.scan(cheque, random, hard=float(random.beta(1.0, 1.6)))
        found = [one for one in find_cheques(scan.page, scan.dpi, characters) if one.decoded is not None]
        if not found:
            continue
        ink = fields.ink_picture(straighten(scan.page, found[0].frame))
        sheet = Sheet(found[0], ink, fields.find_layout(ink), (), (scan.page.shape[1], scan.page.shape[0]))
        seen = {"page": folded_scores(network.read([sheet.figures_crop()])[0], FIGURES)} if network else {}
        yield Kept(writing.amount, writing.words_amount, seen, amount_crops(sheet))


def write(target: Path, count: int, processes: int = 1) -> None:
    """Keep `count` cheques in a file; shows how far it is."""
    blocks = [range(first, min(first + _BLOCK, count)) for first in range(0, count, _BLOCK)]
    made: list[Kept] = []
    with get_context("spawn").Pool(processes) as pool:
        for done, block in enumerate(pool.imap(_block, blocks), start=1):
            made.extend(block)
            print(f"{done} of {len(blocks)} blocks of {_BLOCK} cheques", flush=True)
    target.write_bytes(pickle.dumps(made, protocol=5))


def _block(numbers: range) -> list[Kept]:
    return list(kept_cheques(numbers))


if __name__ == "__main__":
    from training.cheques import calibration_set  # so that what is pickled names this module, not __main__

    calibration_set.write(Path(sys.argv[1]), int(sys.argv[2]))
