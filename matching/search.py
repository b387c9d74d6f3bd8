"""From an item's clues to the few claims worth comparing: every block is asked, each answer is a vote."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from matching.clues import Clues, Written
from matching.hashing import mixed_variant_keys
from matching.keys import (
    CAPS,
    Block,
    Probe,
    block_key,
    company_probes,
    first_name_probes,
    name_probes,
    name_sounds,
    town_probes,
    value_probes,
)
from matching.phonetic import sound
from matching.plain import folded
from matching.portfolio import Portfolio

_EXACT_CAP = 60
_ERROR_CAP = 40
_MOST_COMPARED = 24
_MOST_PAID = 8
_WORTH_COMPARING = 0.3  # of the votes of the best
_EXACT_VOTE, _ERROR_VOTE = 20.0, 8.0


@dataclass(slots=True)
class Found:
    """One row that some block led to."""

    vote: float = 0.0
    named: bool = False  # by a reference without an error
    written: list[Written] = field(default_factory=list)


def search(clues: Clues, portfolio: Portfolio) -> dict[int, Found]:
    """The rows with the most votes, few enough to be compared one by one."""
    found: dict[int, Found] = defaultdict(Found)
    _by_reference(clues, portfolio, found)
    _by_account(clues, portfolio, found)
    _by_probes(_probes(clues, portfolio), portfolio, found)
    best = sorted(found, key=lambda row: (-found[row].vote, row))[:_MOST_COMPARED]
    least = found[best[0]].vote * _WORTH_COMPARING if best else 0.0
    return {row: found[row] for row in best if found[row].vote >= least or found[row].named}


def _by_reference(clues: Clues, portfolio: Portfolio, found: dict[int, Found]) -> None:
    """Without an error, up to what scanners confuse, it counts for more than with one."""
    if not clues.written:
        return
    table, exists = mixed_variant_keys([folded(window.value) for window in clues.written])
    windows, errors = np.nonzero(exists)
    caps = np.where(errors == 0, _EXACT_CAP, _ERROR_CAP)
    for place, rows, _ in portfolio.find_references(table[exists], caps):
        window, exact = clues.written[windows[place]], errors[place] == 0
        for row in rows:
            hit = found[row]
            hit.named = hit.named or bool(exact)
            if window not in hit.written:
                hit.written.append(window)
                hit.vote += _EXACT_VOTE if exact else _ERROR_VOTE


def payers_in(clues: Clues, portfolio: Portfolio) -> dict[str, tuple[str, int]]:
    """Claims that an account in the item has paid before: the account as written, and how many claims it paid."""
    found = {}
    for account, text in clues.accounts.items():
        paid = portfolio.payers.get(account, {})
        if len(paid) > _MOST_PAID:  # an employer, an office, ourselves
            continue
        found.update(dict.fromkeys(paid, (text, len(paid))))
    return found


def _by_account(clues: Clues, portfolio: Portfolio, found: dict[int, Found]) -> None:
    for claim_ref in payers_in(clues, portfolio):
        row = portfolio.row_of(claim_ref)
        if row is not None:
            found[row].vote += _EXACT_VOTE


def _probes(clues: Clues, portfolio: Portfolio) -> list[Probe]:
    heard = name_sounds(clues)
    spoken = [word for word, places in clues.places.items() if len(word) > 2 and any(clues.capital[p] for p in places)]
    counts = portfolio.count(
        [block_key(Block.SURNAME, surname) for surname in heard] + [block_key(Block.COMPANY_WORD, w) for w in spoken]
    )
    surnames = {surname: heard[surname] for surname, count in zip(heard, counts, strict=False) if count}
    companies = frozenset(word for word, count in zip(spoken, counts[len(heard) :], strict=True) if count)
    towns = portfolio.tally.towns
    firsts = [sound(word) for word in spoken if word in portfolio.tally.first_names]
    return [
        *value_probes(clues),
        *(Probe(block_key(Block.SURNAME, surname), Block.SURNAME) for surname in surnames),
        *name_probes(clues, surnames),
        *town_probes(clues, surnames, towns),
        *first_name_probes(clues, firsts[:12]),
        *company_probes(clues, companies),
    ]


def _by_probes(probes: list[Probe], portfolio: Portfolio, found: dict[int, Found]) -> None:
    unique = list(dict.fromkeys(probes))
    keys = np.array([probe.key for probe in unique], dtype=np.uint64)
    caps = np.array([CAPS[probe.block] for probe in unique], dtype=np.int64)
    total = portfolio.total
    for _, rows, count in portfolio.find(keys, caps):
        if rows:
            vote = math.log((total + 1) / count)
            for row in rows:
                found[row].vote += vote
