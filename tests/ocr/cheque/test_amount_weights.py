from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ocr.cheque.amount_weights import (
    DIFFERENCE_SIGNS,
    FEATURE_SIGNS,
    FEATURES,
    WEIGHTS_FILE,
    Weights,
    load_weights,
    shipped_weights,
)
from ocr.cheque.amounts import Losses, judged


def losses(figures: list[float], words: list[float]) -> Losses:
    """Two candidates, 120.00 and 270.00, as one view of each field likes them; ten letters of words."""
    of_words = np.asarray(words)
    return Losses([12000, 27000], {"own": np.asarray(figures)}, {"own": of_words}, {"own": of_words / 10})


def test_weights_are_kept_as_they_were_fitted(tmp_path: Path) -> None:
    made = Weights({"own": 0.25}, {"page": 1.0}, 0.3, (0.5,) * len(FEATURES), -1.0, differ=0.2)
    made.save(tmp_path / "amounts.json")
    assert load_weights(tmp_path / "amounts.json") == made


@pytest.mark.parametrize("which", ["slopes", "differ_slopes"])
def test_weights_of_other_features_are_refused_by_name(which: str, tmp_path: Path) -> None:
    Weights().save(tmp_path / "amounts.json")
    raw = json.loads((tmp_path / "amounts.json").read_text()) | {which: [1.0]}
    (tmp_path / "amounts.json").write_text(json.dumps(raw))
    with pytest.raises(ValueError, match="calibrate again"):
        load_weights(tmp_path / "amounts.json")


def test_what_is_shipped_fits_and_grows_surer_with_the_margin() -> None:
    assert WEIGHTS_FILE.exists()
    shipped = shipped_weights()
    for slopes, signs in ((shipped.slopes, FEATURE_SIGNS), (shipped.differ_slopes, DIFFERENCE_SIGNS)):
        assert all(slope * sign >= 0 for slope, sign in zip(slopes, signs, strict=True))


def test_agreement_of_both_fields_is_sure_and_one_field_alone_is_not() -> None:
    both = judged(losses([0.0, 30.0], [0.0, 20.0]), (), shipped_weights())
    assert both.amount == 12000
    assert both.confidence >= 0.99
    illegible = judged(losses([0.0, 30.0], [19.0, 19.5]), (), shipped_weights())
    assert illegible.words is None
    assert illegible.confidence < 0.99


def test_words_that_fit_badly_never_carry_a_sure_amount_however_far_the_next_is() -> None:
    certain = replace(shipped_weights(), bias=20.0)
    seen = judged(losses([0.0, 30.0], [11.5, 90.0]), (), certain)
    assert (seen.amount, seen.words) == (12000, None)
    assert seen.confidence < 0.99


def test_a_sum_that_hardly_leads_the_next_is_never_sure() -> None:
    certain = replace(shipped_weights(), bias=20.0)
    assert judged(losses([0.0, 30.0], [0.0, 0.4]), (), certain).confidence >= 0.99
    assert judged(losses([0.0, 0.4], [0.0, 0.4]), (), certain).confidence < 0.99


def test_the_likeliest_sum_is_given_however_unsure_with_how_unsure_it_is() -> None:
    torn = judged(losses([0.3, 0.5], [9.0, 9.2]), (), replace(shipped_weights(), bias=-3.0))
    assert torn.amount == 12000
    assert 0.0 < torn.confidence < 0.5
    assert not torn.differ


def test_fields_that_clearly_say_different_sums_give_none_though_one_is_expected() -> None:
    seen = judged(losses([0.0, 30.0], [20.0, 0.0]), (12000,), shipped_weights())
    assert (seen.amount, seen.figures, seen.words, seen.differ) == (None, 12000, 27000, True)
