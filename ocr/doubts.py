"""Single words the first reader doubts on a page it otherwise reads well, put to the second reader.

Numbers above all: a wrong digit in a reference costs more than a wrong letter in a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from ocr.engines import SeenLine, SeenWord
from ocr.images import Pixels

SURE_WORD = 0.60
SURE_NUMBER = 0.90
MOST_WORDS = 24  # of one page, least sure first; more doubt than that is the whole page's matter
_RIVAL_SURE = 0.85
_WIDEST_LETTER = 4.0  # in heights of the word: a rule or a shadow taken for letters is far wider, and dear to read
_GARBAGE_LINE = 0.45  # below this, and the second reader unsure too: a signature, a stain


class StripReader(Protocol):
    def read_strips(
        self, gray: Pixels, boxes: Sequence[tuple[float, float, float, float]]
    ) -> tuple[SeenLine | None, ...]: ...


def doubtful(word: SeenWord) -> bool:
    digits = sum(letter.isdigit() for letter in word.text)
    if digits >= 2 or (digits and len(word.text) > 2):
        return word.confidence < SURE_NUMBER
    return len(word.text) > 1 and word.confidence < SURE_WORD


def settle_doubts(gray: Pixels, lines: Sequence[SeenLine], reader: StripReader | None) -> tuple[SeenLine, ...]:
    """Doubtful words as the second reader has them where it is sure; lines neither can read are left out."""
    asked = [word for line in lines for word in line.words if doubtful(word) and _shaped_like_a_word(word)]
    asked.sort(key=lambda word: word.confidence)
    answers = _asked(gray, asked[:MOST_WORDS], reader) if reader is not None else {}
    settled = []
    for line in lines:
        rivals = [answers[word] for word in line.words if answers.get(word) is not None]
        believed = any(rival is not None and rival.confidence >= _RIVAL_SURE for rival in rivals)
        if line.confidence < _GARBAGE_LINE and not believed:
            continue
        settled.append(replace(line, words=tuple(_chosen(word, answers.get(word)) for word in line.words)))
    return tuple(settled)


def _shaped_like_a_word(word: SeenWord) -> bool:
    return word.right - word.left <= _WIDEST_LETTER * (word.bottom - word.top) * len(word.text)


def _asked(gray: Pixels, words: Sequence[SeenWord], reader: StripReader) -> dict[SeenWord, SeenLine | None]:
    boxes = []
    for word in words:
        margin = 0.2 * (word.bottom - word.top)
        boxes.append((word.left - margin, word.top - margin, word.right + margin, word.bottom + margin))
    return dict(zip(words, reader.read_strips(gray, boxes), strict=True))


def _chosen(word: SeenWord, rival: SeenLine | None) -> SeenWord:
    if rival is None:
        return word
    sure = min(other.confidence for other in rival.words)
    if rival.text == word.text:
        return replace(word, confidence=max(word.confidence, sure))
    alike = abs(len(rival.text) - len(word.text)) <= max(2, len(word.text) // 2)
    if not alike or sure < _RIVAL_SURE or sure <= word.confidence:
        return word
    return replace(word, text=_with_edges(rival.text, word.text), confidence=sure)


def _with_edges(text: str, before: str) -> str:
    """Punctuation at the end of a crop is easily lost: kept as the first reader saw it."""
    last = before[-1:]
    return text + last if last in ".,;:)" and text[-1:].isalnum() else text
