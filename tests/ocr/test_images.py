from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from models.errors import DocumentRefused
from ocr.images import from_pillow, page_image


@pytest.mark.parametrize(
    ("pixels", "gray"),
    [
        (np.array([[True, False]]), [[255, 0]]),
        (np.array([[65535, 0, 32768]], np.uint16), [[255, 0, 127]]),
        (np.array([[1.0, 0.0, np.nan]]), [[255, 0, 0]]),
        (np.array([[[0, 0], [0, 255]]], np.uint8), [[255, 0]]),  # gray with alpha: see-through is paper
        (np.array([[[0, 0, 0, 0], [255, 255, 255, 255], [0, 0, 0, 255]]], np.uint8), [[255, 255, 0]]),
        (np.array([[[7], [9]]], np.uint8), [[7, 9]]),
    ],
)
def test_any_depth_becomes_eight_bits_on_white_paper(pixels: np.ndarray, gray: list[list[int]]) -> None:
    assert page_image(pixels).gray.tolist() == gray


@pytest.mark.parametrize("shape", [(0, 5), (4,), (3, 3, 7), (2, 2, 2, 2)])
def test_what_is_no_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(DocumentRefused) as refusal:
        page_image(np.zeros(shape, np.uint8))
    assert refusal.value.code == "damaged"


@pytest.mark.parametrize("dpi", [0, 1, -300, 9999])
def test_an_impossible_resolution_is_not_believed(dpi: float) -> None:
    assert page_image(np.zeros((3, 3), np.uint8), dpi).dpi is None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_mode_of_a_picture_keeps_black_ink_on_white_paper(mode: str) -> None:
    drawn = Image.new("L", (20, 10), 255)
    drawn.paste(0, (0, 0, 10, 10))
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(drawn).astype(np.uint16) * 257)
    else:
        picture = drawn.convert("RGB").convert(mode) if mode == "CMYK" else drawn.convert(mode)
    gray = from_pillow(picture).gray
    assert gray.shape == (10, 20)
    assert gray[5, 3] < 40
    assert gray[5, 16] > 215


def test_the_turn_a_camera_notes_is_applied() -> None:
    picture = Image.new("L", (30, 10), 255)
    exif = picture.getexif()
    exif[0x0112] = 6  # a quarter turn clockwise to display
    picture.info["exif"] = exif.tobytes()
    from io import BytesIO

    held = BytesIO()
    picture.save(held, "JPEG", exif=exif)
    assert from_pillow(Image.open(held)).gray.shape == (30, 10)
