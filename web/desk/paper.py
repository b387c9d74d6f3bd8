"""What was received, for the eye: page pictures with marks over them, and the text that was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.cheque import ChequeReading
from models.reading import Box, ItemReading, Page
from models.record import ItemRecord
from models.understanding import Cue, Mention
from web.desk.marks import DOUBTFUL_BELOW, Segment, Span, find, page_text, segments
from web.wording import Words

SCALE = 1000  # the overlay's own units, whatever the picture's size
DRAWN = 400  # marks on one page at most


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle over the picture, in thousandths of the page."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    hint: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its picture where there is one, its marks, its words."""

    number: int
    picture: str | None
    marks: tuple[Mark, ...]
    words: tuple[Segment, ...]
    doubtful: int
    confidence: float
    engine: str
    blank: bool
    handwritten: bool


def sheets_of(record: ItemRecord, words: Words) -> tuple[Sheet, ...]:
    """In page order."""
    reading = record.reading
    if reading is None:
        return ()
    mentions = record.mentions.all if record.mentions else ()
    cues = record.understanding.cues if record.understanding else ()
    return tuple(_sheet(record.item.item_id, page, reading, mentions, cues, words) for page in reading.pages)


def _sheet(
    item_id: str, page: Page, reading: ItemReading, mentions: Iterable[Mention], cues: Iterable[Cue], words: Words
) -> Sheet:
    text, doubts = page_text(page)
    spans = [*doubts, *_cue_spans(text, cues, words), *_mention_spans(text, mentions, words)]
    marks = [*_boxes(page, mentions, words), *_cheques(page, reading.cheques, words)]
    return Sheet(
        number=page.number,
        picture=f"/items/{item_id}/pages/{page.number}" if page.preview else None,
        marks=tuple(marks[:DRAWN]),
        words=segments(text, spans),
        doubtful=len(doubts),
        confidence=page.confidence,
        engine=page.engine,
        blank=page.blank,
        handwritten=page.handwritten,
    )


def cue_label(label: str, words: Words) -> str:
    """A cue speaks for a flag, a subcategory, a category or a signal."""
    for kind in ("flag", "subcategory", "category"):
        if (text := words.of(kind, label)) != label:
            return text
    return words.coded(label)


def _cue_spans(text: str, cues: Iterable[Cue], words: Words) -> Iterator[Span]:
    for cue in cues:
        yield from find(text, cue.words, "cue", cue_label(cue.label, words))


def _mention_spans(text: str, mentions: Iterable[Mention], words: Words) -> Iterator[Span]:
    for mention in mentions:
        if not mention.quoted:
            yield from find(text, mention.text, "mention", words.of("mention", mention.kind))


def _boxes(page: Page, mentions: Iterable[Mention], words: Words) -> Iterator[Mark]:
    for mention in mentions:
        if mention.box is not None and mention.box.page == page.number:
            yield _mark(mention.box, mention.kind, f"{words.of('mention', mention.kind)}{words.colon} {mention.text}")
    for word in page.words:
        if word.confidence < DOUBTFUL_BELOW:
            yield _mark(word.box, "doubt", f"{word.text} ({words.percent(word.confidence)})")


def _cheques(page: Page, cheques: Iterable[ChequeReading], words: Words) -> Iterator[Mark]:
    for cheque in cheques:
        if cheque.page == page.number and cheque.box is not None:
            yield _mark(Box(cheque.page, *cheque.box), "cheque", words("cheque"))


def _mark(box: Box, kind: str, hint: str) -> Mark:
    return Mark(
        x=round(box.x * SCALE, 1),
        y=round(box.y * SCALE, 1),
        width=round(box.width * SCALE, 1),
        height=round(box.height * SCALE, 1),
        kind=str(kind),
        hint=hint,
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail's own words, and the thread below them."""

    words: tuple[Segment, ...]
    quoted: str


def letter_of(record: ItemRecord, words: Words) -> Letter | None:
    """The text of an item without pictures, marked like a page. None where there is no text at all."""
    reading = record.reading
    if reading is None or not reading.text.strip():
        return None
    text = reading.new_text or reading.text
    cues = record.understanding.cues if record.understanding else ()
    mentions = record.mentions.all if record.mentions else ()
    spans = [*_cue_spans(text, cues, words), *_mention_spans(text, mentions, words)]
    return Letter(segments(text, spans), reading.quoted_text)
