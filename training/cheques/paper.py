"""Cheques drawn on paper: a bank's blank, the CMC-7 line, what a customer writes on it.

Drawn at 8 pixels a millimetre from the numbers of the domain dossier; banks, names and texts are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from models.cheque import rlmc_key
from ocr.cheque.cmc7 import BAR, CODES, FRAME, PITCH, bar_positions
from training.cheques import sources
from training.cheques.pen import Mask, Random, real_figures, written
from training.cheques.texts import Writing

SCALE = 8.0  # pixels a millimetre
WIDTH, HEIGHT = 1400, 640

# Vertical extent of the seven bars of each character, millimetres from its top (domain dossier 1.4).
EXTENTS = {
    "0": ".29-2.55|.18-2.67|0-1.0,1.9-2.85|0-1.0,1.9-2.85|0-1.0,1.9-2.85|.18-2.67|.30-2.55",
    "1": ".57-1.32,1.9-2.85|.38-1.11,1.9-2.85|.26-.98,1.9-2.85|.14-2.85|.03-2.85|1.5-2.85|1.5-2.85",
    "2": ".17-1.0,1.87-2.85|.07-1.0,1.76-2.85|0-.6,1.58-2.85|0-.6,1.4-1.77,2.25-2.85|0-.6,1.29-1.66,2.25-2.85"
    "|.01-1.56,2.25-2.85|.04-1.45,2.25-2.85",
    "3": ".12-1.0,1.9-2.52|0-1.0,1.9-2.85|0-.8,1.95-2.85|0-.7,1.15-1.7,2.1-2.85|0-.7,1.15-1.7,2.1-2.85|0-2.85"
    "|.13-1.3,1.55-2.52",
    "4": ".86-2.35|.57-2.35|.41-1.17,1.8-2.35|.24-.95,1.8-2.35|0-.9,1.7-2.85|0-.9,1.7-2.85|0-.9,1.7-2.85",
    "5": "0-1.6,2.25-2.85|0-1.6,2.25-2.85|0-.6,1.05-1.6,2.25-2.85|0-.6,1.05-1.6,2.25-2.85|0-.6,1.05-1.6,2.25-2.85"
    "|0-.6,1.05-2.85|0-.6,1.25-2.55",
    "6": ".12-2.55|0-2.85|0-.6,1.15-1.7,2.25-2.85|0-.6,1.15-1.7,2.25-2.85|0-.6,1.15-1.7,2.25-2.85|.05-.7,1.23-2.85"
    "|.13-.7,1.43-2.55",
    "7": "0-1.05,2.04-2.85|0-.6,1.64-2.78|0-.6,1.25-2.37|0-.6,1.01-2.11|0-1.86|0-1.61|0-1.36",
    "8": ".12-1.2,1.5-2.55|0-1.3,1.55-2.85|0-.6,1.15-1.7,2.25-2.85|0-.6,1.15-1.7,2.25-2.85|0-.6,1.15-1.7,2.25-2.85"
    "|0-1.3,1.55-2.85|.13-1.2,1.5-2.55",
    "9": ".30-1.43,2.1-2.55|.10-1.7,2.1-2.75|0-.6,1.15-1.7,2.25-2.85|0-.6,1.15-1.7,2.25-2.85|0-.6,1.15-1.7,2.25-2.85"
    "|.10-2.75|.30-2.55",
    "A": ".87-2.82|.68-2.64|.56-2.53|.45-2.43|.33-2.31|.22-2.21|.03-2.02",
    "B": "1.15-2.85|1.15-2.85|1.15-2.85|1.15-2.85|.40-2.85|.40-2.85|.40-2.85",
    "C": "|".join([".40-1.8,2.25-2.85"] * 7),
    "D": ".40-1.45,1.9-2.85|.40-1.45,1.9-2.85|.40-1.45,1.9-2.85|.40-1.45,1.9-2.85|.80-2.45|.80-2.45|.80-2.45",
    "E": ".84-1.5,2.0-2.75|.59-2.38|.35-2.01|.11-1.64|.10-1.63|.48-2.20|.84-1.55,2.0-2.77",
}
LINE_SCALE = 24.0  # pixels a millimetre at which bars are drawn before they are shrunk


def random_line(random: Random) -> str:
    """Digits of a French line with any interbank zone; 35 characters."""
    digits = "".join(str(digit) for digit in random.integers(0, 10, 31))
    if random.random() < 0.7:
        digits = digits[:16] + "908" + digits[19:]
    return f"C{digits[:7]}C{digits[7:19]}E{digits[19:]}A"


def draw_line(text: str, random: Random, wear: float = 0.3, scale: float = SCALE) -> tuple[Mask, float]:
    """Ink of a CMC-7 line and the row of its bars' top; 2 mm of paper stand before the first bar."""
    narrow, wide = random.choice([(0.30, 0.50), (0.318, 0.508), (0.333, 0.497), (0.339, 0.508)])
    spread = random.normal(0.01, 0.02 + 0.05 * wear)
    canvas = np.zeros((round(7 * LINE_SCALE), round(122 * LINE_SCALE)), np.uint8)
    cells = [cell for cell, symbol in enumerate(FRAME) if symbol != " "]
    for cell, character in zip(cells, text, strict=True):
        left = 2.0 + cell * PITCH + random.normal(0, 0.015 + 0.03 * wear)
        top = 2.0 + random.normal(0, 0.02)
        left += (2.35 - bar_positions(CODES[character], narrow, wide)[-1] - BAR) / 2
        _draw_character(canvas, character, (left, top), (narrow, wide), spread)
    if random.random() < wear:
        voids = random.random(canvas.shape[::-1]).T[: canvas.shape[0] // 4, : canvas.shape[1] // 4]
        holes = cv2.resize((voids > random.uniform(0.02, 0.25)).astype(np.uint8), canvas.shape[::-1])
        canvas = np.asarray(canvas * holes, dtype=np.uint8)
    small = cv2.resize(canvas, None, fx=scale / LINE_SCALE, fy=scale / LINE_SCALE, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), 2.0 * scale


def _draw_character(
    canvas: Mask, character: str, place: tuple[float, float], geometry: tuple[float, float], spread: float
) -> None:
    for edge, extents in zip(bar_positions(CODES[character], *geometry), EXTENTS[character].split("|"), strict=True):
        x0 = round((place[0] + edge - spread / 2) * LINE_SCALE)
        x1 = max(x0 + 1, round((place[0] + edge + BAR + spread / 2) * LINE_SCALE))
        for extent in extents.split(","):
            top, bottom = (float(value) for value in extent.split("-"))
            canvas[round((place[1] + top) * LINE_SCALE) : round((place[1] + bottom) * LINE_SCALE), x0:x1] = 255


@lru_cache(maxsize=40)
def guilloche(number: int) -> NDArray[np.float32]:
    """Background pattern 0..1 of a bank."""
    random = np.random.default_rng(1000 + number)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32) / SCALE
    total = np.zeros((HEIGHT, WIDTH), np.float32)
    for _ in range(int(random.integers(1, 4))):
        angle, spacing = random.uniform(-0.6, 0.6) + random.choice([0, np.pi / 2]), random.uniform(0.7, 2.4)
        u, v = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
        wave = sum(
            random.uniform(0.3, 2.5)
            * np.sin(u * random.uniform(0.05, 0.7) + v * random.uniform(0, 0.4) + random.uniform(0, 6))
            for _ in range(3)
        )
        line = np.cos(2 * np.pi * (v + wave) / spacing)
        total = np.maximum(total, np.clip((line - random.uniform(0.3, 0.8)) * 3, 0, 1))
    return np.asarray(cv2.GaussianBlur(total.astype(np.float32), (0, 0), 0.8), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished cheque, flat and straight at SCALE, and what stands on it."""

    paper: Mask
    writing: Writing
    line: str
    key: str
    key_place: tuple[float, float]  # millimetres of its first bracket
    line_left: float  # millimetres of the first bar
    line_base: float  # millimetres of the foot of the bars
    ends: dict[str, float] = field(default_factory=dict)  # where each line's writing ends
    sizes: dict[str, float] = field(default_factory=dict)  # mm: of a small x by line, of a digit under "figures"
    rules: dict[str, float] = field(default_factory=dict)
    signed: bool = True


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes: fonts, digits and ink of one customer."""

    letters: str
    figures: str  # a font, or "" for real digits
    digits_part: str
    printed: bool
    ink: float  # 0 black .. 130 pale
    x_height: float  # mm
    restless: bool = False  # writes unevenly; see `pen.written`


def random_hand(random: Random, part: str) -> Hand:
    """A writer of one part: "train", "calibration" or "test"."""
    hands, prints = sources.HANDS[part], sources.PRINT[part]
    printed = random.random() < 0.13
    letters = str(random.choice(prints if printed else hands))
    real = not printed and random.random() < 0.55
    figures = "" if real else letters if random.random() < 0.8 else str(random.choice(prints if printed else hands))
    x_height = random.uniform(1.5, 2.0) if printed else float(np.clip(random.normal(1.7, 0.45), 1.0, 2.9))
    return Hand(letters, figures, part, printed, random.uniform(0, 105), x_height, restless=part == "train")


def draw_cheque(writing: Writing, hand: Hand, random: Random, *, signed: bool = True, line: str | None = None) -> Drawn:
    """Draw a bank's blank and fill it in."""
    text = line or random_line(random)
    blank = _Blank(random)
    for name, content in writing.lines().items():
        blank.write_line(name, content, hand)
    blank.write_figures(writing, hand)
    if signed:
        blank.sign(hand)
    if writing.stroke:
        blank.fill_stroke(writing, hand)
    key = f"{rlmc_key(text[1:8], text[9:21], text[22:34]):02d}"
    place = blank.print_key(key)
    left, base = blank.print_line(text)
    return Drawn(blank.finished(), writing, text, key, place, left, base, blank.ends, blank.sizes, blank.rules, signed)


def draw_words(writing: Writing, hand: Hand, random: Random) -> Drawn:
    """A bank's blank on which only the words and the payee are filled in: a third of the time of a whole cheque."""
    blank = _Blank(random)
    for name in ("words_first", "words_second", "payee"):
        blank.write_line(name, writing.lines()[name], hand)
    if writing.stroke:
        blank.fill_stroke(writing, hand)
    return Drawn(blank.finished(), writing, "", "", (0, 0), 0, 0, blank.ends, blank.sizes, blank.rules, signed=False)


class _Blank:
    """The paper while it is drawn. Millimetres from the top left, as in `ocr.cheque.geometry`."""

    def __init__(self, random: Random) -> None:
        self.random = random
        shift = random.normal(0, 1.0)
        self.rules = {"words_first": 20.3 + shift, "words_second": 26.4 + shift + random.normal(0, 0.3)}
        self.rules["payee"] = self.rules["words_second"] + random.uniform(5.7, 6.6)
        right = random.normal(0, 1.0)
        self.rules |= {"place": 40.3 + right, "date": 40.3 + right + random.uniform(4.4, 5.4)}
        self.box = (131.5 + random.normal(0, 1.3), 25.0 + random.normal(0, 0.8), random.uniform(39, 43))
        self.box_height = random.uniform(8.6, 10.5)
        self.start = random.uniform(36, 40)  # of the words behind the printed order to pay
        self.ends: dict[str, float] = {}
        self.sizes: dict[str, float] = {}
        self.print_font = str(random.choice(["arimo", "open-sans", "roboto", "lato"]))
        self.paper = self._tinted()
        self.picture = Image.fromarray(self.paper)
        self._print()

    def _tinted(self) -> Mask:
        random = self.random
        pattern = np.roll(guilloche(int(random.integers(40))), tuple(random.integers(0, 600, 2)), (0, 1))
        tint, depth = random.uniform(195, 250), random.uniform(0, 110) * random.random() ** 0.7
        paper = tint - depth * pattern
        strip = round(64.5 * SCALE)
        paper[strip:] = paper[strip:] * 0.15 + 0.85 * random.uniform(225, 252)
        return np.asarray(np.clip(paper, 0, 255), dtype=np.uint8)

    def _text(self, x: float, y: float, text: str, size: float, gray: int = 60) -> None:
        font = sources.font(self.print_font, max(6, round(size * SCALE)))
        ImageDraw.Draw(self.picture).text((x * SCALE, y * SCALE), text, font=font, fill=gray, anchor="ls")

    def _rule(self, x0: float, x1: float, y: float, gray: int) -> None:
        points = [(x0 * SCALE, y * SCALE), (x1 * SCALE, y * SCALE)]
        ImageDraw.Draw(self.picture).line(points, fill=gray, width=1 if self.random.random() < 0.7 else 2)

    def _print(self) -> None:
        random, rules = self.random, self.rules
        gray = int(random.integers(40, 150))
        order = "Payez contre ce chèque" + str(random.choice(["", " en euros", " non endossable"]))
        self._text(6.5, rules["words_first"] - 0.4, order, min(2.6, 60 / len(order)), gray)
        if random.random() < 0.8:
            small = "non endossable sauf au profit d'un établissement bancaire ou assimilé"
            self._text(6.5, rules["words_first"] + 2.3, small, 1.2, gray)
        self._text(6.5, rules["payee"] - 0.3, "à", 2.4, gray)
        rule_gray = int(random.integers(60, 180))
        self._rule(self.start - 1, random.uniform(112, 128), rules["words_first"], rule_gray)
        for name in ("words_second", "payee"):
            self._rule(6.5, random.uniform(110, 126), rules[name], rule_gray)
        for name, label in (("place", "A"), ("date", "Le")):
            self._text(131, rules[name] - 0.3, label, 2.2, gray)
            self._rule(random.uniform(133, 136), random.uniform(171, 174), rules[name], rule_gray)
        self._print_box(gray)
        self._print_around(gray)
        self._print_bars()

    def _print_box(self, gray: int) -> None:
        x, y, width = self.box
        draw = ImageDraw.Draw(self.picture)
        corners = [x * SCALE, y * SCALE, (x + width) * SCALE, (y + self.box_height) * SCALE]
        fill = int(self.random.integers(225, 255)) if self.random.random() < 0.6 else None
        outline = int(self.random.integers(30, 150))
        draw.rectangle(corners, fill=fill, outline=outline, width=int(self.random.integers(1, 4)))
        self._text(x - 4.5, y + 6.5, "€", 4.0, min(gray, 90))

    def _print_around(self, gray: int) -> None:
        random = self.random
        self._text(
            18, 9, str(random.choice(["Banque du Littoral", "Crédit Alpin", "Caisse des Trois Rives"])), 4.0, gray
        )
        for row, text in enumerate(("Payable en France", "AGENCE CENTRE", "3 PLACE DU PORT", "TEL. 04 00 00 00 00")):
            self._text(7, 40 + 3.1 * row, text, 2.2, gray)
        for row, text in enumerate(("M OU MME DUPRAT", "14 RUE DES LILAS", "31000 TOULOUSE")):
            self._text(61 + random.normal(0, 1), 42 + 3.6 * row, text, 2.7, 40)
        if random.random() < 0.7:
            self._text(7, 63, f"Chèque n° {random.integers(10**6, 10**7)}", 2.6, 60)

    def _print_bars(self) -> None:
        if self.random.random() < 0.12:
            return
        gray, x = int(self.random.integers(40, 160)), self.random.uniform(95, 110)
        top, bottom = self.random.uniform(10, 16), self.random.uniform(32, 37)
        for offset in (0.0, self.random.uniform(4, 6)):
            points = [((x + 9 + offset) * SCALE, top * SCALE), ((x + offset) * SCALE, bottom * SCALE)]
            ImageDraw.Draw(self.picture).line(points, fill=gray, width=int(self.random.integers(1, 3)))

    # ------------------------------------------------------------ the customer's part

    def _ink(self, mask: Mask, x: float, y: float, base: int, gray: float) -> float:
        """Put a mask with its baseline at y mm; returns where it ends in mm."""
        self.paper = np.array(self.picture)
        left, top = round(x * SCALE), round(y * SCALE) - base
        cut_top, cut_left = max(0, -top), max(0, -left)
        mask = mask[cut_top:, cut_left:]
        left, top = left + cut_left, top + cut_top
        window = self.paper[top : top + mask.shape[0], left : left + mask.shape[1]]
        mask = mask[: window.shape[0], : window.shape[1]]
        share = mask.astype(np.float32) / 255.0
        window[:] = np.clip(np.minimum(window, window * (1 - share) + gray * share), 0, 255).astype(np.uint8)
        self.picture = Image.fromarray(self.paper)
        return float(x + mask.shape[1] / SCALE)

    def _room(self, name: str) -> tuple[float, float]:
        if name in ("place", "date"):
            return 136.5 + abs(self.random.normal(0, 1)), 174.0
        start = self.start if name == "words_first" else 10.5 if name == "payee" else 7.0
        return start + abs(self.random.normal(0, 1.5)), 128.0

    def write_line(self, name: str, content: str, hand: Hand) -> None:
        if not content:
            return
        left, right = self._room(name)
        room = (right - left) * SCALE
        x_height = hand.x_height * SCALE * (1.0 if name not in ("place", "date") else 0.9)
        mixed = name == "date" and not hand.printed and not hand.figures and self.random.random() < 0.7
        if hand.restless and not hand.printed and "words" in name and any(sign.isdigit() for sign in content):
            mixed = bool(self.random.random() < 0.35)
        for _ in range(4):
            mask, base = (
                self._with_figures(content, hand, x_height)
                if mixed
                else written(
                    content, hand.letters, x_height, self.random, bent=not hand.printed, restless=hand.restless
                )
            )
            if mask.shape[1] <= room:
                break
            x_height *= max(0.55, 0.97 * room / mask.shape[1])
        self.sizes[name] = x_height / SCALE
        rise = self.random.uniform(0.1, 0.9) if hand.printed else self.random.normal(0.35, 0.45)
        self.ends[name] = self._ink(mask, left, self.rules[name] - rise, base, hand.ink)

    def _with_figures(self, content: str, hand: Hand, x_height: float) -> tuple[Mask, int]:
        """Figures from real digits, the words in the writer's letters."""
        pieces: list[tuple[Mask, int]] = []
        for word in content.split(" "):
            if any(letter.isalpha() for letter in word):
                pieces.append(written(word, hand.letters, x_height, self.random, restless=hand.restless))
            else:
                pieces.append(
                    real_figures(word, x_height * self.random.uniform(1.4, 1.9), hand.digits_part, self.random)
                )
        base = max(piece[1] for piece in pieces)
        below = max(piece[0].shape[0] - piece[1] for piece in pieces)
        gap = round(x_height * 0.4)
        canvas = np.zeros((base + below, sum(piece[0].shape[1] + gap for piece in pieces)), np.uint8)
        x = 0
        for mask, own in pieces:
            canvas[base - own : base - own + mask.shape[0], x : x + mask.shape[1]] = mask
            x += mask.shape[1] + gap
        return canvas, base

    def write_figures(self, writing: Writing, hand: Hand) -> None:
        if not writing.figures:
            return
        x, y, width = self.box
        height = self.random.uniform(3.2, 6.4) * SCALE
        for _ in range(4):
            if hand.figures:
                mask, base = written(
                    *(writing.figures, hand.figures, height * 0.62, self.random, not hand.printed, hand.restless)
                )
            else:
                mask, base = real_figures(writing.figures, height, hand.digits_part, self.random)
            if mask.shape[1] <= (width - 1) * SCALE:
                break
            height *= max(0.6, 0.97 * (width - 1) * SCALE / mask.shape[1])
        slack = max(0.0, width - mask.shape[1] / SCALE - 1)
        place = x + 0.5 + slack * (0.95 if hand.printed else self.random.beta(1.2, 2.0))
        digit = height / SCALE if not hand.figures else height * 0.9 / SCALE
        self.sizes["figures"] = digit
        foot = y + self.box_height / 2 + digit / 2 + self.random.normal(0, 0.7)
        self._ink(mask, place, min(foot, y + self.box_height + 0.8), base, hand.ink)

    def fill_stroke(self, writing: Writing, hand: Hand) -> None:
        """The line people draw so that nothing can be added."""
        last = "words_second" if writing.second else "words_first"
        starts = {last: self.ends.get(last, 60.0) + 2}
        if last == "words_first":
            starts["words_second"] = self.random.uniform(7, 20)
        paper = np.array(self.picture)
        for name, left in starts.items():
            if left > 118 or self.random.random() < 0.3:
                continue
            y = (self.rules[name] - self.random.uniform(0.3, 2.0)) * SCALE
            ends = (
                (round(left * SCALE), round(y)),
                (round(self.random.uniform(118, 127) * SCALE), round(y + self.random.normal(0, 4))),
            )
            cv2.line(paper, *ends, float(hand.ink), int(self.random.integers(1, 5)), cv2.LINE_AA)
        self.picture = Image.fromarray(paper)

    def sign(self, hand: Hand) -> None:
        random, paper = self.random, np.array(self.picture)
        count = int(random.integers(12, 40))
        t = np.linspace(0, random.uniform(3, 9) * np.pi, count * 6)
        x = 134 + (t / t.max()) * random.uniform(14, 32) + random.uniform(0.5, 3.0) * np.cos(t)
        y = 55 + random.uniform(1.5, 4.0) * np.sin(t + random.uniform(0, 3)) + random.normal(0, 0.5)
        points = np.stack([x * SCALE, np.clip(y, 48, 64.3) * SCALE], axis=1).astype(np.int32)
        cv2.polylines(
            paper, [points.reshape(-1, 1, 2)], False, float(hand.ink), int(random.integers(2, 6)), cv2.LINE_AA
        )
        self.picture = Image.fromarray(paper)

    def print_key(self, key: str) -> tuple[float, float]:
        at_right = self.random.random() < 0.85
        x = self.random.uniform(158, 168) if at_right else self.random.uniform(30, 60)
        y = self.random.uniform(61.0, 63.6)
        self._text(x, y, f"({key})", self.random.uniform(2.4, 3.2), 50)
        return x, y

    def print_line(self, text: str) -> tuple[float, float]:
        mask, top = draw_line(text, self.random)
        left = self.random.uniform(6.2, 9.2)
        base = 74.0 + self.random.normal(0, 0.4)
        self._ink(mask, left - 2.0, base, round(top + 2.85 * SCALE), self.random.uniform(10, 70))
        return left, base

    def finished(self) -> Mask:
        return np.array(self.picture)
