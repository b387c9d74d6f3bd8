"""Amounts in figures as people write them in the box of a cheque."""

from __future__ import annotations

import re

from models.money import Cents

_FRAME_SIGNS = re.compile(r"(?i)\beur(os?)?\b|[#*=\s\u00a0\u202f|]|[-–—_/x~]+$|^[-–—_~]+")
_EURO = re.compile(r"(?i)€|\be\b|(?<=\d)e(?=\d|$)")
_PLAIN = re.compile(r"(\d{1,3}(?:[.']\d{3})+|\d{1,6})(?:[,.](\d{1,2}))?")


def parse_figures(text: str) -> Cents | None:
    """Cents of `1 234,56 €`, `1.234,56`, `1234€56`, `#1234,56#`, `1234,-` ...; None where it is not one amount.

    A single separator before exactly three digits could be thousands or a slip of the pen: None.
    """
    cleaned = _FRAME_SIGNS.sub("", text.strip())
    cleaned = _EURO.sub("€", cleaned).strip("€")
    cleaned = _FRAME_SIGNS.sub("", cleaned)
    cleaned = cleaned.replace("€", ",").rstrip(",.")
    cleaned = re.sub(r"[,.]{2,}", ",", cleaned)
    found = _PLAIN.fullmatch(cleaned)
    if found is None or re.fullmatch(r"\d{1,3}[.,']\d{3}", cleaned):
        return None
    whole = int(re.sub(r"\D", "", found[1]))
    part = found[2] or "0"
    return whole * 100 + int(part.ljust(2, "0"))
