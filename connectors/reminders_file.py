"""Reminders as the collection system, the printer or the dialler tells of them: a CSV file.

`reminder_id, claim_ref, channel, state`; optional `at` (ISO 8601 with zone, else the moment of import), `recipient`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from connectors.bad_rows import BadField, BadRow, clean
from models.errors import ConfigurationError
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
            _check_header(path, reader.fieldnames or ())
            for row in reader:
                try:
                    found.reminders.append(_reminder(row, now))
                except BadField as bad:
                    found.bad.append(BadRow(reader.line_num, bad.worded(language)))
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path.name}: not UTF-8", "save the file as UTF-8") from None
    except csv.Error as error:
        raise ConfigurationError(f"{path.name}: {error}", "check quotes and line ends") from None
    return found


def _check_header(path: Path, names: Sequence[str]) -> None:
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise ConfigurationError(f"{path.name}: no column {missing[0]}", f"columns: {', '.join(COLUMNS)}")


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
