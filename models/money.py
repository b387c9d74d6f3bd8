"""Money is integer cents. Decimal strings with a point at the edges, never a float."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

Cents = int

_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,2})?")


def cents_from_decimal(text: str) -> Cents:
    """`"123.4"` -> 12340. Raises ValueError for anything but a plain decimal with at most two places."""
    text = text.strip()
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"not a decimal amount: {text!r}")
    try:
        return int(Decimal(text) * 100)
    except InvalidOperation as error:  # pragma: no cover - the pattern above is stricter
        raise ValueError(f"not a decimal amount: {text!r}") from error


def decimal_from_cents(cents: Cents) -> str:
    """12340 -> `"123.40"`, the form of `claims.csv`, results and events."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def euros(cents: Cents, language: str = "fr") -> str:
    """For people: `1 234,50 €` in French (narrow no-break space), `€1,234.50` in English."""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    if language == "fr":
        return f"{sign}{whole:,}".replace(",", "\u202f") + f",{part:02d}\u00a0€"
    return f"{sign}€{whole:,}.{part:02d}"
