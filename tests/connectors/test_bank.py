"""Cheques as paper, deposit lists and payments that wait, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from connectors.bank_words import key_of, read_bank_words
from connectors.database import DatabaseLedger
from models.bank import NEXT_PAPER, Cheque, Deposit, DepositLine, Paper, Unposted
from models.claim import Status
from models.errors import ConfigurationError, Unavailable
from pipelines.portfolio import merge_claims
from tests.connectors.samples import MONDAY, claim, days

DAY = date(2026, 6, 1)
CHEQUE = Cheque("ab" * 32, "i1", 5_000, DAY, "0000001", "M. ARGOAT", 1, "L-1")
OTHER = replace(CHEQUE, key="cd" * 32, number="0000002")


def listed(*cheques: Cheque, deposit_id: str = "2026-06-01-1") -> Deposit:
    lines = tuple(
        DepositLine(number, one.cheque_id, one.number, one.drawer, one.amount, ("C-1",), one.item_id)
        for number, one in enumerate(cheques, 1)
    )
    return Deposit(deposit_id, DAY, MONDAY, "camille", lines)


def test_a_cheque_is_known_once_and_found_by_the_beginning_of_its_key(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        assert books.bank.add_cheque(CHEQUE)
        assert not books.bank.add_cheque(replace(CHEQUE, item_id="i2"))
        assert books.bank.add_cheque(OTHER)
        assert books.bank.cheque(CHEQUE.key) == CHEQUE
        assert books.bank.cheques_of_item("i1") == [CHEQUE, OTHER]
        assert books.bank.cheques_like(CHEQUE.cheque_id.upper()) == [CHEQUE]
        assert books.bank.cheques_like("ab") == []  # too short to name one
        assert books.bank.put_cheque(CHEQUE.key, "box 3")
        assert not books.bank.put_cheque("none", "box 3")


def test_a_list_holds_each_cheque_once_or_is_not_made_at_all(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        books.bank.add_cheque(CHEQUE)
        books.bank.add_cheque(OTHER)
        assert not books.bank.add_deposit(listed(CHEQUE), [CHEQUE.key, "no such cheque"])
        assert books.bank.add_deposit(listed(CHEQUE), [CHEQUE.key])
        assert not books.bank.add_deposit(listed(CHEQUE, OTHER, deposit_id="2"), [CHEQUE.key, OTHER.key])
        assert not books.bank.add_deposit(listed(OTHER), [OTHER.key])  # its name is taken
        assert books.bank.cheques_at(Paper.IN_HAND) == [OTHER]
    with ledger.read() as books:
        assert books.bank.deposit("2026-06-01-1") == listed(CHEQUE)
        assert books.bank.deposits_of(DAY) == books.bank.latest_deposits() == [listed(CHEQUE)]
        assert [one.key for one in books.bank.cheques_in("2026-06-01-1")] == [CHEQUE.key]


@pytest.mark.parametrize("before", list(Paper))
def test_paper_moves_only_as_the_table_allows(ledger: DatabaseLedger, before: Paper) -> None:
    for to in Paper:
        with ledger.write() as books:
            one = replace(CHEQUE, key=f"{before}-{to}", state=before)
            books.bank.add_cheque(one)
            assert books.bank.move_cheque(one.key, to) is (to in NEXT_PAPER[before])


@pytest.mark.parametrize("attack", ["UPDATE deposits SET made_by = 'x'", "DELETE FROM deposits"])
def test_a_list_that_went_to_the_bank_cannot_be_changed(ledger: DatabaseLedger, attack: str) -> None:
    with ledger.write() as books:
        books.bank.add_cheque(CHEQUE)
        books.bank.add_deposit(listed(CHEQUE), [CHEQUE.key])
    with pytest.raises((DatabaseError, Unavailable)), ledger.write() as books:
        books.bank._connection.exec_driver_sql(attack)
    with ledger.read() as books:
        assert books.bank.deposit("2026-06-01-1") == listed(CHEQUE)


def test_a_payment_waits_once_for_each_reason_and_ends_once(ledger: DatabaseLedger) -> None:
    kept = Unposted("T1", 5_000, "transfer", MONDAY, "no_claim", DAY, ("C-1", "C é"), "merci", "ANA LU")
    with ledger.write() as books:
        assert books.bank.add_unposted(kept)
        assert not books.bank.add_unposted(kept)
        assert books.bank.add_unposted(replace(kept, key="T0", at=MONDAY - days(1), claim_refs=()))
        assert [one.key for one in books.bank.unposted()] == ["T0", "T1"]
        assert books.bank.unposted_with_key("T1") == [kept]
        assert books.gate.in_the_building().unposted == {"C-1", "C é"}
        assert books.bank.end_unposted("T1", MONDAY, "camille", "dismissed", "refunded")
        assert not books.bank.end_unposted("T1", MONDAY, "camille", "booked")
        assert books.gate.in_the_building().unposted == frozenset()
        (ended,) = books.bank.unposted_with_key("T1")
    assert (ended.outcome, ended.note, ended.ended_by) == ("dismissed", "refunded", "camille")


@pytest.mark.parametrize(
    ("ours", "theirs", "kept", "conflict"),
    [
        (Status.PROMISE_TO_PAY, Status.DISPUTED, Status.DISPUTED, True),  # theirs is stronger, and news
        (Status.DISPUTED, Status.PROMISE_TO_PAY, Status.DISPUTED, True),
        (Status.DISPUTED, Status.CLOSED, Status.CLOSED, True),  # over is over
        (Status.PROTECTED, Status.PAID, Status.PAID, True),
        (Status.DISPUTED, Status.DISPUTED, Status.DISPUTED, False),
        (Status.DISPUTED, Status.OPEN, Status.DISPUTED, False),  # they have not heard of it yet
        (None, Status.DISPUTED, Status.DISPUTED, False),  # nothing happened here
    ],
)
def test_statuses_that_come_back_are_merged_and_a_conflict_is_kept(
    ledger: DatabaseLedger, ours: Status | None, theirs: Status, kept: Status, conflict: bool
) -> None:
    sent = claim("C-1", status=theirs, city="moved")
    with ledger.write() as books:
        merge_claims(books, [claim("C-1")], MONDAY, "them")
        if ours is not None:
            books.claims.set_status("C-1", ours)
        merged = merge_claims(books, [sent], MONDAY, "them")
        again = merge_claims(books, [sent], MONDAY, "them")
        after = books.claims.get("C-1")
        noted = [entry for entry in books.trail.of_claim("C-1") if entry.action == "status_conflict"]
    assert after is not None
    assert (after.status, after.city) == (kept, "moved")
    assert [(one.ours, one.theirs, one.kept) for one in merged.conflicts] == (
        [(ours, theirs, kept)] if conflict else []
    )
    assert len(noted) == int(conflict)
    assert (again.unchanged, again.conflicts) == (1, ())


# -- what the bank says of cheques -----------------------------------------------------------------------------------


def test_a_cheque_is_named_in_four_ways(ledger: DatabaseLedger, tmp_path: Path) -> None:
    path = tmp_path / "cleared.csv"
    line = "C0000009C042014506908E052108899000A"
    path.write_text(
        "\ufeffcmc7;cheque_id;deposit;amount;number\n"
        f"{line.lower()};;;;\n"
        f";{CHEQUE.cheque_id};;;\n"
        ";;2026-06-01-1;50.00;\n"
        ";;2026-06-01-1;;0000002\n"
        ";;2026-06-01-1;;\n"
        ";;;50.00;\n"
        ";;2026-06-01-1;cinquante;\n",
        "utf-8",
    )
    with ledger.write() as books:
        for one in (CHEQUE, OTHER):
            books.bank.add_cheque(one)
        books.bank.add_deposit(listed(CHEQUE, OTHER), [CHEQUE.key, OTHER.key])
        words = read_bank_words(path)
        found = [key_of(books, named) for _line, named in words.named]
    assert len(found[0][0]) == 64
    assert found[1] == [CHEQUE.key]
    assert sorted(found[2]) == [CHEQUE.key, OTHER.key]  # two of one sum: the row is not clear
    assert found[3] == [OTHER.key]
    assert [bad.line for bad in words.bad] == [6, 7, 8]


@pytest.mark.parametrize("content", ["", "number,sum\n1,2\n", "caf\xe9".encode("latin-1").decode("latin-1")])
def test_a_file_that_names_no_cheque_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content, "latin-1")
    with pytest.raises(ConfigurationError):
        read_bank_words(path)
