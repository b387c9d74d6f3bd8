"""The guard against double payment: every pair of what is here, or said to be, and what comes on top of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.claim import Status
from models.item import Outcome
from models.labels import Flag, Subcategory
from models.reading import EmailHeaders
from models.record import PaymentRecord
from models.understanding import Facts
from pipelines.decide import decide, shares
from pipelines.guard import bank_doubt, cheque_doubt
from tests.pipelines.cases import CLAIM, RECEIVED, case, cheque
from tests.pipelines.test_settle import POLICY


def standing(amount: int, state: str, means: str = "transfer", days_ago: int = 3, **changes: object) -> PaymentRecord:
    at = RECEIVED - timedelta(days=days_ago)
    record = PaymentRecord("p", "AB-1", amount, means, "other", state, "earlier", at)
    return replace(record, **changes)  # type: ignore[arg-type]


HALF = 10_000  # of a balance of 20,000
CASES = [
    # what stands already, the cheque on top of it, the doubt
    ((), HALF, None),
    ((standing(HALF, "received", "cheque"),), HALF, "double_payment"),
    ((standing(HALF, "cleared", "cheque"),), HALF, "double_payment"),
    ((standing(HALF, "cleared"),), HALF, "double_payment"),
    ((standing(HALF, "cleared", "card"),), HALF, "double_payment"),
    ((standing(HALF, "announced"),), HALF, "double_payment"),
    ((standing(0, "announced"),), HALF, "double_payment"),  # says it paid, not how much
    ((standing(15_000, "announced"),), HALF, "double_payment"),  # both together are too much
    ((standing(15_000, "received", "cheque"),), HALF, "double_payment"),
    ((standing(5_000, "announced"),), HALF, None),  # one part announced, another enclosed
    ((standing(5_000, "received", "cheque"),), HALF, None),
    ((standing(HALF, "bounced", "cheque"),), HALF, None),  # the new cheque replaces it
    ((standing(HALF, "reversed", "cheque"),), HALF, None),
    ((standing(HALF, "never_came"),), HALF, None),
    ((standing(HALF, "cleared", days_ago=60),), HALF, None),  # an instalment
    ((), 20_001, "overpayment"),
    ((standing(1, "cleared", key="line", claim_ref="ZZ"),), HALF, "same_cheque"),  # booked on another claim
]


@pytest.mark.parametrize(("stands", "amount", "doubt"), CASES)
def test_a_cheque_on_top_of_what_is_here_or_announced(
    stands: tuple[PaymentRecord, ...], amount: int, doubt: str | None
) -> None:
    assert cheque_doubt(amount, "line", CLAIM, stands, RECEIVED) == doubt


@pytest.mark.parametrize("status", [Status.PAYMENT_CLAIMED, Status.PAYMENT_ANNOUNCED])
def test_a_claim_said_to_be_paid_elsewhere_makes_a_cheque_doubtful(status: Status) -> None:
    said = replace(CLAIM, status=status)
    assert cheque_doubt(HALF, "line", said, (), RECEIVED) == "double_payment"
    assert cheque_doubt(HALF, "line", said, (standing(5_000, "arrived"),), RECEIVED) is None


@pytest.mark.parametrize(
    ("stands", "amount", "doubt"),
    [
        ((), HALF, None),
        ((standing(HALF, "announced"),), HALF, None),  # it is the one that was announced
        ((standing(HALF, "received", "cheque"),), HALF, "double_payment"),
        ((standing(HALF, "cleared", "cheque", 30),), HALF, "double_payment"),
        ((standing(HALF, "cleared", "transfer", 3),), HALF, "double_payment"),
        ((standing(HALF, "cleared", "transfer", 30),), HALF, None),  # next month's instalment
        ((standing(15_000, "received", "cheque"),), HALF, "overpayment"),
        ((), 20_001, "overpayment"),
    ],
)
def test_money_at_the_bank_on_top_of_what_is_here(
    stands: tuple[PaymentRecord, ...], amount: int, doubt: str | None
) -> None:
    assert bank_doubt(amount, CLAIM, stands, RECEIVED) == doubt


@pytest.mark.parametrize("status", [Status.PROTECTED, Status.CLOSED, Status.PAID])
def test_money_on_a_protected_or_closed_claim_is_for_a_person(status: Status) -> None:
    assert bank_doubt(HALF, replace(CLAIM, status=status), (), RECEIVED) == "claim_status"


@given(amount=st.integers(1, 40_000), stands=st.lists(st.integers(1, 20_000), max_size=4))
def test_without_a_doubt_nothing_can_be_paid_above_the_balance(amount: int, stands: list[int]) -> None:
    before = [standing(each, "received", "cheque", payment_id=str(number)) for number, each in enumerate(stands)]
    for doubt in (cheque_doubt(amount, "line", CLAIM, before, RECEIVED), bank_doubt(amount, CLAIM, before, RECEIVED)):
        assert doubt is not None or sum(stands) + amount <= CLAIM.balance


def test_the_doubt_keeps_a_sound_cheque_for_a_person() -> None:
    sound = case(Subcategory.CHEQUE, cheques=(cheque(HALF),))
    assert decide(sound, POLICY).outcome is Outcome.APPLIED
    doubtful = decide(replace(sound, payments=(standing(HALF, "announced"),)), POLICY)
    assert doubtful.outcome is Outcome.REVIEW
    assert [reason.code for reason in doubtful.reasons] == ["double_payment"]
    assert doubtful.payments == ()


def test_the_picture_of_a_cheque_is_no_payment() -> None:
    by_mail = case(Subcategory.CHEQUE, cheques=(cheque(HALF),))
    headers = EmailHeaders("Anne", "anne@example.org", (), "mon chèque", RECEIVED)
    by_mail = replace(by_mail, reading=replace(by_mail.reading, email=headers))
    decision = decide(by_mail, POLICY)
    assert decision.outcome is Outcome.REVIEW
    assert "cheque_picture" in [reason.code for reason in decision.reasons]
    assert "cheque_full" not in decision.rules


@pytest.mark.parametrize("subcategory", [Subcategory.TRANSFER_NOTICE, Subcategory.ALREADY_PAID])
def test_a_transfer_told_of_is_written_down_as_announced(subcategory: Subcategory) -> None:
    (payment,) = decide(case(subcategory, facts=Facts(paid_amount=HALF)), POLICY).payments
    assert (payment.amount, payment.state, payment.means) == (HALF, "announced", "transfer")
    here = (standing(HALF, "cleared"),)
    assert decide(case(subcategory, facts=Facts(paid_amount=HALF), payments=here), POLICY).payments == ()


@given(amount=st.integers(1, 90_000), balances=st.lists(st.integers(0, 30_000), min_size=1, max_size=5))
def test_a_sum_shared_between_claims_stays_whole(amount: int, balances: list[int]) -> None:
    claims = [replace(CLAIM, claim_ref=str(number), balance=each) for number, each in enumerate(balances)]
    parts = shares(amount, claims)
    assert sum(part for _claim, part in parts) == amount
    assert all(part > 0 for _claim, part in parts)
    if len(claims) > 1:
        assert all(part <= claim.balance for claim, part in parts[1:])


@pytest.mark.parametrize(
    ("drawer", "another"),
    [
        ("", False),
        ("MME ANNE MERLE", False),
        ("M OU MME P MERLE", False),  # a joint account
        ("MME ANNE MERIE", False),  # one letter misread
        ("M. PAUL DELAVIGNE", True),
        ("MME CLAUDINE MERLE", True),  # a relative's
        ("MLE A MERLE", False),  # the debtor's initial
        ("MME MERLE", False),
        ("MME ANNE ROUX NEE MERLE", False),
        ("SARL GARAGE DU PONT", True),
        ("M. 12", False),  # no name was read
    ],
)
def test_a_cheque_of_somebody_elses_account_is_flagged_and_booked_all_the_same(drawer: str, another: bool) -> None:
    decision = decide(case(Subcategory.CHEQUE, cheques=(cheque(HALF, drawer_name=drawer),)), POLICY)
    assert (Flag.THIRD_PARTY_PAYER in decision.flags) is another
    assert decision.outcome is Outcome.APPLIED


def test_the_debtors_own_cheque_outweighs_a_guess_from_the_text() -> None:
    flag = Flag.THIRD_PARTY_PAYER
    for drawer, flagged in (("MME ANNE MERLE", False), ("M. PAUL MERLE", True), ("", True)):
        one = case(Subcategory.CHEQUE, cheques=(cheque(HALF, drawer_name=drawer),))
        said = replace(one.understanding, flags=(flag,), flag_confidence={flag: 0.8})
        assert (flag in decide(replace(one, understanding=said), POLICY).flags) is flagged


@pytest.mark.parametrize(("subcategory", "partial"), [(Subcategory.ALREADY_PAID, True), (Subcategory.SERVICE, False)])
def test_a_sum_told_of_in_a_dispute_is_no_part_payment(subcategory: Subcategory, partial: bool) -> None:
    decision = decide(case(subcategory, facts=Facts(paid_amount=HALF)), POLICY)
    assert (Flag.PARTIAL_PAYMENT in decision.flags) is partial
