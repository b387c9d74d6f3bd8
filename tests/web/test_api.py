"""What programs rely on: the contract of `/api/v1`, health and counts."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.claim import Claim, Status
from models.event import EventDraft, EventType
from models.item import Stage, item_id_for
from models.record import AnswerDue
from tests.web.conftest import enter
from tests.web.seed import NOW, Desk

Caller = Callable[..., Any]
Tokens = Callable[[str], dict[str, str]]
V1 = "/api/v1"


@pytest.fixture
def api(app: FastAPI, token: Tokens) -> TestClient:
    """A program with an operator's token."""
    return TestClient(app, headers=token("camille"), raise_server_exceptions=False)


@pytest.fixture
def admin(app: FastAPI, token: Tokens) -> TestClient:
    return TestClient(app, headers=token("alix"), raise_server_exceptions=False)


CALLS = [
    ("get", "/items"),
    ("get", "/items/x"),
    ("post", "/items"),
    ("post", "/items/x/answers"),
    ("put", "/claims"),
    ("get", "/claims?claim_ref=x"),
    ("get", "/claims/conflicts"),
    ("post", "/claims/conflicts/decide"),
    ("get", "/payments?payment_id=x"),
    ("post", "/payments/corrections"),
    ("get", "/may-remind?claim_ref=x&channel=letter"),
    ("post", "/may-remind"),
    ("post", "/lots"),
    ("get", "/lots"),
    ("post", "/lots/x/close"),
    ("post", "/payments"),
    ("post", "/reminders"),
    ("get", "/events"),
    ("post", "/events/x/replay"),
    ("get", "/webhooks"),
    ("post", "/webhooks"),
    ("delete", "/webhooks/x"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_without_a_valid_token_nothing_is_answered(app: FastAPI, method: str, path: str) -> None:
    stranger = TestClient(app)
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic Y2FtaWxsZTp4"}):
        answer = stranger.request(method, f"{V1}{path}", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_signed_in_browser_is_no_token(browser: TestClient) -> None:
    assert enter(browser, "alix").get(f"{V1}/items").status_code == 401


def test_a_revoked_token_and_one_of_a_disabled_user_stop_working(app: FastAPI, desk: Desk, token: Tokens) -> None:
    headers = token("camille")
    caller = TestClient(app, headers=headers)
    assert caller.get(f"{V1}/items").status_code == 200
    with desk.ledger.write() as books:
        books.people.disable("camille", NOW)
    assert caller.get(f"{V1}/items").status_code == 401


def test_an_auditors_token_reads_and_writes_nothing(app: FastAPI, token: Tokens) -> None:
    audit = TestClient(app, headers=token("audit"))
    assert audit.get(f"{V1}/items").status_code == 200
    assert audit.post(f"{V1}/lots", json={}).status_code == 403
    assert audit.get(f"{V1}/webhooks").status_code == 403


# -- items -----------------------------------------------------------------------------------------------------------


def test_a_file_is_stored_before_it_is_accepted_and_twice_is_once(api: TestClient, desk: Desk) -> None:
    first = api.post(f"{V1}/items", files={"file": ("lettre.pdf", b"%PDF-1.7 ...")})
    again = api.post(f"{V1}/items", files={"file": ("lettre.pdf", b"%PDF-1.7 ...")})
    assert first.status_code == again.status_code == 202
    assert first.json() == again.json()
    said = first.json()
    assert said["item_id"] == item_id_for(said["receipt_id"], 0)
    assert first.headers["location"] == f"{V1}/items/{said['item_id']}"
    sha256 = hashlib.sha256(b"%PDF-1.7 ...").hexdigest()
    assert desk.services.objects.get(f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}") == b"%PDF-1.7 ..."
    with desk.ledger.read() as books:
        receipt = books.items.receipt(said["receipt_id"])
    assert receipt is not None
    assert (receipt.origin, receipt.operator, receipt.stage) == ("api", "camille", Stage.RECEIVED)


def test_an_item_not_opened_yet_is_already_known(api: TestClient) -> None:
    said = api.post(f"{V1}/items", files={"file": ("lettre.pdf", b"x")}).json()
    for known in (said["item_id"], said["receipt_id"]):
        answer = api.get(f"{V1}/items/{known}")
        assert answer.status_code == 200
        assert answer.json()["stage"] == "received"
    assert api.get(f"{V1}/items/nothing").status_code == 404


def test_the_same_key_with_another_file_is_refused(api: TestClient) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = api.post(f"{V1}/items", files={"file": ("a.pdf", b"a")}, headers=headers)
    other_name = api.post(f"{V1}/items", files={"file": ("b.pdf", b"a")}, headers=headers)
    assert first.json()["item_id"] == other_name.json()["item_id"]
    assert api.post(f"{V1}/items", files={"file": ("a.pdf", b"b")}, headers=headers).status_code == 409
    without = api.post(f"{V1}/items", files={"file": ("a.pdf", b"a")})
    assert without.json()["item_id"] != first.json()["item_id"]


def test_an_item_is_told_as_in_the_results_file(api: TestClient, desk: Desk) -> None:
    said = api.get(f"{V1}/items/{desk.ids['cheque']}").json()
    assert said["decision"] == "review"
    assert said["cheque"]["amount"] is None
    assert (said["cheque"]["amount_figures"], said["cheque"]["amount_words"]) == ("218.40", "280.40")
    assert said["match"]["candidates"][0]["evidence"][0]["feature"] == "claim_reference"
    assert said["effects"][0]["holds"]


def test_items_are_listed_by_their_state(api: TestClient, desk: Desk) -> None:
    said = api.get(f"{V1}/items?state=review").json()
    assert said["total"] == len(said["items"]) == 8
    assert said["items"][0]["item_id"] == desk.ids["distress"]
    assert said["items"][0]["urgent"] is True
    assert {item["file"] for item in api.get(f"{V1}/items?state=refused").json()["items"]} >= {
        "20260602_161102_009.tif"
    }
    assert api.get(f"{V1}/items").json()["total"] == 11
    assert len(api.get(f"{V1}/items?limit=2&offset=1").json()["items"]) == 2
    assert api.get(f"{V1}/items?state=lost").status_code == 422
    about = api.get(f"{V1}/items", params={"claim_ref": "ASV-40871"}).json()
    assert {item["item_id"] for item in about["items"]} == {desk.ids["plan"], desk.ids["promise"]}


def test_an_answer_that_has_gone_out_is_no_longer_owed(api: TestClient, desk: Desk) -> None:
    item_id = desk.ids["plan"]
    with desk.ledger.write() as books:
        books.trail.add_answer_due(AnswerDue(item_id, "ASV-40871", "answer", NOW))
    assert api.post(f"{V1}/items/{item_id}/answers", json={"kind": "receipt"}).status_code == 409
    body = {"kind": "answer", "sent_at": "2026-06-03T12:00:00+02:00"}
    first, second = (api.post(f"{V1}/items/{item_id}/answers", json=body).json() for _ in range(2))
    assert (first["recorded"], second["recorded"]) == (True, False)
    with desk.ledger.read() as books:
        assert [due.kind for due in books.trail.answers_owed(NOW) if due.item_id == item_id] == []
        told = [event for event in books.outbox.of_claim("ASV-40871") if event.type is EventType.ANSWER_SENT]
    assert len(told) == 1
    assert told[0].data["sent_at"] == "2026-06-03T10:00:00+00:00"
    assert api.post(f"{V1}/items/nothing/answers", json={"kind": "answer"}).status_code == 404


# -- claims ----------------------------------------------------------------------------------------------------------

CLAIM = {"claim_ref": "N 1/2", "creditor": "Mobiline", "balance": "12.50", "last_name": "Neuf", "first_name": "Ana"}


def test_claims_go_in_one_by_one_or_many_and_come_out_as_they_went_in(api: TestClient) -> None:
    assert api.put(f"{V1}/claims", json=CLAIM).json() == {"added": 1, "changed": 0, "unchanged": 0, "conflicts": []}
    many = [CLAIM, {**CLAIM, "claim_ref": "N 1/3", "balance": "99.00"}]
    assert api.put(f"{V1}/claims", json=many).json() == {"added": 1, "changed": 0, "unchanged": 1, "conflicts": []}
    said = api.get(f"{V1}/claims", params={"claim_ref": "N 1/2"}).json()
    assert (said["balance"], said["status"], said["holds"]) == ("12.50", "open", [])
    assert said["debtor_ref"]
    assert api.get(f"{V1}/claims?claim_ref=none").status_code == 404


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"balance": 12.5}, "balance"),
        ({"balance": "12,50"}, "balance"),
        ({"claim_ref": ""}, "claim_ref"),
        ({"status": "sleeping"}, "status"),
        ({"opened_on": "31/12/2025"}, "opened_on"),
        ({"invented": "x"}, "invented"),
        ({"currency": "euro"}, "currency"),
    ],
)
def test_a_bad_claim_is_named_by_its_field_and_its_place(api: TestClient, change: dict[str, Any], where: str) -> None:
    answer = api.put(f"{V1}/claims", json=[CLAIM, {**CLAIM, **change}])
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["status"] == 422
    assert any(where in error["where"] and "1" in error["where"] for error in problem["errors"])
    assert api.get(f"{V1}/claims", params={"claim_ref": "N 1/2"}).status_code == 404  # none of the call went in


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'"x"'])
def test_what_is_not_json_of_ours_is_a_clear_error(api: TestClient, body: bytes) -> None:
    answer = api.put(f"{V1}/claims", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]
    assert "Traceback" not in answer.text


