"""What the journey needs from outside, and nothing else. Connectors keep these promises; steps never know which.

Every method of `Books` runs inside the transaction that `Ledger.write()` or `Ledger.read()` opened:
leaving the block commits, an exception rolls everything back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from models.bank import Cheque, Deposit, Paper, Unposted
from models.claim import Claim, Disagreement, Status, StatusConflict
from models.debtor import DebtorLink
from models.decision import Decision, Judgement
from models.event import Event, EventDraft
from models.evidence import Matches
from models.gate import Answer, Building, Question, Standing, Stop
from models.hold import Hold, Nearing
from models.item import Item, Outcome, Receipt, Stage, Unseen
from models.leak import Arrival, Suspect
from models.reading import ItemReading
from models.record import AnswerDue, AuditEntry, ItemRecord, Lot, PaymentRecord, Reminder
from models.understanding import Mentions, Understanding


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""


class ObjectStore(Protocol):
    """Content-addressed originals and derivatives. Keys look like `sha256/ab/cd/<sha256>`."""

    def put_if_absent(self, key: str, content: bytes, media_type: str = "application/octet-stream") -> bool:
        """True if it was stored now, False if it was there. Durable when it returns."""

    def get(self, key: str) -> bytes:
        """Raises KeyError where there is none, Unavailable where the store does not answer."""

    def size(self, key: str) -> int | None: ...

    def list(self, prefix: str = "") -> Iterator[str]: ...

    def delete(self, key: str) -> None:
        """Refused (PermissionError) while a retention forbids it."""

    def retain_until(self, key: str, day: date) -> None: ...


class ItemBooks(Protocol):
    """Receipts, items, what each step found."""

    def add_receipt(self, receipt: Receipt) -> bool:
        """False where its source key is known: nothing is written then."""

    def receipt(self, receipt_id: str) -> Receipt | None: ...

    def receipts_from(self, origins: Sequence[str]) -> list[Receipt]:
        """Receipts whose origin is one of these paths or lies below one, oldest first."""

    def unfinished_receipts(self) -> list[str]:
        """Ids of receipts not opened yet, or with an item at RECEIVED, READ or HELD, oldest first."""

    def lease_receipts(
        self, limit: int, worker: str, seconds: float, among: Sequence[str] | None = None
    ) -> list[Receipt]:
        """Receipts at RECEIVED that nobody holds (or whose lease ran out), attempts raised by one, oldest first.

        `among` restricts to these receipt ids. Leases are counted on the real clock.
        """

    def open_receipt(self, receipt_id: str, items: Sequence[Item]) -> None:
        """RECEIVED -> OPENED with its items; a second call changes nothing."""

    def name_lot(self, receipt_id: str, lot_id: str) -> None:
        """The lot its separator sheets name, where none was named when it was received."""

    def name_lot_of_folder(self, lot: Lot, since: datetime) -> int:
        """Receipts of no lot yet, received since, whose file lay in a folder of the lot's name; how many."""

    def refuse_receipt(self, receipt_id: str, reason: str) -> None: ...

    def lease_items(
        self, stages: Sequence[Stage], limit: int, worker: str, seconds: float, among: Sequence[str] | None = None
    ) -> list[Item]:
        """Items at one of these stages that nobody holds, in order of receipt and position; `among`: receipt ids."""

    def release(self, item_id: str) -> None:
        """Give a lease back before its time."""

    def release_worker(self, worker: str) -> int:
        """Give back every lease this worker holds: called when its successor starts. How many there were."""

    def item(self, item_id: str) -> Item | None: ...

    def items_of(self, receipt_id: str) -> list[Item]: ...

    def move(
        self,
        item: Item,
        to: Stage,
        *,
        reason: str = "",
        outcome: Outcome | None = None,
        duplicate_of: str | None = None,
    ) -> Item:
        """Next stage, version + 1, lease dropped. Raises Conflict if `item.version` is not the stored one."""

    def save_reading(self, item_id: str, reading: ItemReading, sketch: Sequence[int]) -> None: ...

    def save_understanding(self, item_id: str, understanding: Understanding, mentions: Mentions) -> None: ...

    def save_matches(self, item_id: str, matches: Matches) -> None:
        """Also notes the real time, for the seconds from file to hold."""

    def save_decision(self, item_id: str, decision: Decision) -> None: ...

    def record(self, item_id: str) -> ItemRecord | None: ...

    def records(self, receipt_ids: Sequence[str]) -> Iterator[ItemRecord]:
        """In order of receipt and position."""

    def with_sketch(self, sketch: Sequence[int], least: int, since: datetime) -> list[tuple[str, int]]:
        """Items sharing at least `least` hashes: (item_id, shared), most first, received since."""

    def naming_claim(self, claim_ref: str) -> list[str]:
        """Ids of items not yet settled of which this claim is a plausible candidate."""

    def of_claim(self, claim_ref: str) -> list[str]:
        """Ids of all items, settled or not, that hold or held this claim, or of which it is a candidate."""

    def count_by_stage(self) -> dict[Stage, int]: ...

    def mark_unseen(self, item_id: str, unseen: Unseen) -> None:
        """Of a refused item. Whatever moves it on takes the mark away."""


