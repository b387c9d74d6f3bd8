"""Two pictures of one sheet laid upon one another: do they carry the same ink in the same places?

For numbers that two readings of what looks like one paper give differently: either one was misread, or there are two
papers. The ink tells. Different figures in the same hand or type agree far less than two scans of the same figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from models.reading import Box
from ocr.images import Pixels
from ocr.prepare import flatten_light, resized

_COMMON_WIDTH = 900  # pixels of both pages: previews are about as wide
_SAME_SHEET = 0.90  # correlation of the whole pages, blurred
_SAME_INK = 0.98  # correlation of one figure; scans of the same stay above 0.99, other figures below 0.965
_REACH = 3  # pixels by which paper may have stretched between two scans
_MARGIN = 3
_PAPER_DPI = 110.0


def decoded(jpeg: bytes) -> Pixels:
    """A kept picture of a page, gray; empty where it cannot be read."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    return np.zeros((0, 0), np.uint8) if picture is None else np.asarray(picture)


def same_ink(one: Pixels, other: Pixels, places: Sequence[Box]) -> bool:
    """Whether both pages carry the same ink in every one of `places` (fractions of `one`). False where in doubt."""
    if one.size == 0 or other.size == 0 or not places:
        return False
    here, there = (flatten_light(resized(page, _COMMON_WIDTH / page.shape[1]), _PAPER_DPI) for page in (one, other))
    laid = _laid_upon(here, there)
    if laid is None:
        return False
    soft = [cv2.GaussianBlur(page, (0, 0), 1).astype(np.float32) for page in (here, laid)]
    return all(_agrees(soft[0], soft[1], place) for place in places)


def _laid_upon(here: Pixels, there: Pixels) -> Pixels | None:
    """`there` moved, turned and stretched onto `here`; None where they are no two scans of one sheet."""
    high, wide = (max(sides) // 2 + 1 for sides in zip(here.shape, there.shape, strict=True))
    frames = []
    for page in (here, there):
        small = cv2.resize(255 - page, (page.shape[1] // 2, page.shape[0] // 2), interpolation=cv2.INTER_AREA)
        frame = np.zeros((high, wide), np.float32)
        frame[: small.shape[0], : small.shape[1]] = cv2.GaussianBlur(small, (0, 0), 2).astype(np.float32) / 255
        frames.append(frame)
    shift, _ = cv2.phaseCorrelate(frames[0], frames[1])
    move = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    everywhere = np.full(frames[0].shape, 255, np.uint8)
    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-5)
    try:
        alike, found = cv2.findTransformECC(frames[0], frames[1], move, cv2.MOTION_AFFINE, until, everywhere, 3)
    except cv2.error:  # it gives up where pages have nothing in common
        return None
    if alike < _SAME_SHEET:
        return None
    found[:, 2] *= 2
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(there, found, (here.shape[1], here.shape[0]), flags=flags, borderValue=255))


def _agrees(here: Any, laid: Any, place: Box) -> bool:
    """Every stretch as long as the place is high: one figure that differs must not hide among those that agree."""
    height, width = here.shape
    left, top = int(place.x * width), max(int(place.y * height) - _MARGIN, 0)
    right, bottom = int((place.x + place.width) * width), int((place.y + place.height) * height) + _MARGIN
    size = max(bottom - top - 2 * _MARGIN, 6)
    step = max(size // 4, 1)
    starts = range(max(left - 2, _REACH), max(right - size, left - 1) + 1, step)
    return bool(starts) and all(_correlation(here, laid, (at, top, at + size, bottom)) >= _SAME_INK for at in starts)


def _correlation(here: Any, laid: Any, place: tuple[int, int, int, int]) -> float:
    """Pearson's, at the best of the small shifts; 0 where either carries no ink."""
    left, top, right, bottom = place
    ours = here[top:bottom, left:right]
    around = laid[max(top - _REACH, 0) : bottom + _REACH, max(left - _REACH, 0) : right + _REACH]
    if ours.size == 0 or around.shape[0] < ours.shape[0] or around.shape[1] < ours.shape[1] or ours.std() < 1:
        return 0.0
    return float(cv2.matchTemplate(around, np.ascontiguousarray(ours), cv2.TM_CCOEFF_NORMED).max())
