"""Crops and labels for the networks, cut from drawn and scanned cheques by the code that reads real ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cheque import fields
from ocr.cheque.alphabet import FIGURES, LINES
from ocr.cheque.geometry import LINE_BASE, LINE_LEFT, Frame, straighten
from training.cheques import paper, texts
from training.cheques.pen import Random
from training.cheques.scanner import Gray, scanned

DIGIT_PIXELS = (16.5, 24.0)  # height of a digit, and of a small x, on the crops that networks learn from
LETTER_PIXELS = (7.6, 11.0)
RESOLUTIONS = ((100, 0.08), (150, 0.17), (200, 0.45), (300, 0.30))


@dataclass(frozen=True, slots=True)
class Sample:
    """A crop (48 pixels high) and what it says."""

    crop: Gray
    label: str
    kind: str  # "figures" or "lines"


@dataclass(frozen=True, slots=True)
class Scan:
    """A page with one cheque and where the cheque truly lies on it."""

    page: Gray
    dpi: float
    frame: Frame


def scan(cheque: paper.Drawn, random: Random, hard: float, dpi: int | None = None) -> Scan:
    """Lay a cheque on the glass, a few degrees off, and scan it. Above 200 dpi the picture is drawn at 203 dpi."""
    if dpi is None:
        dpi = int(random.choice([r for r, _ in RESOLUTIONS], p=[share for _, share in RESOLUTIONS]))
    scale = min(dpi / 25.4, paper.SCALE)
    picture = cheque.paper
    if scale < 0.9 * paper.SCALE:
        ratio = scale / paper.SCALE
        picture = np.asarray(cv2.resize(picture, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), np.uint8)
    angle = float(np.clip(random.normal(0, 1.2), -4, 4)) * np.pi / 180
    margin = random.uniform(1, 8, 2)
    size = (round((175 + 2 * margin[0]) * scale), round((80 + 2 * margin[1]) * scale))
    frame = Frame((margin[0] * scale, (margin[1] - 87 * np.sin(angle)) * scale), angle, scale)
    cosine, sine = np.cos(angle), np.sin(angle)
    own = picture.shape[1] / 175.0 / scale  # the picture was resized to whole pixels
    matrix = np.array([[cosine / own, -sine / own, frame.origin[0]], [sine / own, cosine / own, frame.origin[1]]])
    lid = float(random.choice([255, 250, 60, 35]))
    page = cv2.warpAffine(picture, matrix, size, borderMode=cv2.BORDER_CONSTANT, borderValue=(lid,))
    return Scan(scanned(np.asarray(page, np.uint8), random, hard, scale / paper.SCALE), scale * 25.4, frame)


def fitting_scale(size: float, wanted: tuple[float, float], scales: Sequence[float], random: Random) -> float:
    """Pixels a millimetre at which writing of `size` mm comes out as high as wanted (least and most, in pixels).

    Readers try several scales and keep the best, so that a network need not know small writing and large.
    """
    return float(np.clip(random.uniform(*wanted) / size, 0.9 * scales[0], 1.08 * scales[-1]))


def believed_frame(cheque: paper.Drawn, scan_: Scan, random: Random) -> Frame:
    """The frame the reader would get from the CMC-7 line: anchored on it, and a little off."""
    dx = cheque.line_left - LINE_LEFT + random.normal(0, 0.12)
    dy = cheque.line_base - LINE_BASE + random.normal(0, 0.15)
    tilted = scan_.frame.angle + random.normal(0, 0.0012)
    scale = scan_.frame.pixels_per_mm * random.normal(1, 0.002)
    pivot = scan_.frame.to_page(cheque.line_left, cheque.line_base)
    turned = Frame(pivot, tilted, scale)
    return Frame(turned.to_page(-cheque.line_left + dx, -cheque.line_base + dy), tilted, scale)


def plain(text: str) -> str:
    """A label: small letters, no accents, only what the lines' network can write."""
    letters = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(letter for letter in letters if letter in LINES).split())


def figures_label(text: str) -> str:
    """Digits and separators; frame signs and strokes are noise around the number."""
    return "".join(letter for letter in text if letter in FIGURES)


def crops(cheque: paper.Drawn, scan_: Scan, random: Random) -> Iterator[Sample]:
    """The fields of the amount on one scanned cheque."""
    frame = believed_frame(cheque, scan_, random)
    ink = fields.ink_picture(straighten(scan_.page, frame))
    layout = fields.find_layout(ink)
    scale = fitting_scale(cheque.sizes["figures"], DIGIT_PIXELS, fields.FIGURES_SCALES, random)
    yield Sample(fields.figures_crop(ink, layout, scale), figures_label(cheque.writing.figures), "figures")
    for name, text in (("words_first", cheque.writing.first), ("words_second", cheque.writing.second)):
        if not text and random.random() > 0.15:
            continue
        scale = fitting_scale(cheque.sizes.get(name, 1.7), LETTER_PIXELS, fields.LINE_SCALES, random)
        crop = fields.line_crop(ink, layout, name, scale)
        yield Sample(_trimmed(crop, cheque.ends.get(name, 20.0), name, scale, random), plain(text), "lines")


def _trimmed(crop: Gray, end: float, name: str, scale: float, random: Random) -> Gray:
    """Leave out most of the empty paper behind the writing: it teaches little and costs time."""
    left = {"words_first": 38.0, "words_second": 5.0}[name]
    return crop[:, : max(60, round((end - left + random.uniform(2, 25)) * scale))]


def cheques(seed: int, count: int, part: str = "train") -> Iterator[tuple[paper.Drawn, Random]]:
    """`count` different cheques; the same seed draws the same ones."""
    for number in range(count):
        random = np.random.default_rng([seed, number])
        writing = texts.random_writing(random)
        yield paper.draw_cheque(writing, paper.random_hand(random, part), random), random


def samples(seed: int, count: int, scans: int = 2) -> Iterator[Sample]:
    """Crops of `count` training cheques, each scanned `scans` times, better and worse."""
    for cheque, random in cheques(seed, count):
        for _ in range(scans):
            yield from crops(cheque, scan(cheque, random, hard=float(random.beta(1.0, 1.6))), random)


def stacked(crops_: list[Gray]) -> NDArray[np.float32]:
    """(n, 1, 48, widest) with paper (0) on the right, 0..1."""
    width = max(crop.shape[1] for crop in crops_)
    out = np.zeros((len(crops_), 1, fields.CROP_HEIGHT, width), np.float32)
    for row, crop in enumerate(crops_):
        out[row, 0, :, : crop.shape[1]] = crop
    return np.asarray(out / np.float32(255), dtype=np.float32)
