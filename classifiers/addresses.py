"""French postal addresses (NF Z10-011, with the freedom people take) as blocks of lines: who, street, postcode, "
"town."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from classifiers.number_words import folded
from models.agency import Agency

_TOWN = (
    r"(?!(?:Du|De|Des|Au|Et|Le|La|Les|Euros?|Mois)\s[a-z])"
    r"[A-ZÀ-ŸŒ][A-Za-zÀ-ÿŒœ'’. -]{1,40}?(?:\s+(?:CEDEX|Cedex|cedex)(?:\s+\d{1,2})?)?"
)
_POSTCODE = re.compile(
    rf"(?<![\d/.,-])(?:F[- ])?(?P<code>(?:0[1-9]|[1-8]\d"
    rf"|9[0-8])[ .]?\d{{3}})[ ,\u00a0–-]{{1,4}}(?P<town>{_TOWN})(?=\s*(?:$|[\n,;:()]|\.\s|\.$|\s{{2,}}|\s(?:le|Le"
    rf"|LE|FRANCE|France|Tél|tél|Tel|tel|TEL)\b|\s?[–|]))",
    re.MULTILINE,
)
_WAY = (
    r"(?:rue|r\.|avenue|av\.?|ave|boulevard|bd\.?|bld|blvd|place|pl\.?|chemin|che\.?|ch\.|route|rte|impasse"
    r"|imp\.?|all[ée]e?s?|all\.?|square|sq\.?|cours|quai|passage"
    r"|ruelle|sente|sentier|venelle|mont[ée]e|c[oô]te|faubourg|fbg|fg|lotissement|lot\.?|r[ée]sidence|r[ée]s\.?"
    r"|cit[ée]|hameau|ham\.?|lieu[- ]dit|mail|esplanade|promenade|villa"
    r"|clos|domaine|parc|rond[- ]point|voie|traverse|chauss[ée]e|cour|porte|quartier|villag?e|zone|za|zi|zac"
    r"|rempart|digue|mas|ferme|immeuble|tour|foyer|ehpad)"
)
_STREET = re.compile(
    rf"(?<![\w/-])(?P<street>\d{{1,4}}\s?(?:bis|ter|quater"
    rf"|[A-Da-d](?=[\s,]))?\s?(?:[-/]\s?\d{{1,4}}\s?)?[,.]?\s{{0,2}}{_WAY}\s[^\n,;]{{2,60}})",
    re.IGNORECASE,
)
_NUMBERLESS = re.compile(
    rf"^\s*(?:{_WAY}|appt?\.?|appartement|b[aâ]t(?:iment)?\.?|esc(?:alier)?\.?|[ée]tage|porte|chez|c/o|le |la "
    rf"|les |l['’])\b.{{2,60}}$",
    re.IGNORECASE,
)
_BOX = re.compile(r"\b(?:BP|B\.P\.|CS|TSA|C\.S\.)\s?\d{2,6}\b", re.IGNORECASE)
_EDGE = re.compile(
    r"^\W*(?:objet|r[ée]f|v/?\s?r[ée]f|n/?\s?r[ée]f|date|tel|t[ée]l|mail|e-?mail|dossier|lettre|pi[èe]ce|madame"
    r"|monsieur,|bonjour)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^\W*(?:(?:mon |ma |notre )?(?:nouvelle )?adresse(?: postale| actuelle| complète)?(?: est)?\s*[:=]|demeurant"
    r"|domicili[ée]+e?s?(?: [àa]u?)?|j['’]habite(?: maintenant)?(?: au)?|[ée]crire [àa]u?|chez)\s*",
    re.IGNORECASE,
)
HEADER_LINES = 30


@dataclass(frozen=True, slots=True)
class AddressBlock:
    """One address. `names` are the lines above the street, as written; positions are of street to town in the "
    "text."""

    start: int
    end: int
    names: tuple[str, ...]
    street: str
    postcode: str
    town: str
    first_line: int
    last_line: int

    @property
    def one_line(self) -> str:
        return ", ".join(part for part in (self.street, f"{self.postcode} {self.town}".strip()) if part)


