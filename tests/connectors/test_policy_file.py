"""The policy file: checked whole before anything starts, each fault named with its place and the remedy."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from connectors.policy_file import load_policy, policy_from
from models.errors import ConfigurationError
from models.hold import Channel
from models.policy import PERSONS_ONLY, RULES, Who

SHIPPED = files("pipelines").joinpath("policy.toml").read_text("utf-8")


def shipped() -> dict[str, Any]:
    return tomllib.loads(SHIPPED)


def test_the_policy_that_ships_has_every_rule_and_ends_every_hold() -> None:
    policy = load_policy()
    assert set(policy.rules) == set(RULES)
    for name, rule in policy.rules.items():
        ends = (rule.days, rule.after_named_date, rule.review_days)
        assert rule.scope is None or any(end is not None for end in ends), name
        assert rule.owner, name
        assert (rule.who is Who.PERSON) is (name in PERSONS_ONLY), name


def test_one_creditor_may_have_other_numbers_and_the_rest_of_the_rule_stays() -> None:
    table = shipped()
    table["creditors"] = {"Eau du Bocage": {"promise": {"at_most": 45, "channels": ["letter"]}}}
    policy = policy_from(table)
    own, common = policy.rule("promise", "Eau du Bocage"), policy.rule("promise", "Another")
    assert (own.at_most, own.channels, own.after_named_date) == (45, (Channel.LETTER,), common.after_named_date)
    assert common.at_most == 30


BAD = [
    (lambda t: t.update(thresold={}), "unknown key 'thresold'"),
    (lambda t: t.update(rules=[]), "rules is no table"),
    (lambda t: t["rules"].pop("death"), "rules.death is missing"),
    (lambda t: t["rules"].update(parking={"who": "auto"}), "rules.parking is no rule"),
    (lambda t: t["rules"].update(promise=5), "rules.promise is no table"),
    (lambda t: t["rules"]["promise"].pop("who"), "rules.promise.who is missing"),
    (lambda t: t["rules"]["promise"].update(who="nobody"), "rules.promise.who = 'nobody'"),
    (lambda t: t["rules"]["promise"].update(scope="street"), "rules.promise.scope = 'street'"),
    (lambda t: t["rules"]["promise"].update(at_most="a month"), "rules.promise.at_most = 'a month'"),
    (lambda t: t["rules"]["promise"].update(at_most=True), "rules.promise.at_most = True"),
    (lambda t: t["rules"]["promise"].update(at_most=3), "rules.promise.at_most = 3"),
    (lambda t: t["rules"]["promise"].update(days=3), "days and after_named_date"),
    (lambda t: t["rules"]["promise"].update(channels=["pigeon"]), "rules.promise.channels = ['pigeon']"),
    (lambda t: t["rules"]["promise"].update(owner=""), "rules.promise.owner = ''"),
    (lambda t: t["rules"]["promise"].update(colour="red"), "rules.promise.colour"),
    (lambda t: t["rules"]["dispute"].pop("review_days"), "rules.dispute: a hold without end"),
    (lambda t: t["rules"]["dispute"].update(at_most=30), "rules.dispute.at_most without after_named_date"),
    (lambda t: t["rules"]["death"].update(who="auto"), 'rules.death.who = "auto"'),
    (lambda t: t["thresholds"].update(category=1.2), "thresholds.category = 1.2"),
    (lambda t: t["thresholds"].update(mood=0.5), "thresholds.mood is unknown"),
    (lambda t: t.update(thresholds=3), "thresholds is no table"),
    (lambda t: t["costs"].update(wrong_hold=-1), "costs.wrong_hold = -1"),
    (lambda t: t.update(soft_alarm_days="five"), "soft_alarm_days = 'five'"),
    (lambda t: t.update(creditors=1), "creditors is no table"),
    (lambda t: t.update(creditors={"X": 1}), "creditors.'X' is no table"),
    (lambda t: t.update(creditors={"X": {"promise": 1}}), "creditors.'X'.promise is no table"),
    (lambda t: t.update(creditors={"X": {"parking": {}}}), "creditors.'X'.parking is no rule"),
    (lambda t: t.update(creditors={"X": {"promise": {"at_most": -1}}}), "creditors.'X'.promise.at_most = -1"),
    (lambda t: t.update(creditors={"X": {"distress": {"who": "auto"}}}), "creditors.'X'.distress.who"),
]


@pytest.mark.parametrize(("spoil", "said"), BAD, ids=[said for _, said in BAD])
def test_a_fault_is_named_with_its_place(spoil: Any, said: str) -> None:
    table = shipped()
    spoil(table)
    with pytest.raises(ConfigurationError) as told:
        policy_from(table, "p.toml")
    assert said in str(told.value)
    assert "p.toml: " in str(told.value)


@pytest.mark.parametrize("content", [b"[rules", b"\xff\xfe", b'version = "1"\nversion = "2"'])
def test_a_file_that_is_no_toml_stops_the_start(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"p\.toml"):
        load_policy(path)


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml"):
        load_policy(tmp_path / "nowhere.toml")
