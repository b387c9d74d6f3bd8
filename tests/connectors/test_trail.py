"""The trail on both engines: what was written stays as it was written; what comes twice counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from connectors.database import DatabaseLedger
from connectors.database.engines import database_url as with_driver
from models.decision import Judgement
from models.gate import Answer, Purpose, Question
from models.hold import Channel
from models.labels import Category, Flag
from models.record import AnswerDue, AuditEntry, Lot, PaymentRecord, Reminder
from tests.connectors.samples import MONDAY, add_items, days

ENTRY = AuditEntry(MONDAY, "auto", "held", "i1", "C-1", {"why": "dispute", "n": [1]})
JUDGEMENT = Judgement("i1", 3, "ana", MONDAY, "settle", Category.DISPUTE, flags=(Flag.COMPLAINT,), claim_refs=("C-1",))


def test_the_trail_of_an_item_is_kept_in_order(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        for action in ("received", "held", "decided"):
            books.trail.note(replace(ENTRY, action=action))
        books.trail.note(replace(ENTRY, item_id="i2"))
        assert [entry.action for entry in books.trail.of_item("i1")] == ["received", "held", "decided"]
        assert books.trail.of_item("i2") == [replace(ENTRY, item_id="i2")]
        assert len(books.trail.of_claim("C-1")) == 4
        assert len(books.trail.between(MONDAY, MONDAY + days(1), ["held"])) == 2
        assert books.trail.between(MONDAY + days(1), MONDAY + days(2)) == []


def test_an_item_is_judged_once_in_each_version(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        assert books.trail.add_judgement(JUDGEMENT)
        assert not books.trail.add_judgement(replace(JUDGEMENT, operator="bob"))
        assert books.trail.add_judgement(replace(JUDGEMENT, version=5, action="file"))
        assert [judged.action for judged in books.trail.judgements_of("i1")] == ["settle", "file"]
        assert books.trail.judgements_since(MONDAY)[0] == JUDGEMENT


@pytest.mark.parametrize("table", ["audit", "judgements", "gate_answers", "events"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {}"])
def test_the_database_itself_refuses_to_change_what_was_written(
    ledger: DatabaseLedger, database_url: str, table: str, statement: str
) -> None:
    with ledger.write() as books:
        books.trail.note(ENTRY)
        books.trail.add_judgement(JUDGEMENT)
        books.trail.keep_answers([PAIR])
        from tests.connectors.test_outbox import draft

        books.outbox.add(draft("a"), MONDAY)
    column = {"audit": "actor", "judgements": "operator", "gate_answers": "allowed", "events": "type"}[table]
    engine = create_engine(with_driver(database_url))
    change = statement.format(table, f"{column} = {column}")
    with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(change))
    engine.dispose()


QUESTION = Question("C-1", Channel.LETTER, Purpose.REMINDER, "Ana", "1 rue Bleue", MONDAY)
ANSWER = Answer("C-1", False, ("held:dispute",), date(2026, 7, 1), "Me D", MONDAY + days(1), MONDAY)
PAIR = (QUESTION, ANSWER)


def test_what_the_gate_answered_can_be_shown_later(ledger: DatabaseLedger) -> None:
    other = (Question("C-2", Channel.SMS), Answer("C-2", True, (), None, None, MONDAY, MONDAY))
    with ledger.write() as books:
        books.trail.keep_answers([])
        books.trail.keep_answers([PAIR, other])
        books.trail.keep_answers([other])
        assert books.trail.answers_about({"C-1"}, MONDAY, MONDAY + days(1)) == [PAIR]
        assert books.trail.answers_about({"C-2"}, MONDAY, MONDAY + days(1)) == [other, other]
        assert books.trail.count_answers(MONDAY, MONDAY + days(1)) == (3, 2)
        assert books.trail.count_answers(MONDAY + days(1), MONDAY + days(2)) == (0, 0)


def test_an_answer_is_owed_until_it_has_gone_out(ledger: DatabaseLedger) -> None:
    due = AnswerDue("i1", "C-1", "answer", MONDAY + days(5))
    with ledger.write() as books:
        for answer in (due, due, replace(due, due_at=MONDAY), AnswerDue("i2", None, "receipt", MONDAY + days(1))):
            books.trail.add_answer_due(answer)
        assert [owed.item_id for owed in books.trail.answers_owed(MONDAY + days(9))] == ["i2", "i1"]
        assert [owed.item_id for owed in books.trail.answers_owed(MONDAY + days(2))] == ["i2"]
        assert books.trail.answer_sent("i1", "answer", MONDAY + days(3))
        assert not books.trail.answer_sent("i1", "answer", MONDAY + days(4))
        assert not books.trail.answer_sent("i1", "receipt", MONDAY)
        assert books.trail.answers_of("i1") == [replace(due, sent_at=MONDAY + days(3))]


def test_a_lot_waits_until_all_its_items_were_received(ledger: DatabaseLedger) -> None:
    lot = Lot("L1", MONDAY.date(), 2, MONDAY, "two letters")
    with ledger.write() as books:
        assert books.trail.add_lot(lot)
        assert not books.trail.add_lot(replace(lot, items_counted=9))
        assert books.trail.lots_not_scanned() == [lot]
        add_items(books, "a.pdf", 1, lot_id="L1")
        assert books.trail.lots(MONDAY.date(), MONDAY.date()) == [(lot, 1)]
        add_items(books, "b.pdf", 1, lot_id="L1")
        assert books.trail.lots_not_scanned() == []


def test_a_reminder_only_moves_forward(ledger: DatabaseLedger) -> None:
    planned = Reminder("r1", "C-1", "letter", "planned", MONDAY, "Ana")
    sent = replace(planned, state="sent", at=MONDAY + days(1))
    with ledger.write() as books:
        assert books.trail.set_reminder(planned)
        assert not books.trail.set_reminder(planned)
        assert books.trail.reminders_to_recall(["C-1", "C-2"]) == [planned]
        assert books.trail.set_reminder(sent)
        assert not books.trail.set_reminder(replace(planned, state="handed_over"))
        assert books.trail.reminders_to_recall(["C-1"]) == []
        assert books.trail.reminders_sent(date(2026, 6, 2)) == [sent]
        assert books.trail.reminders_sent(date(2026, 6, 1)) == []
        with pytest.raises(ValueError, match="posted"):
            books.trail.set_reminder(replace(planned, state="posted"))


def test_a_payment_is_booked_once_on_a_claim(ledger: DatabaseLedger) -> None:
    paid = PaymentRecord("p1", "C-1", 12_345, "cheque", "line", "received", "i1", MONDAY, MONDAY.date())
    with ledger.write() as books:
        assert books.trail.add_payment(paid)
        assert not books.trail.add_payment(paid)
        assert not books.trail.add_payment(replace(paid, payment_id="p2"))
        assert books.trail.add_payment(replace(paid, payment_id="p3", claim_ref="C-2"))
        books.trail.set_payment_state("p1", "cleared")
        assert books.trail.payments_of("C-1") == [replace(paid, state="cleared")]
        assert len(books.trail.payments_with_key("line")) == 2
        assert len(books.trail.payments_between(MONDAY, MONDAY + days(1))) == 2
        with pytest.raises(KeyError):
            books.trail.set_payment_state("none", "cleared")


def test_one_worker_does_the_night(ledger: DatabaseLedger) -> None:
    night = ("mail-day", MONDAY.date())
    with ledger.write() as books:
        assert books.trail.begin_run(*night, "w1", 60)
        assert not books.trail.begin_run(*night, "w2", 60)
        assert books.trail.begin_run(*night, "w1", -1)  # its own, after a crash; and over at once
    with ledger.write() as books:
        assert books.trail.begin_run(*night, "w2", 60)
        assert books.trail.run_figures(*night) is None
        books.trail.end_run(*night, {"applied": 3, "seconds": 1.5})
        assert books.trail.run_figures(*night) == {"applied": 3, "seconds": 1.5}
        assert books.trail.begin_run(*night, "w3", 60)
