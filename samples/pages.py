"""Draw sample pages as they come off a scanner: typed letters, returned envelopes, cheques on paper."""

from __future__ import annotations

import textwrap
from datetime import date

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models.money import Cents
from ocr.cheque.amount_words import write
from samples.portfolio import Row
from training.cheques import paper
from training.cheques.scanner import scanned
from training.cheques.texts import Writing

Gray = NDArray[np.uint8]
DPI = 200
WIDTH, HEIGHT = round(8.27 * DPI), round(11.69 * DPI)
_SANS = "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"
_BOLD = "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf"


def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_BOLD if bold else _SANS, size)


def letter(sender: list[str], recipient: list[str], place: str, body: str, signature: str) -> Gray:
    """An A4 page: sender top left, recipient in the window, date, text, name at the end."""
    page = Image.new("L", (WIDTH, HEIGHT), 250)
    pen = ImageDraw.Draw(page)
    pen.multiline_text((160, 150), "\n".join(sender), font=font(30), fill=25, spacing=10)
    pen.multiline_text((900, 420), "\n".join(recipient), font=font(30), fill=25, spacing=10)
    pen.text((900, 640), place, font=font(30), fill=25)
    paragraphs = [textwrap.fill(" ".join(part.split()), 82) for part in body.split("\n\n")]
    pen.multiline_text((160, 760), "\n\n".join(paragraphs), font=font(31), fill=25, spacing=14)
    pen.text((900, 1560), signature, font=font(31), fill=25)
    return np.asarray(page, dtype=np.uint8)


def envelope(lines: list[str], sticker: str) -> Gray:
    """A returned window envelope with its address and the postal sticker."""
    page = Image.new("L", (round(8.7 * DPI), round(4.3 * DPI)), 244)
    pen = ImageDraw.Draw(page)
    pen.multiline_text((820, 380), "\n".join(lines), font=font(34), fill=30, spacing=10)
    pen.rectangle((120, 470, 720, 660), outline=20, width=5)
    pen.multiline_text((145, 500), sticker, font=font(28, bold=True), fill=20, spacing=12)
    pen.rectangle((690, 520, 708, 538), fill=20)
    return np.asarray(page, dtype=np.uint8)


def cheque(amount: Cents, payee: str, day: date, seed: int, *, signed: bool = True, differ: bool = False) -> Gray:
    """A cheque at 200 dpi, filled in by one of the drawn hands; `differ` writes another sum in words."""
    draw = np.random.default_rng(seed)
    worded = amount + 10_000 if differ else amount
    words = textwrap.wrap(write(worded), 34)
    written = Writing(
        amount,
        f"{amount // 100},{amount % 100:02d}",
        words[0],
        " ".join(words[1:]),
        payee,
        "Dijon",
        day,
        day.strftime("%d/%m/%Y"),
        False,
        worded,
    )
    hand = paper.Hand("indie-flower", "indie-flower", "train", False, 20.0, 1.9)
    drawn = paper.draw_cheque(written, hand, draw, signed=signed)
    return np.asarray(cv2.resize(drawn.paper, (round(175 / 25.4 * DPI), round(80 / 25.4 * DPI))), dtype=np.uint8)


def on_page(page: Gray, lying: Gray) -> Gray:
    """The cheque below the text of the letter, as people put them on the glass."""
    whole = page.copy()
    top, left = HEIGHT - lying.shape[0] - 40, 120
    whole[top : top + lying.shape[0], left : left + lying.shape[1]] = lying
    return whole


def scan(page: Gray, seed: int, hard: float = 0.15) -> Gray:
    """A little turned, unevenly lit, with noise: `hard` from 0 (clean) to 1. Grey, as the docs advise for cheques."""
    picture = _scanned(page, seed, hard)
    return _scanned(page, seed + 1000, hard) if len(np.unique(picture)) == 2 else picture


def _scanned(page: Gray, seed: int, hard: float) -> Gray:
    draw = np.random.default_rng(seed)
    angle = float(draw.uniform(-1.2, 1.2))
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(page, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(scanned(np.asarray(turned, dtype=np.uint8), draw, hard), dtype=np.uint8)


def address(claim: Row) -> list[str]:
    name = claim["company_name"] or f"{claim['civility']} {claim['first_name']} {claim['last_name']}"
    return [name.strip(), claim["address"].capitalize(), f"{claim['postcode']} {claim['city']}"]
