"""Where things stand on a French cheque, in millimetres from the top left corner of the paper (175 x 80 mm).

Measured on prints (domain dossier 1.1); banks differ by some millimetres, so zones are search windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

CHEQUE_WIDTH = 175.0
CHEQUE_HEIGHT = 80.0
LINE_LEFT = 7.8  # left edge of the first SIII; 6 to 9 mm on the prints seen
LINE_BASE = 73.9  # bottom edge of the bars
FRAME_SCALE = 8.0  # pixels a millimetre of a straightened cheque (203 dpi)

Gray = NDArray[np.uint8]
Floats = NDArray[np.float32]


class Zone(NamedTuple):
    """A rectangle in millimetres: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float


# Search windows; the crops of `fields.py` are laid on the printed rules found inside them.
AMOUNT_BOX = Zone(127.0, 20.0, 174.0, 40.0)
WORDS_FIRST = Zone(30.0, 12.0, 130.0, 24.0)
WORDS_SECOND = Zone(5.0, 18.0, 130.0, 31.0)
PAYEE_LINE = Zone(8.0, 25.0, 130.0, 38.0)
PLACE_LINE = Zone(128.0, 34.5, 174.5, 43.5)
DATE_LINE = Zone(128.0, 38.5, 174.5, 48.5)
SIGNATURE = Zone(118.0, 47.0, 174.0, 65.5)
RLMC_KEY = Zone(150.0, 54.0, 175.0, 67.0)
DRAWER = Zone(56.0, 38.0, 126.0, 60.0)
ECHO = Zone(118.0, 1.0, 175.0, 14.0)


@dataclass(frozen=True, slots=True)
class Frame:
    """Places a cheque on a page: pixel = origin + mm * (unit vectors scaled by pixels_per_mm)."""

    origin: tuple[float, float]  # page pixel of the top left corner of the paper
    angle: float  # radians, clockwise on the page, from the page's x axis to the cheque's
    pixels_per_mm: float

    def to_page(self, x: float, y: float) -> tuple[float, float]:
        """Page pixel of a point given in millimetres on the cheque."""
        cosine, sine = float(np.cos(self.angle)), float(np.sin(self.angle))
        scale = self.pixels_per_mm
        return (self.origin[0] + scale * (x * cosine - y * sine), self.origin[1] + scale * (x * sine + y * cosine))

    def to_cheque(self, x: float, y: float) -> tuple[float, float]:
        """Millimetres on the cheque of a page pixel."""
        cosine, sine = float(np.cos(self.angle)), float(np.sin(self.angle))
        dx, dy = (x - self.origin[0]) / self.pixels_per_mm, (y - self.origin[1]) / self.pixels_per_mm
        return (dx * cosine + dy * sine, -dx * sine + dy * cosine)

    def matrix(self, zone: Zone, scale: float) -> NDArray[np.float64]:
        """Affine map from pixels of a straight cut of `zone` (at `scale` pixels a millimetre) to page pixels."""
        ratio = self.pixels_per_mm / scale
        cosine, sine = ratio * float(np.cos(self.angle)), ratio * float(np.sin(self.angle))
        x, y = self.to_page(zone.left, zone.top)
        return np.array([[cosine, -sine, x], [sine, cosine, y]], dtype=np.float64)


def cut(page: Gray, frame: Frame, zone: Zone, scale: float, outside: int = 255) -> Gray:
    """A straight, upright picture of `zone`; what lies beyond the page gets the value `outside`."""
    size = (round((zone.right - zone.left) * scale), round((zone.bottom - zone.top) * scale))
    shrinks = scale < 0.75 * frame.pixels_per_mm
    if not shrinks:
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        matrix = frame.matrix(zone, scale)
        return _warp(page, matrix, size, flags, outside)
    fine = cut(page, frame, zone, frame.pixels_per_mm, outside)
    return np.asarray(cv2.resize(fine, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _warp(page: Gray, matrix: NDArray[np.float64], size: tuple[int, int], flags: int, outside: int) -> Gray:
    cut_out = cv2.warpAffine(
        page, matrix, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=(float(outside),)
    )
    return np.asarray(cut_out, dtype=np.uint8)


def straighten(page: Gray, frame: Frame) -> Gray:
    """The whole cheque at `FRAME_SCALE`, 1400 x 640 pixels."""
    whole = Zone(0.0, 0.0, CHEQUE_WIDTH, CHEQUE_HEIGHT)
    return cut(page, frame, whole, FRAME_SCALE)
