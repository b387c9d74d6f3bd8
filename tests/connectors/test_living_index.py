"""The claims' index follows the ledger, for every process that works with it."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from sqlalchemy import delete

from connectors import living_index
from connectors.database import DatabaseLedger, open_ledger
from connectors.database.claims import ClaimRows
from connectors.database.tables import claims, counters
from connectors.living_index import LivingIndex
from matching.plain import fingerprint
from models.claim import Claim
from models.understanding import Mention, MentionKind, Mentions
from tests.connectors.samples import MONDAY, claim

LETTER = "Dossier {}, Mme {}"


def named(ref: str, surname: str = "PAUNESCU") -> Claim:
    return claim(ref, last_name=surname, first_name="Ileana", postcode="35400", city="SAINT-MALO")


def add(ledger: DatabaseLedger, *rows: Claim) -> None:
    with ledger.write() as books:
        books.claims.upsert(rows)


def finds(index: LivingIndex, ref: str, surname: str = "PAUNESCU") -> bool:
    index.refresh()
    found = index.match(Mentions(), LETTER.format(ref, surname)).candidates
    return ref in {candidate.claim_ref for candidate in found}


@pytest.fixture
def file(tmp_path: Path, sqlite_template: Path) -> Path:
    path = tmp_path / "ledger.db"
    path.write_bytes(sqlite_template.read_bytes())
    return path


@pytest.fixture
def kept(file: Path) -> DatabaseLedger:
    ledger = open_ledger(f"sqlite:///{file}")
    add(ledger, *(named(f"QX-{1000 + number}", f"NOM{'ABCDEFGHIJ'[number % 10]}") for number in range(60)))
    return ledger


@pytest.fixture
def pair(kept: DatabaseLedger, tmp_path: Path) -> tuple[LivingIndex, LivingIndex]:
    """Two workers on one folder, both at work already."""
    two = (LivingIndex(kept, tmp_path / "index"), LivingIndex(kept, tmp_path / "index"))
    for index in two:
        index.refresh()
    return two


def test_a_claim_added_or_changed_is_found_by_every_worker(
    kept: DatabaseLedger, pair: tuple[LivingIndex, LivingIndex]
) -> None:
    add(kept, named("QX-2001"))
    assert all(finds(index, "QX-2001") for index in pair)
    add(kept, named("QX-2001", "ZWERT"))
    for index in pair:
        index.refresh()
        best = index.match(Mentions(), "QX-2001, Mme Zwert").candidates[0]
        assert "ZWERT" in {part.on_file for part in best.evidence}


def test_a_claim_deleted_is_found_by_nobody(kept: DatabaseLedger, pair: tuple[LivingIndex, LivingIndex]) -> None:
    add(kept, named("QX-2001"))
    assert all(finds(index, "QX-2001") for index in pair)
    with kept.write() as books:
        assert isinstance(books.claims, ClaimRows)
        books.claims._connection.execute(delete(claims).where(claims.c.claim_ref == "QX-2001"))
        books.claims.set_balance("QX-1000", 5)
    assert not any(finds(index, "QX-2001") for index in pair)


def test_after_a_great_import_the_index_is_built_again_and_the_other_worker_takes_it(
    kept: DatabaseLedger, pair: tuple[LivingIndex, LivingIndex], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(living_index, "MOST_CHANGED", 5)
    before = {path.name for path in (tmp_path / "index").iterdir() if path.is_dir()}
    add(kept, *(named(f"QX-{3000 + number}") for number in range(20)))
    assert all(finds(index, "QX-3019") for index in pair)
    after = {path.name for path in (tmp_path / "index").iterdir() if path.is_dir()}
    assert len(after) == 1
    assert not after & before
    add(kept, named("QX-4000"))
    assert all(finds(index, "QX-4000") for index in pair)


def test_a_ledger_restored_from_a_backup_takes_its_index_back_with_it(
    kept: DatabaseLedger, pair: tuple[LivingIndex, LivingIndex], tmp_path: Path
) -> None:
    add(kept, named("QX-2001"))
    assert finds(pair[0], "QX-2001")
    with kept.write() as books:
        connection = books.claims._connection
        connection.execute(delete(claims).where(claims.c.claim_ref == "QX-2001"))
        connection.execute(counters.update().values(value=1))
    assert not finds(LivingIndex(kept, tmp_path / "index"), "QX-2001")
    assert not finds(pair[1], "QX-2001")


def _worker(url: str, folder: str, told: multiprocessing.Queue[bool], go: multiprocessing.Queue[str]) -> None:
    index = LivingIndex(open_ledger(url), Path(folder))
    index.refresh()
    told.put(True)
    told.put(finds(index, go.get(timeout=60)))


def test_another_process_at_work_sees_what_came_meanwhile(kept: DatabaseLedger, file: Path, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    told, go = context.Queue(), context.Queue()
    worker = context.Process(target=_worker, args=(f"sqlite:///{file}", str(tmp_path / "index"), told, go))
    worker.start()
    assert told.get(timeout=60)
    add(kept, named("QX-5005"))
    go.put("QX-5005")
    assert told.get(timeout=60)
    worker.join(timeout=60)


def test_an_account_that_has_paid_leads_to_its_claim(
    kept: DatabaseLedger, pair: tuple[LivingIndex, LivingIndex]
) -> None:
    with kept.write() as books:
        books.debtors.remember_payer(fingerprint("042014506908052108899000"), "QX-1007", MONDAY)
    drawn = Mentions((Mention(MentionKind.IBAN, "CMC-7", "042014506908 052108899000", "cheque"),))
    for index in pair:
        index.refresh()
        assert [found.claim_ref for found in index.match(drawn, "Ci-joint un chèque.").candidates] == ["QX-1007"]
