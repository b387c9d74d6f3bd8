"""A block that holds half the portfolio costs no more than one that holds ten claims."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest

from matching.index import ClaimIndex
from models.claim import Claim
from models.understanding import Mention, MentionKind, Mentions

HOUSING = Claim(
    claim_ref="HB-000000",
    creditor="Bailleur du Port",
    balance=50_000,
    principal=50_000,
    client_ref="900000",
    last_name="MARTIN",
    first_name="Paul",
    birth_date=date(1970, 1, 1),
    address="1 PLACE DE LA GARE",
    postcode="69003",
    city="LYON",
    email="accueil@bailleur.example",
    phone="04 72 00 00 00",
)
TENANTS = 50_000


@pytest.fixture(scope="module")
def index() -> ClaimIndex:
    """A housing company entered its own address, telephone and e-mail for each of its tenants, all called Martin."""
    return ClaimIndex.build(
        replace(HOUSING, claim_ref=f"HB-{number:06d}", client_ref=str(900_000 + number)) for number in range(TENANTS)
    )


LETTER = """Paul MARTIN
1 place de la Gare
69003 LYON
04 72 00 00 00, accueil@bailleur.example, né le 01/01/1970
Je conteste devoir 500,00 € au Bailleur du Port."""
MENTIONS = Mentions(
    (
        Mention(MentionKind.NAME, "Paul MARTIN", "MARTIN|Paul", "sender"),
        Mention(MentionKind.POSTCODE, "69003 LYON", "69003", "sender"),
        Mention(MentionKind.PHONE, "04 72 00 00 00", "0472000000"),
        Mention(MentionKind.EMAIL, "accueil@bailleur.example", "accueil@bailleur.example"),
        Mention(MentionKind.BIRTH_DATE, "01/01/1970", "1970-01-01"),
        Mention(MentionKind.AMOUNT, "500,00 €", "50000"),
    ),
    "Paul MARTIN",
)


def test_fifty_thousand_claims_that_share_everything_are_answered_at_once(index: ClaimIndex) -> None:
    index.match(MENTIONS, LETTER)
    before = time.process_time()
    for _ in range(10):
        matches = index.match(MENTIONS, LETTER)
    assert (time.process_time() - before) / 10 < 0.1
    assert matches.proposed is None


def test_a_reference_still_finds_its_claim_among_them(index: ClaimIndex) -> None:
    assert index.match(MENTIONS, f"{LETTER}\nRéf. HB-031415").proposed == "HB-031415"


def test_one_more_added_later_is_found_too(index: ClaimIndex) -> None:
    index.update([replace(HOUSING, claim_ref="HB-777777", client_ref="1", last_name="ZWERTVAEGHER")])
    assert index.match(Mentions(), "Paul Zwertvaegher, 1 place de la Gare, 69003 Lyon").plausible == ("HB-777777",)
