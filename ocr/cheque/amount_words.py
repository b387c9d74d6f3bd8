"""French amounts in words, both ways: every spelling of an amount, and the amount of a text.

Rules and misspellings: domain dossier 2.1. Space and hyphen are one separator here (the 1990 reform hyphenates all),
and it may be missing. `cent` is a hundred before `euro` and a centime after it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from models.money import Cents
from ocr.cheque.automaton import Expression, alt, opt, seq

LARGEST = 999_999_99  # cents: nobody writes a larger cheque to a collection agency

_UNITS = (
    *("zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    *("treize", "quatorze", "quinze", "seize", "dix_sept", "dix_huit", "dix_neuf"),
)
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
_SWISS = {70: ("septante",), 80: ("huitante", "octante"), 90: ("nonante",)}
# As people write them; the first is the right one. Read back and offered to the network's decoder.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "zero": ("zero",),
    "un": ("un", "une"),
    "deux": ("deux", "deu"),
    "trois": ("trois", "troi"),
    "quatre": ("quatre", "quatres", "quattre", "katre", "catre"),
    "cinq": ("cinq", "cinqs", "cinque", "sinq"),
    "six": ("six", "sis"),
    "sept": ("sept", "septs", "set"),
    "huit": ("huit", "huits", "uit"),
    "neuf": ("neuf", "neufs", "neuve"),
    "dix": ("dix", "dixs", "dis"),
    "onze": ("onze", "onz", "onzes"),
    "douze": ("douze", "douz", "douzes"),
    "treize": ("treize", "treze", "traize", "treizes"),
    "quatorze": ("quatorze", "quatorse", "quatorzes", "catorze"),
    "quinze": ("quinze", "quinse", "quinzes"),
    "seize": ("seize", "seze", "saize", "seizes"),
    "vingt": ("vingt", "vingts", "ving", "vint", "vingtes"),
    "trente": ("trente", "trantes", "trante", "trentes"),
    "quarante": ("quarante", "quarente", "carante", "quarantes", "quarentes"),
    "cinquante": ("cinquante", "cinquantes", "sinquante", "cinquente"),
    "soixante": ("soixante", "soixantes", "soixente", "soisante", "soixant", "soissante"),
    "septante": ("septante",),
    "huitante": ("huitante",),
    "octante": ("octante",),
    "nonante": ("nonante",),
    "cent": ("cent", "cents", "cens", "sent"),
    "mille": ("mille", "milles", "mil", "mile"),
    "euro": ("euros", "euro", "eur", "€", "e", "eurros", "eurs", "euross"),
    "centime": ("centimes", "centime", "cts", "cents", "ct", "c", "santimes", "centimme", "centimmes"),
    "et": ("et", "&"),
    "virgule": ("virgule", ","),
}
_PATHS = {"euro": 4, "centime": 5, "trois": 1, "six": 1, "et": 1}
_VALUE = {name: value for value, name in enumerate(_UNITS[:17])} | {name: ten for ten, name in _TENS.items()}
_VALUE |= {"septante": 70, "huitante": 80, "octante": 80, "nonante": 90}


def _word(name: str) -> Expression:
    """The spellings worth a path of their own; a network's output is near enough to one of them for the others."""
    return alt(*SPELLINGS[name][: _PATHS.get(name, 2)])


# ---------------------------------------------------------------- writing


def _small(value: int, swiss: bool = True) -> Expression:
    """All spellings of 0..99."""
    if value < 17:
        return _word(_UNITS[value])
    if value < 20:
        return seq(_word("dix"), opt(" "), _word(_UNITS[value - 10]))
    ways: list[Expression] = []
    ten = value // 10 * 10
    if ten in _TENS:
        ways.append(_above(_word(_TENS[ten]), value - ten))
    if ten == 70:
        ways.append(_above(_word("soixante"), value - 60))
    if ten in (80, 90):
        score = seq(_word("quatre"), opt(" "), _word("vingt"))
        ways.append(_above(score, value - 80))
    if swiss and ten in _SWISS:
        ways.extend(_above(_word(word), value - ten) for word in _SWISS[ten])
    return alt(*ways)


