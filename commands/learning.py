"""`mailroom train`, `evaluate`: learn from what people corrected, and let only a better model take over."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from commands import score
from commands.terminal import DataFolder, out, say, settings_of, table
from connectors.building import building
from connectors.database import DatabaseBooks
from models.errors import ConfigurationError
from models.labels import Category
from pipelines.cheque_lessons import cheque_lessons
from pipelines.corrections import corrections, is_change
from pipelines.drift import Week, drifts
from settings import Settings
from web.wording import words_for

ROOT = Path(__file__).resolve().parents[1]
FROZEN = ROOT / "training" / "classifier" / "frozen"  # own texts that no model is trained on
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}
_TRAINERS = {
    "understanding": "training.classifier.train",
    "protections": "training.classifier.fit_protective",
    "cheques": "training.cheques.train",
}
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
Truth = Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help=say("vérité (JSONL)", "truth (JSONL)"))]
Results = Annotated[
    Path | None, typer.Argument(exists=True, dir_okay=False, help=say("résultats (JSONL)", "results (JSONL)"))
]
Candidate = Annotated[
    Path | None,
    typer.Option("--candidate", exists=True, file_okay=False, help=say("modèle à comparer", "model to compare")),
]


def train(
    context: typer.Context,
    what: Annotated[str, typer.Argument(help="understanding | protections | cheques")] = "understanding",
    with_corrections: Annotated[
        bool,
        typer.Option("--with-corrections", help=say("avec les corrections du bureau", "with the desk's corrections")),
    ] = False,
    data: DataFolder = None,
) -> None:
    """Réentraîne un modèle avec les scripts du dépôt (extra « train ») ; ce qui suit leur est passé."""
    if what not in _TRAINERS or not (ROOT / "training").is_dir():
        remedy = say(
            "understanding, protections ou cheques, depuis le dépôt",
            "understanding, protections or cheques, from the repository",
        )
        raise ConfigurationError(what, remedy)
    arguments = list(context.args)
    if with_corrections and what == "understanding":
        learnt, frozen = export_corrections(settings_of(data))
        out.print(
            say(
                f"{learnt[1]} corrections, {frozen[1]} gardées à part",
                f"{learnt[1]} corrections, {frozen[1]} kept apart",
            )
        )
        arguments += ["--with-corrections", str(learnt[0].resolve())]
    if with_corrections and what == "cheques":
        folder, count = export_cheques(settings_of(data))
        out.print(say(f"{count} champs de chèques corrigés", f"{count} corrected cheque fields"))
        arguments += ["--corrections", str(folder.resolve())]
    ran = subprocess.run([sys.executable, "-m", _TRAINERS[what], *arguments], cwd=ROOT, check=False)  # noqa: S603
    raise typer.Exit(ran.returncode)


def export_corrections(settings: Settings) -> tuple[tuple[Path, int], tuple[Path, int]]:
    """Two files in the data folder and their number of lines: to learn from, and to compare models on."""
    folder = settings.data / "learning"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with building(settings).ledger.read() as books:
        rows = [one.row for one in corrections(books.trail, books.items, _EVER)]
    written = []
    for name, kept in (("corrections", False), ("frozen", True)):
        path = folder / f"{name}.jsonl"
        lines = [json.dumps(row, ensure_ascii=False) for row in rows if row["frozen"] is kept]
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        path.chmod(0o600)
        written.append((path, len(lines)))
    return written[0], written[1]


def export_cheques(settings: Settings) -> tuple[Path, int]:
    """Fields of cheques whose amount a person gave, as PNG and text in the data folder; the folder and how many."""
    folder = settings.data / "learning" / "cheques"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    opened, count = building(settings), 0
    with opened.ledger.read() as books:
        for item_id, lesson in cheque_lessons(books.trail, books.items, opened.services.objects, _EVER):
            place = folder / lesson.kind / f"{item_id}.png"
            place.parent.mkdir(exist_ok=True, mode=0o700)
            place.write_bytes(lesson.png)
            place.with_suffix(".txt").write_text(lesson.text, encoding="utf-8")
            count += 1
    return folder, count


def evaluate(
    truth: Truth = None,
    results: Results = None,
    candidate: Candidate = None,
    promote: Annotated[
        bool, typer.Option("--promote", help=say("remplace s'il est meilleur", "replace if better"))
    ] = False,
    errors: Annotated[bool, typer.Option("--errors", help=say("liste les erreurs", "list the misses"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
    data: DataFolder = None,
) -> None:
    """Compare des résultats à la vérité, ou (--candidate) un modèle à celui qui tourne, sur des textes figés."""
    if candidate is not None:
        compare_models(settings_of(data), candidate, promote=promote)
    elif truth is not None and results is not None:
        score.show(str(truth), str(results), errors=errors, as_json=as_json)
    else:
        raise ConfigurationError(
            "evaluate", say("TRUTH RESULTS, ou --candidate DOSSIER", "TRUTH RESULTS, or --candidate FOLDER")
        )


def compare_models(settings: Settings, candidate: Path, *, promote: bool) -> None:
    """Both models' figures on the frozen texts; with `promote` the better one is at work from the next start on."""
    from classifiers.promotion import compare, promote_if_better

    _, (corrected, count) = export_corrections(settings)
    frozen = [*sorted(FROZEN.glob("*.jsonl")), *([corrected] if count else [])]
    running = settings.running_classifier
    if promote:
        comparison = promote_if_better(candidate, running, frozen, into=settings.own_classifier)
    else:
        comparison = compare(candidate, running, frozen)
    both = (comparison.candidate, comparison.running)
    names = {
        "category": say("catégorie", "category"),
        "subcategory": say("sous-catégorie", "subcategory"),
        "flags_f1": say("indicateurs (F1)", "flags (F1)"),
        "loss": say("perte", "loss"),
        "merit": say("mérite", "merit"),
    }
    rows = [(label, *(f"{getattr(one, name):.3f}" for one in both)) for name, label in names.items()]
    title = say(f"Sur {both[0].items} textes figés", f"On {both[0].items} frozen texts")
    table(title, ("", say("candidat", "candidate"), say("en service", "running")), rows)
    if comparison.better:
        out.print(
            say("Le candidat est meilleur", "The candidate is better")
            + (say(" : il prend la place.", ": it takes over.") if promote else ".")
        )
    else:
        out.print(
            say("Le candidat n'est pas meilleur : rien ne change.", "The candidate is not better: nothing changes.")
        )
        raise typer.Exit(1 if promote else 0)


