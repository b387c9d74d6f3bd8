"""A misfiled item is put right: what it did to the wrong claim is undone by name, and done to the right one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.claim import Because, Claim, Status
from models.decision import Judgement
from models.item import Item
from models.labels import Subcategory
from models.understanding import Facts
from pipelines.clearing import cleared
from pipelines.decide import decide
from pipelines.review import apply_judgement
from pipelines.services import Services
from pipelines.settle import change_status, settle
from tests.pipelines.cases import RECEIVED, case
from tests.pipelines.test_deposit import arrived, deposits, numbered
from tests.pipelines.test_settle import POLICY, asked, held_item, services, types_told

__all__ = ["services"]


def applied(to: Services, subcategory: Subcategory, name: str = "a.png", **changes: object) -> Item:
    item = held_item(to, name)
    with to.ledger.write() as books:
        return settle(books, item, decide(case(subcategory, **changes), POLICY), to.now(), "auto")


def corrected(
    to: Services, item: Item, *refs: str, subcategory: Subcategory | None = None, action: str = "settle"
) -> Item:
    """Back on the desk, then decided anew by a person."""
    to.clock.tick(timedelta(minutes=1))  # type: ignore[attr-defined]
    apply_judgement(to, Judgement(item.item_id, item.version, "camille", to.now(), "reopen", reason="wrong claim"))
    with to.ledger.read() as books:
        reopened = books.items.item(item.item_id)
    assert reopened is not None
    apply_judgement(
        to,
        Judgement(
            item.item_id, reopened.version, "camille", to.now(), action,
            subcategory=subcategory, claim_refs=refs, reason="wrong claim",
        ),
    )  # fmt: skip
    with to.ledger.read() as books:
        after = books.items.item(item.item_id)
    assert after is not None
    return after


def claim(to: Services, ref: str) -> Claim:
    with to.ledger.read() as books:
        found = books.claims.get(ref)
    assert found is not None
    return found


def test_a_dispute_on_the_wrong_claim_moves_to_the_right_one(services: Services) -> None:
    item = applied(services, Subcategory.AMOUNT)
    assert claim(services, "AB-1").status is Status.DISPUTED
    corrected(services, item, "CD-1", subcategory=Subcategory.AMOUNT)
    assert (claim(services, "AB-1").status, claim(services, "CD-1").status) == (Status.OPEN, Status.DISPUTED)
    assert asked(services, "AB-1")
    assert not asked(services, "CD-1")
    wrong, right = types_told(services, "AB-1"), types_told(services, "CD-1")
    assert {"item.corrected", "dispute.closed", "reminders.resumed"} <= set(wrong)
    assert {"item.corrected", "dispute.opened", "reminders.suppressed", "answer.due"} <= set(right)
    with services.ledger.read() as books:
        assert {due.claim_ref for due in books.trail.answers_of(item.item_id)} == {"CD-1"}
        record = books.items.record(item.item_id)
        actions = [entry.action for entry in books.trail.of_item(item.item_id)]
    assert record is not None
    ended = [held for held in record.holds if held.claim_ref == "AB-1" and held.terms.reason == "dispute"]
    assert [held.end_reason for held in ended] == ["corrected"]
    assert "answer_withdrawn" in actions
    assert actions.count("item_corrected") == 2  # on either claim


def test_another_category_on_the_same_claim_undoes_the_stronger_status(services: Services) -> None:
    item = applied(services, Subcategory.AMOUNT)
    corrected(services, item, "AB-1", subcategory=Subcategory.PROMISE)
    assert claim(services, "AB-1").status is Status.PROMISE_TO_PAY
    assert not asked(services)
    assert "dispute.closed" in types_told(services)


def test_a_weaker_fact_that_had_lost_wins_when_the_stronger_one_was_a_mistake(services: Services) -> None:
    item = applied(services, Subcategory.AMOUNT)
    applied(services, Subcategory.PROMISE, "b.png", facts=Facts(promised_date=RECEIVED.date() + timedelta(days=3)))
    with services.ledger.write() as books:
        held = books.claims.get("AB-1")
        assert held is not None
        change_status(books, held, Status.PROMISE_TO_PAY, Because.MAIL, services.now(), "auto", about="b")
    assert claim(services, "AB-1").status is Status.DISPUTED
    corrected(services, item, "CD-1", subcategory=Subcategory.AMOUNT)
    assert claim(services, "AB-1").status is Status.PROMISE_TO_PAY


def test_what_the_collection_system_closed_meanwhile_stays_closed(services: Services) -> None:
    item = applied(services, Subcategory.AMOUNT)
    with services.ledger.write() as books:
        books.claims.set_status("AB-1", Status.CLOSED)  # as an import does
    corrected(services, item, "CD-1", subcategory=Subcategory.AMOUNT)
    assert claim(services, "AB-1").status is Status.CLOSED


@pytest.mark.parametrize("bank_spoke", [False, True])
def test_a_cheque_booked_on_the_wrong_claim_is_reversed_and_booked_on_the_right_one(
    services: Services, bank_spoke: bool
) -> None:
    item = arrived(services, "a.png", numbered(1, 20_000))
    with services.ledger.write() as books:
        (paper,) = books.bank.cheques_of_item(item.item_id)
        if bank_spoke:
            cleared(books, paper.key, services.now(), "bank")
    assert claim(services, "AB-1").status is (Status.PAID if bank_spoke else Status.PAYMENT_RECEIVED)
    corrected(services, item, "CD-1", subcategory=Subcategory.CHEQUE)
    wrong, right = claim(services, "AB-1"), claim(services, "CD-1")
    assert (wrong.status, wrong.balance) == (Status.OPEN, 20_000)
    assert (right.status, right.balance) == (
        (Status.PAID, 0) if bank_spoke else (Status.PAYMENT_RECEIVED, 20_000)
    )  # fmt: skip
    assert types_told(services, "AB-1").count("payment.reversed") == 1
    assert types_told(services, "CD-1").count("payment.received") == 1
    with services.ledger.read() as books:
        assert [one.state for one in books.trail.payments_of("AB-1")] == ["reversed"]
        standing = books.trail.payments_with_key(paper.key)
        assert [(one.claim_ref, one.state) for one in standing] == [("CD-1", "cleared" if bank_spoke else "received")]


def test_a_correction_may_itself_be_corrected(services: Services) -> None:
    item = arrived(services, "a.png", numbered(1, 20_000))
    there = corrected(services, item, "CD-1", subcategory=Subcategory.CHEQUE)
    corrected(services, there, "AB-1", subcategory=Subcategory.CHEQUE)
    assert claim(services, "AB-1").status is Status.PAYMENT_RECEIVED
    assert claim(services, "CD-1").status is Status.OPEN
    with services.ledger.read() as books:
        states = [one.state for one in books.trail.payments_of("AB-1")]
    assert sorted(states) == ["received", "reversed"]
    assert types_told(services, "AB-1").count("payment.received") == 2
    assert not asked(services, "AB-1")
    assert asked(services, "CD-1")
    (made,), _ = deposits(services)
    assert (made.total, made.lines[0].claim_refs) == (20_000, ("AB-1",))


def test_a_cheque_already_deposited_keeps_its_place_in_the_list(services: Services) -> None:
    item = arrived(services, "a.png", numbered(1))
    (made,), _ = deposits(services)
    corrected(services, item, "CD-1", subcategory=Subcategory.CHEQUE)
    assert deposits(services) == ([made], [])


@pytest.mark.parametrize("action", ["file", "refuse"])
def test_an_item_that_should_have_done_nothing_does_nothing_in_the_end(services: Services, action: str) -> None:
    item = applied(services, Subcategory.AMOUNT)
    corrected(services, item, action=action)
    assert claim(services, "AB-1").status is Status.OPEN
    assert asked(services)
    told = types_told(services)
    assert told.count("item.corrected") == 1
    assert told.count("dispute.closed") == 1


def test_the_same_decision_again_reverses_no_payment(services: Services) -> None:
    item = arrived(services, "a.png", numbered(1))
    corrected(services, item, "AB-1", subcategory=Subcategory.CHEQUE)
    told = types_told(services)
    assert "payment.reversed" not in told
    assert told.count("payment.received") == 1
    assert claim(services, "AB-1").status is Status.PART_PAYMENT_RECEIVED
    assert not asked(services)


def test_an_applied_item_is_not_simply_read_again(services: Services) -> None:
    item = applied(services, Subcategory.AMOUNT)
    apply_judgement(services, Judgement(item.item_id, item.version, "c", services.now(), "reopen", reason="x"))
    with pytest.raises(ValueError, match="corrected"):
        apply_judgement(services, Judgement(item.item_id, item.version + 1, "c", services.now(), "reprocess"))
