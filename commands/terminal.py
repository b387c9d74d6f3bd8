"""What every command shares: the two languages, settings from options, progress, tables."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipelines.journey import Progress as Report
from settings import Settings, read_settings
from web.wording import words_for

ENGLISH = os.environ.get("MAILROOM_LANGUAGE", "fr").lower() == "en"  # help texts are made before settings are read

out = Console(highlight=False)
if not out.is_terminal:
    out.width = 132  # a log file has room for whole lines
err = Console(stderr=True, highlight=False)


def say(french: str, english: str) -> str:
    """The words of the terminal, French unless MAILROOM_LANGUAGE=en."""
    return english if ENGLISH else french


COLON = say(" :", ":")  # French sets a space before it, English none

DataFolder = Annotated[
    Path | None, typer.Option("--data", help=say("dossier de données (MAILROOM_DATA)", "data folder (MAILROOM_DATA)"))
]
AgencyFile = Annotated[
    Path | None, typer.Option("--agency", help=say("fichier de l'agence (TOML)", "agency file (TOML)"), exists=True)
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=0, max=64, help=say("processus de lecture", "reading processes"))
]


def settings_of(data: Path | None = None, **options: object) -> Settings:
    """Environment first, then what the command line says."""
    return read_settings(data=data, **options)


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    if not rows:
        return
    shown = Table(title=title, title_justify="left", show_edge=False, pad_edge=False, header_style="bold")
    for number, head in enumerate(heads):
        shown.add_column(head, justify="left" if number == 0 else "default")
    for row in rows:
        shown.add_row(*(str(cell) for cell in row))
    out.print(shown)


def counted(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Rows of a table of outcomes, in words, in the order of their codes."""
    words = words_for("en" if ENGLISH else "fr")
    return [(words.of("counted", code), number) for code, number in sorted(counts.items())]


@contextmanager
def progress_bar(known: dict[str, int]) -> Iterator[Report]:
    """Bars on a terminal, nothing in a log file. `known` gives the totals known beforehand, by step."""
    words = {
        "received": say("reçus", "received"),
        "read": say("lus", "read"),
        "settled": say("décidés", "decided"),
    }
    columns = (TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=False, disable=not err.is_terminal) as bars:
        tasks = {step: bars.add_task(label, total=known.get(step, 0)) for step, label in words.items()}

        def report(what: str, number: int) -> None:
            if what == "items":  # files turned out to hold this many items
                for step in ("read", "settled"):
                    bars.update(tasks[step], total=(bars.tasks[tasks[step]].total or 0) + number)
            elif what in tasks:
                bars.advance(tasks[what], number)

        yield report
