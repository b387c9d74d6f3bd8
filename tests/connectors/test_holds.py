"""Holds on both engines: placed once, ended once, in force exactly as long as they say."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from connectors.database import DatabaseLedger
from models.hold import Channel, Hold, HoldKind, Scope
from tests.connectors.samples import MONDAY, claim, days, hold, terms


def place(ledger: DatabaseLedger, *holds: Hold) -> None:
    with ledger.write() as books:
        for one in holds:
            assert books.holds.place(one)


def on(ledger: DatabaseLedger, ref: str, at: datetime = MONDAY) -> list[str]:
    with ledger.read() as books:
        return sorted(found.hold_id for found in books.holds.on_claims([ref], at)[ref])


def test_a_hold_is_placed_once_and_comes_back_whole(ledger: DatabaseLedger) -> None:
    whole = hold(
        terms=terms(channels=(Channel.LETTER, Channel.SMS), until=date(2026, 7, 2), redirect_to="Me D", address="x")
    )
    place(ledger, whole)
    with ledger.write() as books:
        assert not books.holds.place(hold(terms=terms(reason="another")))
        assert books.holds.of_item("i1") == [whole]
        assert books.holds.of_claim("C-1") == [whole]


def test_a_hold_ends_once(ledger: DatabaseLedger) -> None:
    place(ledger, hold())
    with ledger.write() as books:
        assert books.holds.end("h1", MONDAY + days(1), "ana", "answered")
        assert not books.holds.end("h1", MONDAY + days(2), "bob", "again")
        assert not books.holds.end("unknown", MONDAY, "ana", "x")
        (ended,) = books.holds.of_item("i1")
        assert (ended.ended_by, ended.end_reason, ended.ended_at) == ("ana", "answered", MONDAY + days(1))


@pytest.mark.parametrize(
    ("shown", "at", "in_force"),
    [
        (hold(), MONDAY, True),
        (hold(), MONDAY - days(0.001), False),
        (hold(), MONDAY + days(1000), True),  # a passed review date lets nothing out
        (hold(terms=terms(until=date(2026, 6, 3))), datetime.fromisoformat("2026-06-03T23:59:59+00:00"), True),
        (hold(terms=terms(until=date(2026, 6, 3))), datetime.fromisoformat("2026-06-04T00:00:00+00:00"), False),
        (hold(terms=terms(until=date(2026, 6, 3))), datetime.fromisoformat("2026-06-04T01:59:59+02:00"), True),
        (hold(ended_at=MONDAY + days(2)), MONDAY + days(1), True),
        (hold(ended_at=MONDAY + days(2)), MONDAY + days(2), False),
    ],
)
def test_how_long_a_hold_is_in_force(ledger: DatabaseLedger, shown: Hold, at: datetime, in_force: bool) -> None:
    place(ledger, shown)
    assert on(ledger, "C-1", at) == (["h1"] if in_force else [])


def test_a_hold_on_the_debtor_covers_every_claim_of_the_debtor(ledger: DatabaseLedger) -> None:
    wide = terms(scope=Scope.DEBTOR)
    with ledger.write() as books:
        books.claims.upsert([claim("A", debtor_ref="d"), claim("B", debtor_ref="d"), claim("C", debtor_ref="e")])
    place(
        ledger,
        hold("wide", "A", debtor_ref="d", terms=wide),
        hold("own", "B", debtor_ref="d"),
        hold("unlinked", "Z", debtor_ref="", terms=wide),
    )
    assert on(ledger, "A") == ["wide"]
    assert on(ledger, "B") == ["own", "wide"]
    assert on(ledger, "C") == []
    assert on(ledger, "Z") == ["unlinked"]
    with ledger.read() as books:
        many = books.holds.on_claims([*(f"x{n}" for n in range(1_500)), "A", "B"], MONDAY)
        assert len(many) == 1_502
        assert {ref: len(holds) for ref, holds in many.items() if holds} == {"A": 1, "B": 2}


def test_what_has_run_out_and_what_must_be_looked_at(ledger: DatabaseLedger) -> None:
    place(
        ledger,
        hold("until 31 May", terms=terms(until=date(2026, 5, 31)), starts_at=MONDAY - days(9)),
        hold("until today", terms=terms(until=MONDAY.date(), review_on=None)),
        hold("review today", terms=terms(review_on=MONDAY.date())),
        hold("review tomorrow", terms=terms(review_on=date(2026, 6, 2))),
        hold("soft, 5 days old", terms=terms(kind=HoldKind.SOFT), starts_at=MONDAY - days(5)),
        hold("soft, 4 days old", terms=terms(kind=HoldKind.SOFT), starts_at=MONDAY - days(4)),
        hold("ended", terms=terms(until=date(2026, 5, 1)), ended_at=MONDAY),
    )
    with ledger.read() as books:
        assert [found.hold_id for found in books.holds.ended_by_date(MONDAY.date())] == ["until 31 May"]
        assert {found.hold_id for found in books.holds.to_review(MONDAY.date())} == {"review today", "soft, 5 days old"}
