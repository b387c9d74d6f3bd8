"""The first audit of a claims file: each trouble is named once, with the claim and the value."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from models.claim import Claim
from pipelines.claims_audit import KINDS, audit
from web.audit_page import audit_html

TODAY = date(2026, 6, 1)
SOUND = Claim(
    claim_ref="A-1",
    creditor="Eau",
    balance=10_000,
    principal=9_000,
    fees=1_000,
    client_ref="C 11",
    invoice_refs=("F-1",),
    last_name="LE GOFF",
    first_name="Yann",
    birth_date=date(1970, 2, 3),
    address="3 RUE DU PORT",
    postcode="29200",
    city="BREST",
    email="yann.legoff@mail.example",
    phone="06 12 34 56 78",
    opened_on=date(2025, 5, 1),
    debtor_ref="1",
)
OTHER = replace(
    SOUND, claim_ref="B-2", last_name="ROUX", first_name="Rose", client_ref="C 22", invoice_refs=("F-2",),
    address="9 RUE DU LAC", debtor_ref="2", email="", phone="",
)  # fmt: skip


def kinds(*claims: Claim) -> list[tuple[str, str, str]]:
    return [(found.kind, found.claim_ref, found.other) for found in audit(claims, TODAY).findings]


def test_a_sound_portfolio_has_nothing_to_report() -> None:
    assert kinds(SOUND, OTHER) == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"birth_date": date(2020, 1, 1)}, "impossible_date"),
        ({"birth_date": date(1870, 1, 1)}, "impossible_date"),
        ({"opened_on": date(2027, 1, 1)}, "impossible_date"),
        ({"limitation_on": date(2025, 4, 1)}, "impossible_date"),
        ({"limitation_on": date(2026, 5, 1)}, "limitation_passed"),
        ({"due_on": date(2027, 5, 1)}, "impossible_date"),
        ({"balance": 20_000}, "odd_amount"),
        ({"balance": -1}, "odd_amount"),
        ({"address": ""}, "no_address"),
        ({"postcode": "2920"}, "broken_postcode"),
        ({"email": "yann@mail"}, "broken_email"),
        ({"email": "yann mail.example"}, "broken_email"),
        ({"phone": "06 12 34"}, "broken_phone"),
        ({"last_name": "", "first_name": ""}, "no_debtor"),
    ],
)
def test_one_claim_by_itself(change: dict[str, object], kind: str) -> None:
    assert kinds(replace(SOUND, **change)) == [(kind, "A-1", "")]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"claim_ref": "A/1"}, "alike_reference"),
        ({"client_ref": "C-11"}, "shared_reference"),
        ({"invoice_refs": ("F-2", "f1")}, "shared_reference"),
    ],
)
def test_two_claims_that_share_what_names_one(change: dict[str, object], found: str) -> None:
    assert (found, change.get("claim_ref", "B-2"), "A-1") in kinds(SOUND, replace(OTHER, **change))  # type: ignore[arg-type]


def test_the_same_claim_under_two_references() -> None:
    assert ("twice", "A-9", "A-1") in kinds(SOUND, replace(SOUND, claim_ref="A-9"))


def test_the_same_names_and_address_without_a_birth_date_are_for_a_person_to_link() -> None:
    bare = replace(SOUND, birth_date=None)
    twin = replace(bare, claim_ref="Z-3", creditor="Gaz", debtor_ref="3", client_ref="", invoice_refs=())
    assert kinds(bare, twin) == [("same_debtor", "Z-3", "A-1")]


def test_an_address_of_many_debtors_is_nobodys_own() -> None:
    many = [replace(OTHER, claim_ref=f"M-{n}", debtor_ref=f"m{n}", email="x@mail.example", client_ref=f"{n}",
                    invoice_refs=(), last_name=f"NOM{n}", address=f"{n} RUE DU LAC") for n in range(12)]  # fmt: skip
    assert [(found.kind, found.shown) for found in audit(many, TODAY).findings] == [
        ("common_contact", "x@mail.example × 12")
    ]


def test_every_kind_has_words_in_both_languages_and_the_page_escapes_what_it_shows() -> None:
    assert all(french and english for french, english in KINDS.values())
    nasty = replace(SOUND, email="<script>alert(1)</script>")
    for language in ("fr", "en"):
        page = audit_html(audit([nasty], TODAY), 1, "claims.csv", language)
        assert "<script>" not in page
        assert "&lt;script&gt;" in page


def test_the_terminal_writes_page_and_table(tmp_path: Path) -> None:
    file = tmp_path / "claims.csv"
    file.write_text("claim_ref,creditor,balance,email\nA-1,Eau,10.00,=cmd@x\nA-2,Eau,oops,\n", "utf-8")
    asked = ["claims", "audit", str(file), "--html", str(tmp_path / "a.html"), "--csv", str(tmp_path / "a.csv")]
    done = CliRunner().invoke(app, [*asked, "--data", str(tmp_path / "data")])
    assert done.exit_code == 0, done.output
    assert "A-1" in done.output
    rows = list(csv.DictReader((tmp_path / "a.csv").open(encoding="utf-8")))
    assert ("broken_email", "'=cmd@x") in {(row["kind"], row["shown"]) for row in rows}
    assert "A-1" in (tmp_path / "a.html").read_text("utf-8")
