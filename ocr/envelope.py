"""Why our own letter came back: the reason marked on the postal sticker of a returned envelope."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from models.reading import Page, Word
from ocr.engines import SeenLine
from ocr.images import Pixels

# Wordings of La Poste's "pli non distribuable" labels since 2011, and what postmen write by hand.
REASONS: dict[str, str] = {
    "unknown": r"inconnu|n.?habite (plus|pas)|parti(e)? sans|plus a l.?adresse|npai",
    "address": r"defaut d.?(acces|adressage)|incomplet|adressage|acces|adresse insuffisante|boite.{0,20}illisible",
    "refused": r"refus",
    "unclaimed": r"non reclame|avise",
}
_LABEL = re.compile(r"pli non distribuable|retour a l.?(envoyeur|expediteur)|\bnpai\b|non distribuable")
_SIGNS = ("distribuable", "retour", "npai")  # one is in every label: the others need no closer look
_LEAST_LABEL = 3  # lines: a heading and two reasons; a letter may name one
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


def label_last(lines: Sequence[SeenLine]) -> tuple[SeenLine, ...]:
    """What the envelope says itself, then the label the post stuck on it, wherever it was stuck.

    A label covers a corner at will, so that its lines stand beside the address or between its lines.
    """
    text = "\n".join(line.text for line in lines).lower()
    if not any(sign in text for sign in _SIGNS):
        return tuple(lines)
    of_label = [line for line in lines if _label_line(_plain_text(line.text))]
    if len(of_label) < _LEAST_LABEL or not any(_LABEL.search(_plain_text(line.text)) for line in of_label):
        return tuple(lines)
    tall = max(line.height for line in of_label)
    left, right = min(line.left for line in of_label), max(line.right for line in of_label)
    top, bottom = min(line.top for line in of_label) - tall, max(line.bottom for line in of_label) + tall
    label = [line for line in lines if _within(line, left, right, top, bottom)]
    others = [line for line in lines if line not in label]
    above = [line for line in others if line.top < bottom]
    return (*above, *label, *(line for line in others if line.top >= bottom))


def _label_line(text: str) -> bool:
    return bool(_LABEL.search(text) or _reasons(text))


def _within(line: SeenLine, left: float, right: float, top: float, bottom: float) -> bool:
    common = min(line.right, right) - max(line.left, left)
    return top < (line.top + line.bottom) / 2 < bottom and common > 0.6 * (line.right - line.left)


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
