"""Debtors linked by a person, on both engines: one debtor for holds and look-ups while the link lasts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.database import DatabaseLedger
from connectors.database.debtors import joined
from models.event import EventType
from models.hold import Scope
from pipelines.debtors import NotLinkable, link, unlink
from tests.connectors.samples import MONDAY, claim, days, hold, terms

WIDE = terms(scope=Scope.DEBTOR)


@pytest.fixture
def portfolio(ledger: DatabaseLedger) -> DatabaseLedger:
    with ledger.write() as books:
        books.claims.upsert([claim(ref, debtor_ref=f"d{ref}") for ref in "ABC"] + [claim("A2", debtor_ref="dA")])
        assert books.holds.place(hold("wide", "A", debtor_ref="dA", terms=WIDE))
    return ledger


def held(ledger: DatabaseLedger) -> set[str]:
    """Claims on which something is in force."""
    with ledger.read() as books:
        return {ref for ref, holds in books.holds.on_claims(["A", "A2", "B", "C"], MONDAY).items() if holds}


def tell(
    ledger: DatabaseLedger, one: str, other: str, act: object = link, reason: str = "same name, same door"
) -> None:
    with ledger.write() as books:
        act(books, one, other, reason, MONDAY, "ana")  # type: ignore[operator]


def test_a_hold_on_the_debtor_reaches_the_linked_claim_and_leaves_it_again(portfolio: DatabaseLedger) -> None:
    assert held(portfolio) == {"A", "A2"}
    tell(portfolio, "A", "B")
    assert held(portfolio) == {"A", "A2", "B"}
    tell(portfolio, "B", "A", unlink)
    assert held(portfolio) == {"A", "A2"}


def test_a_hold_placed_while_they_were_linked_stays_with_its_own_debtor(portfolio: DatabaseLedger) -> None:
    tell(portfolio, "B", "C")
    with portfolio.write() as books:
        c = books.claims.get("C")
        assert c is not None
        assert books.holds.place(hold("later", "C", debtor_ref=c.debtor_ref, terms=WIDE))
    assert held(portfolio) == {"A", "A2", "B", "C"}
    tell(portfolio, "B", "C", unlink)
    assert held(portfolio) == {"A", "A2", "C"}


def test_links_reach_through_one_another(portfolio: DatabaseLedger) -> None:
    tell(portfolio, "B", "C")
    tell(portfolio, "B", "A")
    assert held(portfolio) == {"A", "A2", "B", "C"}
    tell(portfolio, "B", "A", unlink)
    assert held(portfolio) == {"A", "A2"}
    with portfolio.read() as books:
        assert {found.claim_ref for found in books.claims.of_debtor("dB")} == {"B", "C"}


def test_an_import_does_not_undo_a_link_and_a_new_claim_of_the_debtor_joins(portfolio: DatabaseLedger) -> None:
    tell(portfolio, "A", "B")
    with portfolio.write() as books:
        books.claims.upsert([claim("B", balance=1, debtor_ref="dB"), claim("B2", debtor_ref="dB")])
        assert {found.claim_ref for found in books.claims.of_debtor("dA")} == {"A", "A2", "B", "B2"}
    tell(portfolio, "A", "B", unlink)
    with portfolio.read() as books:
        assert {found.claim_ref for found in books.claims.of_debtor("dB")} == {"B", "B2"}


def test_the_collection_system_hears_of_each_claim_reached_and_released_every_time(portfolio: DatabaseLedger) -> None:
    for act in (link, unlink, link, link):
        tell(portfolio, "A", "B", act)
    with portfolio.read() as books:
        told = [event.type for event in books.outbox.after(0) if event.claim_ref == "B"]
    assert told == [EventType.REMINDERS_SUPPRESSED, EventType.REMINDERS_RESUMED, EventType.REMINDERS_SUPPRESSED]


def test_who_and_why_are_kept_on_both_claims(portfolio: DatabaseLedger) -> None:
    tell(portfolio, "A", "B", reason=" same e-mail ")
    tell(portfolio, "A", "B", unlink, "two cousins")
    with portfolio.read() as books:
        for ref in "AB":
            trail = [(entry.action, entry.actor, entry.detail["reason"]) for entry in books.trail.of_claim(ref)]
            assert trail == [("debtors_linked", "ana", "same e-mail"), ("debtors_unlinked", "ana", "two cousins")]
        assert books.debtors.links_of("A") == []


@pytest.mark.parametrize(
    ("one", "other", "act", "reason", "code"),
    [
        ("A", "A", link, "x", "same_claim"),
        ("A", "nowhere", link, "x", "unknown_claim"),
        ("A", "A2", link, "x", "same_debtor"),
        ("A", "B", link, " ", "no_reason"),
        ("A", "B", unlink, "x", "not_linked"),
    ],
)
def test_what_cannot_be_linked_says_why(
    portfolio: DatabaseLedger, one: str, other: str, act: object, reason: str, code: str
) -> None:
    with pytest.raises(NotLinkable) as raised:
        tell(portfolio, one, other, act, reason)
    assert raised.value.code == code
    assert raised.value.worded("fr") != raised.value.worded("en")


def test_suspects_have_the_same_names_and_address_but_another_debtor(ledger: DatabaseLedger) -> None:
    home = {"last_name": "LE GOFF", "first_name": "Yann", "address": "3 RUE DU PORT", "postcode": "29200"}
    with ledger.write() as books:
        books.claims.upsert(
            [
                claim("A", debtor_ref="1", **home),
                claim("B", debtor_ref="2", **{**home, "last_name": "Le Goff"}),
                claim("C", debtor_ref="3", **{**home, "first_name": "Anne"}),
                claim("D", debtor_ref="4", **{**home, "postcode": "35000"}),
                claim("E", debtor_ref="1", **home),
            ]
        )
        first = books.claims.get("A")
        assert first is not None
        assert books.debtors.suspects(first) == ["B"]


def test_an_account_is_learnt_once_for_each_claim_it_has_paid(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        assert books.debtors.remember_payer("f1", "A", MONDAY)
        assert not books.debtors.remember_payer("f1", "A", MONDAY + days(1))
        assert books.debtors.remember_payer("f1", "B", MONDAY)
        known = books.debtors.payers_after(0)
        assert [(print_, ref) for _, print_, ref in known] == [("f1", "A"), ("f1", "B")]
        assert books.debtors.payers_after(known[0][0]) == known[1:]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=8), st.randoms())
def test_the_order_of_linking_changes_nothing(pairs: list[tuple[str, str]], random: object) -> None:
    turned = [pair[::-1] for pair in pairs]
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert joined(pairs) == joined(turned)
    for one, other in pairs:
        assert joined(pairs)[one] == joined(pairs)[other]
