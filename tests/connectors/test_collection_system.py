"""Webhooks out: signed, in order per claim, patient, and never into our own network unless allowed."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from connectors import collection_system
from connectors.collection_system import PAUSES, body_of, deliver_due, new_webhook, next_attempt_at, replay
from connectors.database import DatabaseLedger
from connectors.public_addresses import AddressRefused, Allowed, check_url, vetted_address
from models.errors import ConfigurationError
from models.event import Delivery, Event, EventDraft, EventType
from tests.connectors.receiver import Receiver, receiver
from tests.connectors.samples import MONDAY

LOOPBACK = "127.0.0.0/8"


@pytest.fixture
def told(ledger: DatabaseLedger) -> Iterator[Receiver]:
    """A collection system that has asked to be told."""
    with receiver() as collection_system:
        _webhook, collection_system.secret = new_webhook(ledger, collection_system.url, "ana", MONDAY, LOOPBACK)
        yield collection_system


def tell(ledger: DatabaseLedger, *facts: tuple[str | None, str]) -> list[Event]:
    """One event for each (claim, fact)."""
    events = []
    with ledger.write() as books:
        for claim_ref, key in facts:
            event = books.outbox.add(
                EventDraft(EventType.CLAIM_STATUS_CHANGED, key, claim_ref, {"status": "disputed", "n": key}), MONDAY
            )
            assert event is not None
            events.append(event)
    return events


def deliver(ledger: DatabaseLedger, after: timedelta = timedelta()) -> dict[str, int]:
    return dict(deliver_due(ledger, MONDAY + after, allow=LOOPBACK))


def test_an_event_arrives_signed_with_its_sequence(ledger: DatabaseLedger, told: Receiver) -> None:
    first, second = tell(ledger, ("C-1", "a"), ("C-1", "b"))
    assert deliver(ledger) == {"delivered": 2}
    assert told.forged == 0
    assert [event_id for event_id, _body in told.calls] == [first.event_id, second.event_id]
    assert told.effects[second.event_id] == {
        "type": "claim.status_changed",
        "timestamp": "2026-06-01T08:00:00Z",
        "sequence": 2,
        "data": {"status": "disputed", "n": "b"},
    }
    assert deliver(ledger) == {}


@pytest.mark.parametrize("answer", [500, 302, 429, 408, (503, {"retry-after": "1"})])
def test_what_may_pass_is_tried_again_after_a_pause(ledger: DatabaseLedger, told: Receiver, answer: Any) -> None:
    (event,) = tell(ledger, ("C-1", "a"))
    told.answers = [answer]
    assert deliver(ledger) == {"postponed": 1}
    assert deliver(ledger, timedelta(seconds=3)) == {}
    assert deliver(ledger, timedelta(seconds=6)) == {"delivered": 1}
    assert [event_id for event_id, _body in told.calls] == [event.event_id] * 2
    with ledger.read() as books:
        status = answer if isinstance(answer, int) else answer[0]
        assert [attempt.http_status for attempt in books.outbox.attempts(event.event_id)] == [status, 204]


@pytest.mark.parametrize("answer", [400, 401, 403, 404, 422])
def test_a_plain_refusal_is_dead_at_once_and_does_not_block_what_follows(
    ledger: DatabaseLedger, told: Receiver, answer: int
) -> None:
    first, second = tell(ledger, ("C-1", "a"), ("C-1", "b"))
    told.answers = [answer]
    assert deliver(ledger) == {"dead": 1, "delivered": 1}
    assert list(told.effects) == [second.event_id]
    with ledger.read() as books:
        (dead,) = books.outbox.dead()
        assert (dead.event.event_id, dead.state, dead.attempts) == (first.event_id, Delivery.DEAD, 1)
        assert str(answer) in dead.last_answer
    assert replay(ledger, first.event_id) == 1
    assert deliver(ledger) == {"delivered": 1}
    assert told.effects[first.event_id]["sequence"] == 1


def test_a_claims_later_events_wait_for_the_earlier_one(ledger: DatabaseLedger, told: Receiver) -> None:
    first, _other, second, _claimless = events = tell(ledger, ("C-1", "a"), ("C-2", "a"), ("C-1", "b"), (None, "x"))
    told.answers_to = {first.event_id: [500]}
    assert deliver(ledger) == {"postponed": 1, "delivered": 2}
    assert second.event_id not in told.effects
    assert deliver(ledger, timedelta(seconds=6)) == {"delivered": 2}
    order = [body["sequence"] for event_id, body in told.calls if event_id in (first.event_id, second.event_id)]
    assert order == [1, 1, 2]
    assert set(told.effects) == {event.event_id for event in events}


def test_ten_failures_are_the_end_and_are_listed(ledger: DatabaseLedger, told: Receiver) -> None:
    (event,) = tell(ledger, ("C-1", "a"))
    told.answers = [500] * 10
    elapsed = timedelta()
    outcomes = []
    for pause in PAUSES:
        elapsed += timedelta(seconds=pause * 1.2)
        outcomes.append(deliver(ledger, elapsed))
    assert outcomes == [{"postponed": 1}] * 9 + [{"dead": 1}]
    with ledger.read() as books:
        assert [dead.event.event_id for dead in books.outbox.dead()] == [event.event_id]
        assert len(books.outbox.attempts(event.event_id)) == 10


def test_gone_closes_the_webhook(ledger: DatabaseLedger, told: Receiver) -> None:
    tell(ledger, ("C-1", "a"), ("C-2", "b"))
    told.answers = [410, 410]
    assert deliver(ledger)["dead"] >= 1
    tell(ledger, ("C-3", "c"))
    assert deliver(ledger) == {}
    with ledger.read() as books:
        (webhook,) = books.webhooks.all()
        assert "410" in webhook.disabled_reason


def test_a_slow_receiver_is_given_up_and_asked_again(
    ledger: DatabaseLedger, told: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have taken the event all the same: the id lets it see that it is the same one."""
    monkeypatch.setattr(collection_system, "TIMEOUT", httpx.Timeout(0.2))
    (event,) = tell(ledger, ("C-1", "a"))
    told.answers = ["slow"]
    assert deliver(ledger) == {"postponed": 1}
    assert deliver(ledger, timedelta(seconds=6)) == {"delivered": 1}
    assert [event_id for event_id, _body in told.calls] == [event.event_id] * 2
    assert len(told.effects) == 1