def _above(ten: Expression, rest: int) -> Expression:
    if rest == 0:
        return ten
    joint: Expression = opt(" ")
    if rest in (1, 11):
        joint = alt(seq(opt(" "), "et", opt(" ")), opt(" "))
    return seq(ten, joint, _small(rest))


def _hundreds(value: int) -> Expression:
    """All spellings of 1..999."""
    if value < 100:
        return _small(value)
    head: Expression = _word("cent")
    if value >= 200:
        head = seq(_word(_UNITS[value // 100]), opt(" "), head)
    return seq(head, opt(" "), _small(value % 100)) if value % 100 else head


def number_expression(value: int) -> Expression:
    """All spellings of 0..999,999, space and hyphen written as a space."""
    if value < 1000:
        return _hundreds(value)
    before = seq(_hundreds(value // 1000), opt(" ")) if value >= 2000 else opt(seq("un", " "))
    head = seq(before, _word("mille"))
    return seq(head, opt(" "), _hundreds(value % 1000)) if value % 1000 else head


_EURO = seq(opt(" "), _word("euro"))
_CENTIME = seq(opt(" "), _word("centime"))
_AND = alt(seq(opt(" "), alt("et", ","), opt(" ")), opt(" "))


def amount_expression(cents: Cents) -> Expression:
    """Every spelling of an amount this module knows, for the decoder and for tests."""
    whole, part = divmod(cents, 100)
    if part == 0:
        nothing = alt(seq(_AND, alt("00", "zero"), opt(_CENTIME)), seq(opt(" "), "00/100"))
        return seq(number_expression(whole), opt(_EURO), opt(nothing))
    words = seq(_small(part), opt(_CENTIME))
    figures = seq(alt(f"{part:02d}", *([str(part)] if part < 10 else [])), opt(alt(_CENTIME, "/100")))
    spelled = seq(number_expression(whole), _EURO, _AND, alt(words, figures))
    if whole:
        return spelled
    return alt(spelled, seq(_small(part), _CENTIME))


@lru_cache(maxsize=1)
def every_amount() -> Expression:
    """The language of all amounts up to 999,999.99 as one expression with shared parts."""
    small = alt(*(_small(value) for value in range(1, 100)))
    below = alt(
        small,
        seq(
            opt(seq(alt(*(_word(_UNITS[digit]) for digit in range(2, 10))), opt(" "))),
            _word("cent"),
            opt(seq(opt(" "), small)),
        ),
    )
    thousands = seq(opt(seq(below, opt(" "))), _word("mille"), opt(seq(opt(" "), below)))
    whole = alt("zero", below, thousands)
    digits = alt(*(f"{part:02d}" for part in range(100)))
    part = alt(seq(small, opt(_CENTIME)), seq(digits, opt(alt(_CENTIME, "/100"))), seq("zero", opt(_CENTIME)))
    return alt(seq(whole, opt(_EURO)), seq(whole, _EURO, _AND, part), seq(small, _CENTIME))


def write(cents: Cents, *, hyphens: str = "traditional", style: str = "et centimes") -> str:
    """One careful spelling. `hyphens`: "traditional", "reform" or "none"; `style`: what joins the cents.

    Raises ValueError for negative or larger amounts than `LARGEST`.
    """
    if not 0 <= cents <= LARGEST:
        raise ValueError(f"not an amount a cheque carries: {cents}")
    whole, part = divmod(cents, 100)
    text = f"{_number_words(whole, hyphens)} {'euros' if whole >= 2 else 'euro'}"
    if not part:
        return text
    unit = "centimes" if part > 1 else "centime"
    spelled = _number_words(part, hyphens)
    endings = {"et centimes": f" et {spelled} {unit}", "centimes": f" {spelled} {unit}", "bare": f" {spelled}"}
    endings |= {"figures": f" {part:02d}", "et figures": f" et {part:02d} {unit}", "cts": f" {spelled} cts"}
    return text + endings[style]


def _number_words(value: int, hyphens: str) -> str:
    if value < 100:
        words = _small_words(value)
    elif value < 1000:
        words = _hundred_words(value)
    else:
        head = [] if value < 2000 else _hundred_words(value // 1000, final=False)
        words = [*head, "mille", *(_hundred_words(value % 1000) if value % 1000 else [])]
    if hyphens == "reform":
        return "-".join(words).replace("_", "-")
    joined = " ".join(words)
    return joined.replace("_", "-" if hyphens == "traditional" else " ")


def _hundred_words(value: int, final: bool = True) -> list[str]:
    hundreds, rest = divmod(value, 100)
    words: list[str] = []
    if hundreds:
        words = ["cent"] if hundreds == 1 else [_UNITS[hundreds], "cents" if final and not rest else "cent"]
    return words + (_small_words(rest, final) if rest or not hundreds else [])


def _small_words(value: int, final: bool = True) -> list[str]:
    if value < 20:
        return [_UNITS[value]]
    ten = value // 10 * 10
    if ten in _TENS or ten == 70:
        base, rest = ("soixante", value - 60) if ten == 70 else (_TENS[ten], value - ten)
        if rest == 0:
            return [base]
        return [base, "et", _UNITS[rest]] if rest in (1, 11) else [f"{base}_{_UNITS[rest]}"]
    if value == 80:
        return ["quatre_vingts" if final else "quatre_vingt"]
    return [f"quatre_vingt_{_UNITS[value - 80]}"]


# ---------------------------------------------------------------- reading


def normalise(text: str) -> str:
    """Lower case without accents; hyphens, strokes and stops become single spaces."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"\bd[' ]?(?=eur)", "", plain)
    plain = re.sub(r"/\s*100\b", " centimes", plain)
    plain = re.sub(r"(?<=\d)(?=[a-z€])|(?<=[a-z€])(?=\d)", " ", plain)
    return re.sub(r"[^a-z0-9€&,]+", " ", plain.replace(",", " , ").replace("€", " € ")).strip()


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, str]:
    """Spelling -> word. `cents` stays `cent`; where it stands decides what it means."""
    known = {spelling: name for name, spellings in SPELLINGS.items() for spelling in spellings if name != "centime"}
    known |= {spelling.rstrip("."): "centime" for spelling in SPELLINGS["centime"] if not spelling.startswith("cent")}
    return known | {"centimes": "centime", "centime": "centime", "centimmes": "centime", "centimme": "centime"}


@lru_cache(maxsize=20_000)
def _names(token: str) -> tuple[str, ...] | None:
    """The word or run-together words of a token; None where nothing known is close, or two are equally close."""
    lexicon = _lexicon()
    if token.isdigit():
        return (token,)
    if token in lexicon:
        return (lexicon[token],)
    parts = _taken_apart(token)
    if parts is not None:
        return parts
    near: dict[str, int] = {}
    for spelling, name in lexicon.items():
        if len(spelling) > 2:
            near[name] = min(near.get(name, 9), Levenshtein.distance(token, spelling))
    ranked = sorted(near.items(), key=lambda pair: pair[1])
    allowed = 0 if len(token) < 4 else 1 if len(token) < 7 else 2
    if ranked[0][1] <= allowed and ranked[1][1] > ranked[0][1]:
        return (ranked[0][0],)
    return None


def _taken_apart(token: str) -> tuple[str, ...] | None:
    """`vingtcinq` -> vingt, cinq: the fewest whole spellings of three letters or more that make the token."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(token)
    for end in range(1, len(token) + 1):
        for start in range(max(0, end - 10), end):
            head, piece = best[start], token[start:end]
            if head is None or piece not in _lexicon() or (len(piece) < 3 and piece not in ("un", "et")):
                continue
            longer = best[end]
            if longer is None or len(head) + 1 < len(longer):
                best[end] = (*head, _lexicon()[piece])
    return best[len(token)]


def parse(text: str) -> Cents | None:
    """The amount a text says, in cents. None where it says none, or more than one."""
    names: list[str] = []
    for token in normalise(text).split():
        found = _names(token)
        if found is None:
            return None
        names.extend(found)
    if "euro" in names:
        at = names.index("euro")
        return _total(names[:at], names[at + 1 :])
    if "virgule" in names:
        at = names.index("virgule")
        return _total(names[:at], names[at + 1 :])
    return _without_euro(names)


def _total(whole: list[str], part: list[str]) -> Cents | None:
    if part and part[0] in ("et", "virgule"):
        part = part[1:]
    if part and part[-1] in ("centime", "cent"):
        part = part[:-1]
        if not part:
            return None
    euros = _number(whole)
    cents = _number(part) if part else 0
    if euros is None or cents is None or cents > 99:
        return None
    if part and part[0].isdigit() and len(part[0]) > 2:
        return None
    return euros * 100 + cents


def _without_euro(names: list[str]) -> Cents | None:
    """`cinquante centimes`, `cent vingt`, `cent vingt et 50 centimes`: only where one reading is left."""
    if names and names[-1] == "centime":
        cents = _number(names[:-1])
        if cents is not None and cents < 100:
            return cents
    plain = _number(names)
    if plain is not None:
        return plain * 100
    readings = {
        value
        for cut in range(1, len(names))
        if names[cut - 1] != "et"
        and (names[-1] == "centime" or names[-1].isdigit())
        and (value := _total(names[:cut], names[cut:])) is not None
    }
    return readings.pop() if len(readings) == 1 else None


def _number(names: list[str]) -> int | None:
    """0..999,999 from words, or from one group of figures."""
    if len(names) == 1 and names[0].isdigit():
        return int(names[0])
    if names.count("mille") == 1:
        at = names.index("mille")
        head, tail = names[:at], names[at + 1 :]
        thousands = 1 if not head else _below_thousand(head)
        rest = 0 if not tail else _below_thousand(tail)
        if thousands is None or rest is None or thousands == 0 or (rest == 0 and tail):
            return None
        return thousands * 1000 + rest
    return _below_thousand(names)


def _below_thousand(names: list[str]) -> int | None:
    if names.count("cent") > 1 or not names:
        return None
    if "cent" not in names:
        return _below_hundred(names)
    at = names.index("cent")
    head, tail = names[:at], names[at + 1 :]
    hundreds = 1 if not head else _VALUE.get(head[0], 0) if len(head) == 1 else 0
    rest = 0 if not tail else _below_hundred(tail)
    if not (hundreds == 1 and not head) and not 2 <= hundreds <= 9:
        return None
    return None if rest is None or (rest == 0 and tail) else hundreds * 100 + rest


def _below_hundred(names: list[str]) -> int | None:
    if names[:2] == ["quatre", "vingt"]:
        return _with_rest(80, names[2:], 19)
    if names and names[0] in _VALUE:
        value = _VALUE[names[0]]
        if value == 10:
            return _with_rest(10, names[1:], 9, least=7)
        if value >= 20:
            return _with_rest(value, names[1:], 19 if value == 60 else 9)
        return value if len(names) == 1 else None
    return None


def _with_rest(base: int, names: list[str], most: int, least: int = 1) -> int | None:
    """Base plus what follows it: nothing, or 1..9 (19 after soixante and quatre-vingt), `et` allowed before it."""
    if names and names[0] == "et":
        names = names[1:]
        if not names:
            return None
    if not names:
        return base
    rest = _below_hundred(names) if names[0] in _VALUE and _VALUE[names[0]] < 20 else None
    return base + rest if rest is not None and least <= rest <= most else None
