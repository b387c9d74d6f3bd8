"""Does the mail still look as the model knows it?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.drift import Drift, Week, drifts


def week(payment: int, dispute: int, mean: float = 0.9, judged: int = 0, corrected: int = 0) -> Week:
    counts = {"payment": payment, "dispute": dispute}
    return Week("2026-05-04", payment + dispute, counts, mean, judged, corrected)


def test_steady_weeks_raise_nothing() -> None:
    assert drifts([week(60, 40), week(55, 45), week(63, 37)]) == []


def test_a_share_that_moved_is_named_with_both_values() -> None:
    found = drifts([week(60, 40), week(60, 40), week(30, 70)])
    assert Drift("dispute", 0.4, 0.7) in found
    assert {one.what for one in found} == {"dispute", "payment"}


def test_falling_confidence_is_named() -> None:
    (found,) = drifts([week(60, 40, 0.92), week(60, 40, 0.84)])
    assert (found.what, found.before, found.now) == ("confidence", 0.92, 0.84)


def test_more_corrections_are_named_only_once_enough_were_judged() -> None:
    assert drifts([week(60, 40, judged=20, corrected=1), week(60, 40, judged=20, corrected=15)]) == []
    (found,) = drifts([week(60, 40, judged=100, corrected=5), week(60, 40, judged=100, corrected=30)])
    assert found.what == "corrections"


def test_a_small_week_proves_nothing() -> None:
    assert drifts([week(60, 40), week(0, 12)]) == []
    assert drifts([week(60, 40)]) == []


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=5))
def test_the_same_week_again_and_again_never_drifts(counts: list[tuple[int, int]]) -> None:
    same = week(*counts[0])
    assert drifts([same] * len(counts)) == []
