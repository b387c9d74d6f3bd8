"""What customers write on a cheque: sums in figures and words, payees, places, dates. All names are invented."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from models.money import Cents
from ocr.cheque import amount_words
from training.cheques.pen import Random

_NAMES = (
    *(
        "Recouvrement",
        "Agence",
        "Cabinet",
        "Société",
        "Crédit",
        "Gestion",
        "Énergie",
        "Télécom",
        "Mutuelle",
        "Assurance",
    ),
    *("Eaux", "Service", "Clients", "Finance", "Union", "Maison", "Habitat", "Régie", "Trésor Public", "Électricité"),
    *("Dupont", "Martin", "Lefebvre", "Moreau", "Garnier", "Chevalier", "Fontaine", "Rousseau", "Marchand", "Bertin"),
    *(
        "Horizon",
        "Lumière",
        "Atlantique",
        "Méridien",
        "Aquitaine",
        "Bretagne",
        "Nord",
        "Sud",
        "Ouest",
        "Rhône",
        "Loire",
    ),
    *("Julie", "Marc", "Sophie", "Hugo", "Camille", "Bernard", "Viviane", "Xavier", "Zoé", "Karim", "Wanda", "Yves"),
    *("et Fils", "SA", "SARL", "SAS", "France", "Groupe", "Conseil", "Contentieux", "Huissiers", "Associés"),
)
_PLACES = (
    *(
        "Paris",
        "Lyon",
        "Marseille",
        "Toulouse",
        "Nice",
        "Nantes",
        "Lille",
        "Rennes",
        "Reims",
        "Dijon",
        "Angers",
        "Nîmes",
    ),
    *("Brest", "Le Mans", "Amiens", "Limoges", "Tours", "Metz", "Besançon", "Perpignan", "Orléans", "Mulhouse", "Caen"),
    *(
        "Rouen",
        "Nancy",
        "Avignon",
        "Poitiers",
        "Pau",
        "Calais",
        "Vannes",
        "Quimper",
        "Valence",
        "Bourges",
        "Saint-Denis",
    ),
    *(
        "Ajaccio",
        "Bayonne",
        "Cholet",
        "Dax",
        "Évreux",
        "Fréjus",
        "Grasse",
        "Hyères",
        "Istres",
        "Jarny",
        "Kourou",
        "Lens",
    ),
)
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre"),
    "décembre",
)
_SHORT = ("janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written where. `words` is split over two lines the way the writer did."""

    amount: Cents
    figures: str
    first: str
    second: str
    payee: str
    place: str
    day: date
    date_text: str
    stroke: bool
    words_amount: Cents  # differs from `amount` on a cheque that contradicts itself

    def lines(self) -> dict[str, str]:
        """Text by field name of `ocr.cheque.fields`."""
        return {
            "words_first": self.first,
            "words_second": self.second,
            "payee": self.payee,
            "place": self.place,
            "date": self.date_text,
        }


def random_amount(random: Random) -> Cents:
    """Mostly what debtors pay: 5 to 3,000 euros, one in three without cents."""
    euros = (
        int(np.exp(random.uniform(np.log(5), np.log(3000))))
        if random.random() < 0.85
        else int(random.integers(0, 10000))
    )
    cents = 0 if random.random() < 0.3 else int(random.integers(0, 100))
    return max(1, euros * 100 + cents)


def random_writing(random: Random, *, payees: tuple[str, ...] = (), differ: bool = False) -> Writing:
    """One customer's entries. `payees`: names to choose from instead of invented ones."""
    amount = random_amount(random)
    worded = _other_amount(amount, random) if differ else amount
    first, second = _split(_words(worded, random), random)
    payee = str(random.choice(payees)) if payees else _payee(random)
    day = date(2018, 1, 1) + timedelta(days=int(random.integers(0, 4400)))
    return Writing(
        amount,
        figures_text(amount, random),
        first,
        second,
        payee,
        str(random.choice(_PLACES)),
        day,
        _date_text(day, random),
        bool(random.random() < 0.4),
        worded,
    )


