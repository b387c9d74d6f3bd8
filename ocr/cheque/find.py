"""Find cheques on a page by their CMC-7 lines: it gives place, angle, scale and which way is up in one go.

A line is a dense row of fine vertical strokes, 117 mm long and 3 mm high. A map of that stroke energy, a quarter of
a hundredth the size of the page, shows it on any background; pages without such a row are left after the map.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.cheque.characters import CharacterReader, Shapes, frame_fit, frame_seen
from ocr.cheque.cmc7 import LINE_LENGTH, STRIP_SCALE, Decoded, place_by_gaps, read_at, read_freely, read_profile
from ocr.cheque.e13b import is_e13b
from ocr.cheque.geometry import LINE_BASE, LINE_LEFT, Floats, Frame, Gray, Zone, cut

MAP_SCALE = 2.0  # cells a millimetre
_SEARCH_SCALE = 200 / 25.4  # pixels a millimetre along the row in which bars are looked for
_GAPS = 0.35  # likeness to a line's cells from which a row is worth reading; letters stay below
# The same for a row as long as a line with clear paper above and below: letters seldom stand so, and two tones may
# leave little of a line.
_GAPS_ALONE = 0.19
_LENGTH_ALONE = (95.0, 145.0)  # mm
_NOISY = 2.5  # grey levels of fine strokes on most of a page from which they are looked for more broadly
_UNEVEN = 1.0  # the same from which rows are looked for against the calmest part of the page, too
_CALM = 15  # per cent
_ALONE = 0.30  # strokes in 16 mm across a row, as a share of those in the row itself
_MARGIN = 14.0  # mm of paper taken along with a strip on either side
_HALF_HEIGHT = 4.0  # mm above and below the middle of the line in a strip
_FIT_OF_A_LINE = 0.76  # mean correlation from which a French frame is believed to be one
_FIT_OF_FOREIGN = 0.86  # a line without a frame has only its bars to speak for it
_FOREIGN_CHARACTERS = 22
_CHARACTER_ROWS = 2.9  # mm
# Mean log probability of characters that the frame allows. Of 59 lines in a mirror all had at least 0.18 less than
# their mirror images, of 391 others from which much was missing all had at least 0.18 more.
_FITS = -0.1
_PALEST = 0.04  # share of the light that print takes away at least
_MOST_LINES = 8  # candidates decoded on one page


@dataclass(frozen=True, slots=True)
class Found:
    """A cheque's line on a page. `frame` places the cheque; `decoded` is None for a line that is not French: bars in
    another order (`foreign_text`) or characters of the other font (`e13b`).

    `shows_through`: seen in a mirror, from behind: the page is the back of the cheque. Its frame is upside down then.
    """

    frame: Frame
    strip: Gray
    ink: Floats
    decoded: Decoded | None
    foreign_text: str = ""
    fit: float = 0.0
    shows_through: bool = False
    seen: Shapes | None = None  # what the network makes of the characters
    e13b: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """A long thin blob of the energy map, in page pixels: middle and angle (radians)."""

    x: float
    y: float
    angle: float
    length_mm: float


def find_cheques(page: Gray, dpi: float, shapes: CharacterReader | None = None) -> tuple[Found, ...]:
    """Every CMC-7 line of a page, upright, upside down or turned a quarter. Empty for most pages, and then quickly.

    `dpi` may be off by some 4 per cent. `shapes` reads lines whose bars have run together.
    """
    scale = dpi / 25.4
    found: list[Found] = []
    for row in _rows(page, scale):
        if any(_same_place(row, other) for other in found):
            continue
        line = _read_row(page, row, scale, shapes)
        if line is not None:
            found.append(line)
    return tuple(sorted(found, key=lambda line: line.frame.to_page(0, 0)[1]))


def _rows(page: Gray, scale: float) -> list[_Row]:
    """Candidate rows, likeliest first."""
    rows: list[tuple[float, _Row]] = []  # likeness to a line
    for turned in (False, True):
        for x, y, angle, length, alone in _all_blobs(page, scale, turned):
            if turned:  # back from the quarter turn: (x, y) of the turned map was (y, height - x)
                x, y, angle = y, page.shape[0] / scale - x, angle - np.pi / 2
            row = _Row(x * scale, y * scale, angle, length)
            gaps = _gaps(page, row, scale)
            if gaps >= (_GAPS_ALONE if alone and _LENGTH_ALONE[0] <= length <= _LENGTH_ALONE[1] else _GAPS):
                rows.append((gaps, row))
    rows.sort(key=lambda pair: -pair[0])
    return [row for _, row in rows[:_MOST_LINES]]


def _all_blobs(page: Gray, scale: float, turned: bool) -> Iterator[tuple[float, float, float, float, bool]]:
    """Blobs of the map of fine strokes; on a page full of them (grain, or a bank's pattern) of broader ones, too, and
    against the calmest part of the page: under a pattern most of it says nothing of the white band."""
    energy = _energy(page, scale, turned)
    noise = float(np.median(energy))  # of scanner and paper: what most of the page shows
    yield from _blobs(energy, noise)
    if noise > _UNEVEN:
        yield from _blobs(energy, float(np.percentile(energy, _CALM)), uneven=True)
    if noise > _NOISY:
        energy = _energy(page, scale, turned, broadly=True)
        yield from _blobs(energy, float(np.median(energy)))


def _energy(page: Gray, scale: float, turned: bool, broadly: bool = False) -> Floats:
    """Map at MAP_SCALE of fine strokes across the reading direction: high where bars stand close together.

    `turned`: of a page whose rows run from bottom to top; the map is turned upright (clockwise) then. `broadly`:
    strokes of half a millimetre, into which grain does not reach.
    """
    fine = min(scale, _SEARCH_SCALE)
    along, across = (page.shape[0], page.shape[1]) if turned else (page.shape[1], page.shape[0])
    kept, merged = max(8, round(along / scale * fine)), max(2, round(across / scale * MAP_SCALE))
    steady = cv2.resize(page, (merged, kept) if turned else (kept, merged), interpolation=cv2.INTER_AREA)
    if turned:
        steady = cv2.rotate(steady, cv2.ROTATE_90_CLOCKWISE)
    step = max(1, round((0.6 if broadly else 0.25) * fine))
    exact = steady.astype(np.float32)  # a pale line stands out by a fraction of a grey level
    if broadly:
        exact = np.asarray(cv2.GaussianBlur(exact, (0, 0), sigmaX=0.2 * fine, sigmaY=0.01), dtype=np.float32)
    beside = cv2.addWeighted(exact[:, : -2 * step], 0.5, exact[:, 2 * step :], 0.5, 0)
    second = cv2.absdiff(exact[:, step:-step], beside)
    size = (max(1, round(along / scale * MAP_SCALE)), merged)
    return np.asarray(cv2.resize(second, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _blobs(energy: Floats, noise: float, uneven: bool = False) -> Iterator[tuple[float, float, float, float, bool]]:
    """(x, y, angle, length, whether it stands alone) of rows of the right shape, in millimetres of the map. `uneven`:
    how far the page swings as a whole is no measure of a row."""
    if energy.shape[0] < 8 * MAP_SCALE or energy.shape[1] < 100 * MAP_SCALE:
        return
    local = cv2.blur(energy, (25, 5)) - noise  # 12 mm along the row, 2.5 mm across
    unrest = 0.0 if uneven else 1.48 * float(np.median(np.abs(local - np.median(local))))
    around = cv2.blur(energy, (25, 33)) - noise  # 16 mm across
    mask = (local > np.maximum(1.25 * around, max(0.3, 3.0 * unrest))).astype(np.uint8)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, 13), np.uint8))
    rows = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, 31), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rows, connectivity=8)
    for label in range(1, count):
        left, top, width, height, area = stats[label]
        if not 60 * MAP_SCALE <= width <= 200 * MAP_SCALE or area < 80 * MAP_SCALE:
            continue
        window = np.s_[top : top + height, left : left + width]
        part = labels[window] == label
        weights = np.where(part, energy[window], 0.0)
        ys, xs = np.nonzero(part)
        slope, middle = np.polyfit(xs, ys, 1, w=np.sqrt(weights[ys, xs] + 1e-3))
        x = (xs.min() + xs.max()) / 2
        place = ((left + x + 0.5) / MAP_SCALE, (top + slope * x + middle + 0.5) / MAP_SCALE)
        alone = float(around[window][part].sum()) < _ALONE * float(local[window][part].sum())
        yield *place, float(np.arctan(slope)), width / MAP_SCALE, alone


def _gaps(page: Gray, row: _Row, scale: float) -> float:
    """How much the darkness along a row looks like 35 characters in their 37 cells, in either direction; -1..1."""
    strip = cut(page, _strip_frame(row, scale, 0.0), Zone(0, 0, _strip_length(row), 2 * _HALF_HEIGHT), 4.0)
    paper = cv2.morphologyEx(strip, cv2.MORPH_CLOSE, np.ones((9, 17), np.uint8))
    middle = strip.shape[0] // 2
    profile = cv2.blur(cv2.subtract(paper, strip), (3, 3))[middle - 5 : middle + 6].astype(np.float32).mean(axis=0)
    profile = np.repeat(profile, STRIP_SCALE // 4)
    return max(place_by_gaps(profile)[0], place_by_gaps(profile[::-1])[0])


def _strip_length(row: _Row) -> float:
    """Room for the whole line even where a stamp hides a part of it from the map."""
    return max(row.length_mm, 2 * LINE_LENGTH - row.length_mm + 6) + 2 * _MARGIN


def _same_place(row: _Row, found: Found) -> bool:
    x, y = found.frame.to_cheque(row.x, row.y)
    if found.decoded is None:  # its frame is that of the strip
        return abs(y - _HALF_HEIGHT) < 5.0 and 0.0 < x < found.strip.shape[1] / STRIP_SCALE
    return abs(y - (LINE_BASE - 1.4)) < 5.0 and -20.0 < x < 195.0


def _read_row(page: Gray, row: _Row, scale: float, shapes: CharacterReader | None) -> Found | None:
    """The best reading of a row, forwards or upside down; None where it is no CMC-7."""
    tries = [_read_strip(page, _strip_frame(row, scale, turn), _strip_length(row), shapes) for turn in (0.0, np.pi)]
    best = max(tries, key=_merit)
    if best.decoded is not None:
        return best
    foreign = max(tries, key=lambda line: (line.fit, len(line.foreign_text)))
    return next((line for line in tries if line.e13b), foreign if foreign.foreign_text else None)


def _merit(line: Found) -> float:
    return -1.0 if line.decoded is None else line.decoded.fit + 0.05 * line.decoded.free_symbols


def _strip_frame(row: _Row, scale: float, turn: float) -> Frame:
    """Frame whose millimetres start at the left edge and the top of the strip cut along a row."""
    half = _strip_length(row) / 2
    angle = row.angle + turn
    cosine, sine = np.cos(angle), np.sin(angle)
    x = row.x - scale * (half * cosine - _HALF_HEIGHT * sine)
    y = row.y - scale * (half * sine + _HALF_HEIGHT * cosine)
    return Frame((float(x), float(y)), float(angle), scale)


def _read_strip(page: Gray, frame: Frame, length: float, shapes: CharacterReader | None) -> Found:
    """Straighten twice (the map is coarse), then decode."""
    for _ in range(2):
        ink = ink_of(cut(page, frame, Zone(0, 0, length, 2 * _HALF_HEIGHT), STRIP_SCALE / 2))
        frame = _levelled(frame, ink)
    strip = cut(page, frame, Zone(0, 0, length, 2 * _HALF_HEIGHT), STRIP_SCALE)
    ink = ink_of(strip)
    middle = round(_HALF_HEIGHT * STRIP_SCALE)
    rows = slice(middle - round(1.35 * STRIP_SCALE), middle + round(1.35 * STRIP_SCALE))
    profile = ink[rows].mean(axis=0)
    decoded = read_profile(profile)
    if decoded is not None and decoded.fit >= _FIT_OF_A_LINE and decoded.free_symbols >= 3:
        seen = None if shapes is None else shapes.read(ink, decoded)
        behind = shapes is not None and seen is not None and _shows_through(ink, decoded, shapes, seen)
        return Found(_cheque_frame(frame, decoded), strip, ink, decoded, "", decoded.fit, behind, seen)
    by_shape = None if shapes is None else _read_by_shape(frame, strip, ink, profile, decoded, shapes)
    if by_shape is not None:
        return by_shape
    text, fit = read_freely(profile)
    bars = len(text) >= _FOREIGN_CHARACTERS and fit >= _FIT_OF_FOREIGN and _stands_alone(ink)
    e13b = is_e13b(ink)
    return Found(frame, strip, ink, None, text if bars and not e13b else "", fit, e13b=e13b)


def _shows_through(ink: Floats, decoded: Decoded, shapes: CharacterReader, seen: Shapes) -> bool:
    """A line that shines through from the other side stands in a mirror.

    Turned over by half a turn its bars come in the right order and the filter cannot tell; the shapes stand on
    their heads.
    """
    upright = frame_fit(seen)
    return upright < _FITS and shapes.glance(np.ascontiguousarray(ink[::-1]), decoded)[1] > upright - _FITS


def _read_by_shape(
    frame: Frame, strip: Gray, ink: Floats, profile: Floats, by_bars: Decoded | None, shapes: CharacterReader
) -> Found | None:
    """A line whose bars have run together or are missing, believed when its symbols are seen where they belong.

    It stands where the bars fit best or where the gaps between its characters say, whichever shows more symbols.
    """
    places = [] if by_bars is None else [by_bars]
    likeness, left, scale = place_by_gaps(profile)
    if likeness >= _GAPS_ALONE:
        places.append(read_at(profile, left, scale))
    glances = [shapes.glance(ink, place) for place in places]
    if not glances or max(glances)[0] < 2:
        return None
    seen = shapes.read(ink, places[glances.index(max(glances))])
    if frame_seen(seen) < 3 or float(np.mean(seen.sureness)) < 0.6:
        return None
    decoded = read_at(profile, seen.left, seen.scale)
    fit = 0.5 + 0.25 * float(np.mean(seen.sureness))
    return Found(_cheque_frame(frame, decoded), strip, ink, decoded, fit=fit, seen=seen)


def _stands_alone(ink: Floats) -> bool:
    """Characters are 2.85 mm high with paper above and below; the bars of a barcode are higher."""
    rows = np.abs(np.diff(ink, n=2, axis=1)).mean(axis=1)
    middle = round(_HALF_HEIGHT * STRIP_SCALE)
    reach = round(2.2 * STRIP_SCALE)
    inside = float(rows[middle - STRIP_SCALE : middle + STRIP_SCALE].mean())
    outside = float(np.concatenate([rows[: middle - reach], rows[middle + reach :]]).mean())
    return outside < 0.4 * inside


def ink_of(strip: Gray) -> Floats:
    """Darkness as a share of the paper around, 1 for the line's own print; a pen darker than that gives up to 1.6.

    Paper is looked for where all bars have run together, so blurred characters are no paper. What is lighter than
    paper stays: cut off, noise would no longer cancel out.
    """
    height, width = strip.shape
    rows = round(2 * _HALF_HEIGHT * 4)  # four a millimetre
    coarse = cv2.resize(strip, (max(1, width * rows // height), rows), interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, np.ones((5, 11), np.uint8)), (15, 7))
    light = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    ink = 1.0 - strip / np.maximum(light, 1.0)
    reach = height // 6  # rows in which the characters stand
    print_there = float(np.percentile(ink[height // 2 - reach : height // 2 + reach : 2, ::2], 90))
    return np.asarray(np.clip(ink / max(_PALEST, 1.15 * print_there), -0.4, 1.6), dtype=np.float32)


def _levelled(frame: Frame, ink: Floats) -> Frame:
    """Turn and shift a strip frame so that the row of characters runs level through its middle.

    Fine strokes show it and, where bars have run together, darkness: in every block of the strip a row of their
    height with paper above and below. All blocks are asked together, so a pen stroke or noise in some cannot tilt it.
    """
    scale = ink.shape[0] / (2 * _HALF_HEIGHT)
    strokes = np.abs(np.diff(cv2.blur(ink, (1, 5)), n=2, axis=1))
    contrast = _row_contrast(strokes, scale) + _row_contrast(ink, scale)  # (blocks, rows)
    blocks, height = contrast.shape
    outwards = (np.arange(blocks) + 0.5) / blocks - 0.5  # -0.5 at the left end of the strip
    drops = np.arange(-0.022, 0.0221, 0.0005) * ink.shape[1]  # pixels from one end to the other
    offsets = np.arange(round(_CHARACTER_ROWS * scale / 2), height - round(_CHARACTER_ROWS * scale / 2))
    rows = np.rint(offsets[None, :, None] + drops[:, None, None] * outwards).astype(int)
    totals = contrast[np.arange(blocks), np.clip(rows, 0, height - 1)].sum(axis=2)
    turned, shifted = np.unravel_index(int(totals.argmax()), totals.shape)
    shift = float(offsets[shifted]) / scale - _HALF_HEIGHT
    reach = ink.shape[1] / 2 / scale
    angle = frame.angle + float(np.arctan(drops[turned] / ink.shape[1]))
    pivot = frame.to_page(reach, _HALF_HEIGHT + shift)
    straight = Frame(pivot, angle, frame.pixels_per_mm)
    return Frame(straight.to_page(-reach, -_HALF_HEIGHT), angle, frame.pixels_per_mm)


def _row_contrast(picture: Floats, scale: float) -> Floats:
    """(24 blocks, rows) how far a row of characters centred there stands out from what is above and below it."""
    sums = np.stack([block.mean(axis=1) for block in np.array_split(picture, 24, axis=1)])
    inside = cv2.blur(sums, (round(_CHARACTER_ROWS * scale), 1))
    around = cv2.blur(sums, (round((_CHARACTER_ROWS + 2.4) * scale), 1))
    contrast = inside - around
    unrest = float(np.median(np.abs(contrast))) + 1e-6
    usual = float(np.median(contrast.max(axis=1)))
    return np.asarray(np.clip(contrast, -usual, 1.3 * usual) / unrest, dtype=np.float32)


def _cheque_frame(strip: Frame, decoded: Decoded) -> Frame:
    """Frame of the whole cheque, from where the first bar stands in a strip."""
    left = decoded.left / STRIP_SCALE
    x, y = strip.to_page(left, _HALF_HEIGHT)
    scale = strip.pixels_per_mm * decoded.scale
    whole = Frame((x, y), strip.angle, scale)
    return Frame(whole.to_page(-LINE_LEFT, -(LINE_BASE - 1.42)), strip.angle, scale)
