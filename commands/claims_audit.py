"""`mailroom claims audit`: what in a claims file will go wrong later, as text, page and table."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import COLON, DataFolder, out, say, settings_of, table
from connectors.building import building
from connectors.claims_file import read_claims
from pipelines.claims_audit import KINDS, Audit, audit
from settings import Settings
from web.audit_page import audit_html

_SHOWN = 5
File = Annotated[
    Path | None,
    typer.Argument(
        exists=True, dir_okay=False, help=say("CSV ; sans lui, ce qui est importé", "CSV; else as imported")
    ),
]
Html = Annotated[Path | None, typer.Option("--html", help=say("écrit une page HTML", "writes a page"))]
Csv = Annotated[Path | None, typer.Option("--csv", help=say("écrit chaque constat", "writes every finding"))]


def audit_claims(file: File = None, html: Html = None, csv_file: Csv = None, data: DataFolder = None) -> None:
    """Doublons, dates impossibles, courriels invalides, adresses absentes, références partagées : un rapport."""
    settings = settings_of(data)
    found, bad = _audited(settings, file)
    show(found, bad)
    if html is not None:
        html.write_text(audit_html(found, bad, file.name if file else "", settings.language), "utf-8")
    if csv_file is not None:
        with csv_file.open("w", encoding="utf-8", newline="") as sheet:
            rows = csv.writer(sheet)
            rows.writerow(("kind", "claim_ref", "field", "shown", "other_claim_ref"))
            rows.writerows((one.kind, one.claim_ref, one.field, _plain(one.shown), one.other) for one in found.findings)


def _audited(settings: Settings, file: Path | None) -> tuple[Audit, int]:
    """The findings, and how many rows could not be read at all."""
    inside = building(settings)
    today = inside.services.now().date()
    if file is None:
        with inside.ledger.read() as books:
            return audit(books.claims.all(), today), 0
    rows = read_claims(file, settings.language)
    found = audit(rows.claims, today)
    return found, len(rows.bad)


def show(found: Audit, bad: int) -> None:
    """Counts first, then a few of each kind."""
    unread = say(f", {bad} lignes illisibles", f", {bad} rows unreadable") if bad else ""
    out.print(say(f"{found.claims} créances{unread}", f"{found.claims} claims{unread}"))
    if not found.findings:
        out.print(say("rien à signaler", "nothing to report"))
    for kind, count in found.counts.items():
        heads = (say("créance", "claim"), say("champ", "field"), say("valeur", "value"), say("avec", "with"))
        rows = [(one.claim_ref, one.field, one.shown, one.other) for one in found.of(kind, _SHOWN)]
        rows += [("…", "", "", "")] if count > _SHOWN else []
        table(f"{say(*KINDS[kind])}{COLON} {count}", heads, rows)


def _plain(text: str) -> str:
    """No formula for the spreadsheet that opens this: a cell may come from anybody's file."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
