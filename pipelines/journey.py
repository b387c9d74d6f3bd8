"""One batch through the building: split, read, understand, match, hold in any order; then decide and settle in order.

Every step takes its rows under a lease and leaves them at the next stage in one transaction, so a killed worker's
rows are taken up again, and running a step twice changes nothing. Settling waits until the batch is held and goes
in order of receipt: which of two scans is "the first" does not depend on which was read faster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from typing import Any

from matching.rescan import sketch as sketch_of
from models.cheque import cheque_key
from models.decision import Decision, Reason
from models.errors import Conflict, DocumentRefused
from models.hold import HoldKind
from models.item import Item, Outcome, Receipt, Stage, item_id_for
from models.record import ItemRecord
from pipelines import hold
from pipelines.case import Case
from pipelines.custody import note_cheques
from pipelines.decide import decide
from pipelines.duplicates import earlier_scan
from pipelines.match import hold_candidates, match
from pipelines.ports import Books
from pipelines.receive import object_key
from pipelines.refusal import keep_unseen, known_of
from pipelines.services import Services
from pipelines.settle import settle
from pipelines.split import Split
from pipelines.understand import understand
from pipelines.workers import ReadingPool

LEASE_SECONDS = 3600.0  # longer than any item may take; a dead worker's successor does not wait for it
# A file that kills its reading worker is refused by the pool; this bounds one that would end the whole process again
# and again, without refusing what was merely under way when the machine was restarted a few times.
MAX_ATTEMPTS = 30

Progress = Callable[[str, int], None]  # (what, how many more)


@dataclass(slots=True)
class Figures:
    """Counts of one run, by what happened."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, what: str, number: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + number


def process(
    services: Services, pool: ReadingPool, among: Sequence[str] | None = None, progress: Progress | None = None
) -> Figures:
    """Carry every receipt (of `among`, or all) to its end. Safe to run again, and beside another one."""
    figures = Figures()
    services.index.refresh()
    _Intake(services, pool, among, figures, progress or _nothing).run()
    settle_held(services, among, figures, progress or _nothing)
    return figures


def _nothing(_what: str, _number: int) -> None:
    return None


class _Intake:
    """Keeps the reading pool busy, and holds each item the moment it is read."""

    def __init__(
        self, services: Services, pool: ReadingPool, among: Sequence[str] | None, figures: Figures, progress: Progress
    ) -> None:
        self.services, self.pool, self.among = services, pool, among
        self.figures, self.progress = figures, progress
        self.running: dict[Future[Any], Callable[[Future[Any]], None]] = {}
        self.room = 6  # enough to keep the workers busy; more would only hold leases

    def run(self) -> None:
        """Until nothing is left to split, read or hold."""
        while True:
            self._hold_what_was_read()
            self._fill()
            if not self.running:
                return
            done, _ = wait(self.running, return_when=FIRST_COMPLETED)
            for future in done:
                self.running.pop(future)(future)

    def _fill(self) -> None:
        """Items before receipts: what was opened first is held first."""
        if (free := self.room - len(self.running)) <= 0:
            return
        worker = self.services.worker
        with self.services.ledger.write() as books:
            items = books.items.lease_items([Stage.RECEIVED], free, worker, LEASE_SECONDS, self.among)
            left = free - len(items)
            receipts = books.items.lease_receipts(left, worker, LEASE_SECONDS, self.among) if left else []
            origin = {item.receipt_id: books.items.receipt(item.receipt_id) for item in items}
        for item in items:
            if receipt := origin[item.receipt_id]:
                self._start_reading(item, receipt)
        for receipt in receipts:
            self._start_splitting(receipt)

    def _start_splitting(self, receipt: Receipt) -> None:
        future = self.pool.split(receipt.file_name, self.services.objects.get(object_key(receipt.sha256)))
        self.running[future] = lambda done: self._split(receipt, done)

    def _start_reading(self, item: Item, receipt: Receipt) -> None:
        if item.attempts > MAX_ATTEMPTS:
            self._refuse(item, DocumentRefused("killed_worker"))
            return
        content = self.services.objects.get(object_key(receipt.sha256))
        received_on = receipt.mail_received_on or receipt.received_at.date()
        future = self.pool.read(receipt.file_name, content, item.pages, received_on)
        self.running[future] = lambda done: self._read(item, done)

    def _split(self, receipt: Receipt, done: Future[Any]) -> None:
        try:
            cuts: Split = done.result()
        except DocumentRefused as refused:
            self._refuse_receipt(receipt, refused)
            return
        items = [
            Item(item_id_for(receipt.receipt_id, position), receipt.receipt_id, position, cut.pages)
            for position, cut in enumerate(cuts.cuts)
        ]
        if not items:
            self._refuse_receipt(receipt, DocumentRefused("no_items"))
            return
        lots = {cut.lot for cut in cuts.cuts if cut.lot}
        with self.services.ledger.write() as books:
            books.items.open_receipt(receipt.receipt_id, items)
            if len(lots) == 1:
                books.items.name_lot(receipt.receipt_id, lots.pop())
            books.trail.close_scanned_lots(self.services.now())
        self.figures.add("items", len(items))
        self.progress("items", len(items))

    def _refuse_receipt(self, receipt: Receipt, refused: DocumentRefused) -> None:
        """The file becomes one refused item: kept, listed, with its reason."""
        item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)
        with self.services.ledger.write() as books:
            books.items.open_receipt(receipt.receipt_id, [item])
            books.trail.close_scanned_lots(self.services.now())
        self.progress("items", 1)
        self.figures.add("items")
        self._refuse(item, refused)

    def _refuse(self, item: Item, refused: DocumentRefused) -> None:
        if refuse_item(self.services, item, refused):
            self.figures.add("refused")
            self.progress("read", 1)

    def _read(self, item: Item, done: Future[Any]) -> None:
        try:
            result = done.result()
        except DocumentRefused as refused:
            self._refuse(item, refused)
            return
        for sha256, preview in result.previews.items():
            self.services.objects.put_if_absent(object_key(sha256), preview, "image/jpeg")
        reading = result.reading
        try:
            with self.services.ledger.write() as books:
                books.items.save_reading(item.item_id, reading, sketch_of(reading.text))
                books.items.move(item, Stage.READ)
        except Conflict:
            return  # its lease ran out and another worker was faster
        self.figures.add("read")
        self.progress("read", 1)

    def _hold_what_was_read(self) -> None:
        while True:
            with self.services.ledger.write() as books:
                items = books.items.lease_items([Stage.READ], 16, self.services.worker, LEASE_SECONDS, self.among)
            if not items:
                return
            for item in items:
                hold_item(self.services, item)
                self.figures.add("held")


