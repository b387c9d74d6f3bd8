"""Lines put in the order a person reads them, from where they stand on the page.

Only for lines that come from two readers; one engine alone orders its own blocks well.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocr.engines import SeenLine

_SAME_ROW = 0.5  # share of the lower line's height in common
_WORD_GAP = 1.6  # in line heights: closer pieces are one line
_COLUMN_GAP = 2.0  # in line heights: at least this much white between columns


def in_reading_order(lines: Sequence[SeenLine]) -> tuple[SeenLine, ...]:
    """From top to bottom, pieces of a row joined; where two columns stand side by side, the left one first.

    Two columns are rows that follow each other with two pieces each whose gaps lie one above the other and whose right
    pieces begin at the same place: an address beside another. Rows of a form or a table stay rows.
    """
    rows = [_joined(row) for row in _rows([line for line in lines if line.words])]
    ordered: list[SeenLine] = []
    at = 0
    while at < len(rows):
        end = _end_of_columns(rows, at)
        if end - at >= 2:
            ordered += [row[0] for row in rows[at:end]] + [row[1] for row in rows[at:end]]
        else:
            end = at + 1
            ordered += rows[at]
        at = end
    return tuple(ordered)


def _rows(lines: Sequence[SeenLine]) -> list[list[SeenLine]]:
    rows: list[list[SeenLine]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.bottom) / 2):
        row = rows[-1] if rows else None
        if row is not None and any(_level(line, other) for other in row) and not any(_above(line, o) for o in row):
            row.append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _level(one: SeenLine, other: SeenLine) -> bool:
    common = min(one.bottom, other.bottom) - max(one.top, other.top)
    return common > _SAME_ROW * min(one.height, other.height)


def _above(one: SeenLine, other: SeenLine) -> bool:
    """Over or under each other: much width in common means two lines, however close."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    return wide > 0.3 * min(one.right - one.left, other.right - other.left)


def _joined(row: list[SeenLine]) -> list[SeenLine]:
    pieces = [row[0]]
    for line in row[1:]:
        last = pieces[-1]
        if line.left - last.right < _WORD_GAP * max(last.height, line.height):
            pieces[-1] = SeenLine((*last.words, *line.words), last.block)
        else:
            pieces.append(line)
    return pieces


def _end_of_columns(rows: Sequence[list[SeenLine]], start: int) -> int:
    """One past the last row of two columns that begin at `start`; `start` itself where none do."""
    left, right, end = 0.0, float("inf"), start
    for row in rows[start:]:
        if len(row) != 2:
            break
        height = max(row[0].height, row[1].height)
        left, right = max(left, row[0].right), min(right, row[1].left)
        aligned = abs(row[1].left - rows[start][1].left) < 1.5 * height
        if right - left < _COLUMN_GAP * height or not aligned:
            break
        end += 1
    return end
