"""What people decided, as texts to learn from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from models.decision import Judgement
from models.item import Channel, Item, Receipt, Stage
from models.labels import Category, Flag, Subcategory
from models.reading import ItemReading, Part, PartKind
from models.record import ItemRecord
from models.understanding import Understanding
from pipelines.corrections import corrections, is_change, is_frozen, text_version, with_what_was_seen

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
S = Subcategory


def judgement(item_id: str = "one", **kept: object) -> Judgement:
    given = Judgement(item_id, 3, "claire", NOON, "settle", Category.PAYMENT, S.PROMISE, flags=(Flag.VULNERABLE,))
    return replace(given, **kept)  # type: ignore[arg-type]


def record(item_id: str = "one", text: str = "Je paierai le 5, mais vos frais sont faux.") -> ItemRecord:
    reading = ItemReading(text, text, parts=(Part(PartKind.LETTER, (1,)), Part(PartKind.CHEQUE, (2,))))
    said = Understanding(Category.DISPUTE, S.AMOUNT, 0.6, model="first")
    item = Item(item_id, "r", 0, None, Stage.REVIEW, version=3)
    receipt = Receipt("r", "key", "api", "a.pdf", "0" * 64, 1, Channel.SCAN, NOON)
    return ItemRecord(item, receipt, reading=reading, understanding=said)


class Ledger:
    def __init__(self, judged: list[Judgement], records: dict[str, ItemRecord]) -> None:
        self._judged, self._records = judged, records

    def judgements_since(self, since: datetime) -> list[Judgement]:
        return [one for one in self._judged if one.at >= since]

    def record(self, item_id: str) -> ItemRecord | None:
        return self._records.get(item_id)


def test_a_judgement_keeps_the_text_and_what_the_model_had_said() -> None:
    kept = with_what_was_seen(judgement(), record())
    assert kept.extra["text_version"] == text_version("Je paierai le 5, mais vos frais sont faux.")
    assert (kept.extra["said"], kept.extra["model"]) == ("amount", "first")
    assert is_change(kept)


def test_a_text_read_anew_since_is_told_apart() -> None:
    kept = with_what_was_seen(judgement(), record())
    books = Ledger([kept], {"one": record(text="Je paierai le 5, mais vos frais sont f4ux.")})
    (found,) = corrections(books, books, NOON)
    assert not found.same_text
    assert found.subcategory == "promise"
    assert found.flags == ("vulnerable",)
    assert set(found.markers) == {"lettre", "chèque"}


def test_only_the_last_judgement_of_an_item_teaches() -> None:
    last = judgement(version=4, subcategory=S.PLAN_REQUEST)
    books = Ledger([judgement(), last], {"one": record()})
    assert [one.subcategory for one in corrections(books, books, NOON)] == ["plan_request"]


def test_an_item_without_words_or_subject_teaches_nothing() -> None:
    books = Ledger([judgement(), judgement("two", subcategory=None)], {"one": record(text=" "), "two": record("two")})
    assert list(corrections(books, books, NOON)) == []


def test_agreeing_with_the_model_is_no_change() -> None:
    same = with_what_was_seen(judgement(subcategory=S.AMOUNT, flags=()), record())
    assert not is_change(same)
    assert is_change(with_what_was_seen(judgement(subcategory=S.AMOUNT), record()))  # another flag


def test_a_fifth_of_the_items_is_kept_for_comparisons_and_always_the_same_ones() -> None:
    frozen = [is_frozen(f"item-{number}") for number in range(2000)]
    assert 300 < sum(frozen) < 500
    assert frozen == [is_frozen(f"item-{number}") for number in range(2000)]