def random_piece(random: Random) -> str:
    """What one line of the words says: a whole amount or the part before or behind a line's end."""
    first, second = _split(_words(random_amount(random), random), random)
    return second if second and random.random() < 0.5 else first


def _other_amount(amount: Cents, random: Random) -> Cents:
    """A slip: one digit changed, two exchanged, or a factor of ten."""
    digits = list(f"{amount:05d}")
    at = int(random.integers(0, len(digits) - 2))
    digits[at] = str((int(digits[at]) + int(random.integers(1, 9))) % 10)
    return max(100, int("".join(digits)))


def _words(amount: Cents, random: Random) -> str:
    hyphens = str(random.choice(["traditional", "traditional", "reform", "none"]))
    style = str(random.choice(["et centimes", "et centimes", "centimes", "bare", "figures", "et figures", "cts"]))
    text = amount_words.write(amount, hyphens=hyphens, style=style)
    if random.random() < 0.12:
        text = _misspelt(text, random)
    if amount % 100 and random.random() < 0.08:
        text = text.replace("centimes", "cents")
    draw = random.random()
    return text.capitalize() if draw < 0.35 else text.upper() if draw < 0.40 else text


def _misspelt(text: str, random: Random) -> str:
    words = re.split(r"([ -])", text)
    for at, word in enumerate(words):
        ways = amount_words.SPELLINGS.get(word.rstrip("s"), ()) or amount_words.SPELLINGS.get(word, ())
        if len(ways) > 1 and random.random() < 0.3:
            wrong = str(random.choice(ways))
            words[at] = wrong if len(wrong) > 2 and wrong.isalpha() else word
    return "".join(words)


def _split(text: str, random: Random) -> tuple[str, str]:
    if len(text) < random.uniform(28, 50):
        return text, ""
    places = [match.start() for match in re.finditer(r"[ -]", text)]
    fit = [place for place in places if place <= random.uniform(28, 46)] or places[:1]
    at = fit[-1] if fit else len(text)
    return text[: at + (text[at : at + 1] == "-")].rstrip(), text[at + 1 :].strip()


def figures_text(amount: Cents, random: Random) -> str:
    """One way of writing an amount into the box."""
    whole, part = divmod(amount, 100)
    text = str(whole)
    if whole >= 1000 and random.random() < 0.35:
        text = f"{whole // 1000}{random.choice([' ', '.', ' '])}{whole % 1000:03d}"
    draw = random.random()
    if part == 0 and draw < 0.35:
        text += str(random.choice(["", "", ",-", "-", "€", " €"]))
        return _framed(text, random)
    text += str(random.choice([",", ",", ",", ",", ".", "€"])) + f"{part:02d}"
    if "€" not in text and random.random() < 0.4:
        text += str(random.choice(["€", " €"]))
    return _framed(text, random)


def _framed(text: str, random: Random) -> str:
    draw = random.random()
    if draw < 0.04:
        return f"#{text}#"
    if draw < 0.09:
        return f"={text}="
    return text + "-" if draw < 0.14 else text


def _payee(random: Random) -> str:
    name = " ".join(str(word) for word in random.choice(_NAMES, int(random.integers(1, 4)), replace=False))
    draw = random.random()
    return name.upper() if draw < 0.15 else name.lower() if draw < 0.2 else name


def _date_text(day: date, random: Random) -> str:
    if random.random() < 0.62:
        sign = str(random.choice(["/", "/", "/", "-", "."]))
        year = f"{day.year}" if random.random() < 0.6 else f"{day.year % 100:02d}"
        padded = random.random() < 0.7
        parts = (f"{day.day:02d}", f"{day.month:02d}") if padded else (str(day.day), str(day.month))
        return sign.join((*parts, year))
    month = _MONTHS[day.month - 1] if random.random() < 0.75 else _SHORT[day.month - 1]
    first = "1er" if day.day == 1 and random.random() < 0.6 else str(day.day)
    if random.random() < 0.05:
        first = amount_words.write(day.day * 100).split(" euro")[0]
    year = f"{day.year}" if random.random() < 0.85 else f"{day.year % 100:02d}"
    text = f"{first} {month} {year}"
    return f"le {text}" if random.random() < 0.12 else text
