"""Effects once: status, holds, payments, audit and events in one transaction, however often a step runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.clock import FrozenClock
from connectors.database import DatabaseLedger, open_ledger
from connectors.memory import MemoryObjectStore
from connectors.policy_file import load_policy
from models.agency import Agency
from models.claim import Because, Status
from models.decision import Judgement
from models.errors import Conflict
from models.gate import Purpose, Question
from models.hold import Channel, HoldKind
from models.item import Item, Outcome, Stage, item_id_for
from models.labels import Subcategory
from models.reading import ItemReading
from models.record import Reminder
from models.understanding import Facts, Mentions, Understanding
from pipelines import hold
from pipelines.answers import release_after_answer
from pipelines.decide import decide
from pipelines.gate import may_remind
from pipelines.match import hold_candidates
from pipelines.receive import receive
from pipelines.review import apply_judgement
from pipelines.services import Services
from pipelines.settle import change_status, settle
from tests.pipelines.cases import CLAIM, RECEIVED, case, cheque

POLICY = load_policy()


class _NotAsked:
    def understand(self, reading: ItemReading) -> Understanding:
        raise AssertionError(reading)

    def refresh(self) -> None:
        raise AssertionError

    def match(self, *_: object) -> object:
        raise AssertionError


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    ledger = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    with ledger.write() as books:
        books.claims.upsert(
            [CLAIM, replace(CLAIM, claim_ref="AB-2"), replace(CLAIM, claim_ref="CD-1", debtor_ref="d2")]
        )
    nobody = _NotAsked()
    yield Services(
        ledger,
        MemoryObjectStore(),
        FrozenClock(RECEIVED),
        Agency(),
        POLICY,
        nobody,
        nobody,  # type: ignore[arg-type]
    )
    ledger.close()


def held_item(services: Services, name: str = "lettre.png") -> Item:
    """An item at HELD, its soft hold on AB-1 placed."""
    receipt = receive(services, name, name.encode(), origin=f"/inbox/{name}", received_at=RECEIVED)
    item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)
    sure = case()
    with services.ledger.write() as books:
        books.items.open_receipt(receipt.receipt_id, [item])
        books.items.save_reading(item.item_id, sure.reading, ())
        item = books.items.move(item, Stage.READ)
        books.items.save_understanding(item.item_id, sure.understanding, Mentions())
        return hold_candidates(services, books, item, receipt, sure.matches, services.now())


def types_told(services: Services, claim_ref: str | None = "AB-1") -> list[str]:
    with services.ledger.read() as books:
        return [event.type.value for event in books.outbox.after(0, 1000) if event.claim_ref == claim_ref]


def asked(services: Services, claim_ref: str = "AB-1", **more: object) -> bool:
    (answer,) = may_remind(services, [Question(claim_ref, Channel.LETTER, **more)])  # type: ignore[arg-type]
    return answer.allowed


def books_of(services: Services) -> DatabaseLedger:
    assert isinstance(services.ledger, DatabaseLedger)
    return services.ledger


def test_a_reminder_may_leave_until_mail_about_the_claim_has_come(services: Services) -> None:
    assert asked(services)
    held_item(services)
    assert not asked(services)
    assert asked(services, "CD-1")


def test_nothing_leaves_while_something_received_is_unread(services: Services) -> None:
    receive(services, "scan.png", b"not yet read", origin="/inbox/scan.png")
    (answer,) = may_remind(services, [Question("CD-1", Channel.EMAIL)])
    assert (answer.allowed, answer.reasons) == (False, ("unread_items:1",))
    assert asked(services, "CD-1", purpose=Purpose.ANSWER)


def test_an_unknown_claim_is_never_allowed(services: Services) -> None:
    assert not asked(services, "ZZ-9")
    assert not asked(services, "ZZ-9", purpose=Purpose.ANSWER)


def test_receiving_the_same_file_twice_is_one_receipt_and_one_event(services: Services) -> None:
    first = receive(services, "a.png", b"bytes", origin="/inbox/a.png")
    again = receive(services, "a.png", b"bytes", origin="/inbox/a.png")
    assert again == first
    assert types_told(services, None) == ["item.received"]


def test_settling_tells_each_effect_once_and_ends_the_soft_hold_without_letting_go(services: Services) -> None:
    item = held_item(services)
    decision = decide(case(facts=Facts(promised_date=RECEIVED.date() + timedelta(days=3))), POLICY)
    with services.ledger.write() as books:
        settle(books, item, replace(decision), services.now(), "auto")
    told = types_told(services)
    assert sorted(told) == [
        "answer.due",  # to the debtor
        "answer.due",  # to the creditor: a proposal (R124-5)
        "claim.status_changed",
        "item.settled",
        "reminders.suppressed",
        "reminders.suppressed",
    ]
    assert not asked(services)
    with books_of(services).read() as books:
        record = books.items.record(item.item_id)
        assert record is not None
        assert {h.terms.kind: h.ended_at is None for h in record.holds} == {HoldKind.SOFT: False, HoldKind.HOLD: True}
        claim = books.claims.get("AB-1")
        assert claim is not None
        assert claim.status is Status.PROMISE_TO_PAY


def test_settling_twice_is_refused_and_changes_nothing(services: Services) -> None:
    item = held_item(services)
    decision = decide(case(), POLICY)
    with services.ledger.write() as books:
        settle(books, item, decision, services.now(), "auto")
    before = types_told(services)
    with pytest.raises(Conflict), services.ledger.write() as books:
        settle(books, item, decision, services.now(), "auto")
    assert types_told(services) == before


def test_a_hold_that_ends_lets_reminders_resume_only_when_nothing_else_holds(services: Services) -> None:
    one, two = held_item(services, "one.png"), held_item(services, "two.png")
    with services.ledger.write() as books:
        hold.end_all(books, books.holds.of_item(one.item_id), services.now(), "auto", "settled")
    assert "reminders.resumed" not in types_told(services)
    with services.ledger.write() as books:
        hold.end_all(books, books.holds.of_item(two.item_id), services.now(), "auto", "settled")
    assert types_told(services).count("reminders.resumed") == 1


def test_reminders_already_planned_are_named_for_recall(services: Services) -> None:
    with services.ledger.write() as books:
        for number, state in enumerate(("planned", "handed_over", "sent")):
            books.trail.set_reminder(Reminder(f"r{number}", "AB-1", "letter", state, RECEIVED))
    held_item(services)
    with services.ledger.read() as books:
        (event,) = [e for e in books.outbox.after(0, 100) if e.type.value == "reminders.suppressed"]
    assert sorted(event.data["recall"]) == ["r0", "r1"]


def test_a_debtor_wide_hold_stops_every_claim_of_the_debtor_and_no_other(services: Services) -> None:
    item = held_item(services)
    decision = decide(case(Subcategory.DEATH), POLICY)
    with services.ledger.write() as books:
        settle(books, item, decision, services.now(), "auto")
    assert decision.outcome is Outcome.REVIEW
    assert [asked(services, ref) for ref in ("AB-1", "AB-2", "CD-1")] == [False, False, True]


def test_holds_expire_by_their_date_at_question_time_and_by_the_mail_day(services: Services) -> None:
    item = held_item(services)
    decision = decide(case(facts=Facts(promised_date=RECEIVED.date())), POLICY)
    with services.ledger.write() as books:
        settle(books, item, decision, services.now(), "auto")
    clock = services.clock
    assert isinstance(clock, FrozenClock)
    clock.tick(timedelta(days=6))
    assert asked(services)  # the promise was for the day of receipt, and five days
    with services.ledger.write() as books:
        assert hold.expire(books, clock.now().date(), clock.now()) == 1
        assert hold.expire(books, clock.now().date(), clock.now()) == 0
    assert types_told(services).count("reminders.resumed") == 1


@pytest.mark.parametrize(
    ("because", "now", "to", "moved"),
    [
        (Because.MAIL, Status.DISPUTED, Status.PROMISE_TO_PAY, False),
        (Because.MAIL, Status.PROMISE_TO_PAY, Status.DISPUTED, True),
        (Because.BANK, Status.PAYMENT_RECEIVED, Status.PAID, True),
        (Because.BANK, Status.DISPUTED, Status.PAID, False),
        (Because.COLLECTION_SYSTEM, Status.DISPUTED, Status.CLOSED, True),
        (Because.COLLECTION_SYSTEM, Status.DISPUTED, Status.OPEN, False),
        (Because.PERSON, Status.PROTECTED, Status.OPEN, True),
    ],
)
def test_statuses_move_by_the_table(services: Services, because: Because, now: Status, to: Status, moved: bool) -> None:
    with services.ledger.write() as books:
        books.claims.set_status("AB-1", now)
        claim = books.claims.get("AB-1")
        assert claim is not None
        assert change_status(books, claim, to, because, RECEIVED, "test") is moved
        after = books.claims.get("AB-1")
        assert after is not None
        assert after.status is (to if moved else now)


def judgement(item: Item, **changes: object) -> Judgement:
    said = Judgement(
        item.item_id,
        item.version,
        "odile",
        RECEIVED,
        "settle",
        subcategory=Subcategory.NOT_MINE,
        claim_refs=("AB-1",),
    )
    return replace(said, **changes)  # type: ignore[arg-type]


def on_the_desk(services: Services) -> Item:
    item = held_item(services)
    with services.ledger.write() as books:
        return settle(books, item, decide(case(Subcategory.DEATH), POLICY), services.now(), "auto")


def test_a_judgement_settles_the_item_and_takes_the_place_of_what_was_held(services: Services) -> None:
    item = on_the_desk(services)
    apply_judgement(services, judgement(item))
    with books_of(services).read() as books:
        record = books.items.record(item.item_id)
        claim = books.claims.get("AB-1")
    assert record is not None
    assert claim is not None
    assert (record.item.stage, claim.status) == (Stage.SETTLED, Status.DISPUTED)
    assert [h.terms.reason for h in record.holds if h.ended_at is None] == ["dispute"]
    assert [asked(services, ref) for ref in ("AB-1", "AB-2")] == [False, True]


def test_two_operators_cannot_both_decide(services: Services) -> None:
    item = on_the_desk(services)
    apply_judgement(services, judgement(item))
    with pytest.raises(Conflict):
        apply_judgement(services, judgement(item, operator="paul"))


def test_ending_a_hold_needs_a_reason_which_is_kept(services: Services) -> None:
    item = on_the_desk(services)
    with pytest.raises(ValueError, match="reason"):
        apply_judgement(services, judgement(item, no_hold=True))
    apply_judgement(services, judgement(item, no_hold=True, reason="payé au téléphone, vérifié"))
    with books_of(services).read() as books:
        assert any("vérifié" in str(entry.detail) for entry in books.trail.of_item(item.item_id))
    assert not asked(services)  # disputed: the status alone says no


def test_a_settled_item_can_be_reopened_and_settled_again_with_a_hold(services: Services) -> None:
    item = on_the_desk(services)
    apply_judgement(services, judgement(item))
    for round_ in range(2):
        with books_of(services).read() as books:
            now = books.items.item(item.item_id)
        assert now is not None
        apply_judgement(services, judgement(now, action="reopen", reason="erreur"))
        with books_of(services).read() as books:
            now = books.items.item(item.item_id)
        assert now is not None
        apply_judgement(services, judgement(now, reason=f"tour {round_}"))
    with books_of(services).read() as books:
        record = books.items.record(item.item_id)
    assert record is not None
    assert [h.terms.reason for h in record.holds if h.ended_at is None] == ["dispute"]


def test_shadow_mode_decides_and_changes_nothing(services: Services) -> None:
    services.shadow = True
    item = held_item(services)
    with services.ledger.write() as books:
        settle(books, item, decide(case(), POLICY), services.now(), "auto", shadow=True)
    assert types_told(services) == []
    with books_of(services).read() as books:
        record = books.items.record(item.item_id)
        claim = books.claims.get("AB-1")
    assert record is not None
    assert claim is not None
    assert (record.holds, claim.status) == ((), Status.OPEN)
    assert record.decision is not None
    assert record.decision.outcome is Outcome.APPLIED


def test_an_answer_gives_the_hold_its_last_day_and_ends_one_that_waited_for_it(services: Services) -> None:
    asking, planning = held_item(services, "a.png"), held_item(services, "b.png")
    with services.ledger.write() as books:
        settle(books, asking, decide(case(Subcategory.BALANCE), POLICY), services.now(), "auto")
        settle(books, planning, decide(case(Subcategory.PLAN_REQUEST), POLICY), services.now(), "auto")
        assert release_after_answer(books, POLICY, planning.item_id, services.now(), "api") == 1
        assert release_after_answer(books, POLICY, asking.item_id, services.now(), "api") == 1
        in_force = books.holds.on_claims(["AB-1"], services.now())["AB-1"]
    assert [(held.terms.reason, held.terms.until) for held in in_force] == [
        ("information_request", RECEIVED.date() + timedelta(days=10))
    ]


def test_a_cheque_is_booked_once_under_its_line(services: Services) -> None:
    item = held_item(services)
    decision = decide(case(Subcategory.CHEQUE, cheques=(cheque(),)), POLICY)
    with services.ledger.write() as books:
        settle(books, item, decision, services.now(), "auto")
    with services.ledger.read() as books:
        (payment,) = books.trail.payments_of("AB-1")
    assert payment.amount == 20_000
    assert "6679545" not in payment.key


def test_a_person_shortens_a_hold_only_with_a_reason_and_never_narrows_it(services: Services) -> None:
    item = held_item(services)
    with services.ledger.write() as books:
        settle(books, item, decide(case(Subcategory.DEATH), POLICY), services.now(), "auto")
        waiting = books.items.item(item.item_id)
    assert waiting is not None
    tomorrow = RECEIVED.date() + timedelta(days=1)
    shorter = Judgement(
        item.item_id,
        waiting.version,
        "camille",
        RECEIVED,
        "settle",
        subcategory=Subcategory.DEATH,
        claim_refs=("AB-1",),
        hold_until=tomorrow,
    )
    with pytest.raises(ValueError, match="reason"):
        apply_judgement(services, shorter)
    apply_judgement(services, replace(shorter, reason="the notary has written"))
    with books_of(services).read() as books:
        standing = [one for one in books.holds.of_item(item.item_id) if one.ended_at is None]
        (noted,) = [one for one in books.trail.of_item(item.item_id) if one.action == "judged"]
    assert [(one.terms.scope.value, one.terms.until) for one in standing] == [("debtor", tomorrow)]
    assert noted.detail["reason"] == "the notary has written"
