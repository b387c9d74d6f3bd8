"""The portfolio on both engines: imports that can be repeated, and never undo what we know better."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest

from connectors.database import DatabaseLedger
from connectors.database.claims import BATCH
from models.claim import Claim, Status
from tests.connectors.samples import claim

FULL = Claim(
    "É 1/a-B",
    "Eau",
    -5,
    2**40,
    3,
    "77 8",
    ("F1", "F 2"),
    "MME",
    "Lê",
    "Née",
    "Anaïs",
    "",
    date(1980, 2, 29),
    "1 rue d'Été",
    "35000",
    "Rennes",
    "a.le@x.example",
    "0612345678",
    "EUR",
    date(2025, 1, 1),
    Status.DISPUTED,
    "D9",
    ("D8",),
    date(2025, 2, 1),
    date(2030, 1, 1),
    True,
    ("Eau SA",),
    date(2026, 7, 1),
)


def test_a_claim_comes_back_as_it_went_in(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        assert books.claims.upsert([FULL]) == (1, 0, 0)
    with ledger.read() as books:
        assert books.claims.get(FULL.claim_ref) == FULL
        assert books.claims.get("É 1/a-b") is None


def test_the_same_import_again_changes_nothing(ledger: DatabaseLedger) -> None:
    rows = [claim(f"C-{n}") for n in range(5)]
    with ledger.write() as books:
        assert books.claims.upsert(rows) == (5, 0, 0)
        revision = books.claims.revision()
        assert books.claims.upsert(rows) == (0, 0, 5)
        assert books.claims.changed_since(revision) == []
        assert books.claims.upsert([replace(rows[0], city="Brest"), claim("C-9"), rows[1]]) == (1, 1, 1)
        assert [changed.claim_ref for changed in books.claims.changed_since(revision)] == ["C-0", "C-9"]
        assert books.claims.revision() > revision
        assert books.claims.count() == 6


@pytest.mark.parametrize(
    ("ours", "imported", "then"),
    [
        (Status.DISPUTED, Status.OPEN, Status.DISPUTED),
        (Status.DISPUTED, Status.PROMISE_TO_PAY, Status.DISPUTED),
        (Status.DISPUTED, Status.CLOSED, Status.CLOSED),
        (Status.DISPUTED, Status.PAID, Status.PAID),
        (None, Status.PROMISE_TO_PAY, Status.PROMISE_TO_PAY),
        (None, Status.CLOSED, Status.CLOSED),
    ],
)
def test_an_import_does_not_undo_our_status(
    ledger: DatabaseLedger, ours: Status | None, imported: Status, then: Status
) -> None:
    with ledger.write() as books:
        books.claims.upsert([claim("C-1")])
        if ours:
            books.claims.set_status("C-1", ours)
        for city in ("Brest", "Nantes"):
            books.claims.upsert([claim("C-1", status=imported, city=city)])
            stored = books.claims.get("C-1")
            assert stored is not None
            assert (stored.status, stored.city) == (then, city)


def test_a_balance_we_reduced_stays_until_the_import_knows_another_one(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        books.claims.upsert([claim("C-1", balance=10_000)])
        books.claims.set_balance("C-1", 4_000)
        for imported, then in ((10_000, 4_000), (3_500, 3_500)):
            books.claims.upsert([claim("C-1", balance=imported, city=f"city {imported}")])
            stored = books.claims.get("C-1")
            assert stored is not None
            assert stored.balance == then


def test_a_status_of_an_unknown_claim_is_an_error(ledger: DatabaseLedger) -> None:
    with pytest.raises(KeyError), ledger.write() as books:
        books.claims.set_status("C-404", Status.DISPUTED)


def test_claims_come_in_byte_order_however_many(ledger: DatabaseLedger) -> None:
    refs = [f"{letter}{n}" for n in range(BATCH // 3) for letter in ("a", "B", "é", "_")]
    with ledger.write() as books:
        books.claims.upsert(claim(ref) for ref in refs)
    with ledger.read() as books:
        assert [stored.claim_ref for stored in books.claims.all()] == sorted(refs)


def test_claims_are_found_for_the_desk(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        books.claims.upsert(
            [
                claim("C25-446842", last_name="MASSE", first_name="Danièle", city="Libourne", phone="0640439057"),
                claim("D1", company_name="Ets MASSÉ & fils", invoice_refs=("2025 323/727",), email="a@masse.example"),
                claim("D2", last_name="Martin", client_ref="3 427 668 883"),
                claim("D3", last_name="100%_Pur"),
            ]
        )

    def search(text: str) -> list[str]:
        with ledger.read() as books:
            return [found.claim_ref for found in books.claims.search(text)]

    assert search("c25 446842") == ["C25-446842"]
    assert search("masse") == ["C25-446842", "D1"]
    assert search("  Massé LIBOURNE ") == ["C25-446842"]
    assert search("a@masse.example") == ["D1"]
    assert search("2025323727") == ["D1"]
    assert search("3427668883") == ["D2"]
    assert search("06 40 43 90 57") == ["C25-446842"]
    assert search("100%") == ["D3"]
    assert search("%") == search("") == search("nobody") == []


def test_claims_of_a_debtor_are_linked(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        books.claims.upsert([claim("A", debtor_ref="d"), claim("B", debtor_ref="d"), claim("C", debtor_ref="")])
        assert [found.claim_ref for found in books.claims.of_debtor("d")] == ["A", "B"]
        assert books.claims.of_debtor("") == []
        assert set(books.claims.get_many(["A", "C", "none"])) == {"A", "C"}


def test_five_thousand_rows_are_imported_in_a_moment(ledger: DatabaseLedger) -> None:
    rows = [replace(FULL, claim_ref=f"C-{n}", last_name=f"Name {n}") for n in range(5_000)]
    begun = time.process_time()
    with ledger.write() as books:
        assert books.claims.upsert(rows) == (5_000, 0, 0)
    assert time.process_time() - begun < 2
