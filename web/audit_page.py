"""The audit of the claims as one page that needs nothing else."""

from __future__ import annotations

from pipelines.claims_audit import KINDS, Audit
from web.pages import page
from web.wording import Words

_EACH = 200  # findings of a kind on the page; the CSV has all


def audit_html(found: Audit, bad: int, name: str, language: str) -> str:
    """`bad`: rows that could not be read; `name`: of the file, empty for what is imported."""
    english = language == "en"
    kinds = [(kind, KINDS[kind][english], count, found.of(kind, _EACH)) for kind, count in found.counts.items()]
    values = {"found": found, "kinds": kinds, "bad": bad, "name": name, "english": english, "w": Words(language)}
    return page("claims_audit.html", values)
