"""Stand-in network outputs: what a network that reads clearly would answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def clear_output(text: str, alphabet: str, sure: float = 0.9995) -> NDArray[np.float32]:
    """Log probabilities (columns, 1 + letters) that spell `text`, a blank column between letters."""
    rows = []
    for letter in text:
        for index in (alphabet.index(letter) + 1, 0):
            row = np.full(1 + len(alphabet), (1 - sure) / len(alphabet), np.float64)
            row[index] = sure
            rows.append(row)
    return np.log(np.asarray(rows)).astype(np.float32)


def torn_output(text: str, other: str, alphabet: str, share: float) -> NDArray[np.float32]:
    """Like `clear_output(text)`, but each letter that differs in `other` (as long) is only `share` likely."""
    output = np.exp(clear_output(text, alphabet))
    for at, (one, two) in enumerate(zip(text, other, strict=True)):
        if one != two:
            output[2 * at, alphabet.index(one) + 1] = share
            output[2 * at, alphabet.index(two) + 1] = 1 - share
    return np.log(output).astype(np.float32)
