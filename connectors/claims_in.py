"""The portfolio into the ledger, from a CSV file or the collection system's view: the same merge for both."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from connectors.bad_rows import BadRow
from connectors.claims_file import ClaimsFile
from connectors.claims_view import ClaimsView, read_claims_view
from models.claim import StatusConflict
from models.errors import ConfigurationError
from pipelines.portfolio import merge_claims
from pipelines.services import Services
from settings import Settings

_CHUNK = 20_000


@dataclass
class ClaimsTaken:
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicts: list[StatusConflict] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    unknown_statuses: Counter[str] = field(default_factory=Counter)


def take_claims(services: Services, rows: ClaimsFile | ClaimsView, actor: str) -> ClaimsTaken:
    """Short transactions: the gate answers meanwhile. Good rows go in whatever the others are."""
    taken, claims = ClaimsTaken(), rows.claims
    while chunk := list(islice(claims, _CHUNK)):
        with services.ledger.write() as books:
            merged = merge_claims(books, chunk, services.now(), actor)
        taken.added += merged.added
        taken.changed += merged.changed
        taken.unchanged += merged.unchanged
        taken.conflicts += merged.conflicts
    taken.bad, taken.unknown_statuses = list(rows.bad), rows.unknown_statuses
    return taken


def configured_view(settings: Settings) -> ClaimsView | None:
    """The view of MAILROOM_CLAIMS_URL and MAILROOM_CLAIMS_VIEW; None where neither is set."""
    if settings.claims_url is None and settings.claims_view is None:
        return None
    if settings.claims_url is None or settings.claims_view is None:
        missing = "MAILROOM_CLAIMS_URL" if settings.claims_url is None else "MAILROOM_CLAIMS_VIEW"
        raise ConfigurationError(f"{missing} is missing", "set both, or neither")
    return read_claims_view(settings.claims_url.get_secret_value(), settings.claims_view, settings.language)
