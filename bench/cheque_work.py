"""The pieces of the cheque bench: one line or one drawn cheque each, over several processes, kept as they come.

What is done is appended to a file named after the networks and the code that reads, so that a broken run goes on.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np

import ocr.cheque
from models.cheque import ChequeProblem
from ocr.cheque import ChequeReader, amount_words
from ocr.cheque.cmc7 import CHARACTER_HEIGHT, LINE_LENGTH
from ocr.cheque.find import find_cheques
from ocr.cheque.geometry import FRAME_SCALE, Frame, Gray, Zone, cut
from ocr.cheque.line import combined
from training.cheques import paper, samples, texts
from training.cheques.bottom_strips import CONDITIONS, strip_page

OURS = ("Cabinet Bréhat Recouvrement", "Cabinet Bréhat")
SEED = 9_001
HYPHENS = ("traditional", "reform", "none")
STYLES = ("et centimes", "centimes", "bare", "figures", "et figures", "cts")
_LEAST_DARK = 0.04  # share of a line's rectangle
SPELLINGS_A_TASK = 5_000  # amounts
Done = dict[str, Any]


@lru_cache(maxsize=1)
def _reader() -> ChequeReader:
    cv2.setNumThreads(1)
    return ChequeReader(OURS)


def read_line(task: tuple[int, int]) -> Done:
    """One drawn line: (place of its condition in CONDITIONS, number). Only the strip at the cheque's foot is drawn."""
    at, number = task
    reader, condition = _reader(), CONDITIONS[at]
    random = np.random.default_rng([SEED, number])
    text = paper.random_line(random)
    page, scale, place = strip_page(text, condition, random)
    found = [one for one in find_cheques(page, condition.dpi, reader.shapes) if one.decoded]
    line = combined(found[0], reader.shapes, None) if found else None
    return {
        "task": list(task),
        "exact": line is not None and line.text == text,
        "vouched": line is not None and line.vouched,
        "wrong": line is not None and line.vouched and line.text != text,
        "blank": _is_blank(page, scale, place),
    }


def _is_blank(page: Gray, scale: float, place: tuple[float, float, float]) -> bool:
    """A picture in two tones on which next to nothing of the line is left; whole lines darken some 30 per cent."""
    x, y, angle = place
    half = CHARACTER_HEIGHT / 2 * scale
    corner = Frame((float(x + half * np.sin(angle)), float(y - half * np.cos(angle))), angle, scale)
    where = cut(page, corner, Zone(0.0, 0.0, LINE_LENGTH, CHARACTER_HEIGHT), FRAME_SCALE)
    return len(np.unique(page)) <= 2 and float((where < 128).mean()) < _LEAST_DARK


def read_cheque(task: tuple[int, int]) -> Done:
    """One drawn cheque by a writer of the test part; some are defective on purpose."""
    random = np.random.default_rng([SEED, 5, task[1]])
    draw = random.random()
    differ, signed, ours = draw < 0.06, not 0.06 <= draw < 0.11, not 0.11 <= draw < 0.16
    writing = texts.random_writing(random, payees=OURS if ours else (), differ=differ)
    cheque = paper.draw_cheque(writing, paper.random_hand(random, "test"), random, signed=signed)
    scan = samples.scan(cheque, random, hard=float(random.beta(1.0, 1.6)))
    reader = _reader()
    start = time.process_time()
    readings = reader.read(scan.page, scan.dpi, 1, writing.day + timedelta(days=5))
    done: Done = {"task": list(task), "seconds": time.process_time() - start, "dpi": scan.dpi}
    done |= {"truth": writing.amount, "worded": writing.words_amount, "signed": signed, "ours": ours}
    if readings:
        one = readings[0]
        done |= {"amount": one.amount, "sure": one.amount_confidence, "figures": one.amount_figures}
        done |= {"words": one.amount_words, "date right": one.date == writing.day, "said signed": one.signed}
        done |= {"differ": ChequeProblem.AMOUNTS_DIFFER in one.problems, "sound": one.sound}
        done |= {"another's": ChequeProblem.WRONG_PAYEE in one.problems, "payee open": one.payee_unconfirmed}
        done |= {"line right": one.line is not None and one.line.text == cheque.line}
    return done


def read_spellings(task: tuple[int, int]) -> Done:
    """A block of amounts written in one hyphenation and every way of joining the cents, and read back."""
    way, block = task
    count = wrong = 0
    for cents in range(block * SPELLINGS_A_TASK, (block + 1) * SPELLINGS_A_TASK):
        for style in STYLES if cents % 100 else STYLES[:1]:
            wrong += amount_words.parse(amount_words.write(cents, hyphens=HYPHENS[way], style=style)) != cents
            count += 1
    return {"task": list(task), "count": count, "wrong": wrong}


def all_done(
    name: str, work: Callable[[tuple[int, int]], Done], tasks: Sequence[tuple[int, int]], processes: int
) -> list[Done]:
    """Do what is not done yet, printing how far it is; answers in the order of `tasks`."""
    kept = Path(tempfile.gettempdir()) / f"mailroom-bench-{name}-{_code()}.jsonl"
    done = {tuple(one["task"]): one for one in _lines(kept)}
    missing = [task for task in tasks if task not in done]
    start = time.monotonic()
    if missing:
        with get_context("spawn").Pool(processes) as pool, kept.open("a", encoding="utf-8") as out:
            for count, one in enumerate(pool.imap_unordered(work, missing, chunksize=4), start=1):
                done[tuple(one["task"])] = one
                out.write(json.dumps(one) + "\n")
                out.flush()
                if count % 100 == 0:
                    rest = (time.monotonic() - start) / count * (len(missing) - count) / 60
                    print(f"  ... {name} {count} of {len(missing)}, about {rest:.0f} minutes left", flush=True)
    return [done[task] for task in tasks]


def _lines(path: Path) -> Iterator[Done]:
    if path.exists():
        for row in path.read_text("utf-8").splitlines():
            try:
                yield json.loads(row)
            except ValueError:  # the run broke off while it wrote
                continue


@lru_cache(maxsize=1)
def _code() -> str:
    """Digest of everything that reads and draws."""
    folders = (Path(ocr.cheque.__file__).parent, Path(paper.__file__).parent, Path(__file__).parent)
    digest = hashlib.sha256(os.fsencode(SEED.to_bytes(4, "big")))
    for folder in folders[:2]:
        for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.onnx"), *folder.rglob("amounts.json")]):
            digest.update(path.read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()[:12]


def upper(hits: int, of: int) -> float:
    """95 % upper bound (one-sided, Clopper-Pearson) of a rate."""
    if of == 0 or hits >= of:
        return 1.0
    low, high = hits / of, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        tail = math.fsum(_binomial(one, of, middle) for one in range(hits + 1))
        low, high = (middle, high) if tail > 0.05 else (low, middle)
    return high


def lower(hits: int, of: int) -> float:
    """95 % lower bound (one-sided, Clopper-Pearson) of a rate."""
    return 1.0 - upper(of - hits, of)


def _binomial(hits: int, of: int, rate: float) -> float:
    if not 0.0 < rate < 1.0:
        return float(hits == (of if rate else 0))
    ways = math.lgamma(of + 1) - math.lgamma(hits + 1) - math.lgamma(of - hits + 1)
    return math.exp(ways + hits * math.log(rate) + (of - hits) * math.log1p(-rate))
