"""Writing drawn on paper: masks of pen strokes in pixels, 0 (no ink) to 255."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from training.cheques import sources

Mask = NDArray[np.uint8]
Random = np.random.Generator
_JOINT = 0.45  # of the lines drawn letter by letter: their letters come from several fonts


@lru_cache(maxsize=256)
def _letters(name: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # only to train: pages for the tests are drawn without it

    return frozenset(TTFont(sources.font_file(name)).getBestCmap())


def fitting(text: str, name: str) -> str:
    """The text without accents and signs that a font does not have."""
    known = _letters(name)
    out = []
    for letter in text:
        plain = unicodedata.normalize("NFKD", letter)[0]
        out.append(letter if ord(letter) in known else plain if ord(plain) in known else "")
    return "".join(out)


def written(
    text: str, name: str, x_height: float, random: Random, bent: bool = True, restless: bool = False
) -> tuple[Mask, int]:
    """A line of writing and the row of its baseline. `x_height` in pixels of a small x.

    `restless`: no two letters alike, as from a hand in a hurry; only networks are trained on that, nothing is measured.
    """
    font = sources.font(name, 64)
    box = font.getbbox("x")
    size = max(7, round(64 * x_height / max(4, box[3] - box[1])))
    font = sources.font(name, min(size, 120))
    text = fitting(text, name)
    if restless and bent and text and random.random() < 0.75:
        mask, base = _letter_by_letter(text, name, font, random)
        return _worn(*_bent(_elastic(mask, random), base, random), random)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text, anchor="ls"))
    pad = 6
    picture = Image.new("L", (max(4, right - left + 2 * pad), max(4, bottom - top + 2 * pad)))
    ImageDraw.Draw(picture).text((pad - left, pad - top), text, font=font, fill=255, anchor="ls")
    mask, base = np.asarray(picture), pad - top
    return _bent(mask, base, random) if bent else (mask, base)


def _letter_by_letter(text: str, name: str, font: ImageFont.FreeTypeFont, random: Random) -> tuple[Mask, int]:
    """Each letter a little higher, larger, nearer than the font has it."""
    size = int(font.size)
    bounce, swell, spread = random.uniform(0, 0.05), random.uniform(0, 0.07), random.uniform(-0.02, 0.05)
    pad = 8 + size // 4
    hands = _joint_hand(text, name, random)
    wide = round(font.getlength(text) * (1.25 if len(set(hands.values())) < 2 else 2.0) + len(text) * size * 0.1)
    picture, base = Image.new("L", (wide + 2 * pad + size, 3 * size + 2 * pad)), pad + 2 * size
    draw, x = ImageDraw.Draw(picture), float(pad)
    for letter, after in zip(text, [*text[1:], ""], strict=True):
        hand = hands[letter]
        height = size if hand == name else size * _x_share(name) / _x_share(hand)
        own = sources.font(hand, max(7, min(120, round(height * (1 + random.normal(0, swell))))))
        draw.text((x, base + random.normal(0, bounce) * size), letter, font=own, fill=255, anchor="ls")
        alike = hands.get(after, hand) == hand
        step = font.getlength(letter + after) - font.getlength(after) if hand == name and alike else 0.0
        x += (step or own.getlength(letter)) + random.normal(spread, 0.02) * size
    mask = np.asarray(picture)
    rows, columns = np.flatnonzero(mask.max(axis=1)), np.flatnonzero(mask.max(axis=0))
    if rows.size == 0:
        return mask, base
    top, bottom = max(0, int(rows[0]) - 6), int(rows[-1]) + 7
    return mask[top:bottom, max(0, int(columns[0]) - 6) : int(columns[-1]) + 7], base - top


def _joint_hand(text: str, name: str, random: Random) -> dict[str, str]:
    """Which font writes each letter: most often one, else a hand of its own put together from two or three others."""
    hands = dict.fromkeys(text, name)
    if random.random() < _JOINT and name in sources.TRAINING_HANDS:
        others = [str(one) for one in random.choice(sources.TRAINING_HANDS, int(random.integers(1, 4)), replace=False)]
        for letter in hands:
            hand = str(random.choice([name, *others]))
            if ord(letter) in _letters(hand):
                hands[letter] = hand
    return hands


@lru_cache(maxsize=256)
def _x_share(name: str) -> float:
    """Height of a small x for a letter size of 1."""
    box = sources.font(name, 64).getbbox("x")
    return max(4, box[3] - box[1]) / 64


def _elastic(mask: Mask, random: Random) -> Mask:
    """Every stroke drawn a little off, neighbouring points alike."""
    height, width = mask.shape
    cell = random.uniform(0.25, 0.7) * height
    coarse = (max(2, round(width / cell)), max(2, round(height / cell)))
    reach = random.uniform(0, 0.035) * height
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    for grid in (rows, columns):
        nudges = random.normal(0, reach, coarse[::-1]).astype(np.float32)
        grid += np.asarray(cv2.resize(nudges, (width, height), interpolation=cv2.INTER_CUBIC))
    return np.asarray(cv2.remap(mask, columns, rows, cv2.INTER_LINEAR), dtype=np.uint8)


def _worn(mask: Mask, base: int, random: Random) -> tuple[Mask, int]:
    """A finer or broader pen, or a ballpoint that skips."""
    draw = random.random()
    if draw < 0.12:
        mask = np.asarray(cv2.erode(mask, np.ones((2, 2), np.uint8)), dtype=np.uint8)
    elif draw < 0.22:
        cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
        mask = np.asarray(cv2.dilate(mask, cross), dtype=np.uint8)
    elif draw < 0.36:
        coarse = random.uniform(0.2, 1.6, (max(2, mask.shape[0] // 6), max(2, mask.shape[1] // 6))).astype(np.float32)
        flow = np.asarray(cv2.resize(coarse, mask.shape[::-1], interpolation=cv2.INTER_CUBIC))
        mask = np.clip(mask * np.clip(flow, 0.15, 1.0), 0, 255).astype(np.uint8)
    return mask, base


def _bent(mask: Mask, base: int, random: Random) -> tuple[Mask, int]:
    """Slant, wander of the baseline, uneven width and pen thickness."""
    height, width = mask.shape
    grow = 8
    slant, squeeze = random.normal(0, 0.13), random.uniform(0.84, 1.16)
    columns = np.arange(round(width * squeeze) + 2 * grow, dtype=np.float32)
    wander = np.cumsum(random.normal(0, 1, columns.size)).astype(np.float32)
    wander = cv2.GaussianBlur(wander.reshape(1, -1), (0, 0), 0.5 * height + 5)[0]
    wander = (wander - wander.mean()) / (np.abs(wander).max() + 1e-3) * random.uniform(0, 0.06) * height
    stretch = cv2.GaussianBlur(
        random.normal(0, 1, columns.size).astype(np.float32).reshape(1, -1), (0, 0), 0.4 * height
    )
    stretch = stretch[0] / (np.abs(stretch).max() + 1e-3) * random.uniform(0, 0.10) * height
    rows = np.arange(height + 2 * grow, dtype=np.float32)[:, None]
    source_y = rows - grow + wander[None, :]
    source_x = (columns[None, :] - grow + stretch[None, :]) / squeeze + slant * (rows - grow - base)
    out = cv2.remap(mask, source_x.astype(np.float32), source_y.astype(np.float32), cv2.INTER_LINEAR)
    return _pen_width(np.asarray(out, dtype=np.uint8), random), base + grow


def _pen_width(mask: Mask, random: Random) -> Mask:
    choice = random.random()
    if choice < 0.25:
        mask = np.asarray(cv2.dilate(mask, np.ones((2, 2), np.uint8)), dtype=np.uint8)
    elif choice < 0.45:
        softer = cv2.GaussianBlur(mask, (0, 0), random.uniform(0.4, 0.8)).astype(np.float32)
        mask = np.asarray(np.clip(softer * 1.5 - 60, 0, 255), dtype=np.uint8)
    return mask


def real_figures(text: str, height: float, part: str, random: Random) -> tuple[Mask, int]:
    """A figure string from real handwritten digits (`part` of the digits package); separators are drawn strokes."""
    canvas = np.zeros((round(height * 2.6), round(height * (1.3 * len(text) + 2))), np.uint8)
    base, x = round(height * 1.7), height * 0.4
    thick, spread = random.uniform(0.75, 1.2), random.uniform(-0.12, 0.12)
    shear, fine = random.normal(0, 0.12), bool(random.random() < 0.35)
    for sign in text:
        if sign.isdigit():
            glyph = _digit(int(sign), part, shear, fine, random)
            size = height * random.normal(1.0, 0.07)
            glyph = _resized(glyph, size, thick)
            drop = round(base - glyph.shape[0] + random.normal(0, 0.05) * height)
            _put(canvas, glyph, round(x), drop)
            x += glyph.shape[1] + height * (spread + random.normal(0.12, 0.05))
        else:
            x += _sign(canvas, sign, x, base, height, random)
    return canvas[:, : round(x + height * 0.4)], base


def _digit(value: int, part: str, shear: float, fine: bool, random: Random) -> Mask:
    pictures, _ = sources.digits(part)
    where = _places(part, value)
    glyph = pictures[where[random.integers(where.size)]]
    big = cv2.resize(glyph, (84, 84), interpolation=cv2.INTER_CUBIC)
    rows, columns = np.nonzero(big > 60)
    if value in (1, 7) and random.random() < 0.6:
        big = _frenchified(big, value, rows, columns, random)
    matrix = np.array([[1, -shear, shear * 42], [0, 1, 0]], dtype=np.float64)
    big = cv2.warpAffine(np.asarray(big, dtype=np.uint8), matrix, (84, 84))
    if fine:  # a ballpoint is finer than the pens of the digits
        big = cv2.erode(big, np.ones((3, 3), np.uint8))
    rows, columns = np.nonzero(big > 60)
    if rows.size == 0:
        return np.asarray(glyph, dtype=np.uint8)
    return np.asarray(big[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1], dtype=np.uint8)


@lru_cache(maxsize=64)
def _places(part: str, value: int) -> NDArray[np.int64]:
    return np.flatnonzero(sources.digits(part)[1] == value)


def _frenchified(big: Mask, value: int, rows: NDArray[np.int64], columns: NDArray[np.int64], random: Random) -> Mask:
    """The French 1 has an up-stroke on its left, the French 7 a bar across."""
    out = np.ascontiguousarray(big)
    width = int(random.integers(5, 9))
    top, height = int(rows.min()), int(rows.max() - rows.min())
    if value == 1:
        tip = int(columns[rows <= top + 6].mean())
        reach = int(random.integers(14, 30))
        cv2.line(
            out, (tip, top + 3), (max(2, tip - reach), top + int(random.integers(12, 34))), 255, width, cv2.LINE_AA
        )
    else:
        level = top + int(height * random.uniform(0.42, 0.62))
        middle = int(columns[np.abs(rows - level) < 4].mean()) if np.any(np.abs(rows - level) < 4) else 42
        reach = int(random.integers(10, 20))
        tilt = int(random.integers(-5, 3))
        cv2.line(out, (middle - reach, level - tilt), (middle + reach, level + tilt), 255, width, cv2.LINE_AA)
    return out


def _resized(glyph: Mask, height: float, thick: float) -> Mask:
    ratio = height / glyph.shape[0]
    size = (max(3, round(glyph.shape[1] * ratio)), max(3, round(height)))
    small = cv2.resize(glyph, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(np.clip(small * thick * 1.25, 0, 255), dtype=np.uint8)


def _put(canvas: Mask, glyph: Mask, x: int, y: int) -> None:
    x, y = max(0, x), max(0, y)
    window = canvas[y : y + glyph.shape[0], x : x + glyph.shape[1]]
    np.maximum(window, glyph[: window.shape[0], : window.shape[1]], out=window)


def _sign(canvas: Mask, sign: str, x: float, base: int, height: float, random: Random) -> float:
    """Draw a separator at x; returns by how much the pen moves on."""
    width = max(1, round(height * random.uniform(0.06, 0.11)))

    def stroke(*points: tuple[float, float]) -> None:
        whole = np.array([[round(x + a * height), round(base - b * height)] for a, b in points], dtype=np.int32)
        cv2.polylines(canvas, [whole.reshape(-1, 1, 2)], False, 255, width, cv2.LINE_AA)

    j = random.uniform(0.8, 1.2)
    if sign == ",":
        stroke((0.12, 0.08 * j), (0.10, -0.10), (0.0, -0.28 * j))
        return height * random.uniform(0.2, 0.42)
    if sign == ".":
        stroke((0.08, 0.04), (0.09, 0.0))
        return height * random.uniform(0.22, 0.4)
    if sign in "-–":
        stroke((0.0, 0.42 * j), (0.45 * j, 0.42))
        return height * 0.6
    if sign == "/":
        stroke((0.0, -0.15), (0.42 * j, 1.05))
        return height * 0.5
    if sign == "=":
        stroke((0.0, 0.35), (0.4, 0.37))
        stroke((0.0, 0.58), (0.4, 0.6))
        return height * 0.6
    if sign == "#":
        for a in (0.12, 0.32):
            stroke((a, 0.1), (a + 0.08, 0.85))
            stroke((0.0, a + 0.15), (0.5, a + 0.18))
        return height * 0.7
    if sign == "€":
        angles = np.linspace(0.9, 5.4, 12)
        stroke(*[(0.42 + 0.36 * np.cos(a), 0.45 + 0.42 * j * np.sin(a)) for a in angles])
        stroke((0.0, 0.53), (0.5, 0.55))
        stroke((0.0, 0.36), (0.46, 0.37))
        return height * 0.95
    return height * random.uniform(0.22, 0.45)
