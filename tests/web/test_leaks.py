"""The desk's figures: what left after the mail had come, with a chart, and held claims that are soon time-barred."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from fastapi.testclient import TestClient

from models.hold import Hold, HoldKind, HoldTerms, Scope
from models.record import Reminder
from pipelines.hold import place
from tests.web.conftest import enter, form_token
from tests.web.seed import NOW, Desk

Tokens = Callable[[str], dict[str, str]]


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


def standing_on(desk: Desk) -> list[Hold]:
    """Holds of this test's item on this claim: mail of the seed holds it too."""
    with desk.ledger.read() as books:
        found = books.holds.on_claims(["ASV-40178"], NOW + timedelta(minutes=1))["ASV-40178"]
    return [one for one in found if one.item_id == "i-test"]


def test_a_hold_is_lifted_from_the_claims_page_with_a_reason_only(browser: TestClient, desk: Desk) -> None:
    with desk.ledger.write() as books:
        claim = books.claims.get("ASV-40178")
        assert claim is not None
        terms = HoldTerms(Scope.CLAIM, HoldKind.HOLD, "dispute", "disputes", review_on=NOW.date())
        held = place(books, claim, terms, "i-test", NOW, "auto")
    camille = enter(browser, "camille")
    shown = camille.get("/claims/view?ref=ASV-40178").text
    assert held.hold_id in shown
    form = {"form_token": form_token(shown), "ref": "ASV-40178", "hold_id": held.hold_id}
    assert camille.post("/holds/decide", data={**form, "action": "lift", "reason": " "}).status_code == 422
    let_run = camille.post("/holds/decide", data={**form, "action": "review", "reason": "waiting for the proof"})
    assert let_run.status_code == 303
    (standing,) = standing_on(desk)
    assert standing.terms.review_on == NOW.date() + timedelta(days=30)
    done = camille.post(
        "/holds/decide", data={**form, "hold_id": standing.hold_id, "action": "lift", "reason": "proven"}
    )
    assert done.status_code == 303
    assert standing_on(desk) == []


def test_a_program_lifts_a_hold_with_a_reason(browser: TestClient, desk: Desk, token: Tokens) -> None:
    with desk.ledger.write() as books:
        claim = books.claims.get("ASV-40178")
        assert claim is not None
        terms = HoldTerms(Scope.CLAIM, HoldKind.HOLD, "death", "protections", review_on=NOW.date())
        held = place(books, claim, terms, "i-test", NOW, "auto")
    headers, path = token("camille"), f"/api/v1/holds/{held.hold_id}"
    assert browser.post(f"{path}/lift", json={"reason": ""}, headers=headers).status_code == 422
    assert browser.post("/api/v1/holds/none/lift", json={"reason": "a namesake"}, headers=headers).status_code == 404
    past = {"reason": "looked at", "review_on": "2026-01-01"}
    assert browser.post(f"{path}/review", json=past, headers=headers).status_code == 409
    lifted = browser.post(f"{path}/lift", json={"reason": "a namesake"}, headers=headers)
    assert lifted.json()["claim_ref"] == "ASV-40178"
    assert browser.post(f"{path}/lift", json={"reason": "a namesake"}, headers=headers).status_code == 409
