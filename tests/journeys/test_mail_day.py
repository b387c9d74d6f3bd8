"""The nightly flow on a real Prefect server: what came is carried to its end, once, and the run shows what it did."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import NOW, SAMPLES, mailroom

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    os.environ["PREFECT_HOME"] = str(tmp_path_factory.mktemp("prefect"))
    os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "150"
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=150):
        yield


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    for name in ("courriel_0003.eml", "courriel_0016.eml", "SCAN_0020.pdf"):
        shutil.copy(SAMPLES / "inbox" / name, folder)
        os.utime(folder / name, (0, 0))  # long written
    (folder / "growing.pdf").write_bytes(b"%PDF-1.4 half of it")
    os.utime(folder / "growing.pdf", (time.time() + 100, time.time() + 100))  # as if written all the while
    data = tmp_path / "data"
    assert mailroom("claims", "import", str(SAMPLES / "claims.csv"), data=data).status == 0
    for name, value in {"DATA": str(data), "NOW": NOW, "WORKERS": "0", "INBOX": str(folder), "BATCH": "2"}.items():
        monkeypatch.setenv(f"MAILROOM_{name}", value)
    return folder


@pytest.mark.usefixtures("prefect_home")
def test_a_mail_day_runs_once_and_shows_its_figures(inbox: Path) -> None:
    import flows
    from connectors.building import close_buildings

    try:
        first = asyncio.run(flows.mail_day(day="2026-05-18"))
        again = asyncio.run(flows.mail_day(day="2026-05-18"))
        tables = asyncio.run(_artifacts())
    finally:
        close_buildings()
    assert (first["items"], first["refused"]) == (3, 1)
    assert first.get("applied", 0) + first.get("review", 0) == 2
    assert not again.get("items")
    assert "mail-day" in tables
    assert [path.name for path in sorted(inbox.iterdir())] == ["done", "growing.pdf"]
    assert len(list((inbox / "done").iterdir())) == 3


async def _artifacts() -> list[str]:
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        return [artifact.key or "" for artifact in await client.read_artifacts()]
