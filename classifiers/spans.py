"""A place in a text and what it says: what the finders of amounts, dates, numbers and names hand over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` of the searched text, its normalised `value`, and how sure the finder is (0..1)."""

    start: int
    end: int
    text: str
    value: str
    confidence: float = 1.0

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Longer and surer spans first; what overlaps one already taken is dropped. In order of place."""
    taken: list[Span] = []
    for span in sorted(spans, key=lambda span: (-span.confidence, span.start - span.end, span.start)):
        if not any(span.overlaps(other) for other in taken):
            taken.append(span)
    return sorted(taken, key=lambda span: span.start)


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text with these places emptied, all other positions unchanged."""
    for span in spans:
        text = text[: span.start] + "\x00" * (span.end - span.start) + text[span.end :]
    return text
