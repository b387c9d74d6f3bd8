"""Fields of a straightened cheque: the printed rules they stand on, crops for the networks, ink present or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from models.reading import Word
from ocr.cheque.geometry import DRAWER, FRAME_SCALE, SIGNATURE, Frame, Gray, Zone

CROP_HEIGHT = 48  # pixels, of every crop a network reads
LINE_SCALE = 5.0  # pixels a millimetre of written lines: 9.6 mm high
LINE_SCALES = (4.2, 5.2, 6.5, 8.1)  # at which the words are looked at: small letters are 1 to 3 mm high
RULE_ROW = 34.0  # pixels from a crop's top down to the rule it is written on, at every scale
FIGURES_SCALE = 4.0  # of the amount box: 12 mm high
FIGURES_SCALES = (3.2, 4.0, 4.9, 6.0)  # at which the box is looked at: figures are 3 to 7 mm high
# Looks at the same crop again, altered: what a network reads in all of them is seldom wrong (breadth, lean).
FIGURES_ALTERED = {"narrower": (0.9, 0.0), "broader": (1.1, 0.0), "leaning": (1.0, 0.15), "leaning back": (1.0, -0.15)}
LINES_ALTERED = {"narrower": (0.9, 0.0), "broader": (1.1, 0.0)}
_RULES = {"words_first": 20.3, "words_second": 26.5, "payee": 32.6, "place": 40.0, "date": 44.5}
_REACH = {"words_first": (38.0, 130.0), "words_second": (5.0, 130.0), "payee": (9.0, 130.0)}
_REACH |= {"place": (131.0, 175.0), "date": (131.0, 175.0)}
_BOX = Zone(131.0, 25.2, 173.0, 34.6)
LINES = tuple(_RULES)
_PALE_END = 10.0  # mm behind the last stroke that is surely a pen's
_BEHIND = 18.0  # mm of paper that end a line of writing


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of one cheque stand, in millimetres of its frame."""

    rules: dict[str, float]
    box: Zone


def ink_picture(straight: Gray) -> Gray:
    """Darkness against the paper around, 0 (paper) to 255; evens out shadows, tints and grey paper."""
    half = cv2.resize(straight, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.morphologyEx(half, cv2.MORPH_CLOSE, np.ones((13, 13), np.uint8)), (21, 21))
    paper = cv2.resize(paper, (straight.shape[1], straight.shape[0]), interpolation=cv2.INTER_LINEAR)
    ink = cv2.subtract(paper, straight)
    darkest = max(40.0, float(np.percentile(ink[::3, ::3], 99.3)))
    return np.asarray(cv2.convertScaleAbs(ink, alpha=255.0 / darkest), dtype=np.uint8)


def find_layout(ink: Gray) -> Layout:
    """Lay the nominal fields on the printed rules and the box of this cheque, where they are seen."""
    long_left = _rule_strength(ink, Zone(40.0, 12.0, 112.0, 38.0), 9.0)
    long_right = _rule_strength(ink, Zone(135.0, 36.0, 172.0, 50.0), 6.0)
    rules = {}
    shift = _common_shift(long_left, 12.0, [_RULES[name] for name in ("words_first", "words_second", "payee")])
    for name in ("words_first", "words_second", "payee"):
        rules[name] = _snapped(long_left, 12.0, _RULES[name] + shift)
    shift = _common_shift(long_right, 36.0, [_RULES["place"], _RULES["date"]])
    for name in ("place", "date"):
        rules[name] = _snapped(long_right, 36.0, _RULES[name] + shift)
    return Layout(rules, _find_box(ink))


