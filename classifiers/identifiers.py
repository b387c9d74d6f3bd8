"""Numbers that name something: references, IBANs, telephones, e-mail addresses, registered letters.

What a reference of a portfolio looks like is for the matcher to know: here any group with digits enough is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from classifiers.number_words import folded
from classifiers.spans import Span
from classifiers.trade_words import SMALL_WORDS

_GAP = "[ \u00a0\u202f.-]?"
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9OIL]{2}(?=[ \u00a0.-]?[A-Z0-9]{2})")
_IBAN_LENGTHS = {
    "FR": 27, "MC": 27, "BE": 16, "LU": 20, "DE": 22, "ES": 24, "IT": 27, "PT": 25, "NL": 18, "GB": 22, "CH": 21,
    "IE": 22, "AT": 20, "PL": 28, "LT": 20, "RO": 24, "MT": 31, "EE": 20, "LV": 21, "FI": 18, "SE": 24, "DK": 18,
    "GR": 27, "CY": 28, "SI": 19, "SK": 24, "CZ": 24, "HU": 28, "BG": 22, "HR": 21,
}  # fmt: skip
_PHONE = re.compile(
    rf"(?<![\w+])(?:(?:\+|00)\s?(?P<country>33|32|41|352|262|590|594"
    rf"|596){_GAP}(?:\(0\){_GAP})?(?P<abroad>\d(?:{_GAP}\d){{7,8}})"
    rf"|(?P<home>0[1-9](?:(?:{_GAP}\d{{2}}){{4}}|(?:{_GAP}\d{{3}}){{2}}{_GAP}\d{{2}})))(?!\d|[/-]\d)"
)
_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})\s?@\s?((?:[\w-]{1,63}\.)+[A-Za-z]{2,14})(?![\w-])")
_REGISTERED = re.compile(
    r"(?<![A-Za-z0-9])((?:[1-3][A-Z])(?:[ .]?\d{3}){3}[ .]?\d{2}(?:[ .]?\d)?|[A-Z]{2}(?:[ .]?\d{3}){3}[ .]?FR"
    r"|(?:RK|RR|RA|RE)(?: ?\d){9} ?FR|LRE[- ]?\d[\d-]{6,16})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SOCIAL_SECURITY = re.compile(
    r"(?<![\w])([12378][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}"
    r"|2[AB])[ .]?\d{3}[ .]?\d{3})(?:[ ./-]{0,3}(\d{2}))?(?!\w)",
    re.IGNORECASE,
)
_SOCIAL_WORDS = re.compile(
    r"securite sociale|\bn\.?i\.?r\b|assure social|\bsecu\b|immatriculation|\bn[°o]?\s?ss\b|carte vitale|allocataire"
)
_LEAD = re.compile(
    r"\b(?:v/?\s?ref|n/?\s?ref|ref|references?|dossiers?|doss|dos|clients?|factures?|fact|contrats?|comptes?"
    r"|abonnes?|abonnements?"
    r"|adherents?|societaires?|creances?|numeros?|num|n\s?[°o0º]|matricules?|polices?|devis|commandes?"
    r"|identifiants?|sinistres?"
    r"|pret|bail|lot|affaire|objet|libelle|motif|code|id)\b\.?(?:\s?(?:n[°oº]s?|num(?:ero)?|client|dossier"
    r"|facture|contrat|de|du|ref(?:erence)?|:|\.|-|,|=|°)\s?\.?)*[\s:.=#\"«(]*"
)
_TOKEN = re.compile(r"[A-Za-zÀ-ÿ0-9]+")
_ATTACHES = re.compile(r"[-/._–—*°]|\s?[-–—/]\s?\n?\s?")  # ties two tokens into one group
_SPACES = re.compile(r"[ \u00a0\u202f\t]{1,3}")  # may tie two groups
MOST_REFERENCES = 60
MOST_GROUPS = 5  # groups of one reference tied by spaces: "3 427 668 883" has four
_RUN = 9
_PARTS = 9  # tokens tied to one group


@dataclass(frozen=True, slots=True)
class _Group:
    """Tokens tied without a space: `R26-141857`."""

    start: int
    end: int
    digits: int


def iban_key_holds(iban: str) -> bool:
    """ISO 7064 mod 97-10: the four first characters moved to the end, letters as 10..35, remainder 1."""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", iban):
        return False
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1


def find_ibans(text: str) -> list[Span]:
    """IBANs whose key holds (confidence 1), mended where O stood for 0 or I for 1 (0.9); others at 0.4."""
    upper = text.upper() if len(text.upper()) == len(text) else text
    found: list[Span] = []
    for match in _IBAN.finditer(upper):
        end = _end_of(upper, match.start(), _IBAN_LENGTHS.get(match[0][:2], 0))
        if end is None or (found and match.start() < found[-1].end):
            continue
        value, confidence = _mended_iban(re.sub(r"[^A-Z0-9]", "", upper[match.start() : end]))
        found.append(Span(match.start(), end, text[match.start() : end], value, confidence or 0.4))
    return found


def _end_of(text: str, start: int, length: int) -> int | None:
    """Where `length` letters and digits end that single spaces, points or dashes may part; None if there are "
    "fewer."""
    parted = False
    for place in range(start, min(start + 2 * length, len(text))):
        if text[place].isascii() and text[place].isalnum():
            length, parted = length - 1, False
            if length == 0:
                return place + 1
        elif parted or text[place] not in " \u00a0.-":
            return None
        else:
            parted = True
    return None


