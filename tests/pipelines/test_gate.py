"""May I remind? Everything in the building counts; unknown or in doubt means no; every answer is kept."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.claim import Status
from models.errors import Unavailable
from models.gate import Answer, Building, Purpose, Question, Standing, Stop
from models.hold import ALL_CHANNELS, Channel, Hold, HoldKind, HoldTerms, Scope
from models.item import Item, Stage, item_id_for
from models.record import Lot
from pipelines.answer_groups import KEPT, MOST_WAITING, OPENED, AnswerGroups, lost_groups
from pipelines.gate import answer, may_remind
from pipelines.receive import receive
from pipelines.services import Services
from tests.pipelines.cases import CLAIM, RECEIVED

OPEN = Standing(Status.OPEN, "d1", "Anne MERLE")
EMPTY = Building()
ASKED = Question("AB-1", Channel.LETTER)
DAY = timedelta(days=1)


def stop(**more: object) -> Stop:
    return Stop("dispute", ALL_CHANNELS, RECEIVED - DAY)._replace(**more)  # type: ignore[arg-type]


def reasons(
    question: Question = ASKED, *stops: Stop, building: Building = EMPTY, standing: Standing = OPEN
) -> tuple[str, ...]:
    said = answer(question, standing, stops, building, RECEIVED)
    assert said.allowed is (not said.reasons)
    return said.reasons


# -- who, where, when ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("Mme Anne Merlé", ()),
        ("MERLE", ()),
        ("Jean Durand", ("other_recipient",)),
    ],
)
def test_a_reminder_to_somebody_the_claim_does_not_know_is_in_doubt(named: str, expected: tuple[str, ...]) -> None:
    assert reasons(ASKED._replace(recipient=named)) == expected
    assert reasons(ASKED._replace(recipient=named), standing=OPEN._replace(co_debtors=True)) == ()


def test_whoever_speaks_for_the_debtor_is_written_to_and_nobody_else() -> None:
    spoken = stop(redirect_to="Me Claire MERLE-SABIN, avocate, 3 rue du Palais 35000 Rennes", channels=())
    asked = ASKED._replace(purpose=Purpose.ANSWER)
    assert answer(asked, OPEN, [spoken], EMPTY, RECEIVED).recipient == spoken.redirect_to
    assert reasons(ASKED._replace(recipient="Maître Sabin"), spoken) == ()
    assert reasons(ASKED._replace(recipient="Anne Merle"), spoken) == ("wrong_recipient",)


@pytest.mark.parametrize(
    ("address", "stopped"),
    [
        (None, True),
        ("3, rue des Ifs - 35000 Rennes", True),
        ("3 r. des ifs", True),  # the same number, less said: in doubt
        ("12 RUE DES IFS 35000 RENNES", False),
        ("3 RUE DES IFS 29200 BREST", False),
        ("poste restante", True),
    ],
)
def test_returned_letters_stop_letters_to_that_address_only(address: str | None, stopped: bool) -> None:
    returned = stop(address="3 RUE DES IFS, 35000 RENNES", channels=(Channel.LETTER,), reason="returned_mail")
    assert reasons(ASKED._replace(address=address), returned) == (("returned_mail",) if stopped else ())
    assert reasons(ASKED._replace(address=address, channel=Channel.SMS), returned) == ()


def test_a_hold_counts_if_it_is_in_force_now_or_when_the_reminder_leaves() -> None:
    leaving = ASKED._replace(leaves_at=RECEIVED + 3 * DAY)
    later = stop(starts_at=RECEIVED + 2 * DAY)
    assert reasons(ASKED, later) == ()
    assert reasons(leaving, later) == ("dispute",)
    assert reasons(leaving, stop(until=(RECEIVED + DAY).date())) == ("dispute",)  # ask again after its end
    assert reasons(ASKED, stop(until=(RECEIVED - DAY).date())) == ()
    assert reasons(ASKED._replace(leaves_at=RECEIVED - 9 * DAY), stop(until=(RECEIVED - DAY).date())) == ()


@pytest.mark.parametrize("status", [Status.PROTECTED, Status.REPRESENTED, Status.DISPUTED, Status.PAYMENT_RECEIVED])
def test_a_status_that_forbids_reminders_does_so_without_a_hold(status: Status) -> None:
    assert reasons(standing=OPEN._replace(status=status)) == (f"status:{status.value}",)


def test_answers_and_receipts_are_held_back_by_nothing() -> None:
    everything = Building(3, ("L1",), frozenset({"AB-1"}))
    for purpose in (Purpose.ANSWER, Purpose.RECEIPT):
        assert reasons(ASKED._replace(purpose=purpose), stop(), building=everything) == ()


# -- what is in the building -----------------------------------------------------------------------------------------


def asked(services: Services, ref: str = "CD-1") -> tuple[str, ...]:
    (said,) = may_remind(services, [Question(ref, Channel.LETTER)])
    return said.reasons


def test_a_lot_opened_but_not_scanned_is_named_and_stops_every_reminder(services: Services) -> None:
    with services.ledger.write() as books:
        books.trail.add_lot(Lot("L-0302", RECEIVED.date(), 2, RECEIVED))
    assert asked(services) == ("lot_not_scanned:L-0302",)
    for number in range(2):
        receipt = receive(services, f"{number}.png", bytes([number]), origin=f"/in/{number}", lot_id="L-0302")
        item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None, stage=Stage.HELD)
        with services.ledger.write() as books:
            books.items.open_receipt(receipt.receipt_id, [item])
            closed = books.trail.close_scanned_lots(services.now())
        assert closed == number  # with the second item, and once
    assert asked(services) == ()


def test_a_person_may_say_why_fewer_came_than_were_counted(services: Services) -> None:
    with services.ledger.write() as books:
        books.trail.add_lot(Lot("L-0302", RECEIVED.date(), 2, RECEIVED))
        assert books.trail.close_lot("L-0302", RECEIVED, "camille", "one envelope was empty")
        assert not books.trail.close_lot("L-0302", RECEIVED, "camille", "again")
        assert not books.trail.close_lot("L-9999", RECEIVED, "camille", "unknown")
    assert asked(services) == ()


def test_an_item_read_but_not_matched_yet_is_as_unknown_as_an_unread_one(services: Services) -> None:
    receipt = receive(services, "a.png", b"a", origin="/in/a")
    item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)
    with services.ledger.write() as books:
        books.items.open_receipt(receipt.receipt_id, [item])
        item = books.items.move(item, Stage.READ)
    assert asked(services) == ("unread_items:1",)
    with services.ledger.write() as books:
        books.items.move(item, Stage.HELD)
    assert asked(services) == ()


def test_money_that_waits_to_be_booked_stops_reminders_on_its_claims_only() -> None:
    waiting = Building(unposted=frozenset({"AB-1"}))
    assert reasons(building=waiting) == ("payment_not_posted",)
    assert reasons(ASKED._replace(claim_ref="CD-1"), building=waiting) == ()


def test_many_lots_are_named_without_filling_the_answer() -> None:
    (reason,) = reasons(building=Building(lots=tuple(f"L{number}" for number in range(9))))
    assert reason == "lot_not_scanned:L0, L1, L2, L3, L4 +4"


def test_a_long_list_is_answered_like_its_questions_one_by_one(services: Services) -> None:
    with services.ledger.write() as books:
        books.claims.upsert(replace(CLAIM, claim_ref=f"N-{n}", debtor_ref=f"n{n // 2}") for n in range(1_200))
        for number in range(0, 1_200, 7):
            terms = HoldTerms(
                Scope(("claim", "debtor")[number % 2]), HoldKind.HOLD, "dispute", "x", review_on=RECEIVED.date()
            )
            books.holds.place(Hold(f"h{number}", f"N-{number}", f"n{number // 2}", None, terms, RECEIVED))
    questions = [Question(f"N-{number}", Channel.EMAIL) for number in range(1_210)]
    whole = may_remind(services, questions)
    assert [said.allowed for said in whole[:8]] == [False, True, True, True, True, True, False, False]
    sample = questions[::60] + questions[-12:]
    assert may_remind(services, sample) == whole[::60] + whole[-12:]
    assert {said.reasons for said in whole[1_200:]} == {("unknown_claim",)}


# -- properties ------------------------------------------------------------------------------------------------------

moments = st.integers(-40, 40).map(lambda hours: RECEIVED + timedelta(hours=6 * hours))
stops = st.builds(
    Stop,
    reason=st.sampled_from(["soft", "dispute", "promise"]),
    channels=st.sets(st.sampled_from(Channel)).map(tuple),
    starts_at=moments,
    until=st.none() | moments.map(datetime.date),
    redirect_to=st.none() | st.just("UDAF d'Ille-et-Vilaine"),
    address=st.none() | st.just("3 RUE DES IFS, 35000 RENNES"),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(stops, max_size=6), st.sampled_from(Channel), st.none() | moments)
def test_holds_never_overlap_into_permission(found: list[Stop], channel: Channel, leaves_at: datetime | None) -> None:
    """Allowed only if no hold covers the question, now or when it leaves; and one hold more never allows more."""
    question = ASKED._replace(channel=channel, leaves_at=leaves_at)
    times = {RECEIVED, max(RECEIVED, leaves_at or RECEIVED)}

    def covers(one: Stop) -> bool:
        lasts = any(one.starts_at <= at and (one.until is None or at.date() <= one.until) for at in times)
        return lasts and channel in one.channels

    said = answer(question, OPEN, found, EMPTY, RECEIVED)
    assert said.allowed is not any(covers(one) for one in found)
    if not said.allowed:
        assert not answer(question, OPEN, [*found, stop(channels=())], EMPTY, RECEIVED).allowed
        assert said.until is None or all(one.until <= said.until for one in found if covers(one) and one.until)


@given(st.lists(stops, max_size=5), st.randoms(use_true_random=False))
def test_the_order_in_which_holds_were_placed_changes_no_answer(found: list[Stop], chance: object) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (answer(ASKED, OPEN, some, EMPTY, RECEIVED) for some in (found, shuffled))
    assert (one.allowed, set(one.reasons), one.until) == (other.allowed, set(other.reasons), other.until)


# -- single answers in groups ----------------------------------------------------------------------------------------


def pair(number: int, *, allowed: bool) -> tuple[Question, Answer]:
    said = Answer(f"C-{number}", allowed, () if allowed else ("soft",), None, None, RECEIVED, RECEIVED)
    return Question(said.claim_ref, Channel.LETTER), said


def kept(services: Services) -> tuple[int, int]:
    with services.ledger.read() as books:
        return books.trail.count_answers(RECEIVED, RECEIVED + DAY)  # type: ignore[attr-defined,no-any-return]


def lost(services: Services, later: timedelta = DAY) -> int:
    with services.ledger.read() as books:
        entries = books.trail.between(RECEIVED, RECEIVED + DAY, [OPENED, KEPT])  # type: ignore[attr-defined]
    return len(lost_groups(entries, RECEIVED + later))


def test_a_group_is_known_of_before_the_first_yes_is_heard_and_is_one_record(services: Services) -> None:
    groups = AnswerGroups(services.ledger, seconds=60)
    groups.keep([pair(1, allowed=False)])
    assert (kept(services), lost(services)) == ((0, 0), 0)  # a refusal lets nothing leave
    for number in range(2, 6):
        groups.keep([pair(number, allowed=True)])
    assert (kept(services), lost(services)) == ((0, 0), 1)  # killed now, it would show
    assert lost(services, timedelta(seconds=1)) == 0  # still gathering
    groups.flush()
    assert (kept(services), lost(services)) == ((5, 4), 0)
    groups.keep([pair(6, allowed=True)])
    assert lost(services) == 1


def test_a_hundred_answers_are_a_group(services: Services) -> None:
    groups = AnswerGroups(services.ledger, seconds=60)
    for number in range(MOST_WAITING + 1):
        groups.keep([pair(number, allowed=True)])
    assert kept(services) == (MOST_WAITING, MOST_WAITING)
    groups.close()
    assert (kept(services), lost(services)) == ((MOST_WAITING + 1, MOST_WAITING + 1), 0)


def test_refusals_are_kept_after_a_moment_and_when_the_process_ends(services: Services) -> None:
    soon = AnswerGroups(services.ledger, seconds=0.01)
    soon.keep([pair(1, allowed=False)])
    for _ in range(500):
        if kept(services) == (1, 0):
            break
        threading.Event().wait(0.01)
    slow = AnswerGroups(services.ledger, seconds=60)
    slow.keep([pair(2, allowed=False)])
    slow.close()
    assert kept(services) == (2, 0)
    slow.keep([pair(3, allowed=False)])
    assert kept(services) == (3, 0)


def test_many_callers_at_once_lose_nothing(services: Services) -> None:
    groups = AnswerGroups(services.ledger, seconds=60)
    callers = [threading.Thread(target=lambda n=n: groups.keep([pair(n, allowed=n % 2 == 0)])) for n in range(60)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(timeout=60)
    groups.flush()
    assert (kept(services), lost(services)) == ((60, 30), 0)


def test_a_ledger_that_is_away_gives_the_caller_no_yes_and_loses_no_answer(services: Services) -> None:
    class Away:
        def write(self) -> object:
            raise Unavailable("away", "try again")

    groups = AnswerGroups(Away(), seconds=60)  # type: ignore[arg-type]
    groups.keep([pair(1, allowed=False)])
    with pytest.raises(Unavailable):
        groups.keep([pair(2, allowed=True)])
    groups._ledger = services.ledger
    groups.flush()
    assert kept(services) == (2, 1)


@pytest.mark.parametrize("day", [date(2026, 3, 2)])
def test_an_answer_says_until_when_it_is_good(services: Services, day: date) -> None:
    (said,) = may_remind(services, [Question("CD-1", Channel.LETTER)])
    assert said.asked_at.date() == day
    assert said.valid_until - said.asked_at == timedelta(minutes=15)
