"""The decision policy from a TOML file, checked whole before anything starts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from models.claim import Status
from models.errors import ConfigurationError
from models.hold import ALL_CHANNELS, Channel, Scope
from models.policy import PERSONS_ONLY, RULES, Costs, Due, Policy, Rule, Thresholds, Who

Numbers = TypeVar("Numbers", Thresholds, Costs)


def load_policy(path: Path | None = None) -> Policy:
    """The policy of this file, or the one that ships. Raises ConfigurationError with the place and the remedy."""
    name = str(path) if path else "pipelines/policy.toml"
    try:
        text = path.read_text("utf-8") if path else files("pipelines").joinpath("policy.toml").read_text("utf-8")
        table = tomllib.loads(text)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"policy {name}: {error}", "compare with the policy that ships") from None
    return policy_from(table, name)


def policy_from(table: Mapping[str, Any], name: str = "policy") -> Policy:
    known = {"version", "soft_alarm_days", "limitation_warning_days", "thresholds", "costs", "rules", "creditors"}
    if unknown := set(table) - known:
        raise ConfigurationError(f"{name}: unknown key {sorted(unknown)[0]!r}", f"known: {', '.join(sorted(known))}")
    written = _table(table.get("rules", {}), f"{name}: rules")
    rules = {
        key: _rule(_table(value, f"{name}: rules.{key}"), f"{name}: rules.{key}") for key, value in written.items()
    }
    if missing := [rule for rule in RULES if rule not in rules]:
        raise ConfigurationError(f"{name}: rules.{missing[0]} is missing", "copy it from the policy that ships")
    if strange := [rule for rule in rules if rule not in RULES]:
        raise ConfigurationError(f"{name}: rules.{strange[0]} is no rule", f"known: {', '.join(RULES)}")
    return Policy(
        rules=rules,
        thresholds=_numbers(Thresholds, table.get("thresholds", {}), f"{name}: thresholds", most=1.0),
        costs=_numbers(Costs, table.get("costs", {}), f"{name}: costs", most=1e6),
        soft_alarm_days=_days(table.get("soft_alarm_days", 5), f"{name}: soft_alarm_days"),
        limitation_warning_days=_days(table.get("limitation_warning_days", 60), f"{name}: limitation_warning_days"),
        creditors=_overrides(_table(table.get("creditors", {}), f"{name}: creditors"), rules, name),
        version=str(table.get("version", "")),
    )


def _table(value: object, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"{place} is no table", f"write [{place.partition(': ')[2]}] above its values")
    return value


def _overrides(table: Mapping[str, Any], rules: Mapping[str, Rule], name: str) -> dict[str, dict[str, Rule]]:
    """`[creditors."Name".promise] at_most = 45` changes that number and keeps the rest of the rule."""
    result: dict[str, dict[str, Rule]] = {}
    for creditor, changes in table.items():
        for rule, values in _table(changes, f"{name}: creditors.{creditor!r}").items():
            place = f"{name}: creditors.{creditor!r}.{rule}"
            if rule not in rules:
                raise ConfigurationError(f"{place} is no rule", f"known: {', '.join(RULES)}")
            changed = {**_as_table(rules[rule]), **_table(values, place)}
            result.setdefault(creditor, {})[rule] = _rule(changed, place)
    return result


def _as_table(rule: Rule) -> dict[str, Any]:
    return {key: value for key, value in asdict(rule).items() if value is not None}


def _numbers(kind: type[Numbers], table: object, place: str, most: float) -> Numbers:
    names = {item.name for item in fields(kind)}
    numbers = _table(table, place)
    for key, value in numbers.items():
        if key not in names:
            raise ConfigurationError(f"{place}.{key} is unknown", f"known: {', '.join(sorted(names))}")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            raise ConfigurationError(f"{place}.{key} = {value!r}", f"give a number from 0 to {most:g}")
    return kind(**{key: float(value) for key, value in numbers.items()})


def _days(value: object, place: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 3650:
        raise ConfigurationError(f"{place} = {value!r}", "give a whole number of days from 0 to 3650")
    return value


_CHOICES: dict[str, type[Who] | type[Status] | type[Scope] | type[Due]] = {
    "who": Who,
    "status": Status,
    "scope": Scope,
    "answer_unit": Due,
}
_WHOLE = (
    "days",
    "after_named_date",
    "at_most",
    "review_days",
    "after_answer",
    "answer",
    "then_answer",
    "tell_creditor",
)


def _rule(table: Mapping[str, Any], place: str) -> Rule:
    values = {key: _value(key, value, f"{place}.{key}") for key, value in table.items()}
    if "who" not in values:
        raise ConfigurationError(f"{place}.who is missing", 'give "auto" or "person"')
    rule = Rule(**values)
    _check_ends(rule, place)
    if rule.who is Who.AUTO and place.rpartition(".")[2] in PERSONS_ONLY:
        raise ConfigurationError(f'{place}.who = "auto"', 'a person confirms this one: give "person"')
    return rule


def _check_ends(rule: Rule, place: str) -> None:
    """No hold without an end or a review date, and none whose numbers contradict each other."""
    if rule.scope is not None and all(end is None for end in (rule.days, rule.after_named_date, rule.review_days)):
        raise ConfigurationError(f"{place}: a hold without end", "give days, after_named_date or review_days")
    if rule.at_most is not None and rule.after_named_date is None:
        raise ConfigurationError(f"{place}.at_most without after_named_date", "give days instead, or both")
    if rule.days is not None and rule.after_named_date is not None:
        raise ConfigurationError(f"{place}: days and after_named_date", "give one of them")
    if rule.at_most is not None and rule.after_named_date is not None and rule.at_most < rule.after_named_date:
        raise ConfigurationError(f"{place}.at_most = {rule.at_most}", f"at least {rule.after_named_date} days")


def _value(key: str, value: Any, place: str) -> Any:
    try:
        if key in _CHOICES:
            return _CHOICES[key](value)
        if key == "channels":
            return tuple(Channel(channel) for channel in value) or ALL_CHANNELS
    except (ValueError, TypeError):
        choices = [str(member) for member in _CHOICES.get(key, Channel)]
        raise ConfigurationError(f"{place} = {value!r}", f"one of: {', '.join(choices)}") from None
    if key in _WHOLE:
        return _days(value, place)
    if key == "urgent" and isinstance(value, bool):
        return value
    if key in ("answer_kind", "owner") and isinstance(value, str) and value:
        return value
    raise ConfigurationError(f"{place} = {value!r} is not understood", "compare with the policy that ships")
