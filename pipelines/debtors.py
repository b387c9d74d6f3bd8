"""One debtor or two? Where no birth date tells, a person says so; holds on the debtor then reach the claims of both."""

from __future__ import annotations

from datetime import datetime

from models.claim import Claim
from models.debtor import DebtorLink
from models.errors import MailroomError
from models.event import EventDraft, EventType
from models.hold import Hold
from models.record import AuditEntry
from pipelines.hold import tell_suppressed
from pipelines.ports import Books

_WHY = {
    "unknown_claim": ("{} : créance inconnue", "{}: no such claim"),
    "same_claim": ("{} : il faut deux créances", "{}: two claims are needed"),
    "same_debtor": ("{} : c'est déjà le même débiteur", "{}: already the same debtor"),
    "no_debtor": ("{} : débiteur sans clé, réimporter la créance", "{}: no debtor key, import the claim again"),
    "no_reason": ("dites pourquoi", "say why"),
    "not_linked": ("{} : aucun rapprochement à défaire", "{}: no link to undo"),
}


class NotLinkable(MailroomError):
    """Two claims whose debtors cannot be linked, or unlinked; `code` is a key of the table above."""

    def __init__(self, code: str, claim_ref: str = "") -> None:
        super().__init__(_WHY[code][1].format(claim_ref))
        self.code, self.claim_ref = code, claim_ref

    def worded(self, language: str) -> str:
        return _WHY[self.code][language == "en"].format(self.claim_ref)


def link(books: Books, claim_ref: str, other_ref: str, reason: str, at: datetime, actor: str) -> DebtorLink:
    """Holds on either debtor reach both from now on, and the collection system is told of each claim they reach.

    Linking the same two again changes nothing. Raises NotLinkable.
    """
    known = _linked(books, claim_ref, other_ref)
    if known is not None:
        return known
    one, other = _claims(books, claim_ref, other_ref, reason)
    if one.debtor_ref == other.debtor_ref:
        raise NotLinkable("same_debtor", other_ref)
    before = _holds(books, [one, other], at)
    kept = books.debtors.link(DebtorLink(claim_ref, other_ref, at, actor, reason.strip()))
    assert kept is not None  # noqa: S101 - _linked found none in this transaction
    _note(books, kept, "debtors_linked", reason, at, actor)
    for claim, hold in _more(before, _holds(books, [one, other], at)):
        tell_suppressed(books, claim, hold, at, f":linked:{kept.number}")
    return kept


def unlink(books: Books, claim_ref: str, other_ref: str, reason: str, at: datetime, actor: str) -> None:
    """Each debtor is its own again; a hold stays on the debtor for whom it was placed. Raises NotLinkable."""
    one, _ = _claims(books, claim_ref, other_ref, reason)
    known = _linked(books, claim_ref, other_ref)
    if known is None:
        raise NotLinkable("not_linked", other_ref)
    together = books.claims.of_debtor(one.debtor_ref)
    before = _holds(books, together, at)
    books.debtors.unlink(known, at, actor, reason.strip())
    _note(books, known, "debtors_unlinked", reason, at, actor)
    after = _holds(books, together, at)
    free = {ref for ref, (_, holds) in after.items() if not holds}
    for claim, hold in _more(after, before):
        if claim.claim_ref in free:
            data = {"hold_id": hold.hold_id, "item_id": hold.item_id, "reason": "debtors_unlinked"}
            key = f"{hold.hold_id}:unlinked:{known.number}"
            books.outbox.add(EventDraft(EventType.REMINDERS_RESUMED, key, claim.claim_ref, data), at)


Covered = dict[str, tuple[Claim, dict[str, Hold]]]


def _holds(books: Books, claims: list[Claim], at: datetime) -> Covered:
    """Every claim of these debtors with the holds in force on it."""
    now = {one.claim_ref: one for claim in claims for one in _fellows(books, claim)}
    in_force = books.holds.on_claims(list(now), at)
    return {ref: (claim, {hold.hold_id: hold for hold in in_force.get(ref, [])}) for ref, claim in now.items()}


def _fellows(books: Books, claim: Claim) -> list[Claim]:
    found = books.claims.get(claim.claim_ref)
    return books.claims.of_debtor(found.debtor_ref) if found else []


def _more(before: Covered, after: Covered) -> list[tuple[Claim, Hold]]:
    """Holds that cover a claim after and did not before."""
    return [
        (claim, hold)
        for ref, (claim, holds) in after.items()
        for hold_id, hold in holds.items()
        if hold_id not in before.get(ref, (claim, {}))[1]
    ]


def _linked(books: Books, claim_ref: str, other_ref: str) -> DebtorLink | None:
    return next((one for one in books.debtors.links_of(claim_ref) if one.of(claim_ref, other_ref)), None)


def _claims(books: Books, claim_ref: str, other_ref: str, reason: str) -> tuple[Claim, Claim]:
    if claim_ref == other_ref:
        raise NotLinkable("same_claim", claim_ref)
    if not reason.strip():
        raise NotLinkable("no_reason")
    found = books.claims.get_many([claim_ref, other_ref])
    for ref in (claim_ref, other_ref):
        if ref not in found:
            raise NotLinkable("unknown_claim", ref)
        if not found[ref].debtor_ref:
            raise NotLinkable("no_debtor", ref)
    return found[claim_ref], found[other_ref]


def _note(books: Books, link: DebtorLink, action: str, reason: str, at: datetime, actor: str) -> None:
    for ref, with_ref in ((link.claim_ref, link.other_ref), (link.other_ref, link.claim_ref)):
        detail = {"with": with_ref, "link": link.number, "reason": reason.strip()}
        books.trail.note(AuditEntry(at, actor, action, None, ref, detail))
