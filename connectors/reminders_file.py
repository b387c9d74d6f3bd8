"""Reminders as the collection system, the printer or the dialler tells of them: a CSV file.

`reminder_id, claim_ref, channel, state`; optional `at` (ISO 8601 with zone, else the moment of import), `recipient`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from connectors.bad_rows import BadField, BadRow, bad_file, clean, needs_columns
from models.hold import Channel
from models.record import Reminder

NEEDED = ("reminder_id", "claim_ref", "channel", "state")
COLUMNS = (*NEEDED, "at", "recipient")
STATES = ("planned", "handed_over", "sent")
LONGEST = 200


@dataclass
class RemindersFile:
    """`reminders` in the order of the file; `bad` names rows (line) and why."""

    reminders: list[Reminder] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


def read_reminders(path: Path, now: datetime, language: str = "fr") -> RemindersFile:
    """Bad rows are named and left out, the others taken. Raises ConfigurationError where the file is none of ours."""
    found = RemindersFile()
    try:
        with path.open(encoding="utf-8-sig", newline="") as rows:
            reader = csv.DictReader(rows, strict=True)
            needs_columns(language, path.name, reader.fieldnames or (), NEEDED, COLUMNS)
            for row in reader:
                try:
                    found.reminders.append(_reminder(row, now))
                except BadField as bad:
                    found.bad.append(BadRow(reader.line_num, bad.worded(language)))
    except OSError as error:
        raise bad_file(language, "unreadable", path.name, error.strerror) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise bad_file(language, "not_csv", path.name, error) from None
    return found


def _reminder(row: Mapping[str, str | None], now: datetime) -> Reminder:
    values = {name: clean(name, row.get(name) or "", LONGEST) for name in COLUMNS}
    for name in NEEDED:
        if not values[name]:
            raise BadField("needed", name)
    if values["channel"] not in {channel.value for channel in Channel}:
        raise BadField("channel", "channel", values["channel"])
    if values["state"] not in STATES:
        raise BadField("reminder_state", "state", values["state"])
    at = _moment(values["at"]) if values["at"] else now
    reminder_id, claim_ref, channel, state = (values[name] for name in NEEDED)
    return Reminder(reminder_id, claim_ref, channel, state, at, values["recipient"])


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadField("moment", "at", text) from None
    if at.tzinfo is None:
        raise BadField("moment", "at", text)
    return at.astimezone(UTC)
