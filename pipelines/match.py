"""Match: the claims an item may be about, and a soft hold on each plausible one before anyone looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from models.evidence import Matches
from models.item import Item, Receipt, Stage
from models.money import Cents
from models.reading import ItemReading
from models.record import AuditEntry
from models.understanding import MentionKind, Mentions, Understanding
from pipelines import hold
from pipelines.payers import accounts_of
from pipelines.ports import Books
from pipelines.services import Services


def match(services: Services, reading: ItemReading, understanding: Understanding, mentions: Mentions) -> Matches:
    """Sums and accounts of the cheques count as if the letter named them."""
    named = replace(mentions, all=(*mentions.all, *accounts_of(reading.cheques)))
    return services.index.match(named, reading.text, amounts_of(reading, understanding, mentions))


def amounts_of(reading: ItemReading, understanding: Understanding, mentions: Mentions) -> Sequence[Cents]:
    """Sums that may equal a balance, the surest first, each once."""
    sums = [cheque.believed_amount for cheque in reading.cheques]
    sums += [understanding.facts.paid_amount]
    sums += [int(mention.value) for mention in mentions.of(MentionKind.AMOUNT) if mention.value.lstrip("-").isdigit()]
    return tuple(dict.fromkeys(cents for cents in sums if cents))


def hold_candidates(
    services: Services, books: Books, item: Item, receipt: Receipt, matches: Matches, at: datetime
) -> Item:
    """READ -> HELD: matches kept and soft holds placed in the caller's transaction."""
    books.items.save_matches(item.item_id, matches)
    received_on = receipt.mail_received_on or receipt.received_at.date()
    claims = books.claims.get_many(list(matches.plausible))
    if not services.shadow:
        terms = hold.soft_terms(max(received_on, at.date()), services.policy.soft_alarm_days)
        for claim in claims.values():
            hold.place(books, claim, terms, item.item_id, at, "auto")
    books.trail.note(AuditEntry(at, "auto", "held", item.item_id, matches.proposed, {"plausible": len(claims)}))
    return books.items.move(item, Stage.HELD)
