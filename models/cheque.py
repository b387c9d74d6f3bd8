"""The French cheque: its CMC-7 line, the RLMC key, and what was read of the rest.

Symbols SI..SV of the CMC-7 alphabet are written A..E. Frame of a French line (domain dossier 1.2):
`C` cheque number (7) `C` interbank zone (12) `E` internal zone (12) `A`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.money import Cents

FRENCH_LINE = re.compile(r"C(\d{7})C(\d{12})E(\d{12})A(?:\d{10,12}B)?")


class ChequeProblem(StrEnum):
    AMOUNTS_DIFFER = "amounts_differ"
    UNSIGNED = "unsigned"
    UNDATED = "undated"
    STALE = "stale"
    POST_DATED = "post_dated"
    WRONG_PAYEE = "wrong_payee"
    UNREADABLE_LINE = "unreadable_line"
    KEY_MISMATCH = "key_mismatch"
    UNREADABLE_AMOUNT = "unreadable_amount"
    FOREIGN_LINE = "foreign_line"
    NOT_A_CHEQUE = "not_a_cheque"  # cheque énergie, deposit slip


# Problems for which only a person may go on (labels: "cheque with a defect").
DEFECTS = frozenset(
    {
        ChequeProblem.AMOUNTS_DIFFER,
        ChequeProblem.UNSIGNED,
        ChequeProblem.UNDATED,
        ChequeProblem.STALE,
        ChequeProblem.POST_DATED,
        ChequeProblem.WRONG_PAYEE,
    }
)


def rlmc_key(cheque_number: str, interbank: str, internal: str) -> int:
    """Key printed in brackets above the line: 97 - (N * 100) mod 97 over the 31 digits, 1..97.

    Source: domain dossier 1.3; test vector 6679545 042014506908 052108899000 -> 90.
    """
    digits = int(cheque_number + interbank + internal)
    return 97 - digits * 100 % 97


@dataclass(frozen=True, slots=True)
class Cmc7Line:
    """One decoded line. `vouched`: two readers agree, or the printed RLMC key proves it."""

    text: str  # "C1234567C123456789012E123456789012A"
    confidence: float
    rlmc_printed: str | None  # two digits as printed, read on their own
    vouched: bool

    @property
    def zones(self) -> tuple[str, str, str] | None:
        """Cheque number, interbank zone, internal zone; None where the frame is not French."""
        found = FRENCH_LINE.fullmatch(self.text)
        return (found[1], found[2], found[3]) if found else None

    @property
    def rlmc_ok(self) -> bool | None:
        """None where either the line or the printed key is not known."""
        if self.zones is None or self.rlmc_printed is None:
            return None
        return rlmc_key(*self.zones) == int(self.rlmc_printed)


def cheque_key(item_id: str, cheque: ChequeReading, number: int = 0) -> str:
    """What makes a cheque one, however often it is scanned: the hash of its line, which is kept nowhere in clear for
    this. Where no line was read: the item, and which of its cheques it is."""
    if cheque.line is not None:
        return hashlib.sha256(cheque.line.text.encode()).hexdigest()
    return f"item:{item_id}:{number}" if number else f"item:{item_id}"


@dataclass(frozen=True, slots=True)
class ChequeReading:
    """One cheque as read. Whatever the reader is not sure of is None or carries its confidence.

    `amount` is None where words and figures differ; both readings stay beside it. Likelier wrong than right, it is
    called unreadable: what is given then is a suggestion for a person's eyes, see `believed_amount`.
    `box` is in fractions of the upright page: (page, x, y, width, height).
    """

    page: int
    box: tuple[float, float, float, float] | None = None
    line: Cmc7Line | None = None
    amount: Cents | None = None
    amount_confidence: float = 0.0
    amount_figures: Cents | None = None
    amount_words: Cents | None = None
    date: date | None = None
    date_confidence: float = 0.0
    payee: str | None = None
    payee_unconfirmed: bool = False  # nobody can say that it is made out to us: a person looks before it is booked
    drawer_name: str | None = None
    drawer_address: str | None = None
    place: str | None = None
    signed: bool | None = None
    back_text: str = ""  # endorsement, reference written on the back
    problems: tuple[ChequeProblem, ...] = ()

    @property
    def believed_amount(self) -> Cents | None:
        """What may be counted on at all: not a sum that the reader only suggests."""
        return None if ChequeProblem.UNREADABLE_AMOUNT in self.problems else self.amount

    @property
    def sound(self) -> bool:
        """Line vouched for, amount sure, signed, no defect: may be booked without a person."""
        vouched = self.line is not None and self.line.vouched
        return vouched and self.amount is not None and self.signed is True and not self.problems
