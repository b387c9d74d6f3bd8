"""A page made fit for reading: working resolution, even light, right way up on its lines.

Angles are degrees clockwise to apply so that the page stands upright. All functions take and give gray uint8.
"""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np

from ocr.images import PageImage, Pixels

WORKING_DPI = 200.0
A4_LONG_SIDE_INCHES = 297 / 25.4
LARGEST_SKEW = 10.0
_SMALL_DPI = 100.0  # resolution at which angles are measured
_ENOUGH_INK = 60  # points below which a direction means nothing
_MOST_POINTS = 60_000
_FEW_POINTS = 15_000  # enough for the nearest tenth of a degree
_LONG_STROKE = 60  # pixels at 100 dpi: no letter has one
_PALEST = 205  # on a flattened page (248): the palest ink that is levelled with the rest
_BARE_ROOM, _MOST_OF_THE_PAGE = 0.02, 0.85  # shares of its longer side, of its area
_LEVEL = 0.02  # degrees: less is not turned
_DARK_GROUND, _BRIGHTER = 90, 80  # gray levels
_FIELD = 7  # in fourths of the resolution: wider than any stroke of writing
_FIELDS_OF_PAPER = 0.03  # share of the page


def resolution_of(image: PageImage) -> float:
    """As stated by the file; otherwise as if the longer side were that of an A4 sheet."""
    longer = float(max(image.pixels.shape[:2]))
    estimate = longer / A4_LONG_SIDE_INCHES
    if image.dpi is None:
        return estimate
    # Cameras and screens write 72 or 96 whatever the picture: a page of 40 inches is not one.
    return estimate if longer / image.dpi > 2.2 * A4_LONG_SIDE_INCHES else image.dpi


def resized(gray: Pixels, factor: float) -> Pixels:
    if abs(factor - 1.0) < 0.02:
        return gray
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    height, width = gray.shape[:2]
    if min(height, width) * factor < 1:  # a strip thinner than a pixel stays one
        size = (max(round(width * factor), 1), max(round(height * factor), 1))
        return np.asarray(cv2.resize(gray, size, interpolation=method))
    return np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=method))


