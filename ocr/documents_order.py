"""Reading order of words that come with their places: a page is cut at its widest gaps, down and across, in turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_SAME_LINE = 0.5  # of the smaller height two words must share to stand on one line
_GUTTER = 2.0  # in line heights: a gap this wide through all lines parts two columns
_SPACE = 0.8  # in line heights: a gap this high parts what stands above from what stands below
_PROSE_WORDS = 3.0  # mean words of a line in a column of running text
_DEEPEST = 60
_TOWN_LINE = re.compile(r"\b(?:F-?)?\d{5}\b\s+[A-ZÉÈÀ'’-]{2}")


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
    return _ordered(list(words), 0)


def _ordered(words: list[Placed], depth: int) -> list[Line]:
    lines = _lines(words)
    if len(lines) < 2 or depth >= _DEEPEST:
        return lines
    height = sorted(word.height for word in words)[len(words) // 2]
    across = _widest_gap(words, lambda word: (word.left, word.right))
    if across is not None and across[0] >= _GUTTER * height:
        left = [word for word in words if word.right <= across[1]]
        right = [word for word in words if word.right > across[1]]
        if _are_columns(_lines(left), _lines(right)):
            return _ordered(left, depth + 1) + _ordered(right, depth + 1)
    down = _widest_gap(words, lambda word: (word.top, word.bottom))
    if down is not None and down[0] >= _SPACE * height:
        above = [word for word in words if word.bottom <= down[1]]
        below = [word for word in words if word.bottom > down[1]]
        return _ordered(above, depth + 1) + _ordered(below, depth + 1)
    return lines


def _widest_gap(words: list[Placed], sides: Callable[[Placed], tuple[float, float]]) -> tuple[float, float] | None:
    """Width and beginning of the widest stretch that no word covers; None where they all overlap."""
    spans = sorted(sides(word) for word in words)
    widest: tuple[float, float] | None = None
    reach = spans[0][1]
    for start, end in spans[1:]:
        if start > reach and (widest is None or start - reach > widest[0]):
            widest = (start - reach, reach)
        reach = max(reach, end)
    return widest


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


def _are_columns(left: list[Line], right: list[Line]) -> bool:
    """False for the cells of a table or a form: side by side on one height, one side of short cells."""
    if min(len(left), len(right)) < 2:
        return not _level_pairs(left, right)
    if any(len(side) <= 8 and _has_town(side) for side in (left, right)) and _is_wordy(left) and _is_wordy(right):
        return True
    pairs = _level_pairs(left, right)
    if pairs < 0.6 * min(len(left), len(right)):
        return True
    words = min(sum(len(line) for line in side) / len(side) for side in (left, right))
    return words >= _PROSE_WORDS


def _level_pairs(left: list[Line], right: list[Line]) -> int:
    """How many lines of the shorter side stand on the height of one on the other side."""
    short, long = sorted((left, right), key=len)
    return sum(
        1 for line in short if any(abs(line[0].middle - other[0].middle) < 0.15 * line[0].height for other in long)
    )


def _has_town(lines: list[Line]) -> bool:
    return any(_TOWN_LINE.search(" ".join(word.text for word in line)) for line in lines)


def _is_wordy(lines: list[Line]) -> bool:
    """Most lines hold a word: not a column of amounts."""
    return sum(1 for line in lines if re.search(r"[^\W\d_]{2}", " ".join(word.text for word in line))) > 0.6 * len(
        lines
    )
