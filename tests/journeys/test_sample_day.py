"""A mail day on the sample inbox, from files to claims, reminders and events."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from pathlib import Path

import pytest

import cli
from connectors.database import open_ledger
from models.gate import Building, Question, Standing, Stop
from models.hold import Channel
from pipelines.gate import answer
from tests.journeys.conftest import SAMPLES, Run, mailroom, process

pytestmark = pytest.mark.journey


def test_every_file_ends_in_a_stated_outcome(sample_day: Run) -> None:
    assert sample_day.status == 0, sample_day.err
    files = {path.name for path in (SAMPLES / "inbox").iterdir()}
    assert {line["file"] for line in sample_day.results} == files
    assert {line["decision"] for line in sample_day.results} == {"applied", "review", "filed", "refused"}


def test_the_batch_is_cut_at_its_separator_sheets(sample_day: Run) -> None:
    pages = [line["pages"] for line in sample_day.results if line["file"] == "LOT_0019.pdf"]
    assert pages == [[2, 2], [4, 4], [6, 6]]


def test_the_broken_file_is_refused_with_a_plain_reason_and_kept(sample_day: Run) -> None:
    line = sample_day.of("SCAN_0020.pdf")
    assert line["decision"] == "refused"
    assert line["reasons"] == ["fichier incomplet ou abîmé"]
    kept = sample_day.data / "objects" / "sha256" / line["sha256"][:2] / line["sha256"][2:4] / line["sha256"]
    assert kept.read_bytes() == (SAMPLES / "inbox" / "SCAN_0020.pdf").read_bytes()


def test_the_second_scan_of_a_letter_names_the_first(sample_day: Run) -> None:
    first, second = sample_day.of("SCAN_0002.jpg"), sample_day.of("SCAN_0018.jpg")
    assert second["duplicate_of"] == first["item_id"]
    assert second["effects"] == []


@pytest.mark.parametrize(
    ("file", "subcategory"),
    [("SCAN_0008.pdf", "over_indebtedness"), ("SCAN_0015.pdf", "death"), ("SCAN_0014.pdf", "legal_counsel")],
)
def test_a_protection_waits_for_a_person_with_its_hold_in_force(sample_day: Run, file: str, subcategory: str) -> None:
    line = sample_day.of(file)
    assert (line["decision"], line["subcategory"]) == ("review", subcategory)
    scopes = {hold["scope"] for effect in line["effects"] for hold in effect["holds"]}
    assert scopes == {"claim", "debtor"}


def test_distress_is_seen_and_kept_for_a_person(sample_day: Run) -> None:
    line = sample_day.of("courriel_0009.eml")
    assert line["decision"] == "review"
    assert "distress" in line["flags"]


@pytest.mark.parametrize("file", ["SCAN_0006.pdf", "SCAN_0007.pdf"])
def test_a_defective_cheque_is_never_booked_without_a_person(sample_day: Run, file: str) -> None:
    assert sample_day.of(file)["decision"] == "review"
    assert sample_day.of(file)["cheque"] is not None


def test_no_claim_of_the_day_may_be_reminded_and_the_others_may(sample_day: Run) -> None:
    ledger = open_ledger(f"sqlite:///{sample_day.data / 'mailroom.sqlite'}")
    moment = max(line["received_at"] for line in sample_day.results)
    now = datetime.fromisoformat(moment)
    with ledger.read() as books:
        claims = {claim.claim_ref: claim for claim in books.claims.all()}
        held = books.holds.on_claims(list(claims), now)
    ledger.close()
    said = {
        ref: answer(
            Question(ref, Channel.PHONE), Standing.of(claim), [Stop.of(hold) for hold in held[ref]], Building(), now
        )
        for ref, claim in claims.items()
    }
    free = {"returned_mail", "address_change", "gdpr"}
    for line in sample_day.results:
        if line["match"]["claim_ref"] and line["subcategory"] not in free:
            assert not said[line["match"]["claim_ref"]].allowed, line["file"]
    assert sum(not one.allowed for one in said.values()) < 60


def test_running_it_again_does_nothing_twice(sample_day: Run, tmp_path: Path) -> None:
    data = tmp_path / "again"
    shutil.copytree(sample_day.data, data)

    def told() -> list[tuple[str, int]]:
        ledger = open_ledger(f"sqlite:///{data / 'mailroom.sqlite'}")
        with ledger.read() as books:
            events = [(event.event_id, event.sequence) for event in books.outbox.after(0, 10_000)]
        ledger.close()
        return events

    before = told()
    again = process(data)
    assert again.status == 0, again.err
    assert again.results == sample_day.results
    assert told() == before


def test_the_report_counts_the_day(sample_day: Run) -> None:
    said = mailroom("report", "--day", "2026-05-18", data=sample_day.data)
    assert said.status == 0, said.err
    assert "SCAN_0020.pdf" in said.out
    assert "Relances parties après l'arrivée du courrier : 0" in said.out


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["process", "/nowhere"], {}, "/nowhere"),
        (["process", str(SAMPLES / "inbox"), "--received-at", "yesterday"], {}, "--received-at"),
        (["report", "--day", "18/05"], {}, "--day"),
        (["report"], {"MAILROOM_PORT": "many"}, "MAILROOM_PORT"),
        (["report"], {"MAILROOM_MODE": "half"}, "MAILROOM_MODE"),
        (["report"], {"MAILROOM_NOW": "today"}, "MAILROOM_NOW"),
        (["report"], {"MAILROOM_DATABASE_URL": "oracle://x"}, "oracle"),
        (["report"], {"MAILROOM_POLICY": "/nowhere.toml"}, "/nowhere.toml"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(
    tmp_path: Path,
    arguments: list[str],
    environment: dict[str, str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["mailroom", *arguments])
    for name, value in {"MAILROOM_DATA": str(tmp_path), **environment}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert words in said
    assert "Traceback" not in said


def test_a_bad_claims_row_is_named_and_the_good_ones_go_in(tmp_path: Path) -> None:
    rows = (SAMPLES / "claims.csv").read_text("utf-8").splitlines()[:4]
    bad = rows[2].split(",")
    bad[17] = "beaucoup"
    file = tmp_path / "claims.csv"
    file.write_text("\n".join([rows[0], rows[1], ",".join(bad), rows[3]]) + "\n", "utf-8")
    said = mailroom("claims", "import", str(file), data=tmp_path / "data")
    assert said.status == 1
    assert "claims.csv:3:" in said.err
    assert "inchangées : 2, 0, 0" in said.out