# -- may I remind? ---------------------------------------------------------------------------------------------------


def ask(api: TestClient, **question: str) -> dict[str, Any]:
    answer = api.get(f"{V1}/may-remind", params={"channel": "letter", **question})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_claim_whose_letter_lies_on_the_desk_is_not_reminded(api: TestClient) -> None:
    said = ask(api, claim_ref="EV 7731-K")
    assert said["allowed"] is False
    assert "distress" in said["reasons"]
    assert "Détresse" in said["in_words"]
    assert said["recipient"] == "Soizic LE GOFF"
    assert said["asked_at"] < said["valid_until"]


def test_a_free_claim_may_be_reminded_an_unknown_one_never(api: TestClient) -> None:
    api.put(f"{V1}/claims", json=CLAIM)
    free = ask(api, claim_ref="N 1/2", channel="email")
    assert (free["allowed"], free["reasons"], free["until"]) == (True, [], None)
    unknown = ask(api, claim_ref="N 9/9")
    assert (unknown["allowed"], unknown["reasons"]) == (False, ["unknown_claim"])


def test_nothing_leaves_while_mail_that_came_is_not_read(api: TestClient) -> None:
    api.put(f"{V1}/claims", json=CLAIM)
    assert ask(api, claim_ref="N 1/2")["allowed"] is True
    api.post(f"{V1}/items", files={"file": ("lettre.pdf", b"unread")})
    said = ask(api, claim_ref="N 1/2")
    assert said["allowed"] is False
    assert said["reasons"] == ["unread_items:1"]


