"""Which of several sums was paid, is promised or offered, and when: the one tied to the verb, not the claimed "
"balance."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from classifiers.amounts import find_amounts
from classifiers.dates import MONTH, MONTHS
from classifiers.due_dates import DueDate, find_due_dates, month_later
from classifiers.number_words import NUMBER_IN_WORDS, folded, number_from_words
from classifiers.payment_cues import PaymentCue, Sense, payment_cues
from classifiers.spans import Span
from models.money import Cents

REACH = 110  # characters over which a word can speak for a sum
MOST_SUMS = 120  # a statement of account is longer, but nobody promises in it
SMALL_CHARGE = 2000  # cents: a sum below is a fee beside the claim
HEAD = 1500  # characters in which a letter carries its own date
ENOUGH = 1.0  # points a sum needs to be taken
_CLAUSE_END = re.compile(r"(?<!\bm)(?<!\bmme)(?<!\bref)(?<!\bn)[.!?;](?=\s|$)|\n\s*\n|\n(?=\s*[-•*–])")
_UNIT_AFTER = (
    r"(?![\w/%°:]|[.,]\d|\s?(?:€|euros?|eur\b|fois|mois|jours?|ans?\b|h\b|heures?|km|kg|m2|m3|kwh"
    r"|semaines?|%|rue|avenue|bis"
    r"|ter|personnes|enfants|janv|fev|mars|avril|mai\b|juin|juil|aout|sept|oct|nov|dec|[-/ ]?\d|eme|er\b|e\b|degres))"
)
_BARE = re.compile(
    rf"(?<![\w,./:+-])(?<!\d )(?P<whole>\d{{1,3}} \d{{3}}|\d{{2,4}})(?:,(?P<cents>\d{{2}}))?{_UNIT_AFTER}"
)
_BARE_BEFORE = re.compile(
    r"(?:\b(?:le|au|du|n|no|numero|dossier|ref|reference|article|art|avant|vers|depuis|en|rue|client"
    r"|contrat|facture|cedex|bp|cs|page|tel|l|avril|mai|juin|mars|lot|jusqu'au)\.?\s?[°:.]?\s?|[a-z]-|#)$"
)
_ALL_OF_IT = re.compile(
    r"\b(?:totalite|integralite|tout (?:d'un coup|en une fois|le solde)|le solde|solder|la somme (?:due|demandee"
    r"|reclamee|entiere)|en une (?:seule )?fois|d'un (?:seul )?(?:coup|bloc)|je (?:paie|paye|regle|paierai"
    r"|payerai|reglerai) tout|le tout"
    r"|ce que je dois|ma dette|la dette|cette somme|ladite somme|la facture|cette facture)\b"
)
_IN_ONE_GO = re.compile(r"\ben une (?:seule )?fois|d'un (?:seul )?(?:coup|bloc)|la totalite|l'integralite|tout solder")
_TIMES = re.compile(
    rf"\b(?:en|par|sur|de|avec|propose|pendant|faire|fait|accorder|payer en)?\s?(?P<count>\d{{1,2}}"
    rf"|{NUMBER_IN_WORDS})\s?(?P<what>fois|mensualites?|mois|versements?|echeances?|cheques|virements|paiements|x\b)"
)
_FROM_MONTH = re.compile(
    rf"\b(?:a partir|a compter|des|debut|commencer|commencerai)(?: d[eu']| le| en| du"
    rf"| au)?\s?(?:mois de? ?|mois d'|debut |fin )?(?P<month>{MONTH})\b(?! \d{{4}}, )"
)
_EACH_MONTH = re.compile(
    r"\b(?:le|les|tous les|chaque)\s(?P<day>[0-3]?\d)(?:er)?(?=\s(?:de chaque mois|du mois|des mois"
    r"|chaque mois)|[,;.)\n]|\sa (?:partir|compter)|\sdes\b)"
)
_OTHER_PAPER = re.compile(
    r"\b(?:courriers?|lettres?|mails?|courriels?|relances?|factures?|demeure|appel|message|naissance|nee?"
    r"|jugement|avis|jusqu'au?"
    r"|ordonnance|contrat)(?:\s\w+){0,2}?\s?(?:du|de|en date du|le|date du|d')?\s?$"
)
_FIRST_DUE = re.compile(
    r"a partir d|a compter d|des le|premiere? (?:versement|echeance|mensualite|paiement|fois)|commencer"
    r"|debut|le 1er versement|1ere? "
)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of the text with the points each sense gives it."""

    span: Span
    cents: Cents
    points: dict[Sense, float]
    bare: bool = False

    def score(self, wanted: Sequence[Sense]) -> float:
        """Points for what is asked, half for what is only allowed, less what makes it a claim or an income."""
        good = sum(self.points.get(sense, 0.0) / (1 + number) for number, sense in enumerate(wanted))
        bad = 0.7 * self.points.get(Sense.CLAIMED, 0.0) + self.points.get(Sense.INCOME, 0.0)
        bad += self.points.get(Sense.REFUSED, 0.0)
        return good - bad


