"""Single answers of the gate, kept in groups: one commit for those that came meanwhile, a "yes" never lost.

The decision. A "yes" lets a reminder leave, so it lasts (a commit, synced to the disk) before the caller hears it; a
"no" lets nothing leave, so it may wait: it goes with the next commit, at the latest after a second, at a hundred
waiting, and when the process ends. What a power cut can take is a second of refusals, which the caller asks again.

Commits are made one at a time by whoever needs one: questions answered while it runs form the next group, so a
caller alone waits for its own commit only, and many at once share one. Nobody sleeps to let a group grow.
"""

from __future__ import annotations

import threading

from models.errors import MailroomError
from models.gate import Answer, Question
from pipelines.gate import Pairs
from pipelines.ports import Ledger

REFUSALS_WAIT = 1.0  # seconds at most
MOST_WAITING = 100  # answers


class AnswerGroups:
    """One for each process. Safe to share between threads."""

    def __init__(self, ledger: Ledger, seconds: float = REFUSALS_WAIT) -> None:
        self._ledger = ledger
        self._seconds = seconds
        self._door = threading.Lock()  # guards the four below
        self._waiting: list[tuple[Question, Answer]] = []
        self._taken = 0  # answers ever put in; each is known by its number
        self._alarm: threading.Timer | None = None
        self._closed = False
        self._commit = threading.Lock()  # one commit at a time; guards the next
        self._kept = 0  # answers ever committed

    def keep(self, pairs: Pairs) -> None:
        """Returns once every "yes" among them lasts. Raises Unavailable where the ledger does not answer."""
        with self._door:
            self._waiting += pairs
            self._taken += len(pairs)
            mine = self._taken
            urgent = self._closed or len(self._waiting) >= MOST_WAITING or any(said.allowed for _, said in pairs)
            if not urgent:
                self._set_alarm()
        if urgent:
            self._commit_up_to(mine)

    def flush(self) -> None:
        """Everything put in so far is kept when this returns."""
        with self._door:
            last = self._taken
        self._commit_up_to(last)

    def close(self) -> None:
        """Flushes; answers given later are kept one by one."""
        with self._door:
            self._closed = True
            if self._alarm is not None:
                self._alarm.cancel()
                self._alarm = None
        self.flush()

    def _commit_up_to(self, number: int) -> None:
        with self._commit:
            if self._kept >= number:
                return  # another's commit took it along
            with self._door:
                group, self._waiting, last = self._waiting, [], self._taken
            try:
                with self._ledger.write() as books:
                    books.trail.keep_answers(group)
            except BaseException:
                with self._door:
                    self._waiting = group + self._waiting  # the next commit takes them
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
