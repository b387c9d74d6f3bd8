"""Case files for the tests: one sound cheque, one proposed claim, words to change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from models.cheque import ChequeReading, Cmc7Line, rlmc_key
from models.claim import Claim
from models.evidence import Candidate, Matches
from models.labels import CATEGORY_OF, Subcategory
from models.reading import ItemReading
from models.understanding import Facts, Mentions, Understanding
from pipelines.case import Case

RECEIVED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
CLAIM = Claim(
    "AB-1",
    "Eaux de Test",
    balance=20_000,
    last_name="MERLE",
    first_name="Anne",
    address="3 RUE DES IFS",
    postcode="35000",
    city="RENNES",
    debtor_ref="d1",
)
ZONES = ("6679545", "042014506908", "052108899000")


def cheque(amount: int | None = 20_000, **changes: object) -> ChequeReading:
    line = Cmc7Line(f"C{ZONES[0]}C{ZONES[1]}E{ZONES[2]}A", 0.999, f"{rlmc_key(*ZONES):02d}", vouched=True)
    reading = ChequeReading(1, line=line, amount=amount, amount_confidence=0.995, date=date(2026, 3, 1), signed=True)
    return replace(reading, **changes)  # type: ignore[arg-type]


def case(subcategory: Subcategory = Subcategory.PROMISE, **changes: object) -> Case:
    """A sure case: one claim proposed at 99 %, one subject understood at 99 %."""
    facts = changes.pop("facts", Facts())
    flags = changes.pop("flags", ())
    understanding = Understanding(
        CATEGORY_OF[subcategory],
        subcategory,
        0.99,
        flags=flags,  # type: ignore[arg-type]
        subcategory_confidence=0.99,
        facts=facts,  # type: ignore[arg-type]
    )
    found = Matches((Candidate("AB-1", 0.99),), "AB-1", 0.99, plausible=("AB-1",))
    cheques = changes.pop("cheques", ())
    reading = ItemReading("un texte", "un texte", cheques=cheques)  # type: ignore[arg-type]
    sure = Case("item-1", RECEIVED, RECEIVED.date(), reading, understanding, Mentions(), found, {"AB-1": CLAIM})
    return replace(sure, **changes)  # type: ignore[arg-type]
