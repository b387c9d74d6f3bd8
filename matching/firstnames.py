"""First names: composed, shortened, familiar, or just an initial."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from matching.phonetic import sound
from matching.wordlists import FAMILIAR


def same_first_name(written: str, on_file: Sequence[str]) -> tuple[str, float]:
    """Level and likeness of one written word against the first names on file: exact, similar, initial, other."""
    if written in on_file or written == "".join(on_file[:2]):
        return "exact", 1.0
    initials = "".join(name[0] for name in on_file)
    if written == initials[: len(written)]:  # `J`, or `JP` for Jean-Pierre
        return "initial", 0.5
    for name in on_file:
        if _alike(written, name):
            return "similar", 0.85
    return "other", 0.0


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
