"""Money is booked once, never in doubt, and a bounced cheque never lets a reminder out in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.bank import Unposted
from models.cheque import Cmc7Line
from models.claim import Status
from models.item import Item, Receipt
from models.labels import Subcategory
from models.reading import ItemReading
from models.record import Lot
from models.understanding import Facts
from pipelines import hold
from pipelines.announced import end_unkept
from pipelines.answers import answer_gone
from pipelines.clearing import Word, bounced, cleared
from pipelines.custody import note_cheques
from pipelines.decide import decide
from pipelines.deposit import make_deposit
from pipelines.payments import Booked, Place, Told, allocate, book, dismiss, take_back
from pipelines.receive import receive
from pipelines.reconcile import MailDay, reconcile
from pipelines.services import Services
from pipelines.settle import settle
from tests.pipelines.cases import CLAIM, RECEIVED, ZONES, case, cheque
from tests.pipelines.test_settle import POLICY, asked, books_of, held_item, services, types_told

__all__ = ["services"]


def with_cheque(to: Services, amount: int = 20_000) -> tuple[Item, str]:
    """An item settled with a cheque of this sum; the payment's key."""
    item = held_item(to)
    decision = decide(case(Subcategory.CHEQUE, cheques=(cheque(amount),)), POLICY)
    with to.ledger.write() as books:
        settle(books, item, decision, to.now(), "auto")
    return item, decision.payments[0].key


def status_and_balance(to: Services) -> tuple[Status, int]:
    with to.ledger.read() as books:
        claim = books.claims.get("AB-1")
    assert claim is not None
    return claim.status, claim.balance


def test_a_cleared_cheque_pays_the_claim_once(services: Services) -> None:
    _, key = with_cheque(services)
    with services.ledger.write() as books:
        assert cleared(books, key, RECEIVED, "bank") is Word.DONE
        assert cleared(books, key, RECEIVED, "bank") is Word.KNOWN
    assert status_and_balance(services) == (Status.PAID, 0)
    assert types_told(services).count("payment.cleared") == 1


def test_a_part_payment_goes_back_to_open_with_the_new_balance(services: Services) -> None:
    _, key = with_cheque(services, 5_000)
    with services.ledger.write() as books:
        cleared(books, key, RECEIVED, "bank")
    assert status_and_balance(services) == (Status.OPEN, 15_000)


@pytest.mark.parametrize("cleared_before", [False, True])
def test_a_bounced_cheque_reinstates_the_claim_under_a_hold(services: Services, cleared_before: bool) -> None:
    _, key = with_cheque(services, 5_000)
    with services.ledger.write() as books:
        if cleared_before:
            cleared(books, key, RECEIVED, "bank")
        assert bounced(books, key, RECEIVED, "bank") is Word.DONE
        assert bounced(books, key, RECEIVED, "bank") is Word.KNOWN
    status, balance = status_and_balance(services)
    assert balance == 20_000
    assert status is Status.PAYMENT_BOUNCED
    assert not asked(services)
    assert types_told(services).count("payment.bounced") == 1


def test_a_transfer_on_top_of_a_cheque_is_asked_about(services: Services) -> None:
    with_cheque(services)
    with services.ledger.write() as books:
        assert book(books, Told("t1", 20_000, "transfer"), "AB-1", RECEIVED, "bank") is Booked.DOUBTFUL
    assert status_and_balance(services)[1] == 20_000


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(1, 30_000), min_size=1, max_size=6))
def test_replaying_a_statement_changes_nothing(services: Services, amounts: list[int]) -> None:
    lines = [Told(f"{amounts}:{number}", amount, "transfer") for number, amount in enumerate(amounts)]
    with services.ledger.write() as books:
        books.claims.set_balance("AB-1", 20_000)
        first = [book(books, line, "AB-1", RECEIVED, "bank") for line in lines]
        claim = books.claims.get("AB-1")
        again = [book(books, line, "AB-1", RECEIVED, "bank") for line in lines]
        after = books.claims.get("AB-1")
    assert claim == after
    assert claim is not None
    booked = sum(line.amount for line, said in zip(lines, first, strict=True) if said is Booked.BOOKED)
    assert claim.balance == 20_000 - booked
    assert all(said is Booked.KNOWN for said, one in zip(again, first, strict=True) if one is Booked.BOOKED)