def test_answers_and_receipts_are_not_held_back(api: TestClient) -> None:
    assert ask(api, claim_ref="EV 7731-K", purpose="answer")["allowed"] is True
    assert ask(api, claim_ref="EV 7731-K", purpose="receipt")["allowed"] is True


def test_a_whole_list_is_answered_in_its_order_and_kept(api: TestClient, desk: Desk) -> None:
    refs = ["EV 7731-K", "none", "ASV-40871", "EV 7731-K"]
    answer = api.post(f"{V1}/may-remind", json=[{"claim_ref": ref, "channel": "sms"} for ref in refs])
    assert [said["claim_ref"] for said in answer.json()] == refs
    assert not any(said["allowed"] for said in answer.json())
    with desk.ledger.read() as books:
        assert books.trail.count_answers(NOW.replace(hour=0), NOW.replace(hour=23)) == (4, 0)


def test_a_night_of_questions_costs_little_and_is_one_record(api: TestClient, desk: Desk) -> None:
    """Thirty milliseconds of CPU for a thousand; the whole measure is `python -m bench.gate`."""
    with desk.ledger.write() as books:
        books.claims.upsert(Claim(f"Q-{n}", "Eau", 1_000, last_name="DOE", debtor_ref=f"q{n}") for n in range(3_000))
    body = json.dumps([{"claim_ref": f"Q-{n}", "channel": "letter"} for n in range(3_000)])
    api.post(f"{V1}/may-remind", content=body)
    begun = time.process_time()
    said = api.post(f"{V1}/may-remind", content=body).json()
    assert time.process_time() - begun < 1.0  # machines are shared: ten times what it takes alone
    assert [one["claim_ref"] for one in said] == [f"Q-{n}" for n in range(3_000)]
    assert all(one["allowed"] for one in said)
    with desk.ledger.read() as books:
        assert books.trail.count_answers(NOW.replace(hour=0), NOW.replace(hour=23)) == (6_000, 6_000)


