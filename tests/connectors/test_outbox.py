"""Events on both engines: told once, numbered without a gap, in the order in which they become visible."""

from __future__ import annotations

from connectors.database import DatabaseLedger
from models.event import EventDraft, EventType, event_id_for
from tests.connectors.samples import MONDAY


def draft(key: str, claim_ref: str | None = "C-1") -> EventDraft:
    return EventDraft(EventType.DISPUTE_OPENED, key, claim_ref, {"amount": "12.50", "é": [1, None]})


def test_the_same_fact_is_one_event_whoever_tells_it(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        event = books.outbox.add(draft("a"), MONDAY)
        assert event is not None
        assert books.outbox.add(draft("a"), MONDAY) is None
    with ledger.write() as books:
        assert books.outbox.add(draft("a"), MONDAY) is None
        assert books.outbox.after(0) == [event]
        assert books.outbox.event(event_id_for(draft("a"))) == event


def test_sequences_rise_by_claim_and_cursors_over_all(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        for key, ref in (("a", "C-1"), ("b", "C-2"), ("c", "C-1"), ("d", None), ("e", "C-1")):
            books.outbox.add(draft(key, ref), MONDAY)
    with ledger.read() as books:
        events = books.outbox.after(0)
        assert [(event.claim_ref, event.sequence) for event in events] == [
            ("C-1", 1),
            ("C-2", 1),
            ("C-1", 2),
            (None, 1),
            ("C-1", 3),
        ]
        cursors = [event.cursor for event in events]
        assert cursors == sorted(set(cursors))
        assert [event.cursor for event in books.outbox.after(cursors[1], limit=2)] == cursors[2:4]
        assert [event.sequence for event in books.outbox.of_claim("C-1")] == [1, 2, 3]


def test_an_event_of_a_transaction_that_failed_was_never_told(ledger: DatabaseLedger) -> None:
    try:
        with ledger.write() as books:
            books.outbox.add(draft("a"), MONDAY)
            raise RuntimeError("power cut")
    except RuntimeError:
        pass
    with ledger.write() as books:
        event = books.outbox.add(draft("b"), MONDAY)
        assert event is not None
        assert event.sequence == 1


def test_an_event_waits_for_every_webhook_there_is_when_it_is_written(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        books.outbox.add(draft("before"), MONDAY)
        for url in ("https://a.example", "https://b.example"):
            books.webhooks.add(url, "whsec_x", "ana", MONDAY)
        books.outbox.add(draft("after"), MONDAY)
        waiting = books.outbox.deliveries()
        assert {(delivery.url, delivery.event.sequence) for delivery in waiting} == {
            ("https://a.example", 2),
            ("https://b.example", 2),
        }
