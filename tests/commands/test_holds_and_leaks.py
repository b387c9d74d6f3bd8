"""The terminal's verbs about lots, reminders, leaks and the policy, as a person types them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import app
from connectors.building import building, close_buildings
from connectors.database import DatabaseLedger
from connectors.mail_day import receive_files
from models.errors import ConfigurationError
from models.hold import HoldKind, HoldTerms, Scope
from models.item import Item, Stage, item_id_for
from models.labels import Subcategory
from pipelines.decide import decide
from pipelines.hold import place
from pipelines.receive import receive
from pipelines.services import Services
from pipelines.settle import settle
from settings import read_settings
from tests.pipelines.cases import CLAIM, RECEIVED, case

TERMS = HoldTerms(Scope.CLAIM, HoldKind.HOLD, "dispute", "disputes", review_on=RECEIVED.date() + timedelta(days=30))
HOUR = timedelta(hours=1)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of its own and a clock that stands at the evening of the day."""
    monkeypatch.setenv("MAILROOM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("MAILROOM_NOW", (RECEIVED + 10 * HOUR).isoformat())
    yield tmp_path
    close_buildings()


def services() -> Services:
    return building(read_settings()).services


def ledger() -> DatabaseLedger:
    return building(read_settings()).ledger


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def write(path: Path, text: str) -> str:
    path.write_text(text, "utf-8")
    return str(path)


def held_claim() -> None:
    house = services()
    receipt = receive(house, "a.png", b"a", origin="/in/a.png", received_at=RECEIVED)
    item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)
    with house.ledger.write() as books:
        books.claims.upsert([CLAIM])
        books.items.open_receipt(receipt.receipt_id, [item])
        books.items.move(item, Stage.READ)
        place(books, CLAIM, TERMS, item.item_id, RECEIVED, "auto")


REMINDERS = """reminder_id,claim_ref,channel,state,at,recipient
r1,AB-1,letter,sent,2026-03-02T12:00:00+01:00,Anne Merle
r2,AB-1,letter,planned,,
r3,CD-1,pigeon,planned,,
r4,CD-1,sms,lost,,
r5,,sms,planned,,
r6,CD-1,sms,sent,2026-03-02T12:00:00,
r7,CD-1,email,handed_over,2026-03-02T12:00:00Z,
"""


def test_reminders_come_from_a_file_bad_rows_are_named_and_held_ones_are_to_be_recalled(data: Path) -> None:
    held_claim()
    ran = run("reminders", "import", write(data / "r.csv", REMINDERS))
    assert ran.exit_code == 1
    for line, word in ((4, "pigeon"), (5, "lost"), (6, "claim_ref"), (7, "fuseau")):
        assert f"r.csv:{line}: " in ran.output
        assert word in ran.output
    assert "À rappeler" in ran.output
    assert "r2" in ran.output.partition("À rappeler")[2]
    with ledger().read() as books:
        assert [one.reminder_id for one in books.trail.reminders_sent(RECEIVED.date())] == ["r1"]
        assert [one.reminder_id for one in books.trail.reminders_to_recall(["AB-1", "CD-1"])] == ["r7", "r2"]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"reminder_id,claim_ref,state\nr,c,sent\n", "channel"), (b"\xff\xfe", "UTF-8"), (b"", "reminder_id")],
)
def test_a_file_that_is_no_list_of_reminders_stops_with_one_line(data: Path, content: bytes, said: str) -> None:
    path = data / "r.csv"
    path.write_bytes(content)
    ran = run("reminders", "import", str(path))
    assert isinstance(ran.exception, ConfigurationError)
    assert said in str(ran.exception)


def test_the_report_begins_with_what_left_after_the_mail_had_come(data: Path) -> None:
    held_claim()
    run("reminders", "import", write(data / "r.csv", REMINDERS))
    page = data / "report.html"
    ran = run("report", "--day", "2026-03-02", "--html", str(page))
    assert ran.exit_code == 0, ran.output
    first, second, *_ = ran.output.splitlines()
    assert first == "Relances parties après l'arrivée du courrier : 1 sur 1 parties"
    assert second.strip().startswith("30 jours ·····")
    assert second.rstrip().endswith("█ 1, retard médian 120 min")
    assert "autorisation non demandée" in ran.output
    html = page.read_text("utf-8")
    assert "<svg" in html
    assert "02/03/2026 : 1 sur 1" in html
    assert "http" not in html  # one file that needs nothing else


def test_a_lot_is_opened_listed_and_closed_with_a_reason(data: Path) -> None:
    assert run("lots", "open", "L-1", "--count", "3", "--day", "2026-03-02").exit_code == 0
    assert isinstance(run("lots", "open", "L-1", "--count", "3").exception, ConfigurationError)
    assert "L-1" in run("lots", "list").output
    assert isinstance(run("lots", "close", "L-1", "--reason", " ").exception, ConfigurationError)
    assert run("lots", "close", "L-1", "--reason", "deux enveloppes vides").exit_code == 0
    assert isinstance(run("lots", "close", "L-1", "--reason", "encore").exception, ConfigurationError)
    assert "L-1" not in run("lots", "list").output
    with ledger().read() as books:
        (noted,) = books.trail.between(RECEIVED, RECEIVED + timedelta(days=1), ["lot_closed"])
    assert noted.detail["reason"] == "deux enveloppes vides"


