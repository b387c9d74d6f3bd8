"""The white strip at the foot of a cheque with its CMC-7 line, as scanners deliver it: for training and measuring."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from training.cheques import paper
from training.cheques.pen import Random
from training.cheques.scanner import Gray, scanned, two_tones


@dataclass(frozen=True, slots=True)
class Condition:
    """How badly a strip is treated. Strokes and stamps are counted a line; the rest is millimetres or shares."""

    name: str
    dpi: int = 200
    hard: float = 0.1
    skew: float = 1.0  # degrees, one standard deviation
    wear: float = 0.2
    strokes: float = 0.0  # expected pen strokes through the line
    stamp: float = 0.0  # chance of a stamp over part of it
    blur: float = 0.0  # mm
    two_tone: bool = False
    pattern: float = 0.0  # chance of a background pattern


CONDITIONS = (
    Condition("clean 300 dpi", 300, 0.0),
    Condition("clean 200 dpi", 200, 0.0),
    Condition("medium 300 dpi", 300, 0.5, 1.5, 0.4),
    Condition("medium 200 dpi", 200, 0.5, 1.5, 0.4, pattern=0.3),
    Condition("hard mix", 200, 0.9, 2.0, 0.6, strokes=0.5, stamp=0.15, blur=0.05, pattern=0.4),
    Condition("hard mix 150 dpi", 150, 0.8, 2.0, 0.5, strokes=0.3, stamp=0.1, pattern=0.3),
    Condition("pen strokes 200 dpi", 200, 0.4, strokes=3.0),
    Condition("blur 300 dpi", 300, 0.3, blur=0.16),
    Condition("two tones 200 dpi", 200, 0.3, two_tone=True),
    Condition("150 dpi", 150, 0.4),
    Condition("100 dpi", 100, 0.3),
)


def strip_page(text: str, condition: Condition, random: Random) -> tuple[Gray, float, tuple[float, float, float]]:
    """A page with one strip, its pixels a millimetre, and (x, y, angle) of the first bar's middle on it."""
    fine = 12.0
    page = np.full((round(34 * fine), round(175 * fine)), random.uniform(215, 252), np.float32)
    if random.random() < condition.pattern:
        page -= _pattern(page.shape, fine, random)
    left, top = random.uniform(5.5, 9.5), 20.0
    ink, first_row = paper.draw_line(text, random, condition.wear, fine)
    y, x = round(top * fine - first_row), round((left - 2.0) * fine)
    darkness = random.uniform(10, 90)
    window = page[y : y + ink.shape[0], x : x + ink.shape[1]]
    share = ink / 255.0
    window[:] = np.minimum(window, window * (1 - share) + darkness * share)
    _scribble(page, (left, top), fine, condition, random)
    if condition.blur:
        page = cv2.GaussianBlur(page, (0, 0), condition.blur * fine).astype(np.float32)
    scale = condition.dpi / 25.4
    small = cv2.resize(page, None, fx=scale / fine, fy=scale / fine, interpolation=cv2.INTER_AREA)
    angle = float(np.clip(random.normal(0, condition.skew), -4, 4)) * np.pi / 180
    cosine, sine = float(np.cos(angle)), float(np.sin(angle))
    shift = (87.0 * scale * sine, -87.0 * scale * sine)
    matrix = np.array([[cosine, -sine, 0.0], [sine, cosine, shift[1]]])
    size = (small.shape[1], small.shape[0])
    turned = cv2.warpAffine(np.clip(small, 0, 255).astype(np.uint8), matrix, size, borderMode=cv2.BORDER_REPLICATE)
    turned = scanned(np.asarray(turned, np.uint8), random, condition.hard, scale / paper.SCALE)
    if condition.two_tone:
        turned = two_tones(turned, random)
    place = matrix @ np.array([left * scale, (top + 1.42) * scale, 1.0])
    return turned, scale, (float(place[0]), float(place[1]), angle)


def _pattern(shape: tuple[int, ...], fine: float, random: Random) -> Gray:
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32) / fine
    wave = np.cos(
        2 * np.pi * (y + random.uniform(0.3, 2) * np.sin(x * random.uniform(0.05, 0.5))) / random.uniform(0.8, 2.5)
    )
    return np.asarray(np.clip(wave, 0, 1) * random.uniform(8, 45))


def _scribble(
    page: np.ndarray[tuple[int, int], np.dtype[np.float32]],
    place: tuple[float, float],
    fine: float,
    condition: Condition,
    random: Random,
) -> None:
    for _ in range(random.poisson(condition.strokes)):
        x, y = place[0] + random.uniform(0, 116), place[1] + 1.4
        reach = random.uniform(1, 9, 4) * np.array([-1, -1, 1, 1]) * random.choice([-1, 1])
        start = (round((x + reach[0]) * fine), round((y + reach[1] * 0.6) * fine))
        end = (round((x + reach[2]) * fine), round((y + reach[3] * 0.6) * fine))
        cv2.line(page, start, end, float(random.uniform(10, 110)), round(random.uniform(0.2, 0.55) * fine), cv2.LINE_AA)
    if random.random() < condition.stamp:
        middle = (round((place[0] + random.uniform(5, 110)) * fine), round((place[1] + random.uniform(-4, 6)) * fine))
        axes = (round(random.uniform(8, 18) * fine), round(random.uniform(4, 9) * fine))
        gray = float(random.uniform(90, 170))
        cv2.ellipse(page, middle, axes, float(random.uniform(0, 40)), 0, 360, gray, round(0.35 * fine), cv2.LINE_AA)
        box = (
            (middle[0] - round(5 * fine), middle[1] - round(2 * fine)),
            (middle[0] + round(5 * fine), middle[1] + round(2 * fine)),
        )
        cv2.rectangle(page, *box, gray, round(0.4 * fine))
