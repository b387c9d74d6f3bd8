"""Score results against truth: what `mailroom evaluate` prints.

Standard library only. Every figure counts items, not files; ambiguous items (a human could go either way)
are left out of category figures. 'applied' means that no person looked.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Pair:
    """One item: what is true of it and what was said, empty where nothing was."""

    truth: Line
    result: Line

    @property
    def who(self) -> str:
        return str(self.truth["id"])

    @property
    def want(self) -> Line:
        return dict(self.truth["truth"])

    @property
    def claims(self) -> set[str | None]:
        return {self.want.get("claim_ref"), *(self.want.get("other_claim_refs") or [])} - {None}

    @property
    def proposed(self) -> str | None:
        return (self.result.get("match") or {}).get("claim_ref")

    @property
    def applied(self) -> bool:
        return self.result.get("decision") == "applied"

    @property
    def kept(self) -> bool:
        return self.result.get("decision") == "review"

    @property
    def right_category(self) -> bool:
        return bool(self.result.get("category") == self.want["category"])

    @property
    def right_subcategory(self) -> bool:
        return self.right_category and self.result.get("subcategory") == self.want["subcategory"]


class Scores:
    """Every figure, subject by subject; `more` holds what is not a share of hits."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.more: Line = {"wer": _counts(2), "confusion": Counter(), "flags": _counts(3), "calibrated": []}

    def add(self, one: Pair) -> None:
        for subject in (self._labels, self._flags, self._claim, self._settling, self._references, self._payment):
            subject(one)
        self._words(one)
        self._cheque(one)

    def _labels(self, one: Pair) -> None:
        want, result = one.want, one.result
        if one.truth.get("pages"):
            right = list(result.get("pages") or []) == list(one.truth["pages"])
            self.tally.add("batch items cut at the right pages", right, one.who)
        if want.get("ambiguous"):
            return
        said = f"{result.get('category')}/{result.get('subcategory')}"
        missed = f"{one.who} {want['category']}/{want['subcategory']} -> {said}"
        self.tally.add("category", one.right_category, missed)
        missed = f"{one.who} {want['subcategory']} -> {result.get('subcategory')}"
        self.tally.add("subcategory", one.right_subcategory, missed)
        self.more["confusion"][(want["category"], result.get("category"))] += 1
        self.more["calibrated"].append((float(result.get("confidence") or 0), one.right_category))

    def _flags(self, one: Pair) -> None:
        got, true = (
            _flags_with(one.result, one.result.get("subcategory")),
            _flags_with(one.want, one.want["subcategory"]),
        )
        for flag in got | true:  # hit, found, true
            for place, counts in enumerate((flag in got and flag in true, flag in got, flag in true)):
                self.more["flags"][flag][place] += counts
        for flag in true & PROTECTED:
            seen = "protective signals seen (distress, death, over-indebtedness)"
            self.tally.add(seen, flag in got, f"{one.who} {flag}")
            self.tally.add("protective items kept for a person", one.kept, one.who)

    def _claim(self, one: Pair) -> None:
        claim, proposed = one.want.get("claim_ref"), one.proposed
        refs = [each["claim_ref"] for each in (one.result.get("match") or {}).get("candidates") or []]
        if claim:
            best = proposed or next(iter(refs), None)
            self.tally.add("claim, best candidate right", best in one.claims, f"{one.who} {claim} -> {best}")
            self.tally.add("claim among the first five", bool({*refs[:5], proposed} & one.claims), one.who)
        if proposed:
            missed = f"{one.who} {claim or 'none'} -> {proposed}"
            self.tally.add("claims proposed that are right", bool(claim) and proposed in one.claims, missed)

    def _settling(self, one: Pair) -> None:
        want, result = one.want, one.result
        right, filed = one.proposed in one.claims, result.get("decision") == "filed"
        harmless = want["subcategory"] in {"unrelated", "thanks"}
        if one.applied:
            said = f"{want['category']}/{want.get('claim_ref')} -> {result.get('category')}/{one.proposed}"
            name = "applied without a person: category and claim right"
            self.tally.add(name, one.right_category and right, f"{one.who} {said}")
        if filed:
            missed = f"{one.who} {want['category']}/{want['subcategory']}"
            self.tally.add("filed items that needed nothing", harmless, missed)
        if not want.get("ambiguous"):
            done = (one.applied and one.right_subcategory and right) or (filed and harmless)
            self.tally.add("items settled without a person, all right", done)

    def _references(self, one: Pair) -> None:
        named = (one.result.get("fields") or {}).get("references") or []
        text = " ".join(alnum(each) for each in [one.result.get("text"), *named])
        for reference in one.want.get("references_written") or []:
            self.tally.add("written references read", alnum(reference) in text, f"{one.who} {reference}")

    def _payment(self, one: Pair) -> None:
        want, fields = one.want, one.result.get("fields") or {}
        differ = "amounts_differ" in (one.truth.get("cheque") or {}).get("defects", [])
        if not want.get("amount") or want["category"] != "payment" or differ:
            return
        sums = {
            "cheque": (one.result.get("cheque") or {}).get("amount"),
            "promise": fields.get("promised_amount"),
            "plan_request": fields.get("promised_amount"),
        }
        got = sums.get(want["subcategory"], fields.get("paid_amount"))
        missed = f"{one.who} {want['subcategory']} {want['amount']} -> {got}"
        self.tally.add("payment amount found", cents(got) == cents(want["amount"]), missed)

    def _words(self, one: Pair) -> None:
        truth = one.truth
        if truth.get("channel") != "scan" or not truth.get("text") or truth.get("cheque"):
            return
        wanted = words(truth["text"])
        count = self.more["wer"][f"{'handwritten' if truth.get('handwritten') else 'typed'}, {truth.get('level')}"]
        count[0] += edit_distance(wanted, words(one.result.get("text") or ""))
        count[1] += len(wanted)

    def _cheque(self, one: Pair) -> None:
        cheque, got, who, tally = one.truth.get("cheque"), one.result.get("cheque") or {}, one.who, self.tally
        if not cheque:
            if got.get("cmc7"):
                tally.add("no cheque invented", False, who)
            return
        tally.add("cheques noticed", bool(got), who)
        exact = got.get("cmc7") == cheque["cmc7"]
        tally.add("CMC-7 line exact", exact, f"{who} {cheque['cmc7']} -> {got.get('cmc7')}")
        if got.get("cmc7") and got.get("rlmc_ok"):
            tally.add("CMC-7 lines vouched for that are exact", exact, who)
        self._cheque_amount(one, cheque, got)
        for defect in cheque.get("defects") or []:
            named = got.get("problems") or []
            tally.add("cheque defects named", defect in named, f"{who} {defect} -> {got.get('problems')}")
            tally.add("cheques with a defect kept for a person", one.kept, who)
        said = f"{who} {cheque.get('date')} -> {got.get('date')}"
        tally.add("cheque date right", got.get("date") == cheque.get("date"), said)
        tally.add("cheque signature presence right", got.get("signed") == cheque.get("signed"), who)

    def _cheque_amount(self, one: Pair, cheque: Line, got: Line) -> None:
        if "amounts_differ" in (cheque.get("defects") or []):
            return
        right = cents(got.get("amount")) == cents(cheque["amount"])
        missed = f"{one.who} {cheque['amount']} -> {got.get('amount')}"
        self.tally.add("cheque amount right", right, missed)
        if float(got.get("amount_confidence") or 0) >= 0.99:
            self.tally.add("cheque amounts given at 0.99 or more that are right", right, missed)


