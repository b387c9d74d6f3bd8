"""Reads a doubtful passage for protections: two sets of upper layers on the lower layers of the shipped encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.encoder import LOWER, cut, lower_said, opened, tokenizer_of

FOLDER = Path(__file__).parent / "weights"
PASSAGES = ("passages-1.onnx", "passages-2.onnx")  # learnt from other texts each: their mean errs less than either
MOST_TOKENS, TAIL_TOKENS = 96, 32
Logits = NDArray[np.float32]
Reader = Callable[[str], Logits]  # logits of any protection, and of each signal


def cut_passage(ids: Sequence[int]) -> list[int]:
    """The ids of a passage that are read."""
    return cut(ids, MOST_TOKENS, TAIL_TOKENS)


@lru_cache(maxsize=2)
def passage_reader(folder: Path = FOLDER) -> Reader | None:
    """The one shipped, loaded once and whichever model reads whole mail; None where its networks are missing."""
    if not all((folder / name).exists() for name in (LOWER, *PASSAGES, "tokenizer.json")):
        return None
    return _reader(tokenizer_of(folder), opened(folder / LOWER), [opened(folder / name) for name in PASSAGES])


def _reader(tokenize: Callable[[str], list[int]], lower: Any, uppers: Sequence[Any]) -> Reader:
    def read(text: str) -> Logits:
        ids = np.array([cut_passage(tokenize(text))], dtype=np.int64)
        hidden = lower_said(lower, ids, np.ones_like(ids))
        given = {"hidden": hidden, "mask": np.ones(ids.shape, dtype=np.float32)}
        said = [upper.run(None, given)[0][0] for upper in uppers]
        return np.asarray(np.mean(said, axis=0), dtype=np.float32)

    return read
