"""Two readings of the same page made one, line by line: each line from the reader that is surer of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr.engines import SeenLine, SeenWord

# The second reader's scores run higher than the first's for the same share of right letters.
SECOND_MUST_LEAD_BY = 0.03
SURE_LINE = 0.93
_CREDIBLE = 0.6
_FAINT = 0.35


def merge(first: Sequence[SeenLine], second: Sequence[SeenLine]) -> tuple[SeenLine, ...]:
    """One line for each strip the second reader found, plus what only the first saw and is fairly sure of.

    Words of the first reader go to the strip they lie in, so that neither a line it split nor two it ran together are
    read twice. Order is left to the reading order.
    """
    strips = [line for line in second if line.confidence >= _FAINT]
    within: list[list[SeenWord]] = [[] for _ in strips]
    merged: list[SeenLine] = []
    for line in first:
        alone: list[SeenWord] = []
        for word in line.words:
            place = _strip_of(word, strips)
            (alone if place is None else within[place]).append(word)
        rest = SeenLine(tuple(alone), line.block)
        if alone and rest.confidence >= _CREDIBLE:
            merged.append(rest)
    for strip, words in zip(strips, within, strict=True):
        rival = SeenLine(tuple(sorted(words, key=lambda word: word.left))) if words else None
        merged.append(better(rival, strip) if rival else strip)
    return tuple(merged)


def better(line: SeenLine, rival: SeenLine) -> SeenLine:
    """`line` of the first reader or `rival` of the second; where they agree, the surer of both confidences."""
    if line.text == rival.text:
        sure = max(line.confidence, rival.confidence)
        return replace(line, words=tuple(replace(word, confidence=max(word.confidence, sure)) for word in line.words))
    if line.confidence >= SURE_LINE and len(line.text) >= 0.8 * len(rival.text):
        return line
    return rival if rival.confidence > line.confidence + SECOND_MUST_LEAD_BY else line


def _strip_of(word: SeenWord, strips: Sequence[SeenLine]) -> int | None:
    """The strip that covers the word's middle and most of its height, the closest one where several do."""
    middle, height = (word.left + word.right) / 2, max(word.bottom - word.top, 1.0)
    best, most = None, 0.4 * height
    for place, strip in enumerate(strips):
        if not strip.left - height <= middle <= strip.right + height:
            continue
        common = min(word.bottom, strip.bottom) - max(word.top, strip.top)
        if common > most or (common > 0.6 * strip.height and common > 0 and best is None):
            best, most = place, max(common, most)
    return best
