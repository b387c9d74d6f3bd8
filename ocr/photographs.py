"""A sheet photographed by phone: its four corners found on the table and the sheet laid flat.

Only pictures that do not come from a scanner are looked at: no stated resolution, colour or gray, and a border that is
not paper. A scan with a dark edge is left alone.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from ocr.images import PageImage, Pixels
from ocr.prepare import A4_LONG_SIDE_INCHES

_SMALL_SIDE = 600  # pixels of the longer side on which the sheet is looked for
_LEAST_SHARE = 0.25  # of the picture a sheet must cover
_CORNER_MARGIN = 0.004
PHOTO_DPI = 300.0  # resolution the flattened sheet is given at most


def sheet_of(image: PageImage) -> PageImage:
    """The sheet alone, seen from straight above, with a resolution as if A4; `image` itself where there is no sheet."""
    if image.dpi is not None and image.dpi > 96:
        return image
    corners = find_sheet(image.gray)
    return image if corners is None else _flattened(image, corners)


def find_sheet(gray: Pixels) -> Any | None:
    """Corners (4, 2) of a bright sheet on darker ground: top left, top right, bottom right, bottom left; else None."""
    scale = _SMALL_SIDE / max(gray.shape)
    small = np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    smooth = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), (5, 5), 0)
    level, _ = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for threshold in (level, level * 0.85, level * 1.12):
        bright = (smooth > threshold).astype(np.uint8)
        corners = _largest_quad(cv2.morphologyEx(bright, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8)))
        if corners is not None and _stands_out(small, corners):
            return _ordered(corners / scale)
    return None


def _largest_quad(bright: Pixels) -> Any | None:
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    largest = max(contours, key=cv2.contourArea)
    hull = cv2.convexHull(largest)
    area, whole = cv2.contourArea(hull), float(bright.size)
    if not _LEAST_SHARE * whole < area < 0.985 * whole or cv2.contourArea(largest) < 0.9 * area:
        return None
    for tolerance in (0.015, 0.02, 0.03, 0.05):
        corners = cv2.approxPolyDP(hull, tolerance * cv2.arcLength(hull, True), True)
        if len(corners) == 4 and cv2.contourArea(corners) > 0.93 * area:
            return corners[:, 0, :].astype(np.float64)
    return None


def _stands_out(small: Pixels, corners: Any) -> bool:
    """The ground is clearly darker than the sheet's bare paper, and it leaves the picture on at most one side."""
    inside = np.zeros(small.shape, np.uint8)
    cv2.fillConvexPoly(inside, corners.astype(np.int32), 1)
    ground = small[inside == 0]
    if ground.size < 0.015 * small.size:
        return False
    height, width = small.shape
    touching = [
        bool((corners[:, 0] < 3).sum() >= 2),
        bool((corners[:, 0] > width - 4).sum() >= 2),
        bool((corners[:, 1] < 3).sum() >= 2),
        bool((corners[:, 1] > height - 4).sum() >= 2),
    ]
    return sum(touching) <= 1 and float(np.median(small[inside == 1])) - float(np.median(ground)) > 35


def _ordered(corners: Any) -> Any:
    middle = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    around = corners[np.argsort(angles)]  # clockwise in a picture, beginning on the left
    first = int(np.argmin(around.sum(axis=1)))
    return np.roll(around, -first, axis=0)


def _flattened(image: PageImage, corners: Any) -> PageImage:
    top, right, bottom, left = (float(np.linalg.norm(corners[at] - corners[(at + 1) % 4])) for at in range(4))
    width, height = max(top, bottom), max(left, right)
    longer = max(width, height)
    factor = min(1.0, PHOTO_DPI * A4_LONG_SIDE_INCHES / longer)
    size = (max(round(width * factor), 8), max(round(height * factor), 8))
    inset = _CORNER_MARGIN * longer * factor
    target = np.array(
        [[-inset, -inset], [size[0] + inset, -inset], [size[0] + inset, size[1] + inset], [-inset, size[1] + inset]],
        dtype=np.float32,
    )
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    flat = cv2.warpPerspective(image.pixels, matrix, size, flags=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    return PageImage(np.asarray(flat), longer * factor / A4_LONG_SIDE_INCHES)