def refuse_item(services: Services, item: Item, refused: DocumentRefused) -> bool:
    """-> REFUSED: kept with its reason, and held or blocking until a person has looked. False where it is already."""
    with services.ledger.read() as books:
        record = books.items.record(item.item_id)
    if record is None or record.item.stage is Stage.REFUSED:
        return False
    known, now = known_of(services, record), services.now()
    with services.ledger.write() as books:
        current = books.items.item(item.item_id)
        if current is None or current.stage is Stage.REFUSED:
            return False
        decision = Decision(Outcome.REFUSED, reasons=(Reason(refused.code, refused.detail),))
        moved = settle(books, current, decision, now, "auto", shadow=services.shadow)
        keep_unseen(services, books, replace(record, item=moved), known, now)
    return True


def hold_item(services: Services, item: Item) -> None:
    """READ -> HELD: understood, matched, soft holds placed in one transaction."""
    with services.ledger.read() as books:
        record = books.items.record(item.item_id)
    if record is None or record.reading is None:
        return
    receipt = record.receipt
    received_on = receipt.mail_received_on or receipt.received_at.date()
    understanding, mentions = understand(services, record.reading, received_on)
    matches = match(services, record.reading, understanding, mentions)
    try:
        with services.ledger.write() as books:
            books.items.save_understanding(item.item_id, understanding, mentions)
            hold_candidates(services, books, item, receipt, matches, services.now())
    except Conflict:
        return


def settle_held(services: Services, among: Sequence[str] | None, figures: Figures, progress: Progress) -> None:
    """HELD -> SETTLED or REVIEW, in order of receipt, one transaction an item."""
    while True:
        with services.ledger.write() as books:
            items = books.items.lease_items([Stage.HELD], 50, services.worker, LEASE_SECONDS, among)
        if not items:
            return
        for item in items:
            outcome = settle_item(services, item)
            figures.add(outcome)
            progress("settled", 1)


def settle_item(services: Services, item: Item) -> str:
    """What became of it, for the figures."""
    now = services.now()
    try:
        with services.ledger.write() as books:
            record = books.items.record(item.item_id)
            if record is None or record.reading is None:
                return "missing"
            first = earlier_scan(books, record, sketch_of(record.reading.text), _pictures(services))
            if first is not None:
                return _settle_duplicate(services, books, record, first)
            note_cheques(books, record)
            decision = decide(case_of(books, record), services.policy)
            settle(books, item, decision, now, "auto", shadow=services.shadow)
            return decision.outcome.value
    except Conflict:
        return "taken by another"


def _pictures(services: Services) -> Callable[[str], bytes]:
    return lambda sha256: services.objects.get(object_key(sha256))


def _settle_duplicate(services: Services, books: Books, record: ItemRecord, first: str) -> str:
    now = services.now()
    original = books.items.item(first)
    if original is not None and original.stage is Stage.REVIEW:
        for held in books.holds.of_item(record.item.item_id):
            if held.ended_at is None and held.terms.kind is HoldKind.SOFT:
                hold.move_to_item(books, held, first, now)
    decision = Decision(Outcome.FILED, reasons=(Reason("duplicate", first),))
    settle(books, record.item, decision, now, "auto", duplicate_of=first, shadow=services.shadow)
    return "duplicates"


def case_of(books: Books, record: ItemRecord) -> Case:
    """The case file of an item that was read, understood and matched."""
    reading, understanding, matches = record.reading, record.understanding, record.matches
    if reading is None or understanding is None or matches is None or record.mentions is None:
        raise Conflict(f"item {record.item.item_id} has not been read yet")
    refs = [*matches.plausible, *matches.further, *(candidate.claim_ref for candidate in matches.candidates)]
    claims = books.claims.get_many(list(dict.fromkeys([*refs, *([matches.proposed] if matches.proposed else [])])))
    payments = books.trail.payments_of(matches.proposed) if matches.proposed else []
    for number, cheque in enumerate(reading.cheques):
        known = books.trail.payments_with_key(cheque_key(record.item.item_id, cheque, number))
        payments += [one for one in known if one.claim_ref != matches.proposed]
    return Case(
        item_id=record.item.item_id,
        received_at=record.receipt.received_at,
        received_on=record.receipt.mail_received_on or record.receipt.received_at.date(),
        reading=reading,
        understanding=understanding,
        mentions=record.mentions,
        matches=matches,
        claims=claims,
        payments=tuple(payments),
    )
