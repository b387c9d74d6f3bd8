"""How well cheques are read: the practice set, amounts on drawn cheques, CMC-7 lines by condition, CPU a page.

`python -m bench.cheques [--lines N] [--cheques N] [--processes N] [--every-amount]` writes bench/results/cheques.txt
and the curve of acceptance against error, bench/results/cheques.png. Fonts, digits and renderings are of the test part:
neither networks nor weights have seen them; they come from public packages on the first run. The practice folder is
looked for below MAILROOM_SHARED (../shared). A run that broke off goes on where it was; a short one
(`--lines 20 --cheques 40`) shows that everything works. The whole takes some 45 CPU minutes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.cheque_practice import practice
from bench.cheque_work import (
    HYPHENS,
    SPELLINGS_A_TASK,
    Done,
    all_done,
    lower,
    read_cheque,
    read_line,
    read_spellings,
    upper,
)
from ocr.cheque.problems import LIKELY
from training.cheques.bottom_strips import CONDITIONS

RESULTS = Path(__file__).resolve().parent / "results"
LINES_WANTED = 5_000
LINE_AIMS = (  # conditions by their place in CONDITIONS
    ("clean and medium, 200 and 300 dpi", 0.995, (0, 1, 2, 3)),
    ("hard: mixes, strokes, blur, two tones, 150 dpi", 0.97, (4, 5, 6, 7, 8, 9)),
    ("100 dpi", 0.95, (10,)),
)
_SURE = 0.99


def lines(count: int, processes: int) -> Iterator[str]:
    """Exact lines by condition, and lines vouched for that are wrong. No printed key is used.

    Of all, and of those on which the line is there: of some pictures two tones left next to nothing. Those count
    among all.
    """
    tasks = [(at, number) for at in range(len(CONDITIONS)) for number in range(count)]
    done = all_done("lines", read_line, tasks, processes)
    for at, condition in enumerate(CONDITIONS):
        yield f"  {condition.name:22s} {shares([one for one in done if one['task'][0] == at])}"
    for title, wanted, conditions in LINE_AIMS:
        own = [one for one in done if one["task"][0] in conditions]
        yield f"  {title} (wanted {wanted:.1%}): {shares(own)}"
    wrong = sum(one["wrong"] for one in done)
    yield f"  lines read {len(done)}, vouched for and wrong {wrong} (95 %: at most {upper(wrong, len(done)):.3%})"


def shares(done: list[Done]) -> str:
    """Exact of all and of those whose line is there, vouched for, vouched for and wrong."""
    exact, vouched, wrong = (sum(one[name] for one in done) for name in ("exact", "vouched", "wrong"))
    there = [one["exact"] for one in done if not one["blank"]]
    of_all, of_there = f"{exact}/{len(done)} = {exact / len(done):7.2%}", f"{sum(there)}/{len(there)}"
    low = f"(at least {lower(exact, len(done)):.2%})"
    of_there = f"{of_there} = {sum(there) / max(1, len(there)):.2%}"
    return f"all {of_all} {low}   there {of_there}   vouched {vouched / len(done):.2%}   vouched and wrong {wrong}"


def rate(hits: int, of: int) -> str:
    """A share with its one-sided 95 % lower bound."""
    return f"{hits}/{of} = {hits / max(of, 1):.1%} (at least {lower(hits, of):.1%})"


def summary(cheques: list[Done]) -> Iterator[str]:
    """Rates on drawn cheques; the curve follows in `curve`."""
    sound = [one for one in cheques if one["truth"] == one["worded"]]
    found = [one for one in cheques if "amount" in one]
    yield f"  found                      {rate(len(found), len(cheques))}"
    yield f"  line right                 {rate(sum(one['line right'] for one in found), len(cheques))}"
    best = [one for one in sound if one.get("amount") == one["truth"]]
    yield f"  best candidate right       {rate(len(best), len(sound))}, without reject, however unsure: joint exact"
    yield f"  amount given and right     {rate(sum(map(believed, best)), len(sound))}, from 0.5; below, only suggested"
    for label, name in (("figures alone", "figures"), ("words alone", "words")):
        yield f"  {label:26s} {rate(sum(one.get(name) == one['truth'] for one in sound), len(sound))}"
    accepted = [one for one in found if one["amount"] is not None and one["sure"] >= _SURE]
    wrong = sum(not right(one) for one in accepted)
    of_sound = [one for one in accepted if one["truth"] == one["worded"]]
    yield f"  accepted (0.99 or more)    {rate(len(of_sound), len(sound))}"
    bound = f"95 %: at most {upper(wrong, len(accepted)):.2%} of the accepted"
    yield f"  accepted and wrong         {wrong} of {len(accepted)}, contradicting cheques included ({bound})"
    booked = sum(one["sound"] and not one["payee open"] for one in of_sound)
    yield f"  payee and all else clear   {rate(booked, len(sound))}, these may be booked without a person"
    yield f"  date right                 {rate(sum(one.get('date right', False) for one in sound), len(sound))}"
    yield f"  signature right            {rate(sum(one['said signed'] is one['signed'] for one in found), len(found))}"
    differing = [one for one in found if one["truth"] != one["worded"]]
    named, given = sum(one["differ"] for one in differing), sum(map(believed, differing))
    shown = sum(one["amount"] is not None for one in differing) - given
    taken = sum(one["amount"] is not None and one["sure"] >= _SURE for one in differing)
    said = f"named {named}/{len(differing)}, amount suggested {shown}, given {given}, accepted {taken}"
    yield f"  words and figures differ   {said}"
    false = sum(one["differ"] for one in found if one["truth"] == one["worded"])
    yield f"  called contradicting in error {false} of {len(sound)}"
    strangers = [one for one in found if not one["ours"] and one["truth"] == one["worded"]]
    named, passed = (
        sum(one["another's"] for one in strangers),
        sum(one["sound"] and not one["payee open"] for one in strangers),
    )
    yield f"  made out to another        named {named}/{len(strangers)}, looks sound {passed}"
    ours = [one for one in found if one["ours"]]
    slandered = sum(one["another's"] for one in ours)
    yield f"  ours called another's      {slandered} of {len(ours)}"
    middle, most = np.percentile([one["seconds"] for one in cheques], [50, 95])
    yield f"  CPU seconds a cheque       median {middle:.2f}, 95 of 100 below {most:.2f}"


def believed(one: Done) -> bool:
    """An amount is given as likelier right than wrong."""
    return one.get("amount") is not None and bool(one["sure"] >= LIKELY)


def right(one: Done) -> bool:
    """The amount given is what both fields say."""
    return bool(one["amount"] == one["truth"] == one["worded"])


def curve(cheques: list[Done]) -> list[tuple[float, float, float]]:
    """(confidence, share accepted, share of the accepted that is wrong), falling; contradicting cheques included."""
    scored = sorted((one for one in cheques if one.get("amount") is not None), key=lambda one: -one["sure"])
    points, wrong = [], 0
    for count, one in enumerate(scored, start=1):
        wrong += not right(one)
        if count == len(scored) or scored[count]["sure"] < one["sure"]:
            points.append((one["sure"], count / len(cheques), wrong / count))
    return points


def table(points: list[tuple[float, float, float]]) -> Iterator[str]:
    """The curve at a few confidences."""
    for level in (0.999, 0.998, 0.995, 0.99, 0.98, 0.97, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5):
        above = [point for point in points if point[0] >= level]
        if above:
            yield f"  from {level:.3f}: accepted {above[-1][1]:6.1%}, of these wrong {above[-1][2]:.2%}"


def draw_curve(points: list[tuple[float, float, float]], path: Path) -> None:
    """Acceptance to the right (0 to 100 %), error among the accepted upwards (0 to 2 %), the point of 0.99 marked."""
    left, top, wide, high, most = 70, 40, 600, 400, 0.02
    picture = np.full((520, 720, 3), 255, np.uint8)
    font, black, gray, blue, red = cv2.FONT_HERSHEY_SIMPLEX, (0, 0, 0), (220, 220, 220), (180, 80, 20), (40, 40, 200)

    def spot(share: float, wrong: float) -> tuple[int, int]:
        return left + round(wide * share), top + high - round(high * min(wrong / most, 1.0))

    for tenth in range(11):
        cv2.line(picture, spot(tenth / 10, 0), spot(tenth / 10, most), gray, 1)
        cv2.putText(picture, f"{tenth * 10}", (left + wide * tenth // 10 - 10, top + high + 20), font, 0.45, black, 1)
    for step in range(5):
        cv2.line(picture, spot(0, step * most / 4), spot(1, step * most / 4), gray, 1)
        cv2.putText(picture, f"{step * 0.5:.1f} %", (10, spot(0, step * most / 4)[1] + 5), font, 0.45, black, 1)
    path_points = np.asarray([spot(share, wrong) for _, share, wrong in points], np.int32).reshape(-1, 1, 2)
    cv2.polylines(picture, [path_points], False, blue, 2, cv2.LINE_AA)
    sure = [point for point in points if point[0] >= _SURE]
    if sure:
        cv2.circle(picture, spot(*sure[-1][1:]), 6, red, -1, cv2.LINE_AA)
        cv2.putText(picture, "accepted from 0.99", (left + 10, top + 20), font, 0.5, red, 1, cv2.LINE_AA)
    cv2.putText(picture, "cheques accepted, %", (left + 210, top + high + 50), font, 0.5, black, 1, cv2.LINE_AA)
    cv2.putText(picture, "of the accepted wrong", (left, top - 15), font, 0.5, black, 1, cv2.LINE_AA)
    cv2.imwrite(str(path), picture)


def every_amount(processes: int) -> Iterator[str]:
    """0.00 to 9,999.99 written in words in every hyphenation and way of joining the cents, and read back."""
    tasks = [(way, block) for way in range(len(HYPHENS)) for block in range(1_000_000 // SPELLINGS_A_TASK)]
    done = all_done("spellings", read_spellings, tasks, processes)
    count, wrong = sum(one["count"] for one in done), sum(one["wrong"] for one in done)
    yield f"  {count} spellings of 1,000,000 amounts written and read back, wrong {wrong}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=-(-LINES_WANTED // len(CONDITIONS)), help="lines a condition")
    parser.add_argument("--cheques", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--every-amount", action=argparse.BooleanOptionalAction, default=True)
    wanted = parser.parse_args()
    cv2.setNumThreads(1)
    RESULTS.mkdir(exist_ok=True)
    report = [f"Cheques, {date.today():%Y-%m-%d}: {wanted.lines} lines a condition, {wanted.cheques} drawn cheques", ""]

    def section(title: str, rows: Iterator[str]) -> None:
        report.append(title)
        print(title, flush=True)
        for row in rows:
            report.append(row)
            print(row, flush=True)
        (RESULTS / "cheques.txt").write_text("\n".join(report) + "\n", "utf-8")

    section("Practice set", practice())
    if wanted.cheques:
        cheques = all_done("cheques", read_cheque, [(0, number) for number in range(wanted.cheques)], wanted.processes)
        section("Drawn cheques of the test part, 100 to 300 dpi, clean to hard", summary(cheques))
        points = curve(cheques)
        section("Acceptance against error", table(points))
        draw_curve(points, RESULTS / "cheques.png")
    if wanted.lines:
        section("CMC-7 lines by condition, no printed key used", lines(wanted.lines, wanted.processes))
    if wanted.every_amount:
        section("Amounts in words", every_amount(wanted.processes))


if __name__ == "__main__":
    main()