def _rule_strength(ink: Gray, zone: Zone, shortest: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Share of each pixel row of a zone that belongs to a straight line of `shortest` millimetres or more."""
    part = _zone(ink, zone)
    kernel = np.ones((1, round(shortest * FRAME_SCALE)), np.uint8)
    thick = cv2.dilate(part, np.ones((3, 1), np.uint8))  # rules may climb by a pixel over their length
    lines = cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel)
    return np.asarray(lines.astype(np.float32).mean(axis=1), dtype=np.float32)


def _common_shift(strength: np.ndarray[tuple[int], np.dtype[np.float32]], top: float, rules: Sequence[float]) -> float:
    """By how many millimetres (at most 4) the rules of this bank stand off the nominal ones together."""
    shifts = np.arange(-4.0, 4.01, 0.125)
    spread = np.maximum.reduce([np.roll(strength, move) for move in (-3, -2, -1, 0, 1, 2, 3)])
    scores = []
    for shift in shifts:
        places = [round((rule + shift - top) * FRAME_SCALE) for rule in rules]
        scores.append(sum(float(spread[place]) for place in places if 0 <= place < spread.size) - abs(shift) * 0.5)
    best = int(np.argmax(scores))
    return float(shifts[best]) if max(scores) > 12.0 else 0.0


def _snapped(strength: np.ndarray[tuple[int], np.dtype[np.float32]], top: float, rule: float) -> float:
    """The strongest rule within 0.6 mm of where one is expected; the expectation where there is none.

    Further off it is more often the stroke people draw after the amount.
    """
    first = max(0, round((rule - 0.6 - top) * FRAME_SCALE))
    last = min(strength.size, round((rule + 0.6 - top) * FRAME_SCALE) + 1)
    window = strength[first:last]
    if window.size == 0 or float(window.max()) < 15.0:
        return rule
    return top + (first + int(window.argmax())) / FRAME_SCALE


def _find_box(ink: Gray) -> Zone:
    """The amount box by its left, upper and lower border, within 4 mm of the nominal one."""
    zone = Zone(125.0, 18.0, 175.0, 42.0)
    part = _zone(ink, zone)
    level = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((1, round(14 * FRAME_SCALE)), np.uint8)).mean(axis=1)
    upright = cv2.morphologyEx(part, cv2.MORPH_OPEN, np.ones((round(5 * FRAME_SCALE), 1), np.uint8)).mean(axis=0)
    top = _nearest_peak(level, (_BOX.top - zone.top) * FRAME_SCALE, 4 * FRAME_SCALE, 20.0)
    bottom = _nearest_peak(level, (_BOX.bottom - zone.top) * FRAME_SCALE, 4 * FRAME_SCALE, 20.0)
    left = _nearest_peak(upright, (_BOX.left - zone.left) * FRAME_SCALE, 5 * FRAME_SCALE, 20.0)
    right = _nearest_peak(upright, (_BOX.right - zone.left) * FRAME_SCALE, 3 * FRAME_SCALE, 20.0)
    edges = [zone.left, zone.top, zone.left, zone.top]
    found = [left, top, right, bottom]
    nominal = list(_BOX)
    placed = [nominal[i] if place is None else edges[i] + place / FRAME_SCALE for i, place in enumerate(found)]
    if not 6.0 <= placed[3] - placed[1] <= 14.0:
        placed[1], placed[3] = nominal[1], nominal[3]
    return Zone(*placed)


def _nearest_peak(
    values: np.ndarray[tuple[int], np.dtype[np.float64]], expected: float, reach: float, least: float
) -> float | None:
    first, last = max(0, round(expected - reach)), min(values.size, round(expected + reach) + 1)
    window = values[first:last]
    if window.size == 0 or float(window.max()) < least:
        return None
    return float(first + int(window.argmax()))


def _zone(picture: Gray, zone: Zone) -> Gray:
    rows = slice(max(0, round(zone.top * FRAME_SCALE)), round(zone.bottom * FRAME_SCALE))
    return picture[rows, max(0, round(zone.left * FRAME_SCALE)) : round(zone.right * FRAME_SCALE)]


def crop_at(ink: Gray, left: float, top: float, width: int, scale: float) -> Gray:
    """CROP_HEIGHT by `width` pixels of the ink picture from (left, top) mm on; blank beyond the cheque."""
    ratio = FRAME_SCALE / scale
    x, y = left * FRAME_SCALE, top * FRAME_SCALE
    first, last = max(0, int(y) - 3), min(ink.shape[0], int(y + CROP_HEIGHT * ratio) + 4)
    part = ink[first:last]
    if ratio > 1.3:  # keep thin strokes: smooth before taking every other pixel
        part = np.asarray(cv2.blur(part, (2, 2)), dtype=np.uint8)
    matrix = np.array([[ratio, 0, x], [0, ratio, y - first]])
    cropped = cv2.warpAffine(part, matrix, (width, CROP_HEIGHT), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return np.asarray(cropped, dtype=np.uint8)


def altered(crop: Gray, breadth: float, lean: float) -> Gray:
    """The same writing narrower or broader by a factor and leaning by `lean` (tangent, to the right)."""
    size = (max(24, round(crop.shape[1] * breadth)), crop.shape[0])
    matrix = np.array([[breadth, -lean, lean * crop.shape[0] / 2], [0, 1, 0]])
    return np.asarray(cv2.warpAffine(crop, matrix, size), dtype=np.uint8)


def _crop(ink: Gray, zone: Zone, scale: float) -> Gray:
    return crop_at(ink, zone.left, zone.top, max(8, round((zone.right - zone.left) * scale)), scale)


def line_crop(ink: Gray, layout: Layout, name: str, scale: float = LINE_SCALE) -> Gray:
    """One written line: `words_first`, `words_second`, `payee`, `place` or `date`."""
    left, right = _REACH[name]
    top = layout.rules[name] - RULE_ROW / scale
    return _crop(ink, Zone(left, top, right, top + CROP_HEIGHT / scale), scale)


def figures_crop(ink: Gray, layout: Layout, scale: float = FIGURES_SCALE) -> Gray:
    """The amount box and what is around it; at the usual scale 12 mm high."""
    middle = (layout.box.top + layout.box.bottom) / 2
    half = CROP_HEIGHT / scale / 2
    return _crop(ink, Zone(layout.box.left - 1.0, middle - half, 175.5, middle + half), scale)


def signature_present(ink: Gray, layout: Layout) -> tuple[bool | None, float]:
    """Is there a signature, and the millimetres of pen stroke it rests on; None where it is too close to tell."""
    part = _zone(ink, Zone(SIGNATURE.left, layout.rules["date"] + 2.0, SIGNATURE.right, SIGNATURE.bottom))
    strokes = pen_strokes(part, ink)
    count, _, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    longest = total = 0.0
    for label in range(1, count):
        width, height, area = (float(value) for value in stats[label][2:5])
        if max(width, height) < 2.0 * FRAME_SCALE:
            continue  # print: brackets, letters
        longest = max(longest, float(np.hypot(width, height)) / FRAME_SCALE)
        total += area / FRAME_SCALE**2
    if longest >= 10.0 and total >= 3.0:
        return True, longest
    return (False, longest) if longest < 7.0 else (None, longest)


def pen_strokes(part: Gray, ink: Gray) -> Gray:
    """Mask of what is as dark as writing; guilloche lines are paler or thinner and fall away."""
    soft = cv2.GaussianBlur(part, (0, 0), 0.14 * FRAME_SCALE)
    pattern = float(np.percentile(cv2.GaussianBlur(ink, (0, 0), 0.14 * FRAME_SCALE)[::3, ::3], 80))
    level = max(70.0, 1.55 * pattern)
    return np.asarray((soft > level).astype(np.uint8))


def line_written(ink: Gray, layout: Layout, name: str) -> bool:
    """Does a line carry writing? Used for the date: an empty line is a defect, an unread one is not."""
    left, right = _REACH[name]
    rule = layout.rules[name]
    part = _zone(ink, Zone(left + 4.0, rule - 3.6, right - 1.0, rule - 0.5))
    strokes = pen_strokes(part, ink)
    columns = strokes.max(axis=0)
    return float(columns.mean()) > 0.12


def written_until(ink: Gray, layout: Layout, name: str) -> float:
    """Millimetres from the left at which the writing on a line ends at the latest; the line's end if none is seen."""
    left, right = _REACH[name]
    rule = layout.rules[name]
    part = _zone(ink, Zone(left, rule - 4.0, right, rule - 0.5))
    inked = np.flatnonzero(pen_strokes(part, ink).max(axis=0))
    ends = inked[:-1][np.diff(inked) > _BEHIND * FRAME_SCALE]  # what follows is a bar of the crossing or the box
    return min(right, left + float(ends[0]) / FRAME_SCALE + _PALE_END) if ends.size else right


def words_in(words: Sequence[Word], frame: Frame, page_size: tuple[int, int], zone: Zone) -> list[Word]:
    """Words of the page's reading whose middle lies in a zone of the cheque, in reading order.

    `page_size`: width and height of the page in pixels.
    """
    kept: list[tuple[float, float, Word]] = []
    for word in words:
        x = (word.box.x + word.box.width / 2) * page_size[0]
        y = (word.box.y + word.box.height / 2) * page_size[1]
        mm = frame.to_cheque(x, y)
        if zone.left <= mm[0] <= zone.right and zone.top <= mm[1] <= zone.bottom:
            kept.append((mm[1], mm[0], word))
    kept.sort(key=lambda item: (round(item[0] / 2.5), item[1]))
    return [word for _, _, word in kept]


def drawer_lines(words: Sequence[Word], frame: Frame, page_size: tuple[int, int]) -> list[str]:
    """The printed lines of the holder's block: name, then address."""
    lines: list[tuple[float, list[str]]] = []
    for word in words_in(words, frame, page_size, DRAWER):
        y = frame.to_cheque(word.box.x * page_size[0], (word.box.y + word.box.height / 2) * page_size[1])[1]
        if lines and abs(lines[-1][0] - y) < 1.8:
            lines[-1][1].append(word.text)
        else:
            lines.append((y, [word.text]))
    return [" ".join(parts) for _, parts in lines]
