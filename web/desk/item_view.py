"""One item as the desk shows it: gathered from the books, worded, nothing decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.database import DatabaseBooks
from models.cheque import ChequeReading
from models.claim import Claim
from models.evidence import Candidate, Evidence
from models.hold import Hold
from models.item import Stage, Unseen
from models.labels import PROTECTIVE_FLAGS, Flag
from models.record import ItemRecord
from web.desk.draft import Draft
from web.desk.queue import Why, reasons_from, whys_of
from web.wording import Words

DIGITS = 9  # candidates that have a key
OPEN = 3  # candidates shown with their evidence at once


@dataclass(frozen=True, slots=True)
class Clue:
    """One line of evidence with its bars: `share` of the heaviest weight shown, `against` where it speaks no."""

    evidence: Evidence
    words: str
    share: float
    against: bool


@dataclass(frozen=True, slots=True)
class CandidateView:
    digit: int | None
    claim_ref: str
    score: float | None  # None: found by search
    claim: Claim | None
    clues: tuple[Clue, ...]
    holds: tuple[Hold, ...]
    others: tuple[Claim, ...]  # other claims of the same debtor
    proposed: bool
    checked: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    record: ItemRecord
    flags: tuple[Flag, ...]
    reasons: tuple[Why, ...]
    alarming: bool
    candidates: tuple[CandidateView, ...]  # the likeliest, and every one that is chosen
    less_likely: tuple[CandidateView, ...]
    found: tuple[CandidateView, ...]  # by search, or chosen without being a candidate
    age: str
    decidable: bool
    cheques: tuple[ChequeReading, ...]
    facts: tuple[tuple[str, str], ...]


def view_of(
    books: DatabaseBooks, record: ItemRecord, draft: Draft, found: Sequence[Claim], now: datetime, words: Words
) -> ItemView:
    """`found` are claims that the operator's search gave."""
    matches = record.matches
    candidates = matches.candidates[:20] if matches else ()
    known = {candidate.claim_ref for candidate in candidates}
    extra = [*(ref for ref in draft.claims if ref not in known), *(claim.claim_ref for claim in found)]
    extra = [ref for ref in dict.fromkeys(extra) if ref not in known]
    refs = [*(candidate.claim_ref for candidate in candidates), *extra]
    desk = _Claims(books, refs, now, draft)
    heaviest = max((abs(clue.weight) for candidate in candidates for clue in candidate.evidence), default=1.0) or 1.0
    flags = flags_of(record)
    views = [
        desk.view(candidate.claim_ref, number + 1, candidate, heaviest, words, matches.proposed if matches else None)
        for number, candidate in enumerate(candidates)
    ]
    return ItemView(
        record=record,
        flags=flags,
        reasons=reasons_shown(record, words),
        alarming=bool(set(flags) & PROTECTIVE_FLAGS),
        candidates=tuple(view for number, view in enumerate(views) if number < OPEN or view.checked),
        less_likely=tuple(view for number, view in enumerate(views) if number >= OPEN and not view.checked),
        found=tuple(
            desk.view(ref, len(candidates) + number + 1, None, heaviest, words, None)
            for number, ref in enumerate(extra)
        ),
        age=words.age(now - record.receipt.received_at),
        decidable=record.item.stage is Stage.REVIEW or record.item.unseen is not Unseen.NO,
        cheques=record.reading.cheques if record.reading else (),
        facts=tuple(facts_of(record, words)),
    )


class _Claims:
    """Claims, holds and fellow claims of all candidates, each asked for once."""

    def __init__(self, books: DatabaseBooks, refs: Sequence[str], now: datetime, draft: Draft) -> None:
        self.claims = books.claims.get_many(list(refs))
        self.holds = books.holds.on_claims(list(self.claims), now) if self.claims else {}
        debtors = {claim.debtor_ref for claim in self.claims.values() if claim.debtor_ref}
        self.of_debtor = {debtor: books.claims.of_debtor(debtor) for debtor in debtors}
        self.draft = draft

    def view(
        self, ref: str, number: int, candidate: Candidate | None, heaviest: float, words: Words, proposed: str | None
    ) -> CandidateView:
        claim = self.claims.get(ref)
        fellows = self.of_debtor.get(claim.debtor_ref, []) if claim else []
        return CandidateView(
            digit=number if number <= DIGITS else None,
            claim_ref=ref,
            score=candidate.score if candidate else None,
            claim=claim,
            clues=_clues(candidate.evidence, heaviest, words) if candidate else (),
            holds=tuple(self.holds.get(ref, ())),
            others=tuple(fellow for fellow in fellows if fellow.claim_ref != ref),
            proposed=ref == proposed,
            checked=ref in self.draft.claims,
        )


def _clues(evidence: Sequence[Evidence], heaviest: float, words: Words) -> tuple[Clue, ...]:
    heaviest_first = sorted(evidence, key=lambda clue: -abs(clue.weight))
    return tuple(
        Clue(clue, words.of("feature", clue.feature), min(1.0, abs(clue.weight) / heaviest), clue.weight < 0)
        for clue in heaviest_first
    )


def flags_of(record: ItemRecord) -> tuple[Flag, ...]:
    """What was decided on, else what the text and the protective rules say."""
    if record.decision is not None and record.decision.flags:
        return record.decision.flags
    understanding = record.understanding
    if understanding is None:
        return ()
    seen = {*understanding.flags, *(Flag(name) for name in understanding.stated if name in set(Flag))}
    return tuple(flag for flag in Flag if flag in seen)


def reasons_shown(record: ItemRecord, words: Words) -> tuple[Why, ...]:
    decided = record.decision.reasons if record.decision else ()
    return whys_of(decided or reasons_from(record.item.reason), words)


def facts_of(record: ItemRecord, words: Words) -> list[tuple[str, str]]:
    """Label and value of everything the text says, in the order of the form."""
    if record.understanding is None:
        return []
    facts = record.understanding.facts
    worded: list[tuple[str, str | None]] = [
        ("paid_amount", words.money(facts.paid_amount) if facts.paid_amount is not None else None),
        ("paid_date", words.day(facts.paid_date) if facts.paid_date else None),
        ("promised_amount", words.money(facts.promised_amount) if facts.promised_amount is not None else None),
        ("promised_date", words.day(facts.promised_date) if facts.promised_date else None),
        ("instalments", str(facts.instalments) if facts.instalments else None),
        ("contested", facts.contested),
        ("new_address", facts.new_address),
        ("new_phone", facts.new_phone),
        ("new_email", facts.new_email),
        ("representative", facts.representative),
        ("also", ", ".join(words.of("subcategory", sub) for sub in facts.also) or None),
        ("returned_reason", words.of("returned", facts.returned_reason) if facts.returned_reason else None),
        ("gdpr_right", words.of("right", facts.gdpr_right) if facts.gdpr_right else None),
        ("file_stage", words.of("file_stage", facts.stage) if facts.stage else None),
    ]
    return [(words(label), value) for label, value in worded if value]
