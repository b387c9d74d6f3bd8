"""What a person writes now, told apart from the thread they quote, their signature and the legal small print.

Line by line, as mail clients write: `>` prefixes, "Le ... a écrit :", blocks of headers, markers of forwarding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_BODY = 400_000  # characters looked at; what lies beyond is taken as quoted
SHORT_COVER_NOTE = 14  # words: below this, a forwarded message is the content, not a quotation
DEEPEST_FORWARD = 4
LONGEST_SIGNATURE = 14  # lines below "-- "

_DATE_OR_TIME = r"(?:\d{1,2}[:hH]\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}|(?:19|20)\d{2})"
_ATTRIBUTION = re.compile(
    rf"""^\W{{0,3}}(?:
        (?:Le|En\ date\ d[ue]|Date|On|Am|El|Il)\b.{{0,60}}?\d.{{0,240}}?
            (?:(?<=[\s>)\]"»”*,])(?:a\ (?:[eé]crit|r[eé]pondu)|wrote|schrieb|escribi[oó]|ha\ scritto))
            \s?(?::|\.{{3}}|…|$)
      | (?:Am|On|El)\ .{{0,40}}\d.{{0,60}}\b(?:schrieb|wrote|escribi[oó])\b.{{1,120}}:
      | [^@]{{0,80}}<?\S+@\S+?>?\s(?:a\ [eé]crit|wrote|schrieb)\b.{{0,60}}:
      | .{{2,80}}\sa\ [eé]crit\s(?:le|en\ date\ du)\s.{{0,20}}{_DATE_OR_TIME}.{{0,30}}:
      | \d{{4}}-\d{{2}}-\d{{2}}\s.{{3,80}}<\S+@\S+>\s?:
    )\W{{0,4}}$""",
    re.VERBOSE | re.IGNORECASE,
)
_ATTRIBUTION_OPENS = re.compile(r"^\W{0,3}(?:Le|En date d[ue]|On|Am|El|Il)\b.*\d|^\d{4}-\d{2}-\d{2}\s", re.IGNORECASE)
_STRONG = re.compile(r"\d{1,2}\s?[:hH]\s?\d{2}|@", re.IGNORECASE)
_FORWARDED = re.compile(
    r"^[\s>*_=-]*(?:(?:d[eé]but d[ue]|d[eé]but)?\s*(?:message|mail|courriel|courrier"
    r"|e-mail)s?\s*(?:transf[eé]r[eé]|r[eé]exp[eé]di[eé]|transmis)s?"
    r"|begin forwarded message|forwarded (?:message|mail)|weitergeleitete nachricht)[\s:*_=-]*$",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^[\s>*_=-]{2,}\s*(?:message|mail|courriel|courrier|e-mail)\s*(?:d['’´]\s?origine|original|initial"
    r"|pr[eé]c[eé]dent)[\s:*_=-]*$"
    r"|^[\s>*_=-]*(?:original (?:message|e?-?mail|appointment)|urspr[uü]ngliche nachricht)[\s:*_=-]*$"
    r"|^[\s=_>-]*message du\s*:?\s*\d{1,2}[/.]\d{1,2}[/.]\d{2,4}.{0,20}$",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^[\s>*_]*(?P<name>de|from|von|exp[eé]diteur|envoy[eé](?:\s+(?:le|par))?|sent|date|[aà]|to|pour"
    r"|destinataires?|cc|copie(?:\s+[aà])?|bcc|cci"
    r"|objet|sujet|subject|r[eé]pondre\s+[aà]|reply-to|pi[eè]ces?\s+jointes?|importance|date\s+d'envoi|message\s+du)"
    r"[\s*_]*[:：](?P<value>.*)$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^(?:de|from|von|exp[eé]diteur|envoy[eé]\s+par)$", re.IGNORECASE)
_RULE = re.compile(r"^\s*[_=*~\-–—]{5,}\s*$")
_DASHED = re.compile(r"^\s*[-_=*]{3,}.{0,80}[-_=*]{3,}\s*$")
_SIGNATURE_RULE = re.compile(r"^-- ?$")
_DEVICE = re.compile(
    r"^\W*(?:(?:envoy[eé]s?|exp[eé]di[eé]|[eé]crit|r[eé]dig[eé])\s+(?:de|depuis|[aà] partir d[e'’]|avec|via"
    r"|gr[aâ]ce [aà])\s?(?:(?:mon|ma|notre|la|le|un|une)\s|l['’]|(?=yahoo|outlook|mail\b|proton|samsung|android"
    r"|orange|sfr|k-9))"
    r".{0,60}?"
    r"(?:i-?phone|i-?pad|mobile|smartphone|t[eé]l[eé]phone|portable|galaxy|samsung|android|outlook|ios|windows"
    r"|yahoo|mail|messagerie|tablette|huawei|xiaomi|honor|oppo|blackberry|orange|sfr|free|bouygues|web|appareil"
    r"|application).{0,40}"
    r"|t[eé]l[eé]charge[rz] outlook.{0,40}|obten(?:ir|ez) outlook.{0,40}|get outlook for .{0,20}|sent (?:from"
    r"|with) .{2,60}"
    r"|provenance\s*:\s*courrier.{0,40}|envoyé à l'aide de .{0,40}|garanti sans virus.{0,60}"
    r"|l'absence de virus dans ce courrier.{0,80}"
    r"|cet? (?:e-?mail|courriel|courrier)(?: électronique)? a été vérifié par .{0,60}|virus-free\..{0,60})\W*$",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"(?:\b(?:ce|cet|le pr[eé]sent|this)\s+(?:message|courriel|courrier|mail|e-?mail|document"
    r"|communication)\b.{0,200}?"
    r"(?<!n'est pas )\b(?:confidentiel|strictement r[eé]serv[eé]|exclusi(?:f|vement)"
    r"|destin[eé]s?\s+(?:exclusivement|uniquement)|confidential|intended|propri[eé]t[eé]|secret professionnel)"
    r"|si vous n['’][eê]tes pas (?:le|son|l['’]un des) (?:v[eé]ritable )?destinataire|if you (?:are not"
    r"|have received)"
    r"|si vous (?:recevez|avez re[cç]u) ce (?:message|courriel|mail|document) par erreur"
    r"|avant d['’]imprimer|n['’]imprimez (?:ce|que)|pensez [aà] l['’]environnement|adoptez l['’][eé]co-?attitude"
    r"|please consider the environment"
    r"|d[eé]cline toute responsabilit[eé].{0,80}\b(?:message|alt[eé]r|modifi|falsifi))",
    re.IGNORECASE | re.DOTALL,
)
_NEGATED_DISCLAIMER = re.compile(r"n['’]est (?:pas|plus|aucunement) (?:strictement )?confidentiel", re.IGNORECASE)
_FORMULA = re.compile(
    r"^\W*(?:bonjour|bonsoir|madame|monsieur|messieurs|mesdames|cordialement|bien cordialement|cdlt|cdt"
    r"|salutations?|merci|bien à vous|respectueusement|pour info(?:rmation)?|fyi|pj)\b[\w\s,’']{0,30}\W*$",
    re.IGNORECASE,
)
_SPACES = {ord(space): " " for space in "\u00a0\u202f\u2007\u2009\u200b\u200e\u200f\ufeff\t"}


@dataclass(frozen=True, slots=True)
class QuotedSplit:
    """The three add up to the body, in lines. `forwarded`: the content of `new` is a message passed on."""

    new: str
    quoted: str = ""
    signature: str = ""
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class _Break:
    """From line `start` on the text is somebody else's; their words begin at `body`."""

    start: int
    body: int
    forward: bool
    sender: str = ""


def split_quoted(body: str, own_domains: Iterable[str] = ()) -> QuotedSplit:
    """Tell new text from quoted text, signature and disclaimer. Never raises.

    A forwarded message with no more than a short cover note is itself the content, unless it comes from one of
    `own_domains` (our own mail passed back to us is a quotation).
    """
    lines = body[:LONGEST_BODY].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    split = _split(lines, tuple(domain.casefold() for domain in own_domains), 0)
    beyond = body[LONGEST_BODY:]
    return split if not beyond else QuotedSplit(split.new, split.quoted + beyond, split.signature, split.forwarded)


def _split(lines: Sequence[str], own_domains: tuple[str, ...], depth: int) -> QuotedSplit:
    plain = [line.translate(_SPACES).rstrip() for line in lines]
    found, quoted = _walk(plain)
    end = found.start if found else len(lines)
    own = [line for number, line in enumerate(lines[:end]) if number not in quoted]
    above = [line for number, line in enumerate(lines[:end]) if number in quoted]
    new, signature = _without_signature(own)
    if found is None:
        return QuotedSplit(_text(new), _text(above), _text(signature))
    rest = list(lines[found.start :])
    if _is_content(found, new, above, own_domains) and depth < DEEPEST_FORWARD:
        inner = _split(_unprefixed(lines[found.body :]), own_domains, depth + 1)
        if inner.new:
            headers = list(lines[found.start : found.body])
            return QuotedSplit(
                _text([*new, "", inner.new]),
                _text([*above, *headers, inner.quoted]),
                _text([*signature, inner.signature]),
                forwarded=True,
            )
    return QuotedSplit(_text(new), _text([*above, *rest]), _text(signature))


def _is_content(found: _Break, new: Sequence[str], above: Sequence[str], own_domains: tuple[str, ...]) -> bool:
    if above or any(f"@{domain}" in found.sender.casefold() for domain in own_domains):
        return False
    words = sum(len(re.findall(r"\w\w+", line)) for line in new if not _FORMULA.match(line))
    return words <= SHORT_COVER_NOTE if found.forward else words == 0


def _walk(plain: Sequence[str]) -> tuple[_Break | None, set[int]]:
    """The first unprefixed break, and the lines above it that are quoted with `>`."""
    quoted: set[int] = set()
    number = 0
    while number < len(plain):
        line = plain[number]
        if _prefixed(line):
            if _ORIGINAL.match(line) or _FORWARDED.match(line):  # whole rest is one prefixed message
                rest = [other for other in plain[number:] if other]
                if _FORWARDED.match(line) and all(map(_prefixed, rest)):
                    return _break_at(plain, number, forward=True), quoted
            quoted.add(number)
            number += 1
            continue
        if found := _unprefixed_break(plain, number):
            return found, quoted
        last = _attribution_end(plain, number)
        if last is not None:
            quoted.update(range(number, last + 1))
            number = last + 1
            continue
        if _orphan(plain, number, quoted):
            quoted.add(number)
        number += 1
    quoted.update(_captions(plain, quoted))
    return None, quoted


def _captions(plain: Sequence[str], quoted: set[int]) -> set[int]:
    """Lines a client sets just above a `>` block without a date: "De : ...", "---- Message reçu ----"."""
    captions: set[int] = set()
    for number in quoted:
        above = number - 1
        while above >= 0 and number - above <= 6 and above not in quoted:
            if plain[above] and not (_HEADER.match(plain[above]) or _DASHED.match(plain[above])):
                break
            if plain[above]:
                captions.update(range(above, number))
            above -= 1
    return captions


def _unprefixed_break(plain: Sequence[str], number: int) -> _Break | None:
    line = plain[number]
    if _FORWARDED.match(line):
        return _break_at(plain, number, forward=True)
    if _ORIGINAL.match(line) and _next_text(plain, number + 1) is not None:
        return _break_at(plain, number, forward=False)
    if _headers_end(plain, number) is not None:
        return _break_at(plain, number, forward=False)
    last = _attribution_end(plain, number)
    if last is None:
        return None
    following = _next_text(plain, last + 1)
    if following is not None and not _prefixed(plain[following]):
        joined = " ".join(plain[number : last + 1])
        alone = number == 0 or not plain[number - 1]
        if _STRONG.search(joined) or alone:
            return _Break(_rule_above(plain, number), last + 1, forward=False, sender=joined)
    return None


def _break_at(plain: Sequence[str], number: int, *, forward: bool) -> _Break:
    """A break whose header block, if it has one, stands at or shortly below `number`."""
    for first in range(number, min(number + 4, len(plain))):
        end = _headers_end(plain, first)
        if end is not None:
            sender = " ".join(plain[first:end])
            return _Break(_rule_above(plain, number), end, forward, sender)
        last = _attribution_end(plain, first)
        if last is not None:
            return _Break(_rule_above(plain, number), last + 1, forward, " ".join(plain[first : last + 1]))
    return _Break(_rule_above(plain, number), number + 1, forward)


def _headers_end(plain: Sequence[str], first: int) -> int | None:
    """Line after a block of at least three mail headers, sender among them, or None."""
    names: list[str] = []
    sender = ""
    number = first
    blanks = 0
    while number < len(plain) and number - first < 24:
        line = plain[number]
        header = _HEADER.match(line)
        if header:
            names.append(header["name"].casefold())
            if _FROM.match(header["name"]):
                sender = header["value"]
            blanks = 0
        elif not names:
            return None
        elif not line.strip(" >*"):
            blanks += 1
            if blanks > 1 or len(names) >= 4 or (len(names) >= 3 and sender):
                break
        elif len(line) > 140 or (not line.startswith((" ", "<", ">")) and not _continues(plain[number - 1], line)):
            break  # neither a header nor the folded rest of one
        number += 1
    has_sender = any(_FROM.match(name) for name in names)
    enough = len(set(names)) >= 3 or (len(set(names)) == 2 and ("@" in sender or _dated(plain[first:number])))
    return number if has_sender and enough else None


def _dated(lines: Sequence[str]) -> bool:
    return any(
        (header := _HEADER.match(line)) is not None
        and header["name"].casefold().startswith(("date", "envoy", "sent"))
        and bool(re.search(_DATE_OR_TIME, header["value"]))
        for line in lines
    )


def _continues(above: str, line: str) -> bool:
    """A header folded at its comma or semicolon, or an address alone on its line."""
    return bool(above.endswith((",", ";")) or re.fullmatch(r"\s*<?[\w.+-]+@[\w.-]+>?[;,]?\s*", line))


def _attribution_end(plain: Sequence[str], first: int) -> int | None:
    """Last line of an attribution that opens at `first` and may be folded over four lines."""
    if not plain[first] or len(plain[first]) > 300:
        return None
    joined = ""
    for number in range(first, min(first + 4, len(plain))):
        piece = plain[number].strip()
        if not piece:
            return None
        joined = f"{joined} {piece}".strip()
        if _ATTRIBUTION.match(joined):
            return number
        if number == first and not (_ATTRIBUTION_OPENS.match(joined) or joined.endswith(">")):
            return None
    return None


def _prefixed(line: str) -> bool:
    return line.lstrip().startswith((">", "&gt;"))


def _orphan(plain: Sequence[str], number: int, quoted: set[int]) -> bool:
    """The tail of a quoted line that a client folded without repeating its `>`."""
    if number == 0 or number + 1 >= len(plain) or number - 1 not in quoted:
        return False
    line, above = plain[number], plain[number - 1]
    return bool(line) and len(above) >= 68 and len(line) < 40 and line[0].islower() and _prefixed(plain[number + 1])


def _rule_above(plain: Sequence[str], number: int) -> int:
    """A ruled line drawn by the client just above the break belongs to it."""
    above = number - 1
    while above >= 0 and not plain[above]:
        above -= 1
    return above if above >= 0 and number - above <= 2 and _RULE.match(plain[above]) else number


def _next_text(plain: Sequence[str], number: int) -> int | None:
    return next((later for later in range(number, len(plain)) if plain[later]), None)


def _unprefixed(lines: Sequence[str]) -> list[str]:
    """One level of `>` taken off, where all lines that say something carry it."""
    saying = [line for line in lines if line.strip()]
    if saying and sum(map(_prefixed, saying)) > 0.8 * len(saying):
        return [re.sub(r"^\s*(?:>|&gt;) ?", "", line) for line in lines]
    return list(lines)


def _without_signature(own: Sequence[str]) -> tuple[list[str], list[str]]:
    """Lines a person wrote, and the lines their client or their firm adds."""
    plain = [line.translate(_SPACES).strip() for line in own]
    added: set[int] = {number for number, line in enumerate(plain) if line and len(line) < 160 and _DEVICE.match(line)}
    for number, line in enumerate(own):
        if not _SIGNATURE_RULE.match(line) and plain[number] != "--":
            continue
        below = [text for text in plain[number + 1 :] if text]
        if len(below) <= LONGEST_SIGNATURE and sum(map(len, below)) <= 700:
            added.update(range(number, len(own)))
            break
    for first, last in _paragraphs(plain):
        paragraph = " ".join(plain[first:last])
        if _DISCLAIMER.search(paragraph) and not _NEGATED_DISCLAIMER.search(paragraph) and _late(plain, first):
            added.update(range(first, last))
    if added:
        added.update(number for number, line in enumerate(plain) if _RULE.match(line) and number + 1 in added)
    new = [line for number, line in enumerate(own) if number not in added]
    return new, [line for number, line in enumerate(own) if number in added and plain[number]]


def _late(plain: Sequence[str], first: int) -> bool:
    """Small print stands below something, never opens the message."""
    return any(plain[:first])


def _paragraphs(plain: Sequence[str]) -> list[tuple[int, int]]:
    paragraphs: list[tuple[int, int]] = []
    first: int | None = None
    for number, line in enumerate([*plain, ""]):
        if line and first is None:
            first = number
        elif not line and first is not None:
            paragraphs.append((first, number))
            first = None
    return paragraphs


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n \t\u00a0")
