"""Receipts and items on both engines: unique, leased to one, moved by the latest version only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connectors.database import DatabaseLedger
from models.decision import Decision, Reason
from models.errors import Conflict
from models.evidence import Candidate, Evidence, Matches
from models.item import Outcome, Stage
from models.labels import Category, Flag, Subcategory
from models.reading import Box, ItemReading, Page, Part, PartKind, Word
from models.understanding import Facts, Mention, MentionKind, Mentions, Understanding
from tests.connectors.samples import MONDAY, add_items, days, items_in, receipt

OVER_AT_ONCE = -1.0  # seconds of a lease, as after a worker's death and a wait


def test_a_receipt_is_written_once_whatever_it_is_called_the_second_time(ledger: DatabaseLedger) -> None:
    first = receipt("a.pdf", mail_received_on=date(2026, 5, 31), lot_id="L1", operator="Nadia")
    with ledger.write() as books:
        assert books.items.add_receipt(first)
        assert not books.items.add_receipt(replace(first, receipt_id="other", file_name="b.pdf"))
    with ledger.read() as books:
        assert books.items.receipt(first.receipt_id) == first
        assert books.items.receipt("other") is None


def test_an_exception_leaves_nothing_behind(ledger: DatabaseLedger) -> None:
    def write_and_fail() -> None:
        with ledger.write() as books:
            books.items.add_receipt(receipt("a.pdf"))
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_and_fail()
    with ledger.read() as books:
        assert books.gate.in_the_building().unread == 0


def test_receipts_are_found_by_path_or_by_a_folder_above_it(ledger: DatabaseLedger) -> None:
    names = ["x/1.pdf", "x/2.pdf", "x_y/3.pdf", "x"]
    with ledger.write() as books:
        for minutes, name in enumerate(names):
            books.items.add_receipt(receipt(name, origin=f"/{name}", received_at=MONDAY - days(minutes)))
    with ledger.read() as books:
        assert [found.file_name for found in books.items.receipts_from(["/x"])] == ["x", "x/2.pdf", "x/1.pdf"]
        assert [found.file_name for found in books.items.receipts_from(["/x_y/", "/x/1.pdf"])] == [
            "x_y/3.pdf",
            "x/1.pdf",
        ]
        assert books.items.receipts_from([]) == []


def test_a_leased_receipt_is_nobody_elses_until_the_lease_runs_out(ledger: DatabaseLedger) -> None:
    new = receipt("a.pdf")
    with ledger.write() as books:
        books.items.add_receipt(new)
        assert books.items.lease_receipts(10, "worker 1", OVER_AT_ONCE) == [new]
        assert books.items.lease_receipts(10, "worker 2", 60) == [new]
    with ledger.write() as books:
        assert books.items.lease_receipts(10, "worker 3", 60) == []
        assert books.items.receipt_attempts(new.receipt_id) == 2


def test_a_worker_that_comes_back_frees_what_its_predecessor_held(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        add_items(books, "a.pdf", 2)
        books.items.add_receipt(receipt("b.pdf"))
        books.items.lease_items([Stage.RECEIVED], 1, "w1", 60)
        books.items.lease_items([Stage.RECEIVED], 1, "w2", 60)
        books.items.lease_receipts(1, "w1", 60)
        assert books.items.release_worker("w1") == 2
        assert len(books.items.lease_items([Stage.RECEIVED], 9, "w3", 60)) == 1


def test_items_come_oldest_receipt_first_and_only_among_those_asked_for(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        late = add_items(books, "late.pdf", 2, received_at=MONDAY + days(1))
        early = add_items(books, "early.pdf", 1)
        among = [late[0].receipt_id]
        assert [item.item_id for item in books.items.lease_items([Stage.RECEIVED], 9, "w", 60, among)] == [
            late[0].item_id,
            late[1].item_id,
        ]
        for item in late:
            books.items.release(item.item_id)
        leased = books.items.lease_items([Stage.RECEIVED, Stage.READ], 2, "w", 60)
        assert [(item.item_id, item.attempts) for item in leased] == [(early[0].item_id, 1), (late[0].item_id, 2)]


def test_a_receipt_is_opened_or_refused_once(ledger: DatabaseLedger) -> None:
    opened, refused = receipt("a.pdf"), receipt("b.pdf")
    with ledger.write() as books:
        for new in (opened, refused):
            books.items.add_receipt(new)
        books.items.open_receipt(opened.receipt_id, items_in(opened, 3))
        books.items.open_receipt(opened.receipt_id, items_in(opened, 5))
        books.items.refuse_receipt(opened.receipt_id, "empty_file")
        books.items.refuse_receipt(refused.receipt_id, "encrypted: a.pdf")
        assert len(books.items.items_of(opened.receipt_id)) == 3
        stored = books.items.receipt(refused.receipt_id)
        assert stored is not None
        assert (stored.stage, stored.reason) == (Stage.REFUSED, "encrypted: a.pdf")
        with pytest.raises(KeyError):
            books.items.refuse_receipt("unknown", "empty_file")


def test_only_the_latest_version_of_an_item_moves(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        (item,) = add_items(books)
        moved = books.items.move(item, Stage.READ)
        assert (moved.stage, moved.version) == (Stage.READ, 2)
        assert books.items.item(item.item_id) == moved
    with pytest.raises(Conflict), ledger.write() as books:
        books.items.move(item, Stage.READ)
    with pytest.raises(ValueError, match="does not go"), ledger.write() as books:
        books.items.move(moved, Stage.SETTLED)


def test_a_move_keeps_reason_outcome_and_the_first_of_two_same_letters(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        (item,) = add_items(books)
        read = books.items.move(item, Stage.READ)
        refused = books.items.move(
            read, Stage.REFUSED, reason="pages", outcome=Outcome.REFUSED, duplicate_of="the first"
        )
        assert books.items.item(item.item_id) == refused
        assert (refused.reason, refused.outcome, refused.duplicate_of) == ("pages", Outcome.REFUSED, "the first")


def reading() -> ItemReading:
    words = tuple(Word(f"mot{n}", Box(1, 0.1, 0.2, 0.3, 0.01), 0.9, n) for n in range(3))
    page = Page(1, "Je conteste. Été à 12 €", words, 0.93, "tesseract", preview="ab" * 32)
    return ItemReading(page.text, page.text, pages=(page,), parts=(Part(PartKind.LETTER, (1,)),), seconds={"ocr": 0.4})


UNDERSTANDING = Understanding(
    Category.DISPUTE, Subcategory.SERVICE, 0.97, (Flag.DISTRESS,), {"distress": 0.8}, facts=Facts(instalments=3)
)
MENTIONS = Mentions((Mention(MentionKind.REFERENCE, "C 1", "C1", box=Box(1, 0, 0, 1, 1)),), "Ana Lu")
MATCHES = Matches(
    (Candidate("C-1", 0.99, (Evidence("reference", "C 1", "C-1", 1.0, 9.0),)), Candidate("C-9", 0.01)),
    "C-1",
    0.99,
    plausible=("C-1", "C-2"),
)


def test_a_record_gives_back_what_every_step_found(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        item = add_items(books, "a.pdf", 2)[0]
        books.items.save_reading(item.item_id, reading(), [1, 2, 3])
        books.items.save_understanding(item.item_id, UNDERSTANDING, MENTIONS)
        books.items.save_matches(item.item_id, MATCHES)
        decision = Decision(Outcome.REVIEW, reasons=(Reason("protective", "distress"),), urgent=True)
        books.items.save_decision(item.item_id, decision)
    with ledger.read() as books:
        record = books.items.record(item.item_id)
        assert record is not None
        assert (record.reading, record.understanding, record.mentions) == (reading(), UNDERSTANDING, MENTIONS)
        assert (record.matches, record.decision) == (MATCHES, decision)
        assert [found.item.position for found in books.items.records([item.receipt_id])] == [0, 1]
        assert books.items.record("unknown") is None


def test_a_step_done_again_replaces_what_it_found(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        (item,) = add_items(books)
        for proposed in ("C-1", "C-7"):
            books.items.save_reading(item.item_id, reading(), [1, 2])
            books.items.save_matches(item.item_id, replace(MATCHES, proposed=proposed, plausible=(proposed,)))
        record = books.items.record(item.item_id)
        assert record is not None
        assert record.matches is not None
        assert record.matches.proposed == "C-7"
        assert books.items.naming_claim("C-1") == []
        assert books.items.naming_claim("C-7") == [item.item_id]


def test_a_claim_is_named_by_open_items_that_plausibly_concern_it(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        (item,) = add_items(books)
        books.items.save_matches(item.item_id, MATCHES)
        assert books.items.naming_claim("C-2") == [item.item_id]
        assert books.items.naming_claim("C-9") == []
        for stage in (Stage.READ, Stage.HELD, Stage.SETTLED):
            item = books.items.move(item, stage)
        assert books.items.naming_claim("C-2") == []
        assert books.items.of_claim("C-2") == [item.item_id]


def test_a_rescan_is_found_by_the_hashes_it_shares(ledger: DatabaseLedger) -> None:
    big = 2**64 - 5
    with ledger.write() as books:
        first, second = (add_items(books, name)[0] for name in ("a.pdf", "b.pdf"))
        (old,) = add_items(books, "old.pdf", received_at=MONDAY - days(90))
        books.items.save_reading(first.item_id, reading(), [1, 2, 3, big])
        books.items.save_reading(second.item_id, reading(), [3, 4])
        books.items.save_reading(old.item_id, reading(), [1, 2, 3, big])
        since = MONDAY - days(30)
        assert books.items.with_sketch([1, 2, 3, big], 1, since) == [(first.item_id, 4), (second.item_id, 1)]
        assert books.items.with_sketch([1, 2, 3, big], 2, since) == [(first.item_id, 4)]
        assert books.items.with_sketch([], 0, since) == []


def test_what_waits_unread_counts_files_and_items(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        add_items(books, "a.pdf", 2)
        books.items.add_receipt(receipt("b.pdf"))
        refused = receipt("c.pdf")
        books.items.add_receipt(refused)
        books.items.refuse_receipt(refused.receipt_id, "empty_file")
        assert books.gate.in_the_building().unread == 3
        counts = books.items.count_by_stage()
        assert (counts[Stage.RECEIVED], counts[Stage.REFUSED], counts[Stage.SETTLED]) == (3, 1, 0)
