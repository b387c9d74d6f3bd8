"""A payment booked on the wrong claim: either claim stands as it should, and everything that was done can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.database import open_ledger
from models.claim import Status
from models.event import EventType
from pipelines.answers import answer_gone
from pipelines.misposted import MISPOSTED, rebook, standing
from pipelines.payments import Booked, Place, allocate, book, dismiss, take_back
from pipelines.services import Services
from tests.pipelines.cases import RECEIVED
from tests.pipelines.test_payments import announced, told
from tests.pipelines.test_settle import POLICY, asked, services, types_told

__all__ = ["services"]

LATER = RECEIVED + timedelta(days=1)


def booked(to: Services, amount: int = 20_000, ref: str = "AB-1") -> None:
    with to.ledger.write() as books:
        book(books, told(amount=amount), None, RECEIVED, "bank")
        assert allocate(books, "t1", [(ref, amount)], RECEIVED, "camille") == []


def moved(to: Services, *parts: tuple[str, int], reason: str = "wrong claim", **more: Any) -> list[str]:
    with to.ledger.write() as books:
        return rebook(books, "t1", parts, LATER, "sacha", reason, **more)


def state(to: Services, ref: str) -> tuple[Status, int]:
    with to.ledger.read() as books:
        claim = books.claims.get(ref)
    assert claim is not None
    return claim.status, claim.balance


def data_of(to: Services, kind: EventType, ref: str) -> dict[str, Any]:
    with to.ledger.read() as books:
        found = [event for event in books.outbox.after(0, 1000) if (event.type, event.claim_ref) == (kind, ref)]
    return found[-1].data


def test_it_is_reversed_on_the_wrong_claim_and_booked_on_the_right_one(services: Services) -> None:
    booked(services)
    assert state(services, "AB-1") == (Status.PAID, 0)
    assert moved(services, ("CD-1", 20_000)) == []
    assert state(services, "AB-1") == (Status.OPEN, 20_000)
    assert state(services, "CD-1") == (Status.PAID, 0)
    assert types_told(services, "AB-1")[-2:] == ["claim.status_changed", "payment.reversed"]
    assert {"payment.cleared", "claim.status_changed", "answer.due"} <= set(types_told(services, "CD-1"))
    said = data_of(services, EventType.PAYMENT_REVERSED, "AB-1")
    assert (said["amount"], said["was"], said["moved_to"]) == ("200.00", "cleared", ["CD-1"])
    assert sorted(said["answers_withdrawn"]) == ["creditor_notice", "receipt"]
    with services.ledger.read() as books:
        notes = [entry for entry in books.trail.of_claim("AB-1") if entry.action == "payment_moved"]
        assert [(one.actor, one.at, one.detail["reason"]) for one in notes] == [("sacha", LATER, "wrong claim")]
        assert [one.state for one in books.trail.payments_of("AB-1")] == ["reversed"]
        assert [one.claim_ref for one in books.trail.payments_ever("t1")] == ["AB-1", "CD-1"]
        assert books.trail.answers_of("bank:t1") == []


def test_saying_it_twice_does_it_once_and_a_colleague_who_was_faster_is_not_undone(services: Services) -> None:
    booked(services)
    seen = ["bank:t1"]
    assert moved(services, ("CD-1", 20_000), seen=seen) == []
    told_before = types_told(services, "CD-1")
    assert moved(services, ("CD-1", 20_000)) == ["payment_stands_so"]
    assert moved(services, ("AB-2", 20_000), seen=seen) == ["payment_moved"]
    with services.ledger.write() as books:
        assert book(books, told(amount=20_000), "AB-1", LATER, "bank") is Booked.KNOWN
    assert types_told(services, "CD-1") == told_before


@pytest.mark.parametrize(
    ("parts", "trouble"),
    [
        ([("CD-1", 19_999)], "parts_differ"),
        ([("ZZ-9", 20_000)], "claim_not_known"),
        ([("CD-1", 10_000), ("CD-1", 10_000)], "parts_unclear"),
        ([("CD-1", 30_000), ("AB-2", -10_000)], "parts_unclear"),
    ],
)
def test_nothing_is_done_where_anything_is_unclear(
    services: Services, parts: list[tuple[str, int]], trouble: str
) -> None:
    booked(services)
    assert trouble in moved(services, *parts)
    assert moved(services, ("CD-1", 20_000), reason=" ") == ["need_note"]
    assert state(services, "AB-1") == (Status.PAID, 0)
    assert "payment.reversed" not in types_told(services)


def test_a_correction_may_be_corrected_and_the_first_claim_stands_as_it_did(services: Services) -> None:
    booked(services)
    for ref in ("CD-1", "AB-1", "CD-1", "AB-1"):
        assert moved(services, (ref, 20_000)) == []
    assert state(services, "AB-1") == (Status.PAID, 0)
    assert state(services, "CD-1") == (Status.OPEN, 20_000)
    for ref in ("AB-1", "CD-1"):
        assert types_told(services, ref).count("payment.reversed") == 2
    with services.ledger.read() as books:
        assert len({one.payment_id for one in books.trail.payments_ever("t1")}) == 5
        (now,) = standing(books, "t1")
        assert {due.kind for due in books.trail.answers_of(now.payment_id)} == {"receipt", "creditor_notice"}


def test_only_the_part_that_was_wrong_is_moved(services: Services) -> None:
    with services.ledger.write() as books:
        book(books, told(), None, RECEIVED, "bank")
        allocate(books, "t1", [("AB-1", 3_000), ("AB-2", 2_000)], RECEIVED, "camille")
    assert moved(services, ("AB-1", 3_000), ("CD-1", 2_000)) == []
    assert [state(services, ref)[1] for ref in ("AB-1", "AB-2", "CD-1")] == [17_000, 20_000, 18_000]
    assert "payment.reversed" not in types_told(services)


def test_where_nobody_knows_the_right_claim_it_waits_again(services: Services) -> None:
    booked(services)
    assert moved(services) == []
    assert state(services, "AB-1") == (Status.OPEN, 20_000)
    with services.ledger.write() as books:
        (waiting,) = books.bank.unposted()
        assert (waiting.reason, waiting.amount, waiting.note) == (MISPOSTED, 20_000, "wrong claim")
        assert book(books, told(amount=20_000), "AB-1", LATER, "bank") is Booked.KNOWN  # told again: it still waits
        assert allocate(books, "t1", [("CD-1", 20_000)], LATER, "camille") == []
    assert moved(services) == []  # wrong once more
    with services.ledger.write() as books:
        assert len(books.bank.unposted()) == 1
        assert dismiss(books, "t1", LATER, "camille", "sent back to the payer")
    assert moved(services) == ["payment_not_booked"]
    assert [state(services, ref) for ref in ("AB-1", "CD-1")] == [(Status.OPEN, 20_000)] * 2


def test_of_more_than_the_balance_only_what_was_taken_off_comes_back(services: Services) -> None:
    booked(services, amount=25_000)
    with services.ledger.read() as books:
        assert "refund" in {due.kind for due in books.trail.answers_of("bank:t1")}
    assert moved(services, ("CD-1", 25_000)) == []
    assert state(services, "AB-1") == (Status.OPEN, 20_000)
    with services.ledger.write() as books:
        take_back(books, told(amount=25_000), [], Place(), LATER, "bank")
    assert state(services, "CD-1") == (Status.PAYMENT_BOUNCED, 20_000)


def test_a_receipt_that_went_to_the_wrong_debtor_is_named(services: Services) -> None:
    booked(services)
    with services.ledger.write() as books:
        assert answer_gone(books, POLICY, "bank:t1", "receipt", RECEIVED, RECEIVED, "x")
    assert moved(services, ("CD-1", 20_000)) == []
    said = data_of(services, EventType.PAYMENT_REVERSED, "AB-1")
    assert (said["answers_withdrawn"], said["answers_sent"]) == (["creditor_notice"], ["receipt"])


def test_a_payment_that_came_back_is_reversed_with_its_hold_and_came_back_on_the_right_claim(
    services: Services,
) -> None:
    booked(services)
    with services.ledger.write() as books:
        take_back(books, told(amount=20_000), [], Place(), RECEIVED, "bank")
    assert not asked(services)
    assert moved(services) == ["payment_came_back"]
    assert moved(services, ("CD-1", 20_000)) == []
    assert state(services, "AB-1") == (Status.OPEN, 20_000)
    assert state(services, "CD-1") == (Status.PAYMENT_BOUNCED, 20_000)
    services.clock.tick(LATER - RECEIVED)  # type: ignore[attr-defined]
    assert (asked(services), asked(services, "CD-1")) == (True, False)
    assert "reminders.resumed" in types_told(services, "AB-1")


def test_what_was_announced_on_the_wrong_claim_is_awaited_again(services: Services) -> None:
    announced(services)
    booked(services, amount=5_000)
    with services.ledger.read() as books:
        assert "arrived" in [one.state for one in books.trail.payments_of("AB-1")]
    assert moved(services, ("CD-1", 5_000)) == []
    assert state(services, "AB-1") == (Status.PAYMENT_ANNOUNCED, 20_000)
    assert not asked(services)
    with services.ledger.read() as books:
        assert sorted(one.state for one in books.trail.payments_of("AB-1")) == ["announced", "reversed"]


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    way=st.lists(st.sampled_from(["AB-1", "AB-2", "CD-1", None]), min_size=1, max_size=5), amount=st.integers(1, 30_000)
)
def test_however_often_it_is_moved_the_money_is_counted_once(
    services: Services, way: list[str | None], amount: int
) -> None:
    """Property: at any time it lowers the balance of the one claim it stands on, or waits."""
    key = f"{way}:{amount}"
    with services.ledger.write() as books:
        for name in ("AB-1", "AB-2", "CD-1"):
            books.claims.set_balance(name, 20_000)
        book(books, told(key, amount), None, RECEIVED, "bank")
        for ref in way:
            if books.bank.unposted_with_key(key)[-1].ended_at is None or not standing(books, key):
                if ref:
                    assert allocate(books, key, [(ref, amount)], LATER, "x") == []
            else:
                rebook(books, key, [(ref, amount)] if ref else [], LATER, "x", "moved")
            balances = {one.claim_ref: one.balance for one in books.claims.get_many(["AB-1", "AB-2", "CD-1"]).values()}
            stands = [one.claim_ref for one in standing(books, key)]
            assert stands == ([ref] if ref else [])
            assert balances == {
                name: max(0, 20_000 - amount) if name == ref else 20_000 for name in ("AB-1", "AB-2", "CD-1")
            }


@pytest.fixture
def shadow(services: Services, tmp_path: Path) -> Iterator[Services]:
    """The same house in shadow mode: it shows and decides, the collection system's books stay as they are."""
    ledger = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", shadow=True)
    yield replace(services, ledger=ledger, shadow=True)
    ledger.close()


