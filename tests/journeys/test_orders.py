"""Whatever comes first, the holds end up the same; and whatever is told again changes nothing.

The journey and the ledger are the real ones; only what a mail says is read off its subject line, so that any two
subjects can meet on any claims.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from connectors.clock import FrozenClock
from connectors.database import DatabaseLedger, open_ledger
from connectors.database.tables import answers_due, claims, events, holds, payments, reminders
from connectors.memory import MemoryObjectStore
from connectors.policy_file import load_policy
from models.agency import Agency
from models.decision import Judgement
from models.errors import Conflict
from models.evidence import Candidate, Matches
from models.item import Stage
from models.labels import CATEGORY_OF, Flag, Subcategory
from models.reading import ItemReading
from models.record import Reminder
from models.understanding import Facts, Understanding
from pipelines import payments as money
from pipelines.journey import process
from pipelines.receive import receive
from pipelines.review import apply_judgement
from pipelines.services import Services
from pipelines.workers import ReadingPool
from tests.pipelines.cases import CLAIM, RECEIVED

REFS = ("AB-1", "AB-2", "CD-1")
CLAIMS = [CLAIM, replace(CLAIM, claim_ref="AB-2"), replace(CLAIM, claim_ref="CD-1", debtor_ref="d2")]
POLICY = load_policy()


@dataclass(frozen=True)
class Mail:
    """An e-mail that is what its subject line says: `subject`, on these claims, with these flags."""

    subject: Subcategory
    refs: tuple[str, ...]
    flags: tuple[Flag, ...] = ()

    @property
    def content(self) -> bytes:
        letter = EmailMessage()
        letter["From"], letter["To"] = "anne@debtor.example", "courrier@agency.example"
        letter["Subject"] = f"{self.subject.value} {' '.join(self.refs)} {' '.join(self.flags)}"
        letter["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
        letter.set_content(f"Bonjour, {self.subject.value} {' '.join(self.refs)} {' '.join(self.flags)}. Merci.")
        return letter.as_bytes()


class ReadsTheSubject:
    """Classifier and index in one: sure of what the text names."""

    def understand(self, reading: ItemReading) -> Understanding:
        words = reading.text.replace(".", " ").split()
        subject = next(Subcategory(word) for word in words if word in set(Subcategory))
        flags = tuple(dict.fromkeys(Flag(word) for word in words if word in set(Flag) - set(Subcategory)))
        facts = Facts(promised_date=RECEIVED.date() + timedelta(days=6))
        return Understanding(CATEGORY_OF[subject], subject, 0.99, flags, subcategory_confidence=0.99, facts=facts)

    def refresh(self) -> None: ...

    def match(self, mentions: object, text: str, amounts: Sequence[int] = ()) -> Matches:
        named = [ref for ref in REFS if ref in text]
        found = tuple(Candidate(ref, 0.99) for ref in named)
        return Matches(found, named[0], 0.99, tuple(named[1:]), tuple(named), tuple(named))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("orders") / "ledger.db"
    ledger = open_ledger(f"sqlite:///{path}")
    with ledger.write() as books:
        books.claims.upsert(CLAIMS)
    ledger.close()
    return path


@contextmanager
def mail_room(template: Path) -> Iterator[Services]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(template, Path(folder, "ledger.db"))
        ledger = open_ledger(f"sqlite:///{folder}/ledger.db")
        told = ReadsTheSubject()
        yield Services(ledger, MemoryObjectStore(), FrozenClock(RECEIVED), Agency(), POLICY, told, told)
        ledger.close()


def arrive(services: Services, mails: Sequence[Mail]) -> None:
    """One after the other, each carried to its end before the next comes, a minute apart."""
    with ReadingPool(0, agency=Agency()) as pool:
        for minutes, mail in enumerate(mails):
            name = f"{mail.subject.value}-{'-'.join(mail.refs)}-{'-'.join(mail.flags)}.eml"
            at = RECEIVED + timedelta(minutes=minutes)
            receive(services, name, mail.content, origin=f"/in/{name}", received_at=at)
            process(services, pool)


def standing(services: Services) -> tuple[set[Any], dict[str, str]]:
    """Holds in force as (claim, terms), and the claims' statuses: whose item brought them does not matter."""
    with services.ledger.read() as books:
        found = books.holds.on_claims(REFS, RECEIVED + timedelta(hours=1))
        statuses = {claim.claim_ref: claim.status.value for claim in books.claims.all()}
    return {(ref, hold.terms) for ref, some in found.items() for hold in some}, statuses


