"""What the gate and the leaked-reminder ledger read, on both engines: short lists, long lists and one claim agree."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import event

from connectors.database import DatabaseLedger
from connectors.database.outbox import Attempt
from models.bank import Unposted
from models.claim import Status
from models.event import Delivery, EventDraft, EventType
from models.gate import Building, Standing
from models.hold import ALL_CHANNELS, Scope
from models.item import Outcome, Stage, Unseen
from models.leak import Arrival
from models.record import AuditEntry, Lot, Reminder
from tests.connectors.samples import MONDAY, add_items, claim, days, hold, terms

FILLING = [f"x{number}" for number in range(2_500)]
OTHER = claim(
    "C-2", debtor_ref="debtor of C-1", company_name="SARL Test", status=Status.DISPUTED, co_debtor_refs=("d9",)
)


@pytest.mark.parametrize("more", [[], FILLING[:20], FILLING])
def test_standings_and_stops_are_the_same_for_one_claim_a_few_and_very_many(
    ledger: DatabaseLedger, more: list[str]
) -> None:
    with ledger.write() as books:
        books.claims.upsert([claim(last_name="MERLE", first_name="Anne"), OTHER])
        books.holds.place(hold("own", terms=terms(reason="dispute")))
        books.holds.place(
            hold("wide", "C-2", debtor_ref="debtor of C-1", terms=terms(scope=Scope.DEBTOR, reason="death"))
        )
        books.holds.place(hold("later", starts_at=MONDAY + days(3)))
        books.holds.place(hold("over", starts_at=MONDAY - days(9), terms=terms(until=(MONDAY - days(1)).date())))
        books.holds.place(hold("ended", starts_at=MONDAY - days(9), ended_at=MONDAY - days(1)))
    with ledger.read() as books:
        standings = books.claims.standings(["C-1", *more])
        own, of_debtor = books.holds.stops(["C-1", *more], {"debtor of C-1"}, MONDAY, MONDAY)
        _, of_nobody = books.holds.stops(["C-1", *more], {"debtor of C-1"}, MONDAY, MONDAY + days(3))
    assert standings == {"C-1": Standing(Status.OPEN, "debtor of C-1", "Anne MERLE")}
    assert [stop.reason for stop in own["C-1"]] == ["dispute"]
    assert [stop.channels for stop in own["C-1"]] == [ALL_CHANNELS]
    assert [stop.reason for stop in of_debtor["debtor of C-1"]] == ["death"]
    assert len(of_nobody["debtor of C-1"]) == 1


def test_a_standing_names_the_company_and_says_whether_others_owe_it_too(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        books.claims.upsert([OTHER])
        assert books.claims.standings(["C-2"]) == {
            "C-2": Standing(Status.DISPUTED, "debtor of C-1", "SARL Test", co_debtors=True)
        }


def test_what_is_in_the_building_is_counted_until_it_has_candidates(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        assert books.gate.in_the_building().unread == 0
        one, _two = add_items(books, "a.pdf", 2)
        assert books.gate.in_the_building().unread == 2
        one = books.items.move(one, Stage.READ)
        assert books.gate.in_the_building().unread == 2
        books.items.move(one, Stage.HELD)
        assert books.gate.in_the_building().unread == 1


def test_a_payment_that_waits_for_a_person_is_seen_until_it_is_booked(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        books.bank.add_unposted(
            Unposted("VIR-1", 5_000, "transfer", MONDAY, "several_claims", claim_refs=("C-1", "C-2"))
        )
        assert books.gate.in_the_building().unposted == {"C-1", "C-2"}
        books.bank.end_unposted("VIR-1", MONDAY, "ana", "booked")
        assert books.gate.in_the_building().unposted == frozenset()


def test_a_lot_is_closed_with_its_last_item_or_by_a_person(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        for lot_id in ("L1", "L2"):
            books.trail.add_lot(Lot(lot_id, MONDAY.date(), 2, MONDAY))
        add_items(books, "a.pdf", 2, lot_id="L1")
        (late,) = add_items(books, "b.pdf", 1)
        books.items.name_lot(late.receipt_id, "L2")
        books.items.name_lot(late.receipt_id, "L1")  # it has a lot already
        assert books.trail.close_scanned_lots(MONDAY) == 1
        assert books.trail.close_scanned_lots(MONDAY) == 0
        assert [lot.lot_id for lot in books.trail.lots_not_scanned()] == ["L2"]
        assert [received for _lot, received in books.trail.counted_lots(["L1", "L2"])] == [2, 1]
        assert books.trail.close_lot("L2", MONDAY, "ana", "one was empty")
        assert books.trail.lots_not_scanned() == []


def test_suspects_are_sent_reminders_beside_holds_of_mail_that_still_stood(ledger: DatabaseLedger) -> None:
    sent = Reminder("r1", "C-1", "letter", "sent", MONDAY + days(1))
    with ledger.write() as books:
        books.claims.upsert([claim(), OTHER])
        books.holds.place(hold("own"))
        books.holds.place(hold("wide", "C-2", debtor_ref="debtor of C-1", terms=terms(scope=Scope.DEBTOR)))
        books.holds.place(hold("narrow", "C-2", debtor_ref="debtor of C-1"))
        books.holds.place(hold("ended", ended_at=MONDAY + timedelta(hours=1)))
        books.holds.place(hold("by hand", item_id=None))
        books.trail.set_reminder(sent)
        books.trail.set_reminder(Reminder("r2", "C-1", "letter", "planned", MONDAY + days(1)))
        found = books.leaks.suspects(MONDAY, MONDAY + days(2))
        assert [(one.reminder, one.hold.hold_id) for one in found] == [(sent, "own"), (sent, "wide")]
        assert books.leaks.suspects(MONDAY + days(2), MONDAY + days(3)) == []
        assert books.leaks.sent_at(MONDAY, MONDAY + days(2)) == [sent.at]


def test_an_arrival_counts_from_the_day_of_the_post_and_knows_when_the_desk_had_it(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        (post,) = add_items(books, "a.pdf", 1, mail_received_on=MONDAY.date())
        (mail,) = add_items(books, "b.eml", 1)
        for hours, outcome in ((1, "review"), (2, "review"), (3, "applied")):
            detail = {"outcome": outcome}
            books.trail.note(AuditEntry(MONDAY + timedelta(hours=hours), "auto", "decided", post.item_id, None, detail))
        found = books.leaks.arrivals({post.item_id, mail.item_id, "none"})
    midnight = datetime.combine(MONDAY.date(), time(), UTC)
    assert found == {
        post.item_id: Arrival(midnight, MONDAY, MONDAY + timedelta(hours=1)),
        mail.item_id: Arrival(MONDAY, MONDAY),
    }


def test_a_hold_was_told_when_the_last_webhook_had_acknowledged_it(ledger: DatabaseLedger) -> None:
    keys = {("h1", "C-1"), ("h2", "C-1")}
    with ledger.write() as books:
        books.webhooks.add("https://one.example/hook", "whsec_test", "ana", MONDAY)
        books.outbox.add(EventDraft(EventType.REMINDERS_SUPPRESSED, "h1", "C-1"), MONDAY)
        assert books.leaks.told_at(keys) == {("h1", "C-1"): None}
        (due,) = books.outbox.lease_deliveries(10, "w", 60, MONDAY)
        done = Attempt(MONDAY + days(1), 0.1, 204, "")
        books.outbox.record_attempt(due, done, Delivery.DELIVERED)
        assert books.leaks.told_at(keys) == {("h1", "C-1"): MONDAY + days(1)}


def test_all_that_came_in_is_told_at_once_and_costs_one_statement_while_nothing_waits(ledger: DatabaseLedger) -> None:
    asked: list[str] = []
    with ledger.write() as books:
        connection = books.gate._connection
        event.listen(connection, "before_cursor_execute", lambda *said: asked.append(said[2]))
        assert books.gate.in_the_building() == Building()
        assert len(asked) == 1
        one, two = add_items(books, "a.pdf", 2)
        books.items.move(one, Stage.REFUSED, outcome=Outcome.REFUSED)
        books.items.mark_unseen(one.item_id, Unseen.BLOCKS)
        books.items.move(two, Stage.REFUSED, outcome=Outcome.REFUSED)
        books.items.mark_unseen(two.item_id, Unseen.HELD)
        add_items(books, "b.pdf", 1)
        books.trail.add_lot(Lot("L1", MONDAY.date(), 9, MONDAY))
        books.bank.add_unposted(Unposted("VIR-1", 5_000, "transfer", MONDAY, "several_claims", claim_refs=("C-1",)))
        assert books.gate.in_the_building() == Building(1, ("L1",), frozenset({"C-1"}), 1)
