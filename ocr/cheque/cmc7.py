"""The CMC-7 line read from its bars alone: a matched filter on the column profile, no glyph shapes.

A character is 7 bars and 6 intervals of which two are wide. The code table was measured on real prints (domain
dossier 1.4); the free font that circulates draws a wrong 0 and a wrong SV and was not used. Symbols SI..SV are
written A..E. A reversed character is another valid character, so which way is up is decided by the frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cheque.geometry import Floats

CODES = {
    "0": "001100",
    "1": "100010",
    "2": "011000",
    "3": "101000",
    "4": "100100",
    "5": "000110",
    "6": "001010",
    "7": "110000",
    "8": "010010",
    "9": "010100",
    "A": "100001",
    "B": "010001",
    "C": "001001",
    "D": "000101",
    "E": "000011",
}
CHARACTERS = "".join(CODES)
DIGITS = "0123456789"
BAR = 0.15  # mm
PITCH = 3.175  # mm from one character to the next
CHARACTER_WIDTH = 2.35  # mm
CHARACTER_HEIGHT = 2.85  # mm
STRIP_SCALE = 16  # pixels a millimetre of the strips and profiles read here
# What stands in the 37 cells of a French line: C nnnnnnn C _ nnnnnnnnnnnn E _ nnnnnnnnnnnn A
FRAME = "C" + "#" * 7 + "C" + " " + "#" * 12 + "E" + " " + "#" * 12 + "A"
LINE_LENGTH = PITCH * (len(FRAME) - 1) + CHARACTER_WIDTH

_GEOMETRIES = ((0.30, 0.50), (0.333, 0.50), (0.318, 0.53))  # narrow, wide: nominal, 300-dpi laser, worn
_BLURS = (0.05, 0.10, 0.17)  # mm, one standard deviation
_WINDOW = 46  # samples a template spans: 2.875 mm
_SCALES = np.linspace(0.955, 1.045, 31)
_SLACK = 3  # samples a character may stand off its cell centre
WORST_ACCEPTED = 0.55  # correlation below which a character counts as unread


@dataclass(frozen=True, slots=True)
class Decoded:
    """One way to read a strip. `left` is the left edge of the first bar, in samples of the strip."""

    text: str  # 35 characters, "?" where unread
    fit: float  # mean correlation of the 35 characters, -1..1
    margins: tuple[float, ...]  # best minus second-best correlation, by character
    left: float
    scale: float  # 1 where a cell measures exactly PITCH
    free_symbols: int  # how many of the four frame symbols win even against all 15 characters
    scores: tuple[tuple[float, ...], ...] = ()  # 35 rows of the 15 characters' correlations, as in CHARACTERS


def bar_positions(code: str, narrow: float = 0.30, wide: float = 0.50) -> list[float]:
    """Left edges of the seven bars of a character in millimetres, the first at 0."""
    edges = [0.0]
    for interval in code:
        edges.append(edges[-1] + (wide if interval == "1" else narrow))
    return edges


@lru_cache(maxsize=1)
def _templates() -> Floats:
    """(variants, 15, window) zero-mean unit profiles, each centred in its window."""
    axis = (np.arange(_WINDOW * 4) + 0.5) / (STRIP_SCALE * 4)
    made = []
    for narrow, wide in _GEOMETRIES:
        for blur in _BLURS:
            made.append([_template(code, narrow, wide, blur, axis) for code in CODES.values()])
    return np.asarray(made, dtype=np.float32)


def _template(code: str, narrow: float, wide: float, blur: float, axis: NDArray[np.float64]) -> Floats:
    edges = bar_positions(code, narrow, wide)
    start = (_WINDOW / STRIP_SCALE - edges[-1] - BAR) / 2
    fine = np.zeros(axis.shape, dtype=np.float32)
    for edge in edges:
        fine[(axis >= start + edge) & (axis < start + edge + BAR)] = 1.0
    soft = cv2.GaussianBlur(fine.reshape(1, -1), (0, 0), blur * STRIP_SCALE * 4, borderType=cv2.BORDER_CONSTANT)
    profile = soft.reshape(-1, 4).mean(axis=1)
    profile = profile - profile.mean()
    return np.asarray(profile / np.linalg.norm(profile), dtype=np.float32)


def correlate(profile: Floats) -> Floats:
    """(15, length) best correlation over the variants of each character centred at each sample."""
    half = _WINDOW // 2
    padded = np.pad(profile.astype(np.float32), (half, _WINDOW - half - 1))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)
    windows = windows - windows.mean(axis=1, keepdims=True)
    power = np.linalg.norm(windows, axis=1)
    floor = max(1e-6, 0.15 * float(np.percentile(power, 90)))  # blank paper must not correlate by chance
    templates = _templates()
    scores = windows @ templates.reshape(-1, _WINDOW).T / np.maximum(power, floor)[:, None]
    return np.asarray(scores.reshape(-1, *templates.shape[:2]).max(axis=1).T, dtype=np.float32)


def read_profile(profile: Floats) -> Decoded | None:
    """Best French reading of a profile (ink is positive), left to right. None where it is too short for a line."""
    scores = correlate(profile)
    near = np.asarray(cv2.dilate(scores, np.ones((1, 2 * _SLACK + 1), np.uint8)), dtype=np.float32)
    place = _comb(near)
    if place is None:
        return None
    centre, scale = place
    return _characters(near, centre, scale)


def _comb(near: Floats) -> tuple[float, float] | None:
    """Sample of the first cell's centre and the scale at which the 37-cell frame fits best."""
    rows = {"C": near[CHARACTERS.index("C")], "E": near[CHARACTERS.index("E")], "A": near[CHARACTERS.index("A")]}
    rows["#"] = near[:10].max(axis=0)
    rows[" "] = -0.3 * near.max(axis=0)  # print where paper should be blank speaks against the place
    best: tuple[float, float, float] | None = None
    cells = np.arange(len(FRAME))
    stacked = np.stack([rows[symbol] for symbol in FRAME])
    for scale in _SCALES:
        offsets = np.rint(cells * PITCH * STRIP_SCALE * scale).astype(int)
        room = near.shape[1] - offsets[-1]
        if room <= 0:
            continue
        total = np.zeros(room, dtype=np.float32)
        for cell, offset in enumerate(offsets):
            total += stacked[cell, offset : offset + room]
        at = int(total.argmax())
        if best is None or total[at] > best[0]:
            best = (float(total[at]), float(at), float(scale))
    return None if best is None else (best[1], best[2])


