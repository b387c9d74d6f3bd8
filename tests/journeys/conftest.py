"""One run of the sample inbox through the terminal, shared by the stories that look at it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
NOW = "2026-05-18T18:30:00+00:00"


@dataclass(frozen=True)
class Run:
    """A finished command: exit status, what it printed, where its data lies."""

    status: int
    out: str
    err: str
    data: Path

    @property
    def results(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.data / "results.jsonl").read_text("utf-8").splitlines()]

    def of(self, file: str) -> dict[str, Any]:
        (found,) = [line for line in self.results if line["file"] == file]
        return found


def mailroom(*arguments: str, data: Path, **environment: str) -> Run:
    """`mailroom …` in a process of its own, clock frozen, one reading worker."""
    variables = {
        **os.environ,
        "MAILROOM_DATA": str(data),
        "MAILROOM_NOW": NOW,
        "MAILROOM_WORKERS": "1",
        "OMP_THREAD_LIMIT": "1",
        **environment,
    }
    command = [sys.executable, "-m", "cli", *arguments]
    ran = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=400, check=False)
    return Run(ran.returncode, ran.stdout, ran.stderr, data)


def process(data: Path, *paths: Path, **environment: str) -> Run:
    files = ["--claims", str(SAMPLES / "claims.csv"), "--agency", str(SAMPLES / "agency.toml")]
    inbox = [str(path) for path in paths] or [str(SAMPLES / "inbox")]
    return mailroom("process", *inbox, *files, "--results", str(data / "results.jsonl"), data=data, **environment)


@pytest.fixture(scope="session")
def sample_day(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return process(tmp_path_factory.mktemp("sample-day") / "data")