@pytest.mark.parametrize(
    "query",
    [
        {"claim_ref": "x"},
        {"claim_ref": "", "channel": "letter"},
        {"claim_ref": "x", "channel": "pigeon"},
        {"claim_ref": "x", "channel": "letter", "purpose": "threat"},
        {"claim_ref": "x", "channel": "letter", "leaves_at": "2026-06-03T10:00:00"},
        {"claim_ref": "x", "channel": "letter", "leaves_at": "tomorrow"},
    ],
)
def test_a_question_that_is_not_clear_is_no_permission(api: TestClient, query: dict[str, str]) -> None:
    answer = api.get(f"{V1}/may-remind", params=query)
    assert answer.status_code == 422
    assert "allowed" not in answer.text


def test_a_ledger_that_does_not_answer_is_never_taken_for_yes(
    api: TestClient, monkeypatch: pytest.MonkeyPatch, desk: Desk
) -> None:
    from models.errors import Unavailable

    def silent(*_: object) -> None:
        raise Unavailable("gone")

    monkeypatch.setattr("web.api.gate.answers_from", silent)
    answer = api.get(f"{V1}/may-remind?claim_ref=x&channel=letter")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    monkeypatch.setattr("web.api.gate.answers_from", lambda *_: 1 / 0)
    broken = api.get(f"{V1}/may-remind?claim_ref=x&channel=letter")
    assert broken.status_code == 500
    assert "division" not in broken.text


# -- lots, payments, reminders ---------------------------------------------------------------------------------------


def test_a_lot_is_opened_once(api: TestClient) -> None:
    lot = {"lot_id": "L-0603", "mail_received_on": "2026-06-03", "items_counted": 41}
    assert [api.post(f"{V1}/lots", json=lot).status_code for _ in range(2)] == [201, 201]
    assert api.post(f"{V1}/lots", json={**lot, "items_counted": 40}).status_code == 409
    assert api.post(f"{V1}/lots", json={**lot, "items_counted": -1}).status_code == 422


def test_a_lot_that_is_not_whole_stops_reminders_until_a_person_says_why(api: TestClient) -> None:
    api.put(f"{V1}/claims", json=CLAIM)
    assert ask(api, claim_ref="N 1/2")["allowed"] is True
    api.post(f"{V1}/lots", json={"lot_id": "L-7", "mail_received_on": "2026-06-03", "items_counted": 2})
    said = ask(api, claim_ref="N 1/2")
    assert said["reasons"] == ["lot_not_scanned:L-7"]
    assert said["in_words"] == ["Lot ouvert non numérisé (L-7)"]
    (waiting,) = api.get(f"{V1}/lots").json()
    assert (waiting["lot_id"], waiting["items_counted"], waiting["items_received"]) == ("L-7", 2, 0)
    assert api.post(f"{V1}/lots/L-7/close", json={"reason": ""}).status_code == 422
    assert api.post(f"{V1}/lots/L-8/close", json={"reason": "unknown"}).status_code == 404
    assert api.post(f"{V1}/lots/L-7/close", json={"reason": "two empty envelopes"}).json()["closed"] is True
    assert ask(api, claim_ref="N 1/2")["allowed"] is True
    assert api.get(f"{V1}/lots").json() == []


