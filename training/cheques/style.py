"""Crops of lines written by other hands than those drawn: slant, breadth, pen and scan changed anew at every look."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cheque.fields import RULE_ROW
from training.cheques.scanner import Gray

_PLAIN = 0.3  # of the crops keep their hand: nothing but width and height is changed


def restyled(crop: Gray, random: np.random.Generator) -> Gray:
    """The same words by another hand: leaning, squeezed here and spread there, rounder, with a finer or broader pen."""
    calm = random.random() < _PLAIN
    height, width = crop.shape
    wide = max(24, round(width * random.uniform(0.80, 1.25)))
    tall, shift = random.uniform(0.88, 1.12), random.normal(0, 1.2)
    slant = random.normal(0, 0.06 if calm else 0.17)
    columns = np.arange(wide, dtype=np.float32)[None, :]
    rows = np.arange(height, dtype=np.float32)[:, None]
    across = columns * np.float32(width / wide) + np.float32(slant) * (rows - RULE_ROW)
    down = (rows - RULE_ROW - np.float32(shift)) / np.float32(tall) + RULE_ROW + 0 * columns
    if not calm:
        across = across + _wave(wide, random.uniform(10, 40), random.uniform(0, 3.5), random)
        down = down + _wave(wide, random.uniform(20, 90), random.uniform(0, 1.6), random)
        if random.random() < 0.6:
            across, down = _rounder(across, random), _rounder(down, random)
        crop = _pen(crop, random)
    turned = cv2.remap(crop, across.astype(np.float32), down.astype(np.float32), cv2.INTER_LINEAR)
    return _coarser(np.asarray(turned, np.uint8), random)


def _wave(length: int, period: float, reach: float, random: np.random.Generator) -> NDArray[np.float32]:
    """(1, length): a slow random movement of about `reach` pixels."""
    points = random.normal(0, reach, (1, max(2, round(length / period)))).astype(np.float32)
    return np.asarray(cv2.resize(points, (length, 1), interpolation=cv2.INTER_CUBIC), np.float32)


def _rounder(grid: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Neighbouring points of strokes are moved alike, by up to about a pixel."""
    height, width = grid.shape
    cell = random.uniform(6, 16)
    points = random.normal(0, random.uniform(0.2, 0.9), (max(2, round(height / cell)), max(2, round(width / cell))))
    moved = cv2.resize(points.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(grid + moved, np.float32)


def _pen(crop: Gray, random: np.random.Generator) -> Gray:
    draw, share = random.random(), random.uniform(0.2, 0.8)
    if draw < 0.2:
        other = cv2.erode(crop, cv2.getStructuringElement(cv2.MORPH_CROSS, (2, 2)))
    elif draw < 0.4:
        other = cv2.dilate(crop, cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)))
    else:
        return crop
    return np.asarray(cv2.addWeighted(crop, 1 - share, other, share, 0), np.uint8)


def _coarser(crop: Gray, random: np.random.Generator) -> Gray:
    """Scanned with fewer pixels, or out of focus."""
    draw = random.random()
    if draw < 0.15:
        ratio = random.uniform(0.45, 0.8)
        small = cv2.resize(crop, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
        crop = np.asarray(cv2.resize(small, crop.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
    elif draw < 0.25:
        crop = np.asarray(cv2.GaussianBlur(crop, (0, 0), random.uniform(0.5, 1.2)), np.uint8)
    return crop
