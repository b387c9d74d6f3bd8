"""What a scanner, a photocopier or a phone does to paper."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from training.cheques.pen import Random

Gray = NDArray[np.uint8]


@lru_cache(maxsize=1)
def _grain() -> NDArray[np.float32]:
    return np.random.default_rng(7).normal(0, 1, (2400, 3600)).astype(np.float32)


def scanned(paper: Gray, random: Random, hard: float, grain_scale: float = 1.0) -> Gray:
    """Blur, uneven light, noise, contrast, JPEG or two tones. `hard` 0 (clean) to 1; size stays as it is."""
    picture = paper
    blur = abs(random.normal(0.25, 0.35)) * (0.4 + hard) * grain_scale
    if blur > 0.25:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), dtype=np.uint8)
    light = picture.astype(np.float32)
    if random.random() < 0.3 + 0.6 * hard:
        light *= _shadow(picture.shape, random, hard)
    contrast, floor = random.uniform(0.6, 1.0), random.uniform(0, 30)
    noise = random.uniform(0, 3 + 13 * hard)
    y, x = (int(random.integers(0, 2400 - min(size, 2300))) for size in picture.shape[:2])
    grain = _grain()[y : y + picture.shape[0], x : x + picture.shape[1]]
    if grain.shape != picture.shape:
        grain = np.resize(grain, picture.shape)
    light = light * contrast + floor * contrast + noise * grain
    picture = np.clip(light, 0, 255).astype(np.uint8)
    if random.random() < 0.06 + 0.12 * hard:
        return two_tones(picture, random)
    if random.random() < 0.75:
        quality = int(random.integers(35 if hard > 0.5 else 60, 95))
        packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        picture = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)
    return picture


def _shadow(shape: tuple[int, ...], random: Random, hard: float) -> NDArray[np.float32]:
    corners = 1 - random.uniform(0, 0.12 + 0.35 * hard, (3, 3)).astype(np.float32)
    return np.asarray(cv2.resize(corners, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def two_tones(picture: Gray, random: Random) -> Gray:
    """Black and white, as fax-like scanner profiles give; the threshold follows the paper."""
    paper = cv2.blur(picture, (61, 61)).astype(np.float32)
    limit = paper * random.uniform(0.66, 0.84)
    return np.where(picture > limit, 255, 0).astype(np.uint8)
