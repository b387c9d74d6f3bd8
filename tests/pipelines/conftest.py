"""Services on a ledger of their own, for the steps that neither read nor match."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.clock import FrozenClock
from connectors.database import open_ledger
from connectors.memory import MemoryObjectStore
from connectors.policy_file import load_policy
from models.agency import Agency
from pipelines.services import Services
from tests.pipelines.cases import CLAIM, RECEIVED


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Three claims, two of one debtor, on a ledger of its own; nothing is read or matched."""
    ledger = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    others = [replace(CLAIM, claim_ref="AB-2"), replace(CLAIM, claim_ref="CD-1", debtor_ref="d2")]
    with ledger.write() as books:
        books.claims.upsert([CLAIM, *others])
    nobody: object = object()
    yield Services(ledger, MemoryObjectStore(), FrozenClock(RECEIVED), Agency(), load_policy(), nobody, nobody)  # type: ignore[arg-type]
    ledger.close()
