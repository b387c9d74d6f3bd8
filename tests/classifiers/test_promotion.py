"""Only a better model replaces the running one, and both figures are written down."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifiers.model import WEIGHTS
from classifiers.promotion import Comparison, Figures, figures_of, promote_if_better, read_labelled

TEXTS = (
    {"text": "J'ai déjà payé cette facture le 3 mars par virement.", "subcategory": "already_paid", "channel": "email"},
    {"text": "Mon père est décédé, voici l'acte de décès.", "subcategory": "death", "flags": ["deceased"]},
)


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    path = tmp_path / "frozen.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in TEXTS), encoding="utf-8")
    return path


def figures(category: float, loss: float) -> Figures:
    return Figures(items=10, category=category, subcategory=0.7, flags_f1=0.6, loss=loss)


def test_better_means_better_by_a_margin() -> None:
    assert Comparison(figures(0.9, 0.3), figures(0.8, 0.3)).better
    assert Comparison(figures(0.9, 0.2), figures(0.9, 0.3)).better
    assert not Comparison(figures(0.9, 0.3), figures(0.9, 0.3)).better
    assert not Comparison(figures(0.8, 0.3), figures(0.9, 0.3)).better


def test_a_candidate_as_good_is_not_promoted_and_both_figures_are_kept(tmp_path: Path, frozen: Path) -> None:
    running, candidate = tmp_path / "running", tmp_path / "candidate"
    shutil.copytree(WEIGHTS, running)
    shutil.copytree(WEIGHTS, candidate)
    comparison = promote_if_better(candidate, running, [frozen], now=datetime(2026, 5, 4, tzinfo=UTC))
    assert not comparison.better
    (line,) = (running / "promotions.jsonl").read_text(encoding="utf-8").splitlines()
    record = json.loads(line)
    assert record["promoted"] is False
    assert record["candidate"] == record["running"]
    assert record["candidate"]["items"] == 2
    assert not (tmp_path / "running.previous").exists()


def test_a_better_candidate_replaces_the_running_one_which_is_kept(tmp_path: Path, frozen: Path) -> None:
    running, candidate = tmp_path / "running", tmp_path / "candidate"
    shutil.copytree(WEIGHTS, running)
    shutil.copytree(WEIGHTS, candidate)
    spoilt = json.loads((running / "calibration.json").read_text(encoding="utf-8"))
    (running / "calibration.json").write_text(json.dumps(spoilt | {"temperature": 40.0}), encoding="utf-8")
    assert promote_if_better(candidate, running, [frozen]).better
    promoted = json.loads((running / "calibration.json").read_text(encoding="utf-8"))
    assert promoted["temperature"] == spoilt["temperature"]
    assert (tmp_path / "running.previous" / "linear.npz").exists()


def test_an_empty_set_compares_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", encoding="utf-8")
    with pytest.raises(ValueError, match="no frozen texts"):
        figures_of(None, read_labelled(empty))  # type: ignore[arg-type]


def test_the_shipped_model_stays_and_a_folder_takes_over(tmp_path: Path, frozen: Path) -> None:
    candidate, own = tmp_path / "candidate", tmp_path / "classifier"
    shutil.copytree(WEIGHTS, candidate)
    comparison = promote_if_better(candidate, None, [frozen], into=own)
    assert not comparison.better  # it is the same model
    assert (own / "promotions.jsonl").exists()
    assert not (own / "linear.npz").exists()
    with pytest.raises(ValueError, match="folder of one's own"):
        promote_if_better(candidate, None, [frozen])


def test_enclosures_of_a_frozen_text_are_shown_to_the_model(tmp_path: Path) -> None:
    path = tmp_path / "frozen.jsonl"
    row = {
        "text": "Voici mon règlement.",
        "subcategory": "cheque",
        "channel": "letter",
        "markers": ["lettre", "chèque"],
    }
    path.write_text(json.dumps(row), encoding="utf-8")
    (labelled,) = read_labelled(path)
    assert {part.kind.value for part in labelled.reading.parts} == {"letter", "cheque"}
