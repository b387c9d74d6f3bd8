"""Everything the steps need, chosen by connectors/wiring.py and handed down as one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from models.agency import Agency
from models.evidence import Matches
from models.money import Cents
from models.policy import Policy
from models.reading import ItemReading
from models.understanding import Mentions, Understanding
from pipelines.ports import Clock, Ledger, ObjectStore


class Classifies(Protocol):
    """classifiers.model.Classifier keeps this promise; so does any model of the same labels."""

    def understand(self, reading: ItemReading) -> Understanding: ...


class FindsClaims(Protocol):
    """connectors.living_index.LivingIndex keeps this promise with a matching.index.ClaimIndex."""

    def refresh(self) -> None:
        """Claims changed in the ledger since the last look are in the index when this returns."""

    def match(self, mentions: Mentions, text: str, amounts: Sequence[Cents] = ()) -> Matches: ...


@dataclass(slots=True)
class Services:
    """`shadow`: decide and show everything, change no status or balance, place no hold, send no event."""

    ledger: Ledger
    objects: ObjectStore
    clock: Clock
    agency: Agency
    policy: Policy
    classifier: Classifies
    index: FindsClaims
    shadow: bool = False
    worker: str = "mailroom"

    def now(self) -> datetime:
        return self.clock.now()
