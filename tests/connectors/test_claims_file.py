"""The claims file: good rows go in, a bad one is named by its line and told why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from connectors.bad_rows import BadField, BadRow
from connectors.claims_file import claim_from, read_claims
from models.claim import Claim, Status
from models.errors import ConfigurationError

HEADER = "claim_ref,creditor,client_ref,invoice_refs,last_name,first_name,birth_date,balance,principal,status"


def write(folder: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path = folder / "claims.csv"
    path.write_bytes("\r\n".join([header, *lines, ""]).encode(encoding))
    return path


def test_every_column_of_a_row_is_taken(tmp_path: Path) -> None:
    header = f"{HEADER},currency,enforceable_title,payee_names,plan_next_due,debtor_ref"
    row = "C/1 a,Eau,77 8,F1;F 2, Lê ,Anaïs,1980-02-29,10.5,8,Disputed,eur,oui,Eau SA;Eau,2026-07-01,D9"
    (claim,) = read_claims(write(tmp_path, row, header=header)).claims
    assert claim == Claim(
        "C/1 a",
        "Eau",
        1050,
        800,
        client_ref="77 8",
        invoice_refs=("F1", "F 2"),
        last_name="Lê",
        first_name="Anaïs",
        birth_date=date(1980, 2, 29),
        status=Status.DISPUTED,
        enforceable_title=True,
        payee_names=("Eau SA", "Eau"),
        plan_next_due=date(2026, 7, 1),
        debtor_ref="D9",
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",Eau,,,,,,1.00,,", "claim_ref est vide"),
        ("C1,,,,,,,1.00,,", "creditor est vide"),
        ("C1,Eau,,,,,,,,", "balance est vide"),
        ("C1,Eau,,,,,,12 euros,,", "balance : 12 euros n'est pas un montant"),
        ('C1,Eau,,,,,,"12,50",,', "balance : 12,50 n'est pas un montant"),
        ("C1,Eau,,,,,31/01/1980,1.00,,", "birth_date : 31/01/1980 n'est pas une date"),
        ("C1,Eau,,,,,1981-02-29,1.00,,", "birth_date : 1981-02-29 n'est pas une date"),
        ("C1,Eau,1.00", "3 champs au lieu de 10"),
        (f"C1,{'E' * 501},,,,,,1.00,,", "creditor est trop long"),
        ("C1,E\x00u,,,,,,1.00,,", "creditor contient"),
    ],
)
def test_a_bad_row_is_named_and_the_good_ones_go_in(tmp_path: Path, row: str, told: str) -> None:
    found = read_claims(write(tmp_path, "A,Eau,,,,,,1.00,,", row, "", "B,Eau,,,,,,2.00,,"))
    assert [claim.claim_ref for claim in found.claims] == ["A", "B"]
    (bad,) = found.bad
    assert bad.line == 3
    assert told in bad.reason


def test_a_reference_that_comes_twice_is_told_with_its_first_line(tmp_path: Path) -> None:
    found = read_claims(write(tmp_path, "A,Eau,,,,,,1.00,,", "A,Eau,,,,,,2.00,,"), language="en")
    assert [claim.balance for claim in found.claims] == [100]
    assert found.bad == [BadRow(3, "claim_ref: A is already on line 2")]


def test_a_field_over_several_lines_does_not_shift_the_line_numbers(tmp_path: Path) -> None:
    found = read_claims(write(tmp_path, 'A,"Eau\r\ndu lac",,,,,,1.00,,', "B,Eau,,,,,,x,,"))
    assert [claim.creditor for claim in found.claims] == ["Eau du lac"]
    assert [bad.line for bad in found.bad] == [4]


def test_a_quote_never_closed_is_reported(tmp_path: Path) -> None:
    found = read_claims(write(tmp_path, "A,Eau,,,,,,1.00,,", 'B,"Eau,,,,,,1.00,,'))
    assert [claim.claim_ref for claim in found.claims] == ["A"]
    assert [bad.line for bad in found.bad] == [3]


def test_a_spreadsheets_semicolons_and_byte_mark_are_understood(tmp_path: Path) -> None:
    path = write(tmp_path, "A;Eau;1.00", header="\ufeffClaim_Ref;creditor;balance")
    assert [claim.claim_ref for claim in read_claims(path).claims] == ["A"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no column claim_ref"),
        (b"claim_ref,creditor\nA,Eau\n", "no column balance"),
        ("claim_ref,creditor,balance\nA,Électricité,1.00\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_what_is_no_claims_file_is_refused_whole(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "claims.csv"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=told):
        read_claims(path, "en")


def test_a_status_of_the_collection_systems_own_does_not_lose_the_claim(tmp_path: Path) -> None:
    found = read_claims(write(tmp_path, "A,Eau,,,,,,1.00,,In_Court", "B,Eau,,,,,,1.00,,in_court"))
    assert [claim.status for claim in found.claims] == [Status.OPEN, Status.OPEN]
    assert (found.bad, found.unknown_statuses) == ([], {"in_court": 2})
    with pytest.raises(BadField, match="in_court"):
        claim_from({**PERSON, "status": "in_court"})


PERSON = {"claim_ref": "A", "creditor": "Eau", "balance": "1", "last_name": "Le Goff", "first_name": "Éric"}
COMPANY = {"claim_ref": "A", "creditor": "Eau", "balance": "1", "company_name": "SARL Dupré", "address": "1 rue Bleue"}


@pytest.mark.parametrize(
    ("one", "changes", "same"),
    [
        ({**PERSON, "birth_date": "1980-01-01"}, {"last_name": "LE GOFF", "first_name": "Eric"}, True),
        ({**PERSON, "birth_date": "1980-01-01"}, {"address": "elsewhere"}, True),
        ({**PERSON, "birth_date": "1980-01-01"}, {"birth_date": "1980-01-02"}, False),
        ({**PERSON, "birth_date": "1980-01-01"}, {"first_name": "Erica"}, False),
        (PERSON, {}, False),
        ({**PERSON, "birth_date": "1980-01-01", "first_name": ""}, {}, False),
        (COMPANY, {"company_name": "S.A.R.L. DUPRE"}, True),
        (COMPANY, {"address": "2 rue Bleue"}, False),
        ({**COMPANY, "address": ""}, {}, False),
    ],
)
def test_which_claims_have_the_same_debtor(one: dict[str, str], changes: dict[str, str], same: bool) -> None:
    other = claim_from({**one, "claim_ref": "B", **changes})
    assert (claim_from(one).debtor_ref == other.debtor_ref) is same


def test_a_field_at_fault_can_be_told_in_either_language() -> None:
    with pytest.raises(BadField) as caught:
        claim_from({**PERSON, "balance": "a lot"})
    assert caught.value.code == "money"
    assert caught.value.worded("fr") != caught.value.worded("en")
