"""An account that has paid a claim is remembered by its fingerprint, from cheques that are beyond doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.cheque import ChequeReading, Cmc7Line
from pipelines.payers import accounts_of

LINE = Cmc7Line("C6679545C042014506908E052108899000A", 0.99, "90", vouched=True)
CHEQUE = ChequeReading(page=1, line=LINE)


@pytest.mark.parametrize(
    ("line", "known"),
    [
        (LINE, True),
        (replace(LINE, vouched=False), True),  # the printed key proves it
        (replace(LINE, vouched=False, rlmc_printed=None), False),
        (replace(LINE, vouched=False, rlmc_printed="11"), False),
        (replace(LINE, text="D123C456A"), False),
        (None, False),
    ],
)
def test_only_a_line_beyond_doubt_names_an_account(line: Cmc7Line | None, known: bool) -> None:
    assert [found.value for found in accounts_of([replace(CHEQUE, line=line)])] == (
        ["042014506908052108899000"] if known else []
    )