def paper_light(gray: Pixels, dpi: float) -> Pixels:
    """The paper's own brightness everywhere on the page, at about 25 dpi; never below 24."""
    shrink = max(1, round(dpi / 50))
    small = cv2.resize(gray, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
    reach = max(3, int(dpi / shrink * 0.25)) | 1
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    half = (max(paper.shape[1] // 2, 1), max(paper.shape[0] // 2, 1))
    coarse = cv2.medianBlur(cv2.resize(paper, half, interpolation=cv2.INTER_AREA), (reach // 2) | 1)
    return np.maximum(cv2.GaussianBlur(coarse, (0, 0), reach / 6), 24)


def in_light(gray: Pixels, light: Pixels) -> Pixels:
    """The page divided by its paper's brightness: bare paper becomes 248."""
    full = cv2.resize(light, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(gray, full, scale=248))


def flatten_light(gray: Pixels, dpi: float) -> Pixels:
    """Divide by the paper's own brightness, so that shadow, tint and gradient become white."""
    return in_light(gray, paper_light(gray, dpi))


def noise_level(gray: Pixels) -> float:
    """Standard deviation of fine grain on bare paper, in gray levels (Immerkaer's filter, robust median form)."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], dtype=np.float32)
    response = np.abs(cv2.filter2D(gray[::2, ::2], cv2.CV_32F, kernel))
    return float(np.median(response)) / 0.6745 / 6.0


def on_white_paper(gray: Pixels) -> Pixels:
    """Light writing on a dark ground, as screens show it at night, turned into print; any other page as it is.

    Paper in the dark has nothing much brighter than itself; a cheque on a dark lid is a bright field, not writing.
    """
    seen = np.ascontiguousarray(gray[::4, ::4])
    shares = np.cumsum(np.bincount(seen.ravel(), minlength=256)) / max(seen.size, 1)
    middle, brightest = np.searchsorted(shares, (0.5, 0.997)) if seen.size else (255, 255)
    if middle >= _DARK_GROUND or brightest <= middle + _BRIGHTER:
        return gray
    bright = (seen > middle + _BRIGHTER / 2).astype(np.uint8)
    fields = cv2.erode(bright, np.ones((_FIELD, _FIELD), np.uint8))
    return gray if fields.mean() > _FIELDS_OF_PAPER else 255 - gray


def ink(gray: Pixels) -> Pixels:
    """True where a flattened page carries ink; the threshold falls between paper and its darkest strokes."""
    if gray.size == 0:
        return np.zeros(gray.shape, dtype=np.bool_)
    threshold, _ = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(gray < min(max(threshold, 110.0), 200.0))


def rotated(gray: Pixels, degrees: float, paper: int | None = 255, fine: bool = False) -> Pixels:
    """Turned clockwise by a small angle about the middle, same size, corners filled with `paper`; None: as the edge.

    `fine` keeps thin bars sharper at twice the cost; words read no better for it.
    """
    if abs(degrees) < _LEVEL:
        return gray
    edge = cv2.BORDER_REPLICATE if paper is None else cv2.BORDER_CONSTANT
    return _turned_part(gray, degrees, (0, 0, gray.shape[1], gray.shape[0]), fine, edge, paper or 0)


def levelled(gray: Pixels, degrees: float, look: Pixels, fine: bool = False) -> Pixels:
    """As `rotated`, where `look`, the flattened page in small, carries ink; bare paper around it stays as it is."""
    high, wide = look.shape
    left, top, inked_wide, inked_high = cv2.boundingRect((look < _PALEST).astype(np.uint8))
    room = (_BARE_ROOM + math.sin(math.radians(abs(degrees)))) * max(high, wide)
    height, width = gray.shape
    x, y = (int(max(side - room, 0.0) * size) for side, size in ((left, width / wide), (top, height / high)))
    end_x = int(min(left + inked_wide + room, wide) * width / wide)
    end_y = int(min(top + inked_high + room, high) * height / high)
    if abs(degrees) < _LEVEL or (end_x - x) * (end_y - y) > _MOST_OF_THE_PAGE * gray.size:
        return rotated(gray, degrees, fine=fine)
    page = gray.copy()
    page[y:end_y, x:end_x] = _turned_part(gray, degrees, (x, y, end_x - x, end_y - y), fine, cv2.BORDER_CONSTANT, 255)
    return page


def _turned_part(
    gray: Pixels, degrees: float, part: tuple[int, int, int, int], fine: bool, edge: int, fill: int
) -> Pixels:
    """The part (x, y, width, height) of the page turned about its middle."""
    matrix = cv2.getRotationMatrix2D((gray.shape[1] / 2, gray.shape[0] / 2), -degrees, 1.0)
    matrix[:, 2] -= part[:2]
    way = cv2.INTER_CUBIC if fine else cv2.INTER_LINEAR
    return np.asarray(cv2.warpAffine(gray, matrix, part[2:], flags=way, borderMode=edge, borderValue=fill))


def turned(gray: Pixels, quarter_degrees: int) -> Pixels:
    """Turned clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(gray, -(quarter_degrees // 90) % 4))


def find_skew(flat: Pixels, dpi: float) -> float:
    """Degrees clockwise that level the lines of text, within +-10; 0 where there are too few lines to tell.

    The right angle gives the sharpest row profile: sum of squared steps between neighbouring rows.
    """
    rows, columns = _ink_points(flat, dpi)
    if rows.size < _ENOUGH_INK:
        return 0.0
    few = np.random.default_rng(1).integers(0, rows.size, min(rows.size, _FEW_POINTS))
    best = _best_angle(rows[few], columns[few], np.arange(-LARGEST_SKEW, LARGEST_SKEW + 0.1, 0.5))
    best = _best_angle(rows[few], columns[few], best + np.arange(-0.5, 0.51, 0.1))
    angles = best + np.arange(-0.1, 0.101, 0.025)
    scores = [_sharpness(rows, columns, angle, finer=2) for angle in angles]
    return float(_peak(angles, scores))


def is_sideways(flat: Pixels, dpi: float) -> tuple[bool, float]:
    """Whether lines run up or down the page, and how much sharper the better direction is (1 = no telling)."""
    rows, columns = _ink_points(flat, dpi, without_rules=True)
    if rows.size < _ENOUGH_INK:
        return False, 1.0
    angles = np.arange(-6.0, 6.1, 1.0)
    along = max(_sharpness(rows, columns, angle) for angle in angles)
    across = max(_sharpness(columns, rows, angle) for angle in angles)
    return across > along, max(across, along) / max(min(across, along), 1e-9)


def _ink_points(flat: Pixels, dpi: float, without_rules: bool = False) -> tuple[Any, Any]:
    small = resized(flat, min(1.0, _SMALL_DPI / dpi))
    mask = ink(small).astype(np.uint8)
    if without_rules:
        mask = without_long_strokes(mask, min(dpi, _SMALL_DPI))
    points = cv2.findNonZero(mask)
    if points is None:
        return np.zeros(0), np.zeros(0)
    columns, rows = points.reshape(-1, 2).T
    if rows.size > _MOST_POINTS:
        keep = np.random.default_rng(0).integers(0, rows.size, _MOST_POINTS)
        rows, columns = rows[keep], columns[keep]
    return rows.astype(np.float64), columns.astype(np.float64)


def without_long_strokes(mask: Pixels, dpi: float = _SMALL_DPI) -> Pixels:
    """Ruled lines, frames and scan borders say nothing about the direction of text."""
    kept, scale = mask.copy(), dpi / _SMALL_DPI
    for across in (True, False):
        strokes = straight_strokes(mask, round(_LONG_STROKE * scale), across)
        if strokes.any():
            kept[cv2.dilate(strokes, np.ones((3, 3), np.uint8)) > 0] = 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    tall = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    thin = np.minimum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    bars = (tall > 18 * scale) & (tall > 5 * thin)  # of a barcode, a dashed line
    wrong = (tall > 120 * scale) | bars | (stats[:, cv2.CC_STAT_AREA] < 3 * scale)
    wrong[0] = True
    return np.where(wrong[labels], 0, kept) if count > 1 else kept


def straight_strokes(mask: Pixels, length: int, across: bool) -> Pixels:
    """Pixels of a 0/1 mask on unbroken runs of at least `length` along a row (`across`) or a column.

    A morphological opening by a straight line, doubled up instead of pixel by pixel: far quicker for long lines.
    """
    if mask.shape[1 if across else 0] < length:
        return np.zeros_like(mask)
    started = _along(mask, length, across, np.bitwise_and)
    room = ((0, 0), (length - 1, length - 1)) if across else ((length - 1, length - 1), (0, 0))
    return _along(np.pad(started, room), length, across, np.bitwise_or)


def _along(mask: Pixels, length: int, across: bool, merge: Any) -> Pixels:
    """At each pixel `merge` of the `length` pixels from it on; shorter than `mask` by length - 1."""
    done = 1
    while done < length:
        step = min(done, length - done)
        mask = merge(mask[:, :-step], mask[:, step:]) if across else merge(mask[:-step], mask[step:])
        done += step
    return mask


def _sharpness(rows: Any, columns: Any, angle: float, finer: int = 1) -> float:
    """Clockwise rotation by `angle` carries a point at (x, y) to row y cos + x sin."""
    radians = math.radians(angle)
    turned_rows = (rows * math.cos(radians) + columns * math.sin(radians)) * finer
    profile = np.bincount((turned_rows - turned_rows.min()).astype(np.int64))
    return float(np.sum(np.diff(profile.astype(np.float64)) ** 2)) / int(rows.size)


def _best_angle(rows: Any, columns: Any, angles: Any) -> float:
    scores = [_sharpness(rows, columns, angle) for angle in angles]
    return float(angles[int(np.argmax(scores))])


def _peak(angles: Any, scores: list[float]) -> float:
    """The top of the parabola through the best angle and its neighbours."""
    best = int(np.argmax(scores))
    if best in (0, len(scores) - 1):
        return float(angles[best])
    before, at, after = scores[best - 1], scores[best], scores[best + 1]
    bend = before - 2 * at + after
    shift = 0.5 * (before - after) / bend if bend else 0.0
    return float(angles[best] + shift * (angles[1] - angles[0]))
