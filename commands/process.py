"""`mailroom process`: files in, every item to its end, results and a summary out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.portfolio import import_claims
from commands.terminal import AgencyFile, DataFolder, Workers, out, progress_bar, say, settings_of, table
from connectors.building import building
from connectors.mail_day import process_receipts, receive_files
from connectors.scan_folder import files_below
from models.errors import ConfigurationError
from models.item import Outcome, Stage
from models.record import ItemRecord
from pipelines.results import result_of, write_results
from settings import Settings
from web.wording import words_for

Paths = Annotated[list[Path], typer.Argument(help=say("fichiers ou dossiers", "files or folders"), exists=True)]
ClaimsFile = Annotated[
    Path | None,
    typer.Option("--claims", help=say("créances (CSV) à importer d'abord", "claims (CSV) first"), exists=True),
]
ResultsFile = Annotated[
    Path | None, typer.Option("--results", help=say("résultats, un objet JSON par ligne", "results as JSON lines"))
]
ReceivedAt = Annotated[
    str | None, typer.Option("--received-at", help=say("heure d'arrivée, ISO 8601", "time of arrival, ISO 8601"))
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=say("sans tableau par pièce", "no table of the items"))]


def process(
    paths: Paths,
    claims: ClaimsFile = None,
    agency: AgencyFile = None,
    results: ResultsFile = None,
    data: DataFolder = None,
    workers: Workers = None,
    received_at: ReceivedAt = None,
    quiet: Quiet = False,
) -> None:
    """Reçoit chaque fichier et mène chaque pièce à son terme. Relancé, ne fait rien deux fois."""
    settings = settings_of(data, agency=agency, workers=workers)
    moment = _moment(received_at)
    if claims is not None:
        import_claims(settings, claims)
    files = list(files_below(paths))
    if not files:
        raise ConfigurationError(say("aucun fichier à traiter", "no file to process"), ", ".join(map(str, paths)))
    with progress_bar({"received": len(files)}) as report:
        receipts = receive_files(settings, paths, moment, report)
        process_receipts(settings, [receipt.receipt_id for receipt in receipts], report)
    records = records_below(settings, paths)
    if results is not None:
        write_results(results, records, settings.language)
    if not quiet and len(records) <= 60:
        _show_items(records, settings.language)
    show_summary(settings, records)
    if any(record.item.stage not in _ENDS for record in records):
        raise typer.Exit(1)


_ENDS = (Stage.SETTLED, Stage.REVIEW, Stage.REFUSED)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"--received-at {text!r}", "ISO 8601: 2026-06-01T09:30+02:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def records_below(settings: Settings, paths: Sequence[Path]) -> list[ItemRecord]:
    """All items received from these paths, now or earlier, in the order of their file and pages."""
    with building(settings).ledger.read() as books:
        receipts = books.items.receipts_from([str(path.resolve()) for path in paths])
        records = list(books.items.records([receipt.receipt_id for receipt in receipts]))
    return sorted(records, key=lambda record: (record.receipt.origin, record.receipt.sha256, record.item.position))


def _show_items(records: Sequence[ItemRecord], language: str) -> None:
    rows, words = [], words_for(language)
    for record in records:
        line = result_of(record, language)
        reasons = "; ".join(line["reasons"])
        kind = words.of("subcategory", line["subcategory"]) if line["subcategory"] else "-"
        file = line["file"] + (f" p.{line['pages'][0]}-{line['pages'][1]}" if line["pages"] else "")
        rows.append(
            (file, words.of("outcome", line["decision"]), kind, line["match"]["claim_ref"] or "-", reasons or "-")
        )
    heads = (say("fichier", "file"), say("décision", "decision"), say("nature", "kind"), say("créance", "claim"))
    table(say("Pièces", "Items"), (*heads, say("pourquoi", "why")), rows)


def show_summary(settings: Settings, records: Sequence[ItemRecord]) -> None:
    """Counts by outcome, what was refused and why, how soon reminders were held, and where to look."""
    outcomes = Counter(record.item.outcome or Outcome.REVIEW for record in records)
    words = {
        Outcome.APPLIED: say("appliquées sans personne", "applied without a person"),
        Outcome.REVIEW: say("à examiner au bureau", "waiting on the desk"),
        Outcome.FILED: say("classées sans suite", "filed"),
        Outcome.REFUSED: say("refusées (conservées)", "refused (kept)"),
    }
    rows: list[tuple[object, object]] = [(words[outcome], outcomes.get(outcome, 0)) for outcome in Outcome]
    duplicates = sum(record.item.duplicate_of is not None for record in records)
    rows += [(say("dont déjà numérisées", "of them re-scans"), duplicates), (say("total", "total"), len(records))]
    table(say("Bilan", "Summary"), (say("pièces", "items"), say("nombre", "count")), rows)
    refused = [record for record in records if record.item.outcome is Outcome.REFUSED]
    reasons = [
        (record.receipt.file_name, "; ".join(result_of(record, settings.language)["reasons"])) for record in refused
    ]
    table(say("Refusées", "Refused"), (say("fichier", "file"), say("raison", "reason")), reasons)
    forever = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    with building(settings).ledger.read() as books:
        seconds = books.desk.seconds_to_hold(*forever)
    if seconds.median is not None and seconds.p95 is not None:
        label = say("Du fichier au blocage", "From file to hold")
        out.print(f"{label}: {seconds.median:.1f} s (p95 {seconds.p95:.1f} s)")
    out.print(
        say("Données : ", "Data: ") + str(settings.data) + say("  Bureau : mailroom serve", "  Desk: mailroom serve")
    )
