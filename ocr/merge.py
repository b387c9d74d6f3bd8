"""Two readings of the same page made one, line by line: each line from the reader that is surer of it."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.engines import SeenLine, SeenWord

# The second reader's scores run higher than the first's for the same share of right letters.
SECOND_MUST_LEAD_BY = 0.03
SURE_LINE = 0.93
_FAINT = 0.35


def merge(first: Sequence[SeenLine], second: Sequence[SeenLine]) -> tuple[SeenLine, ...]:
    """Lines of `first` replaced where `second` reads the same strip better; lines only one saw are kept if credible."""
    groups = _rows(second)
    taken: set[int] = set()
    merged: list[SeenLine] = []
    for line in first:
        mates = [index for index, group in enumerate(groups) if index not in taken and same_strip(line, group)]
        rival = _joined([groups[index] for index in mates], line.block)
        if rival is None:
            if line.confidence >= 0.6:
                merged.append(line)
            continue
        taken.update(mates)
        merged.append(better(line, rival))
    missed = [group for index, group in enumerate(groups) if index not in taken and group.confidence >= 0.6]
    return _inserted(merged, [group for group in missed if not _covered(group, merged)])


def better(line: SeenLine, rival: SeenLine) -> SeenLine:
    if line.confidence >= SURE_LINE and len(line.text) >= 0.8 * len(rival.text):
        return line
    return rival if rival.confidence > line.confidence + SECOND_MUST_LEAD_BY else line


def same_strip(one: SeenLine, other: SeenLine) -> bool:
    """Whether two lines lie on each other: most of the lower one's height, and some width, in common."""
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    wide = min(one.right, other.right) - max(one.left, other.left)
    return high > 0.5 * min(one.height, other.height) and wide > 0.3 * min(
        one.right - one.left, other.right - other.left
    )


def _rows(lines: Sequence[SeenLine]) -> list[SeenLine]:
    return sorted((line for line in lines if line.confidence >= _FAINT), key=lambda line: (line.top, line.left))


def _joined(lines: Sequence[SeenLine], block: int) -> SeenLine | None:
    words: list[SeenWord] = sorted((word for line in lines for word in line.words), key=lambda word: word.left)
    return SeenLine(tuple(words), block) if words else None


def _covered(line: SeenLine, others: Sequence[SeenLine]) -> bool:
    return any(same_strip(line, other) for other in others)


def _inserted(lines: Sequence[SeenLine], missed: Sequence[SeenLine]) -> tuple[SeenLine, ...]:
    """Each missed line goes before the first line that starts below its middle, in that line's block."""
    whole = list(lines)
    for line in missed:
        middle = (line.top + line.bottom) / 2
        place = next((index for index, other in enumerate(whole) if other.top > middle), len(whole))
        neighbour = whole[place - 1] if place else (whole[0] if whole else line)
        whole.insert(place, SeenLine(line.words, neighbour.block))
    return tuple(whole)