def test_a_payment_nobody_can_place_is_named(services: Services) -> None:
    with services.ledger.write() as books:
        assert book(books, Told("t9", 100, "transfer"), None, RECEIVED, "bank") is Booked.NO_CLAIM


def test_the_bank_may_say_it_twice_but_a_bounce_is_the_last_word(services: Services) -> None:
    _, key = with_cheque(services, 5_000)
    with services.ledger.write() as books:
        assert bounced(books, key, RECEIVED, "bank") is Word.DONE
        assert cleared(books, key, RECEIVED, "bank") is Word.KNOWN
        assert cleared(books, "no such key", RECEIVED, "bank") is Word.UNKNOWN
        kinds = {due.kind for due in books.trail.answers_owed(RECEIVED + timedelta(days=9))}
    assert {"bounced", "creditor_notice"} <= kinds
    assert status_and_balance(services) == (Status.PAYMENT_BOUNCED, 20_000)
    assert "payment.cleared" not in types_told(services)


def test_of_two_cheques_one_cleared_leaves_the_claim_waiting_for_the_other(services: Services) -> None:
    _, first = with_cheque(services, 5_000)
    item = held_item(services, "two.png")
    other = replace(cheque(6_000), line=Cmc7Line("C0000002C042014506908E052108899000A", 0.999, None, vouched=True))
    with services.ledger.write() as books:
        settle(books, item, decide(case(Subcategory.CHEQUE, cheques=(other,)), POLICY), services.now(), "auto")
        cleared(books, first, RECEIVED, "bank")
    assert status_and_balance(services) == (Status.PART_PAYMENT_RECEIVED, 15_000)
    assert not asked(services)


def told(key: str = "t1", amount: int = 5_000, **changes: object) -> Told:
    return replace(Told(key, amount, "transfer"), **changes)  # type: ignore[arg-type]


def test_a_payment_owes_a_receipt_and_a_notice_to_the_creditor(services: Services) -> None:
    with services.ledger.write() as books:
        book(books, told(), "AB-1", RECEIVED, "bank")
        owed = books.trail.answers_of("bank:t1")
        assert [due.kind for due in owed] == ["creditor_notice", "receipt"]
        assert {due.due_at.date() for due in owed} == {RECEIVED.date()}
        assert answer_gone(books, POLICY, "bank:t1", "receipt", RECEIVED, RECEIVED, "x")
        assert not answer_gone(books, POLICY, "bank:t1", "receipt", RECEIVED, RECEIVED, "x")
    assert types_told(services).count("answer.sent") == 1


def test_an_instalment_of_a_plan_the_creditor_knows_needs_no_notice(services: Services) -> None:
    with services.ledger.write() as books:
        books.claims.upsert([replace(CLAIM, plan_next_due=RECEIVED.date())])
        book(books, told(), "AB-1", RECEIVED, "bank")
        assert [due.kind for due in books.trail.answers_of("bank:t1")] == ["receipt"]


def test_money_nobody_can_place_is_kept_once_until_a_person_books_or_dismisses_it(services: Services) -> None:
    with services.ledger.write() as books:
        for _ in range(2):
            assert book(books, told(), Place((), ("AB-1", "CD-1")), RECEIVED, "bank") is Booked.NO_CLAIM
        (waiting,) = books.bank.unposted()
        assert (waiting.reason, waiting.claim_refs) == ("no_claim", ("AB-1", "CD-1"))
        assert books.gate.in_the_building().unposted == {"AB-1", "CD-1"}
        assert allocate(books, "t1", [("AB-1", 4_999)], RECEIVED, "camille") == ["parts_differ"]
        assert allocate(books, "t1", [("ZZ", 5_000)], RECEIVED, "camille") == ["claim_not_known", "parts_unclear"]
        assert allocate(books, "t1", [], RECEIVED, "camille") == ["parts_differ"]
        assert allocate(books, "t1", [("AB-1", 3_000), ("CD-1", 2_000)], RECEIVED, "camille") == []
        assert allocate(books, "t1", [("AB-1", 5_000)], RECEIVED, "camille") == ["payment_gone", "parts_differ"][:1]
        assert books.bank.unposted() == []
        assert book(books, told(), "AB-1", RECEIVED, "bank") is Booked.KNOWN
        balances = {ref: claim.balance for ref, claim in books.claims.get_many(["AB-1", "CD-1"]).items()}
    assert balances == {"AB-1": 17_000, "CD-1": 18_000}