class ClaimBooks(Protocol):
    def upsert(self, claims: Iterable[Claim]) -> tuple[int, int, int]:
        """(added, changed, unchanged). Statuses are merged as `models.claim.merged_status` says."""

    def conflicts(self, claims: Sequence[Claim]) -> list[StatusConflict]:
        """Both sides changed the status since the last import, and not to the same. Asked before `upsert`."""

    def get(self, claim_ref: str) -> Claim | None: ...

    def get_many(self, claim_refs: Sequence[str]) -> dict[str, Claim]: ...

    def standings(self, claim_refs: Sequence[str]) -> dict[str, Standing]:
        """What the gate needs of each claim that exists; a hundred thousand in about half a second."""

    def of_debtor(self, debtor_ref: str) -> list[Claim]: ...

    def all(self) -> Iterator[Claim]:
        """In the order of claim_ref, streamed."""

    def revision(self) -> int:
        """Rises with every change of any claim."""

    def changed_since(self, revision: int) -> list[Claim]: ...

    def set_status(self, claim_ref: str, status: Status) -> None: ...

    def set_balance(self, claim_ref: str, balance: int) -> None: ...

    def search(self, text: str, limit: int = 20) -> list[Claim]:
        """For the desk: by reference, name, town, e-mail or phone."""

    def count(self) -> int: ...


class DebtorBooks(Protocol):
    """Debtors linked by a person; accounts that have paid."""

    def link(self, link: DebtorLink) -> DebtorLink | None:
        """Both claims' debtors bear one debtor_ref from now on, their holds too. None where they are linked already."""

    def unlink(self, link: DebtorLink, at: datetime, by: str, reason: str) -> bool: ...

    def links_of(self, claim_ref: str) -> list[DebtorLink]:
        """Links in force."""

    def remember_payer(self, fingerprint: str, claim_ref: str, at: datetime) -> bool:
        """False where it is known that this account has paid this claim."""


class ConflictBooks(Protocol):
    """Statuses on which the collection system and we disagree, until a person decided or both say the same."""

    def open(self, conflicts: Sequence[StatusConflict], at: datetime) -> None: ...
    def end_agreed(self, at: datetime) -> int: ...
    def end(self, claim_ref: str, at: datetime, by: str, outcome: str, reason: str) -> bool: ...

    def of(self, claim_ref: str) -> Disagreement | None: ...


class HoldBooks(Protocol):
    def place(self, hold: Hold) -> bool:
        """False where this hold_id exists already. hold_id is derived by the caller, so placing twice is once."""

    def end(self, hold_id: str, at: datetime, by: str, reason: str) -> bool:
        """False where it had ended before."""

    def hold(self, hold_id: str) -> Hold | None: ...

    def of_item(self, item_id: str) -> list[Hold]: ...

    def on_claims(self, claim_refs: Sequence[str], at: datetime) -> dict[str, list[Hold]]:
        """Holds in force on each claim: its own and debtor-wide ones of its debtor."""

    def stops(
        self, claim_refs: Sequence[str], debtor_refs: Set[str], now: datetime, latest: datetime
    ) -> tuple[dict[str, list[Stop]], dict[str, list[Stop]]]:
        """Holds that count at any moment from `now` to `latest`: by claim, and the debtor-wide ones by debtor."""

    def ended_by_date(self, day: date) -> list[Hold]:
        """Holds not yet ended whose last day is before `day`."""

    def near_limitation(self, day: date, last: date) -> list[Nearing]:
        """Holds in force on claims not closed that are time-barred from `day` to `last`, soonest first."""

    def to_review(self, day: date) -> list[Hold]:
        """Holds in force whose review date has come, and soft holds older than five days."""


class GateBooks(Protocol):
    def in_the_building(self) -> Building:
        """What has arrived and is not known yet; one question however much it is."""


class OutboxBooks(Protocol):
    def add(self, draft: EventDraft, at: datetime) -> Event | None:
        """The event with its sequence, queued for every webhook; None where the same fact was told before, and in
        shadow mode."""

    def after(self, cursor: int, limit: int = 100) -> list[Event]: ...


