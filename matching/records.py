"""Claims as bytes: one file of records and their offsets, mapped, so that a worker holds only what it looks at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.claim import Claim, Status

_FIELD = "\x1f"
_ITEM = "\x1e"


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def encode(claim: Claim) -> bytes:
    """The inverse of `decode`."""
    fields = (
        claim.claim_ref,
        claim.creditor,
        str(claim.balance),
        str(claim.principal),
        str(claim.fees),
        claim.client_ref,
        _ITEM.join(claim.invoice_refs),
        claim.civility,
        claim.last_name,
        claim.birth_name,
        claim.first_name,
        claim.company_name,
        _day(claim.birth_date),
        claim.address,
        claim.postcode,
        claim.city,
        claim.email,
        claim.phone,
        claim.currency,
        _day(claim.opened_on),
        str(claim.status),
        claim.debtor_ref,
        _ITEM.join(claim.co_debtor_refs),
        _day(claim.due_on),
        _day(claim.limitation_on),
        "1" if claim.enforceable_title else "",
        _ITEM.join(claim.payee_names),
        _day(claim.plan_next_due),
    )
    record = _FIELD.join(fields)
    if record.count(_FIELD) != len(fields) - 1:  # somebody's data holds our separator
        record = _FIELD.join(text.replace(_FIELD, " ") for text in fields)
    return record.encode("utf-8", "replace")


def _items(text: str) -> tuple[str, ...]:
    return tuple(text.split(_ITEM)) if text else ()


def decode(record: bytes) -> Claim:
    f = record.decode().split(_FIELD)
    return Claim(
        claim_ref=f[0],
        creditor=f[1],
        balance=int(f[2]),
        principal=int(f[3]),
        fees=int(f[4]),
        client_ref=f[5],
        invoice_refs=_items(f[6]),
        civility=f[7],
        last_name=f[8],
        birth_name=f[9],
        first_name=f[10],
        company_name=f[11],
        birth_date=_date(f[12]),
        address=f[13],
        postcode=f[14],
        city=f[15],
        email=f[16],
        phone=f[17],
        currency=f[18],
        opened_on=_date(f[19]),
        status=Status(f[20]),
        debtor_ref=f[21],
        co_debtor_refs=_items(f[22]),
        due_on=_date(f[23]),
        limitation_on=_date(f[24]),
        enforceable_title=bool(f[25]),
        payee_names=_items(f[26]),
        plan_next_due=_date(f[27]),
    )


class Records:
    """Record i is `content[ends[i - 1] : ends[i]]`."""

    def __init__(self, content: npt.NDArray[np.uint8], ends: npt.NDArray[np.uint64]) -> None:
        self._content = content
        self._ends = ends

    @classmethod
    def open(cls, folder: Path) -> Records:
        content = np.load(folder / "records.npy", mmap_mode="r")
        return cls(content, np.load(folder / "record_ends.npy", mmap_mode="r"))

    def __len__(self) -> int:
        return len(self._ends)

    def claim(self, row: int) -> Claim:
        start = int(self._ends[row - 1]) if row else 0
        return decode(self._content[start : int(self._ends[row])].tobytes())

    def __iter__(self) -> Iterator[Claim]:
        return (self.claim(row) for row in range(len(self)))
