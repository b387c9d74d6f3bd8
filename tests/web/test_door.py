"""Who comes in: signing in, sessions, form tokens, headers, bounds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.web.conftest import form_token, sign_in
from tests.web.seed import NOW, PASSWORD, Desk
from web.app import create_app
from web.context import local_path
from web.options import Options
from web.security.sessions import COOKIE, Sessions
from web.security.throttle import Throttle

ITEM_PAGES = ["/items/x", "/items/x/history", "/items/x/original", "/items/x/archive", "/receipts/x/original"]
PAGES = ["/queue", "/refused", "/settled", "/claims", "/claims/view?ref=ASV-40871", "/figures", "/events"]


@pytest.mark.parametrize("path", [*PAGES, *ITEM_PAGES])
def test_nobody_sees_a_page_before_signing_in(browser: TestClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?then=")


def test_after_signing_in_the_page_asked_for_opens(browser: TestClient) -> None:
    token = form_token(browser.get("/sign-in?then=/figures").text)
    form = {"form_token": token, "name": "camille", "password": PASSWORD, "then": "/figures"}
    assert browser.post("/sign-in", data=form).headers["location"] == "/figures"
    assert browser.get("/figures").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb"]
)
def test_signing_in_never_leads_to_another_site(elsewhere: str) -> None:
    assert local_path(elsewhere) == "/queue"


def test_a_wrong_password_says_the_same_as_an_unknown_name(browser: TestClient) -> None:
    token = form_token(browser.get("/sign-in").text)
    wrong = browser.post("/sign-in", data={"form_token": token, "name": "camille", "password": "no"})
    unknown = browser.post("/sign-in", data={"form_token": token, "name": "nobody", "password": "no"})
    assert wrong.status_code == unknown.status_code == 401
    assert "Nom d&#39;utilisateur ou mot de passe incorrect" in wrong.text
    assert wrong.text.replace("camille", "nobody") == unknown.text


def test_guessing_is_slowed_down_and_then_refused_even_with_the_right_password(browser: TestClient) -> None:
    token = form_token(browser.get("/sign-in").text)
    codes = [
        browser.post("/sign-in", data={"form_token": token, "name": "Camille", "password": "guess"}).status_code
        for _ in range(6)
    ]
    assert codes == [401] * 5 + [429]
    right = browser.post("/sign-in", data={"form_token": token, "name": "camille", "password": PASSWORD})
    assert right.status_code == 429
    assert int(right.headers["retry-after"]) >= 1


def test_pauses_grow_and_end() -> None:
    throttle, keys = Throttle(), (("name", "a"),)
    waits = []
    for _ in range(8):
        throttle.failed(keys, NOW)
        waits.append(throttle.seconds_to_wait(keys, NOW))
    assert waits == [0, 0, 0, 0, 5, 10, 20, 40]
    assert throttle.seconds_to_wait(keys, NOW + timedelta(seconds=40)) == 0
    throttle.succeeded("a")
    assert throttle.seconds_to_wait(keys, NOW) == 0


def test_an_address_shared_by_an_office_has_more_tries_than_one_name() -> None:
    throttle = Throttle()
    for number in range(24):
        throttle.failed((("name", str(number)), ("address", "10.0.0.1")), NOW)
    assert throttle.seconds_to_wait((("address", "10.0.0.1"),), NOW) == 0
    throttle.failed((("name", "24"), ("address", "10.0.0.1")), NOW)
    assert throttle.seconds_to_wait((("address", "10.0.0.1"),), NOW) == 5


def test_a_changed_or_expired_or_foreign_cookie_is_nobody() -> None:
    now = datetime(2026, 6, 3, tzinfo=UTC)
    ours, theirs = Sessions("a", 1.0), Sessions("b", 1.0)
    session = ours.begin(now, "camille")
    cookie = ours.cookie(session)
    assert ours.read(cookie, now) == session
    assert ours.read(cookie, now + timedelta(hours=1)) is None
    assert theirs.read(cookie, now) is None
    payload, _, signature = cookie.partition(".")
    flipped = ("A" if payload[5] != "A" else "B").join((payload[:5], payload[6:]))
    for broken in (f"{flipped}.{signature}", payload, "", "x.y", f"{payload}.", f"é.{signature}", f".{signature}"):
        assert ours.read(broken, now) is None


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: TestClient) -> None:
    cookie = browser.get("/sign-in").headers["set-cookie"].lower()
    assert cookie.startswith(COOKIE)
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    behind_tls = TestClient(browser.app, base_url="https://testserver", follow_redirects=False)
    assert "secure" in behind_tls.get("/sign-in").headers["set-cookie"].lower()


def test_signing_in_changes_the_session_so_that_none_can_be_planted(browser: TestClient) -> None:
    browser.get("/sign-in")
    before = browser.cookies[COOKIE]
    sign_in(browser, "camille")
    assert browser.cookies[COOKIE] != before


def test_a_user_disabled_meanwhile_is_out_at_the_next_click(camille: TestClient, desk: Desk) -> None:
    assert camille.get("/queue").status_code == 200
    with desk.ledger.write() as books:
        books.people.disable("camille", NOW)
    assert camille.get("/queue").status_code == 303


def test_a_changed_password_ends_every_session_opened_with_the_old_one(camille: TestClient, desk: Desk) -> None:
    assert camille.get("/queue").status_code == 200
    with desk.ledger.write() as books:
        books.people.set_password("camille", "un tout autre secret")
    assert camille.get("/queue").status_code == 303


def test_signing_out_forgets_the_session(browser: TestClient) -> None:
    token = form_token(sign_in(browser, "camille").get("/queue").text)
    answer = browser.post("/sign-out", data={"form_token": token})
    assert answer.headers["location"] == "/sign-in?out=1"
    assert browser.get("/queue").status_code == 303
    assert "Vous êtes déconnecté" in browser.get("/sign-in?out=1").text


POSTS = [
    "/sign-out",
    "/language",
    "/items/{id}/decide",
    "/items/{id}/reopen",
    "/items/{id}/reprocess",
    "/items/{id}/search",
]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("token", ["", "0" * 64, "another's"])
def test_a_form_without_its_token_changes_nothing(
    camille: TestClient, another: Callable[[str], TestClient], desk: Desk, path: str, token: str
) -> None:
    if token == "another's":
        token = form_token(another("dominique").get("/queue").text)
    item_id = desk.ids["plan"]
    with desk.ledger.read() as books:
        before = books.items.item(item_id)
    answer = camille.post(path.format(id=item_id), data={"form_token": token, "version": "4", "claim": "ASV-40871"})
    assert answer.status_code == 403
    with desk.ledger.read() as books:
        assert books.items.item(item_id) == before


def test_a_form_sent_from_another_site_is_refused_even_with_the_token(camille: TestClient) -> None:
    token = form_token(camille.get("/queue").text)
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert camille.post("/sign-out", data={"form_token": token}, headers=headers).status_code == 403


@pytest.mark.parametrize("path", ["/sign-in", "/queue", "/nowhere", "/api/v1/items", "/healthz", "/static/desk.css"])
def test_every_answer_carries_the_security_headers(camille: TestClient, path: str) -> None:
    headers = camille.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store" or path.startswith("/static")


def test_pages_hold_no_inline_script_or_style(camille: TestClient, desk: Desk) -> None:
    for path in [*PAGES[:-1], *(f"/items/{item_id}" for item_id in desk.ids.values())]:
        page = camille.get(path).text
        assert " style=" not in page
        assert "<style" not in page
        assert page.count("<script") == page.count('<script src="/static/desk.js?v=')


def test_static_files_are_kept_for_long_because_their_address_changes(browser: TestClient) -> None:
    page = browser.get("/sign-in").text
    address = page.split('href="/static/desk.css?v=')[1].split('"')[0]
    answer = browser.get(f"/static/desk.css?v={address}")
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert browser.get("/static/../options.py").status_code == 404


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_beyond_the_bound_is_refused(app: FastAPI, announced: bool) -> None:
    browser = TestClient(app, raise_server_exceptions=False)
    body = b"form_token=" + b"x" * 300_000
    content = body if announced else iter([body[:100], body[100:]])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser.post("/sign-in", content=content, headers=headers).status_code == 413


def test_only_supervisors_and_administrators_see_the_events(another: Callable[[str], TestClient]) -> None:
    assert {name: another(name).get("/events").status_code for name in ("camille", "audit", "sacha", "alix")} == {
        "camille": 403,
        "audit": 403,
        "sacha": 200,
        "alix": 200,
    }


def test_an_auditor_sees_everything_and_decides_nothing(another: Callable[[str], TestClient], desk: Desk) -> None:
    audit, item_id = another("audit"), desk.ids["plan"]
    page = audit.get(f"/items/{item_id}")
    assert page.status_code == 200
    assert "<fieldset disabled" in page.text
    form = {"form_token": form_token(page.text), "version": "4", "subject": "plan_request", "claim": "ASV-40871"}
    assert audit.post(f"/items/{item_id}/decide", data=form).status_code == 403
    assert audit.get(f"/items/{item_id}/history").status_code == 200


def test_without_options_an_application_signs_with_a_key_of_its_own(desk: Desk) -> None:
    first, second = create_app(desk.services), create_app(desk.services)
    assert first.state.house.options.secret_key != second.state.house.options.secret_key
    assert len(Options().secret_key) >= 40


def test_a_page_that_does_not_exist_says_so_in_the_visitors_language(camille: TestClient) -> None:
    answer = camille.get("/nowhere")
    assert answer.status_code == 404
    assert "Introuvable" in answer.text
    assert camille.get("/items/nothing").status_code == 404
    assert camille.get("/claims/view?ref=nothing").status_code == 404