def test_a_dispatcher_that_dies_after_the_call_only_causes_a_second_one(
    ledger: DatabaseLedger, told: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(ledger, ("C-1", "a"))
    monkeypatch.setattr(collection_system, "LEASE_SECONDS", -1.0)  # over at once, as after a crash and a wait
    with monkeypatch.context() as killed:
        killed.setattr(collection_system, "_conclude", lambda *_args: (_ for _ in ()).throw(SystemExit(137)))
        with pytest.raises(SystemExit):
            deliver(ledger)
    assert deliver(ledger) == {"delivered": 1}
    assert (len(told.calls), len(told.effects)) == (2, 1)


def test_two_webhooks_do_not_wait_for_each_other(ledger: DatabaseLedger, told: Receiver) -> None:
    with receiver() as other:
        _webhook, other.secret = new_webhook(ledger, other.url, "ana", MONDAY, LOOPBACK)
        tell(ledger, ("C-1", "a"), ("C-1", "b"))
        told.answers = [500]
        assert deliver(ledger) == {"delivered": 2, "postponed": 1}
        assert (len(told.effects), len(other.effects)) == (0, 2)


def test_nobody_listening_is_postponed_and_told(ledger: DatabaseLedger) -> None:
    with receiver() as gone:
        new_webhook(ledger, gone.url, "ana", MONDAY, LOOPBACK)
    (event,) = tell(ledger, ("C-1", "a"))
    assert deliver(ledger) == {"postponed": 1}
    with ledger.read() as books:
        (attempt,) = books.outbox.attempts(event.event_id)
        assert (attempt.http_status, "ConnectError" in attempt.answer) == (None, True)


def test_a_webhook_that_gives_no_answer_does_not_hold_up_the_others(ledger: DatabaseLedger, told: Receiver) -> None:
    with receiver() as gone:
        new_webhook(ledger, gone.url, "ana", MONDAY, LOOPBACK)
    tell(ledger, *((f"C-{n}", "a") for n in range(2 * collection_system.BATCH)))
    figures = deliver(ledger)
    assert figures["delivered"] == len(told.effects) == 2 * collection_system.BATCH
    assert figures["postponed"] <= collection_system.BATCH


def test_a_removed_webhook_is_called_no_more(ledger: DatabaseLedger, told: Receiver) -> None:
    tell(ledger, ("C-1", "a"))
    with ledger.write() as books:
        (webhook,) = books.webhooks.all()
        assert books.webhooks.remove(webhook.endpoint_id, MONDAY)
        assert not books.webhooks.remove(webhook.endpoint_id, MONDAY)
    assert deliver(ledger) == {}
    assert told.calls == []


def test_an_address_that_was_allowed_once_is_checked_again_at_each_call(ledger: DatabaseLedger, told: Receiver) -> None:
    tell(ledger, ("C-1", "a"))
    assert dict(deliver_due(ledger, MONDAY, allow="")) == {"postponed": 1}
    assert told.calls == []


def test_what_is_too_large_for_a_webhook_is_left_to_be_fetched() -> None:
    event = Event("e1", EventType.ITEM_SETTLED, "C-1", 3, MONDAY, {"text": "é" * 15_000})
    assert len(body_of(event).encode()) < 20_000
    assert '"too_large":true' in body_of(event)
    assert '"sequence":3' in body_of(event)


@pytest.mark.parametrize("attempt", range(1, 10))
def test_pauses_grow_and_scatter_a_little(attempt: int) -> None:
    pauses = [((next_attempt_at(attempt, 500, MONDAY) or MONDAY) - MONDAY).total_seconds() for _ in range(50)]
    assert all(0.9 * PAUSES[attempt] <= pause <= 1.1 * PAUSES[attempt] for pause in pauses)
    assert len(set(pauses)) > 1


def test_the_receiver_may_ask_for_a_longer_pause_up_to_a_day() -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1))
    for asked, least, most in (("3600", 3600, 3600), (in_an_hour, 3590, 3601), ("9999999", 86_400, 86_400)):
        at = next_attempt_at(1, 429, MONDAY, asked)
        assert at is not None
        assert least <= (at - MONDAY).total_seconds() <= most
    nonsense = next_attempt_at(1, 429, MONDAY, "soon")
    assert nonsense is not None
    assert (nonsense - MONDAY).total_seconds() < 6


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[64:ff9b::7f00:1]/x",
        "https://0.0.0.0/x",
        "https://10.1.2.3/x",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/x",
        "https://224.0.0.1/x",
        "http://8.8.8.8/x",
        "ftp://8.8.8.8/x",
        "https://user:password@8.8.8.8/x",
        "https:///x",
        "nonsense",
    ],
)
def test_an_address_inside_or_in_clear_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        check_url(url, Allowed())


def test_a_public_address_by_https_is_taken() -> None:
    check_url("https://8.8.8.8/hooks?x=1", Allowed())
    check_url("https://[2001:4860:4860::8888]:8443/", Allowed())


def test_an_administrator_may_allow_a_network_or_a_host() -> None:
    check_url("http://10.1.2.3/x", Allowed.parse("collect.internal, 10.1.0.0/16"))
    check_url("http://localhost:9/x", Allowed.parse("LOCALHOST"))
    with pytest.raises(AddressRefused):
        check_url("http://10.2.0.1/x", Allowed.parse("10.1.0.0/16"))
    with pytest.raises(ConfigurationError, match="no network"):
        Allowed.parse("10.1.0.0/99")


def test_one_inner_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("8.8.8.8", "192.168.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: answers)
    with pytest.raises(AddressRefused, match="not a public"):
        vetted_address("rebind.example", 443, Allowed(), clear=False)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: answers[:1])
    assert ipaddress.ip_address(vetted_address("good.example", 443, Allowed(), clear=False)).is_global
