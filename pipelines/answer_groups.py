"""Single answers of the gate, kept in groups: not one sync to the disk for each, and no "yes" lost in silence.

The decision. A "yes" lets a reminder leave, so before the caller hears one the ledger lasts (a commit, synced) at least
in this: a group of answers is open. Answers then gather in memory for a second, or until there are a hundred, and the
whole group is one compressed record whose entry in the trail closes the group. A process that is killed loses a second
of answers at most, and it shows: a group opened and never kept stands in the report with its time. Refusals let nothing
leave and open no group; they go with the next record. Closing the process keeps everything.

Weighed against it: a sync for every "yes" (measured: several milliseconds each, more than asking itself costs), and
answering first and writing later without a mark, where a crash would leave no trace of having said yes.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable
from datetime import datetime

from models.errors import MailroomError
from models.gate import Answer, Question
from models.record import AuditEntry
from pipelines.gate import Pairs
from pipelines.ports import Ledger

LONGEST = 1.0  # seconds an answer waits for its group to be kept
MOST_WAITING = 100  # answers
OPENED, KEPT = "gate_group_opened", "gate_group_kept"


class AnswerGroups:
    """One for each process. Safe to share between threads."""

    def __init__(self, ledger: Ledger, seconds: float = LONGEST) -> None:
        self._ledger = ledger
        self._seconds = seconds
        self._door = threading.Lock()  # guards the five below
        self._waiting: list[tuple[Question, Answer]] = []
        self._taken = 0  # answers ever put in; each is known by its number
        self._open = ""  # the group that those waiting belong to, once the ledger knows of it
        self._alarm: threading.Timer | None = None
        self._closed = False
        self._commit = threading.Lock()  # one commit at a time; guards the next
        self._kept = 0  # answers ever committed

    def keep(self, pairs: Pairs) -> None:
        """Returns once the ledger knows of the group of every "yes" among them.

        Raises Unavailable where the ledger does not answer; the caller must not be told "yes" then.
        """
        with self._door:
            self._waiting += pairs
            self._taken += len(pairs)
            mine, known = self._taken, bool(self._open)
            full = self._closed or len(self._waiting) >= MOST_WAITING
            if not full:
                self._set_alarm()
        if full:
            self._keep_up_to(mine)
        elif not known and any(said.allowed for _, said in pairs):
            self._open_group(mine, pairs[0][1].asked_at)

    def flush(self) -> None:
        """Everything put in so far is kept when this returns."""
        with self._door:
            last = self._taken
        self._keep_up_to(last)

    def close(self) -> None:
        """Flushes; answers given later are kept one by one."""
        with self._door:
            self._closed = True
            if self._alarm is not None:
                self._alarm.cancel()
                self._alarm = None
        self.flush()

    def _open_group(self, number: int, at: datetime) -> None:
        with self._commit:
            if self._kept >= number or self._open:
                return  # kept meanwhile, or another caller opened the group we wait in
            group = uuid.uuid4().hex
            with self._ledger.write() as books:
                books.trail.note(AuditEntry(at, "gate", OPENED, detail={"group": group}))
            with self._door:
                self._open = group

    def _keep_up_to(self, number: int) -> None:
        with self._commit:
            if self._kept >= number:
                return  # another's commit took it along
            with self._door:
                pairs, group, last = self._waiting, self._open, self._taken
                self._waiting, self._open = [], ""
            try:
                with self._ledger.write() as books:
                    books.trail.keep_answers(pairs)
                    if group:
                        detail = {"group": group, "answers": len(pairs)}
                        books.trail.note(AuditEntry(pairs[-1][1].asked_at, "gate", KEPT, detail=detail))
            except BaseException:
                with self._door:
                    self._waiting, self._open = pairs + self._waiting, group  # the next commit takes them
                raise
            self._kept = last

    def _set_alarm(self) -> None:
        if self._alarm is None:
            self._alarm = threading.Timer(self._seconds, self._ring)
            self._alarm.daemon = True
            self._alarm.start()

    def _ring(self) -> None:
        with self._door:
            self._alarm = None
        try:
            self.flush()
        except MailroomError:
            with self._door:
                if not self._closed:
                    self._set_alarm()  # the ledger is away for a moment: nothing is lost meanwhile


def lost_groups(entries: Iterable[AuditEntry], now: datetime) -> list[AuditEntry]:
    """Groups opened a minute ago or more and never kept: answers were given then that the ledger does not hold."""
    opened: dict[str, AuditEntry] = {}
    for entry in entries:
        group = str(entry.detail.get("group", ""))
        if entry.action == OPENED and (now - entry.at).total_seconds() > 60 * LONGEST:
            opened[group] = entry
        elif entry.action == KEPT:
            opened.pop(group, None)
    return list(opened.values())