def _characters(near: Floats, centre: float, scale: float) -> Decoded:
    text, fits, margins, rows, free = [], [], [], [], 0
    for cell, symbol in enumerate(FRAME):
        if symbol == " ":
            continue
        column = near[:, min(near.shape[1] - 1, round(centre + cell * PITCH * STRIP_SCALE * scale))]
        allowed = range(10) if symbol == "#" else [CHARACTERS.index(symbol)]
        ranked = sorted(allowed, key=lambda index: -column[index])
        best = ranked[0]
        others = ranked[1] if symbol == "#" else int(np.delete(np.arange(15), best)[np.delete(column, best).argmax()])
        free += symbol != "#" and int(column.argmax()) == best
        rows.append(tuple(float(value) for value in column))
        fits.append(float(column[best]))
        margins.append(float(column[best] - column[others]))
        text.append(CHARACTERS[best] if column[best] >= WORST_ACCEPTED or symbol != "#" else "?")
    half = CHARACTER_WIDTH / 2 * STRIP_SCALE * scale
    fit = float(np.mean(fits))
    return Decoded("".join(text), fit, tuple(margins), centre - half, scale, free, tuple(rows))


def read_freely(profile: Floats, at_least: float = 0.72) -> tuple[str, float]:
    """Every character standing in a profile whatever the layout, and their mean correlation.

    For lines that are not French: nothing is forced, characters below `at_least` are left out.
    """
    scores = correlate(profile)
    best = scores.max(axis=0)
    found: list[int] = []
    taken = np.zeros(best.shape, dtype=bool)
    spread = int(2.6 * STRIP_SCALE)
    for sample in np.argsort(-best):
        if best[sample] < at_least:
            break
        if not taken[sample]:
            found.append(int(sample))
            taken[max(0, sample - spread) : sample + spread] = True
    found.sort()
    text = "".join(CHARACTERS[int(scores[:, sample].argmax())] for sample in found)
    return text, float(np.mean([best[sample] for sample in found])) if found else 0.0


_COARSE = 4  # samples a millimetre when only characters and gaps are looked at


@lru_cache(maxsize=1)
def _occupancy() -> tuple[Floats, ...]:
    """At each scale: where a French line has print and where paper, 1.5 mm of paper around it."""
    masks = []
    for scale in _SCALES[::2]:
        width = round((LINE_LENGTH * scale + 3.0) * _COARSE * 4)
        fine = np.zeros(width + (-width) % 4, dtype=np.float32)
        for cell, symbol in enumerate(FRAME):
            if symbol != " ":
                start = (1.5 + cell * PITCH * scale) * _COARSE * 4
                fine[round(start) : round(start + CHARACTER_WIDTH * scale * _COARSE * 4)] = 1.0
        masks.append(np.asarray(cv2.blur(fine.reshape(1, -1), (5, 1))[0].reshape(-1, 4).mean(axis=1), dtype=np.float32))
    return tuple(masks)


def place_by_gaps(profile: Floats) -> tuple[float, float, float]:
    """(correlation, left edge in samples, scale) of a French line whose single bars cannot be told apart.

    Blur and 100 dpi leave dark characters and light gaps; the two blank cells say where the line starts and which
    way it runs.
    """
    ratio = STRIP_SCALE // _COARSE
    coarse = profile[: profile.size // ratio * ratio].reshape(-1, ratio).mean(axis=1).reshape(1, -1)
    coarse = np.asarray(cv2.blur(coarse, (3, 1)), dtype=np.float32)
    coarse = np.minimum(coarse, np.percentile(coarse, 75))  # some print or none: strokes weigh no more than bars
    best = (-1.0, 0.0, 1.0)
    for mask, scale in zip(_occupancy(), _SCALES[::2], strict=True):
        if mask.size > coarse.size:
            continue
        fits = cv2.matchTemplate(coarse, mask.reshape(1, -1), cv2.TM_CCOEFF_NORMED)[0]
        at = int(fits.argmax())
        if fits[at] > best[0]:
            best = (float(fits[at]), (at + 1.5 * _COARSE) * ratio, float(scale))
    return best


def read_at(profile: Floats, left: float, scale: float) -> Decoded:
    """The filter's reading at a place found otherwise."""
    near = np.asarray(cv2.dilate(correlate(profile), np.ones((1, 2 * _SLACK + 3), np.uint8)), dtype=np.float32)
    return _characters(near, left + CHARACTER_WIDTH / 2 * STRIP_SCALE * scale, scale)
