"""Who wrote: the header block, the "From" of an e-mail, the signature; never we ourselves.

Sender and recipient are told apart by our own name and address, and by their places on a French letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.addresses import AddressBlock, is_agency_address, is_agency_text
from classifiers.number_words import folded
from classifiers.persons import find_companies, find_persons, is_name
from models.agency import Agency
from models.reading import EmailHeaders

_SALUTATION = re.compile(
    r"^\W*(?:(?:ch[eè]re?s?\s+)?(?:madame|monsieur|messieurs|mesdames|ma[iî]tre|mme|m\.|mr)(?:\s*(?:,|et|ou"
    r"|/)?\s*(?:madame|monsieur|messieurs|mesdames))?(?:\s+\w+)?\s*,"
    r"|(?:madame|monsieur|messieurs|mesdames)(?:\s*(?:,|et|ou|/)?\s*(?:madame|monsieur|messieurs|mesdames))?\W*$"
    r"|bonjour|bonsoir|salut\b|hello)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"cordialement|salutations|sinc[eè]rement|respectueu|sentiments|consid[eé]ration|bien [àa] vous|\bcdlt"
    r"|\bcdt\b|v[oô]tre d[eé]vou|mes respects|bonne journ[eé]e"
    r"|bonne r[eé]ception|merci|remerci|veuillez|je vous prie|dans l['’]attente|hommages|[àa] bient[oô]t|signature",
    re.IGNORECASE,
)
_TAIL_NOTE = re.compile(
    r"^\W*(?:p\.?\s?j\.?\b|pi[eè]ces? jointes?|p\.?\s?s\.?\b|annexes?|copie|ci-joint|n\.?b\.?\b|envoy[eé]|>|tr\s?:)",
    re.IGNORECASE,
)
_CIVILITY = re.compile(
    r"^(?:m\.?\s?(?:et|ou|&)\s?m(?:me)?\.?|monsieur|madame|mademoiselle|mme|mlle|mr\.?|m\.|me|ma[iî]tre|dr)\s+",
    re.IGNORECASE,
)
_AUTOMATIC_ADDRESS = re.compile(
    r"^(?:no-?reply|ne-?pas-?repondre|mailer-daemon|postmaster|notification|robot)", re.IGNORECASE
)
_SIGNATURE_LINES = 14
_HEAD_LINES = 34


@dataclass(frozen=True, slots=True)
class Sender:
    """Name and address of who wrote, as written, and whose address block in the text is theirs or ours."""

    name: str | None = None
    address: str | None = None
    own_block: AddressBlock | None = None
    recipient_blocks: tuple[AddressBlock, ...] = ()
    confidence: float = 0.0


def find_sender(text: str, blocks: Sequence[AddressBlock], agency: Agency, email: EmailHeaders | None) -> Sender:
    """Best statement first: e-mail header, block at the head, signature. Anything that names us is left out."""
    lines = text.split("\n")
    salutation = _salutation_line(lines)
    ours = tuple(block for block in blocks if is_agency_address(block, agency))
    others = [block for block in blocks if block not in ours]
    head = [block for block in others if block.last_line < salutation] if email is None else []
    recipients = list(ours)
    if not ours and len(head) > 1 and not agency.names:
        recipients.append(head[1])  # French order: sender first, recipient below or right
    own = _own_block(head, others, lines)
    signature = _signature(lines, agency)
    name = _email_name(email, agency) or _block_name(own, agency) or _head_name(lines[:salutation], agency, email)
    confidence = 0.9 if name else 0.7
    return Sender(
        name=name or signature,
        address=own.one_line if own else None,
        own_block=own,
        recipient_blocks=tuple(recipients),
        confidence=confidence if name or signature else 0.0,
    )


def _salutation_line(lines: Sequence[str]) -> int:
    """The first line of the letter proper; without a salutation, the lines that a head may take."""
    for number, line in enumerate(lines[:_HEAD_LINES]):
        if _SALUTATION.match(line.strip()) and len(line.strip()) < 90 and number > 0:
            return number
    return min(len(lines), 14)


def _own_block(
    head: Sequence[AddressBlock], others: Sequence[AddressBlock], lines: Sequence[str]
) -> AddressBlock | None:
    """The first block of the head with a street; else one at the very end, under the signature."""
    with_street = [block for block in head if block.street] or list(head)
    if with_street:
        return with_street[0]
    tail = [block for block in others if block.last_line >= len(lines) - 8 and block.street]
    tail = [block for block in tail if _stands_alone(block, lines)]
    return tail[-1] if tail else None


def _stands_alone(block: AddressBlock, lines: Sequence[str]) -> bool:
    """An address under a signature, not one inside a sentence."""
    written = " ".join(lines[block.last_line].split())
    return len(written) <= len(block.one_line) + 45


def _email_name(email: EmailHeaders | None, agency: Agency) -> str | None:
    if email is None or not email.sender_name.strip():
        return None
    address = email.sender_address.casefold()
    if any(address.endswith(f"@{domain.casefold()}") for domain in agency.email_domains):
        return None
    name = " ".join(email.sender_name.replace('"', " ").split()).strip(" '")
    person = re.split(r"\s*[,(|]\s*|\s+[-–—]\s+", name)[0]
    if not person or "@" in person or _AUTOMATIC_ADDRESS.match(address) or is_agency_text(name, agency):
        return None
    return _CIVILITY.sub("", person).strip() or person


def _block_name(block: AddressBlock | None, agency: Agency) -> str | None:
    if block is None:
        return None
    for line in block.names:
        if name := name_in_line(line, agency) or name_in_line(_titled(line), agency):
            return name
    return None


def _titled(line: str) -> str:
    """Above a street two or three words are a name however they are written: "Lopez jean"."""
    words = line.split()
    return " ".join(word[:1].upper() + word[1:] for word in words) if len(words) in (2, 3) else line


def _head_name(head: Sequence[str], agency: Agency, email: EmailHeaders | None) -> str | None:
    """A line of the head that is a name and nothing else."""
    if email is not None:
        return None
    for line in head[:8]:
        if name := name_in_line(line, agency):
            return name
    return None


def name_in_line(line: str, agency: Agency) -> str | None:
    """The person or firm that this line of a block names, without civility; None for anything else."""
    line = re.sub(
        r"^\W*(?:de|exp[ée]diteur|exp|nom(?:,? pr[ée]noms?)?|nom et pr[ée]nom|from)\s*:\s*",
        "",
        line.strip(),
        flags=re.IGNORECASE,
    )
    if not line or is_agency_text(line, agency) or len(line) > 70:
        return None
    bare = _CIVILITY.sub("", re.split(r"\s*[,(|;]\s*|\s+[-–—]\s+|\s{3,}", line)[0].strip()).strip(" .,;")
    with_civility = bool(_CIVILITY.match(line))
    if is_name(_recased(bare), alone=with_civility or _is_single_capital_name(bare)):
        return bare
    companies = find_companies(line)
    if companies:
        return companies[0].text
    persons = find_persons(line)
    return persons[0].text if persons else None


def _recased(name: str) -> str:
    """Small letters of hurried writers ("jean lopez") do not make it less of a name."""
    return name.title() if name.islower() and len(name.split()) in (2, 3) else name


def _is_single_capital_name(bare: str) -> bool:
    return bare.isupper() and bare.isalpha() and len(bare) >= 3


def _signature(lines: Sequence[str], agency: Agency) -> str | None:
    """The name under the closing formula, or the last line that is nothing but a name."""
    last = len(lines)
    while last > 0 and (not lines[last - 1].strip() or _TAIL_NOTE.match(lines[last - 1])):
        last -= 1
    closing = max(
        (number for number in range(max(0, last - _SIGNATURE_LINES), last) if _CLOSING.search(lines[number])),
        default=None,
    )
    order = list(range(closing, last)) if closing is not None else []
    order += list(range(last - 1, max(-1, last - 5), -1))
    for number in order:
        line = lines[number].strip()
        if number == closing:
            line = re.split(r"[,.:!]\s*", line)[-1]  # "Cordialement, Paul Roux" on one line
            if _CLOSING.search(line):
                continue
        if number != closing and len(line.split()) > 9:
            continue
        name = name_in_line(_signed(line), agency)
        if name:
            return name
    return None


def _signed(line: str) -> str:
    line = re.sub(r"^\W*(?:sign[eé]e?\s*:?|pour la .{3,40}:|pour le .{3,40}:)\s*", "", line, flags=re.IGNORECASE)
    return re.sub(r"^\W+|[\s.,;]+$", "", folded_dash(line))


def folded_dash(line: str) -> str:
    return line.replace("\u2013", "-").replace("\u00a0", " ")


def same_person(left: str, right: str) -> bool:
    """Whether two writings share a word of three letters or more, accents aside."""
    words = [set(re.findall(r"\w{3,}", folded(text))) for text in (left, right)]
    return bool(words[0] & words[1])
