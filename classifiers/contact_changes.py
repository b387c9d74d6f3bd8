"""New address, telephone or e-mail that the sender announces, and who speaks for them from now on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from classifiers.addresses import AddressBlock, find_addresses
from classifiers.identifiers import find_emails, find_phones
from classifiers.number_words import folded
from classifiers.persons import find_companies, find_persons
from classifiers.spans import Span
from models.understanding import Mentions

REACH = 260  # characters between the announcement and the address
_MOVED = re.compile(
    r"nouvelle adresse|nouvelles coordonnees|changement d'adresse|change d'adresse|demenage"
    r"|j'habite (?:maintenant|desormais|a present|depuis)|habite (?:plus|maintenant|desormais)"
    r"|mon adresse (?:est|actuelle|devient|sera)|adresse (?:est desormais|actuelle|a jour)|(?:m'"
    r"|nous )ecrire (?:desormais |maintenant )?(?:au|a)|courriers? (?:a|au) l'adresse|plus a (?:cette|l'ancienne"
    r"|mon ancienne) adresse"
    r"|transfert de (?:mon |notre )?(?:courrier|siege)|suis (?:maintenant|desormais) (?:au|a|chez|domicilie)"
    r"|depuis (?:le|mon) (?:\d|demenagement)|emmenag|installe[e]? (?:au|a)|nouveau siege|nouveau logement"
    r"|merci de noter"
)
_NEW_PHONE = re.compile(
    r"nouveau (?:numero|tel|telephone|portable|num)|change de (?:numero|telephone|portable)|numero (?:est"
    r"|a change|devient)|mon (?:numero|portable|telephone) (?:est|c'est|maintenant)|joindre (?:desormais "
    r"|maintenant )?au|nouvelles coordonnees"
)
_NEW_EMAIL = re.compile(
    r"nouvelle adresse (?:mail|e-?mail|electronique|courriel)|nouveau (?:mail|courriel|e-?mail)|chang(?:e"
    r"|er|ement)[^.\n]{0,20} (?:mail|courriel|e-?mail)|adresse (?:mail|e-?mail|courriel) (?:est|a change"
    r"|devient)|nouvelles coordonnees"
)
_SPEAKS = re.compile(
    r"\b(?:mon |ma |notre |son |sa |l')?(?:avocate?|conseil|tuteur|tutrice|curateur|curatrice"
    r"|mandataire(?: judiciaire| special)?|liquidateur|administrateur|notaire|assistante? sociale?|conseillere?"
    r"|association|commissaire de justice|huissier|representante?|protection juridique)\b"
)
_STANDS_FOR = re.compile(
    r"(?:en (?:ma |notre )?qualite d[e']|je suis (?:la |le |son |sa |l')|agissant (?:pour|au nom|en)"
    r"|designee? (?:comme |en qualite |tutrice|tuteur|curat)|nommee? |je represente"
    r"|au nom (?:et pour le compte )?de (?:mon|ma) client|conseil de m|conseil habituel|assiste"
    r"|nous (?:intervenons|representons|assistons|accompagnons)|m'a (?:chargee?|confie|donne mandat)"
    r"|nous a (?:chargee?s?|confie|donne mandat|signe une procuration)|intervenant aux interets"
    r"|defense de (?:ses|mes) interets|habilitation familiale|c'est a moi qu'il faut (?:ecrire"
    r"|s'adresser)|prie de noter mon intervention|par mon intermediaire|a ete designee? (?:tut|curat"
    r"|mandat)|pour le compte de (?:m|notre|mon|ma)"
    r"|mandatee? par|avocate? (?:au barreau|a la cour)|mandataire judiciaire)"
)


_HEAD_ROLE = re.compile(
    r"\b(?:avocat|avoue|mandataires? judiciaires?|administrateurs? judiciaires?|mandataire de"
    r"|mandataire judiciaire a la protection"
    r"|tut(?:eur|rice) de|curat(?:eur|rice) de|agissant comme|notaires?\b|udaf|mjpm|liquidateur|protection juridique)"
)
HEAD = 350  # characters in which a letterhead says what its owner is


def new_address(text: str, blocks: Sequence[AddressBlock], *, expected: bool, own: str | None) -> str | None:
    """The address after an announcement. `expected`: the mail is about an address, so its only address will do."""
    low = folded(text)
    for match in _MOVED.finditer(low):
        after = [block for block in blocks if 0 <= block.start - match.end() <= REACH]
        if after:
            return after[0].one_line
    if not expected:
        return None
    if len({block.one_line for block in blocks}) == 1:
        return blocks[0].one_line
    return own


def new_phone(text: str, *, expected: bool) -> str | None:
    return _announced(text, find_phones(text), _NEW_PHONE, expected=expected)


def new_email(text: str, *, expected: bool) -> str | None:
    return _announced(text, find_emails(text), _NEW_EMAIL, expected=expected)


def _announced(text: str, spans: Sequence[Span], words: re.Pattern[str], *, expected: bool) -> str | None:
    for match in words.finditer(folded(text)):
        after = [span for span in spans if 0 <= span.start - match.end() <= REACH]
        if after:
            return after[-1].value if "remplace" in folded(text[match.end() : after[0].start]) else after[0].value
    return spans[0].value if expected and len({span.value for span in spans}) == 1 else None


def representative(text: str, mentions: Mentions) -> str | None:
    """Who speaks for the debtor, name and address in one line: the sender where they say so, else the person "
    "named."""
    low = folded(text)
    stands = _STANDS_FOR.search(low) or _HEAD_ROLE.search(low[:HEAD])
    if stands and mentions.sender_name:
        return ", ".join(part for part in (mentions.sender_name, mentions.sender_address) if part)
    for match in _SPEAKS.finditer(low):
        if low.startswith((" de m", " de ma ", " de mon "), match.end()):
            continue  # "mandataire de Mme Roy" names the one spoken for
        reach = text[match.start() : match.end() + 110]
        named = [*find_persons(reach), *find_companies(reach)]
        if named:
            return _with_place(named[0].text, reach, named[0].end)
    return None


def _with_place(name: str, reach: str, end: int) -> str:
    address = find_addresses(reach)
    if address:
        return f"{name}, {address[0].one_line}"
    town = re.match(r",?\s+(?:à|a|au barreau de|de)\s+([A-ZÀ-Ÿ][\w'’-]+(?:[ -][A-ZÀ-Ÿ][\w'’-]+)*)", reach[end:])
    return f"{name}, {town[1]}" if town else name
