"""A file nobody could read is still mail that came: it holds what it names, else everything, until a person looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from models.claim import Status
from models.decision import Judgement
from models.errors import DocumentRefused
from models.evidence import Candidate, Matches
from models.gate import Purpose, Question
from models.hold import Channel
from models.item import Item, Stage, Unseen, item_id_for
from models.labels import Subcategory
from models.money import Cents
from models.understanding import MentionKind, Mentions
from pipelines.gate import may_remind
from pipelines.journey import refuse_item
from pipelines.receive import receive
from pipelines.reconcile import reconcile
from pipelines.refusal import due_of
from pipelines.review import apply_judgement
from pipelines.services import Services
from tests.pipelines.cases import RECEIVED
from tests.pipelines.test_payments import day_of, receipts_of
from tests.pipelines.test_settle import asked, services, types_told

__all__ = ["services"]

MAIL = b"From: Anne Merle <anne.merle@courriel.example>\r\nSubject: dossier AB-1\r\n\r\n\xff\xfe"


@dataclass
class Index:
    """Finds AB-1 by the sender's address alone, and keeps what it was asked."""

    sure: float = 0.99
    asked: list[tuple[Mentions, str]] = field(default_factory=list)

    def refresh(self) -> None: ...

    def match(self, mentions: Mentions, text: str, amounts: Sequence[Cents] = ()) -> Matches:
        self.asked.append((mentions, text))
        if not mentions.of(MentionKind.EMAIL):
            return Matches()
        return Matches((Candidate("AB-1", self.sure),), "AB-1", self.sure, plausible=("AB-1",))


def refused(to: Services, name: str = "scan_0007.pdf", content: bytes = b"%PDF broken") -> Item:
    receipt = receive(to, name, content, origin=f"/inbox/{name}", received_at=RECEIVED)
    item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)
    with to.ledger.write() as books:
        books.items.open_receipt(receipt.receipt_id, [item])
    assert refuse_item(to, item, DocumentRefused("encrypted"))
    assert not refuse_item(to, item, DocumentRefused("encrypted"))
    return found(to, item.item_id)


def found(to: Services, item_id: str) -> Item:
    with to.ledger.read() as books:
        item = books.items.item(item_id)
    assert item is not None
    return item


def judged(to: Services, item: Item, action: str, *refs: str, subcategory: Subcategory | None = None) -> Item:
    to.clock.tick(timedelta(minutes=5))  # type: ignore[attr-defined]
    apply_judgement(
        to,
        Judgement(
            item.item_id, item.version, "camille", to.now(), action,
            subcategory=subcategory, claim_refs=refs, reason="opened the original",
        ),
    )  # fmt: skip
    return found(to, item.item_id)


@pytest.fixture
def house(services: Services) -> Services:
    return replace(services, index=Index())


def test_of_a_file_that_names_nobody_nothing_leaves_until_a_person_has_looked(house: Services) -> None:
    item = refused(house)
    assert (item.stage, item.unseen) == (Stage.REFUSED, Unseen.BLOCKS)
    (said,) = may_remind(house, [Question("CD-1", Channel.EMAIL)])
    assert (said.allowed, said.reasons) == (False, ("refused_items:1",))
    assert asked(house, "CD-1", purpose=Purpose.ANSWER)
    assert types_told(house, None).count("item.urgent") == 1
    assert due_of(item.unseen, RECEIVED) == RECEIVED + timedelta(hours=4)
    with house.ledger.read() as books:
        sums, _ = reconcile(books, day_of(house, receipts_of(house)))
    assert {one.name: one.residue for one in sums if one.residue} == {"items": ("scan_0007.pdf#1: refused",)}
    after = judged(house, item, "refuse")
    assert (after.stage, after.unseen, after.reason[:17]) == (Stage.REFUSED, Unseen.NO, "refused_by_person")
    assert asked(house, "CD-1")


def test_a_mail_whose_sender_is_known_holds_the_senders_claim_and_nothing_else(house: Services) -> None:
    item = refused(house, "m.eml", MAIL)
    assert item.unseen is Unseen.HELD
    ((mentions, text),) = house.index.asked  # type: ignore[attr-defined]
    assert [one.value for one in mentions.of(MentionKind.EMAIL)] == ["anne.merle@courriel.example"]
    assert "dossier AB-1" in text
    (said,) = may_remind(house, [Question("AB-1", Channel.LETTER)])
    assert (said.allowed, said.reasons) == (False, ("refused_unseen",))
    assert asked(house, "CD-1")
    assert "reminders.suppressed" in types_told(house)
    judged(house, item, "refuse")
    assert asked(house, "AB-1")


def test_a_guess_holds_its_claim_and_still_blocks_the_rest(services: Services) -> None:
    house = replace(services, index=Index(sure=0.6))
    refused(house, "m.eml", MAIL)
    assert not asked(house, "AB-1")
    assert not asked(house, "CD-1")


def test_a_person_who_could_open_it_decides_by_hand(house: Services) -> None:
    item = judged(house, refused(house), "settle", "CD-1", subcategory=Subcategory.AMOUNT)
    assert (item.stage, item.unseen) == (Stage.SETTLED, Unseen.NO)
    with house.ledger.read() as books:
        claim = books.claims.get("CD-1")
    assert claim is not None
    assert claim.status is Status.DISPUTED
    assert "dispute.opened" in types_told(house, "CD-1")
    assert (asked(house, "AB-1"), asked(house, "CD-1")) == (True, False)


def test_what_was_read_once_keeps_its_claims_when_reading_it_again_fails(house: Services) -> None:
    item = refused(house, "m.eml", MAIL)
    again = judged(house, item, "reprocess")
    assert (again.stage, again.unseen) == (Stage.RECEIVED, Unseen.NO)
    assert not asked(house, "AB-1")
    assert refuse_item(house, again, DocumentRefused("too_slow"))
    assert found(house, item.item_id).unseen is Unseen.HELD
    assert len(house.index.asked) == 1  # type: ignore[attr-defined]
    assert not asked(house, "AB-1")
    assert asked(house, "CD-1")


def test_watching_only_marks_it_and_holds_nothing(services: Services) -> None:
    house = replace(services, index=Index(), shadow=True)
    assert refused(house, "m.eml", MAIL).unseen is Unseen.HELD
    with house.ledger.read() as books:
        assert books.holds.on_claims(["AB-1"], house.now()).get("AB-1", []) == []
        assert [event.type.value for event in books.outbox.after(0)] == []
