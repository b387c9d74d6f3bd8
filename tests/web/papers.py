"""Letters drawn for the desk's tests: a page picture and its words with their boxes, as a reader would give them."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from models.reading import Box, Page, Word

WIDTH, HEIGHT = 1000, 1414  # A4 at about 120 dpi
_FONTS = (
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
)
_HANDS = ("/usr/share/fonts/truetype/liberation/LiberationSerif-Italic.ttf", *_FONTS)


@cache
def _font(size: int, hand: bool = False) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in _HANDS if hand else _FONTS:
        if Path(name).exists():
            return ImageFont.truetype(name, size)
    return ImageFont.load_default(size)


@dataclass
class Paper:
    """One page. `write` draws a line and remembers its words; `doubtful` words are kept with little confidence."""

    number: int = 1
    tint: tuple[int, int, int] = (253, 252, 248)
    image: Image.Image = field(init=False)
    words: list[Word] = field(default_factory=list)
    line: int = 0

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT), self.tint)

    def write(
        self, x: int, y: int, text: str, size: int = 25, *, hand: bool = False, doubtful: tuple[str, ...] = ()
    ) -> None:
        pen = ImageDraw.Draw(self.image)
        font = _font(size, hand)
        self.line += 1
        ink = (31, 41, 105) if hand else (28, 28, 30)
        for word in text.split():
            left, top, right, bottom = pen.textbbox((x, y), word, font=font)
            pen.text((x, y), word, font=font, fill=ink)
            box = Box(self.number, left / WIDTH, top / HEIGHT, (right - left) / WIDTH, (bottom - top) / HEIGHT)
            self.words.append(Word(word, box, 0.41 if word in doubtful else 0.95, self.line))
            x = int(right + size * 0.28)

    def write_all(self, x: int, y: int, lines: list[str], size: int = 25, *, hand: bool = False) -> int:
        """Returns the height below the last line."""
        for line in lines:
            self.write(x, y, line, size, hand=hand)
            y += int(size * 1.55)
        return y

    def cheque(self, y: int, figures: str, words: str, payee: str, signed: bool = True) -> tuple[float, ...]:
        """A cheque across the page; its box in fractions of the page."""
        pen = ImageDraw.Draw(self.image)
        left, right, bottom = 60, WIDTH - 60, y + 400
        pen.rectangle((left, y, right, bottom), fill=(233, 243, 240), outline=(120, 140, 135), width=2)
        self.write(left + 24, y + 20, "BANQUE DES DEUX RIVES", 24)
        self.write(left + 24, y + 84, "Payez contre ce chèque", 16)
        self.write(left + 240, y + 74, words, 27, hand=True)
        pen.line((left + 24, y + 114, right - 24, y + 114), fill=(120, 140, 135))
        self.write(left + 24, y + 140, "à", 16)
        self.write(left + 60, y + 130, payee, 27, hand=True)
        pen.rectangle((right - 210, y + 128, right - 24, y + 176), fill=(255, 255, 255), outline=(90, 90, 90))
        self.write(right - 196, y + 134, figures, 28, hand=True)
        self.write(right - 350, y + 205, "À Rennes le 28 mai 2026", 20, hand=True)
        self.write(left + 24, y + 230, "M. PAUL ARGOAT", 19)
        self.write(left + 24, y + 256, "4 RUE DU MOULIN 35000 RENNES", 17)
        if signed:
            curve = [
                (right - 280 + 2.1 * step, y + 282 + 26 * math.sin(step / 5) * math.cos(step / 23))
                for step in range(95)
            ]
            pen.line(curve, fill=(31, 41, 105), width=3, joint="curve")
        pen.rectangle((left, bottom - 62, right, bottom), fill=(247, 250, 248))
        self.write(left + 40, bottom - 46, "ıı 4217733 ıı 042014506908 ıı 052108899000 ı", 25)
        return (left / WIDTH, y / HEIGHT, (right - left) / WIDTH, (bottom - y) / HEIGHT)

    def jpeg(self) -> bytes:
        out = io.BytesIO()
        self.image.save(out, "JPEG", quality=82)
        return out.getvalue()

    def page(self, preview: str, confidence: float = 0.93, handwritten: bool = False) -> Page:
        lines: dict[int, list[str]] = {}
        for word in self.words:
            lines.setdefault(word.line, []).append(word.text)
        text = "\n".join(" ".join(line) for line in lines.values())
        return Page(
            self.number,
            text,
            tuple(self.words),
            confidence,
            "tesseract",
            dpi=120,
            handwritten=handwritten,
            preview=preview,
        )

    def box_of(self, text: str) -> Box | None:
        """Around the first word that is this text."""
        return next((word.box for word in self.words if word.text.strip(".,:") == text), None)