def told_anything(to: Services) -> bool:
    with to.ledger.read() as books:
        return bool(books.outbox.after(0))


def test_in_shadow_mode_a_payment_is_booked_and_put_right_to_be_seen_and_no_claim_changes(shadow: Services) -> None:
    before = [state(shadow, ref) for ref in ("AB-1", "CD-1")]
    booked(shadow)
    assert moved(shadow, ("CD-1", 20_000)) == []
    with shadow.ledger.read() as books:
        assert [(one.claim_ref, one.state) for one in standing(books, "t1")] == [("CD-1", "cleared")]
        assert books.trail.answers_of("bank:t1") == []
    with shadow.ledger.write() as books:
        take_back(books, told(amount=20_000), (), Place(("CD-1",)), LATER, "bank")
        assert books.holds.on_claims(["CD-1"], LATER) == {"CD-1": []}
    assert [state(shadow, ref) for ref in ("AB-1", "CD-1")] == before
    assert not told_anything(shadow)


def test_what_shadow_mode_booked_is_not_put_on_the_balance_when_it_is_reversed_for_real(
    services: Services, shadow: Services
) -> None:
    before = state(services, "AB-1")
    booked(shadow)
    assert moved(services, ("CD-1", 20_000)) == []
    assert state(services, "AB-1") == before
    assert state(services, "CD-1") == (Status.PAID, 0)


def test_what_was_booked_for_real_stays_off_the_balance_when_shadow_mode_moves_it(
    services: Services, shadow: Services
) -> None:
    booked(services)
    after = len(types_told(services, "AB-1"))
    assert moved(shadow, ("CD-1", 20_000)) == []
    assert state(services, "AB-1") == (Status.PAID, 0)
    assert len(types_told(services, "AB-1")) == after
    assert types_told(services, "CD-1") == []
