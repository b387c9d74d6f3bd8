"""Killed at random moments and run again: nothing lost, nothing twice. bench/kills.py does it at length."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from bench.kills import Job, differences, disturb, ends, run_to_the_end
from tests.journeys.conftest import SAMPLES

FILES = (
    "courriel_0003.eml",
    "courriel_0009.eml",
    "courriel_0013.eml",
    "LOT_0019.pdf",
    "SCAN_0001.pdf",
    "SCAN_0020.pdf",
)


@pytest.mark.journey
def test_a_run_killed_three_times_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name in FILES:
        shutil.copy(SAMPLES / "inbox" / name, inbox)
    job = Job(inbox, SAMPLES / "claims.csv", SAMPLES / "agency.toml", workers=1)
    seconds = run_to_the_end(job, tmp_path / "calm", 300)
    calm = ends(tmp_path / "calm")
    wrong: list[str] = []
    draw = random.Random()
    moments = [draw.uniform(seconds / 4, seconds * 0.7) for _ in range(3)]
    done = disturb(job, tmp_path, moments, lambda data: wrong.extend(differences(calm, ends(data))))
    assert wrong == [], done
    assert done["processes killed"] == 3
    assert len(calm.results) == 8
    assert calm.events
