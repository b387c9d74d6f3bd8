"""Marks words of a text: doubtful ones, those that weighed, those that name something."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from models.reading import Page

DOUBTFUL_BELOW = 0.6


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a text; `kind`: doubt, cue or mention; `hint` is shown beside it."""

    start: int
    end: int
    kind: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text and the kinds of marks on all of it."""

    text: str
    kinds: tuple[str, ...] = ()
    hint: str = ""


def segments(text: str, spans: Iterable[Span]) -> tuple[Segment, ...]:
    """Cut at every border of a mark; joined together the segments are the text again."""
    inside = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    borders = sorted({0, len(text), *(span.start for span in inside), *(span.end for span in inside)})
    return tuple(_segment(text, start, end, inside) for start, end in pairwise(borders))


def _segment(text: str, start: int, end: int, spans: list[Span]) -> Segment:
    over = [span for span in spans if span.start <= start and end <= span.end]
    kinds = tuple(sorted({span.kind for span in over}))
    hints = dict.fromkeys(span.hint for span in over if span.hint)
    return Segment(text[start:end], kinds, " · ".join(hints))


def page_text(page: Page) -> tuple[str, list[Span]]:
    """The words of a page line by line, and spans of the doubtful ones; the plain text where words are not kept."""
    if not page.words:
        return page.text, []
    pieces: list[str] = []
    spans: list[Span] = []
    at = 0
    line = page.words[0].line
    for position, word in enumerate(page.words):
        if position:
            gap = "\n" if word.line != line else " "
            pieces.append(gap)
            at += 1
        line = word.line
        if word.confidence < DOUBTFUL_BELOW:
            spans.append(Span(at, at + len(word.text), "doubt", f"{word.confidence:.0%}"))
        pieces.append(word.text)
        at += len(word.text)
    return "".join(pieces), spans


def find(text: str, words: str, kind: str, hint: str = "") -> Iterator[Span]:
    """Every place where these words stand, whatever the case, accents and spaces between them."""
    tokens = [re.escape(token) for token in _plain(words).split()]
    if not tokens or len(words) < 2:
        return
    pattern = r"(?<!\w)" + r"\s+".join(tokens) + r"(?!\w)"
    for found in re.finditer(pattern, _plain(text)):
        yield Span(found.start(), found.end(), kind, hint)


def _plain(text: str) -> str:
    """Lower case without accents, exactly as many characters as before."""
    return "".join(_bare(letter) for letter in text)


def _bare(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[:1] or letter
    lowered = base.lower()
    return lowered if len(lowered) == 1 else letter
