"""The desk's figures: what left after the mail had come, with a chart, and held claims that are soon time-barred."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fastapi.testclient import TestClient

from models.record import Reminder
from tests.web.conftest import enter
from tests.web.seed import NOW, Desk


def page(browser: TestClient) -> str:
    answer = enter(browser, "camille").get(f"/figures?day={NOW.date()}")
    assert answer.status_code == 200
    return answer.text


def test_a_month_without_leaks_says_so(browser: TestClient) -> None:
    shown = page(browser)
    assert "Relances parties après l" in shown
    assert "sur 0 relances parties en 30 jours" in shown


def test_a_reminder_that_left_after_the_letter_is_listed_with_its_cause_and_drawn(
    browser: TestClient, desk: Desk
) -> None:
    with desk.ledger.write() as books:
        books.trail.set_reminder(Reminder("REL-77", "EV 7731-K", "letter", "sent", NOW + timedelta(hours=1)))
    shown = page(browser)
    assert "REL-77" in shown
    assert "Autorisation non demandée" in shown
    assert f"{NOW:%d/%m/%Y} : 1 sur 1" in shown


def test_a_held_claim_that_is_soon_time_barred_is_named(browser: TestClient, desk: Desk) -> None:
    with desk.ledger.write() as books:
        held = books.claims.get("EV 7731-K")
        assert held is not None
        books.claims.upsert([replace(held, limitation_on=NOW.date() + timedelta(days=20))])
    shown = page(browser).partition("bientôt prescrites")[2]
    assert "EV 7731-K" in shown
    assert f"{NOW + timedelta(days=20):%d/%m/%Y}" in shown
