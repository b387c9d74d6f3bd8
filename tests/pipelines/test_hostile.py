"""A sample of the hostile files of bench/hostile.py: each ends in a stated outcome, and the pool lives on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from bench.hostile import outcome_of
from bench.hostile_files import FAMILIES, STATED, Hostile
from models.agency import Agency
from models.reading import Page
from ocr.documents import Limits
from ocr.images import PageImage
from ocr.page import PageRead
from pipelines import worker_process
from pipelines.read import ReadingTools
from pipelines.workers import ReadingPool

LIGHT = ("zero", "truncated", "flipped", "extension", "pages", "nesting", "loops", "encrypted", "messages")
SAMPLE = [hostile for family in LIGHT for hostile in list(FAMILIES[family]())[3::11]]


class Glance:
    """Stands for the page reader, whose own time is not the subject: looks at the pixels and reads nothing."""

    def read(self, image: PageImage, number: int) -> PageRead:
        assert np.isfinite(image.gray.mean())
        return PageRead(Page(number, "", engine="glance"), image.gray, 100.0)


def begin(limits: Limits, agency: Agency, folder: str, parent: int) -> None:
    worker_process.begin(limits, agency, folder, parent)
    vars(worker_process)["build_tools"] = lambda *_: ReadingTools(Glance())


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    with ReadingPool(1, Limits(memory_bytes=1024**3, seconds_per_page=10), start=begin) as pool:
        yield pool


@pytest.mark.parametrize("hostile", SAMPLE, ids=lambda hostile: f"{hostile.family} {hostile.name}")
def test_a_hostile_file_ends_in_a_stated_outcome(pool: ReadingPool, hostile: Hostile) -> None:
    assert outcome_of(pool, hostile.name, hostile.content) in hostile.outcomes


def test_every_family_states_outcomes_we_know() -> None:
    assert len(SAMPLE) >= 25
    assert all(hostile.outcomes <= STATED for hostile in SAMPLE)


def test_an_honest_file_is_read_after_them_all(pool: ReadingPool) -> None:
    honest: Any = b"Bonjour,\n\nje conteste.\n"
    assert outcome_of(pool, "letter.txt", honest) == "read"