class PaymentReader:
    """The sums, dates and cues of one text, read once and asked several questions."""

    def __init__(self, text: str, written_on: date) -> None:
        self._low = folded(text)
        self._text = text
        self._written_on = written_on
        self._clauses = _clauses(self._low)
        self._cues = payment_cues(self._low)
        self.sums = self._all_sums()

    def best_sum(self, wanted: Sequence[Sense], *, fall_back: bool) -> Sum | None:
        """The sum that the wanted words speak for most. With `fall_back`, the only sum there is, or the whole "
        "claim."""
        scored = [(one.score(wanted), one) for one in self.sums]
        scored = [(score, one) for score, one in scored if score >= ENOUGH and not (one.bare and score < 1.6)]
        if scored:
            return max(scored, key=lambda entry: entry[0] + self._repeated(entry[1], scored))[1]
        return self._only_sum(wanted) if fall_back else None

    def _only_sum(self, wanted: Sequence[Sense]) -> Sum | None:
        """The only sum written, or the whole claim where "all of it" is paid; small extra charges apart."""
        written = [one for one in self.sums if not one.bare and one.points.get(Sense.INCOME, 0.0) < 1.0]
        values = {one.cents for one in written}
        if len(values) == 1:
            return written[0]
        if _ALL_OF_IT.search(self._low) or wanted[0] is Sense.PAID:
            claimed = [one for one in written if one.points.get(Sense.CLAIMED, 0.0) > 0.5 and one.cents >= SMALL_CHARGE]
            values = {one.cents for one in claimed}
            return claimed[0] if len(values) == 1 else None
        return None

    def whole_sum(self) -> Sum | None:
        """The whole claim, where the words say that it is settled in one go."""
        return self._only_sum((Sense.PROMISED,)) if _IN_ONE_GO.search(self._low) else None

    @staticmethod
    def _repeated(one: Sum, scored: Sequence[tuple[float, Sum]]) -> float:
        """A sum that is named again with the same meaning is surer; at most three repetitions count."""
        again = [score for score, other in scored if other is not one and other.cents == one.cents]
        return 0.25 * sum(sorted(again, reverse=True)[:3])

    def best_date(
        self, near: Sum | None, wanted: Sequence[Sense], *, future: bool, fall_back: bool = True
    ) -> date | None:
        """The day nearest to the sum or to the wanted words, on the right side of the letter; else the only day."""
        days = [
            day for day in find_due_dates(self._text, self._written_on, future=future) if self._is_possible(day, future)
        ]
        if not days:
            return None
        anchors = [(cue.start, cue.end, cue.weight) for cue in self._cues if cue.sense in wanted and cue.weight > 0]
        if near is not None:
            anchors.append((near.span.start, near.span.end, 3.0))
        scored = [(self._pull(day, anchors), day) for day in days]
        score, best = max(scored, key=lambda entry: (entry[0], -entry[1].start))
        if score > 0.6:
            return best.day
        sure = {day.day for day in days if day.confidence >= 0.65}
        return sure.pop() if fall_back and len(sure) == 1 else None

    def instalments(self) -> int | None:
        """How many payments are offered: "en 3 fois", "10 mensualités"."""
        for match in _TIMES.finditer(self._low):
            count = int(match["count"]) if match["count"].isdigit() else number_from_words(match["count"])
            if match["what"] == "mois" and not re.match(r"\s?(?:en|sur)\s", match[0]):
                continue
            per = re.match(r"\s?(?:la|par|sur|le|dans)\s?(?:semaine|jour|mois|an)", self._low[match.end() :])
            if count and 2 <= count <= 84 and not per:
                return count
        return None

    def first_due(self, near: Sum | None) -> date | None:
        """The day of the first instalment: after "à partir du", "dès le", else the day nearest to the sum."""
        if combined := self._day_and_month():
            return combined
        days = [day for day in find_due_dates(self._text, self._written_on) if self._is_possible(day, True)]
        for day in days:
            if _FIRST_DUE.search(self._low, max(0, day.start - 32), day.start + 4):
                return day.day
        best = self.best_date(near, (Sense.PROMISED, Sense.MONTHLY), future=True)
        return self._first_of_row(days, best)

    def _first_of_row(self, days: Sequence[DueDate], best: date | None) -> date | None:
        """ "fin juin, fin juillet et fin août": the first of them."""
        place = next((number for number, day in enumerate(days) if day.day == best), None)
        while place and re.fullmatch(r"[\s,;]*(?:et|puis)?\s*", self._low[days[place - 1].end : days[place].start]):
            place -= 1
        return best if place is None else days[place].day

    def _day_and_month(self) -> date | None:
        """ "le 12 de chaque mois, à compter d'août": the day from one place, the month from another."""
        month = _FROM_MONTH.search(self._low)
        day = _EACH_MONTH.search(self._low)
        if month is None or day is None or not 1 <= int(day["day"]) <= 31:
            return None
        first = date(self._written_on.year, MONTHS[month["month"]], 1)
        due = month_later(first, 0, int(day["day"]))
        return due if due >= self._written_on else month_later(first, 12, int(day["day"]))

    def _is_possible(self, day: DueDate, future: bool) -> bool:
        ahead = (day.day - self._written_on).days
        before = self._low[max(0, day.start - 26) : day.start]
        if _OTHER_PAPER.search(before) or self._dates_the_letter(day):
            return False
        return -3 <= ahead <= 400 if future else -3700 <= ahead <= 3

    def _dates_the_letter(self, day: DueDate) -> bool:
        """The date in the head, alone on its line behind a place, is that of the letter and of nothing else."""
        if day.day != self._written_on or day.start > HEAD or not any(figure.isdigit() for figure in day.text):
            return False
        start = self._low.rfind("\n", 0, day.start) + 1
        end = self._low.find("\n", day.end)
        alone = (
            len(self._low[start : day.start]) < 40
            and len(self._low[day.end : end if end >= 0 else None].strip(" .,")) == 0
        )
        return alone

    def _pull(self, day: DueDate, anchors: Sequence[tuple[int, int, float]]) -> float:
        """How strongly sums and verbs draw this day, clause borders counting double."""
        best = 0.0
        for start, end, weight in anchors:
            gap = max(0, day.start - end, start - day.end)
            borders = self._borders(min(day.start, start), max(day.end, end))
            best = max(best, weight * max(0.0, 1 - (gap + 60 * borders) / 200))
        return best * (0.3 + 0.7 * day.confidence)

    def _borders(self, start: int, end: int) -> int:
        return max(0, bisect_left(self._clauses, end) - bisect_right(self._clauses, start))

    def _all_sums(self) -> list[Sum]:
        spans = find_amounts(self._text)[:MOST_SUMS]
        sums = [Sum(span, int(span.value), self._points(span)) for span in spans]
        for span in self._bare_numbers(spans)[:MOST_SUMS]:
            sums.append(Sum(span, int(span.value), self._points(span), bare=True))
        return sorted(sums, key=lambda one: one.span.start)

    def _bare_numbers(self, taken: Sequence[Span]) -> list[Span]:
        """Sums without a currency, "je fais les 180": only where a payment word stands before them in their "
        "clause."""
        found = []
        days = find_due_dates(self._text, self._written_on)
        for match in _BARE.finditer(self._low):
            before = self._low[max(0, match.start() - 16) : match.start()]
            whole = int(match["whole"].replace(" ", ""))
            if _BARE_BEFORE.search(before) or 1900 <= whole <= 2099:
                continue
            span = Span(match.start(), match.end(), match[0], str(whole * 100 + int(match["cents"] or 0)), 0.5)
            if any(span.overlaps(other) for other in taken) or any(
                day.start < span.end and span.start < day.end for day in days
            ):
                continue
            found.append(span)
        return found

    def _points(self, span: Span) -> dict[Sense, float]:
        points: dict[Sense, float] = {}
        for cue in self._cues:
            gap = max(0, span.start - cue.end, cue.start - span.end)
            if gap > REACH:
                continue
            after = cue.start >= span.end
            borders = self._borders(min(cue.start, span.start), max(cue.end, span.end))
            strength = cue.weight * (1 - gap / REACH) * (0.75 if after else 1.0) * (0.35**borders)
            if cue.sense in (Sense.CLAIMED, Sense.INCOME):
                strength *= 0.4 if after or gap > 45 or self._is_parted(cue, span) else 1.0
            if cue.sense is Sense.REFUSED and (gap > 35 or borders or self._is_parted(cue, span)):
                continue
            if cue.sense is Sense.MONTHLY and gap > 40:
                strength *= 0.3
            if abs(strength) > abs(points.get(cue.sense, 0.0)):
                points[cue.sense] = strength
        return points

    def _is_parted(self, cue: PaymentCue, span: Span) -> bool:
        """Whether a comma or a "but" stands between the word and the sum."""
        between = self._low[min(cue.end, span.end) : max(cue.start, span.start)]
        return re.search(r"[,;:(]|\bmais\b|\bque\b|\bplus de\b", between) is not None


def _clauses(low: str) -> list[int]:
    return [match.start() for match in _CLAUSE_END.finditer(low)]


def reinforcing(cues: Sequence[PaymentCue], sense: Sense) -> float:
    """Total weight of one sense, for callers that only ask whether it is spoken of at all."""
    return sum(cue.weight for cue in cues if cue.sense is sense)
