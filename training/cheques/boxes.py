"""Many amount boxes quickly: only the corner of the cheque they stand in is drawn and scanned."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.cheque import fields
from ocr.cheque.fields import CROP_HEIGHT, FIGURES_SCALE
from ocr.cheque.geometry import FRAME_SCALE
from training.cheques import paper, texts
from training.cheques.pen import Mask, Random, real_figures, written
from training.cheques.samples import RESOLUTIONS, Sample, figures_label
from training.cheques.scanner import Gray, scanned

_WIDE, _HIGH = 56.0, 26.0  # mm drawn around a box
_BOX = (8.0, 8.5)  # mm of its corner in there


def box_sample(random: Random, held_out: bool = False) -> Sample:
    """One amount box (or a printed key, now and then) as the networks see it, and what it says."""
    corner = _paper(random)
    height = random.uniform(8.6, 10.5)
    if random.random() < 0.12:
        text = f"({random.integers(1, 98):02d})"
        hand = paper.Hand("arimo", "arimo", "train", True, random.uniform(20, 70), 1.6)
        mask, base = written(text, str(random.choice(["arimo", "roboto", "lato", "tinos"])), 11, random, bent=False)
        corner = _laid(corner, mask, base, random.uniform(9, 30), random.uniform(12, 17), hand.ink)
        return Sample(_cropped(corner, random, _BOX[1] + 4.5, 100), text, "figures")
    hand = paper.random_hand(random, held_out)
    text = texts.figures_text(texts.random_amount(random), random)
    _box(corner, height, random)
    mask, base, size = _figures(text, hand, random)
    slack = max(0.0, 41.0 - mask.shape[1] / paper.SCALE)
    left = _BOX[0] + 0.5 + slack * (0.95 if hand.printed else random.beta(1.2, 2.0))
    foot = _BOX[1] + height / 2 + size / 2 + random.normal(0, 0.7)
    corner = _laid(corner, mask, base, left, min(foot, _BOX[1] + height + 0.8), hand.ink)
    return Sample(_cropped(corner, random, _BOX[1] + height / 2, 182), figures_label(text), "figures")


def _paper(random: Random) -> Mask:
    pattern = paper.guilloche(int(random.integers(40)))
    y, x = int(random.integers(0, 400)), int(random.integers(0, 900))
    size = (round(_HIGH * paper.SCALE), round(_WIDE * paper.SCALE))
    depth = random.uniform(0, 110) * random.random() ** 0.7
    tinted = random.uniform(195, 250) - depth * pattern[y : y + size[0], x : x + size[1]]
    return np.asarray(np.clip(tinted, 0, 255), dtype=np.uint8)


def _box(corner: Mask, height: float, random: Random) -> None:
    one = (round(_BOX[0] * paper.SCALE), round(_BOX[1] * paper.SCALE))
    two = (round((_BOX[0] + random.uniform(39, 43)) * paper.SCALE), round((_BOX[1] + height) * paper.SCALE))
    if random.random() < 0.6:
        cv2.rectangle(corner, one, two, float(random.integers(225, 255)), -1)
    if random.random() < 0.95:
        cv2.rectangle(corner, one, two, float(random.integers(30, 150)), int(random.integers(1, 4)))


def _figures(text: str, hand: paper.Hand, random: Random) -> tuple[Mask, int, float]:
    height = random.uniform(3.0, 6.6) * paper.SCALE
    for _ in range(4):
        if hand.figures:
            mask, base = written(text, hand.figures, height * 0.62, random, bent=not hand.printed)
        else:
            mask, base = real_figures(text, height, hand.digits_part, random)
        if mask.shape[1] <= 40 * paper.SCALE:
            break
        height *= max(0.6, 0.97 * 40 * paper.SCALE / mask.shape[1])
    return mask, base, height / paper.SCALE * (0.9 if hand.figures else 1.0)


def _laid(corner: Mask, mask: Mask, base: int, x: float, y: float, ink: float) -> Mask:
    out = corner.astype(np.float32)
    top, left = max(0, round(y * paper.SCALE) - base), round(x * paper.SCALE)
    window = out[top : top + mask.shape[0], left : left + mask.shape[1]]
    share = mask[: window.shape[0], : window.shape[1]] / np.float32(255)
    window[:] = np.minimum(window, window * (1 - share) + ink * share)
    return out.astype(np.uint8)


def _cropped(corner: Mask, random: Random, middle: float, width: int) -> Gray:
    """Scan the corner, a little askew, and cut it as `fields.figures_crop` does."""
    dpi = int(random.choice([r for r, _ in RESOLUTIONS], p=[share for _, share in RESOLUTIONS]))
    scale = min(dpi / 25.4, paper.SCALE)
    small = corner
    if scale < 0.9 * paper.SCALE:
        ratio = scale / paper.SCALE
        small = np.asarray(cv2.resize(corner, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), np.uint8)
    seen = scanned(small, random, float(random.beta(1.0, 1.6)), scale / paper.SCALE)
    angle, stretch = random.normal(0, 0.006), random.normal(1, 0.01)
    own = small.shape[1] / (_WIDE * FRAME_SCALE) * stretch
    matrix = np.array([[own, -own * angle, own * 10 * angle], [own * angle, own, -own * 200 * angle]])
    size = (round(_WIDE * FRAME_SCALE), round(_HIGH * FRAME_SCALE))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    back = cv2.warpAffine(seen, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    ink = fields.ink_picture(np.asarray(back, np.uint8))
    left = _BOX[0] - 1.0 + random.normal(0, 0.5)
    top = middle - CROP_HEIGHT / FIGURES_SCALE / 2 + random.normal(0, 0.4)
    return fields.crop_at(ink, left, top, width, FIGURES_SCALE)
