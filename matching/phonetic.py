"""How a French name sounds: names heard, mistyped or scanned a little wrong share a key.

Own rules, coarser than a comparison: they open blocks, they prove nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"RN", "M"),  # read as one another by scanners, so they must meet here
        (r"(.)\1+", r"\1"),
        (r"PH", "F"),
        (r"S?CH|SH", "9"),
        (r"H", ""),
        (r"GU(?=[EIY])", "G"),
        (r"G(?=[EIY])", "J"),
        (r"S?C(?=[EIY])", "S"),
        (r"CQ?U?|QU?|K", "K"),
        (r"GN", "N"),
        (r"EAU|AU|AUX", "O"),
        (r"Y", "I"),
        (r"W", "V"),
        (r"(?:AI|EI|I)[MN](?![AEIOU])", "1"),
        (r"[AE][MN](?![AEIOU])", "2"),
        (r"O[MN](?![AEIOU])", "3"),
        (r"AI|EI|OE|EU|EE", "E"),
        (r"Z|X", "S"),
        (r"(?<=.)[EDTSPX]+$", ""),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=262144)
def sound(word: str) -> str:
    """Key of one word in capitals without accents: DUPOND and DUPONT, GAUTHIER and GAUTIER meet."""
    key = word
    for pattern, replacement in _RULES:
        key = pattern.sub(replacement, key)
    return key or word
