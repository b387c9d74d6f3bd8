"""The claims' index kept up with the ledger, by every process that works with it."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from connectors.database import DatabaseBooks, DatabaseLedger
from matching.building import current_generation
from matching.index import ClaimIndex
from models.errors import Unavailable
from models.evidence import Matches
from models.money import Cents
from models.understanding import Mentions

MOST_CHANGED = 20_000  # claims held in memory beside the index, or a tenth of it: then it is built again


class LivingIndex:
    """Built once into a folder and mapped by every process; changed claims are appended beside it.

    It is built again where that is cheaper, or where only that helps: after a great import, where the ledger holds
    fewer claims than the index (some were deleted) or is older (a backup was restored).
    """

    def __init__(self, ledger: DatabaseLedger, folder: Path) -> None:
        self._ledger, self._folder = ledger, folder
        self._index: ClaimIndex | None = None
        self._generation: Path | None = None
        self._revision = -1
        self._payer = 0
        self._followed = False  # compared with the ledger since it was opened

    def refresh(self) -> None:
        """Claims changed in the ledger since the last look, by whomever, are found from now on."""
        with self._ledger.read() as books:
            revision = books.claims.revision()
            index = self._opened()
            if index is None or revision < self._revision:
                index = self._build(books, revision)
            elif revision != self._revision or not self._followed:
                index = self._follow(books, index, revision)
            self._revision, self._followed = revision, True
            news = books.debtors.payers_after(self._payer)
        index.remember_payers((account, claim_ref) for _, account, claim_ref in news)
        self._payer = news[-1][0] if news else self._payer

    def match(self, mentions: Mentions, text: str, amounts: Sequence[Cents] = ()) -> Matches:
        if self._index is None:
            self.refresh()
        assert self._index is not None  # noqa: S101 - refresh() made it
        return self._index.match(mentions, text, amounts)

    def _opened(self) -> ClaimIndex | None:
        """The index as it lies in the folder: another process may have built it again meanwhile."""
        try:
            lying = current_generation(self._folder)
            stamp = int(json.loads((lying / "revision.json").read_text("utf-8"))["revision"])
            if self._index is None or lying != self._generation:
                self._take(ClaimIndex.open(self._folder), lying, stamp)
        except (OSError, ValueError, KeyError, Unavailable):
            return None
        return self._index

    def _take(self, index: ClaimIndex, generation: Path, revision: int) -> None:
        self._index, self._generation, self._revision, self._payer = index, generation, revision, 0
        self._followed = False

    def _follow(self, books: DatabaseBooks, index: ClaimIndex, revision: int) -> ClaimIndex:
        most = max(MOST_CHANGED, len(index) // 10)
        if index.changed + books.claims.count_changed_since(self._revision) <= most:
            index.update(books.claims.changed_since(self._revision))
            if len(index) == books.claims.count():
                return index
        return self._build(books, revision)

    def _build(self, books: DatabaseBooks, revision: int) -> ClaimIndex:
        """By one process at a time; who waited takes what the other built, unless it is older than what it wants."""
        with self._turn():
            self._index = None
            found = self._opened()
            if found is not None and self._revision == revision and len(found) == books.claims.count():
                return found
            index = ClaimIndex.build(books.claims.all(), self._folder)
            lying = current_generation(self._folder)
            (lying / "revision.json").write_text(json.dumps({"revision": revision}), "utf-8")
            self._take(index, lying, revision)
            return index

    @contextmanager
    def _turn(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "building.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
