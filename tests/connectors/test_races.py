"""Several processes at once on both engines: each row is taken by one, each number is given once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any

from connectors.database import DatabaseLedger, open_ledger
from models.event import EventDraft, EventType
from models.item import Stage
from tests.connectors.samples import MONDAY, add_items, claim

PROCESSES = 3
ROWS = 300


def _lease_all(url: str, name: str, results: multiprocessing.Queue[Any]) -> None:
    """Take items ten at a time until there are none, moving each on as a worker does."""
    ledger, taken = open_ledger(url), []
    while True:
        with ledger.write() as books:
            items = books.items.lease_items([Stage.RECEIVED], 10, name, 60)
        if not items:
            break
        with ledger.write() as books:
            for item in items:
                books.items.move(item, Stage.READ)
        taken += [item.item_id for item in items]
    ledger.close()
    results.put(taken)


def _tell(url: str, name: str, results: multiprocessing.Queue[Any]) -> None:
    ledger = open_ledger(url)
    for number in range(30):
        with ledger.write() as books:
            books.claims.upsert([claim(f"C-{number % 5}", city=f"{name} {number}")])
            for ref in ("C-1", "C-2") if number % 2 else ("C-2", "C-1"):
                books.outbox.add(EventDraft(EventType.ITEM_SETTLED, f"{name} {number}", ref), MONDAY)
            books.outbox.add(EventDraft(EventType.ITEM_SETTLED, f"told by all {number}", "C-1"), MONDAY)
    ledger.close()
    results.put(name)


def _together(work: Callable[..., None], url: str) -> list[Any]:
    context = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[Any] = context.Queue()
    workers = [context.Process(target=work, args=(url, f"w{n}", results)) for n in range(PROCESSES)]
    for worker in workers:
        worker.start()
    found = [results.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    return found


def test_three_workers_take_every_item_exactly_once(ledger: DatabaseLedger, database_url: str) -> None:
    with ledger.write() as books:
        items = add_items(books, "batch.pdf", ROWS)
    taken = [item_id for worker in _together(_lease_all, database_url) for item_id in worker]
    assert len(taken) == ROWS
    assert set(taken) == {item.item_id for item in items}


def test_three_writers_number_events_without_gap_or_double(ledger: DatabaseLedger, database_url: str) -> None:
    _together(_tell, database_url)
    with ledger.read() as books:
        for ref, count in (("C-1", 30 * (PROCESSES + 1)), ("C-2", 30 * PROCESSES)):
            assert [event.sequence for event in books.outbox.of_claim(ref)] == list(range(1, count + 1))
        assert len(books.outbox.after(0, 1_000)) == 30 * (2 * PROCESSES + 1)
