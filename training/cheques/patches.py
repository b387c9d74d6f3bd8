"""A patch of cheque paper instead of the whole cheque: drawn, scanned and turned into ink the way real pages are."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.cheque import fields
from ocr.cheque.geometry import FRAME_SCALE
from training.cheques import paper
from training.cheques.pen import Mask, Random
from training.cheques.samples import RESOLUTIONS
from training.cheques.scanner import Gray, scanned


def tinted(width: float, height: float, random: Random) -> Mask:
    """Background of some bank, `width` by `height` millimetres at `paper.SCALE`."""
    pattern = paper.guilloche(int(random.integers(40)))
    size = (round(height * paper.SCALE), round(width * paper.SCALE))
    y = int(random.integers(0, pattern.shape[0] - size[0]))
    x = int(random.integers(0, pattern.shape[1] - size[1] + 1))
    depth = random.uniform(0, 110) * random.random() ** 0.7
    ground = random.uniform(195, 250) - depth * pattern[y : y + size[0], x : x + size[1]]
    return np.asarray(np.clip(ground, 0, 255), dtype=np.uint8)


def laid(patch: Mask, mask: Mask, base: int, x: float, y: float, ink: float) -> Mask:
    """A mask put down with its baseline at y millimetres; what stands off the patch is cut away."""
    out = patch.astype(np.float32)
    top, left = round(y * paper.SCALE) - base, round(x * paper.SCALE)
    mask = mask[max(0, -top) :, max(0, -left) :]
    window = out[max(0, top) : max(0, top) + mask.shape[0], max(0, left) : max(0, left) + mask.shape[1]]
    share = mask[: window.shape[0], : window.shape[1]] / np.float32(255)
    window[:] = np.minimum(window, window * (1 - share) + ink * share)
    return out.astype(np.uint8)


def seen_ink(patch: Mask, random: Random) -> Gray:
    """The ink picture of a scanned patch, a little askew and a little off in scale as believed frames are."""
    dpi = int(random.choice([r for r, _ in RESOLUTIONS], p=[share for _, share in RESOLUTIONS]))
    scale = min(dpi / 25.4, paper.SCALE)
    small = patch
    if scale < 0.9 * paper.SCALE:
        ratio = scale / paper.SCALE
        small = np.asarray(cv2.resize(patch, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), np.uint8)
    seen = scanned(small, random, float(random.beta(1.0, 1.6)), scale / paper.SCALE)
    angle, stretch = random.normal(0, 0.006), random.normal(1, 0.01)
    wide, high = patch.shape[1] / paper.SCALE, patch.shape[0] / paper.SCALE
    own = small.shape[1] / (wide * FRAME_SCALE) * stretch
    middle = (wide * FRAME_SCALE / 2, high * FRAME_SCALE / 2)
    matrix = np.array([[own, -own * angle, own * middle[1] * angle], [own * angle, own, -own * middle[0] * angle]])
    size = (round(wide * FRAME_SCALE), round(high * FRAME_SCALE))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    back = cv2.warpAffine(seen, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return fields.ink_picture(np.asarray(back, np.uint8))
