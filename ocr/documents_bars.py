"""A quick look for bars: whether a page may carry a barcode or a patch and should be searched closely."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.images import Pixels

LOOK_DPI = 100.0
_WINDOW = 25  # pixels, a quarter of an inch
_ONE_WAY = 3.0  # times stronger across the bars than along them; print is about even
_STRONG = 22.0  # mean step of gray across bars; ruled paper and table lines stay far below
_ENOUGH = 0.0012  # share of the page, about 0.7 square centimetres of an A4 sheet


def may_show_bars(gray: Pixels) -> bool:
    """True where some patch of a page at LOOK_DPI changes strongly one way and hardly the other, as bars do."""
    across = np.abs(cv2.Sobel(gray, cv2.CV_16S, 1, 0, ksize=1)).astype(np.float32)
    down = np.abs(cv2.Sobel(gray, cv2.CV_16S, 0, 1, ksize=1)).astype(np.float32)
    size = (_WINDOW, _WINDOW)
    one, other = np.asarray(cv2.blur(across, size))[::4, ::4], np.asarray(cv2.blur(down, size))[::4, ::4]
    high, low = np.maximum(one, other), np.minimum(one, other)
    return bool(((high > _STRONG) & (high > _ONE_WAY * low)).mean() > _ENOUGH)
