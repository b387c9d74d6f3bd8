"""The trail: audit, judgements, answers owed and given, reminders, lots, payments, runs."""

from __future__ import annotations

import json
from collections.abc import Sequence, Set
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, or_, select, update

from connectors.database import gate_record
from connectors.database.as_json import from_json, to_json
from connectors.database.statements import insert_many, insert_new, one_of
from connectors.database.tables import (
    answers_due,
    audit,
    gate_answers,
    items,
    judgements,
    lots,
    payments,
    receipts,
    reminders,
    runs,
)
from models.decision import Judgement
from models.gate import Answer, Question
from models.record import AnswerDue, AuditEntry, Lot, PaymentRecord, Reminder

# Items received of a lot, whatever became of them.
_SCANNED = (
    select(func.count())
    .select_from(receipts.join(items, items.c.receipt_id == receipts.c.receipt_id))
    .where(receipts.c.lot_id == lots.c.lot_id)
    .correlate(lots)
    .scalar_subquery()
)
NOT_SCANNED = (  # built once: the gate asks for every reminder
    select(lots)
    .where(lots.c.closed_at.is_(None), lots.c.items_counted > _SCANNED)
    .order_by(lots.c.opened_at, lots.c.lot_id)
)
_REMINDER_STATES = ("planned", "handed_over", "sent")


