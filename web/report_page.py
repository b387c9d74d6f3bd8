"""The leaked-reminder ledger as shapes and words: for the desk's figures and for `mailroom report --html`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.leaks import Headline
from web.charts import SIZE, Column, columns
from web.pages import page
from web.wording import Words

LEAK_DAYS = 30


def leak_columns(found: Headline, words: Words) -> list[Column]:
    """Leaked reminders by day, the last day at the right."""
    told = {day: words("leaks_on", words.day(day), count, found.sent[day]) for day, count in found.leaked.items()}
    return columns([(f"{day:%d/%m}", count, told[day]) for day, count in found.leaked.items()], gap=4.0)


def report_html(
    found: Headline, day: date, tables: Sequence[tuple[str, Sequence[tuple[str, int]]]], words: Words
) -> str:
    """One file that needs nothing else: style and chart are inside."""
    values = {"w": words, "day": day, "found": found, "columns": leak_columns(found, words), "size": SIZE}
    return page("report.html", {**values, "tables": tables})
