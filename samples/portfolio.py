"""About 500 invented claims, the same at each run. Persons, companies and creditors do not exist."""

from __future__ import annotations

import csv
import random
from pathlib import Path

CREDITORS = {  # how each one writes its references
    "Ondine Énergie": ("OE-{:07d}", "4 {:03d} {:03d}", "FE{:09d}"),
    "Télécom Brume": ("TB/{:02d}/{:05d}", "B{:08d}", "2025-{:06d}"),
    "Clinique des Cèdres": ("CC {:06d}", "P{:06d}", "H/{:05d}/25"),
    "Mutuelle Aubrac": ("MA{:08d}", "{:010d}", "COT-{:06d}"),
}
LAST = [
    "Aubertin",
    "Barraud",
    "Chassagne",
    "Delorme",
    "Estève",
    "Faucher",
    "Gaillot",
    "Hamelin",
    "Imbert",
    "Jacquemin",
    "Kermarrec",
    "Lemoigne",
    "Marquet",
    "Nivelle",
    "Ollivier",
    "Pruvost",
    "Quesnel",
    "Ravier",
    "Sabatier",
    "Thévenot",
    "Ulmann",
    "Vasseur",
    "Wattel",
    "Ybert",
    "Zimmer",
    "Bontemps",
    "Carlier",
    "Dufay",
    "Escande",
    "Fourcade",
    "Grandin",
    "Hubert",
    "Josse",
    "Lacombe",
    "Mauduit",
    "Noblet",
    "Perrichon",
    "Roussel",
    "Segard",
    "Tavernier",
]
FIRST = [
    "Agathe",
    "Bruno",
    "Claire",
    "Damien",
    "Élodie",
    "Fabrice",
    "Géraldine",
    "Hugo",
    "Isabelle",
    "Jérôme",
    "Karine",
    "Ludovic",
    "Mireille",
    "Norbert",
    "Odette",
    "Pascal",
    "Raphaëlle",
    "Sylvain",
    "Thérèse",
    "Ugo",
    "Valérie",
    "Xavier",
    "Yvette",
    "Zoé",
]
MEN = frozenset(
    ["Bruno", "Damien", "Fabrice", "Hugo", "Jérôme", "Ludovic", "Norbert", "Pascal", "Sylvain", "Ugo", "Xavier"]
)
STREETS = """rue des Tanneurs|avenue de la Gare|impasse du Lavoir|boulevard Carnot|chemin des Vignes|place du Marché
allée des Charmes|rue Jean Moulin|rue de l'Écluse|route de Beaune|quai des Mariniers""".replace("\n", "|").split("|")
TOWNS = [
    ("21000", "DIJON"),
    ("71100", "CHALON-SUR-SAONE"),
    ("89000", "AUXERRE"),
    ("58000", "NEVERS"),
    ("39100", "DOLE"),
    ("25000", "BESANCON"),
    ("70000", "VESOUL"),
    ("10000", "TROYES"),
]
COLUMNS = [
    "claim_ref",
    "creditor",
    "client_ref",
    "invoice_refs",
    "civility",
    "last_name",
    "birth_name",
    "first_name",
    "company_name",
    "birth_date",
    "address",
    "postcode",
    "city",
    "email",
    "phone",
    "principal",
    "fees",
    "balance",
    "currency",
    "opened_on",
    "status",
]

Row = dict[str, str]


def claims(count: int = 500, seed: int = 7) -> list[Row]:
    """No reference stands twice."""
    draw = random.Random(seed)
    made: dict[str, Row] = {}
    while len(made) < count:
        claim = _claim(draw, len(made))
        made.setdefault(claim["claim_ref"], claim)
    return list(made.values())


def _claim(draw: random.Random, number: int) -> Row:
    creditor = draw.choice(list(CREDITORS))
    own, client, invoice = CREDITORS[creditor]
    first, last = draw.choice(FIRST), draw.choice(LAST)
    postcode, city = draw.choice(TOWNS)
    principal = draw.randrange(3_000, 180_000)
    opened = f"2025-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"
    company = (
        f"{last} {draw.choice(['Bâtiment', 'Conseil', 'Traiteur', 'Transports'])} SARL" if number % 25 == 0 else ""
    )
    plain = last.lower().translate(str.maketrans("éèêôâ", "eeeoa"))
    return {
        "claim_ref": own.format(*(draw.randrange(10, 10**5) for _ in range(own.count("{")))),
        "creditor": creditor,
        "client_ref": client.format(*(draw.randrange(100, 1000) for _ in range(client.count("{")))),
        "invoice_refs": invoice.format(draw.randrange(1, 10**5)),
        "civility": "" if company else "M." if first in MEN else "MME",
        "last_name": "" if company else last.upper(),
        "birth_name": "",
        "first_name": "" if company else first,
        "company_name": company,
        "birth_date": ""
        if company
        else f"{draw.randrange(1945, 2004)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}",
        "address": f"{draw.randrange(1, 140)} {draw.choice(STREETS)}".upper(),
        "postcode": postcode,
        "city": city,
        "email": f"{first[0].lower()}.{plain}{draw.randrange(10, 99)}@courriel.example" if draw.random() < 0.6 else "",
        "phone": f"06{draw.randrange(10**7, 10**8):08d}" if draw.random() < 0.6 else "",
        "principal": f"{principal / 100:.2f}",
        "fees": "0.00",
        "balance": f"{principal / 100:.2f}",
        "currency": "EUR",
        "opened_on": opened,
        "status": "open",
    }


def write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
