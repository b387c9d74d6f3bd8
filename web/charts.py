"""Small charts as shapes in a picture's own units; templates draw them as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT = 720, 150, 22
SIZE = (WIDTH, HEIGHT, FOOT)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `label` stands below it, `count` above it where it is not nought."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int
    told: str = ""  # what a reader hears or sees on hovering


def columns(values: Sequence[tuple[str, int, str]], gap: float = 6.0) -> list[Column]:
    """(label, count, told) from left to right, the highest as high as the picture allows."""
    most = max((count for _, count, _ in values), default=0) or 1
    step, room = WIDTH / max(1, len(values)), HEIGHT - FOOT - 16
    return [
        Column(
            x=round(place * step + gap / 2, 1),
            y=round(HEIGHT - FOOT - room * count / most, 1),
            width=round(max(1.0, step - gap), 1),
            height=round(room * count / most, 1),
            label=label,
            count=count,
            told=told,
        )
        for place, (label, count, told) in enumerate(values)
    ]


def bar_line(values: Sequence[int]) -> str:
    """The same in one line of a terminal; a nought is a dot."""
    most = max(values, default=0)
    return "".join("·" if value == 0 else "▁▂▃▄▅▆▇█"[-(-value * 8 // most) - 1] for value in values)
