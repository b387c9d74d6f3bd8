"""The deposit list: each cheque once in one list ever, nothing under protection, nothing a person has not settled."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.deposit_file import deposit_sheet, write_deposit
from models.bank import Deposit, DepositLine, Paper
from models.cheque import ChequeProblem, ChequeReading, Cmc7Line
from models.claim import Status
from models.decision import Judgement
from models.hold import HoldKind, HoldTerms, Scope
from models.item import Item, Outcome, Stage, item_id_for
from models.labels import Subcategory
from models.reading import ItemReading
from models.understanding import Mentions
from pipelines import hold
from pipelines.clearing import Word, bounced, cleared
from pipelines.custody import note_cheques, put
from pipelines.decide import decide
from pipelines.deposit import as_csv, as_json, make_deposit, sort_cheques
from pipelines.journey import case_of
from pipelines.match import hold_candidates
from pipelines.receive import receive
from pipelines.review import apply_judgement
from pipelines.services import Services
from pipelines.settle import settle
from tests.pipelines.cases import RECEIVED, case, cheque
from tests.pipelines.test_settle import asked, services, types_told

__all__ = ["services"]
TODAY = RECEIVED.date()


def numbered(number: int, amount: int | None = 5_000, **changes: object) -> ChequeReading:
    line = Cmc7Line(f"C{number:07d}C042014506908E052108899000A", 0.999, None, vouched=True)
    return cheque(amount, line=line, **changes)


def arrived(to: Services, name: str, *cheques: ChequeReading, ref: str = "AB-1") -> Item:
    """An item with these cheques, carried to the desk or to its end by the journey's own steps."""
    receipt = receive(to, name, name.encode(), origin=f"/inbox/{name}", received_at=RECEIVED)
    item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)
    sure = case(Subcategory.CHEQUE)
    matches = replace(sure.matches, proposed=ref, plausible=(ref,))
    with to.ledger.write() as books:
        books.items.open_receipt(receipt.receipt_id, [item])
        books.items.save_reading(item.item_id, ItemReading("un texte", "un texte", cheques=cheques), ())
        item = books.items.move(item, Stage.READ)
        books.items.save_understanding(item.item_id, sure.understanding, Mentions())
        item = hold_candidates(to, books, item, receipt, matches, to.now())
        record = books.items.record(item.item_id)
        assert record is not None
        note_cheques(books, record)
        note_cheques(books, record)  # once
        return settle(books, item, decide(case_of(books, record), to.policy), to.now(), "auto")


def judged(to: Services, item: Item, subcategory: Subcategory = Subcategory.CHEQUE, **changes: object) -> None:
    values: dict[str, object] = {"claim_refs": ("AB-1",), "reason": "looked at", **changes}
    judgement = Judgement(
        item.item_id, item.version, "camille", to.now(), "settle", subcategory=subcategory, **values  # type: ignore[arg-type]
    )  # fmt: skip
    apply_judgement(to, judgement)


def deposits(to: Services, day: date = TODAY) -> tuple[list[Deposit], list[str]]:
    with to.ledger.write() as books:
        lists, kept = make_deposit(books, day, to.now(), "camille")
    return lists, [back.reason for back in kept]


def test_a_cheque_is_in_one_list_ever_and_the_list_never_changes(services: Services) -> None:
    arrived(services, "a.png", numbered(1, 5_000))
    arrived(services, "b.png", numbered(2, 5_001), ref="CD-1")
    (first,), _ = deposits(services)
    assert (first.deposit_id, first.total, first.number_sum) == ("2026-03-02-1", 10_001, 3)
    assert deposits(services) == ([first], [])
    assert deposits(services, TODAY + timedelta(days=1)) == ([], [])
    arrived(services, "c.png", numbered(3, 700))
    again, second = deposits(services)[0]
    assert again == first
    assert (second.deposit_id, [line.number for line in second.lines]) == ("2026-03-02-2", ["0000003"])


def test_a_cheque_that_came_later_is_not_in_an_earlier_days_list(services: Services) -> None:
    arrived(services, "a.png", numbered(1))
    assert deposits(services, TODAY - timedelta(days=1)) == ([], [])