SUBJECTS = [one for one in Subcategory if one not in (Subcategory.CHEQUE, Subcategory.UNRELATED, Subcategory.THANKS)]
mails = st.builds(
    Mail,
    st.sampled_from(SUBJECTS),
    st.lists(st.sampled_from(REFS), min_size=1, max_size=2, unique=True).map(lambda refs: tuple(sorted(refs))),
    st.sampled_from([(), (Flag.VULNERABLE,), (Flag.DISTRESS,), (Flag.COMPLAINT,)]),
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mails, mails)
@example(Mail(Subcategory.PROMISE, ("AB-1",)), Mail(Subcategory.AMOUNT, ("AB-1",)))
@example(Mail(Subcategory.DEATH, ("AB-1",)), Mail(Subcategory.PLAN_REQUEST, ("AB-2",)))
@example(Mail(Subcategory.RETURNED_MAIL, ("AB-1",)), Mail(Subcategory.TRANSFER_NOTICE, ("AB-1",)))
@example(Mail(Subcategory.GDPR, ("CD-1",)), Mail(Subcategory.PROMISE, ("AB-2", "CD-1")))
def test_the_order_of_arrival_of_two_items_does_not_change_the_final_holds(
    template: Path, one: Mail, two: Mail
) -> None:
    if one == two:
        return  # a second scan of the first: it names it and has no effect of its own
    ends = []
    for order in ((one, two), (two, one)):
        with mail_room(template) as services:
            arrive(services, order)
            ends.append(standing(services))
    assert ends[0] == ends[1]


def everything(ledger: DatabaseLedger) -> dict[str, list[str]]:
    with ledger.read() as books:
        connection = books.holds._connection
        wanted = (holds, events, payments, answers_due, reminders, claims)
        return {table.name: sorted(repr(row) for row in connection.execute(select(table))) for table in wanted}


def told_all(services: Services, judgement: Judgement | None) -> Judgement:
    """A day's worth of telling: claims, mail, payments, reminders, a judgement. Returns the judgement it gave."""
    with services.ledger.write() as books:
        books.claims.upsert(CLAIMS)
    arrive(services, [Mail(Subcategory.PROMISE, ("AB-1",)), Mail(Subcategory.DEATH, ("CD-1",))])
    with services.ledger.write() as books:
        told = money.Told("VIR-1", 5_000, "transfer", RECEIVED.date(), "AB-2")
        money.book(books, told, "AB-2", RECEIVED, "bank")
        books.trail.set_reminder(Reminder("r1", "AB-2", "letter", "sent", RECEIVED))
    if judgement is None:
        judgement = judge(services)
        apply_judgement(services, judgement)
    else:
        with pytest.raises(Conflict):
            apply_judgement(services, judgement)
    return judgement


def judge(services: Services) -> Judgement:
    with services.ledger.read() as books:
        (waiting,) = [
            item
            for receipt in books.items.receipts_from(["/in"])
            for item in books.items.items_of(receipt.receipt_id)
            if item.stage is Stage.REVIEW
        ]
    action, refs = "settle", ("CD-1",)
    return Judgement(
        waiting.item_id, waiting.version, "camille", RECEIVED, action, subcategory=Subcategory.DEATH, claim_refs=refs
    )


def test_telling_everything_again_changes_nothing(template: Path) -> None:
    with mail_room(template) as services:
        judgement = told_all(services, None)
        ledger = services.ledger
        assert isinstance(ledger, DatabaseLedger)
        before = everything(ledger)
        assert {name: bool(rows) for name, rows in before.items()} == dict.fromkeys(before, True)
        for _ in range(2):
            told_all(services, judgement)
        assert everything(ledger) == before


def test_every_hold_ever_placed_has_an_owner_and_an_end_or_a_review_date(template: Path) -> None:
    with mail_room(template) as services:
        arrive(services, [Mail(subject, ("AB-1",)) for subject in SUBJECTS[::4]])
        arrive(services, [Mail(Subcategory.BALANCE, ("AB-1", "CD-1"), (flag,)) for flag in (Flag.DISTRESS,)])
        with services.ledger.read() as books:
            placed = [hold for ref in REFS for hold in books.holds.of_claim(ref)]  # type: ignore[attr-defined]
    assert len(placed) >= len(SUBJECTS[::4])
    assert all(hold.terms.owner and (hold.terms.until or hold.terms.review_on) for hold in placed)
