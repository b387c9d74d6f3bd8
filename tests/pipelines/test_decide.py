"""What may be done without a person, and what waits for one: the labels' table of effects, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from connectors.policy_file import load_policy
from models.cheque import ChequeProblem
from models.claim import Status
from models.decision import Reason
from models.evidence import Candidate, Matches
from models.hold import Channel, Scope
from models.item import Outcome
from models.labels import Flag, Subcategory
from models.reading import Box, Part, PartKind
from models.record import PaymentRecord
from models.understanding import Facts, Mention, MentionKind, Mentions
from pipelines.case import Case
from pipelines.decide import carry_out, decide
from pipelines.match import amounts_of
from pipelines.wording import word
from tests.pipelines.cases import CLAIM, RECEIVED, case, cheque

POLICY = load_policy()
DAY = RECEIVED.date()


def after(days: int) -> date:
    return DAY + timedelta(days=days)


S = Subcategory
ROWS = [
    # (case, status, until, review date)
    (case(S.CHEQUE, cheques=(cheque(20_000),)), Status.PAYMENT_RECEIVED, None, after(30)),
    (case(S.CHEQUE, cheques=(cheque(5_000),)), Status.PART_PAYMENT_RECEIVED, after(10), None),
    (case(S.TRANSFER_NOTICE), Status.PAYMENT_ANNOUNCED, after(10), None),
    (case(S.TRANSFER_NOTICE, facts=Facts(paid_date=after(6))), Status.PAYMENT_ANNOUNCED, after(16), None),
    (case(S.TRANSFER_NOTICE, facts=Facts(paid_date=after(60))), Status.PAYMENT_ANNOUNCED, after(30), None),
    (case(S.ALREADY_PAID), Status.PAYMENT_CLAIMED, None, after(21)),
    (case(S.PROMISE, facts=Facts(promised_date=after(12))), Status.PROMISE_TO_PAY, after(17), None),
    (case(S.PROMISE, facts=Facts(promised_date=after(90))), Status.PROMISE_TO_PAY, after(30), None),
    (case(S.PLAN_REQUEST), Status.PLAN_REQUESTED, None, after(15)),
    (case(S.NOT_MINE), Status.DISPUTED, None, after(30)),
    (case(S.PRESCRIBED), Status.DISPUTED, None, after(30)),
    (case(S.BALANCE), None, None, after(15)),
]


@pytest.mark.parametrize(("given", "status", "until", "review"), ROWS)
def test_a_sure_item_is_applied_with_the_effects_of_its_row(
    given: Case, status: Status | None, until: date | None, review: date | None
) -> None:
    decision = decide(given, POLICY)
    assert decision.outcome is Outcome.APPLIED, decision.reasons
    (effect,) = decision.effects
    assert effect.status == status
    assert [(hold.until, hold.review_on) for hold in effect.holds] == [(until, review)]


@pytest.mark.parametrize("subcategory", [S.GDPR, S.ADDRESS_CHANGE])
def test_some_mail_holds_nothing_back(subcategory: Subcategory) -> None:
    decision = decide(case(subcategory), POLICY)
    assert decision.outcome is Outcome.APPLIED
    assert decision.effects[0].holds == ()


@pytest.mark.parametrize(
    ("right", "holds"), [("objection", 1), ("rectification", 1), ("access", 0), ("erasure", 0), (None, 0)]
)
def test_a_gdpr_request_holds_only_for_rectification_and_objection(right: str | None, holds: int) -> None:
    assert len(decide(case(S.GDPR, facts=Facts(gdpr_right=right)), POLICY).effects[0].holds) == holds


@pytest.mark.parametrize(("reason", "held"), [("unknown", True), ("address", True), ("refused", False)])
def test_returned_mail_stops_letters_to_that_address_only_where_it_is_bad(reason: str, held: bool) -> None:
    holds = decide(case(S.RETURNED_MAIL, facts=Facts(returned_reason=reason)), POLICY).effects[0].holds
    assert [hold.channels for hold in holds] == ([(Channel.LETTER,)] if held else [])
    assert all(hold.address and "RUE DES IFS" in hold.address for hold in holds)


@pytest.mark.parametrize(
    ("given", "scope"),
    [
        (case(S.DEATH), Scope.DEBTOR),
        (case(S.OVER_INDEBTEDNESS, facts=Facts(stage="filed")), Scope.DEBTOR),
        (case(S.INSOLVENCY), Scope.DEBTOR),
        (case(S.GUARDIANSHIP), Scope.DEBTOR),
        (case(S.LEGAL_COUNSEL), Scope.DEBTOR),
        (case(S.PROMISE, flags=(Flag.DISTRESS,)), Scope.DEBTOR),
        (case(S.PROMISE, flags=(Flag.VULNERABLE,)), Scope.CLAIM),
        (case(S.NOT_MINE, flags=(Flag.REPRESENTED,)), Scope.DEBTOR),
    ],
)
def test_a_protection_holds_at_once_and_waits_for_a_person(given: Case, scope: Scope) -> None:
    decision = decide(given, POLICY)
    assert decision.outcome is Outcome.REVIEW
    assert [effect.status for effect in decision.effects] == [None]
    assert [hold.scope for hold in decision.effects[0].holds] == [scope]


def test_distress_is_urgent_and_says_so() -> None:
    decision = decide(case(flags=(Flag.DISTRESS,)), POLICY)
    assert decision.urgent
    assert [event.type.value for event in decision.events] == ["item.urgent"]


def test_a_protective_flag_the_model_only_suspects_keeps_the_item() -> None:
    sure = case(Subcategory.PROMISE)
    for chance, outcome in ((0.31, Outcome.REVIEW), (0.29, Outcome.APPLIED)):
        suspected = replace(sure, understanding=replace(sure.understanding, flag_confidence={"vulnerable": chance}))
        assert decide(suspected, POLICY).outcome is outcome


def test_a_protection_only_suspected_holds_and_waits_but_is_not_stated_as_a_flag() -> None:
    sure = case()
    for suspected, flags in ((("deceased",), ()), ((), (Flag.DECEASED,))):
        seen = replace(sure.understanding, protective=("deceased",), suspected=suspected)
        decision = decide(replace(sure, understanding=seen), POLICY)
        assert decision.outcome is Outcome.REVIEW
        assert decision.flags == flags
        assert [hold.reason for hold in decision.effects[0].holds] == ["death"]


def test_a_protective_signal_of_the_rules_alone_keeps_the_item() -> None:
    sure = case()
    seen = replace(sure, understanding=replace(sure.understanding, protective=("death",)))
    decision = decide(seen, POLICY)
    assert decision.outcome is Outcome.REVIEW
    assert decision.effects[0].holds[0].reason == "death"


@pytest.mark.parametrize("problem", list(ChequeProblem))
def test_a_cheque_with_any_problem_is_never_booked_by_itself(problem: ChequeProblem) -> None:
    decision = decide(case(S.CHEQUE, cheques=(cheque(problems=(problem,)),)), POLICY)
    assert decision.outcome is Outcome.REVIEW
    assert decision.payments == ()


@pytest.mark.parametrize(
    "doubtful",
    [
        cheque(None),
        cheque(amount_confidence=0.3, problems=(ChequeProblem.UNREADABLE_AMOUNT,)),
        cheque(signed=None),
        cheque(signed=False),
        cheque(amount_confidence=0.7),
        cheque(payee_unconfirmed=True),
        replace(cheque(), line=None),
        replace(cheque(), line=replace(cheque().line, vouched=False)),  # type: ignore[type-var]
    ],
)
def test_a_cheque_read_in_doubt_waits_for_a_person(doubtful: object) -> None:
    decision = decide(case(S.CHEQUE, cheques=(doubtful,)), POLICY)
    assert decision.outcome is Outcome.REVIEW


def test_a_sum_merely_suggested_is_no_money_anywhere() -> None:
    one = cheque(30_000, amount_confidence=0.3, problems=(ChequeProblem.UNREADABLE_AMOUNT,))
    seen = case(S.CHEQUE, cheques=(one,))
    decision = decide(seen, POLICY)
    assert "overpayment" not in [reason.code for reason in decision.reasons]
    assert decision.payments == ()
    assert seen.paid is None
    assert 30_000 not in amounts_of(seen.reading, seen.understanding, seen.mentions)


def test_a_cheque_is_a_payment_whatever_the_letter_says() -> None:
    decision = decide(case(S.AMOUNT, cheques=(cheque(5_000),)), POLICY)
    assert decision.outcome is Outcome.APPLIED
    assert decision.effects[0].status is Status.DISPUTED
    assert [payment.amount for payment in decision.payments] == [5_000]


def test_a_cheque_with_a_protection_is_not_remitted_before_a_person_has_decided() -> None:
    decision = decide(case(S.DEATH, cheques=(cheque(),)), POLICY)
    assert decision.outcome is Outcome.REVIEW
    assert decision.payments == ()


def test_an_announced_cheque_that_is_not_there_is_said() -> None:
    assert [reason.code for reason in decide(case(S.CHEQUE), POLICY).reasons] == ["cheque_not_found"]


def test_too_much_or_twice_is_asked_before_it_is_booked() -> None:
    over = decide(case(S.CHEQUE, cheques=(cheque(25_000),)), POLICY)
    assert [reason.code for reason in over.reasons] == ["overpayment"]
    assert Flag.OVERPAYMENT in over.flags
    booked = PaymentRecord("p", "AB-1", 20_000, "transfer", "k", "received", None, RECEIVED)
    twice = decide(case(S.CHEQUE, cheques=(cheque(),), payments=(booked,)), POLICY)
    assert [reason.code for reason in twice.reasons] == ["double_payment"]


def test_a_claim_that_is_unlikely_missing_or_closed_is_not_touched() -> None:
    likely = Matches((Candidate("AB-1", 0.7),), None, 0.7, plausible=("AB-1",))
    assert [r.code for r in decide(case(matches=likely), POLICY).reasons] == ["unsure_claim"]
    assert [r.code for r in decide(case(matches=Matches()), POLICY).reasons] == ["no_claim"]
    closed = {"AB-1": replace(CLAIM, status=Status.CLOSED)}
    assert [r.code for r in decide(case(claims=closed), POLICY).reasons] == ["claim_status"]


def test_an_attachment_nobody_could_read_is_shown_to_a_person() -> None:
    sure = case()
    noted = replace(
        sure, reading=replace(sure.reading, notes=("logo_ignored: a.png", "attachment_unread: b.xyz (kind)"))
    )
    assert decide(noted, POLICY).reasons == (Reason("attachment_unread", "b.xyz (kind)"),)


def test_a_weaker_fact_never_overwrites_a_stronger_status() -> None:
    disputed = {"AB-1": replace(CLAIM, status=Status.DISPUTED)}
    assert decide(case(S.PROMISE, claims=disputed), POLICY).effects[0].status is None


def test_harmless_mail_is_filed_only_where_nothing_is_named() -> None:
    nothing = Matches()
    assert decide(case(S.THANKS, matches=nothing), POLICY).outcome is Outcome.FILED
    named = decide(case(S.THANKS), POLICY)
    assert [reason.code for reason in named.reasons] == ["harmless_but_named"]
    written = replace(nothing, references=("AB-2",))
    assert decide(case(S.THANKS, matches=written), POLICY).outcome is Outcome.REVIEW
    sampled = replace(POLICY, thresholds=replace(POLICY.thresholds, shown_to_a_person=1.0))
    assert [reason.code for reason in decide(case(S.THANKS, matches=nothing), sampled).reasons] == ["sampled"]


def test_a_creditor_may_have_its_own_numbers() -> None:
    own = {"Eaux de Test": {"promise": replace(POLICY.rules["promise"], at_most=60)}}
    decision = decide(case(facts=Facts(promised_date=after(40))), replace(POLICY, creditors=own))
    assert decision.effects[0].holds[0].until == after(45)


def test_answers_are_due_in_hours_days_and_working_days() -> None:
    dispute = {kind: due.date() for kind, due in decide(case(S.AMOUNT), POLICY).answers}
    assert dispute == {"acknowledgement": date(2026, 3, 16), "answer": after(60)}  # ten working days, sixty days
    promise, notice = decide(case(), POLICY).answers
    assert (notice[0], notice[1].date()) == ("creditor_notice", RECEIVED.date())
    assert promise[1].date() == after(3)


# -- doubts weighed by what follows from them ------------------------------------------------------------------------


def doubtful(subcategory: Subcategory, chances: dict[Subcategory, float]) -> Case:
    """A case whose category is sure and whose probabilities over the subjects are these."""
    sure = case(subcategory, facts=Facts(promised_date=after(12)))
    own = chances[subcategory]
    understanding = replace(
        sure.understanding,
        subcategory_confidence=own,
        chances={label.value: chance for label, chance in chances.items()},
    )
    return replace(sure, understanding=understanding)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (doubtful(S.AMOUNT, {S.AMOUNT: 0.5, S.SERVICE: 0.45}), None),  # every dispute has the same effects
        (doubtful(S.BALANCE, {S.BALANCE: 0.5, S.CLAIM_DETAILS: 0.48}), None),
        (doubtful(S.PLAN_REQUEST, {S.PLAN_REQUEST: 0.55, S.PROMISE: 0.42}), None),  # its hold covers a promise's
        (doubtful(S.PROMISE, {S.PROMISE: 0.55, S.PLAN_REQUEST: 0.42}), "plan_request"),  # a promise's would run out
        (doubtful(S.BALANCE, {S.BALANCE: 0.55, S.GDPR: 0.42}), None),  # a hold too much
        (doubtful(S.GDPR, {S.GDPR: 0.55, S.BALANCE: 0.42}), "information_request"),  # none where there should be one
        (doubtful(S.BALANCE, {S.BALANCE: 0.94, S.DEATH: 0.04}), "death"),  # a protection missed outweighs its chance
        (doubtful(S.BALANCE, {S.BALANCE: 0.97, S.DEATH: 0.01}), None),
        (doubtful(S.ALREADY_PAID, {S.ALREADY_PAID: 0.31, S.CHEQUE: 0.66}), "cheque"),  # no rule of its own: still named
    ],
)
def test_a_doubt_between_two_subjects_weighs_what_their_effects_differ_by(given: Case, reason: str | None) -> None:
    decision = decide(given, POLICY)
    expected = () if reason is None else (Reason("unsure_effect", reason),)
    assert decision.reasons == expected
    assert decision.outcome is (Outcome.APPLIED if reason is None else Outcome.REVIEW)


def test_a_small_doubt_between_two_holds_places_both() -> None:
    """What is likeliest is told; what it may be as well is held until a person looks, and said to be a precaution."""
    decision = decide(doubtful(S.PROMISE, {S.PROMISE: 0.88, S.ALREADY_PAID: 0.1}), POLICY)
    assert decision.outcome is Outcome.APPLIED
    assert decision.reasons == (Reason("precaution", "already_paid"),)
    own, careful = decision.effects[0].holds
    assert (decision.effects[0].status, own.reason, own.until) == (Status.PROMISE_TO_PAY, "promise", after(17))
    assert (careful.reason, careful.until, careful.review_on) == ("precaution", None, after(21))
    assert decision.rules == ("promise",)
    assert word("precaution", "already_paid") == "par précaution, au cas où (dit avoir déjà payé)"
    assert word("precaution") == "par précaution, au cas où"


def test_a_precaution_that_costs_more_days_than_a_look_is_not_taken() -> None:
    one = doubtful(S.PROMISE, {S.PROMISE: 0.88, S.ALREADY_PAID: 0.1})
    dear = replace(POLICY, costs=replace(POLICY.costs, held_day=1.0))
    assert decide(one, dear).reasons == (Reason("unsure_effect", "already_paid"),)


def test_a_protection_in_doubt_is_no_precaution_but_a_look() -> None:
    decision = decide(doubtful(S.PROMISE, {S.PROMISE: 0.9, S.GUARDIANSHIP: 0.08}), POLICY)
    assert decision.reasons == (Reason("unsure_effect", "guardianship"),)


def test_a_person_decides_without_precautions() -> None:
    one = doubtful(S.PROMISE, {S.PROMISE: 0.88, S.ALREADY_PAID: 0.1})
    assert [hold.reason for hold in carry_out(one, ("promise",), (), [CLAIM], POLICY).effects[0].holds] == ["promise"]


def test_a_label_that_is_a_guess_is_never_applied() -> None:
    guess = doubtful(S.AMOUNT, {S.AMOUNT: 0.29, S.SERVICE: 0.28, S.PRESCRIBED: 0.28})
    assert [reason.code for reason in decide(guess, POLICY).reasons] == ["unsure_subcategory"]


def test_cheaper_looks_mean_more_of_them() -> None:
    given = doubtful(S.PLAN_REQUEST, {S.PLAN_REQUEST: 0.55, S.PROMISE: 0.42})
    careful = replace(POLICY, costs=replace(POLICY.costs, look_minutes=0.5))
    assert decide(given, careful).outcome is Outcome.REVIEW


@pytest.mark.parametrize(
    ("amount", "confidence", "outcome"),
    [
        (20_000, 0.96, Outcome.APPLIED),  # the open balance, to the cent
        (20_000, 0.94, Outcome.REVIEW),
        (19_999, 0.96, Outcome.REVIEW),
        (19_999, 0.995, Outcome.APPLIED),
    ],
)
def test_the_open_balance_is_a_witness_for_the_sum_of_a_cheque(
    amount: int, confidence: float, outcome: Outcome
) -> None:
    one = case(Subcategory.CHEQUE, cheques=(cheque(amount, amount_confidence=confidence),))
    assert decide(one, POLICY).outcome is outcome


@pytest.mark.parametrize(
    ("page", "quoted", "outcome"),
    [
        (1, False, Outcome.APPLIED),  # the letter names the sum
        (2, False, Outcome.REVIEW),  # the cheque's own print is no witness for itself
        (1, True, Outcome.REVIEW),  # nor what somebody else wrote
    ],
)
def test_a_sum_written_off_the_cheque_is_a_witness_for_it(page: int, quoted: bool, outcome: Outcome) -> None:
    sum_written = Mention(MentionKind.AMOUNT, "123,45 €", "12345", box=Box(page, 0.1, 0.1, 0.2, 0.02), quoted=quoted)
    parts = (Part(PartKind.LETTER, (1,)), Part(PartKind.CHEQUE, (2,)))
    one = case(Subcategory.CHEQUE, cheques=(cheque(12_345, amount_confidence=0.96, page=2),))
    one = replace(one, mentions=Mentions((sum_written,)), reading=replace(one.reading, parts=parts))
    assert decide(one, POLICY).outcome is outcome


def test_who_contests_and_promises_on_a_day_is_looked_at() -> None:
    promised = Facts(promised_amount=15_000, promised_date=date(2026, 3, 30))
    reasons = [reason.code for reason in decide(case(Subcategory.AMOUNT, facts=promised), POLICY).reasons]
    assert reasons == ["contests_and_promises"]
    assert word("contests_and_promises", "150.00").endswith("(150,00\u00a0€)")
    assert decide(case(Subcategory.PROMISE, facts=promised), POLICY).outcome is Outcome.APPLIED