def test_the_same_cheque_scanned_twice_is_one_paper_and_one_payment(services: Services) -> None:
    arrived(services, "a.png", numbered(1))
    second = arrived(services, "letter with the same cheque.png", numbered(1))
    assert second.outcome is Outcome.REVIEW
    with services.ledger.read() as books:
        assert len(books.bank.cheques_at(Paper.IN_HAND)) == 1
        assert len(books.trail.payments_of("AB-1")) == 1
    judged(services, second, claim_refs=("CD-1",))  # even a person cannot book one cheque on two claims
    with services.ledger.read() as books:
        assert books.trail.payments_of("CD-1") == []


@pytest.mark.parametrize("problem", [ChequeProblem.UNSIGNED, ChequeProblem.STALE, ChequeProblem.AMOUNTS_DIFFER])
def test_a_cheque_with_a_defect_waits_for_a_person(services: Services, problem: ChequeProblem) -> None:
    amount = None if problem is ChequeProblem.AMOUNTS_DIFFER else 5_000
    item = arrived(services, "a.png", numbered(1, amount, problems=(problem,)))
    assert deposits(services) == ([], ["cheque_on_desk"])
    judged(services, item)  # settled, but nobody said that it is good
    assert deposits(services) == ([], ["cheque_not_booked"])


def test_a_sum_that_a_person_read_is_the_sum_deposited(services: Services) -> None:
    item = arrived(services, "a.png", numbered(1, None, problems=(ChequeProblem.AMOUNTS_DIFFER,)))
    judged(services, item, amount=4_200)
    (made,), kept = deposits(services)
    assert (made.total, kept) == (4_200, [])


def test_a_cheque_whose_line_nobody_read_is_deposited_once_a_person_gave_its_sum(services: Services) -> None:
    unread = cheque(None, line=None, problems=(ChequeProblem.UNREADABLE_LINE,))
    item = arrived(services, "a.png", unread)
    judged(services, item, amount=4_200)
    (made,), kept = deposits(services)
    assert (made.lines[0].number, made.total, kept) == ("", 4_200, [])


def test_nothing_is_remitted_under_a_protection_before_a_person_has_decided(services: Services) -> None:
    item = arrived(services, "a.png", numbered(1))
    terms = HoldTerms(Scope.DEBTOR, HoldKind.HOLD, "death", "protections", review_on=date(2026, 9, 1))
    clock = services.clock
    clock.tick(timedelta(minutes=1))  # type: ignore[attr-defined]
    with services.ledger.write() as books:
        claim = books.claims.get("AB-2")  # another claim of the same debtor
        assert claim is not None
        hold.place(books, claim, terms, "another letter", services.now(), "auto")
    assert deposits(services) == ([], ["cheque_protected"])
    clock.tick(timedelta(minutes=1))  # type: ignore[attr-defined]
    judge_again(services, item)
    (made,), kept = deposits(services)
    assert (made.total, kept) == (5_000, [])


def judge_again(to: Services, item: Item) -> None:
    apply_judgement(to, Judgement(item.item_id, item.version, "camille", to.now(), "reopen", reason="protection"))
    with to.ledger.read() as books:
        reopened = books.items.item(item.item_id)
    assert reopened is not None
    judged(to, reopened)


def test_a_protected_claim_keeps_its_cheque(services: Services) -> None:
    arrived(services, "a.png", numbered(1))
    with services.ledger.write() as books:
        books.claims.set_status("AB-1", Status.PROTECTED)
    assert deposits(services) == ([], ["cheque_protected"])


def test_a_cheque_made_out_to_the_creditor_is_forwarded_and_never_deposited(services: Services) -> None:
    item = arrived(services, "a.png", numbered(1, problems=(ChequeProblem.WRONG_PAYEE,)))
    assert item.outcome is Outcome.REVIEW
    judged(services, item, extra={"cheque": "forward"})
    assert deposits(services) == ([], [])
    told = types_told(services)
    assert told.count("payment.forwarded") == 1
    assert "payment.received" not in told
    assert not asked(services)
    with services.ledger.read() as books:
        (paper,) = books.bank.cheques_of_item(item.item_id)
        assert paper.state is Paper.FORWARDED
        record = books.items.record(item.item_id)
        assert record is not None
        assert record.judgements[-1].extra["cheque"] == "forward"
        assert "cheque_sent_on" in [entry.action for entry in books.trail.of_item(item.item_id)]


