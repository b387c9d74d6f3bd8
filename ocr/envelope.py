"""Why our own letter came back: the reason marked on the postal sticker of a returned envelope."""

from __future__ import annotations

import re
import unicodedata

from models.reading import Page, Word
from ocr.images import Pixels

# Wordings of La Poste's "pli non distribuable" labels since 2011, and what postmen write by hand.
REASONS: dict[str, str] = {
    "unknown": r"inconnu|n.?habite (plus|pas)|parti(e)? sans|plus a l.?adresse|npai",
    "address": r"defaut d.?(acces|adressage)|incomplet|adressage|acces|adresse insuffisante|boite.{0,20}illisible",
    "refused": r"refus",
    "unclaimed": r"non reclame|avise",
}
_MARK = re.compile(r"^[xX×✗✓✔☒☑■●V]$|^\[[xX]\]$")


def returned_reason(page: Page, upright: Pixels) -> str:
    """unknown | address | refused | unclaimed, or "" where no mark tells."""
    named = {reason: line for line in _lines(page) for reason in _reasons(_plain(line))}
    for tick in page.ticks:
        reasons = _reasons(_plain_text(tick.label))
        if len(reasons) == 1:
            return reasons[0]
    marked = [reason for reason, line in named.items() if _MARK.match(line[0].text)]
    if len(marked) == 1:
        return marked[0]
    inked = _most_ink_before(named, upright)
    if inked:
        return inked
    return next(iter(named)) if len(named) == 1 else ""


def _most_ink_before(named: dict[str, list[Word]], upright: Pixels) -> str:
    """The reason with clearly the darkest box on its left."""
    height, width = upright.shape[:2]
    shares: dict[str, float] = {}
    for reason, line in named.items():
        word = next((word for word in line if len(word.text) > 2), line[0])
        tall = word.box.height * height
        top, bottom = int(word.box.y * height - 0.2 * tall), int((word.box.y + word.box.height) * height + 0.2 * tall)
        right = int(word.box.x * width - 0.15 * tall)
        patch = upright[max(top, 0) : bottom, max(int(right - 2.2 * tall), 0) : max(right, 0)]
        shares[reason] = float((patch < 140).mean()) if patch.size else 0.0
    ranked = sorted(shares, key=lambda reason: -shares[reason])
    if len(ranked) < 2 or shares[ranked[0]] < 1.4 * shares[ranked[1]] or shares[ranked[0]] < 0.05:
        return ""
    return ranked[0]


def _reasons(text: str) -> list[str]:
    return [reason for reason, pattern in REASONS.items() if re.search(pattern, text)]


def _lines(page: Page) -> list[list[Word]]:
    rows: dict[int, list[Word]] = {}
    for word in page.words:
        rows.setdefault(word.line, []).append(word)
    return list(rows.values())


def _plain(line: list[Word]) -> str:
    return _plain_text(" ".join(word.text for word in line))


def _plain_text(text: str) -> str:
    flat = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(letter for letter in flat if not unicodedata.combining(letter)).lower()
