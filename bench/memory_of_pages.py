"""Memory over many pages: one reading worker, the same few drawn pages over and over, its resident memory as a table.

    python -m bench.memory_of_pages [--pages N]

Every file is a letter of another tilt and grain, so that nothing is read from a cache. About a CPU second a page.
"""

from __future__ import annotations

import argparse
import io
from datetime import date
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from models.agency import Agency
from pipelines.workers import ReadingPool
from tests.ocr.paper import grainy, tilted, typed_page

RESULTS = Path(__file__).parent / "results" / "memory.txt"
EVERY = 100  # pages a row
DAY = date(2026, 11, 2)


def drawn(seed: int) -> bytes:
    dice = np.random.default_rng(seed)
    page = grainy(tilted(typed_page(points=float(dice.uniform(9, 13))), float(dice.uniform(-3, 3))), 6, seed)
    out = io.BytesIO()
    Image.fromarray(page).save(out, "PNG", dpi=(200, 200), compress_level=1)
    return out.getvalue()


def resident() -> float:
    """MB of all workers together."""
    return sum(child.memory_info().rss for child in psutil.Process().children(recursive=True)) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2000)
    given = parser.parse_args()
    rows = [f"{'pages':>8}{'MB of the worker':>18}"]
    with ReadingPool(1, agency=Agency()) as pool:
        for number in range(1, given.pages + 1):
            pool.read(f"{number}.png", drawn(number), None, DAY).result()
            if number == 1 or number % EVERY == 0:
                rows.append(f"{number:8d}{resident():18.0f}")
                print(rows[-1], flush=True)
                RESULTS.write_text("\n".join(rows) + "\n", "utf-8")  # a run broken off has shown something


if __name__ == "__main__":
    main()