def test_one_cheque_for_two_claims_pays_the_first_in_full_and_the_second_in_part(services: Services) -> None:
    item = arrived(services, "a.png", numbered(1, 25_000))
    assert item.outcome is Outcome.REVIEW  # more than the balance
    judged(services, item, claim_refs=("AB-1", "AB-2"))
    with services.ledger.read() as books:
        assert [(p.claim_ref, p.amount) for ref in ("AB-1", "AB-2") for p in books.trail.payments_of(ref)] == [
            ("AB-1", 20_000),
            ("AB-2", 5_000),
        ]
        claims = books.claims.get_many(["AB-1", "AB-2"])
    assert claims["AB-1"].status is Status.PAYMENT_RECEIVED
    assert claims["AB-2"].status is Status.PART_PAYMENT_RECEIVED
    (made,), _ = deposits(services)
    assert (len(made.lines), made.total, made.lines[0].claim_refs) == (1, 25_000, ("AB-1", "AB-2"))
    with services.ledger.write() as books:
        (paper,) = books.bank.cheques_of_item(item.item_id)
        assert cleared(books, paper.key, services.now(), "bank") is Word.DONE
        after = books.claims.get_many(["AB-1", "AB-2"])
    assert [(after[ref].status, after[ref].balance) for ref in ("AB-1", "AB-2")] == [
        (Status.PAID, 0),
        (Status.OPEN, 15_000),
    ]


def test_the_paper_is_followed_from_its_box_to_the_bank_and_back(services: Services) -> None:
    item = arrived(services, "a.png", numbered(1))
    with services.ledger.write() as books:
        (paper,) = books.bank.cheques_of_item(item.item_id)
        assert put(books, paper.key, " boîte 7 ", services.now(), "camille")
        assert not put(books, "unknown", "x", services.now(), "camille")
    deposits(services)
    with services.ledger.write() as books:
        assert bounced(books, paper.key, services.now(), "bank") is Word.DONE
        after = books.bank.cheque(paper.key)
        assert after is not None
        assert (after.state, after.place, after.deposit_id) == (Paper.BOUNCED, "boîte 7", "2026-03-02-1")
        assert cleared(books, paper.key, services.now(), "bank") is Word.KNOWN
        assert sort_cheques(books, TODAY, services.now()) == ([], [])  # never deposited a second time
        actions = [entry.action for entry in books.trail.of_item(item.item_id)]
    assert [action for action in actions if action.startswith("cheque_")] == ["cheque_placed", "cheque_deposited"]


def test_neither_bank_nor_account_is_in_the_list_or_kept_with_the_paper(services: Services, tmp_path: Path) -> None:
    arrived(services, "a.png", numbered(7, drawer_name="=M. ARGOAT"))
    (made,), _ = deposits(services)
    texts = [as_csv(made), as_json(made)]
    with pdfplumber.open(BytesIO(deposit_sheet(made, "Agence d’Essai"))) as pdf:
        texts.append(pdf.pages[0].extract_text())
    with services.ledger.read() as books:
        texts.append(repr(books.bank.cheques_in(made.deposit_id)))
    for text in texts:
        assert "0000007" in text
        assert "042014506908" not in text
        assert "052108899000" not in text
    assert "'=M. ARGOAT" in texts[0]  # no formula for a spreadsheet
    assert "50,00" in texts[2]
    assert json.loads(texts[1])["total"] == "50.00"
    paths = write_deposit(made, tmp_path)
    before = [path.read_bytes() for path in paths]
    assert [path.read_bytes() for path in write_deposit(made, tmp_path)] == before


@given(st.lists(st.tuples(st.integers(0, 9_999_999), st.integers(1, 10**7)), min_size=1, max_size=90))
def test_control_totals_follow_from_the_lines(cheques: list[tuple[int, int]]) -> None:
    lines = tuple(
        DepositLine(position, f"{position:016x}", f"{number:07d}", "", amount, ("AB-1",), "i")
        for position, (number, amount) in enumerate(cheques, 1)
    )
    made = Deposit("d", TODAY, RECEIVED, "x", lines)
    assert made.total == sum(amount for _number, amount in cheques)
    assert made.number_sum == sum(number for number, _amount in cheques)
    changed = replace(made, lines=(replace(lines[0], amount=lines[0].amount + 1), *lines[1:]))
    assert changed.digest != made.digest
