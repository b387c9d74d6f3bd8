"""What an opened file gives: its pages, as text where they were born digital and as pictures where not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from models.reading import Box, Page
from ocr.documents_kinds import FileKind
from ocr.images import PageImage


@dataclass(frozen=True, slots=True)
class PageSource:
    """What a file holds of one page.

    `text` where the page was born digital; `image` where it must be read by eye. Both where a digital page carries
    pictures worth reading: those stand in `pictures`, and `image` shows the whole page.
    """

    number: int
    text: Page | None = None
    image: PageImage | None = None
    pictures: tuple[Box, ...] = ()


class Document(Protocol):
    kind: FileKind
    page_count: int

    def page(self, number: int) -> PageSource:
        """Page `number`, from 1. Raises DocumentRefused where it is damaged or beyond the bounds."""

    def image(self, number: int, dpi: float | None = None) -> PageImage:
        """The page as a picture, whatever it holds; `dpi` is a wish that scans need not follow."""

    def close(self) -> None: ...