def test_money_set_aside_needs_a_reason_and_does_not_come_back(services: Services) -> None:
    with services.ledger.write() as books:
        book(books, told(), None, RECEIVED, "bank")
        assert not dismiss(books, "t1", RECEIVED, "camille", " ")
        assert dismiss(books, "t1", RECEIVED, "camille", "refunded")
        assert not dismiss(books, "t1", RECEIVED, "camille", "refunded")
        assert book(books, told(), "AB-1", RECEIVED, "bank") is Booked.KNOWN
        assert books.trail.payments_of("AB-1") == []


def test_a_payment_whose_claim_comes_in_later_is_booked_when_it_is_told_again(services: Services) -> None:
    with services.ledger.write() as books:
        assert book(books, told(), None, RECEIVED, "bank") is Booked.NO_CLAIM
        assert book(books, told(), "AB-1", RECEIVED, "bank") is Booked.BOOKED
        assert books.bank.unposted() == []


def test_one_transfer_that_is_the_sum_of_two_balances_pays_both(services: Services) -> None:
    both = Place(("AB-1", "CD-1"))
    with services.ledger.write() as books:
        assert book(books, told("t2", 39_999), both, RECEIVED, "bank") is Booked.DOUBTFUL
        assert book(books, told("t3", 40_000), both, RECEIVED, "bank") is Booked.BOOKED
        assert {claim.status for claim in books.claims.get_many(["AB-1", "CD-1"]).values()} == {Status.PAID}
        assert [one.reason for one in books.bank.unposted()] == ["several_claims"]


def test_what_is_paid_above_the_balance_is_booked_by_a_person_and_owed_back(services: Services) -> None:
    with services.ledger.write() as books:
        assert book(books, told(amount=25_000), "AB-1", RECEIVED, "bank") is Booked.DOUBTFUL
        assert allocate(books, "t1", [("AB-1", 25_000)], RECEIVED, "camille") == []
        assert "refund" in {due.kind for due in books.trail.answers_of("bank:t1")}
    assert status_and_balance(services) == (Status.PAID, 0)


def test_a_transfer_taken_back_is_found_by_any_of_its_numbers(services: Services) -> None:
    with services.ledger.write() as books:
        book(books, told(), "AB-1", RECEIVED, "bank")
        for _ in range(2):
            word = take_back(books, told("r9"), ["no", "t1"], Place(), RECEIVED, "bank")
            assert word in (Word.DONE, Word.KNOWN)
    assert status_and_balance(services) == (Status.PAYMENT_BOUNCED, 20_000)
    assert types_told(services).count("payment.bounced") == 1
    assert not asked(services)


def test_a_return_of_an_unknown_payment_waits_for_a_person_who_names_the_claim(services: Services) -> None:
    with services.ledger.write() as books:
        book(books, told(), "AB-1", RECEIVED, "bank")
        for _ in range(2):
            assert take_back(books, told("r9"), [], Place((), ("AB-1",)), RECEIVED, "bank") is Word.UNKNOWN
        assert [one.reason for one in books.bank.unposted()] == ["unknown_bounce"]
        assert allocate(books, "r9", [("CD-1", 5_000)], RECEIVED, "camille") == ["no_such_payment"]
        assert allocate(books, "r9", [("AB-1", 5_000)], RECEIVED, "camille") == []
        assert books.bank.unposted() == []
    assert status_and_balance(services) == (Status.PAYMENT_BOUNCED, 20_000)


# -- announced payments ----------------------------------------------------------------------------------------------


def announced(to: Services, subcategory: Subcategory = Subcategory.TRANSFER_NOTICE) -> Item:
    item = held_item(to)
    day = RECEIVED.date()
    facts = Facts(paid_amount=5_000, paid_date=day, promised_date=day)
    with to.ledger.write() as books:
        return settle(books, item, decide(case(subcategory, facts=facts), POLICY), to.now(), "auto")


@pytest.mark.parametrize("subcategory", [Subcategory.TRANSFER_NOTICE, Subcategory.PROMISE])
def test_an_announced_payment_that_never_came_ends_its_hold_and_says_so(
    services: Services, subcategory: Subcategory
) -> None:
    announced(services, subcategory)
    last = RECEIVED.date() + timedelta(days=10 if subcategory is Subcategory.TRANSFER_NOTICE else 5)
    later = RECEIVED + timedelta(days=30)
    with services.ledger.write() as books:
        assert end_unkept(books, last, later) == 0  # its last day is not over
        assert end_unkept(books, later.date(), later) == 1
        assert end_unkept(books, later.date(), later) == 0
    assert status_and_balance(services) == (Status.OPEN, 20_000)
    told_types = types_told(services)
    assert told_types.count("payment.never_came") == 1
    assert told_types[-1] == "reminders.resumed"
    with services.ledger.read() as books:
        states = [one.state for one in books.trail.payments_of("AB-1")]
        assert states == (["never_came"] if subcategory is Subcategory.TRANSFER_NOTICE else [])


