"""Two claims' debtors, taken for one by a person: who said so, why, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DebtorLink:
    """`number` is 0 until it is kept. Holds on the debtor reach the claims of both while it lasts."""

    claim_ref: str
    other_ref: str
    linked_at: datetime
    linked_by: str
    reason: str
    number: int = 0
    ended_at: datetime | None = None
    ended_by: str = ""
    end_reason: str = ""

    def of(self, claim_ref: str, other_ref: str) -> bool:
        return {self.claim_ref, self.other_ref} == {claim_ref, other_ref}
