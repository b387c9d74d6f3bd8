"""Claims from a view of the collection system's own database, on both engines."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from connectors.claims_view import read_claims_view
from models.claim import Claim, Status
from models.errors import ConfigurationError
from tests import servers

TABLE = """CREATE TABLE dossiers (ref text, client text, solde numeric(10,2), nom text, prenom text, ne_le date,
 titre boolean, etat text, factures text)"""
VIEW = """CREATE VIEW claims_for_mailroom AS SELECT ref AS claim_ref, client AS creditor, solde AS balance,
 nom AS last_name, prenom AS first_name, ne_le AS birth_date, titre AS enforceable_title, etat AS status,
 factures AS invoice_refs, 'x' AS internal_note FROM dossiers"""
ROW = """INSERT INTO dossiers VALUES ('A/1', 'Eau', 12.50, 'Lê', 'Ana', '1980-02-01', true, 'disputed', 'F1;F2'),
 ('A/1', 'Eau', 1, NULL, NULL, NULL, NULL, NULL, NULL), ('B', NULL, 3, NULL, NULL, NULL, NULL, NULL, NULL),
 ('C', 'Eau', 7, NULL, NULL, NULL, false, 'in_court', NULL)"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/theirs.db"
    if request.param == "postgresql":
        address = servers.new_database(request.getfixturevalue("postgres_server"))
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for statement in (TABLE, VIEW, ROW):
            connection.execute(text(statement))
    engine.dispose()
    return address


def test_the_rows_of_a_view_are_claims(url: str) -> None:
    found = read_claims_view(url, "claims_for_mailroom", "en")
    first, last = found.claims
    assert isinstance(first, Claim)
    assert (first.claim_ref, first.balance, first.birth_date, first.enforceable_title, first.status) == (
        "A/1",
        1_250,
        date(1980, 2, 1),
        True,
        Status.DISPUTED,
    )
    assert (first.invoice_refs, last.claim_ref, last.balance) == (("F1", "F2"), "C", 700)
    assert [(bad.line, bad.reason) for bad in found.bad] == [
        (2, "A/1 claim_ref: A/1 is already on line 1"),
        (3, "B creditor is empty"),
    ]
    assert found.unknown_statuses == {"in_court": 1}


@pytest.mark.parametrize("view", ["dossiers", "nothing_here", "x; DROP TABLE dossiers", ""])
def test_a_view_that_is_none_of_ours_is_said_so(url: str, view: str) -> None:
    with pytest.raises(ConfigurationError):
        read_claims_view(url, view)


def test_a_database_that_is_not_there_is_said_so() -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_claims_view(f"postgresql://nobody@127.0.0.1:{servers.free_port()}/none", "claims")