def scanned(path: Path, content: bytes) -> str | None:
    """The lot of a file of the scan folder, received and opened as one item."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    (receipt,) = receive_files(read_settings(), [path])
    with ledger().write() as books:
        books.items.open_receipt(
            receipt.receipt_id, [Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)]
        )
        books.trail.close_scanned_lots(services().now())
        kept = books.items.receipt(receipt.receipt_id)
    assert kept is not None
    assert kept.mail_received_on == (RECEIVED.date() if kept.lot_id else None)
    return kept.lot_id


def test_a_sub_folder_of_the_scanner_that_bears_a_lots_name_closes_the_lot(data: Path) -> None:
    inbox, day = data / "inbox", RECEIVED.date().isoformat()
    assert scanned(inbox / "LOT-B" / "early.pdf", b"0") is None  # nobody has told of this lot yet
    run("lots", "open", "LOT-A", "--count", "2", "--day", day)
    assert scanned(inbox / "LOT-A" / "1.pdf", b"1") == "LOT-A"
    assert "LOT-A" in run("lots", "list").output
    assert scanned(inbox / "other" / "2.pdf", b"2") is None
    assert scanned(inbox / "LOT-A" / "colour" / "3.pdf", b"3") == "LOT-A"
    assert "LOT-A" not in run("lots", "list").output
    run("lots", "open", "LOT-B", "--count", "1", "--day", day)  # told late: its scan is here
    assert "LOT-B" not in run("lots", "list").output


# -- the policy ------------------------------------------------------------------------------------------------------

SHIPPED = files("pipelines").joinpath("policy.toml").read_text("utf-8")


def settled(subcategory: Subcategory, number: int) -> None:
    """An item decided by the policy in service, as the journey leaves it."""
    house, sure = services(), case(subcategory)
    name = f"{number}.png"
    receipt = receive(house, name, name.encode(), origin=f"/in/{name}", received_at=RECEIVED)
    item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)
    with house.ledger.write() as books:
        books.items.open_receipt(receipt.receipt_id, [item])
        books.items.save_reading(item.item_id, sure.reading, ())
        item = books.items.move(item, Stage.READ)
        books.items.save_understanding(item.item_id, sure.understanding, sure.mentions)
        books.items.save_matches(item.item_id, sure.matches)
        item = books.items.move(item, Stage.HELD)
        settle(books, item, decide(replace(sure, item_id=item.item_id), house.policy), RECEIVED, "auto")


def test_a_changed_policy_is_tried_on_last_months_mail_and_changes_nothing(data: Path) -> None:
    with ledger().write() as books:
        books.claims.upsert([CLAIM])
    for number, subject in enumerate((Subcategory.PROMISE, Subcategory.PLAN_REQUEST, Subcategory.BALANCE)):
        settled(subject, number)
    with ledger().read() as books:
        before = [event.event_id for event in books.outbox.after(0, 1_000)]
    stricter = SHIPPED.replace("category = 0.93", "category = 0.995").replace("review_days = 15", "review_days = 9")
    ran = run("policy", "try", write(data / "p.toml", stricter), "--days", "30")
    assert ran.exit_code == 0, ran.output
    assert "3 pièces, dont changées : 3" in ran.output
    assert "Regards en plus : +3 (+5.40 €)" in ran.output
    longer = SHIPPED.replace("at_most = 30\nanswer = 3", "at_most = 4\nanswer = 3").replace(
        "after_named_date = 5", "after_named_date = 4"
    )
    ran = run("policy", "try", write(data / "p.toml", longer))
    assert "3 pièces, dont changées : 1" in ran.output
    assert "2026-03-07" in ran.output
    assert "2026-03-06" in ran.output
    with ledger().read() as books:
        assert [event.event_id for event in books.outbox.after(0, 1_000)] == before


def test_the_policy_that_ships_changes_nothing_against_itself(data: Path) -> None:
    with ledger().write() as books:
        books.claims.upsert([CLAIM])
    settled(Subcategory.AMOUNT, 1)
    ran = run("policy", "try", write(data / "p.toml", SHIPPED))
    assert "1 pièces, dont changées : 0" in ran.output


def test_a_policy_is_checked_and_creditors_nobody_knows_are_named(data: Path) -> None:
    assert run("policy", "check").exit_code == 0
    with ledger().write() as books:
        books.claims.upsert([CLAIM])
    own = SHIPPED + '\n[creditors."Nobody SA".promise]\nat_most = 45\n'
    ran = run("policy", "check", write(data / "p.toml", own))
    assert ran.exit_code == 1
    assert "Nobody SA" in ran.output
    wrong = run("policy", "check", write(data / "p.toml", SHIPPED.replace('scope = "debtor"', 'scope = "street"')))
    assert isinstance(wrong.exception, ConfigurationError)
    assert "scope = 'street'" in str(wrong.exception)