def show_drift(books: DatabaseBooks, until: datetime, language: str) -> None:
    """Shares of the categories, mean confidence and corrections of the last five weeks, and what moved."""
    weeks = weeks_until(books, until)
    if not any(week.items for week in weeks):
        return
    words = words_for(language)
    heads = [say("semaine du", "week of"), say("pièces", "items"), say("confiance", "confidence")]
    heads += [say("corrigées / jugées", "corrected / judged"), *(words.of("category", one.value) for one in Category)]
    rows = [
        (
            week.start,
            week.items,
            "-" if week.mean_confidence is None else f"{week.mean_confidence:.2f}",
            f"{week.corrected} / {week.judged}",
            *(f"{week.share(one.value):.0%}" for one in Category),
        )
        for week in weeks
    ]
    table(say("Le modèle semaine par semaine", "The model week by week"), heads, rows)
    for moved in drifts(weeks):
        name = _MOVED.get(moved.what) or words.of("category", moved.what)
        out.print(say("Dérive : ", "Drift: ") + f"{name} {moved.before:.0%} → {moved.now:.0%}")


_MOVED = {
    "confidence": say("confiance moyenne", "mean confidence"),
    "corrections": say("part corrigée", "share corrected"),
}
WEEKS = 5


def weeks_until(books: DatabaseBooks, until: datetime) -> list[Week]:
    """Five spans of seven days up to a moment, oldest first."""
    starts = [until - timedelta(days=7 * back) for back in range(WEEKS, 0, -1)]
    judged = books.trail.judgements_since(starts[0])
    found = []
    for start in starts:
        end = start + timedelta(days=7)
        figures = books.desk.figures(start, end)
        own = [one for one in judged if start <= one.at < end and one.subcategory is not None]
        found.append(
            Week(
                start=start.date().isoformat(),
                items=figures.items,
                by_category=figures.by_category,
                mean_confidence=figures.mean_confidence,
                judged=len(own),
                corrected=sum(is_change(one) for one in own),
            )
        )
    return found
