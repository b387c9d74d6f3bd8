"""When a letter was written: the date at its head, the day an e-mail was sent, else the day it came in."""

from __future__ import annotations

import re
from datetime import date, timedelta

from classifiers.dates import find_dates
from classifiers.number_words import folded
from models.reading import ItemReading

HEAD = 1500  # characters
LONGEST_IN_THE_POST = timedelta(days=200)
_ALONE = re.compile(
    r"(?:^|\n)[^\n\d]{0,45}?(?:,|\bfait a [^\n]{2,30}|\ble|\bdate\s?:|\ba [^\n]{2,30})?\s?(?:le\s?:?\s?)?(?:lundi"
    r"|mardi|mercredi|jeudi|vendredi|samedi|dimanche)?\s?$"
)


_DUE = re.compile(
    r"plus tard|avant|prevu|paiement|regle|echeance|suivante|depuis|jusqu|engage|versement|facture|relance"
)


def written_on(reading: ItemReading, received_on: date) -> date:
    """Never later than `received_on`; a date too old to be that of a letter just received is not believed."""
    if reading.email is not None:
        sent = reading.email.sent_at.date() if reading.email.sent_at else None
        return sent if sent and sent <= received_on and received_on - sent <= LONGEST_IN_THE_POST else received_on
    text = reading.new_text or reading.text
    for piece in (text[:HEAD], text[-400:]):
        found = _head_date(piece, received_on)
        if found:
            return found
    return received_on


def _head_date(text: str, received_on: date) -> date | None:
    low = folded(text)
    for one in find_dates(text, received_on):
        line = low[low.rfind("\n", 0, one.start) + 1 : one.start]
        alone = (
            not _DUE.search(line)
            and _ALONE.search(low, max(0, one.start - 60), one.start)
            and not low[one.end :].split("\n", 1)[0].strip(" .,")
        )
        day = one.near(received_on, future=False)
        if alone and day and day <= received_on and received_on - day <= LONGEST_IN_THE_POST:
            return day
    return None
