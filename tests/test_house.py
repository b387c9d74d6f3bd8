"""The house rules that a machine can check: compose file, settings table, wording, sizes, pins."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.policy import RULES
from pipelines.wording import REASONS
from settings import Settings

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("models", "pipelines", "ocr", "classifiers", "matching", "connectors", "web", "commands")


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8")))


def test_every_setting_is_in_the_runbooks_table() -> None:
    runbook = (ROOT / "docs" / "operating.md").read_text("utf-8")
    missing = [name for name in Settings.model_fields if f"MAILROOM_{name.upper()}`" not in runbook]
    assert missing == []


def test_every_image_is_pinned_and_every_service_that_serves_has_a_health_check() -> None:
    for name, service in compose()["services"].items():
        assert re.search(r":\d+\.\d+", service["image"]), name
        assert "healthcheck" in service or name == "web", name  # the web's stands in the Dockerfile


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    for secret in ("POSTGRES_PASSWORD", "S3_ACCESS_KEY", "S3_SECRET_KEY", "MAILROOM_SECRET_KEY"):
        uses = re.findall(rf"\$\{{{secret}([^}}]*)\}}", text)
        assert uses
        assert all(use.startswith(":?") for use in uses), secret


def test_services_wait_only_for_services_that_are_there_and_use_volumes_that_are_there() -> None:
    whole = compose()
    for name, service in whole["services"].items():
        assert set(service.get("depends_on", {})) <= set(whole["services"]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source.startswith((".", "$")) or source in whole["volumes"], (name, volume)
            assert not source.startswith("./docker") or (ROOT / source).exists(), volume


def test_the_image_holds_every_room() -> None:
    copied = set(re.findall(r"^COPY (\w+) \w+$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE))
    assert copied >= set(ROOMS)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "harmless"])
def test_every_rule_has_words_in_both_languages(rule: str) -> None:
    french, english = REASONS[rule]
    assert french
    assert english


def test_packages_are_pinned_with_hashes() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"^torch==", text, re.MULTILINE), "PyTorch only in the train extra"


def functions() -> Iterator[tuple[str, int]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                    yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1


LONG_FILES = {"protective_patterns.py"}  # one table of patterns
MIGRATION = "connectors/database/migrations/"  # a table is a list of columns


def test_functions_stay_short_and_files_readable() -> None:
    long_ones = {name for name, lines in functions() if lines > 40 and not name.startswith(MIGRATION)}
    assert long_ones == set()
    long = [
        path for room in ROOMS for path in (ROOT / room).rglob("*.py") if len(path.read_text("utf-8").split("\n")) > 401
    ]
    assert {path.name for path in long} <= LONG_FILES
