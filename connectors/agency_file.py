"""Who we are, from a TOML file: the names accepted on cheques, our own address, our mail domains."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from models.agency import Agency
from models.errors import ConfigurationError

_LISTS = ("also_written", "address", "email_domains")


def load_agency(path: Path) -> Agency:
    """Raises ConfigurationError that names the file and the entry at fault."""
    try:
        entries = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"the agency file {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the agency file {path} is not valid TOML: {error}") from error
    unknown = sorted(set(entries) - {"name", *_LISTS})
    if unknown:
        known = ", ".join(("name", *_LISTS))
        raise ConfigurationError(f"the agency file {path} has an unknown entry {unknown[0]!r}", f"known are {known}")
    name = entries.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ConfigurationError(f"the agency file {path} gives no name", 'write name = "..."')
    lists = {entry: _texts(path, entry, entries.get(entry, [])) for entry in _LISTS}
    lists["email_domains"] = tuple(domain.lower().lstrip("@") for domain in lists["email_domains"])
    return Agency(name=name.strip(), **lists)


def _texts(path: Path, entry: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise ConfigurationError(f"{entry} in the agency file {path} is wrong", f'write {entry} = ["...", "..."]')
    return tuple(text.strip() for text in value)