def find_addresses(text: str) -> list[AddressBlock]:
    """Every postcode with a town, with its street and the lines above it where they stand together."""
    starts = _line_starts(text)
    lines = text.split("\n")
    blocks = []
    for match in _POSTCODE.finditer(text):
        number = _line_of(starts, match.start())
        street, street_line, street_start = _street_of(text, lines, starts, number, match.start())
        names = _names_above(lines, street_line)
        blocks.append(
            AddressBlock(
                start=street_start if street else match.start(),
                end=match.end("town"),
                names=names,
                street=street,
                postcode=re.sub(r"\D", "", match["code"]),
                town=" ".join(match["town"].split()).strip(" .-"),
                first_line=street_line - len(names),
                last_line=number,
            )
        )
    return blocks


def _street_of(
    text: str, lines: Sequence[str], starts: Sequence[int], number: int, code_at: int
) -> tuple[str, int, int]:
    """Street text, its line, its place. Same line first, then up to three lines above."""
    before = text[starts[number] : code_at]
    found = _last_street(before)
    if found:
        return found[0], number, starts[number] + found[1]
    collected: list[str] = []
    place = (number, starts[number])
    for above in range(number - 1, max(-1, number - 4), -1):
        line = lines[above].strip()
        if not line or _POSTCODE.search(line) or _EDGE.match(line):
            break
        street = _last_street(line)
        if street or _BOX.search(line) or (_NUMBERLESS.match(line) and not collected):
            written = street[0] if street and street[1] > 0 else line
            collected.insert(0, " ".join(written.split()).strip(" ,;"))
            place = (above, starts[above])
            if street or _BOX.search(line):
                break
        else:
            break
    return ", ".join(collected), place[0], place[1]


def _last_street(line: str) -> tuple[str, int] | None:
    found = list(_STREET.finditer(line))
    if not found:
        return None
    match = found[-1]
    return " ".join(match["street"].split()).strip(" ,.;-–"), match.start("street")


def _names_above(lines: Sequence[str], street_line: int) -> tuple[str, ...]:
    names: list[str] = []
    for above in range(street_line - 1, max(-1, street_line - 5), -1):
        line = lines[above].strip()
        if not line or _POSTCODE.search(line) or _EDGE.match(line) or len(line) > 70:
            break
        names.insert(0, line)
    if not names and street_line < len(lines):
        match = _STREET.search(lines[street_line])
        inline = lines[street_line][: match.start()].strip(" ,;:-–") if match else ""
        if inline and not _LEAD.match(inline + " ") and len(inline) < 60:
            names = [re.sub(r"^\W*(?:de|exp[ée]diteur|exp)\s?:\s*", "", inline, flags=re.IGNORECASE)]
    return tuple(names)


def is_agency_text(text: str, agency: Agency) -> bool:
    """Whether a line or block names us: our name, or a line of our address, allowing for misreading."""
    low = folded(" ".join(text.split()))
    names = [folded(name) for name in agency.names]
    return any(len(name) > 3 and fuzz.partial_ratio(name, low) >= 86 and len(low) >= len(name) - 3 for name in names)


def is_agency_address(block: AddressBlock, agency: Agency) -> bool:
    """Whether this block is our own address."""
    if any(is_agency_text(line, agency) for line in block.names):
        return True
    ours = folded(" ".join(agency.address))
    if not ours:
        return False
    written = folded(block.one_line)
    return (block.postcode in ours.replace(" ", "") or fuzz.ratio(written, ours) > 80) and fuzz.token_set_ratio(
        written, ours
    ) >= 75


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _line_of(starts: Sequence[int], place: int) -> int:
    low, high = 0, len(starts) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if starts[middle] <= place:
            low = middle
        else:
            high = middle - 1
    return low
