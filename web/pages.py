"""Templates: autoescaped, strict about missing values, with the words of the visitor's language."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.labels import PROTECTIONS, PROTECTIVE_FLAGS, SUBCATEGORIES, Category, Flag

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def fingerprint(name: str) -> str:
    """Changes with the file, so that browsers may keep it for a year."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        static=lambda name: f"/static/{name}?v={fingerprint(name)}",
        SUBCATEGORIES=SUBCATEGORIES,
        CATEGORIES=tuple(Category),
        FLAGS=tuple(Flag),
        PROTECTIONS=PROTECTIONS,
        PROTECTIVE_FLAGS=PROTECTIVE_FLAGS,
    )
    return environment


_TEMPLATES = _environment()


def page(template: str, values: Mapping[str, Any]) -> str:
    return _TEMPLATES.get_template(template).render(values)


def render(template: str, values: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    return HTMLResponse(page(template, values), status_code=status)
