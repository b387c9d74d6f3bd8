"""Pages drawn for the tests: letters, forms and envelopes with the fonts every Debian has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocr.images import Pixels

DPI = 200
A4 = (1654, 2339)
FONTS = ("DejaVuSans.ttf", "LiberationSerif-Regular.ttf", "LiberationSans-Regular.ttf", "DejaVuSerif.ttf")
LETTER = (
    "Jeanne Martel",
    "14 rue des Tanneurs",
    "67000 STRASBOURG",
    "",
    "Strasbourg, le 3 mars 2026",
    "Objet : votre courrier du 12 février",
    "",
    "Madame, Monsieur,",
    "J'ai bien reçu votre rappel concernant la facture 88-4412/B.",
    "Cette somme de 187,40 euros a été réglée par virement le 20 janvier,",
    "comme le montre le relevé que je joins à cette lettre.",
    "Je vous demande donc de corriger votre dossier et de me le confirmer.",
    "Veuillez agréer, Madame, Monsieur, mes salutations distinguées.",
    "",
    "J. Martel",
)


def font(name: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(name, size)


def typed_page(
    lines: Sequence[str] = LETTER,
    *,
    face: str = "DejaVuSans.ttf",
    points: float = 11,
    size: tuple[int, int] = A4,
    dpi: int = DPI,
    top: float = 0.08,
) -> Pixels:
    """Lines of print on white paper, gray uint8."""
    picture = Image.new("L", size, 255)
    pen = ImageDraw.Draw(picture)
    chosen = font(face, points * dpi / 72)
    y = size[1] * top
    for line in lines:
        pen.text((size[0] * 0.1, y), line, fill=15, font=chosen)
        y += points * dpi / 72 * 1.55
    return np.array(picture)


def tilted(page: Pixels, degrees: float) -> Pixels:
    """Turned counter-clockwise, as a sheet fed askew: `degrees` clockwise put it right."""
    return np.array(Image.fromarray(page).rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255))


def grainy(page: Pixels, strength: float, seed: int = 1) -> Pixels:
    noise = np.random.default_rng(seed).normal(0, strength, page.shape)
    return np.clip(page + noise, 0, 255).astype(np.uint8)


def shaded(page: Pixels, darkest: float = 0.45) -> Pixels:
    """Light falling off from one corner to the opposite one."""
    height, width = page.shape
    across = np.linspace(1, 0, width)[None, :] + np.linspace(1, 0, height)[:, None]
    return (page * (darkest + (1 - darkest) * across / 2)).astype(np.uint8)
