"""May I remind? Answered from everything in the building; unknown or in doubt means no."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from models.claim import Status
from models.gate import Answer, Building, Purpose, Question, Standing, Stop
from pipelines.ports import Books
from pipelines.services import Services

VALID_FOR = timedelta(minutes=15)  # ask again before sending later than this
NAMED_LOTS = 5  # in one answer; the number of the others follows
_OVER = frozenset({Status.CLOSED, Status.PAID})
_NEVER = frozenset({Status.PROTECTED, Status.REPRESENTED, Status.DISPUTED, Status.PAYMENT_RECEIVED})

_NONE: tuple[()] = ()

Pairs = Sequence[tuple[Question, Answer]]
Keep = Callable[[Pairs], None]


def may_remind(services: Services, questions: Sequence[Question], keep: Keep | None = None) -> list[Answer]:
    """One answer a question, in order, all kept. One call reads the books once, however many claims it names.

    `keep` records the pairs before this returns; without it they are one record of the ledger.
    """
    now = services.now()
    with services.ledger.read() as books:
        answers = answers_from(books, questions, now)
    (keep or _record(services))(list(zip(questions, answers, strict=True)))
    return answers


def answers_from(books: Books, questions: Sequence[Question], now: datetime) -> list[Answer]:
    """One answer a question, in order. Nobody may be told them before they are kept: see `may_remind`."""
    latest = max((question.leaves_at for question in questions if question.leaves_at), default=now)
    refs = list({question.claim_ref for question in questions})
    standings = books.claims.standings(refs)
    debtors = {standing.debtor_ref for standing in standings.values() if standing.debtor_ref}
    own, of_debtor = books.holds.stops(refs, debtors, now, max(latest, now))
    building = books.gate.in_the_building()
    answers = []
    for question in questions:
        standing = standings.get(question.claim_ref)
        stops = own.get(question.claim_ref, _NONE)
        if standing and standing.debtor_ref in of_debtor:
            stops = [*stops, *of_debtor[standing.debtor_ref]]
        answers.append(answer(question, standing, stops, building, now))
    return answers


def _record(services: Services) -> Keep:
    def keep(pairs: Pairs) -> None:
        with services.ledger.write() as books:
            books.trail.keep_answers(pairs)

    return keep


def answer(
    question: Question, standing: Standing | None, stops: Sequence[Stop], building: Building, now: datetime
) -> Answer:
    """Pure. `reasons` are codes, `code:detail` where there is a detail. `stops`: in force now or later."""
    valid_until = now + VALID_FOR
    if standing is None:
        return Answer(question.claim_ref, False, ("unknown_claim",), None, None, valid_until, now)
    counted = [stop for stop in stops if _counts(stop, question, now)] if stops else _NONE
    redirect = next((stop.redirect_to for stop in counted if stop.redirect_to), None) if counted else None
    recipient = redirect or standing.debtor_name or None
    if question.purpose is not Purpose.REMINDER:
        return Answer(question.claim_ref, True, (), None, recipient, valid_until, now)
    if standing.status in _OVER:
        return Answer(question.claim_ref, False, ("claim_closed",), None, recipient, valid_until, now)
    stopping = [stop for stop in counted if _stops(stop, question)] if counted else _NONE
    reasons = _reasons(question, standing, stopping, redirect, building)
    return Answer(question.claim_ref, not reasons, reasons, _last_day(stopping), recipient, valid_until, now)


def _reasons(
    question: Question, standing: Standing, stopping: Sequence[Stop], redirect: str | None, building: Building
) -> tuple[str, ...]:
    """Each once: holds, a status that no hold explains, the wrong recipient, what is in the building."""
    reasons = [stop.reason for stop in stopping] if stopping else []
    if standing.status in _NEVER and not reasons:
        reasons.append(f"status:{standing.status.value}")
    if question.recipient:
        reasons += _doubts_of_recipient(question.recipient, standing, redirect)
    if building.unread:
        reasons.append(f"unread_items:{building.unread}")
    if building.refused:
        reasons.append(f"refused_items:{building.refused}")
    if building.lots:
        reasons.append(_named(building.lots))
    if question.claim_ref in building.unposted:
        reasons.append("payment_not_posted")
    return tuple(dict.fromkeys(reasons)) if reasons else _NONE


def _named(lots: Sequence[str]) -> str:
    more = len(lots) - NAMED_LOTS
    return f"lot_not_scanned:{', '.join(lots[:NAMED_LOTS])}" + (f" +{more}" if more > 0 else "")


def _last_day(stopping: Sequence[Stop]) -> date | None:
    """The last day on which any of them holds; None where one of them has no end."""
    ends = [stop.until for stop in stopping if stop.until is not None]
    return max(ends) if ends and len(ends) == len(stopping) else None


def _counts(stop: Stop, question: Question, now: datetime) -> bool:
    """In force now or at departure: one that ends before the reminder leaves is asked about again after its end.

    A departure that has passed counts as now.
    """
    leaves = max(question.leaves_at, now) if question.leaves_at else now
    if stop.starts_at > leaves:
        return False
    first = now if stop.starts_at <= now else leaves
    return stop.until is None or stop.until >= first.astimezone(UTC).date()


def _stops(stop: Stop, question: Question) -> bool:
    """A hold on letters to one address does not stop a letter that goes clearly elsewhere: to other numbers."""
    if question.channel not in stop.channels:
        return False
    if not stop.address or not question.address:
        return True
    bad, asked = _numbers(stop.address), _numbers(question.address)
    return not bad or not asked or bad <= asked or asked <= bad


def _numbers(address: str) -> set[str]:
    return set(re.findall(r"\d+", address))


def _doubts_of_recipient(named: str, standing: Standing, redirect: str | None) -> list[str]:
    """Whoever speaks for the debtor is written to; a name that shares no word with the debtor's is in doubt."""
    asked, debtor = _words(named), _words(standing.debtor_name)
    if redirect:
        return [] if (asked - debtor) & _words(redirect) else ["wrong_recipient"]
    return ["other_recipient"] if debtor and not standing.co_debtors and not asked & debtor else []


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"\w+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    return {word for word in words if len(word) > 2}
