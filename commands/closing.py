"""`mailroom reconcile`: do the day's sums hold? And what is owed to debtors and creditors, for the report."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import typer

from commands.nightly import Day, day_of
from commands.terminal import COLON, DataFolder, out, say, settings_of, table
from connectors.building import building
from connectors.database import DatabaseBooks
from models.money import euros
from pipelines.announced import NEVER_CAME
from pipelines.portfolio import CONFLICT
from pipelines.reconcile import MailDay, Sum, reconcile
from settings import Settings
from web.wording import Words, words_for

_RUN = "reconcile"
_SHOWN = 20
_NAMES = {
    "files": say("fichiers ouverts", "files opened"),
    "items": say("pièces", "items"),
    "payments": say("paiements", "payments"),
    "deposit": say("chèques remis", "cheques deposited"),
    "bank": say("banque", "bank"),
    "lots": say("lots", "lots"),
    "events": say("événements", "events"),
}


def reconcile_day(day: Day = None, data: DataFolder = None) -> None:
    """Les comptes du jour tombent-ils juste ? Un reste est nommé, et le jour ne se ferme pas."""
    settings = settings_of(data)
    chosen = day_of(day)
    with building(settings).ledger.write() as books:
        sums, shares = reconcile(books, _mail_day(books, settings, day))
        closed = all(one.holds for one in sums)
        if closed and books.trail.begin_run(_RUN, chosen, "terminal", 60.0):
            books.trail.end_run(_RUN, chosen, {one.name: one.left for one in sums})
    heads = (say("somme", "sum"), say("reçu", "came in"), say("retrouvé", "found"), say("reste", "residue"))
    rows = [(_NAMES[one.name], one.left, one.right, len(one.residue) or "-") for one in sums]
    table(say("Rapprochement", "Reconciliation"), heads, rows)
    parts = say("décidées, au bureau, refusées", "decided, on the desk, refused")
    out.print(f"{parts}{COLON} {shares.decided}, {shares.on_the_desk}, {shares.refused}")
    for one in sums:
        _name(one)
    if not closed:
        out.print(say("Le jour reste ouvert.", "The day stays open."))
        raise typer.Exit(1)
    out.print(say("Le jour est clos.", "The day is closed."))


def _mail_day(books: DatabaseBooks, settings: Settings, day: str | None) -> MailDay:
    zone, chosen = ZoneInfo(settings.timezone), day_of(day)
    since, until = (datetime.combine(chosen + timedelta(days=more), time(), zone).astimezone(UTC) for more in range(2))
    count, open_ones = books.outbox.told_between(since, until)
    told = (f"{one.event.type} {one.event.claim_ref or one.event.event_id} ({one.state})" for one in open_ones)
    receipts, short = books.desk.receipts_between(since, until), {lot.lot_id for lot in books.trail.lots_not_scanned()}
    lots = [
        (lot, count if lot.lot_id in short else lot.items_counted) for lot, count in books.trail.lots(chosen, chosen)
    ]
    return MailDay(chosen, since, until, receipts, lots, count, tuple(told))


def _name(one: Sum) -> None:
    for residue in one.residue:
        out.print(f"  {_NAMES[one.name]}: {residue}", soft_wrap=True)


# -- lines of the report ---------------------------------------------------------------------------------------------


def show_owed(books: DatabaseBooks, settings: Settings, since: datetime, until: datetime) -> None:
    """Answers, receipts and notices owed, the overdue first; money that never came or is not booked; conflicts."""
    words = words_for(settings.language)
    _show_answers(books, words, until)
    gone = [
        (entry.claim_ref, words.coded(str(entry.detail["reason"])), entry.detail["amount"] or "-")
        for entry in books.trail.between(since, until, [NEVER_CAME])
    ]
    asked_for = (say("créance", "claim"), say("annoncé", "announced"), say("montant", "amount"))
    table(say("Paiements annoncés jamais venus", "Announced payments that never came"), asked_for, gone)
    waiting = [
        (one.key, euros(one.amount, settings.language), words.coded(one.reason), ", ".join(one.claim_refs) or "-")
        for one in books.bank.unposted(_SHOWN)
    ]
    heads = (say("paiement", "payment"), say("montant", "amount"), say("raison", "reason"), say("créance", "claim"))
    table(say("Paiements non imputés", "Payments not booked"), heads, waiting)
    conflicts = [
        (entry.claim_ref, *(words.of("status", entry.detail[side]) for side in ("ours", "theirs", "kept")))
        for entry in books.trail.between(since, until, [CONFLICT])
    ]
    heads = (say("créance", "claim"), say("ici", "here"), say("là-bas", "there"), say("reste", "stands"))
    table(say("Statuts en conflit", "Statuses in conflict"), heads, conflicts[:_SHOWN])


def _show_answers(books: DatabaseBooks, words: Words, until: datetime) -> None:
    """By their date, so that the overdue come first."""
    owed = books.trail.answers_owed(until + timedelta(days=2))
    rows = [
        (words.of("due", due.kind), due.claim_ref or "-", words.moment(due.due_at), _late(due.due_at, until))
        for due in owed[:_SHOWN]
    ]
    late = sum(due.due_at < until for due in owed)
    title = say(f"Réponses dues, en retard : {late}", f"Answers owed, overdue: {late}")
    table(title, (say("quoi", "what"), say("créance", "claim"), say("échéance", "due"), say("retard", "late by")), rows)
    if len(owed) > _SHOWN:
        out.print(f"… {len(owed) - _SHOWN}")


def _late(due_at: datetime, until: datetime) -> str:
    days = (until - due_at).days
    return "" if due_at >= until else say(f"{days + 1} j", f"{days + 1} d")
