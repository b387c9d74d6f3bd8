"""How well cheques are read: CMC-7 lines by condition, amounts on drawn cheques, the practice set, CPU a page.

`python bench/cheques.py [--lines N] [--cheques N] [--every-amount]`; writes bench/results/cheques.txt and a curve of
acceptance against error (cheques.png, table in the text). Fonts and digits are those training never draws on; they
come from public packages on the first run. The practice folder is looked for below MAILROOM_SHARED (../shared).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
from PIL import Image, ImageSequence

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.cheque import DEFECTS, ChequeProblem, ChequeReading
from models.money import cents_from_decimal
from ocr.cheque import ChequeReader, amount_words
from ocr.cheque.find import find_cheques
from ocr.cheque.line import combined
from training.cheques import paper, samples, texts
from training.cheques.bottom_strips import CONDITIONS, strip_page

RESULTS = Path(__file__).resolve().parent / "results"
OURS = ("Cabinet Bréhat Recouvrement", "Cabinet Bréhat")
SEED = 9_001


@dataclass(frozen=True, slots=True)
class Judged:
    """One drawn cheque after reading."""

    truth: int
    worded: int  # differs from `truth` on a cheque that contradicts itself
    reading: ChequeReading | None
    seconds: float
    day: date
    signed: bool
    ours: bool


def lines(count: int) -> Iterator[str]:
    """Exact lines by condition, and lines vouched for that are wrong."""
    reader = ChequeReader()
    total = wrong_total = 0
    for condition in CONDITIONS:
        exact = vouched = wrong = 0
        for number in range(count):
            random = np.random.default_rng([SEED, number])
            text = paper.random_line(random)
            page, _, _ = strip_page(text, condition, random)
            found = [one for one in find_cheques(page, condition.dpi, reader.shapes) if one.decoded]
            line = combined(found[0], reader.shapes, None) if found else None
            exact += line is not None and line.text == text
            vouched += line is not None and line.vouched
            wrong += line is not None and line.vouched and line.text != text
        total, wrong_total = total + count, wrong_total + wrong
        rates = f"exact {exact / count:7.2%}   vouched {vouched / count:7.2%}   vouched and wrong {wrong}"
        yield f"  {condition.name:22s} {rates}"
    yield f"  lines read {total}, vouched for and wrong {wrong_total} (no printed key used)"


def drawn(count: int) -> list[Judged]:
    """Read `count` cheques by writers, fonts and digits that training never sees; some are defective on purpose."""
    reader = ChequeReader(OURS)
    out = []
    for number in range(count):
        random = np.random.default_rng([SEED, 5, number])
        draw = random.random()
        differ, signed, ours = draw < 0.06, not 0.06 <= draw < 0.11, not 0.11 <= draw < 0.16
        writing = texts.random_writing(random, payees=OURS if ours else (), differ=differ)
        cheque = paper.draw_cheque(writing, paper.random_hand(random, held_out=True), random, signed=signed)
        scan = samples.scan(cheque, random, hard=float(random.beta(1.0, 1.6)))
        start = time.process_time()
        readings = reader.read(scan.page, scan.dpi, 1, writing.day + timedelta(days=5))
        seconds = time.process_time() - start
        reading = readings[0] if readings else None
        out.append(Judged(writing.amount, writing.words_amount, reading, seconds, writing.day, signed, ours))
    return out


def summary(cheques: list[Judged]) -> Iterator[str]:
    """Rates on drawn cheques; the curve follows in `curve`."""
    sound = [one for one in cheques if one.truth == one.worded]
    read = [one for one in sound if one.reading is not None]
    best = [one.reading for one in read if one.reading is not None]

    def rate(hits: int, of: int) -> str:
        return f"{hits}/{of} = {hits / max(of, 1):.1%}"

    pairs = list(zip(best, [one.truth for one in read], strict=True))
    yield f"  found                      {rate(sum(one.reading is not None for one in cheques), len(cheques))}"
    yield f"  joint exact                {rate(sum(r.amount == t for r, t in pairs), len(sound))}"
    yield f"  figures alone              {rate(sum(r.amount_figures == t for r, t in pairs), len(sound))}"
    yield f"  words alone                {rate(sum(r.amount_words == t for r, t in pairs), len(sound))}"
    accepted = [(r, t) for r, t in pairs if r.amount_confidence >= 0.99]
    wrong = sum(r.amount != t for r, t in accepted)
    yield f"  accepted (0.99 or more)    {rate(len(accepted), len(sound))}, wrong {wrong}"
    days = sum(one.reading is not None and one.reading.date == one.day for one in sound)
    yield f"  date right                 {rate(days, len(sound))}"
    seen = [(one, one.reading) for one in cheques if one.reading is not None]
    yield f"  signature right            {rate(sum(r.signed is one.signed for one, r in seen), len(seen))}"
    differing = [r for one, r in seen if one.truth != one.worded]
    named = sum(ChequeProblem.AMOUNTS_DIFFER in r.problems for r in differing)
    booked = sum(r.amount is not None and r.amount_confidence >= 0.99 for r in differing)
    yield f"  words and figures differ   named {rate(named, len(differing))}, accepted {booked}"
    strangers = [r for one, r in seen if not one.ours and one.truth == one.worded]
    named = sum(ChequeProblem.WRONG_PAYEE in r.problems for r in strangers)
    booked = sum(r.sound and r.amount_confidence >= 0.99 for r in strangers)
    yield f"  made out to another        named {rate(named, len(strangers))}, looks sound {booked}"
    ours = [r for one, r in seen if one.ours]
    yield f"  ours called another's      {rate(sum(ChequeProblem.WRONG_PAYEE in r.problems for r in ours), len(ours))}"
    yield f"  CPU seconds a page         median {np.median([one.seconds for one in cheques]):.2f}"


def curve(cheques: list[Judged]) -> list[tuple[float, float, float]]:
    """(confidence, accepted share, wrong share of all) at falling confidence, contradicting cheques included."""
    points = []
    scores = [(one.reading.amount_confidence, one) for one in cheques if one.reading and one.reading.amount is not None]
    for level in sorted({round(score, 3) for score, _ in scores}, reverse=True):
        taken = [one for score, one in scores if round(score, 3) >= level]
        wrong = sum(
            one.reading is not None and (one.reading.amount != one.truth or one.truth != one.worded) for one in taken
        )
        points.append((level, len(taken) / len(cheques), wrong / len(cheques)))
    return points


def draw_curve(points: list[tuple[float, float, float]], path: Path) -> None:
    """A plain picture: acceptance to the right, error upwards (0 to 5 per cent)."""
    picture = np.full((420, 640), 255, np.uint8)
    cv2.rectangle(picture, (60, 20), (620, 370), 0, 1)
    spots = [(60 + round(560 * share), 370 - round(350 * min(wrong / 0.05, 1.0))) for _, share, wrong in points]
    if len(spots) > 1:
        cv2.polylines(picture, [np.asarray(spots, np.int32).reshape(-1, 1, 2)], False, 0, 2, cv2.LINE_AA)
    for spot in spots:
        cv2.circle(picture, spot, 4, 0, -1, cv2.LINE_AA)
    for text, place in (("accepted 0..100 %", (250, 400)), ("5 %", (20, 30)), ("wrong", (5, 200)), ("0", (40, 372))):
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1, cv2.LINE_AA)
    cv2.imwrite(str(path), picture)


def every_amount() -> Iterator[str]:
    """0.00 to 9,999.99 written in words and read back, spelling by spelling in turn."""
    styles = ("et centimes", "centimes", "bare", "figures", "et figures", "cts")
    wrong = 0
    for cents in range(1_000_000):
        text = amount_words.write(
            cents, hyphens=("traditional", "reform", "none")[cents % 3], style=styles[cents // 3 % 6]
        )
        wrong += amount_words.parse(text) != cents
    yield f"  1,000,000 amounts written and read back, wrong {wrong}"


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

    def note(self, name: str, hit: bool) -> None:
        counts = self.counts.setdefault(name, [0, 0])
        counts[0] += hit
        counts[1] += 1

    def cheque(self, reading: ChequeReading, truth: Truth) -> None:
        """Compare one reading with what was written."""
        amount = cents_from_decimal(str(truth["amount"]))
        if "amounts_differ" not in truth["defects"]:
            self.note("amount right", reading.amount == amount)
            if reading.amount_confidence >= 0.99:
                self.note("amount given at 0.99 or more right", reading.amount == amount)
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
    tally, invented, others = Tally(), 0, []
    for name, cheques in sorted(scans_of(folder).items()):
        missing = dict(cheques)
        days = [date.fromisoformat(cheque["date"]) for cheque in cheques.values()]
        received = max(days, default=date(2026, 6, 1)) + timedelta(days=4)
        for picture, dpi in pages_of(folder / "inbox" / name):
            start = time.process_time()
            readings = reader.read(picture, dpi, 1, received)
            others += [] if readings else [time.process_time() - start]
            for reading in readings:
                truth = missing.pop(reading.line.text if reading.line else "", None)
                invented += truth is None
                if truth is not None:
                    tally.cheque(reading, truth)
        for line in cheques:
            tally.note("line exact", line not in missing)
    for label, (hits, of) in sorted(tally.counts.items()):
        yield f"  {label:36s} {hits}/{of}"
    yield f"  cheques invented or misread lines    {invented}"
    spent = f"mean {np.mean(others):.3f}, worst {max(others):.3f} ({len(others)} pages)"
    yield f"  CPU seconds on a page without cheque {spent}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=500, help="lines a condition")
    parser.add_argument("--cheques", type=int, default=2000)
    parser.add_argument("--every-amount", action="store_true")
    wanted = parser.parse_args()
    cv2.setNumThreads(1)
    RESULTS.mkdir(exist_ok=True)
    report = [f"Cheques, {date.today():%Y-%m-%d}: {wanted.lines} lines a condition, {wanted.cheques} drawn cheques", ""]

    def section(title: str, rows: Iterator[str]) -> None:
        report.append(title)
        print(title, flush=True)
        for row in rows:
            report.append(row)
            print(row, flush=True)
        (RESULTS / "cheques.txt").write_text("\n".join(report) + "\n", "utf-8")

    section("Practice set", practice())
    cheques = drawn(wanted.cheques)
    section("Drawn cheques, held-out fonts and digits, 100 to 300 dpi, clean to hard", summary(cheques))
    points = curve(cheques)
    section(
        "Acceptance against error", iter([f"  from {c:.3f}: accepted {a:6.1%}  wrong {w:.2%}" for c, a, w in points])
    )
    draw_curve(points, RESULTS / "cheques.png")
    section("CMC-7 lines, held-out renderings", lines(wanted.lines))
    if wanted.every_amount:
        section("Amounts in words", every_amount())


if __name__ == "__main__":
    main()
