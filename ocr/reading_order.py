"""Lines put in the order a person reads them: blocks of the page first, then lines inside a block."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.engines import SeenLine


def in_reading_order(lines: Sequence[SeenLine], width: int) -> tuple[SeenLine, ...]:
    """The engine's own order of blocks; inside one, as given."""
    return tuple(line for line in lines if line.words)
