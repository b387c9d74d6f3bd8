"""Where on the pages a piece of text stands: the box around its words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.reading import Box, Page, Word

_PLAIN = re.compile(r"[^0-9a-zà-ÿœæ]+")
SHORTEST = 3  # letters and digits: less is found everywhere


class Places:
    """The words of all pages, ready to be searched. Empty for born-digital text without boxes."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = [_Line(page.words) for page in pages if page.words]

    def box_of(self, text: str) -> Box | None:
        """Box of the first place where these letters and digits stand in a row, or None."""
        plain = _PLAIN.sub("", text.casefold())
        if len(plain) < SHORTEST:
            return None
        return next((box for page in self._pages if (box := page.find(plain))), None)


class _Line:
    """All words of a page as one string of letters and digits, and which word each of them belongs to."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._owner: list[int] = []
        pieces = []
        for number, word in enumerate(words):
            plain = _PLAIN.sub("", word.text.casefold())
            pieces.append(plain)
            self._owner += [number] * len(plain)
        self._text = "".join(pieces)

    def find(self, plain: str) -> Box | None:
        at = self._text.find(plain)
        if at < 0:
            return None
        return _around([word.box for word in self._words[self._owner[at] : self._owner[at + len(plain) - 1] + 1]])


def _around(boxes: Sequence[Box]) -> Box:
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(boxes[0].page, left, top, right - left, bottom - top)
