"""Score results against truth: what `mailroom evaluate` prints.

Standard library only. Every figure counts items, not files; ambiguous items (a human could go either way)
are left out of category figures. 'applied' means that no person looked.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

Line = dict[str, Any]
PROTECTED = {"distress", "deceased", "over_indebtedness"}
SAME_FLAG = {
    "over_indebtedness": "over_indebtedness",
    "death": "deceased",
    "legal_counsel": "represented",
    "gdpr": "gdpr",
}


def alnum(text: str | None) -> str:
    """Upper-case letters and digits only, accents dropped."""
    flat = unicodedata.normalize("NFKD", text or "")
    return "".join(c for c in flat.upper() if c.isascii() and c.isalnum())


def words(text: str) -> list[str]:
    text = (
        unicodedata.normalize("NFKC", text or "").replace("\u2019", "'").replace("\u00a0", " ").replace("\u202f", " ")
    )
    return re.findall(r"\w+", text.lower())


def edit_distance(a: list[Any], b: list[Any]) -> int:
    """Levenshtein distance between two sequences."""
    if len(a) < len(b):
        a, b = b, a
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


def cents(value: str | None) -> int | None:
    try:
        return None if value in (None, "") else round(float(str(value).replace(",", ".")) * 100)
    except ValueError:
        return None


def load(path: str) -> list[Line]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


def pair(truths: list[Line], results: list[Line]) -> list[tuple[dict[str, Any], Line | None]]:
    """Each truth with one result of the same file; a result serves one truth, best overlap of pages first."""
    by_file = defaultdict(list)
    for number, result in enumerate(results):
        by_file[Path(result["file"]).name].append((number, result))
    offers = []
    for index, truth in enumerate(truths):
        for number, result in by_file.get(Path(truth["file"]).name, []):
            if truth.get("pages"):
                (first, last), (start, end) = truth["pages"], result.get("pages") or (1, 10**6)
                common = min(last, end) - max(first, start) + 1
                fit = common / (max(last, end) - min(first, start) + 1)
            else:
                common = fit = 1 + len(result.get("text") or "")
            if common > 0:
                offers.append((-fit, index, number))
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, index, number in sorted(offers):
        if index not in taken and number not in used:
            taken[index] = number
            used.add(number)
    return [(truth, results[taken[i]] if i in taken else None) for i, truth in enumerate(truths)]


class Tally:
    """Hits out of tries, by name, in the order first used."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = {}
        self.misses: dict[str, list[str]] = defaultdict(list)

    def add(self, name: str, hit: bool, who: str = "") -> None:
        count = self.counts.setdefault(name, [0, 0])
        count[0] += bool(hit)
        count[1] += 1
        if not hit:
            self.misses[name].append(who)


def _counts(width: int) -> defaultdict[str, list[int]]:
    return defaultdict(lambda: [0] * width)


