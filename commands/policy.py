"""`mailroom policy check`, `mailroom policy try`: is a policy sound, and what would it have done?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from commands.terminal import COLON, ENGLISH, DataFolder, out, say, settings_of, table
from connectors.building import building
from connectors.policy_file import load_policy
from models.policy import Policy
from pipelines.cost import look
from pipelines.policy_trial import Flip, try_policy
from pipelines.wording import word
from web.wording import words_for

policy = typer.Typer(no_args_is_help=True, help=say("Les règles de décision.", "The decision policy."))
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=say("politique (TOML)", "policy (TOML)"))]
MaybeFile = Annotated[
    Path | None, typer.Argument(exists=True, dir_okay=False, help=say("politique (TOML)", "policy (TOML)"))
]
SHOWN = 40


@policy.command("check")
def check(file: MaybeFile = None, data: DataFolder = None) -> None:
    """Le fichier est-il juste ? Sans fichier : la politique en service. Les créanciers inconnus sont nommés."""
    settings = settings_of(data)
    found = load_policy(file or settings.policy)
    tolerated = look(found) / max(0.01, found.costs.leaked_reminder)
    rows = [
        (say("règles", "rules"), len(found.rules)),
        (say("créanciers à part", "creditors of their own"), len(found.creditors)),
        (say("un regard coûte", "a look costs"), f"{look(found):.2f} €"),
        (say("seuil de catégorie", "threshold of the category"), f"{found.thresholds.category:.0%}"),
        (say("risque toléré d'une relance à tort", "tolerated risk of a leak"), f"{min(1.0, tolerated):.1%}"),
    ]
    table(say("Politique", "Policy") + f" {found.version}", (say("quoi", "what"), ""), rows)
    with building(settings).ledger.read() as books:
        strangers = sorted(set(found.creditors) - books.claims.creditors()) if books.claims.count() else []
    for name in strangers:
        out.print(say(f"  aucune créance de « {name} »", f'  no claim of "{name}"'), soft_wrap=True)
    out.print(say("La politique est valable.", "The policy is sound."))
    if strangers:
        raise typer.Exit(1)


@policy.command("try")
def try_file(
    file: File,
    days: Annotated[int, typer.Option("--days", min=1, max=3660, help=say("jours en arrière", "days back"))] = 30,
    data: DataFolder = None,
) -> None:
    """Ce que ce fichier aurait fait du courrier des derniers jours. Rien n'est changé."""
    settings = settings_of(data)
    services = building(settings).services
    other, now = load_policy(file), services.now()
    with building(settings).ledger.read() as books:
        receipts = books.desk.receipts_between(now - timedelta(days=days), now + timedelta(seconds=1))
        records = books.items.records([receipt.receipt_id for receipt in receipts])
        trial = try_policy(books, records, services.policy, other)
    heads = (say("aujourd'hui", "today"), say("avec ce fichier", "with this file"), say("pièces", "items"))
    table(say("Décisions", "Decisions"), heads, _moved(trial.moves))
    _show_flips(trial.flips, settings.language)
    skipped = say(f", {trial.skipped} sans décision propre", f", {trial.skipped} with nothing to decide")
    words = say("pièces, dont changées", "items, of them changed")
    out.print(f"{trial.items} {words}{COLON} {len(trial.flips)}{skipped}")
    _show_looks(trial.moves, other)


def _moved(moves: Mapping[tuple[str, str], int]) -> list[tuple[str, str, int]]:
    """Before, after and how many, in words."""
    words = words_for("en" if ENGLISH else "fr")
    return [
        (words.of("outcome", before), words.of("outcome", after), count)
        for (before, after), count in sorted(moves.items())
    ]


def _show_flips(flips: tuple[Flip, ...], language: str) -> None:
    rows = [
        (
            flip.file_name,
            words_for(language).of("subcategory", flip.subcategory),
            flip.what,
            flip.before or "-",
            flip.after or "-",
            ", ".join(word(code, "", language).rstrip(" :") for code in flip.reasons),
        )
        for flip in flips[:SHOWN]
    ]
    heads = (say("pièce", "item"), say("sujet", "subject"), say("quoi", "what"), say("avant", "before"))
    table(say("Ce qui change", "What changes"), (*heads, say("après", "after"), say("pourquoi", "why")), rows)
    if len(flips) > SHOWN:
        out.print(f"  … +{len(flips) - SHOWN}")


def _show_looks(moves: Mapping[tuple[str, str], int], other: Policy) -> None:
    """How many more items a person would look at, in euros of their time."""
    more = sum(count * ((after == "review") - (before == "review")) for (before, after), count in moves.items())
    out.print(say(f"Regards en plus : {more:+d}", f"More looks: {more:+d}") + f" ({more * look(other):+.2f} €)")