def _flags_with(said: Line, subcategory: str | None) -> set[str]:
    """The flags, with the one that the subcategory itself stands for."""
    own = {SAME_FLAG[subcategory]} if subcategory in SAME_FLAG else set()
    return set(said.get("flags") or []) | own


def score(truths: list[Line], results: list[Line]) -> tuple[Tally, Line]:
    scores, pairs = Scores(), pair(truths, results)
    result_of = {truth["id"]: result or {} for truth, result in pairs if not truth.get("duplicate_of")}
    twin_of = {truth["duplicate_of"]: result or {} for truth, result in pairs if truth.get("duplicate_of")}
    for truth, found in pairs:
        who, result = truth["id"], found or {}
        scores.tally.add("items with a result", found is not None, who)
        if truth.get("duplicate_of"):  # either of the two scans may be called the duplicate, but it must name the other
            other = result_of.get(truth["duplicate_of"]) or {}
            named = {result.get("duplicate_of"): other.get("item_id"), other.get("duplicate_of"): result.get("item_id")}
            scores.tally.add("re-scans recognised as duplicates", any(k and k == v for k, v in named.items()), who)
            continue
        if result.get("duplicate_of"):
            twin = twin_of.get(who) or {}
            own = bool(twin) and result["duplicate_of"] == twin.get("item_id")
            scores.tally.add("items not wrongly called duplicates", own, who)
            result = twin or result
        scores.add(Pair(truth, result))
    return scores.tally, scores.more


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
