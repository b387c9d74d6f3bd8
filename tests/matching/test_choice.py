"""From scores to an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.choice import Limits, Scored, choose, probabilities
from matching.paper import Finding
from matching.scorecard import Scorecard, Weight
from models.claim import Claim

EMPTY = Scorecard(0.0, {("claim_reference", "exact"): Weight(9.0), ("surname", "exact"): Weight(9.0)})
NUMBER, NAME = Finding("claim_reference", "exact"), Finding("surname", "exact")


def scored(ref: str, odds: float, *named_by: str, debtor: str = "") -> Scored:
    return Scored(Claim(ref, "C", 100, debtor_ref=debtor or ref), odds, (NUMBER,), frozenset(named_by))


@given(st.lists(st.floats(-60, 60), max_size=20))
def test_chances_are_shares_of_one_with_room_for_no_claim(odds: list[float]) -> None:
    chances = probabilities(odds)
    assert all(0.0 <= chance <= 1.0 for chance in chances)
    assert sum(chances) <= 1.0 + 1e-9


@given(st.lists(st.floats(-60, 60), max_size=12), st.randoms())
def test_the_answer_does_not_depend_on_the_order(odds: list[float], random: object) -> None:
    claims = [scored(f"R{i}", value) for i, value in enumerate(odds)]
    turned = list(claims)
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert choose(claims, EMPTY, Limits()) == choose(turned, EMPTY, Limits())


@pytest.mark.parametrize(
    ("odds", "proposed"),
    [
        ([9.0, 1.0], "R0"),
        ([9.0, 8.0], None),
        ([2.0], None),
        ([], None),
        ([-3.0], None),
    ],
    ids=["clearly ahead", "a rival close by", "too little", "nothing", "against"],
)
def test_only_a_likely_claim_clearly_ahead_is_proposed(odds: list[float], proposed: str | None) -> None:
    answer = choose([scored(f"R{i}", value) for i, value in enumerate(odds)], EMPTY, Limits())
    assert answer.proposed == proposed


def test_a_claim_named_by_its_own_reference_is_no_rival() -> None:
    answer = choose([scored("A", 20.0, "A1"), scored("B", 19.5, "B2"), scored("C", 1.0)], EMPTY, Limits())
    assert (answer.proposed, answer.further) == ("A", ("B",))
    assert answer.plausible == ("A", "B")


def test_two_claims_that_share_the_reference_are_rivals() -> None:
    answer = choose([scored("A", 20.0, "F7"), scored("B", 19.5, "F7")], EMPTY, Limits())
    assert answer.proposed is None
    assert answer.further == ()
    assert set(answer.plausible) == {"A", "B"}


def test_while_it_is_open_which_every_claim_of_the_debtor_is_held() -> None:
    claims = [scored(f"R{i}", 6.0, debtor="D") for i in range(7)]
    answer = choose(claims, EMPTY, Limits())
    assert answer.proposed is None
    assert len(answer.plausible) == 7


def test_no_more_holds_than_the_limit() -> None:
    assert len(choose([scored(f"R{i}", 6.0, debtor="D") for i in range(30)], EMPTY, Limits()).plausible) == 10


def test_a_name_alone_is_never_proposed_for_it_may_be_a_namesakes() -> None:
    alone = Scored(Claim("A", "C", 100), 12.0, (NAME,))
    answer = choose([alone], EMPTY, Limits())
    assert answer.proposed is None
    assert answer.plausible == ("A",)


@pytest.mark.parametrize(("odds", "held"), [(-2.0, ("A",)), (-5.0, ())], ids=["a small chance", "next to none"])
def test_the_best_candidate_is_held_on_a_small_chance(odds: float, held: tuple[str, ...]) -> None:
    answer = choose([scored("A", odds), scored("B", odds - 1)], EMPTY, Limits())
    assert (answer.proposed, answer.plausible) == (None, held)