def test_an_announced_payment_that_came_is_no_broken_word(services: Services) -> None:
    announced(services)
    later = RECEIVED + timedelta(days=30)
    with services.ledger.write() as books:
        assert book(books, told(), "AB-1", RECEIVED + timedelta(days=2), "bank") is Booked.BOOKED
        assert [one.state for one in books.trail.payments_of("AB-1")] == ["cleared", "arrived"][::-1]
        assert end_unkept(books, later.date(), later) == 0
        hold.expire(books, later.date(), later)
    assert status_and_balance(services) == (Status.OPEN, 15_000)
    assert "payment.never_came" not in types_told(services)


# -- the day is closed -----------------------------------------------------------------------------------------------


def day_of(to: Services, receipts: list[Receipt], **changes: object) -> MailDay:
    midnight = RECEIVED.replace(hour=0)
    return replace(MailDay(RECEIVED.date(), midnight, midnight + timedelta(days=1), receipts), **changes)  # type: ignore[arg-type]


def residues(to: Services, mail: MailDay) -> dict[str, tuple[str, ...]]:
    with to.ledger.read() as books:
        sums, _shares = reconcile(books, mail)
    assert all(one.holds is (not one.residue) for one in sums)
    return {one.name: one.residue for one in sums if one.residue}


def receipts_of(to: Services) -> list[Receipt]:
    midnight = RECEIVED.replace(hour=0)
    with books_of(to).read() as books:
        return books.desk.receipts_between(midnight, midnight + timedelta(days=1))


def test_a_day_closes_when_every_sum_holds(services: Services) -> None:
    with_cheque(services)
    with services.ledger.read() as books:
        sums, shares = reconcile(books, day_of(services, receipts_of(services), events=5))
    assert all(one.holds for one in sums)
    assert (shares.decided, shares.on_the_desk, shares.refused) == (1, 0, 0)


def test_a_last_day_names_every_residue_of_every_kind(services: Services) -> None:
    item, _ = with_cheque(services)
    with services.ledger.write() as books:
        record = books.items.record(item.item_id)
        assert record is not None
        read = replace(record, reading=ItemReading("", "", cheques=(cheque(20_000),)))
        note_cheques(books, read)  # ready for the bank, and in no list
        before = RECEIVED - timedelta(days=1)
        books.bank.add_unposted(Unposted("old", 100, "transfer", before, "no_claim"))
        books.bank.add_unposted(Unposted("today", 100, "transfer", RECEIVED, "no_claim"))
    receive(services, "unopened.png", b"1", origin="/inbox/u", received_at=RECEIVED)
    held_item(services, "half way.png")
    lost = replace(receipts_of(services)[0], receipt_id="lost", file_name="opened without items.pdf")
    lot = Lot("L-1", RECEIVED.date(), 12, RECEIVED)
    mail = day_of(
        services,
        [*receipts_of(services), lost],
        lots=[(lot, 11)],
        events=3,
        unacknowledged=("payment.received AB-1 (dead)",),
    )
    assert residues(services, mail) == {
        "files": ("unopened.png", "opened without items.pdf"),
        "items": ("half way.png#1: held",),
        "deposit": (f"{ZONES[0]}: AB-1",),
        "bank": ("old",),
        "lots": ("L-1: 11/12",),
        "events": ("payment.received AB-1 (dead)",),
    }
    with services.ledger.write() as books:
        make_deposit(books, RECEIVED.date(), RECEIVED, "x")
    assert "deposit" not in residues(services, mail)


def test_a_payment_that_a_decision_names_and_the_books_do_not_is_a_residue(services: Services) -> None:
    _, key = with_cheque(services)
    with services.ledger.write() as books:
        (payment,) = books.trail.payments_with_key(key)
        books.trail.reverse_payment(payment.payment_id)
    assert residues(services, day_of(services, receipts_of(services))) == {"payments": ("lettre.png: AB-1",)}
