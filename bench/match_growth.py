"""Growth of the index from ten thousand claims to a million: one row a size, and a picture drawn by hand (SVG)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.matching_practice import bound


@dataclass(frozen=True, slots=True)
class Grown:
    """One portfolio size. Times of CPU; `megabytes` of two workers together, pages they share counted once."""

    claims: int
    items: int
    build_seconds: float
    megabytes: float
    median_ms: float
    late_ms: float  # 99th percentile
    first: int  # best candidate right
    decidable: int
    wrong: int
    accepted: int


def table(rows: Sequence[Grown]) -> list[str]:
    """Shares with the worse end of their 95 % interval."""
    lines = [
        "   claims   items  build s  MB, two workers  ms median  ms 99th  top-1 (95 % least)   "
        "wrong among accepted (95 % most)"
    ]
    for row in rows:
        top, wrong = row.first / max(1, row.decidable), row.wrong / max(1, row.accepted)
        least, most = bound(row.first, row.decidable), 1 - bound(row.accepted - row.wrong, row.accepted)
        lines.append(
            f"{row.claims:9d} {row.items:7d} {row.build_seconds:8.1f} {row.megabytes:16.0f} {row.median_ms:10.2f} "
            f"{row.late_ms:8.1f}  {top:7.2%} ({least:7.2%})   {wrong:7.3%}, {row.wrong} of {row.accepted} ({most:.3%})"
        )
    return lines


_WIDTH, _HEIGHT = 300, 200  # of one pane's plot
_LEFT, _TOP, _GAP = 56, 34, 76
_INK, _GRID, _COLOURS = "#333", "#ddd", ("#1f5fa8", "#c2571a")


def draw(rows: Sequence[Grown], path: Path) -> None:
    """Three panes beside one another, claims on a logarithmic axis."""
    panes: tuple[tuple[str, tuple[tuple[str, Callable[[Grown], float]], ...]], ...] = (
        ("ms of CPU an item", (("median", lambda row: row.median_ms), ("99th percentile", lambda row: row.late_ms))),
        ("s of CPU to build", (("", lambda row: row.build_seconds),)),
        ("MB, two workers together", (("", lambda row: row.megabytes),)),
    )
    whole = len(panes) * (_WIDTH + _GAP) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {_TOP + _HEIGHT + 56}" '
        f'font-family="sans-serif" font-size="12" fill="{_INK}">',
        f'<rect width="{whole}" height="{_TOP + _HEIGHT + 56}" fill="white"/>',
    ]
    for number, (title, lines) in enumerate(panes):
        parts.extend(_pane(rows, _LEFT + number * (_WIDTH + _GAP), title, lines))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def _pane(
    rows: Sequence[Grown], left: int, title: str, lines: Sequence[tuple[str, Callable[[Grown], float]]]
) -> list[str]:
    step = _round_step(max(value(row) for _, value in lines for row in rows) / 4)
    steps = math.ceil(max(value(row) for _, value in lines for row in rows) / step)
    low, high = (math.log10(claims) for claims in (rows[0].claims, rows[-1].claims))

    def x(claims: int) -> float:
        return left + _WIDTH * (math.log10(claims) - low) / max(1e-9, high - low)

    def y(value: float) -> float:
        return _TOP + _HEIGHT * (1 - value / (step * steps))

    parts = [f'<text x="{left}" y="{_TOP - 14}" font-weight="bold">{title}</text>']
    for mark in range(steps + 1):
        at = y(mark * step)
        parts.append(f'<line x1="{left}" y1="{at:.1f}" x2="{left + _WIDTH}" y2="{at:.1f}" stroke="{_GRID}"/>')
        parts.append(f'<text x="{left - 6}" y="{at + 4:.1f}" text-anchor="end">{mark * step:g}</text>')
    for row in rows:
        name = f"{row.claims // 1000} k" if row.claims < 1_000_000 else f"{row.claims / 1e6:g} M"
        parts.append(f'<text x="{x(row.claims):.1f}" y="{_TOP + _HEIGHT + 18}" text-anchor="middle">{name}</text>')
    parts.append(f'<text x="{left + _WIDTH / 2}" y="{_TOP + _HEIGHT + 38}" text-anchor="middle">claims</text>')
    for (name, value), colour in zip(lines, _COLOURS, strict=False):
        points = [(x(row.claims), y(value(row))) for row in rows]
        parts.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="'
            f'{" ".join(f"{px:.1f},{py:.1f}" for px, py in points)}"/>'
        )
        parts.extend(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.5" fill="{colour}"/>' for px, py in points)
        if name:
            end = points[-1]
            parts.append(f'<text x="{end[0]:.1f}" y="{end[1] - 9:.1f}" text-anchor="end" fill="{colour}">{name}</text>')
    return parts


def _round_step(least: float) -> float:
    """1, 2 or 5 times a power of ten, not below `least`."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-9)))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
