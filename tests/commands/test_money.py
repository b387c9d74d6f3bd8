"""`mailroom payments correct`: as a person types it."""

from __future__ import annotations

from pathlib import Path

from models.errors import ConfigurationError
from pipelines.payments import Told, book
from tests.commands.test_holds_and_leaks import data, run, services
from tests.pipelines.cases import CLAIM

__all__ = ["data"]


def test_a_payment_is_moved_or_put_back_from_the_terminal(data: Path) -> None:
    house = services()
    with house.ledger.write() as books:
        books.claims.upsert([CLAIM, type(CLAIM)("X=1", "Eaux de Test", balance=9_000)])
        book(books, Told("v1", 5_000, "transfer", claim_ref="AB-1"), "AB-1", house.now(), "bank")
    assert isinstance(
        run("payments", "correct", "v1", "--to", "X=1=abc", "--reason", "x").exception, ConfigurationError
    )
    said = run("payments", "correct", "v1", "--to", "X=1=49.00", "--reason", "x")
    assert "somme reçue" in str(said.exception)
    said = run("payments", "correct", "v1", "--to", "X=1=50,00", "--reason", "homonyme")
    assert (said.exit_code, said.output.strip()) == (0, "v1: AB-1 50.00 → X=1 50.00")
    assert "déjà imputé ainsi" in str(run("payments", "correct", "v1", "--to", "X=1=50", "--reason", "x").exception)
    assert "au bureau" in run("payments", "correct", "v1", "--reason", "inconnu").output
    with house.ledger.read() as books:
        assert [one.balance for one in books.claims.get_many(["AB-1", "X=1"]).values()] == [20_000, 9_000]
        assert [one.reason for one in books.bank.unposted()] == ["misposted"]
