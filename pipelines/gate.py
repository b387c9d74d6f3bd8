"""May I remind? Answered from everything in the building; unknown or in doubt means no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from models.claim import Claim, Status
from models.gate import Answer, Purpose, Question
from models.hold import Hold
from pipelines.ports import Books
from pipelines.services import Services

VALID_FOR = timedelta(minutes=15)  # ask again before sending later than this
_OVER = frozenset({Status.CLOSED, Status.PAID})
_NEVER = frozenset({Status.PROTECTED, Status.REPRESENTED, Status.DISPUTED, Status.PAYMENT_RECEIVED})


def may_remind(services: Services, questions: Sequence[Question]) -> list[Answer]:
    """One answer a question, in order, all kept. One call reads the books once, however many claims it names."""
    now = services.now()
    refs = list(dict.fromkeys(question.claim_ref for question in questions))
    with services.ledger.read() as books:
        claims = books.claims.get_many(refs)
        moments = {_moment(question, now) for question in questions} | {now}
        holds = {moment: books.holds.on_claims(refs, moment) for moment in moments}
        building = _in_the_building(books)
    answers = []
    for question in questions:
        moment = _moment(question, now)
        claim = claims.get(question.claim_ref)
        # A hold in force now or at departure counts: one that starts or ends in between is no permission.
        found = {hold.hold_id: hold for at in {now, moment} for hold in holds[at].get(question.claim_ref, [])}
        answers.append(answer(question, claim, list(found.values()), building, now))
    with services.ledger.write() as books:
        books.trail.keep_answers(list(zip(questions, answers, strict=True)))
    return answers


def _moment(question: Question, now: datetime) -> datetime:
    return max(question.leaves_at.astimezone(UTC), now) if question.leaves_at else now


def _in_the_building(books: Books) -> list[str]:
    """What has arrived and is not read: it may answer any claim, so nothing leaves until it is."""
    unread = books.items.waiting_unread()
    return [f"unread_items:{unread}"] if unread else []


def answer(
    question: Question, claim: Claim | None, holds: Sequence[Hold], building: Sequence[str], now: datetime
) -> Answer:
    """Pure. `reasons` are codes, `code:detail` where there is a detail."""

    def said(allowed: bool, reasons: Sequence[str], until: date | None = None, recipient: str | None = None) -> Answer:
        return Answer(question.claim_ref, allowed, tuple(reasons), until, recipient, now + VALID_FOR, now)

    if claim is None:
        return said(False, ["unknown_claim"])
    redirect = next((hold.terms.redirect_to for hold in holds if hold.terms.redirect_to), None)
    recipient = redirect or claim.debtor_name or None
    if question.purpose is not Purpose.REMINDER:
        return said(True, [], recipient=recipient)
    if claim.status in _OVER:
        return said(False, ["claim_closed"], recipient=recipient)
    stopping = [hold for hold in holds if _stops(hold, question)]
    reasons = [hold.terms.reason for hold in stopping]
    if claim.status in _NEVER and not reasons:
        reasons.append(f"status:{claim.status.value}")
    if redirect and question.recipient and question.recipient.casefold() != redirect.casefold():
        reasons.append("wrong_recipient")
    reasons += building
    ends = [hold.terms.until for hold in stopping]
    until = max((day for day in ends if day), default=None) if all(ends) else None
    return said(not reasons, list(dict.fromkeys(reasons)), until, recipient)


def _stops(hold: Hold, question: Question) -> bool:
    """A hold on letters to one address does not stop a letter that says it goes elsewhere."""
    terms = hold.terms
    if question.channel not in terms.channels:
        return False
    if terms.address and question.address:
        return _flat(terms.address) == _flat(question.address)
    return True


def _flat(address: str) -> str:
    return "".join(letter for letter in address.casefold() if letter.isalnum())
