"""Reading order of words that come with their places: blocks side by side are read one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_SAME_LINE = 0.5  # of the smaller height two words must share to stand on one line
_GUTTER = 2.2  # in line heights: a wider gap parts two columns
_PROSE_WORDS = 3.0  # mean words of a line in a column of running text


@dataclass(frozen=True, slots=True)
class Placed:
    """A word and its rectangle in any unit, y growing downwards."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 1e-6)

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


Line = list[Placed]


def in_reading_order(words: Sequence[Placed]) -> list[Line]:
    """Lines from top to bottom; columns of running text and address blocks side by side are kept apart.

    Rows of a table stay rows: they line up across the gap and their cells are short.
    """
    ordered: list[Line] = []
    for band in _bands(_lines(words)):
        ordered += _columns(band)
    return ordered


def _lines(words: Sequence[Placed]) -> list[Line]:
    """Words that share most of their height, left to right."""
    lines: list[Line] = []
    for word in sorted(words, key=lambda word: (word.middle, word.left)):
        for line in reversed(lines[-4:]):
            shared = min(line[0].bottom, word.bottom) - max(line[0].top, word.top)
            if shared >= _SAME_LINE * min(line[0].height, word.height):
                line.append(word)
                break
        else:
            lines.append([word])
    for line in lines:
        line.sort(key=lambda word: word.left)
    return lines


def _bands(lines: list[Line]) -> list[list[Line]]:
    """Runs of lines that share a gutter; lines that cross every gutter stand alone."""
    bands: list[list[Line]] = []
    gutter: tuple[float, float] | None = None
    for line in lines:
        gaps = _gaps(line)
        shared = _narrowed(gutter, line, gaps) if bands else None
        if shared is not None:
            bands[-1].append(line)
            gutter = shared
        else:
            bands.append([line])
            gutter = max(gaps, key=lambda gap: gap[1] - gap[0], default=None)
    return bands


def _narrowed(
    gutter: tuple[float, float] | None, line: Line, gaps: list[tuple[float, float]]
) -> tuple[float, float] | None:
    """What is left of the gutter once this line has its say; None where the line crosses it."""
    if gutter is None:
        return None
    if line[-1].right <= gutter[0] or line[0].left >= gutter[1]:
        return gutter
    least = _GUTTER * line[0].height
    for left, right in gaps:
        shared = (max(left, gutter[0]), min(right, gutter[1]))
        if shared[1] - shared[0] >= least:
            return shared
    left, right = line[-1].right, line[0].left
    if left < gutter[1] and gutter[1] - left >= least and left > gutter[0]:
        return (left, gutter[1])
    if right > gutter[0] and right - gutter[0] >= least and right < gutter[1]:
        return (gutter[0], right)
    return None


def _gaps(line: Line) -> list[tuple[float, float]]:
    least = _GUTTER * line[0].height
    gaps: list[tuple[float, float]] = []
    reach = line[0].right
    for word in line[1:]:
        if word.left - reach >= least:
            gaps.append((reach, word.left))
        reach = max(reach, word.right)
    return gaps


def _columns(band: list[Line]) -> list[Line]:
    """Left column before right column where the band is two blocks of text; the lines as they are for a table."""
    gutter: tuple[float, float] | None = None
    for line in band:
        gaps = _gaps(line)
        gutter = _narrowed(gutter, line, gaps) if gutter else max(gaps, key=lambda gap: gap[1] - gap[0], default=None)
        if gutter is None:
            return band
    if gutter is None:
        return band
    middle = (gutter[0] + gutter[1]) / 2
    left = [[word for word in line if word.right <= middle] for line in band]
    right = [[word for word in line if word.right > middle] for line in band]
    if _is_table(left, right):
        return band
    return [line for line in left + right if line]


def _is_table(left: list[Line], right: list[Line]) -> bool:
    """Most rows have both cells on one height and one side is of short cells."""
    both = [(a, b) for a, b in zip(left, right, strict=True) if a and b]
    if len(both) < 0.6 * len(left):
        return False
    level = [1 for a, b in both if abs(a[0].middle - b[0].middle) < 0.12 * a[0].height]
    words = min(sum(len(a) for a, _ in both), sum(len(b) for _, b in both)) / len(both)
    return len(level) >= 0.8 * len(both) and words < _PROSE_WORDS
