"""The practice set's cheques, read page by page."""

from __future__ import annotations

import json
import os
import time
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
from PIL import Image, ImageSequence

from models.cheque import DEFECTS, ChequeReading
from models.money import cents_from_decimal
from ocr.cheque import ChequeReader

Picture = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def pages_of(path: Path) -> Iterator[tuple[Picture, float]]:
    """The pages of a scan in grey, each with its resolution."""
    if path.suffix == ".pdf":
        for page in pypdfium2.PdfDocument(str(path)):
            pictures = [thing for thing in page.get_objects() if thing.type == 3]
            dpi = round(pictures[0].get_bitmap().width / page.get_width() * 72) if pictures else 200
            yield np.asarray(page.render(scale=dpi / 72).to_pil().convert("L")), float(dpi)
    else:
        for frame in ImageSequence.Iterator(Image.open(path)):
            yield np.asarray(frame.convert("L")), float((frame.info.get("dpi") or (200, 200))[0])


Truth = dict[str, Any]


def scans_of(folder: Path) -> dict[str, dict[str, Truth]]:
    """By scanned file: its cheques by their lines."""
    files: dict[str, dict[str, Truth]] = {}
    for row in (folder / "truth.jsonl").read_text("utf-8").splitlines():
        item = json.loads(row)
        if item["channel"] == "scan":
            cheques = files.setdefault(item["file"], {})
            if item["cheque"]:
                cheques[item["cheque"]["cmc7"]] = item["cheque"]
    return files


class Tally:
    """Hits by name."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = {}
        self.surely_wrong: list[str] = []

    def note(self, name: str, hit: bool) -> None:
        counts = self.counts.setdefault(name, [0, 0])
        counts[0] += hit
        counts[1] += 1

    def cheque(self, reading: ChequeReading, truth: Truth) -> None:
        """Compare one reading with what was written."""
        amount = cents_from_decimal(str(truth["amount"]))
        if "amounts_differ" not in truth["defects"]:
            self.note("amount right", reading.believed_amount == amount)
            if reading.amount_confidence >= 0.99:
                self.note("amount given at 0.99 or more right", reading.amount == amount)
                if reading.amount != amount:
                    self.surely_wrong.append(f"{reading.amount} for {amount}")
        self.note("date right", str(reading.date) == truth["date"])
        self.note("signature right", reading.signed is truth["signed"])
        self.note("key right", reading.line is not None and reading.line.rlmc_printed == truth["rlmc_key"])
        for defect in truth["defects"]:
            self.note("defects named", defect in [str(problem) for problem in reading.problems])
        if not truth["defects"]:
            self.note("good cheques without a false defect", not DEFECTS & set(reading.problems))


def practice() -> Iterator[str]:
    """The practice set's cheques; skipped loudly without the folder."""
    folder = Path(os.environ.get("MAILROOM_SHARED", "../shared")) / "practice"
    if not folder.exists():
        yield f"  SKIPPED: no practice folder at {folder}"
        return
    own = tomllib.loads((folder / "agency.toml").read_text("utf-8"))
    reader = ChequeReader((own["name"], *own["also_written"]))
    tally, invented = Tally(), 0
    spent: dict[bool, list[float]] = {True: [], False: []}  # by whether a cheque was on the page
    for name, cheques in sorted(scans_of(folder).items()):
        missing = dict(cheques)
        days = [date.fromisoformat(cheque["date"]) for cheque in cheques.values()]
        received = max(days, default=date(2026, 6, 1)) + timedelta(days=4)
        for picture, dpi in pages_of(folder / "inbox" / name):
            start = time.process_time()
            readings = reader.read(picture, dpi, 1, received)
            spent[bool(readings)].append(time.process_time() - start)
            for reading in readings:
                truth = missing.pop(reading.line.text if reading.line else "", None)
                invented += truth is None
                if truth is not None:
                    tally.cheque(reading, truth)
        for line in cheques:
            tally.note("line exact", line not in missing)
    for label, (hits, of) in sorted(tally.counts.items()):
        yield f"  {label:36s} {hits}/{of}"
    for row in tally.surely_wrong:
        yield f"  WRONG AT 0.99 OR MORE: {row}"
    yield f"  cheques invented or misread lines    {invented}"
    for there, seconds in spent.items():
        numbers = f"median {np.median(seconds):.3f}, worst {max(seconds):.3f} ({len(seconds)} pages)"
        yield f"  CPU seconds on a page {'with a cheque ' if there else 'without cheque'} {numbers}"
