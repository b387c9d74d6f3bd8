"""What the models read of an item: what it is made of, as markers, and the sender's own words, as plain text.

Training and running go through the same function, so that a text of the corpus and a scanned letter look alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from models.reading import ItemReading, Page, PartKind


class Marker(StrEnum):
    """What the envelope or the e-mail holds, beside the words."""

    EMAIL = "courriel"
    LETTER = "lettre"
    FORM = "formulaire"
    SLIP = "talon"
    ENVELOPE = "enveloppe"
    CHEQUE = "chèque"
    CHEQUE_BACK = "dos de chèque"
    PROOF = "preuve de paiement"
    IDENTITY = "pièce d'identité"
    COURT = "jugement"
    ATTACHMENT = "pièce jointe"
    AUTOMATIC = "message automatique"
    RETURNED = "pli retourné"
    TICKED = "case cochée"


MARKER_OF_PART = {
    PartKind.LETTER: Marker.LETTER,
    PartKind.CHEQUE: Marker.CHEQUE,
    PartKind.CHEQUE_BACK: Marker.CHEQUE_BACK,
    PartKind.PAYMENT_SLIP: Marker.SLIP,
    PartKind.REPLY_FORM: Marker.FORM,
    PartKind.ENVELOPE: Marker.ENVELOPE,
    PartKind.PROOF_OF_PAYMENT: Marker.PROOF,
    PartKind.IDENTITY: Marker.IDENTITY,
    PartKind.COURT_DOCUMENT: Marker.COURT,
    PartKind.EMAIL: Marker.EMAIL,
    PartKind.ATTACHMENT: Marker.ATTACHMENT,
}


@dataclass(frozen=True, slots=True)
class Wording:
    """`ticked` are the labels of the ticked boxes; `text` is the sender's, without quotes and empty boxes.

    `signals` are the labels of the protections that the rules saw, a hint for the models.
    """

    markers: frozenset[Marker]
    text: str
    ticked: tuple[str, ...] = ()
    signals: frozenset[str] = frozenset()

    @property
    def sentence(self) -> str:
        """One text for the encoder: markers first, ticked boxes next, words last, so that cutting loses the end."""
        kinds = ", ".join(sorted(self.markers))
        ticks = "".join(f" coché : {label}." for label in self.ticked)
        return f"{kinds} |{ticks} {self.text}" if kinds else f"{ticks} {self.text}".strip()

    @property
    def subject(self) -> str:
        """What stands after "Objet :" or "Concerne :", if anything."""
        match = _SUBJECT.search(self.text)
        return match["subject"] if match else ""

    @property
    def words(self) -> str:
        """The ticked labels and the text, for models that weigh words."""
        return "\n".join((*self.ticked, self.text))


_TICK = r"(?:☒|☑|▣|✔|✓|✗|✘|■|\[ ?[xX✓✗] ?\]|\( ?[xX] ?\))"
_EMPTY = r"(?:☐|□|▢|❑|❏|\[ *\]|\( {1,2}\)|\[_\]|\|_\|)"
_TICKED_LABEL = re.compile(_TICK + r"[ \t]*(?P<label>[^\n☐☒☑▣□■▢❑❏✔✓✗\[\]]{2,90})")
_EMPTY_LINE = re.compile(rf"^[ \t>•*-]*{_EMPTY}[^\n]*$", re.MULTILINE)
_EMPTY_BOX = re.compile(_EMPTY)
_TICK_BOX = re.compile(_TICK)

_QUOTE_START = re.compile(
    r"^[ \t]*(?:"
    r"-{2,}[ ]*(?:message|e-?mail|courriel)[ ](?:d['’ ]origine|original|transf\w+|initial)[ ]*-*"
    r"|_{8,}"
    r"|(?:le|on)[ ].{6,120}(?:a[ ]écrit|wrote)[ ]?:?"
    r"|(?:de|from|expéditeur)[ ]?:[^\n]{0,120}\n[ \t]*(?:envoyé|date|à|sent|to|objet|subject)[ ]?(?:le)?[ ]?:"
    r")[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINE = re.compile(r"^[ \t]*>[^\n]*$", re.MULTILINE)
_CHEQUE_PRINT = re.compile(
    r"^[^\n]*(?:payez contre ce ch[eèé]que|non endossable sauf|payable en france|compensable [àa]|"
    r"[ée]tablissement bancaire ou assimil)[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SUBJECT = re.compile(
    r"^[ \t]*(?:objet|sujet|subject|concerne)[ \t]*:?[ \t]*(?:(?:re|tr|fwd?)[ \t]*:[ \t]*)*(?P<subject>[^\n]{3,140})",
    re.IGNORECASE | re.MULTILINE,
)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_SPACES = re.compile(r"[ \t\u00a0\u202f]+")
SHORTEST_TEXT = 12  # characters under which what is left after cutting is not a text of its own


def without_quoted(text: str) -> str:
    """The text without the thread below or above it; unchanged where nothing else would be left."""
    start = _QUOTE_START.search(text)
    kept = text[: start.start()] if start else text
    kept = _QUOTED_LINE.sub("", kept)
    if len(_without_subject(kept).strip()) >= SHORTEST_TEXT:
        return kept
    answered_below = _QUOTED_LINE.sub("", text)
    return answered_below if len(_without_subject(answered_below).strip()) >= SHORTEST_TEXT else text


def _without_subject(text: str) -> str:
    first, _, rest = text.lstrip().partition("\n")
    return rest if first.lower().startswith(("objet", "sujet", "subject")) else text


def ticked_labels(text: str) -> tuple[str, ...]:
    """Labels standing after a ticked box, as written."""
    return tuple(match["label"].strip(" .:-\t") for match in _TICKED_LABEL.finditer(text))


def plain(text: str) -> str:
    """Empty boxes with their words, cheque print and superfluous space gone."""
    text = _EMPTY_LINE.sub("", text)
    text = _EMPTY_BOX.sub(" ", text)
    text = _TICK_BOX.sub(" coché ", text)
    text = _CHEQUE_PRINT.sub("", text)
    text = _SPACES.sub(" ", text)
    return _BLANK_LINES.sub("\n", text).strip()


_OPTION = re.compile(r"^[^\w\n]{0,4}(?:je|j['’]|nous|autres?\b)[^.!?\n]*$", re.IGNORECASE)
_INSTRUCTION = re.compile(
    r"^[^\n]*(?:à (?:compléter|(?:nous )?(?:retourner|renvoyer))|cochez|cocher|document confidentiel)[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FILLED_IN = re.compile(r"^\W*autres?\s*:\s*(?P<written>\S.*)$", re.IGNORECASE)
_EMPTY_BOX_LINE = re.compile(rf"^[ \t>•*-]*{_EMPTY}")
_FIELD_WORDS = """
adresse client code compte courriel créancier d date de débiteur dossier du e email et fait l la le lieu lot mail
montant n nom numéro observation observations portable postal prénom référence remarque remarques règlement réf
signature somme tel tél téléphone ville votre vos à
"""
FIELD_WORDS = frozenset(_FIELD_WORDS.split())
LONGEST_OPTION = 9  # words
FEWEST_OPTIONS = 3  # short first-person lines in a row that make a printed list of answers


def without_options(text: str) -> str:
    """A form without its printed list of answers ("Je règle", "Je conteste", ...): ticks are told apart, by themselves.

    Scanners lose the boxes, so the list is known by its shape: short first-person lines that follow one another, with
    little between them, or that stand beside an empty box. What was written after "Autre :" stays; printed names of
    fields that nobody filled in go.
    """
    lines = [line for line in _INSTRUCTION.sub("", text).split("\n") if not _is_empty_field(line)]
    options = [i for i, line in enumerate(lines) if _is_option(line)]
    runs: list[list[int]] = []
    for position in options:
        if runs and position - runs[-1][-1] <= 3:
            runs[-1].append(position)
        else:
            runs.append([position])
    dropped = {i for run in runs if len(run) >= FEWEST_OPTIONS for i in range(run[0], run[-1] + 1)}
    dropped |= {
        i for i in options if any(map(_EMPTY_BOX_LINE.match, (*lines[max(0, i - 1) : i], *lines[i + 1 : i + 2])))
    }
    kept = [line if i not in dropped else _written(line) for i, line in enumerate(lines)]
    return "\n".join(kept)


def _is_empty_field(line: str) -> bool:
    """A line of printed names of fields alone ("Nom, prénom :", "Montant : ..... Date :")."""
    words = re.findall(r"\w+", line.lower())
    return ":" in line and bool(words) and all(word.strip("_") in FIELD_WORDS for word in words if word.strip("_"))


def _is_option(line: str) -> bool:
    return len(line.split()) <= LONGEST_OPTION and _OPTION.match(line) is not None


def _written(line: str) -> str:
    """What a dropped line says by hand: words after "Autre :", and lines too long to be an option."""
    match = _FILLED_IN.match(line)
    if match:
        return match["written"]
    return line if len(line.split()) > LONGEST_OPTION else ""


def wording_of(reading: ItemReading) -> Wording:
    """What the models read of an item."""
    markers = {MARKER_OF_PART[part.kind] for part in reading.parts if part.kind in MARKER_OF_PART}
    if reading.cheques:
        markers.add(Marker.CHEQUE)
    if reading.email is not None:
        markers.add(Marker.EMAIL)
        markers.discard(Marker.LETTER)
        if reading.email.automatic:
            markers.add(Marker.AUTOMATIC)
    if any(part.kind is PartKind.ENVELOPE and part.detail for part in reading.parts):
        markers.add(Marker.RETURNED)
    ticks = tuple(dict.fromkeys(tick.label.strip() for page in reading.pages for tick in page.ticks if tick.label))
    text = _own_words(reading)
    ticks = ticks or ticked_labels(text)
    if ticks:
        markers.add(Marker.TICKED)
    words = plain(without_options(text)) if Marker.FORM in markers else plain(text)
    return Wording(frozenset(markers), words, ticks)


def _own_words(reading: ItemReading) -> str:
    """The new words: an e-mail's subject and body; a paper's pages without the front of the cheque."""
    if reading.email is not None:
        body = without_quoted(reading.new_text or reading.text)
        subject = reading.email.subject.strip()
        told = f"Objet: {subject}\n{body.lstrip().removeprefix(subject).lstrip()}" if subject else body
        return told + _letters_attached(reading, body)
    text = reading.new_text or reading.text
    other = [page for page in reading.pages if page.number not in _cheque_pages(reading) and page.text.strip()]
    if other and len(other) < len(reading.pages):
        text = _without_pages(text, [p for p in reading.pages if p.number in _cheque_pages(reading)])
    return text


def _letters_attached(reading: ItemReading, body: str) -> str:
    """A short cover note says "see attached": then the attached letter speaks."""
    if len(body.strip()) > 500:
        return ""
    letters = [part.text for part in reading.parts if part.kind in (PartKind.LETTER, PartKind.REPLY_FORM) and part.text]
    return "".join("\n" + text for text in letters if text.strip() and text.strip() not in body)


def _cheque_pages(reading: ItemReading) -> frozenset[int]:
    """Pages that hold a cheque and nothing else."""
    cheque = {n for part in reading.parts if part.kind is PartKind.CHEQUE for n in part.pages}
    words = {n for part in reading.parts if part.kind is not PartKind.CHEQUE for n in part.pages}
    return frozenset(cheque - words)


def _without_pages(text: str, pages: list[Page]) -> str:
    for page in pages:
        if page.text.strip() and page.text.strip() in text:
            text = text.replace(page.text.strip(), "\n")
    return text
