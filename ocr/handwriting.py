"""A first estimate whether a page is written by hand: print reads evenly well, hands do not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr.engines import SeenLine


def is_handwritten(lines: Sequence[SeenLine]) -> bool:
    words = [word for line in lines for word in line.words if len(word.text) > 2]
    if len(words) < 5:
        return False
    return float(np.median([word.confidence for word in words])) < 0.86