def test_the_lists_shape_is_in_the_served_description(api: TestClient) -> None:
    whole = api.get(f"{V1}/openapi.json").json()
    described = whole["paths"][f"{V1}/may-remind"]["post"]
    shape = described["requestBody"]["content"]["application/json"]["schema"]
    assert set(shape["items"]["required"]) == {"claim_ref", "channel"}
    named = {name for name in ("Channel", "Purpose") if f"#/components/schemas/{name}" in str(shape)}
    assert named == {"Channel", "Purpose"}
    assert named <= set(whole["components"]["schemas"])


@pytest.mark.parametrize(
    "body",
    ["", "{}", "[]", "[1]", '[{"claim_ref": "x"}]', '[{"claim_ref": "x", "channel": "letter", "more": 1}]', "[{"],
)
def test_a_list_that_is_not_clear_is_no_permission(api: TestClient, body: str) -> None:
    answer = api.post(f"{V1}/may-remind", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert "allowed" not in answer.text


def test_a_payment_is_booked_once(api: TestClient, desk: Desk) -> None:
    payment = {"payment_id": "VIR-1", "claim_ref": "ASV-40871", "amount": "82.00", "means": "transfer"}
    said = [api.post(f"{V1}/payments", json=payment).json()["outcome"] for _ in range(2)]
    assert said == ["booked", "known"]
    assert api.post(f"{V1}/payments", json={**payment, "amount": "83.00"}).status_code == 409
    assert api.post(f"{V1}/payments", json={**payment, "payment_id": "VIR-2", "amount": "0.00"}).status_code == 422
    assert api.post(f"{V1}/payments", json={**payment, "payment_id": "V3", "claim_ref": "none"}).status_code == 404
    with desk.ledger.read() as books:
        (record,) = books.trail.payments_of("ASV-40871")
        claim = books.claims.get("ASV-40871")
        told = [event for event in books.outbox.of_claim("ASV-40871") if event.type is EventType.PAYMENT_CLEARED]
    assert (record.amount, record.means) == (8200, "transfer")
    assert claim is not None
    assert claim.balance == 41000 - 8200
    assert len(told) == 1


def test_a_payment_above_the_balance_is_left_to_a_person(api: TestClient, desk: Desk) -> None:
    payment = {"payment_id": "VIR-9", "claim_ref": "ASV-40871", "amount": "4100.00", "means": "transfer"}
    answer = api.post(f"{V1}/payments", json=payment)
    assert (answer.status_code, answer.json()["outcome"]) == (202, "doubtful")
    with desk.ledger.read() as books:
        assert books.trail.payments_of("ASV-40871") == []


def test_a_payment_without_an_id_needs_an_idempotency_key(api: TestClient) -> None:
    payment = {"claim_ref": "ASV-40871", "amount": "82.00", "means": "card"}
    assert api.post(f"{V1}/payments", json=payment).status_code == 422
    headers = {"Idempotency-Key": "night-1"}
    said = [api.post(f"{V1}/payments", json=payment, headers=headers).json()["outcome"] for _ in range(2)]
    assert said == ["booked", "known"]


def test_a_reminder_planned_on_a_held_claim_is_to_be_recalled(api: TestClient) -> None:
    api.put(f"{V1}/claims", json=CLAIM)
    rows = [
        {"reminder_id": "R1", "claim_ref": "EV 7731-K", "channel": "letter", "state": "planned"},
        {"reminder_id": "R2", "claim_ref": "N 1/2", "channel": "letter", "state": "handed_over"},
        {"reminder_id": "R3", "claim_ref": "EV 7731-K", "channel": "sms", "state": "sent"},
    ]
    said = api.post(f"{V1}/reminders", json=rows).json()["reminders"]
    assert [(row["recorded"], row["recall"]) for row in said] == [(True, True), (True, False), (True, False)]
    (again,) = api.post(f"{V1}/reminders", json=rows[0]).json()["reminders"]
    assert again["recorded"] is False
    assert api.post(f"{V1}/reminders", json={**rows[0], "state": "lost"}).status_code == 422


# -- events and webhooks ---------------------------------------------------------------------------------------------


def test_events_are_fetched_from_where_one_stopped(api: TestClient) -> None:
    first = api.get(f"{V1}/events?limit=3").json()
    assert len(first["events"]) == 3
    rest = api.get(f"{V1}/events", params={"after": first["next"], "limit": 1000}).json()
    cursors = [event["cursor"] for event in first["events"] + rest["events"]]
    assert cursors == sorted(set(cursors))
    end = api.get(f"{V1}/events", params={"after": rest["next"]}).json()
    assert end == {"events": [], "next": rest["next"]}
    assert {"event_id", "type", "timestamp", "claim_ref", "sequence", "data"} <= set(first["events"][0])
    assert api.get(f"{V1}/events?after=-1").status_code == 422


def test_an_event_is_sent_again_on_demand(api: TestClient) -> None:
    event = api.get(f"{V1}/events?limit=1").json()["events"][0]
    assert api.post(f"{V1}/events/{event['event_id']}/replay").status_code == 202
    assert api.post(f"{V1}/events/none/replay").status_code == 404


def test_webhooks_are_an_administrators_and_their_secret_is_shown_once(api: TestClient, admin: TestClient) -> None:
    assert api.get(f"{V1}/webhooks").status_code == 403
    made = admin.post(f"{V1}/webhooks", json={"url": "https://93.184.216.34/hook"})
    assert made.status_code == 201, made.text
    secret = made.json()["secret"]
    assert secret.startswith("whsec_")
    listed = admin.get(f"{V1}/webhooks")
    assert [hook["url"] for hook in listed.json()] == ["https://93.184.216.34/hook"]
    assert secret not in listed.text
    assert admin.post(f"{V1}/webhooks", json={"url": "https://93.184.216.34/hook"}).status_code == 409
    assert admin.delete(f"{V1}/webhooks/{made.json()['webhook_id']}").status_code == 204
    assert admin.delete(f"{V1}/webhooks/{made.json()['webhook_id']}").status_code == 404
    assert admin.get(f"{V1}/webhooks").json() == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/x", "https://10.0.0.8/x", "ftp://example.org/x", "not a web address", "https://[::1]/x"]
)
def test_an_address_inside_the_house_is_not_called(admin: TestClient, url: str) -> None:
    answer = admin.post(f"{V1}/webhooks", json={"url": url})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


