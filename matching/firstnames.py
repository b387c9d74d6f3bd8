"""First names: composed, shortened, familiar, or just an initial."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from matching.phonetic import sound
from matching.wordlists import FAMILIAR


def same_first_name(written: Sequence[str], on_file: Sequence[str]) -> tuple[str, str, float]:
    """Level, the word that shows it and likeness, of the first names written beside a surname and those on file.

    exact: the same; part: one of several (`Jean` for Jean-Pierre, or a composed name of which only half agrees);
    similar: familiar form or misread; initial; other: only other first names. Empty `written`: absent.
    """
    if not written:
        return "absent", "", 0.0
    same = [word for word in written if word in on_file]
    if set(on_file) <= set(same) or "".join(on_file[:2]) in written:
        more = [word for word in written if word not in on_file and len(word) > 2]
        return ("part" if more and len(on_file) == 1 else "exact"), " ".join(same) or written[0], 1.0
    if same:
        return "part", same[0], 0.8
    for word in written:
        if any(_alike(word, name) for name in on_file):
            return "similar", word, 0.85
    initials = "".join(name[0] for name in on_file)
    for word in written:
        if initials.startswith(word):  # `J`, or `JP` for Jean-Pierre
            return "initial", word, 0.5
    return "other", written[0], 0.0


def _alike(written: str, name: str) -> bool:
    if written in FAMILIAR.get(name, ()):
        return True
    if min(len(written), len(name)) < 4:
        return False
    return OSA.distance(written, name) <= (1 if len(name) < 9 else 2) and not _other_sex(written, name)


def _other_sex(written: str, name: str) -> bool:
    """`DANIEL` and `DANIELE`, `MICHEL` and `MICHELLE`: two people, not a misreading."""
    short, long = sorted((written, name), key=len)
    return long.startswith(short) and long != short and long.endswith("E") and sound(short) != ""
