"""Answers of the gate as one compressed record: a night's list of 100,000 questions is one row of the ledger.

Lists instead of named fields, and what most answers share written once: encoding must not cost more than asking.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence, Set
from datetime import date, datetime
from typing import Any

import orjson

from models.gate import Answer, Purpose, Question
from models.hold import Channel


def pack(pairs: Sequence[tuple[Question, Answer]]) -> bytes:
    rows = [
        (
            asked.claim_ref,
            asked.channel.value,
            asked.purpose.value,
            asked.recipient,
            asked.address,
            asked.leaves_at,
            answer.allowed,
            answer.reasons,
            answer.until,
            answer.recipient,
            answer.valid_until,
            answer.asked_at,
        )
        for asked, answer in pairs
    ]
    return zlib.compress(orjson.dumps(rows), 1)


def unpack(body: bytes, claim_refs: Set[str] | None = None) -> Iterator[tuple[Question, Answer]]:
    """The pairs of a record; of these claims only, if any are named."""
    for row in orjson.loads(zlib.decompress(body)):
        if claim_refs is None or row[0] in claim_refs:
            yield _pair(row)


def _pair(row: list[Any]) -> tuple[Question, Answer]:
    ref, channel, purpose, recipient, address, leaves_at, allowed, reasons, until, to, valid_until, asked_at = row
    question = Question(ref, Channel(channel), Purpose(purpose), recipient, address, _time(leaves_at))
    day = date.fromisoformat(until) if until else None
    valid = datetime.fromisoformat(valid_until)
    return question, Answer(ref, allowed, tuple(reasons), day, to, valid, datetime.fromisoformat(asked_at))


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
