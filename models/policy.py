"""The decision policy as values: who may apply what, for how long reminders stop, what it costs to be wrong.

The numbers come from a TOML file (defaults in `pipelines/policy.toml`, the table of labels.md), never from code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from models.claim import Status
from models.hold import ALL_CHANNELS, Channel, Scope


class Who(StrEnum):
    AUTO = "auto"  # may be applied without a person when sure
    PERSON = "person"  # the hold is placed at once, status and events wait for a person


class Due(StrEnum):
    """How an answer's delay is counted."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of mail does. `scope` None: no hold. Days count from the day the mail was received.

    `after_named_date`: the hold lasts to the date the mail names plus these days, at most `at_most` days.
    `after_answer`: the hold ends these days after our answer has gone out.
    """

    who: Who
    status: Status | None = None
    scope: Scope | None = None
    channels: tuple[Channel, ...] = ALL_CHANNELS
    days: int | None = None
    after_named_date: int | None = None
    at_most: int | None = None
    review_days: int | None = None
    after_answer: int | None = None
    answer: int | None = None
    answer_unit: Due = Due.DAYS
    answer_kind: str = "answer"
    then_answer: int | None = None  # days to the answer itself, where `answer` is only an acknowledgement
    owner: str = "mail_room"
    urgent: bool = False
    tell_creditor: int | None = None  # days to the notice owed to the creditor (CPCE R124-5)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities (0..1) above which nobody needs to look."""

    category: float = 0.93
    subcategory: float = 0.30  # less likely than this it is a guess; what follows from it is weighed by its cost
    flag: float = 0.30
    claim: float = 0.97
    cheque_amount: float = 0.99
    cheque_amount_expected: float = 0.95  # where the claim, the letter or the slip names the sum too, to the cent
    reading: float = 0.60  # mean word confidence below which a person reads
    shown_to_a_person: float = 0.05  # random share of filed items


@dataclass(frozen=True, slots=True)
class Costs:
    """Euros, but for the minutes. What applying may cost is weighed against a look: see pipelines/cost.py."""

    leaked_reminder: float = 25.0
    wrong_hold: float = 3.0
    held_day: float = 0.05
    wrong_status: float = 6.0
    wrong_application: float = 60.0
    operator_minute: float = 0.6
    look_minutes: float = 3.0  # of a person, for one item on the desk


@dataclass(frozen=True, slots=True)
class Policy:
    """`rules` by name; `creditors` overrides whole rules for one creditor."""

    rules: Mapping[str, Rule]
    thresholds: Thresholds = Thresholds()
    costs: Costs = Costs()
    soft_alarm_days: int = 5
    limitation_warning_days: int = 60  # before a held claim is time-barred
    creditors: Mapping[str, Mapping[str, Rule]] = field(default_factory=dict)
    version: str = ""

    def rule(self, name: str, creditor: str = "") -> Rule:
        """Raises KeyError for a rule that no policy names; the loader checks that all of `RULES` are there."""
        return self.creditors.get(creditor, {}).get(name) or self.rules[name]


# Every rule a policy file must hold, by the rows of the labels' table of effects.
RULES: tuple[str, ...] = (
    "cheque_full",
    "cheque_part",
    "cheque_defect",
    "transfer_notice",
    "already_paid",
    "promise",
    "plan_request",
    "dispute",
    "information_request",
    "gdpr",
    "gdpr_rectification",
    "gdpr_objection",
    "over_indebtedness_filed",
    "over_indebtedness",
    "insolvency",
    "death",
    "guardianship",
    "legal_counsel",
    "represented",
    "distress",
    "vulnerable",
    "complaint",
    "refund_requested",
    "address_change",
    "returned_mail",
    "harmless",
)

# Confirmed by a person whatever a policy file says: protections, and cheques with a defect.
PERSONS_ONLY = frozenset(
    {
        "cheque_defect",
        "over_indebtedness_filed",
        "over_indebtedness",
        "insolvency",
        "death",
        "guardianship",
        "legal_counsel",
        "represented",
        "distress",
        "vulnerable",
    }
)
