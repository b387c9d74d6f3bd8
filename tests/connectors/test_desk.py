"""What the desk lists and the report counts, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher

from connectors.database import DatabaseBooks, DatabaseLedger, people
from connectors.database.desk import QueueFilter
from connectors.database.people import Role
from models.decision import Decision
from models.evidence import Matches
from models.item import Channel, Item, Outcome, Stage
from models.labels import Category, Flag, Subcategory
from models.understanding import Mentions, Understanding
from tests.connectors.samples import MONDAY, add_items, claim, days, receipt

TOMORROW = MONDAY + days(1)
DISPUTE = Understanding(Category.DISPUTE, Subcategory.SERVICE, 0.9)


def to_review(books: DatabaseBooks, name: str, understanding: Understanding = DISPUTE, **changes: Any) -> Item:
    (item,) = add_items(books, name, **changes)
    item = books.items.move(item, Stage.READ)
    books.items.save_understanding(item.item_id, understanding, Mentions())
    books.items.save_matches(item.item_id, Matches(proposed=f"C of {name}"))
    item = books.items.move(item, Stage.HELD)
    return books.items.move(item, Stage.REVIEW, outcome=Outcome.REVIEW)


@pytest.fixture
def queue(ledger: DatabaseLedger) -> DatabaseLedger:
    thanks = Understanding(Category.OTHER, Subcategory.THANKS, 0.5, (Flag.COMPLAINT,))
    with ledger.write() as books:
        books.claims.upsert([claim("C of old", last_name="Păun", first_name="Ana")])
        to_review(books, "old", received_at=MONDAY)
        to_review(books, "new", thanks, received_at=MONDAY + days(0.5), channel=Channel.EMAIL)
        urgent = to_review(books, "urgent", received_at=MONDAY + days(0.2))
        books.items.save_decision(urgent.item_id, Decision(Outcome.REVIEW, urgent=True))
        to_review(books, "distress", replace(DISPUTE, protective=("distress",)), received_at=MONDAY + days(0.6))
        add_items(books, "unread")
    return ledger


def test_distress_comes_first_then_what_is_urgent_then_the_oldest(queue: DatabaseLedger) -> None:
    with queue.read() as books:
        entries = books.desk.queue()
        assert [entry.file_name for entry in entries] == ["distress", "urgent", "old", "new"]
        assert [entry.file_name for entry in books.desk.queue(offset=1, limit=2)] == ["urgent", "old"]
        old = entries[2]
        assert (old.category, old.claim_ref, old.debtor_name) == ("dispute", "C of old", "Ana Păun")
        assert books.desk.next_after(entries[0].item_id) == entries[1].item_id
        assert books.desk.counts()["category"] == {"dispute": 3, "other": 1}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (QueueFilter(category="other"), ["new"]),
        (QueueFilter(subcategory="service", urgent=True), ["distress", "urgent"]),
        (QueueFilter(flag="complaint"), ["new"]),
        (QueueFilter(flag="complain"), []),
        (QueueFilter(channel="email"), ["new"]),
        (QueueFilter(claim_ref="C of urgent"), ["urgent"]),
        (QueueFilter(since=MONDAY + days(0.5)), ["distress", "new"]),
        (QueueFilter(until=MONDAY + days(0.1)), ["old"]),
        (QueueFilter(text="OLD"), ["old"]),
        (QueueFilter(text="paun"), ["old"]),
        (QueueFilter(stages=(Stage.RECEIVED,)), ["unread"]),
        (QueueFilter(outcome="applied"), []),
    ],
)
def test_the_queue_is_narrowed(queue: DatabaseLedger, wanted: QueueFilter, names: list[str]) -> None:
    with queue.read() as books:
        assert [entry.file_name for entry in books.desk.queue(wanted)] == names
        assert books.desk.count(wanted) == len(names)


def test_the_figures_of_a_day(queue: DatabaseLedger) -> None:
    with queue.write() as books:
        broken = receipt("broken.pdf", received_at=MONDAY + timedelta(hours=1))
        books.items.add_receipt(broken)
        books.items.refuse_receipt(broken.receipt_id, "truncated")
        (item,) = add_items(books, "late", received_at=TOMORROW)
        books.items.move(item, Stage.REFUSED, reason="pages", outcome=Outcome.REFUSED)
    with queue.read() as books:
        figures = books.desk.figures(MONDAY, TOMORROW)
        assert (figures.receipts, figures.items, figures.refused_receipts) == (6, 5, 1)
        assert figures.by_stage == {"review": 4, "received": 1}
        assert figures.by_category == {"dispute": 3, "other": 1}
        assert figures.by_channel == {"scan": 4, "email": 1}
        assert figures.mean_confidence == pytest.approx(0.8)
        refused = books.desk.refused(MONDAY, TOMORROW + days(1))
        assert [(entry.receipt.file_name, entry.item_id is None, entry.reason) for entry in refused] == [
            ("broken.pdf", True, "truncated"),
            ("late", False, "pages"),
        ]
        to_hold = books.desk.seconds_to_hold(MONDAY, TOMORROW)
        assert to_hold.items == 4
        assert to_hold.median is not None
        assert to_hold.p95 is not None
        assert 0 <= to_hold.median <= to_hold.p95 < 60
        assert books.desk.seconds_to_hold(TOMORROW + days(5), TOMORROW + days(6)).median is None


@pytest.fixture
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose; here it need not be."""
    monkeypatch.setattr(people, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.mark.usefixtures("_quick_passwords")
def test_people_sign_in_with_their_password_only(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        assert books.people.add("ana", "correct horse", "operator", MONDAY)
        assert not books.people.add("ana", "another one here", "admin", MONDAY)
        user = books.people.verify("ana", "correct horse")
        assert user is not None
        assert user.role is Role.OPERATOR
        assert books.people.verify("ana", "wrong horse") is None
        assert books.people.verify("nobody", "correct horse") is None
        assert books.people.set_password("ana", "battery staple")
        assert books.people.verify("ana", "correct horse") is None
        assert books.people.disable("ana", MONDAY)
        assert books.people.verify("ana", "battery staple") is None
        assert [person.name for person in books.people.all()] == ["ana"]
        with pytest.raises(ValueError, match="characters"):
            books.people.add("bob", "short", "operator", MONDAY)
        with pytest.raises(ValueError, match="king"):
            books.people.add("bob", "long enough it is", "king", MONDAY)


def test_a_token_works_until_it_is_revoked_or_its_user_is_disabled(ledger: DatabaseLedger) -> None:
    with ledger.write() as books:
        books.people.add("crm", "correct horse", "operator", MONDAY)
        first, second = (books.people.add_token("crm", label, MONDAY) for label in ("test", "live"))
        user = books.people.of_token(first.text)
        assert user is not None
        assert user.name == "crm"
        assert books.people.of_token("mr_guess") is None
        assert books.people.revoke_token(first.token_id, MONDAY)
        assert books.people.of_token(first.text) is None
        assert [(token.label, token.text) for token in books.people.tokens("crm")] == [("live", "")]
        books.people.disable("crm", MONDAY)
        assert books.people.of_token(second.text) is None
        with pytest.raises(KeyError):
            books.people.add_token("nobody", "x", MONDAY)
