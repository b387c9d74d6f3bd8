"""A hold that lasts until lifted: a person lifts it with a reason, or lets it run on under a new review date."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.claim import Status
from models.gate import Question
from models.hold import Channel, Hold, HoldKind, HoldTerms, Scope
from pipelines.gate import may_remind
from pipelines.hold import place, soft_terms
from pipelines.lifting import NotLiftable, lift, look_again
from pipelines.services import Services
from tests.pipelines.cases import CLAIM, RECEIVED

LATER = RECEIVED  # the clock stands still: what ends now is over now
DAY = RECEIVED.date()


def held(services: Services, reason: str = "dispute", item: str = "i1", scope: Scope = Scope.CLAIM) -> Hold:
    terms = HoldTerms(scope, HoldKind.HOLD, reason, "disputes", review_on=DAY + timedelta(days=30))
    with services.ledger.write() as books:
        return place(books, CLAIM, terms, item, RECEIVED, "auto")


def status(services: Services, new: Status | None = None) -> Status:
    with services.ledger.write() as books:
        if new is not None:
            books.claims.set_status("AB-1", new)
        claim = books.claims.get("AB-1")
    assert claim is not None
    return claim.status


def asked(services: Services) -> tuple[str, ...]:
    (said,) = may_remind(services, [Question("AB-1", Channel.LETTER)])
    return said.reasons


def told(services: Services) -> list[str]:
    with services.ledger.read() as books:
        return [event.type.value for event in books.outbox.after(0, 100)][1:]


def test_a_dispute_is_closed_with_a_reason_and_the_claim_is_open_again(services: Services) -> None:
    one = held(services)
    status(services, Status.DISPUTED)
    with services.ledger.write() as books:
        lift(books, services.policy, one.hold_id, LATER, "camille", "the creditor has sent the proof")
    assert status(services) is Status.OPEN
    assert asked(services) == ()
    assert told(services) == ["reminders.resumed", "dispute.closed", "claim.status_changed"]
    with services.ledger.read() as books:
        ended = books.holds.hold(one.hold_id)
    assert ended is not None
    assert (ended.ended_by, ended.end_reason) == ("camille", "the creditor has sent the proof")


def test_another_dispute_keeps_the_claim_disputed(services: Services) -> None:
    one, two = held(services, item="i1"), held(services, item="i2")
    status(services, Status.DISPUTED)
    with services.ledger.write() as books:
        lift(books, services.policy, one.hold_id, LATER, "camille", "answered")
    assert (status(services), asked(services)) == (Status.DISPUTED, ("dispute",))
    with services.ledger.write() as books:
        lift(books, services.policy, two.hold_id, LATER, "camille", "answered")
    assert (status(services), asked(services)) == (Status.OPEN, ())


def test_a_protection_lifted_is_told_and_what_was_paid_stays(services: Services) -> None:
    one = held(services, "death", scope=Scope.DEBTOR)
    status(services, Status.PAYMENT_RECEIVED)
    with services.ledger.write() as books:
        lift(books, services.policy, one.hold_id, LATER, "camille", "a namesake")
    assert "protection.lifted" in told(services)
    assert status(services) is Status.PAYMENT_RECEIVED


def test_nobody_lifts_without_a_reason_twice_or_before_the_item_is_decided(services: Services) -> None:
    one = held(services)
    with services.ledger.write() as books:
        soft = place(books, CLAIM, soft_terms(DAY, 5), "i1", RECEIVED, "auto")
    cases = [("none", "why", "unknown_hold"), (one.hold_id, "  ", "no_reason"), (soft.hold_id, "why", "soft_hold")]
    for hold_id, reason, code in cases:
        with pytest.raises(NotLiftable) as refused, services.ledger.write() as books:
            lift(books, services.policy, hold_id, LATER, "camille", reason)
        assert refused.value.code == code
        assert refused.value.worded("fr") != refused.value.worded("en")
    with services.ledger.write() as books:
        lift(books, services.policy, one.hold_id, LATER, "camille", "answered")
        with pytest.raises(NotLiftable, match="ended already"):
            lift(books, services.policy, one.hold_id, LATER, "camille", "answered")


def test_a_hold_looked_at_goes_on_and_lets_nothing_out_meanwhile(services: Services) -> None:
    one = held(services)
    with services.ledger.write() as books:
        next_one = look_again(books, one.hold_id, DAY + timedelta(days=60), LATER, "camille", "waiting for the court")
        assert [hold.hold_id for hold in books.holds.on_claims(["AB-1"], LATER)["AB-1"]] == [next_one.hold_id]
        with pytest.raises(NotLiftable, match="to come"):
            look_again(books, next_one.hold_id, DAY, LATER, "camille", "too soon")
    assert asked(services) == ("dispute",)
    assert "reminders.resumed" not in told(services)
