from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.images import PageImage, Pixels
from ocr.page import PageReader
from ocr.ticks import find_boxes
from tests.ocr.paper import A4, font, grainy, tilted, typed_page

CHOICES = (
    "Je paie la somme",
    "Je demande un délai",
    "Je ne dois rien",
    "Autre motif",
    "Rappelez-moi",
    "Copie demandée",
)


def form(ticked: set[int], side: int = 32, mark: str = "cross", width: int = 2) -> Pixels:
    """Six choices with printed boxes; `ticked` are crossed or check-marked by a pen that overshoots."""
    picture = Image.new("L", A4, 255)
    pen = ImageDraw.Draw(picture)
    chosen = font("DejaVuSans.ttf", 32)
    pen.text((160, 160), "BULLETIN DE RÉPONSE : DOOD", fill=0, font=font("DejaVuSans.ttf", 44))
    for row, choice in enumerate(CHOICES):
        x, y = 160, 400 + 70 * row
        pen.rectangle((x, y, x + side, y + side), outline=40, width=width)
        pen.text((x + 60, y - 3), choice, fill=10, font=chosen)
        if row in ticked and mark == "cross":
            pen.line((x - 6, y - 7, x + side + 7, y + side + 5), fill=60, width=5)
            pen.line((x - 5, y + side + 6, x + side + 6, y - 6), fill=60, width=5)
        elif row in ticked:
            pen.line((x + 4, y + side // 2, x + side // 2, y + side - 3, x + side + 12, y - 14), fill=60, width=5)
    return np.array(picture)


@pytest.fixture(scope="module")
def reader() -> PageReader:
    return PageReader(second_reader=False)


@pytest.mark.parametrize("mark", ["cross", "check"])
@pytest.mark.parametrize("ticked", [set(), {0}, {2, 5}, {3}])
def test_each_printed_box_is_found_ticked_or_empty(ticked: set[int], mark: str) -> None:
    boxes = [box for box in find_boxes(form(ticked, mark=mark), 200) if abs(box.x - 160) < 12]
    assert [row for row, box in enumerate(boxes) if box.ticked] == sorted(ticked)
    assert len(boxes) == len(CHOICES)


@pytest.mark.parametrize("side", [20, 26, 44, 60])
def test_small_and_large_boxes_are_found(side: int) -> None:
    boxes = [box for box in find_boxes(form({1}, side=side), 200) if abs(box.x - 160) < 16]
    assert [box.ticked for box in boxes].count(True) == 1


def test_a_ticked_line_reads_with_its_mark(reader: PageReader) -> None:
    page = reader.read(PageImage(grainy(tilted(form({2}), 1.5), 6), 200), 1).page
    assert "[X] Je ne dois rien" in page.text
    assert "[ ] Je paie la somme" in page.text
    assert [tick.label for tick in page.ticks] == ["Je ne dois rien"]
    assert page.ticks[0].confidence > 0.8
    assert page.ticks[0].box is not None


def test_letters_of_a_title_are_no_boxes(reader: PageReader) -> None:
    page = reader.read(PageImage(form({0}), 200), 1).page
    assert page.text.splitlines()[0] == "BULLETIN DE RÉPONSE : DOOD"


SMALL_WORDS = "il a dit à la dame qu'on va au bourg et que la somme a été payée ou on la doit à un an"


@pytest.mark.parametrize("face", ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "LiberationMono-Bold.ttf"])
@pytest.mark.parametrize("points", [11, 13, 16])
def test_no_small_word_is_taken_for_a_box(reader: PageReader, face: str, points: float) -> None:
    words = SMALL_WORDS.split()
    lines = [" ".join(words[at : at + 7]) for at in range(0, len(words), 7)] * 2
    page = reader.read(PageImage(typed_page(lines, face=face, points=points), 200), 1).page
    assert "[" not in page.text
    short = [word for word in words + words if len(word) <= 2]
    kept = [word for word in page.text.split() if len(word) <= 2]
    assert len(kept) >= 0.7 * len(short)  # some run together, none made a box
