"""The few facts that matter in an item: what was paid, what is promised and when, what changes, who speaks.

A fact that the words do not carry stays None: the claimed balance is never passed off as a sum paid.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from classifiers.addresses import AddressBlock, find_addresses
from classifiers.contact_changes import new_address, new_email, new_phone, representative
from classifiers.letter_dates import written_on
from classifiers.milestones import gdpr_right, over_indebtedness_stage, returned_reason
from classifiers.minor_subjects import minor_subjects
from classifiers.money_facts import money_facts
from classifiers.number_words import folded
from models.labels import Category, Subcategory
from models.reading import ItemReading, PartKind
from models.understanding import Facts, MentionKind, Mentions

LONGEST_TEXT = 20_000
_S = Subcategory
_SPOKEN_FOR = frozenset({_S.LEGAL_COUNSEL, _S.GUARDIANSHIP, _S.INSOLVENCY, _S.DEATH, _S.OVER_INDEBTEDNESS})
_CONTEST = re.compile(
    r"contest|conteste|ne dois (?:pas|rien)|pas d'accord|ne reconnais|erreur|jamais (?:recu|signe|souscrit"
    r"|commande|habite|eu)|resili|prescri|usurp|pas le mien|pas la mienne|n'est pas (?:a moi|due?|exact)"
    r"|refuse de payer|faux|trop (?:paye|percu)"
    r"|non conforme|defectueu|en panne|forclusion|homonyme|ne me concerne|pas moi"
)
_SENTENCE = re.compile(r"[^.!?\n]{12,400}(?:[.!?]|\n|$)")
LONGEST_QUOTE = 180


def find_facts(
    reading: ItemReading, mentions: Mentions, category: Category, subcategory: Subcategory, received_on: date
) -> Facts:
    """Facts of one item, given what it is about. Sums in cents, days counted from the day it was written."""
    text = _own_text(reading)[:LONGEST_TEXT]
    money = money_facts(text, reading, category, subcategory, written_on(reading, received_on))
    blocks = _body_addresses(text, mentions)
    moved = subcategory is _S.ADDRESS_CHANGE
    facts = Facts(
        paid_amount=money.paid.cents,
        paid_date=money.paid.day,
        promised_amount=money.promised.cents,
        promised_date=money.promised.day,
        instalments=money.instalments,
        contested=_contested(text) if category is Category.DISPUTE else None,
        new_address=new_address(text, blocks, expected=moved, own=mentions.sender_address),
        new_phone=new_phone(text, expected=moved),
        new_email=new_email(text, expected=moved),
        representative=representative(text, mentions) if subcategory in _SPOKEN_FOR or _speaks(text) else None,
        returned_reason=returned_reason(reading) if subcategory is _S.RETURNED_MAIL else None,
        gdpr_right=gdpr_right(text) if subcategory is _S.GDPR else None,
        stage=over_indebtedness_stage(text),
    )
    return replace(facts, also=minor_subjects(text, subcategory, facts))


def _own_text(reading: ItemReading) -> str:
    """What the sender says, the subject included, the quoted thread and the cheque left out."""
    if reading.email is not None:
        subject = reading.email.subject
        text = reading.new_text or reading.text
        return text if not subject or text.startswith(subject) else f"{subject}.\n\n{text}"
    letters = [
        part.text for part in reading.parts if part.kind in (PartKind.LETTER, PartKind.REPLY_FORM) and part.text.strip()
    ]
    return "\n\n".join(letters) if letters else reading.new_text or reading.text


def _contested(text: str) -> str | None:
    """The sentence that says what is contested, in the writer's words."""
    sentences = [match[0].strip() for match in _SENTENCE.finditer(text)]
    scored = [(len(_CONTEST.findall(folded(sentence))), -number) for number, sentence in enumerate(sentences)]
    if not scored or max(scored)[0] == 0:
        return None
    sentence = " ".join(sentences[-max(scored)[1]].split())
    return sentence if len(sentence) <= LONGEST_QUOTE else sentence[: LONGEST_QUOTE - 1].rsplit(" ", 1)[0] + "…"


def _body_addresses(text: str, mentions: Mentions) -> list[AddressBlock]:
    """Addresses of the text that are not ours."""
    ours = {mention.value for mention in mentions.of(MentionKind.POSTCODE) if mention.role == "recipient"}
    return [block for block in find_addresses(text) if block.street and block.postcode not in ours]


def _speaks(text: str) -> bool:
    return (
        re.search(r"\b(?:avocat|mandatair|tuteur|tutrice|curat|udaf|protection juridique|liquidateur)", folded(text))
        is not None
    )