def _mended_iban(plain: str) -> tuple[str, float]:
    if iban_key_holds(plain):
        return plain, 1.0
    digits = str.maketrans("OQDILSBZG", "000115826")
    body = plain[2:14] if plain[:2] in ("FR", "MC") else plain[2:4]
    tail = plain[2 + len(body) :]
    for mended in (
        plain[:2] + body.translate(digits) + tail,
        plain[:2] + body.translate(digits) + tail[:-2] + tail[-2:].translate(digits),
        plain[:2] + (body + tail).translate(digits),
    ):
        if iban_key_holds(mended):
            return mended, 0.9
    return plain, 0.0


def find_phones(text: str) -> list[Span]:
    """French numbers as `0xxxxxxxxx`; other countries as `+` and digits."""
    found = []
    for match in _PHONE.finditer(text):
        if match["home"]:
            value = re.sub(r"\D", "", match["home"])
        else:
            digits = re.sub(r"\D", "", match["abroad"])
            value = (
                f"0{digits}"
                if match["country"] in ("33", "262", "590", "594", "596")
                else f"+{match['country']}{digits}"
            )
            if value.startswith("0") and len(value) != 10:
                continue
        found.append(Span(match.start(), match.end(), match[0], value))
    return found


def find_emails(text: str) -> list[Span]:
    return [
        Span(match.start(), match.end(), match[0], f"{match[1]}@{match[2]}".lower().strip("."))
        for match in _EMAIL.finditer(text)
    ]


def find_registered_letters(text: str) -> list[Span]:
    """Numbers of registered letters: La Poste `1A 123 456 789 0 1`, S10 `RK123456789FR`, electronic `LRE-...`."""
    return [
        Span(match.start(), match.end(), match[0], re.sub(r"[^A-Z0-9]", "", match[1].upper()), 0.9)
        for match in _REGISTERED.finditer(text)
    ]


def find_social_security(text: str) -> list[Span]:
    """NIR: found only to keep them out of everything else. By its key, or by the words before thirteen digits."""
    found = []
    low = folded(text)
    for match in _SOCIAL_SECURITY.finditer(text):
        number = re.sub(r"\W", "", match[1].upper()).replace("2A", "19").replace("2B", "18")
        keyed = bool(match[2]) and number.isdigit() and 97 - int(number) % 97 == int(match[2])
        told = _SOCIAL_WORDS.search(low, max(0, match.start() - 60), match.start()) is not None
        if keyed or told:
            found.append(Span(match.start(), match.end(), match[0], "", 1.0 if keyed else 0.8))
    return found


def find_references(text: str) -> list[Span]:
    """Whatever could be a file, customer or invoice number: best-founded first, at most MOST_REFERENCES.

    What follows a word such as "dossier" stands first (0.95); then groups with four digits (0.7); then neighbours
    joined over spaces (0.5). Pass a text in which sums, dates, telephones and IBANs are `blanked`.
    """
    leads = {match.end() for match in _LEAD.finditer(folded(text))}
    found: dict[str, Span] = {}
    for run in _runs(text):
        led = _is_led(run[0].start, leads)
        for span in _of_run(text, run, led):
            known = found.get(span.value)
            if known is None or known.confidence < span.confidence:
                found[span.value] = span
    ranked = sorted(found.values(), key=lambda span: (-span.confidence, span.start))
    return ranked[:MOST_REFERENCES]


