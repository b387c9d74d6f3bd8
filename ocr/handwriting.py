"""An estimate whether a page carries handwriting: print reads evenly well for the first reader, hands do not."""

from __future__ import annotations

from collections.abc import Sequence

from ocr.engines import SeenLine

_BADLY_READ = 0.6
_SHARE = 0.05  # of the letters; forms filled in by hand have about a tenth, letters half, print none
_FEW_LETTERS = 12


def is_handwritten(first: Sequence[SeenLine]) -> bool:
    """Judged on the first reader's own words, before the second put any right."""
    words = [word for line in first for word in line.words if len(word.text) > 2]
    letters = sum(len(word.text) for word in words)
    badly = sum(len(word.text) for word in words if word.confidence < _BADLY_READ)
    return badly >= _FEW_LETTERS and badly >= _SHARE * letters