class TrailBooks(Protocol):
    """Audit, judgements, answers due, gate answers, reminders, lots, payments: facts that are only added."""

    def note(self, entry: AuditEntry) -> None: ...

    def of_item(self, item_id: str) -> list[AuditEntry]: ...

    def of_claim(self, claim_ref: str) -> list[AuditEntry]:
        """Oldest first."""

    def add_judgement(self, judgement: Judgement) -> bool:
        """False where the same item and version was judged before."""

    def add_answer_due(self, answer: AnswerDue) -> None:
        """Once per (item, claim, kind)."""

    def answer_sent(self, item_id: str, kind: str, at: datetime) -> bool: ...

    def answers_owed(self, until: datetime) -> list[AnswerDue]: ...

    def answers_of(self, item_id: str) -> list[AnswerDue]: ...

    def withdraw_answers(self, item_id: str, claim_ref: str) -> list[AnswerDue]:
        """No longer owed because the item is not about this claim; those that were still owed."""

    def keep_answers(self, pairs: Sequence[tuple[Question, Answer]]) -> None:
        """Gate answers: a bulk call is one compressed record."""

    def answers_about(self, claim_refs: Set[str], since: datetime, until: datetime) -> list[tuple[Question, Answer]]:
        """What the gate said of these claims in records begun between the two times, oldest first."""

    def add_lot(self, lot: Lot) -> bool: ...

    def lot(self, lot_id: str) -> Lot | None: ...

    def close_scanned_lots(self, at: datetime) -> int:
        """Closes those of which as many items came as were counted: the gate no longer looks at them."""

    def close_lot(self, lot_id: str, at: datetime, by: str, reason: str) -> bool:
        """A person says why fewer came than were counted. False where it is unknown or closed."""

    def set_reminder(self, reminder: Reminder) -> bool:
        """False where this id already stands at this state or a later one."""

    def reminders_to_recall(self, claim_refs: Sequence[str]) -> list[Reminder]:
        """Planned or handed over, not yet sent."""

    def reminders_sent(self, day: date) -> list[Reminder]: ...

    def add_payment(self, payment: PaymentRecord) -> bool:
        """False where its key is known on this claim."""

    def payments_of(self, claim_ref: str) -> list[PaymentRecord]: ...

    def payments_with_key(self, key: str) -> list[PaymentRecord]: ...

    def payments_ever(self, key: str) -> list[PaymentRecord]: ...

    def set_payment_state(self, payment_id: str, state: str) -> None: ...

    def reverse_payment(self, payment_id: str) -> None:
        """State "reversed", and its key free again for the same claim: a correction may itself be corrected."""

    def begin_run(self, name: str, business_day: date, worker: str, seconds: float) -> bool:
        """False where another worker holds this run, so that two schedulers do one night."""

    def end_run(self, name: str, business_day: date, figures: dict[str, int | float]) -> None: ...


class BankBooks(Protocol):
    """Cheques as paper, deposit lists, payments that wait for a person."""

    def add_cheque(self, cheque: Cheque) -> bool:
        """False where this cheque is known: the paper is one, however often it was scanned."""

    def cheque(self, key: str) -> Cheque | None: ...

    def cheques_of_item(self, item_id: str) -> list[Cheque]: ...

    def cheques_at(self, state: Paper) -> list[Cheque]: ...

    def cheques_like(self, cheque_id: str) -> list[Cheque]:
        """Whose key begins so; at least 8 characters."""

    def cheques_in(self, deposit_id: str) -> list[Cheque]: ...

    def put_cheque(self, key: str, place: str) -> bool: ...

    def move_cheque(self, key: str, state: Paper) -> bool:
        """False for an unknown cheque or a move that `NEXT_PAPER` does not know."""

    def add_deposit(self, deposit: Deposit, keys: list[str]) -> bool:
        """The list and its cheques, or nothing: False where the list is known or one of them is not in hand."""

    def deposit(self, deposit_id: str) -> Deposit | None: ...

    def deposits_of(self, day: date) -> list[Deposit]: ...

    def add_unposted(self, payment: Unposted) -> bool:
        """False where the same payment waits, or waited, for the same reason."""

    def unposted(self, limit: int = 1000) -> list[Unposted]: ...

    def unposted_with_key(self, key: str) -> list[Unposted]: ...

    def end_unposted(self, key: str, at: datetime, by: str, outcome: str, note: str = "") -> bool: ...

    def put_back(self, payment: Unposted) -> None: ...


class LeakBooks(Protocol):
    """What the leaked-reminder ledger is worked out from."""

    def suspects(self, since: datetime, until: datetime) -> list[Suspect]:
        """Reminders sent from `since` to before `until`, each with every hold of mail that had not ended by then."""

    def sent_at(self, since: datetime, until: datetime) -> list[datetime]: ...

    def arrivals(self, item_ids: Set[str]) -> dict[str, Arrival]: ...

    def told_at(self, wanted: Set[tuple[str, str]]) -> dict[tuple[str, str], datetime | None]:
        """For (hold_id, claim_ref): when the last webhook acknowledged the hold; None while one has not. Left out
        where no webhook was to be told."""


class Books(Protocol):
    """The open transaction: one subject each. `shadow`: no status, balance, hold or debt of ours may change by it;
    events are not written then, whoever adds one."""

    @property
    def shadow(self) -> bool: ...
    @property
    def items(self) -> ItemBooks: ...
    @property
    def claims(self) -> ClaimBooks: ...
    @property
    def conflicts(self) -> ConflictBooks: ...
    @property
    def debtors(self) -> DebtorBooks: ...
    @property
    def holds(self) -> HoldBooks: ...
    @property
    def gate(self) -> GateBooks: ...
    @property
    def outbox(self) -> OutboxBooks: ...
    @property
    def trail(self) -> TrailBooks: ...
    @property
    def leaks(self) -> LeakBooks: ...
    @property
    def bank(self) -> BankBooks: ...


class Ledger(Protocol):
    def write(self) -> AbstractContextManager[Books]: ...

    def read(self) -> AbstractContextManager[Books]: ...