# -- description, health, counts -------------------------------------------------------------------------------------


def test_the_served_document_describes_every_call_and_none_of_the_desk(browser: TestClient) -> None:
    document = browser.get(f"{V1}/openapi.json").json()
    described = {(method, path) for path, calls in document["paths"].items() for method in calls}
    for method, path in CALLS:
        wanted = V1 + path.split("?")[0]
        assert any(
            method == known and known_path.split("{")[0] == wanted.split("x")[0].split("{")[0]
            for known, known_path in described
        ), (method, path)
    assert not [path for path in document["paths"] if path.startswith(("/queue", "/sign-in"))]
    assert "HTTPBearer" in json.dumps(document["components"]["securitySchemes"])


def test_health_is_told_to_anybody_and_names_nobody(browser: TestClient) -> None:
    assert browser.get("/healthz").json() == {"status": "alive"}
    assert browser.get("/readyz").json() == {"status": "ready"}
    counts = browser.get("/metrics")
    assert counts.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'mailroom_items{stage="review"} 8' in counts.text
    assert "mailroom_items_unread 0" in counts.text
    for secret in ("ASV", "ARGOAT", "camille", "<script"):
        assert secret not in counts.text


def test_a_store_that_does_not_answer_is_not_ready(
    browser: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(key: str) -> None:
        raise OSError("no route to 10.0.0.3")

    monkeypatch.setattr(desk.services.objects, "size", gone)
    answer = browser.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["objects"] == "OSError"


def test_a_status_that_a_letter_brought_about_survives_the_collection_systems_import(
    api: TestClient, desk: Desk
) -> None:
    with desk.ledger.write() as books:
        books.claims.set_status("ASV-40178", Status.PROTECTED)
        books.outbox.add(EventDraft(EventType.PROTECTION_OPENED, "k", "ASV-40178"), NOW)
    body = {"claim_ref": "ASV-40178", "creditor": "Assurances du Vallon", "balance": "129.00", "status": "open"}
    assert api.put(f"{V1}/claims", json=body).json()["changed"] == 1
    assert api.get(f"{V1}/claims?claim_ref=ASV-40178").json()["status"] == "protected"
