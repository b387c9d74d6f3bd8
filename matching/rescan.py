"""Recognise a second scan of the same paper: sketches to find it, an alignment of the two texts to be sure.

Taking two letters for one loses the second, so doubt means two papers.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from rapidfuzz.distance import Indel, Levenshtein

from matching.plain import folded, lettered, plain

SKETCH_SIZE = 64
SHINGLE = 6
LIKENESS_THRESHOLD = 0.12  # below: not worth aligning

_WORD = re.compile(r"[A-Z0-9]+")
_RUN = re.compile(r"[A-Z]+|[0-9]+")
_LONGEST = 4_000  # words aligned
_MOST_LOST = 0.25  # share of the longer text that one scan may have missed
_MOST_NOISE = 0.35  # share of letters that may differ where the words are the same
_MOST_OTHER = 0.02  # share of letters in words that are simply other words
_FEW_NUMBERS = 4
# Digits that scanners take for one another.
_CONFUSED_DIGITS = frozenset(
    frozenset(pair) for pair in ("06", "08", "09", "17", "14", "27", "38", "35", "39", "49", "56", "58", "68", "89")
)


def sketch(text: str) -> tuple[int, ...]:
    """The smallest hashes of all runs of six letters and digits: close texts share many. Empty for empty text."""
    letters = folded("".join(_WORD.findall(plain(text))))
    if not letters:
        return ()
    runs = {letters[i : i + SHINGLE] for i in range(max(1, len(letters) - SHINGLE + 1))}
    return tuple(sorted(_hash(run) for run in runs)[:SKETCH_SIZE])


def _hash(run: str) -> int:
    """Spread over 0 .. 2**63 - 1, the same on every machine."""
    content = run.encode()
    return ((zlib.crc32(content) << 31) ^ zlib.crc32(content, 0x5BD1E995)) & (2**63 - 1)


def likeness(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Estimate of the share of runs that both texts have (Jaccard), 0..1."""
    if not one or not other:
        return 0.0
    smallest = sorted({*one, *other})[: min(SKETCH_SIZE, max(len(one), len(other)))]
    both = set(one) & set(other)
    return sum(value in both for value in smallest) / len(smallest)


@dataclass(slots=True)
class Comparison:
    """Letters by what the alignment says of them."""

    same: int = 0
    noise: int = 0  # the same words, read differently
    other: int = 0  # other words in the same place
    lost: int = 0  # on one scan only
    other_numbers: int = 0

    @property
    def all(self) -> int:
        return self.same + self.noise + self.other + self.lost


def same_paper(text_a: str, text_b: str) -> bool:
    """Two readings of one paper: differences look like misreading, and no number or word says something else."""
    if not plain(text_a).strip() or not plain(text_b).strip():
        return False
    found = aligned(text_a, text_b)
    return found.other_numbers == 0 and _like_misreading(found)


def same_but_for_numbers(text_a: str, text_b: str) -> bool:
    """As `same_paper`, but for a number or two: one paper misread or another paper, which the words cannot tell."""
    if not plain(text_a).strip() or not plain(text_b).strip():
        return False
    found = aligned(text_a, text_b)
    return 0 < found.other_numbers <= _FEW_NUMBERS and _like_misreading(found)


def _like_misreading(found: Comparison) -> bool:
    whole = found.all
    return found.same > 0 and (
        found.lost <= _MOST_LOST * whole
        and found.noise <= _MOST_NOISE * (found.same + found.noise)
        and found.other <= _MOST_OTHER * whole
    )


def aligned(text_a: str, text_b: str) -> Comparison:
    one, two = _words(text_a), _words(text_b)
    found = Comparison()
    for step in Levenshtein.opcodes(one, two):
        left, right = one[step.src_start : step.src_end], two[step.dest_start : step.dest_end]
        if step.tag == "equal":
            found.same += _letters(left)
        else:
            _judge(left, right, found)
    return found


def _words(text: str) -> list[str]:
    return [part for word in _WORD.findall(plain(text)) for part in _parts(word)][:_LONGEST]


def _parts(word: str) -> list[str]:
    """`5587I` is a number misread, `MA1ADE` a word; `12MARS2026` is three run together."""
    if word.isalpha() or word.isdigit():
        return [word]
    if len(word) > 3 and sum(map(str.isdigit, word)) == 1 and lettered(word).isalpha():
        return [lettered(word)]
    as_number = folded(word)
    return [as_number] if as_number.isdigit() else _RUN.findall(word)


def _letters(parts: list[str]) -> int:
    return sum(map(len, parts))


def _judge(left: list[str], right: list[str], found: Comparison) -> None:
    """One stretch in which the two readings differ."""
    here, there = "".join(left), "".join(right)
    size = max(len(here), len(there))
    if not here or not there:
        found.lost += size
        found.other_numbers += _solid_numbers(left) + _solid_numbers(right)
        return
    if Indel.normalized_similarity(here, there) >= 0.5:
        found.noise += size
        found.other_numbers += _numbers_differ(left, right)
    elif size >= 3:
        found.other += size
        found.other_numbers += _numbers_differ(left, right)
    else:
        found.noise += size


def _solid_numbers(parts: list[str]) -> int:
    """Numbers a scanner hardly invents."""
    return sum(part.isdigit() and len(part) >= 4 for part in parts)


def _numbers_differ(left: list[str], right: list[str]) -> int:
    """Numbers that stand against numbers and are not a misreading of one another."""
    ours, theirs = ([part for part in parts if _numeric(part)] for parts in (left, right))
    if not ours or not theirs:
        return (
            _solid_numbers(ours) + _solid_numbers(theirs) if bool(ours) != bool(theirs) and not (left and right) else 0
        )
    here, there = _digits(ours), _digits(theirs)
    return 0 if _misread(here, there) or _smudged(left, right, here, there) else 1


def _smudged(left: list[str], right: list[str], here: str, there: str) -> bool:
    """A short number beside letters misread too: dirt on the glass. Another date leaves the rest clean."""
    if max(len(here), len(there)) > 3:
        return False
    ours, theirs = ("".join(part for part in parts if not _numeric(part)) for parts in (left, right))
    return ours != theirs and Indel.normalized_similarity(ours, theirs) >= 0.6


def _digits(parts: list[str]) -> str:
    """All digits in a row: words run together or torn apart by a scanner still agree."""
    return "".join(filter(str.isdigit, "".join(parts)))


def _numeric(part: str) -> bool:
    return sum(map(str.isdigit, part)) * 2 > len(part)


def _misread(here: str, there: str) -> bool:
    if here == there:
        return True
    if len(here) != len(there) or len(here) < 4:
        return False
    differing = [frozenset(pair) for pair in zip(here, there, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and differing[0] in _CONFUSED_DIGITS
