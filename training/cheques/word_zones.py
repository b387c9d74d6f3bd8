"""The amount in words where it stands: printed order before it, other lines above and below, often no second line.

The looks at the small scales reach over the line above, and a second line that is empty must be read as nothing:
strips of one line alone do not teach that. Half of the lines are real amounts, half number words and figures in any
order; figures are drawn often because nothing around them says which one it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ocr.cheque import fields
from ocr.cheque.fields import LINE_SCALES, RULE_ROW
from ocr.cheque.geometry import Gray
from training.cheques import paper, texts
from training.cheques.patches import seen_ink
from training.cheques.pen import Random
from training.cheques.samples import Sample, fitting_scale, plain
from training.cheques.word_strips import any_words

_ROWS = (9.0, 41.0)  # mm of the cheque that are scanned
_RIGHT = 133.0
_LEFT = {"words_first": 38.0, "words_second": 5.0}
_LETTER_PIXELS = (7.2, 11.6)  # height of a small x; a little wider than one look, as the second surest counts too


def zone_samples(random: Random, part: str = "train") -> Iterator[Sample]:
    """Crops of the two lines of one drawn cheque, each at one scale that fits the writing or at two."""
    writing = texts.random_writing(random)
    if random.random() < 0.5:
        second = any_words(random, figures=0.22) if random.random() < 0.45 else ""
        writing = replace(writing, first=any_words(random, figures=0.22), second=second)
    drawn = paper.draw_words(writing, paper.random_hand(random, part), random)
    top, bottom = (round(row * paper.SCALE) for row in _ROWS)
    zone = np.ascontiguousarray(drawn.paper[top:bottom, : round(_RIGHT * paper.SCALE)])
    ink = seen_ink(zone, random)
    for name, text in (("words_first", writing.first), ("words_second", writing.second)):
        if text or random.random() < 0.6:
            for _ in range(1 if random.random() < 0.6 or not text else 2):
                yield Sample(_crop(ink, drawn, name, random), plain(text), "lines")


def _crop(ink: Gray, drawn: paper.Drawn, name: str, random: Random) -> Gray:
    """One line as the reader would cut it, its rule found a little off; most of the empty paper behind is left out."""
    size = drawn.sizes.get(name, drawn.sizes["words_first"])
    scale = fitting_scale(size, _LETTER_PIXELS, LINE_SCALES, random)
    off = random.normal(0, 0.3 if random.random() < 0.93 else 0.8)
    top = drawn.rules[name] - _ROWS[0] + off - RULE_ROW / scale
    behind = drawn.ends["words_first"] if random.random() < 0.5 else 20.0
    wide = min(130.0, drawn.ends.get(name, behind) + random.uniform(2, 22)) if random.random() < 0.9 else 130.0
    left = _LEFT[name]
    width = max(60, round((wide - left) * scale))
    return fields.crop_at(ink, left + random.normal(0, 0.4), top, width, scale)
