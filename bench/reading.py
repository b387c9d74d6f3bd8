"""Reading bench: word errors by level, CPU seconds a page by step, beside ocrmypdf, and one worker against two.

usage: python bench/reading.py [--only typed|handwritten] [--every N] [--no-second] [--no-ocrmypdf] [--no-workers]
                               [--dump FILE]

Reads the scanned items of the practice folder (environment MAILROOM_SHARED, default ../shared). Without it the bench
says so and ends with 0. Word errors are counted as the practice folder's score.py counts them: words of letters and
digits in lower case, over the whole item, cheques left out. Seconds are CPU seconds of the reading process.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.reading import PartKind
from ocr.documents import open_document
from ocr.images import PageImage
from ocr.page import PageRead, PageReader
from ocr.parts import kind_of_page
from ocr.prepare import rotated, turned
from ocr.second_reader import second_reader

SHARED = Path(os.environ.get("MAILROOM_SHARED", Path(__file__).resolve().parents[2] / "shared"))
INBOX = SHARED / "practice" / "inbox"


@dataclass
class Score:
    """Word errors and words, pages and seconds of one bucket."""

    wrong: int = 0
    words: int = 0
    pages: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return self.wrong / max(self.words, 1)


def words(text: str) -> list[str]:
    flat = unicodedata.normalize("NFKC", text or "").replace("\u2019", "'").replace("\u00a0", " ")
    return re.findall(r"\w+", flat.replace("\u202f", " ").lower())


def edit_distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Levenshtein distance between two sequences."""
    row = list(range(len(other) + 1))
    for i, x in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def items(only: str | None) -> list[dict[str, Any]]:
    """Scanned items of the practice truth whose words are scored."""
    lines = (SHARED / "practice" / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    chosen = [item for item in map(json.loads, lines) if item["channel"] == "scan" and not item.get("duplicate_of")]
    chosen = [item for item in chosen if item.get("text") and not item.get("cheque")]
    return [item for item in chosen if only is None or bool(item.get("handwritten")) == (only == "handwritten")]


def images_of(item: dict[str, Any]) -> Iterator[tuple[int, PageImage]]:
    path = INBOX / item["file"]
    document = open_document(path.name, path.read_bytes())
    first, last = item.get("pages") or (1, document.page_count)
    for number in range(first, last + 1):
        image = document.page(number).image
        if image is not None:
            yield number, image


def bucket_of(item: dict[str, Any]) -> str:
    return f"{'handwritten' if item.get('handwritten') else 'typed'}, {item.get('level')}"


def read_all(
    reader: PageReader, chosen: Sequence[dict[str, Any]]
) -> tuple[dict[str, Score], dict[str, float], list[Any]]:
    """Scores by bucket, seconds by step over all pages, and what was read for `--dump`."""
    scores: dict[str, Score] = defaultdict(Score)
    steps: dict[str, float] = defaultdict(float)
    told = []
    for item in chosen:
        texts, score = [], scores[bucket_of(item)]
        for number, image in images_of(item):
            read = reader.read(image, number)
            kind, detail = kind_of_page(read.page, read.upright)
            score.pages += 1
            score.seconds += sum(read.seconds.values())
            for step, spent in read.seconds.items():
                steps[step] += spent
            if kind not in (PartKind.SEPARATOR, PartKind.BLANK):
                texts.append(read.page.text)
            told.append(_told(item, number, read, kind, detail))
        wanted, got = words(item["text"]), words("\n".join(texts))
        wrong = edit_distance(wanted, got)
        score.wrong += wrong
        score.words += len(wanted)
        told.append(
            {"id": item["id"], "bucket": bucket_of(item), "wrong": wrong, "words": len(wanted), "text": item["text"]}
        )
    return scores, steps, told


def _told(item: dict[str, Any], number: int, read: PageRead, kind: PartKind, detail: str) -> dict[str, Any]:
    page = read.page
    place = number - (item.get("pages") or [1])[0]
    return {
        "id": item["id"],
        "page": number,
        "true_kind": (item.get("page_kinds") or [])[place : place + 1],
        "true_rotation": (item.get("rotation") or [])[place : place + 1],
        "kind": kind.value,
        "detail": detail,
        "rotation": page.rotation,
        "skew": page.skew,
        "confidence": page.confidence,
        "engine": page.engine,
        "handwritten": page.handwritten,
        "ticks": [tick.label for tick in page.ticks],
        "barcodes": [barcode.text for barcode in page.barcodes],
        "seconds": read.seconds,
        "text": page.text,
        "words": [
            (
                w.text,
                round(w.confidence, 3),
                w.line,
                [round(v, 4) for v in (w.box.x, w.box.y, w.box.width, w.box.height)],
            )
            for w in page.words
        ],
    }


# What the closing note promises: word error rates by bucket, CPU seconds a typed page.
TARGETS = {
    "typed, clean": 0.015,
    "typed, medium": 0.015,
    "typed, hard": 0.015,
    "handwritten, clean": 0.06,
    "handwritten, medium": 0.20,
    "handwritten, hard": 0.25,
}
TYPED_SECONDS, SKEW_DEGREES, OF_THEIRS, TWO_WORKERS = 0.7, 0.1, 0.5, 1.8


def print_scores(scores: dict[str, Score], steps: dict[str, float]) -> None:
    print(f"{'':24}{'WER':>8}{'target':>8}{'words':>8}{'pages':>7}{'CPU s/page':>12}")
    for bucket in sorted(scores):
        score = scores[bucket]
        print(
            f"{bucket:24}{score.rate:8.2%}{TARGETS.get(bucket, 1):8.1%}{score.words:8d}{score.pages:7d}"
            f"{score.seconds / max(score.pages, 1):12.2f}"
        )
    typed = [score for bucket, score in scores.items() if bucket.startswith("typed")]
    spent, count = sum(score.seconds for score in typed), sum(score.pages for score in typed)
    print(f"typed pages: {spent / max(count, 1):.2f} CPU s a page (target {TYPED_SECONDS})")
    pages = max(sum(score.pages for score in scores.values()), 1)
    print("CPU s/page by step:", ", ".join(f"{step} {spent / pages:.3f}" for step, spent in sorted(steps.items())))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _through_ocrmypdf(command: str, pages: Sequence[tuple[Any, float]]) -> tuple[list[str], float]:
    """Text of every page and the CPU seconds of all processes."""
    import img2pdf  # type: ignore[import-untyped]  # comes with ocrmypdf

    with tempfile.TemporaryDirectory() as folder:
        source, target, sidecar = (str(Path(folder) / name) for name in ("in.pdf", "out.pdf", "out.txt"))
        pictures = []
        for index, (picture, dpi) in enumerate(pages):
            path = Path(folder) / f"{index:04d}.png"
            picture.save(path, dpi=(dpi, dpi))
            pictures.append(str(path))
        Path(source).write_bytes(img2pdf.convert(pictures))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        options = ["--jobs", "2", "-l", "fra", "--sidecar", sidecar]
        subprocess.run([command, *options, source, target], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        texts = Path(sidecar).read_text(encoding="utf-8").split("\f")
    return texts, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare_ocrmypdf(chosen: Sequence[dict[str, Any]], ours: dict[str, Score]) -> None:
    """The same typed pages through `ocrmypdf --jobs 2 -l fra`, as one PDF."""
    command = shutil.which("ocrmypdf") or str(Path(sys.executable).parent / "ocrmypdf")
    if not Path(command).exists():
        print("SKIPPED: ocrmypdf is not installed, nothing to compare with")
        return
    from PIL import Image

    pages: list[Any] = []
    spans: list[tuple[dict[str, Any], int, int]] = []
    for item in chosen:
        start = len(pages)
        for _, image in images_of(item):
            pages.append((Image.fromarray(image.gray), image.dpi or 200.0))
        spans.append((item, start, len(pages)))
    texts, spent = _through_ocrmypdf(command, pages)
    theirs: dict[str, Score] = defaultdict(Score)
    for item, start, end in spans:
        wanted, got = words(item["text"]), words("\n".join(texts[start:end]))
        theirs[bucket_of(item)].wrong += edit_distance(wanted, got)
        theirs[bucket_of(item)].words += len(wanted)
    own_pages = sum(score.pages for score in ours.values())
    own_seconds = sum(score.seconds for score in ours.values())
    print(
        f"\nocrmypdf --jobs 2 -l fra: {spent / len(pages):.2f} CPU s/page; ours {own_seconds / max(own_pages, 1):.2f}"
    )
    for bucket in sorted(theirs):
        share = ours[bucket].rate / max(theirs[bucket].rate, 1e-9)
        print(
            f"  {bucket:22} ocrmypdf {theirs[bucket].rate:7.2%}   ours {ours[bucket].rate:7.2%}"
            f" = {share:.2f} of theirs (target {OF_THEIRS})"
        )


def turn_pages(reader: PageReader, chosen: Sequence[dict[str, Any]], most: int = 8) -> None:
    """Typed pages turned by quarters and tilted by known angles: all upright again, how level?

    The scan's own tilt is not known: what is measured is the change that a known tilt makes.
    """
    pages = [image for item in chosen for _, image in images_of(item)][:most]
    upright, asked, errors = 0, 0, []
    for image in pages:
        plain = reader.read(image, 1).page
        if plain.blank or not plain.words:
            continue
        for quarter in (90, 180, 270):
            page = reader.read(PageImage(turned(image.gray, quarter), image.dpi), 1).page
            asked += 1
            upright += (page.rotation + quarter) % 360 == plain.rotation
        for tilt in (-1.7, 0.6, 2.9):
            page = reader.read(PageImage(rotated(image.gray, tilt), image.dpi), 1).page
            errors.append(abs((plain.skew - page.skew) - tilt))
    if asked:
        print(f"\nturned by 90, 180, 270: {upright} of {asked} read upright (target all)")
        print(f"skew: mean error {sum(errors) / len(errors):.3f}, worst {max(errors):.2f} (target {SKEW_DEGREES} mean)")


_READER: PageReader | None = None


def _read_one(job: tuple[bytes, tuple[int, ...], float | None]) -> float:
    import numpy as np

    global _READER
    if _READER is None:
        _READER = PageReader(second_reader=False)
    raw, shape, dpi = job
    read = _READER.read(PageImage(np.frombuffer(raw, np.uint8).reshape(shape), dpi), 1)
    return sum(read.seconds.values())


def compare_workers(chosen: Sequence[dict[str, Any]], most: int = 24) -> None:
    jobs = [(image.gray.tobytes(), image.gray.shape, image.dpi) for item in chosen for _, image in images_of(item)][
        :most
    ]
    pace = {}
    for workers in (1, 2):
        with ProcessPoolExecutor(workers) as pool:
            list(pool.map(_read_one, jobs[: 2 * workers]))  # engines loaded before the clock starts
            start = time.perf_counter()
            list(pool.map(_read_one, jobs))
            pace[workers] = 60 * len(jobs) / (time.perf_counter() - start)
    load = os.getloadavg()[0]
    gain = pace[2] / pace[1]
    print(
        f"\npages a minute: 1 worker {pace[1]:.0f}, 2 workers {pace[2]:.0f} = x{gain:.2f} "
        f"(target {TWO_WORKERS}; load average {load:.1f})"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("typed", "handwritten"))
    parser.add_argument("--no-second", action="store_true", help="first reader alone")
    parser.add_argument("--no-ocrmypdf", action="store_true")
    parser.add_argument("--no-workers", action="store_true")
    parser.add_argument("--no-turned", action="store_true")
    parser.add_argument("--every", type=int, default=1, help="only every Nth item, for a busy machine")
    parser.add_argument("--dump", type=Path, help="write every page read as JSON lines")
    args = parser.parse_args()
    if not INBOX.is_dir():
        print(f"SKIPPED: no practice scans at {INBOX}; set MAILROOM_SHARED")
        return 0
    chosen = items(args.only)[:: args.every]
    reader = PageReader(second_reader=not args.no_second)
    if not args.no_second:
        start = time.process_time()
        second_reader()
        print(f"second reader loaded, once a process and not in the figures: {time.process_time() - start:.2f} CPU s")
    scores, steps, told = read_all(reader, chosen)
    if args.dump:
        args.dump.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in told), encoding="utf-8")
    print_scores(scores, steps)
    typed = [item for item in chosen if not item.get("handwritten")]
    if typed and not args.no_ocrmypdf:
        compare_ocrmypdf(typed, {bucket: score for bucket, score in scores.items() if bucket.startswith("typed")})
    if typed and not args.no_turned:
        turn_pages(PageReader(second_reader=False), typed)
    if typed and not args.no_workers:
        compare_workers(typed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
