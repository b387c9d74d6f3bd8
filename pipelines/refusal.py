"""A file that could not be read is still mail that came: no reminder leaves on account of it until a person looked.

What is known without reading (who sent it, what the file is called, its subject) may name the claim for certain:
then that claim is held. Otherwise nobody knows whom it is from, and like unread mail it holds back every reminder,
named as what it is, with a task on the desk that is due soon.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email import policy
from email.parser import BytesHeaderParser
from pathlib import PurePath

from models.event import EventDraft, EventType
from models.evidence import Matches
from models.item import Channel, Receipt, Unseen
from models.policy import Due
from models.record import AuditEntry, ItemRecord
from models.understanding import Mention, MentionKind, Mentions
from pipelines import hold
from pipelines.delays import due_at
from pipelines.opening.headers import headers_of
from pipelines.ports import Books
from pipelines.receive import object_key
from pipelines.services import Services

_HEADER_BYTES = 64 * 1024
REASON = "refused_unseen"  # of the hold
BLOCKING_HOURS = 4
HELD_WORKING_DAYS = 1


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a file nobody could read: the claims it names, and how surely."""

    matches: Matches
    sure: bool


def due_of(unseen: Unseen, received_at: datetime) -> datetime:
    """By when a person should have looked: in hours while every reminder waits for it."""
    if unseen is Unseen.BLOCKS:
        return due_at(received_at, BLOCKING_HOURS, Due.HOURS)
    return due_at(received_at, HELD_WORKING_DAYS, Due.WORKING_DAYS)


def known_of(services: Services, record: ItemRecord) -> Known:
    """By what it said when it was read before, else by its envelope: sender, subject, name of the file."""
    matches = record.matches or _by_envelope(services, record.receipt)
    return Known(matches, bool(matches.proposed) and matches.confidence >= services.policy.thresholds.claim)


def _by_envelope(services: Services, receipt: Receipt) -> Matches:
    found: list[Mention] = []
    text, sender = PurePath(receipt.file_name).stem, None
    if receipt.channel is Channel.EMAIL:
        head = services.objects.get(object_key(receipt.sha256))[:_HEADER_BYTES]
        mail = headers_of(BytesHeaderParser(policy=policy.compat32).parsebytes(head))
        text, sender = f"{text}\n{mail.subject}", mail.sender_name or None
        if mail.sender_address:
            found.append(Mention(MentionKind.EMAIL, mail.sender_address, mail.sender_address.lower(), "sender"))
        if mail.sender_name:
            found.append(Mention(MentionKind.NAME, mail.sender_name, mail.sender_name, "sender"))
    services.index.refresh()
    return services.index.match(Mentions(tuple(found), sender), text, ())


def keep_unseen(services: Services, books: Books, record: ItemRecord, known: Known, at: datetime) -> None:
    """After the refusal, in its transaction: plausible claims held, the item marked, the alarm raised once."""
    item, received_on = record.item, record.receipt.mail_received_on or record.receipt.received_at.date()
    if known.matches.candidates:
        books.items.save_matches(item.item_id, known.matches)
    unseen = Unseen.HELD if known.sure else Unseen.BLOCKS
    books.items.mark_unseen(item.item_id, unseen)
    if services.shadow:
        return
    soft = hold.soft_terms(max(received_on, at.date()), services.policy.soft_alarm_days)
    for claim in books.claims.get_many(list(known.matches.plausible)).values():
        hold.place(books, claim, replace(soft, reason=REASON), item.item_id, at, "auto")
    due = due_of(unseen, record.receipt.received_at).isoformat()
    books.trail.note(AuditEntry(at, "auto", "refused_unseen", item.item_id, None, {"unseen": unseen, "due_at": due}))
    if unseen is Unseen.BLOCKS:
        data = {"item_id": item.item_id, "reason": REASON, "due_at": due}
        books.outbox.add(EventDraft(EventType.ITEM_URGENT, f"{item.item_id}:{item.version}", None, data), at)
