"""Everything an item names: references, sums, dates, accounts, telephones, persons, firms, addresses.

Each with its place on the page where words with boxes are known, its role, and whether it only stands in a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from classifiers.addresses import AddressBlock, find_addresses, is_agency_text
from classifiers.amounts import find_amounts
from classifiers.dates import find_dates
from classifiers.identifiers import (
    find_emails,
    find_ibans,
    find_phones,
    find_references,
    find_registered_letters,
    find_social_security,
)
from classifiers.number_words import folded
from classifiers.persons import find_companies, find_entities, find_persons, written_name
from classifiers.places import Places
from classifiers.sender import Sender, find_sender, same_person
from classifiers.spans import Span, blanked
from models.agency import Agency
from models.reading import ItemReading, PartKind
from models.understanding import Mention, MentionKind, Mentions

LONGEST_TEXT = 20_000  # characters searched; references are looked for in three times as much
_BIRTH = re.compile(r"(?:\bnee?\b(?:\s*\(e\))?|naissance|\bnee?s?\s+le)[^.\n\d]{0,40}$")


@dataclass(frozen=True, slots=True)
class _Found:
    kind: MentionKind
    span: Span
    role: str = "body"


def find_mentions(reading: ItemReading, agency: Agency, today: date) -> Mentions:
    """All mentions of an item, strongest references first. Our own name, address and mail domains are left out."""
    text = _whole_text(reading)
    blocks = find_addresses(text[:LONGEST_TEXT])
    own_words = _own_words(reading)
    sender = find_sender(own_words, find_addresses(own_words[:LONGEST_TEXT]), agency, reading.email)
    numbers, plain = _numbers(text, today)
    found = [*numbers, *_people(plain[:LONGEST_TEXT], reading, agency), *_addresses(blocks, sender, agency)]
    found += [_Found(MentionKind.REFERENCE, span) for span in find_references(plain)]
    found += _from_headers(reading, agency)
    places = Places(reading.pages)
    mentions = [_mention(one, reading, places) for one in found if not _is_ours(one, agency)]
    mentions = [_with_role(mention, sender) for mention in mentions]
    return Mentions(
        all=tuple(_unique([*_sender_mentions(sender), *_cheque_names(reading), *mentions])),
        sender_name=sender.name,
        sender_address=sender.address,
    )


def _whole_text(reading: ItemReading) -> str:
    """Everything searched: the subject counts as new text."""
    subject = reading.email.subject if reading.email else ""
    text = reading.text if not subject or reading.text.startswith(subject) else f"{subject}\n\n{reading.text}"
    return text[: 3 * LONGEST_TEXT]


def _own_words(reading: ItemReading) -> str:
    """Where the sender may be named: the letter, never the cheque, the enclosures or the quoted thread."""
    letters = [
        part.text for part in reading.parts if part.kind in (PartKind.LETTER, PartKind.REPLY_FORM) and part.text.strip()
    ]
    if reading.email is None and letters:
        return letters[0]
    return reading.new_text or reading.text


def _numbers(text: str, today: date) -> tuple[list[_Found], str]:
    """Numbers with a meaning of their own, and the text with them blanked, so that the rest may be references."""
    found: list[_Found] = []
    plain = blanked(text, find_social_security(text))
    for kind, finder in (
        (MentionKind.EMAIL, find_emails),
        (MentionKind.IBAN, find_ibans),
        (MentionKind.REGISTERED_LETTER, find_registered_letters),
        (MentionKind.PHONE, find_phones),
    ):
        spans = finder(plain)
        found += [_Found(kind, span) for span in spans]
        plain = blanked(plain, [span for span in spans if kind is not MentionKind.IBAN or span.confidence > 0.5])
    dates = _dates(plain, today)
    plain = blanked(plain, [one.span for one in dates if one.span.confidence > 0.6])
    amounts = find_amounts(plain)
    plain = blanked(plain, [span for span in amounts if span.confidence >= 0.6])
    return [*found, *dates, *(_Found(MentionKind.AMOUNT, span) for span in amounts)], plain


def _dates(text: str, today: date) -> list[_Found]:
    low = folded(text)
    found = []
    for one in find_dates(text, today):
        if one.on is None or one.year is None or not 1900 <= one.year <= today.year + 10:
            continue
        birth = _BIRTH.search(low, max(0, one.start - 60), one.start) is not None
        kind = MentionKind.BIRTH_DATE if birth and one.on < today else MentionKind.DATE
        found.append(_Found(kind, Span(one.start, one.end, one.text, one.on.isoformat(), one.confidence)))
    return found


def _people(text: str, reading: ItemReading, agency: Agency) -> list[_Found]:
    """Rules on everything; spaCy only on what the person writes now."""
    spans = find_persons(text)
    taken = {folded(span.text) for span in spans}
    new = (reading.new_text or reading.text)[:LONGEST_TEXT]
    for span in find_entities(new):
        at = text.find(span.text)
        if at >= 0 and folded(span.text) not in taken:
            spans.append(replace(span, start=at, end=at + len(span.text)))
    found = [_Found(MentionKind.NAME, span) for span in spans if not is_agency_text(span.text, agency)]
    firms = [span for span in find_companies(text) if not is_agency_text(span.text, agency)]
    return found + [_Found(MentionKind.COMPANY, span) for span in firms]


def _addresses(blocks: Iterable[AddressBlock], sender: Sender, agency: Agency) -> list[_Found]:
    found = []
    ours = {(block.street, block.postcode) for block in sender.recipient_blocks}
    for block in blocks:
        key = (block.street, block.postcode)
        if key in ours and agency.names:
            continue
        own = sender.own_block is not None and key == (sender.own_block.street, sender.own_block.postcode)
        role = "sender" if own else "recipient" if key in ours else "body"
        town = Span(block.start, block.end, f"{block.postcode} {block.town}", block.postcode)
        found.append(_Found(MentionKind.POSTCODE, town, role))
        if block.street:
            found.append(_Found(MentionKind.ADDRESS, Span(block.start, block.end, block.street, block.street), role))
    return found


def _from_headers(reading: ItemReading, agency: Agency) -> list[_Found]:
    if reading.email is None or _is_our_mail(reading.email.sender_address, agency):
        return []
    address = reading.email.sender_address.strip().lower()
    return [_Found(MentionKind.EMAIL, Span(0, 0, address, address), "sender")] if "@" in address else []


def _is_our_mail(address: str, agency: Agency) -> bool:
    return any(address.lower().endswith(f"@{domain.lower()}") for domain in agency.email_domains)


def _is_ours(found: _Found, agency: Agency) -> bool:
    return found.kind is MentionKind.EMAIL and _is_our_mail(found.span.value, agency)


def _mention(found: _Found, reading: ItemReading, places: Places) -> Mention:
    span = found.span
    return Mention(
        kind=found.kind,
        text=" ".join(span.text.replace("\x00", " ").split()),
        value=span.value,
        role=found.role,
        box=places.box_of(span.text),
        confidence=span.confidence,
        quoted=_only_quoted(span.text, reading),
    )


def _only_quoted(text: str, reading: ItemReading) -> bool:
    if not reading.quoted_text or text not in reading.quoted_text:
        return False
    return text not in reading.new_text and not (reading.email is not None and text in reading.email.subject)


def _with_role(mention: Mention, sender: Sender) -> Mention:
    if mention.kind is MentionKind.NAME and sender.name and same_person(mention.text, sender.name):
        return replace(mention, role="sender") if folded(mention.text) == folded(sender.name) else mention
    return mention


def _sender_mentions(sender: Sender) -> list[Mention]:
    if not sender.name:
        return []
    firm = find_companies(sender.name)
    kind = MentionKind.COMPANY if firm else MentionKind.NAME
    value = firm[0].value if firm else written_name(sender.name, lone_is_last=True)
    return [Mention(kind, sender.name, value, role="sender", confidence=sender.confidence)]


def _cheque_names(reading: ItemReading) -> list[Mention]:
    """The drawer of a cheque, and where they live."""
    found = []
    for cheque in reading.cheques:
        if cheque.drawer_name:
            value = written_name(re.sub(r"^(?:M\.?|MME|MLLE|MR|M\.? (?:ET|OU) MME)\s+", "", cheque.drawer_name))
            found.append(Mention(MentionKind.NAME, cheque.drawer_name, value, role="cheque", confidence=0.7))
        for block in find_addresses(cheque.drawer_address or ""):
            found.append(Mention(MentionKind.POSTCODE, f"{block.postcode} {block.town}", block.postcode, role="cheque"))
            if block.street:
                found.append(Mention(MentionKind.ADDRESS, block.street, block.street, role="cheque"))
    return found


def _unique(mentions: Iterable[Mention]) -> list[Mention]:
    """One of each kind and value: the sender's before others, new text before quotations."""
    ranking = {"sender": 0, "body": 1, "cheque": 2, "recipient": 3}
    best: dict[tuple[MentionKind, str], Mention] = {}
    for mention in mentions:
        key = (mention.kind, mention.value)
        known = best.get(key)
        if known is None:
            best[key] = mention
        elif (ranking.get(mention.role, 9), mention.quoted) < (ranking.get(known.role, 9), known.quoted):
            best[key] = replace(mention, box=mention.box or known.box)
        elif known.box is None and mention.box is not None:
            best[key] = replace(known, box=mention.box)
    return list(best.values())
