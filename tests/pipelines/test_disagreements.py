"""The collection system says one status, we another: kept until a person decides, and decided once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from models.claim import Disagreement, Status
from pipelines.disagreements import advice, decide_status
from pipelines.portfolio import merge_claims
from pipelines.services import Services
from tests.pipelines.cases import CLAIM, RECEIVED
from tests.pipelines.test_settle import asked, books_of, services, types_told

__all__ = ["services"]

LATER = RECEIVED + timedelta(days=2)


def disagree(to: Services, ours: Status = Status.DISPUTED, theirs: Status = Status.PROMISE_TO_PAY) -> None:
    with to.ledger.write() as books:
        books.claims.set_status("AB-1", ours)
    told(to, theirs)


def told(to: Services, theirs: Status, balance: int = 20_000) -> None:
    with to.ledger.write() as books:
        merge_claims(books, [replace(CLAIM, status=theirs, balance=balance)], RECEIVED, "collection_system")


def waiting(to: Services) -> list[Disagreement]:
    with books_of(to).read() as books:
        found = books.conflicts.waiting()
        assert books.conflicts.count() == len(found)
        return found


def decided(to: Services, outcome: str, reason: str = "asked the case handler", theirs: str | None = None) -> list[str]:
    with to.ledger.write() as books:
        return decide_status(books, "AB-1", outcome, LATER, "sacha", reason, theirs)


def status(to: Services) -> Status:
    with to.ledger.read() as books:
        claim = books.claims.get("AB-1")
    assert claim is not None
    return claim.status


def test_a_weaker_status_of_theirs_is_listed_once_however_often_it_is_sent(services: Services) -> None:
    disagree(services)
    told(services, Status.PROMISE_TO_PAY)
    told(services, Status.PROMISE_TO_PAY, balance=19_000)
    (one,) = waiting(services)
    assert (one.claim_ref, one.ours, one.theirs, one.since) == (
        "AB-1", Status.DISPUTED, Status.PROMISE_TO_PAY, RECEIVED,
    )  # fmt: skip
    assert advice(one) == "dispute"
    assert advice(replace(one, ours=Status.OPEN)) == "other"


def test_theirs_is_accepted_with_a_reason_and_once(services: Services) -> None:
    disagree(services)
    assert decided(services, "theirs", " ") == ["need_note"]
    assert decided(services, "theirs", theirs="paid") == ["conflict_gone"]
    assert decided(services, "theirs", theirs="promise_to_pay") == []
    assert decided(services, "theirs") == ["conflict_gone"]
    assert status(services) is Status.PROMISE_TO_PAY
    assert waiting(services) == []
    assert types_told(services).count("claim.status_changed") == 1
    with services.ledger.read() as books:
        (note,) = [one for one in books.trail.of_claim("AB-1") if one.action == "status_conflict_decided"]
    assert (note.actor, note.at, note.detail["reason"]) == ("sacha", LATER, "asked the case handler")


def test_ours_is_kept_told_again_and_not_asked_about_a_second_time(services: Services) -> None:
    disagree(services)
    assert decided(services, "ours") == []
    told(services, Status.PROMISE_TO_PAY, balance=18_000)
    assert (status(services), waiting(services)) == (Status.DISPUTED, [])
    with services.ledger.read() as books:
        (event,) = [one for one in books.outbox.after(0) if one.type.value == "claim.status_changed"]
    assert (event.data["to"], event.data["kept"]) == ("disputed", True)
    assert not asked(services)
    told(services, Status.PLAN_REQUESTED)  # another one of theirs is another question
    assert [one.theirs for one in waiting(services)] == [Status.PLAN_REQUESTED]


def test_a_conflict_ends_by_itself_when_both_say_the_same(services: Services) -> None:
    disagree(services)
    told(services, Status.PLAN_REQUESTED)
    assert [(one.theirs, one.since) for one in waiting(services)] == [(Status.PLAN_REQUESTED, RECEIVED)]
    told(services, Status.DISPUTED)
    assert waiting(services) == []
    assert decided(services, "ours") == ["conflict_gone"]


def test_what_ended_there_is_taken_over_and_is_no_conflict_to_decide(services: Services) -> None:
    disagree(services, theirs=Status.CLOSED)
    assert (status(services), waiting(services)) == (Status.CLOSED, [])
