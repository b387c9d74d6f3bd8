"""Many amount boxes quickly: only the corner of the cheque they stand in is drawn and scanned."""

from __future__ import annotations

import cv2

from ocr.cheque import fields
from ocr.cheque.fields import CROP_HEIGHT, FIGURES_SCALES
from training.cheques import paper, texts
from training.cheques.patches import laid, seen_ink, tinted
from training.cheques.pen import Mask, Random, real_figures, written
from training.cheques.samples import DIGIT_PIXELS, Sample, figures_label, fitting_scale
from training.cheques.scanner import Gray

_WIDE, _HIGH = 56.0, 26.0  # mm drawn around a box
_BOX = (8.0, 8.5)  # mm of its corner in there


def box_sample(random: Random, part: str = "train") -> Sample:
    """One amount box as the networks see it, and what it says."""
    corner = tinted(_WIDE, _HIGH, random)
    height = random.uniform(8.6, 10.5)
    hand = paper.random_hand(random, part)
    text = texts.figures_text(texts.random_amount(random), random)
    _box(corner, height, random)
    mask, base, size = _figures(text, hand, random)
    slack = max(0.0, 41.0 - mask.shape[1] / paper.SCALE)
    left = _BOX[0] + 0.5 + slack * (0.95 if hand.printed else random.beta(1.2, 2.0))
    foot = _BOX[1] + height / 2 + size / 2 + random.normal(0, 0.7)
    corner = laid(corner, mask, base, left, min(foot, _BOX[1] + height + 0.8), hand.ink)
    return Sample(_cropped(corner, random, _BOX[1] + height / 2, size), figures_label(text), "figures")


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
            mask, base = written(text, hand.figures, height * 0.62, random, not hand.printed, hand.restless)
        else:
            mask, base = real_figures(text, height, hand.digits_part, random)
        if mask.shape[1] <= 40 * paper.SCALE:
            break
        height *= max(0.6, 0.97 * 40 * paper.SCALE / mask.shape[1])
    return mask, base, height / paper.SCALE * (0.9 if hand.figures else 1.0)


def _cropped(corner: Mask, random: Random, middle: float, size: float) -> Gray:
    """Scan the corner, a little askew, and cut it as `fields.figures_crop` does; `size`: mm of the figures' height."""
    ink = seen_ink(corner, random)
    scale = fitting_scale(size, DIGIT_PIXELS, FIGURES_SCALES, random)
    left = _BOX[0] - 1.0 + random.normal(0, 0.5)
    top = middle - CROP_HEIGHT / scale / 2 + random.normal(0, 0.4)
    return fields.crop_at(ink, left, top, round(45.5 * scale), scale)