def score(truths: list[Line], results: list[Line]) -> tuple[Tally, Line]:
    tally, wer = Tally(), _counts(2)
    confusion: Counter[Any] = Counter()
    flags = _counts(3)  # hit, found, true
    calibrated: list[tuple[float, bool]] = []
    pairs = pair(truths, results)
    result_of = {truth["id"]: result or {} for truth, result in pairs if not truth.get("duplicate_of")}
    twin_of = {truth["duplicate_of"]: result or {} for truth, result in pairs if truth.get("duplicate_of")}
    for truth, result in pairs:
        who = truth["id"]
        tally.add("items with a result", result is not None, who)
        result = result or {}
        if truth.get("duplicate_of"):  # either of the two scans may be called the duplicate, but it must name the other
            other = result_of.get(truth["duplicate_of"]) or {}
            named = {result.get("duplicate_of"): other.get("item_id"), other.get("duplicate_of"): result.get("item_id")}
            tally.add("re-scans recognised as duplicates", any(k and k == v for k, v in named.items()), who)
            continue
        if result.get("duplicate_of"):
            twin = twin_of.get(who) or {}
            tally.add(
                "items not wrongly called duplicates", bool(twin) and result["duplicate_of"] == twin.get("item_id"), who
            )
            result = twin or result
        want, match = truth["truth"], result.get("match") or {}
        if truth.get("pages"):
            tally.add(
                "batch items cut at the right pages", list(result.get("pages") or []) == list(truth["pages"]), who
            )
        applied, kept = result.get("decision") == "applied", result.get("decision") == "review"
        right_category = result.get("category") == want["category"]
        right_subcategory = right_category and result.get("subcategory") == want["subcategory"]
        if not want.get("ambiguous"):
            tally.add(
                "category",
                right_category,
                f"{who} {want['category']}/{want['subcategory']} -> "
                f"{result.get('category')}/{result.get('subcategory')}",
            )
            tally.add("subcategory", right_subcategory, f"{who} {want['subcategory']} -> {result.get('subcategory')}")
            confusion[(want["category"], result.get("category"))] += 1
            confidence = float(result.get("confidence") or 0)
            calibrated.append((confidence, right_category))
        got_flags = set(result.get("flags") or [])
        true_flags = set(want.get("flags") or [])
        got_flags |= {SAME_FLAG[result["subcategory"]]} if result.get("subcategory") in SAME_FLAG else set()
        true_flags |= {SAME_FLAG[want["subcategory"]]} if want["subcategory"] in SAME_FLAG else set()
        for flag in got_flags | true_flags:
            flags[flag][0] += flag in got_flags and flag in true_flags
            flags[flag][1] += flag in got_flags
            flags[flag][2] += flag in true_flags
        for flag in true_flags & PROTECTED:
            tally.add(
                "protective signals seen (distress, death, over-indebtedness)", flag in got_flags, f"{who} {flag}"
            )
            tally.add("protective items kept for a person", kept, who)
        claim, proposed = want.get("claim_ref"), match.get("claim_ref")
        claims = {claim, *(want.get("other_claim_refs") or [])} - {None}
        if claim:
            best = proposed or next((c["claim_ref"] for c in match.get("candidates") or []), None)
            tally.add("claim, best candidate right", best in claims, f"{who} {claim} -> {best}")
            firsts = {c["claim_ref"] for c in (match.get("candidates") or [])[:5]} | {proposed}
            tally.add("claim among the first five", bool(firsts & claims), who)
            if proposed:
                tally.add("claims proposed that are right", proposed in claims, f"{who} {claim} -> {proposed}")
        elif proposed:
            tally.add("claims proposed that are right", False, f"{who} none -> {proposed}")
        if applied:
            tally.add(
                "applied without a person: category and claim right",
                right_category and proposed in claims,
                f"{who} {want['category']}/{claim} -> {result.get('category')}/{proposed}",
            )
        harmless = want["subcategory"] in {"unrelated", "thanks"}
        if result.get("decision") == "filed":
            tally.add("filed items that needed nothing", harmless, f"{who} {want['category']}/{want['subcategory']}")
        if not want.get("ambiguous"):
            done = (applied and right_subcategory and proposed in claims) or (
                result.get("decision") == "filed" and harmless
            )
            tally.add("items settled without a person, all right", done)
        text = (
            alnum(result.get("text"))
            + " "
            + " ".join(alnum(r) for r in (result.get("fields") or {}).get("references") or [])
        )
        for reference in want.get("references_written") or []:
            tally.add("written references read", alnum(reference) in text, f"{who} {reference}")
        fields = result.get("fields") or {}
        if want.get("amount") and want["category"] == "payment":
            sums = {
                "cheque": (result.get("cheque") or {}).get("amount"),
                "promise": fields.get("promised_amount"),
                "plan_request": fields.get("promised_amount"),
            }
            got = sums.get(want["subcategory"], fields.get("paid_amount"))
            if "amounts_differ" not in (truth.get("cheque") or {}).get("defects", []):
                tally.add(
                    "payment amount found",
                    cents(got) == cents(want["amount"]),
                    f"{who} {want['subcategory']} {want['amount']} -> {got}",
                )
        if truth.get("channel") == "scan" and truth.get("text") and not truth.get("cheque"):
            wanted = words(truth["text"])
            got_words = words(result.get("text") or "")
            bucket = f"{'handwritten' if truth.get('handwritten') else 'typed'}, {truth.get('level')}"
            wer[bucket][0] += edit_distance(wanted, got_words)
            wer[bucket][1] += len(wanted)
        cheque, got_cheque = truth.get("cheque"), result.get("cheque") or {}
        if cheque:
            tally.add("cheques noticed", bool(result.get("cheque")), who)
            tally.add(
                "CMC-7 line exact",
                got_cheque.get("cmc7") == cheque["cmc7"],
                f"{who} {cheque['cmc7']} -> {got_cheque.get('cmc7')}",
            )
            if got_cheque.get("cmc7") and got_cheque.get("rlmc_ok"):
                tally.add("CMC-7 lines vouched for that are exact", got_cheque["cmc7"] == cheque["cmc7"], who)
            defects = cheque.get("defects") or []
            if "amounts_differ" not in defects:
                right_amount = cents(got_cheque.get("amount")) == cents(cheque["amount"])
                tally.add(
                    "cheque amount right", right_amount, f"{who} {cheque['amount']} -> {got_cheque.get('amount')}"
                )
                if float(got_cheque.get("amount_confidence") or 0) >= 0.99:
                    tally.add(
                        "cheque amounts given at 0.99 or more that are right",
                        right_amount,
                        f"{who} {cheque['amount']} -> {got_cheque.get('amount')}",
                    )
            for defect in defects:
                tally.add(
                    "cheque defects named",
                    defect in (got_cheque.get("problems") or []),
                    f"{who} {defect} -> {got_cheque.get('problems')}",
                )
                tally.add("cheques with a defect kept for a person", kept, who)
            tally.add(
                "cheque date right",
                got_cheque.get("date") == cheque.get("date"),
                f"{who} {cheque.get('date')} -> {got_cheque.get('date')}",
            )
            tally.add("cheque signature presence right", got_cheque.get("signed") == cheque.get("signed"), who)
        elif result.get("cheque") and result["cheque"].get("cmc7"):
            tally.add("no cheque invented", False, who)
    return tally, {"wer": wer, "confusion": confusion, "flags": flags, "calibrated": calibrated}