class TrailRows:
    """Keeps `pipelines.ports.TrailBooks`, and what the desk and the report ask besides."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- audit and judgements -----------------------------------------------------------------------------------

    def note(self, entry: AuditEntry) -> None:
        row = {name: getattr(entry, name) for name in ("at", "actor", "action", "item_id", "claim_ref")}
        insert_many(self._connection, audit, [{**row, "detail": to_json(entry.detail)}])

    def of_item(self, item_id: str) -> list[AuditEntry]:
        return self._audit(audit.c.item_id == item_id)

    def of_claim(self, claim_ref: str) -> list[AuditEntry]:
        return self._audit(audit.c.claim_ref == claim_ref)

    def between(self, since: datetime, until: datetime, actions: Sequence[str] = ()) -> list[AuditEntry]:
        """Entries from `since` to before `until`; of these actions only, if any are named."""
        wanted = and_(audit.c.at >= since, audit.c.at < until)
        return self._audit(and_(wanted, audit.c.action.in_(actions)) if actions else wanted)

    def _audit(self, which: Any) -> list[AuditEntry]:
        rows = self._connection.execute(select(audit).where(which).order_by(audit.c.number))
        return [
            AuditEntry(row.at, row.actor, row.action, row.item_id, row.claim_ref, json.loads(row.detail))
            for row in rows
        ]

    def add_judgement(self, judgement: Judgement) -> bool:
        row = {name: getattr(judgement, name) for name in ("item_id", "version", "operator", "at")}
        return insert_new(self._connection, judgements, {**row, "body": to_json(judgement)})

    def judgements_of(self, item_id: str) -> list[Judgement]:
        return self._judgements(judgements.c.item_id == item_id)

    def judgements_since(self, since: datetime) -> list[Judgement]:
        """For the drift report and for training on corrections, oldest first."""
        return self._judgements(judgements.c.at >= since)

    def _judgements(self, which: Any) -> list[Judgement]:
        wanted = select(judgements.c.body).where(which).order_by(judgements.c.number)
        return [from_json(body, Judgement) for body in self._connection.execute(wanted).scalars()]

    # -- answers to debtors -------------------------------------------------------------------------------------

    def add_answer_due(self, answer: AnswerDue) -> None:
        insert_new(self._connection, answers_due, {**asdict(answer), "claim_ref": answer.claim_ref or ""})

    def answer_sent(self, item_id: str, kind: str, at: datetime) -> bool:
        """False where none of this kind was still owed."""
        owed = and_(answers_due.c.item_id == item_id, answers_due.c.kind == kind, answers_due.c.sent_at.is_(None))
        return self._connection.execute(update(answers_due).where(owed).values(sent_at=at)).rowcount > 0

    def answers_owed(self, until: datetime) -> list[AnswerDue]:
        owed = and_(answers_due.c.sent_at.is_(None), answers_due.c.due_at <= until)
        return self._answers(owed)

    def withdraw_answers(self, item_id: str, claim_ref: str) -> list[AnswerDue]:
        """What was still owed about this claim is owed no more; the trail keeps that it was."""
        of_claim = and_(answers_due.c.item_id == item_id, answers_due.c.claim_ref == claim_ref)
        owed = and_(of_claim, answers_due.c.sent_at.is_(None))
        withdrawn = self._answers(owed)
        self._connection.execute(delete(answers_due).where(owed))
        return withdrawn

    def answers_of(self, item_id: str) -> list[AnswerDue]:
        return self._answers(answers_due.c.item_id == item_id)

    def _answers(self, which: Any) -> list[AnswerDue]:
        wanted = select(answers_due).where(which)
        wanted = wanted.order_by(answers_due.c.due_at, answers_due.c.item_id, answers_due.c.kind)
        return [
            AnswerDue(row.item_id, row.claim_ref or None, row.kind, row.due_at, row.sent_at)
            for row in self._connection.execute(wanted)
        ]

    # -- answers of the gate ------------------------------------------------------------------------------------

    def keep_answers(self, pairs: Sequence[tuple[Question, Answer]]) -> None:
        if not pairs:
            return
        row = {
            "asked_at": min(answer.asked_at for _question, answer in pairs),
            "questions": len(pairs),
            "allowed": sum(answer.allowed for _question, answer in pairs),
            "body": gate_record.pack(pairs),
        }
        insert_many(self._connection, gate_answers, [row])

    def answers_about(self, claim_refs: Set[str], since: datetime, until: datetime) -> list[tuple[Question, Answer]]:
        """What the gate said of these claims in records begun between the two times, oldest first."""
        when = and_(gate_answers.c.asked_at >= since, gate_answers.c.asked_at < until)
        bodies = self._connection.execute(select(gate_answers.c.body).where(when).order_by(gate_answers.c.number))
        return [pair for body in bodies.scalars() for pair in gate_record.unpack(body, claim_refs)]

    def count_answers(self, since: datetime, until: datetime) -> tuple[int, int]:
        """(questions answered, of them allowed)."""
        when = and_(gate_answers.c.asked_at >= since, gate_answers.c.asked_at < until)
        sums = select(func.sum(gate_answers.c.questions), func.sum(gate_answers.c.allowed)).where(when)
        questions, allowed = self._connection.execute(sums).one()
        return int(questions or 0), int(allowed or 0)

    # -- lots ---------------------------------------------------------------------------------------------------

    def add_lot(self, lot: Lot) -> bool:
        return insert_new(self._connection, lots, asdict(lot))  # open: closed once scanned

    def lot(self, lot_id: str) -> Lot | None:
        row = self._connection.execute(select(lots).where(lots.c.lot_id == lot_id)).first()
        return _lot(row) if row else None

    def lots(self, since: date, until: date) -> list[tuple[Lot, int]]:
        """Lots of post that came from `since` to `until`, each with the number of its items received."""
        return self._counted(and_(lots.c.mail_received_on >= since, lots.c.mail_received_on <= until))

    def lots_not_scanned(self) -> list[Lot]:
        """Lots not closed, with fewer items received than counted, oldest first."""
        return [_lot(row) for row in self._connection.execute(NOT_SCANNED)]

    def close_scanned_lots(self, at: datetime) -> int:
        whole = and_(lots.c.closed_at.is_(None), lots.c.items_counted <= _SCANNED)
        closed = update(lots).where(whole).values(closed_at=at, closed_by="system", close_reason="scanned")
        return self._connection.execute(closed).rowcount

    def close_lot(self, lot_id: str, at: datetime, by: str, reason: str) -> bool:
        still_open = and_(lots.c.lot_id == lot_id, lots.c.closed_at.is_(None))
        closed = update(lots).where(still_open).values(closed_at=at, closed_by=by, close_reason=reason)
        return self._connection.execute(closed).rowcount == 1

    def counted_lots(self, lot_ids: Sequence[str]) -> list[tuple[Lot, int]]:
        """These lots, each with the number of its items received, oldest first."""
        return self._counted(one_of(self._connection, lots.c.lot_id, lot_ids))

    def _counted(self, which: Any) -> list[tuple[Lot, int]]:
        wanted = select(lots, _SCANNED.label("received")).where(which).order_by(lots.c.opened_at, lots.c.lot_id)
        return [(_lot(row), row.received) for row in self._connection.execute(wanted)]

    # -- reminders ----------------------------------------------------------------------------------------------

    def set_reminder(self, reminder: Reminder) -> bool:
        """Raises ValueError for a state other than planned, handed_over, sent."""
        if reminder.state not in _REMINDER_STATES:
            raise ValueError(f"a reminder is planned, handed_over or sent, not {reminder.state!r}")
        rank = _REMINDER_STATES.index(reminder.state)
        if insert_new(self._connection, reminders, asdict(reminder)):
            return True
        earlier = reminders.c.state.in_(_REMINDER_STATES[:rank])
        moved = update(reminders).where(and_(reminders.c.reminder_id == reminder.reminder_id, earlier))
        return self._connection.execute(moved.values(state=reminder.state, at=reminder.at)).rowcount == 1

    def reminders_to_recall(self, claim_refs: Sequence[str]) -> list[Reminder]:
        on_claims = one_of(self._connection, reminders.c.claim_ref, claim_refs)
        return self._reminders(and_(on_claims, reminders.c.state != "sent"))

    def reminders_sent(self, day: date) -> list[Reminder]:
        """Sent on this day of UTC."""
        start = datetime.combine(day, time(), UTC)
        when = and_(reminders.c.at >= start, reminders.c.at < start + timedelta(days=1))
        return self._reminders(and_(reminders.c.state == "sent", when))

    def _reminders(self, which: Any) -> list[Reminder]:
        wanted = select(reminders).where(which).order_by(reminders.c.at, reminders.c.reminder_id)
        return [Reminder(**row._mapping) for row in self._connection.execute(wanted)]

    # -- payments -----------------------------------------------------------------------------------------------

    def add_payment(self, payment: PaymentRecord) -> bool:
        return insert_new(self._connection, payments, asdict(payment))

    def payments_of(self, claim_ref: str) -> list[PaymentRecord]:
        return self._payments(payments.c.claim_ref == claim_ref)

    def payments_with_key(self, key: str) -> list[PaymentRecord]:
        return self._payments(payments.c.key == key)

    def payments_ever(self, key: str) -> list[PaymentRecord]:
        """Those reversed since too, whose key was freed."""
        found = self._payments(or_(payments.c.key == key, payments.c.key.startswith(f"{key}#", autoescape=True)))
        return [one for one in found if one.key in (key, f"{key}#{one.payment_id}")]

    def bank_payments(self, text: str = "", limit: int = 50) -> list[PaymentRecord]:
        """Money booked straight from the bank, newest first: `text` stands in its key or begins its claim."""
        wanted = select(payments).where(payments.c.item_id.is_(None), payments.c.state != "reversed")
        if text:
            here = payments.c.key.icontains(text, autoescape=True)
            wanted = wanted.where(or_(here, payments.c.claim_ref.istartswith(text, autoescape=True)))
        wanted = wanted.order_by(payments.c.at.desc(), payments.c.payment_id).limit(limit)
        return [PaymentRecord(**row._mapping) for row in self._connection.execute(wanted)]

    def payments_between(self, since: datetime, until: datetime) -> list[PaymentRecord]:
        return self._payments(and_(payments.c.at >= since, payments.c.at < until))

    def set_payment_state(self, payment_id: str, state: str) -> None:
        """Raises KeyError for an unknown payment."""
        which = payments.c.payment_id == payment_id
        if self._connection.execute(update(payments).where(which).values(state=state)).rowcount != 1:
            raise KeyError(payment_id)

    def reverse_payment(self, payment_id: str) -> None:
        """Its key is freed, so that a correction may itself be corrected. Raises KeyError for an unknown payment."""
        freed = payments.c.key + "#" + payments.c.payment_id
        changed = update(payments).where(payments.c.payment_id == payment_id).values(state="reversed", key=freed)
        if self._connection.execute(changed).rowcount != 1:
            raise KeyError(payment_id)

    def _payments(self, which: Any) -> list[PaymentRecord]:
        wanted = select(payments).where(which).order_by(payments.c.at, payments.c.payment_id)
        return [PaymentRecord(**row._mapping) for row in self._connection.execute(wanted)]

    # -- runs ---------------------------------------------------------------------------------------------------

    def begin_run(self, name: str, business_day: date, worker: str, seconds: float, instead_of: str = "") -> bool:
        """The lease counts on the real clock. A run that ended, or whose worker vanished, may begin again: once the
        lease is over, or at once `instead_of` a worker of whom the caller knows that it is dead."""
        now = datetime.now(UTC)
        key = {"name": name, "business_day": business_day}
        lease = {"worker": worker, "leased_until": now + timedelta(seconds=seconds), "begun_at": now, "figures": "{}"}
        if insert_new(self._connection, runs, {**key, **lease}):
            return True
        free = or_(runs.c.leased_until.is_(None), runs.c.leased_until < now, runs.c.worker.in_((worker, instead_of)))
        taken = update(runs).where(_same_run(name, business_day), free).values(**lease, ended_at=None)
        return self._connection.execute(taken).rowcount == 1

    def run_worker(self, name: str, business_day: date) -> str:
        """Who began it last; empty where nobody did."""
        wanted = select(runs.c.worker).where(_same_run(name, business_day))
        return self._connection.execute(wanted).scalar_one_or_none() or ""

    def end_run(self, name: str, business_day: date, figures: dict[str, int | float]) -> None:
        ended = {"leased_until": None, "ended_at": datetime.now(UTC), "figures": to_json(figures)}
        self._connection.execute(update(runs).where(_same_run(name, business_day)).values(ended))

    def run_figures(self, name: str, business_day: date) -> dict[str, Any] | None:
        """None where no such run ever ended."""
        ended = and_(_same_run(name, business_day), runs.c.ended_at.is_not(None))
        found = self._connection.execute(select(runs.c.figures).where(ended)).scalar_one_or_none()
        return None if found is None else dict(json.loads(found))


def _same_run(name: str, business_day: date) -> Any:
    return and_(runs.c.name == name, runs.c.business_day == business_day)


def _lot(row: Row[Any]) -> Lot:
    return Lot(row.lot_id, row.mail_received_on, row.items_counted, row.opened_at, row.note)
