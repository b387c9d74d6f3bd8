"""Many lines of amounts in words quickly: only the strip of the cheque they stand on is drawn and scanned.

Half of the lines are pieces of real amounts; the others are number words in any order, so that the network reads what
stands there instead of guessing what usually follows.
"""

from __future__ import annotations

import cv2

from ocr.cheque import amount_words, fields
from ocr.cheque.fields import LINE_SCALES, RULE_ROW
from training.cheques import paper, texts
from training.cheques.patches import laid, seen_ink, tinted
from training.cheques.pen import Mask, Random, written
from training.cheques.samples import LETTER_PIXELS, Sample, fitting_scale, plain

_RULE = 14.0  # mm of the rule below the patch's upper edge
_HIGH = 24.0
_MARGIN = 2.0  # mm before the crop
_NUMBERS = tuple(name for name in amount_words.SPELLINGS if name not in ("euro", "centime", "et", "virgule"))
_COMMON = ("cent", "cents", "mille", "vingt", "vingts", "et", "euros", "euro", "centimes", "quatre", "soixante", "dix")


def word_sample(random: Random, part: str = "train") -> Sample:
    """One line of words as the networks see it, and what it says."""
    hand = paper.random_hand(random, part)
    text = texts.random_piece(random) if random.random() < 0.5 else any_words(random, figures=0.07)
    left = _MARGIN + abs(random.normal(0, 1.5))
    x_height = hand.x_height * paper.SCALE
    mask, base = written(text, hand.letters, x_height, random, not hand.printed, hand.restless)
    room = random.uniform(86, 116) * paper.SCALE
    for _ in range(3):
        if mask.shape[1] <= room:
            break
        x_height *= max(0.55, 0.97 * room / mask.shape[1])
        mask, base = written(text, hand.letters, x_height, random, not hand.printed, hand.restless)
    end = left + mask.shape[1] / paper.SCALE
    wide = min(end + random.uniform(2, 22), 170.0)
    patch = _ruled(tinted(wide, _HIGH, random), wide, random)
    rise = random.uniform(0.1, 0.9) if hand.printed else random.normal(0.35, 0.45)
    patch = laid(patch, mask, base, left, _RULE - rise, hand.ink)
    patch = _neighbours(patch, hand, random)
    if random.random() < 0.3:
        _stroke(patch, end + 1.5, wide, hand.ink, random)
    ink = seen_ink(patch, random)
    scale = fitting_scale(x_height / paper.SCALE, LETTER_PIXELS, LINE_SCALES, random)
    top = _RULE - RULE_ROW / scale + random.normal(0, 0.35)
    width = max(60, round((wide - _MARGIN) * scale))
    return Sample(fields.crop_at(ink, _MARGIN + random.normal(0, 0.4), top, width, scale), plain(text), "lines")


def any_words(random: Random, figures: float) -> str:
    """Number words in any order, each group of figures with probability `figures`."""
    words = []
    for _ in range(int(random.integers(1, 6))):
        draw = random.random()
        if draw < 0.25:
            words.append(str(random.choice(_COMMON)))
        elif draw < 0.25 + figures:
            words.append(_in_figures(random))
        else:
            ways = amount_words.SPELLINGS[str(random.choice(_NUMBERS))]
            words.append(ways[0] if random.random() < 0.8 else str(random.choice(ways)))
    text = words[0]
    for word in words[1:]:
        text += str(random.choice([" ", " ", "-"])) + word
    draw = random.random()
    return text.capitalize() if draw < 0.25 else text.upper() if draw < 0.32 else text


def _in_figures(random: Random) -> str:
    if random.random() < 0.65:
        return f"{random.integers(0, 100):02d}"
    return str(random.choice(["cts", "00/100", "ct", "€", f"{random.integers(0, 10)}"]))


def _ruled(patch: Mask, wide: float, random: Random) -> Mask:
    gray, thick = float(random.integers(60, 180)), 1 if random.random() < 0.7 else 2
    start = random.uniform(0, 3) if random.random() < 0.5 else 0.0
    for rule in (_RULE, _RULE + random.uniform(5.7, 6.6), _RULE - random.uniform(5.7, 6.6)):
        if rule > _RULE - 1 or random.random() < 0.5:
            y = round(rule * paper.SCALE)
            cv2.line(patch, (round(start * paper.SCALE), y), (round(wide * paper.SCALE), y), gray, thick)
    if random.random() < 0.4:  # an oblique bar of a crossed cheque
        x = random.uniform(0.3, 1.0) * wide * paper.SCALE
        lean = random.uniform(0.25, 0.5) * _HIGH * paper.SCALE
        ends = ((round(x + lean / 2), 0), (round(x - lean / 2), round(_HIGH * paper.SCALE)))
        cv2.line(patch, *ends, float(random.integers(40, 160)), int(random.integers(1, 3)), cv2.LINE_AA)
    return patch


def _neighbours(patch: Mask, hand: paper.Hand, random: Random) -> Mask:
    """The lines above and below reach into this one; small print stands under the first rule."""
    for offset in (-6.2, 6.2):
        if random.random() < 0.55:
            text = texts.random_piece(random) if random.random() < 0.6 else texts.random_writing(random).payee
            mask, base = written(text, hand.letters, hand.x_height * paper.SCALE, random, bent=not hand.printed)
            patch = laid(patch, mask, base, random.uniform(-20, 6), _RULE + offset - random.uniform(0, 0.8), hand.ink)
    if random.random() < 0.4:
        small = "non endossable sauf au profit d'un établissement bancaire ou assimilé"
        mask, base = written(small, "arimo", 0.62 * paper.SCALE, random, bent=False)
        patch = laid(patch, mask, base, random.uniform(-50, 0), _RULE + 2.3, random.uniform(40, 150))
    return patch


def _stroke(patch: Mask, left: float, wide: float, ink: float, random: Random) -> None:
    y = round((_RULE - random.uniform(0.3, 2.0)) * paper.SCALE)
    ends = ((round(left * paper.SCALE), y), (round(wide * paper.SCALE), y + round(random.normal(0, 3))))
    cv2.line(patch, *ends, float(ink), int(random.integers(1, 5)), cv2.LINE_AA)