def macro_f1(confusion: Counter[Any]) -> float:
    labels = {t for t, _ in confusion}
    values = []
    for label in labels:
        hit = confusion[(label, label)]
        found = sum(n for (_, g), n in confusion.items() if g == label)
        true = sum(n for (t, _), n in confusion.items() if t == label)
        values.append(0.0 if not hit else 2 * hit / (found + true))
    return sum(values) / len(values) if values else 0.0


def calibration_error(calibrated: list[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error over equal-width bins."""
    groups = defaultdict(list)
    for confidence, hit in calibrated:
        groups[min(int(confidence * bins), bins - 1)].append((confidence, hit))
    return sum(abs(sum(c for c, _ in g) - sum(h for _, h in g)) for g in groups.values()) / max(1, len(calibrated))


def automatable(calibrated: list[tuple[float, bool]], precision: float) -> float:
    """Largest share of items, taken by falling confidence, whose category is right at the given precision."""
    best = hits = 0
    for n, (_, hit) in enumerate(sorted(calibrated, key=lambda p: -p[0]), 1):
        hits += hit
        if hits / n >= precision:
            best = n
    return best / max(1, len(calibrated))


def show(truth: str, results: str, *, errors: bool = False, as_json: bool = False) -> None:
    """Prints every figure with its counts; with `errors` the misses under each."""
    tally, more = score(load(truth), load(results))
    figures = {
        name: {"hit": hit, "of": tries, "rate": round(hit / tries, 4)} for name, (hit, tries) in tally.counts.items()
    }
    extra = {
        "category macro-F1": round(macro_f1(more["confusion"]), 4),
        "category calibration error": round(calibration_error(more["calibrated"]), 4),
        "share automatable at 99 % category precision": round(automatable(more["calibrated"], 0.99), 4),
        **{
            f"word error rate, {level}": round(wrong / max(1, total), 4)
            for level, (wrong, total) in more["wer"].items()
        },
    }
    hits, found, true = (sum(f[i] for f in more["flags"].values()) for i in range(3))
    extra["flags micro-F1"] = round(2 * hits / max(1, found + true), 4)
    if as_json:
        print(json.dumps({"figures": figures, "extra": extra}, ensure_ascii=False))
        return
    for name, figure in figures.items():
        print(f"{figure['rate']:7.1%}  {figure['hit']:4d}/{figure['of']:<4d}  {name}")
        for miss in tally.misses[name] if errors else ():
            if miss:
                print(f"                     - {miss}")
    for name, value in sorted(extra.items()):
        print(f"{value:7.4f}             {name}")
    confusion = ", ".join(f"{t}->{g}: {n}" for (t, g), n in sorted(more["confusion"].items(), key=str))
    print("confusion (truth -> result):", confusion)
