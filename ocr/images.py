"""A page as pixels, whatever depth, mode or turn it arrived in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageOps

from models.errors import DocumentRefused

Pixels = np.ndarray[Any, np.dtype[Any]]

PLAUSIBLE_DPI = (40.0, 2400.0)


@dataclass(frozen=True, slots=True)
class PageImage:
    """`pixels` uint8, (H, W) gray or (H, W, 3) BGR; `dpi` None where the file does not say or says nonsense."""

    pixels: Pixels
    dpi: float | None = None

    @property
    def gray(self) -> Pixels:
        if self.pixels.ndim == 2:
            return self.pixels
        return np.asarray(cv2.cvtColor(self.pixels, cv2.COLOR_BGR2GRAY))


def page_image(pixels: Pixels, dpi: float | None = None) -> PageImage:
    """Any array an image library may hand over, as a `PageImage`.

    Booleans are bilevel (True is white), 16-bit is scaled by its own maximum depth, a fourth channel is alpha over
    white paper, a second one too. Raises DocumentRefused("damaged") for shapes that are no picture.
    """
    if pixels.size == 0 or pixels.ndim not in (2, 3):
        raise DocumentRefused("damaged", "picture without pixels")
    flat = _on_white(_eight_bits(pixels))
    return PageImage(np.ascontiguousarray(flat), _plausible(dpi))


def from_pillow(picture: Image.Image) -> PageImage:
    """A decoded Pillow picture: EXIF turn applied, CMYK and palettes converted, alpha laid on white paper."""
    dpi = picture.info.get("dpi")
    horizontal = float(dpi[0]) if isinstance(dpi, tuple) and dpi and dpi[0] else None
    upright = ImageOps.exif_transpose(picture)
    if upright.mode == "1":
        return page_image(np.asarray(upright), horizontal)
    if upright.mode.startswith(("I", "F")):
        return page_image(np.asarray(upright), horizontal)
    if upright.mode in ("L", "LA"):
        return page_image(np.asarray(upright), horizontal)
    if upright.mode in ("RGBA", "PA") or "transparency" in upright.info:
        rgba = np.asarray(upright.convert("RGBA"))
        return page_image(rgba[:, :, [2, 1, 0, 3]], horizontal)
    return page_image(np.asarray(upright.convert("RGB"))[:, :, ::-1], horizontal)


def _eight_bits(pixels: Pixels) -> Pixels:
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype == np.bool_:
        return pixels.astype(np.uint8) * 255
    values = np.nan_to_num(pixels.astype(np.float64))
    top = float(values.max(initial=0.0))
    full = next((depth for depth in (1.0, 255.0, 4095.0, 65535.0) if top <= depth), max(top, 1.0))
    return np.clip(values * (255.0 / full), 0, 255).astype(np.uint8)


def _on_white(pixels: Pixels) -> Pixels:
    if pixels.ndim == 2:
        return pixels
    channels = pixels.shape[2]
    if channels == 1:
        return pixels[:, :, 0]
    if channels == 3:
        return pixels
    if channels not in (2, 4):
        raise DocumentRefused("damaged", f"picture with {channels} channels")
    alpha = pixels[:, :, -1:].astype(np.uint16)
    colour = pixels[:, :, :-1].astype(np.uint16)
    laid = ((colour * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
    return laid[:, :, 0] if channels == 2 else laid


def _plausible(dpi: float | None) -> float | None:
    low, high = PLAUSIBLE_DPI
    return float(dpi) if dpi is not None and low <= dpi <= high else None