def _is_led(start: int, leads: set[int]) -> bool:
    return any(start - reach in leads for reach in range(3))


def _of_run(text: str, run: list[_Group], led: bool) -> list[Span]:
    spans = []
    for first in range(len(run)):
        for last in range(first, min(first + MOST_GROUPS, len(run))):
            whole = first == 0 and last == len(run) - 1
            confidence = 0.7 if first == last else 0.5 if whole else 0.4
            if led and first == 0:
                confidence = 0.95 if whole or first == last else 0.8
            spans.append(_reference(text, run[first].start, run[last].end, confidence, led=led and first == 0))
        spans += _inside(text, run[first])
    return [span for span in spans if span]


def _inside(text: str, group: _Group) -> list[Span | None]:
    """Two numbers tied by a stroke, `C22-253909/F71768311`: each alone is offered too."""
    tokens = list(_TOKEN.finditer(text, group.start, group.end))
    if len(tokens) < 2:
        return []
    pairs = [(first, last) for first in range(len(tokens)) for last in range(first, len(tokens))]
    return [
        _reference(text, tokens[first].start(), tokens[last].end(), 0.4, led=False)
        for first, last in pairs
        if last - first < len(tokens) - 1
    ]


def _reference(text: str, start: int, end: int, confidence: float, *, led: bool) -> Span | None:
    value = re.sub(r"[^A-Z0-9]", "", text[start:end].upper())
    digits = sum(character.isdigit() for character in value)
    enough = digits >= 4 or (led and digits >= 2 and len(value) >= 3)
    return (
        Span(start, end, text[start:end], value, confidence)
        if enough and len(value) <= 34 and not _is_year(value)
        else None
    )


def _is_year(value: str) -> bool:
    return len(value) == 4 and value.isdigit() and 1900 <= int(value) <= 2099


def _runs(text: str) -> list[list[_Group]]:
    """Groups that stand side by side on a line, each with digits or a short code in front of digits."""
    runs: list[list[_Group]] = []
    run: list[_Group] = []
    for group in _groups(text):
        near = run and _SPACES.fullmatch(text, run[-1].end, group.start)
        if not near or len(run) >= _RUN:
            runs.append(run)
            run = []
        run.append(group)
    runs.append(run)
    return [trimmed for run in runs if (trimmed := _trimmed(run))]


def _trimmed(run: list[_Group]) -> list[_Group]:
    """Codes without digits after the last number belong to the next word of the sentence."""
    while run and run[-1].digits == 0:
        run = run[:-1]
    return run


def _groups(text: str) -> list[_Group]:
    groups: list[_Group] = []
    tokens = list(_TOKEN.finditer(text))
    number = 0
    while number < len(tokens):
        last = number
        while last + 1 < min(len(tokens), number + _PARTS) and _tied(text, tokens[last], tokens[last + 1]):
            last += 1
        written = [token[0] for token in tokens[number : last + 1]]
        digits = sum(character.isdigit() for token in written for character in token)
        if digits or (len(written) == 1 and _codelike(written[0])):
            groups.append(_Group(tokens[number].start(), tokens[last].end(), digits))
        number = last + 1
    return groups


def _tied(text: str, left: re.Match[str], right: re.Match[str]) -> bool:
    between = _ATTACHES.fullmatch(text, left.end(), right.start())
    return between is not None and _ties(between[0], left[0], right[0])


def _ties(between: str, left: str, right: str) -> bool:
    """A bare stroke ties a code to anything; one between spaces ties only two codes."""
    if any(character.isspace() for character in between):
        return _codelike(left) and (
            any(character.isdigit() for character in right) or (right.isupper() and len(right) <= 3)
        )
    return _codelike(left) or _codelike(right)


def _codelike(token: str) -> bool:
    """Digits, or at most four letters that are no small word of the language: `R26`, `AZT`, `d`."""
    if any(character.isdigit() for character in token):
        return True
    return (
        len(token) <= 4 and token.isascii() and (token.isupper() or len(token) == 1 or token.lower() not in SMALL_WORDS)
    )
