"""The separator sheet we print: Patch T bars on all four edges, PATCHT in Code 128, our DataMatrix in the middle."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from ocr.barcodes import PATCH_TEXT, SHEET_PREFIX
from ocr.images import Pixels

SHEET_DPI = 200
A4_MM = (210.0, 297.0)
_NARROW_MM, _WIDE_MM = 2.03, 5.08  # Kodak i5000 manual: 0.08 and 0.20 inch
_BAR_LENGTH_MM = 64.0  # 2.5 inch advised
_MARGIN_MM = 8.0


def separator_sheet(lot: str = "", dpi: int = SHEET_DPI) -> Pixels:
    """An A4 sheet as gray uint8, to be printed at 100 % without scaling. `lot` is carried in the DataMatrix."""
    width, height = (round(side * dpi / 25.4) for side in A4_MM)
    sheet = np.full((height, width), 255, np.uint8)
    bars = _patch_bars(dpi)
    for _turn in range(4):
        sheet = np.ascontiguousarray(np.rot90(sheet))
        top, left = round(_MARGIN_MM * dpi / 25.4), (sheet.shape[1] - bars.shape[1]) // 2
        sheet[top : top + bars.shape[0], left : left + bars.shape[1]] = bars
    _put(sheet, _symbol(PATCH_TEXT, zxingcpp.BarcodeFormat.Code128, round(90 * dpi / 25.4), dpi), 0.33)
    _put(sheet, _symbol(f"{SHEET_PREFIX}{lot}", zxingcpp.BarcodeFormat.DataMatrix, round(32 * dpi / 25.4), dpi), 0.5)
    return _labelled(sheet, f"FEUILLE DE SÉPARATION{f' — lot {lot}' if lot else ''}", dpi)


def _patch_bars(dpi: int) -> Pixels:
    narrow, wide = round(_NARROW_MM * dpi / 25.4), round(_WIDE_MM * dpi / 25.4)
    rows = np.concatenate(
        [
            np.full(size, tone, np.uint8)
            for size, tone in zip((narrow, narrow, wide, narrow, narrow, narrow, wide), (0, 255) * 4, strict=False)
        ]
    )
    return np.repeat(rows[:, None], round(_BAR_LENGTH_MM * dpi / 25.4), axis=1)


def _symbol(text: str, kind: zxingcpp.BarcodeFormat, width: int, dpi: int) -> Pixels:
    drawn = np.asarray(zxingcpp.create_barcode(text, kind, force_square=True).to_image(scale=1, add_quiet_zones=True))
    times = max(1, width // drawn.shape[1])
    if drawn.shape[0] < drawn.shape[1] / 3:  # bars: stretched to a height that bears a tilt
        tall = max(drawn.shape[0] * times, round(18 * dpi / 25.4))
        return np.asarray(cv2.resize(drawn, (drawn.shape[1] * times, tall), interpolation=cv2.INTER_NEAREST))
    return np.asarray(np.kron(drawn, np.ones((times, times), np.uint8)))


def _put(sheet: Pixels, symbol: Pixels, down: float) -> None:
    top, left = round(sheet.shape[0] * down - symbol.shape[0] / 2), (sheet.shape[1] - symbol.shape[1]) // 2
    sheet[top : top + symbol.shape[0], left : left + symbol.shape[1]] = symbol


def _labelled(sheet: Pixels, label: str, dpi: int) -> Pixels:
    picture = Image.fromarray(sheet)
    pen = ImageDraw.Draw(picture)
    font, accents = _font(dpi * 0.12)
    text = label if accents else label.replace("É", "E").replace("—", "-")
    pen.text((sheet.shape[1] / 2, sheet.shape[0] * 0.63), text, fill=0, anchor="mm", font=font)
    return np.asarray(picture)


def _font(size: float) -> tuple[Any, bool]:
    """A font of this machine, and whether it has accents: Pillow's own has none."""
    for name in ("DejaVuSans.ttf", "LiberationSans-Regular.ttf"):
        try:
            return ImageFont.truetype(name, size), True
        except OSError:
            continue
    return ImageFont.load_default(size=size), False
