"""A hold on a claim that is soon time-barred is told of in time, once for each claim and date."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from models.claim import Status
from models.hold import HoldKind, HoldTerms, Scope
from pipelines.hold import end, place
from pipelines.limitations import nearing, warn
from pipelines.services import Services
from tests.pipelines.cases import CLAIM, RECEIVED

DAY = RECEIVED.date()
TERMS = HoldTerms(Scope.DEBTOR, HoldKind.HOLD, "death", "protections", review_on=DAY + timedelta(days=120))


def told(services: Services) -> list[tuple[str | None, object]]:
    with services.ledger.read() as books:
        events = books.outbox.after(0, 100)
    return [(one.claim_ref, one.data["days_left"]) for one in events if one.type.value == "claim.limitation_near"]


def test_every_claim_under_the_hold_is_named_in_time_and_once(services: Services) -> None:
    policy = services.policy
    with services.ledger.write() as books:
        books.claims.upsert(
            [
                replace(CLAIM, limitation_on=DAY + timedelta(days=60)),
                replace(CLAIM, claim_ref="AB-2", limitation_on=DAY + timedelta(days=9)),
                replace(CLAIM, claim_ref="AB-3", limitation_on=DAY + timedelta(days=61)),
                replace(CLAIM, claim_ref="AB-4", limitation_on=DAY + timedelta(days=9), status=Status.CLOSED),
                replace(CLAIM, claim_ref="AB-5", limitation_on=DAY - timedelta(days=1)),
                replace(CLAIM, claim_ref="CD-1", debtor_ref="d2", limitation_on=DAY + timedelta(days=9)),
            ]
        )
        held = place(books, CLAIM, TERMS, "i1", RECEIVED, "auto")
        place(books, CLAIM, replace(TERMS, reason="dispute"), "i2", RECEIVED + timedelta(hours=1), "auto")
        for expected in (2, 0):
            assert warn(books, nearing(books, policy, DAY), RECEIVED) == expected
        assert [one.claim_ref for one in nearing(books, policy, DAY)] == ["AB-2", "AB-1"]
        assert all(one.hold.hold_id == held.hold_id for one in nearing(books, policy, DAY))
        assert [one.claim_ref for one in nearing(books, policy, DAY + timedelta(days=1))] == ["AB-2", "AB-1", "AB-3"]
    assert told(services) == [("AB-2", 9), ("AB-1", 60)]


def test_a_hold_that_ended_warns_of_nothing(services: Services) -> None:
    with services.ledger.write() as books:
        books.claims.upsert([replace(CLAIM, limitation_on=DAY + timedelta(days=9))])
        held = place(books, CLAIM, TERMS, "i1", RECEIVED, "auto")
        end(books, held, RECEIVED, "camille", "mistaken identity")
        assert nearing(books, services.policy, DAY) == []
