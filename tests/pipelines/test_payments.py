"""Money is booked once, never in doubt, and a bounced cheque never lets a reminder out in silence."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.claim import Status
from models.item import Item
from models.labels import Subcategory
from pipelines.clearing import Word, bounced, cleared
from pipelines.decide import decide
from pipelines.payments import Booked, Told, book
from pipelines.reconcile import reconcile
from pipelines.services import Services
from pipelines.settle import settle
from tests.pipelines.cases import RECEIVED, case, cheque
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


def test_the_days_sums_hold_and_a_residue_is_named(services: Services) -> None:
    item, _ = with_cheque(services)
    waiting = held_item(services, "zweite.png")
    with books_of(services).read() as books:
        receipts = [receipt for each in (item, waiting) if (receipt := books.items.receipt(each.receipt_id))]
        sums = {one.name: one for one in reconcile(books, receipts, 5, 5)}
    assert sums["files"].holds
    assert sums["payments"].holds
    assert sums["items"].residue == ("zweite.png",)
