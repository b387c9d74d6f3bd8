"""Answers of the gate as one compressed record: a night's list of 100,000 questions is one row of the ledger.

Lists instead of named fields, and what most answers share written once: encoding must not cost more than asking.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from models.gate import Answer, Purpose, Question
from models.hold import Channel


def pack(pairs: Sequence[tuple[Question, Answer]]) -> bytes:
    times: dict[datetime | date, str] = {}

    def iso(value: datetime | date | None) -> str | None:
        if value is None:
            return None
        return times.get(value) or times.setdefault(value, value.isoformat())

    rows = [
        [
            asked.claim_ref,
            asked.channel,
            asked.purpose,
            asked.recipient,
            asked.address,
            iso(asked.leaves_at),
            answer.allowed,
            answer.reasons,
            iso(answer.until),
            answer.recipient,
            iso(answer.valid_until),
            iso(answer.asked_at),
        ]
        for asked, answer in pairs
    ]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def unpack(body: bytes, claim_ref: str | None = None) -> Iterator[tuple[Question, Answer]]:
    """The pairs of a record; of one claim only, if it is named."""
    for row in json.loads(zlib.decompress(body)):
        if claim_ref is None or row[0] == claim_ref:
            yield _pair(row)


def _pair(row: list[Any]) -> tuple[Question, Answer]:
    ref, channel, purpose, recipient, address, leaves_at, allowed, reasons, until, to, valid_until, asked_at = row
    question = Question(ref, Channel(channel), Purpose(purpose), recipient, address, _time(leaves_at))
    day = date.fromisoformat(until) if until else None
    valid = datetime.fromisoformat(valid_until)
    return question, Answer(ref, allowed, tuple(reasons), day, to, valid, datetime.fromisoformat(asked_at))


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
