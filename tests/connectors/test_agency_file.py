"""The agency file: read whole, or the start stops and says which entry is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.agency_file import load_agency
from models.agency import Agency
from models.errors import ConfigurationError


def test_an_agency_file_says_who_we_are(tmp_path: Path) -> None:
    path = tmp_path / "agency.toml"
    path.write_text(
        'name = "Recouvrement du Val"\nalso_written = ["Val Recouvrement"]\n'
        'address = ["BP 1", "44000 NANTES"]\nemail_domains = ["@Val.example"]\n',
        "utf-8",
    )
    assert load_agency(path) == Agency(
        "Recouvrement du Val", ("Val Recouvrement",), ("BP 1", "44000 NANTES"), ("val.example",)
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("name = ", "TOML"),
        ("also_written = []", "no name"),
        ('name = "  "', "no name"),
        ('name = "A"\naddress = "BP 1"', "address"),
        ('name = "A"\nemail_domains = [3]', "email_domains"),
        ('name = "A"\nadress = ["BP 1"]', "adress"),
        ("\xff", "TOML"),
    ],
)
def test_what_is_wrong_in_it_is_named(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "agency.toml"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=told):
        load_agency(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.toml"):
        load_agency(tmp_path / "none.toml")
