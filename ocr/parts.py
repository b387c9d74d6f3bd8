"""What each page of an item is, and which pages belong together.

A page is weighed against a table of printed cues per kind; a letter is what is left when no form, slip or certificate
speaks up. Wordings are those of La Poste, courts, banks and French forms at large, none of any one agency.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from models.cheque import ChequeReading
from models.reading import Page, Part, PartKind
from ocr.barcodes import separator_on
from ocr.envelope import returned_reason
from ocr.images import Pixels

CHEQUE_MM = (175.0, 80.0)
_ENOUGH = 3.0  # weight from which a kind is believed


@dataclass(frozen=True, slots=True)
class Cue:
    """`pattern` is searched in folded text (lower case, no accents, single blanks); `head`: upper third only."""

    pattern: str
    weight: float
    head: bool = False


_K = PartKind
CUES: dict[PartKind, tuple[Cue, ...]] = {
    _K.ENVELOPE: (
        Cue(r"pli non distribuable|\bnpai\b|\bpnd\b", 4),
        Cue(r"retour a l.?(envoyeur|expediteur)|retour en cas de non.?distribution", 2.5),
        Cue(r"(destinataire )?inconnu a l.?adresse", 2),
        Cue(r"pli (avise et )?non reclame|avise et non reclame", 2),
        Cue(r"pli refuse|refuse par le destinataire", 1.5),
        Cue(r"defaut d.?(acces|adressage)|(acces|adresse) (ou adresse )?incomplet", 2),
        Cue(r"lettre (verte|prioritaire|suivie|recommandee)|ecopli|destineo|port paye|\blr ?ar\b", 1),
        Cue(r"n.?habite (plus|pas) (a l.?adresse|ici)|parti sans laisser d.?adresse", 1),
    ),
    _K.PAYMENT_SLIP: (
        Cue(r"\btalon\b.{0,40}(joindre|detacher|retourner|paiement|reglement)|coupon (de paiement|a detacher)", 3.5),
        Cue(r"(a )?(joindre|retourner|renvoyer).{0,25}(avec|a) votre (reglement|paiement|cheque)", 2.5),
        Cue(r"\btip\b ?(sepa)?|titre interbancaire de paiement|prelevement sepa ponctuel", 2.5),
        Cue(r"talon (de|a|optique)|bordereau de paiement|partie a detacher|a detacher suivant", 2.5),
        Cue(r"ne (rien ecrire|pas ecrire|pas agrafer|pas plier).{0,40}(zone|cadre|dessous|cheque|talon)?", 1.5),
        Cue(r"montant (a payer|a regler|du)\b", 0.8),
        Cue(r"cheque (a l.ordre de|libelle)", 0.8),
    ),
    _K.REPLY_FORM: (
        Cue(r"(formulaire|coupon|bulletin|fiche|imprime) (de |-)?reponse|questionnaire", 3.5, head=True),
        Cue(r"cochez|cocher (la|les) case|case.{0,12}cocher|\(cocher\)", 2),
        Cue(r"a completer|a remplir|completez|lettres capitales|en majuscules", 1.5),
        Cue(r"(a nous |nous )?(retourner|renvoyer).{0,30}(sous|avant|dans|par|signe|complete)", 1),
        Cue(r"date et signature|signature ?:", 0.7),
        Cue(r"nom,? ?(et )?prenom ?:|je soussigne", 0.7),
    ),
    _K.PROOF_OF_PAYMENT: (
        Cue(
            r"(ordre|avis|confirmation|preuve|justificatif|recu|attestation) (de |d.un )?(virement|paiement|operation)",
            3.5,
            True,
        ),
        Cue(r"virement (instantane|sepa|emis|effectue|execute|permanent)", 1.5),
        Cue(r"(compte (a debiter|debite|emetteur)|beneficiaire) ?:", 1.2),
        Cue(r"releve de (compte|vos operations)|extrait de compte|detail de l.?operation", 3, True),
        Cue(r"(carte bancaire|sans contact).{0,60}(debit|montant)|ticket client|copie client", 2.5),
        Cue(r"reference (de l.?operation|du virement)|motif( du virement)? ?:|date d.?execution", 1.2),
    ),
    _K.IDENTITY: (
        Cue(r"carte nationale d.?identite|titre de sejour|residence permit|permis de conduire", 3.5, True),
        Cue(r"passeport.{0,20}passport|identity card|carte d.?identite", 2.5, True),
        Cue(r"nationalite|nationality", 1),
        Cue(r"sexe|taille ?:|lieu de naissance|place of birth", 0.7),
        Cue(r"date (de delivrance|d.?expiration)|valable jusqu|carte valable", 1),
        Cue(r"idfra|p<fra|<<<<", 3.5),
    ),
    _K.COURT_DOCUMENT: (
        Cue(r"tribunal (judiciaire|de commerce|d.?instance|de proximite|des activites)|cour d.?appel", 2, True),
        Cue(r"au nom du peuple francais", 3),
        Cue(r"^(ordonnance|jugement|assignation|signification|requete|convocation)\b", 2, True),
        Cue(r"\bgreff(e|ier)\b|minute n|\brg n|n.? ?rg\b|repertoire general|par ces motifs", 1.2),
        Cue(r"commissaire de justice|huissier de justice|expedition executoire|formule executoire", 1),
        Cue(r"commission de surendettement.{0,200}(decision|recevabl|mesures imposees)", 2, True),
    ),
    _K.CHEQUE_BACK: (
        Cue(r"endos(sement|se)?\b|(signature|compte).{0,20}(au dos|endos)", 2.5),
        Cue(r"payez contre ce cheque|payable en france", 1),
    ),
    _K.ATTACHMENT: (
        Cue(r"^(copie integrale.{0,30}|extrait .{0,12})?acte de (deces|naissance|mariage|notoriete)", 4, True),
        Cue(r"^certificat (de deces|medical|d.?heredite)|^livret de famille|^etat des lieux", 4, True),
        Cue(r"etat civil|^(mairie|commune|ville) d", 1, True),
        Cue(
            r"^(facture|avoir|duplicata|devis|bon de (livraison|retour)|contrat|bulletin de (salaire|paie))\b", 3, True
        ),
        Cue(r"je soussigne.{0,80}(atteste|certifie)|^attestation (de|d.|sur)", 4),
        Cue(r"releve d.?identite bancaire|^avis d.?(imposition|echeance|impot)|quittance de loyer", 3, True),
        Cue(r"^(proces.verbal|recepisse|declaration de (vol|perte)|depot de plainte)", 3, True),
        Cue(r"\b(fait a|delivre le|dresse le) ", 0.5),
    ),
}
# A bank's screen, a till receipt, a counter slip: short lines, no sentence. In a letter the same words prove nothing.
TERSE_PROOF = (
    Cue(
        r"(virement|paiement|transfert|transaction|operation|depot|versement) (sepa |instantane |a |bien |ete )*"
        r"(effectue|execute|envoye|valide|confirme|reussi|accepte|emis|programme)",
        3,
    ),
    Cue(
        r"virement (instantane|sepa|immediat|permanent)|detail (de l.?|du )(operation|virement|paiement|transaction)", 2
    ),
    Cue(r"^- ?\d[\d ]*[,.]\d\d ?(€|eur)", 1, True),
    Cue(r"statut ?:? ?(execute|effectue|comptabilise|valide|termine)", 1.5),
    Cue(r"\b(depuis|vers|emetteur|beneficiaire|commercant|compte (courant|debite|a debiter))\b", 0.8),
    Cue(r"partager (le recu|l.avis)|telecharger (l.avis|le recu|le justificatif)", 1.5),
    Cue(r"autorisation \d|ticket client|a conserver|sans contact|montant reel", 1.5),
    Cue(r"[*•x]{2,} ?\d{4}\b|\bcb\b|carte bancaire", 1.5),
    Cue(r"mandat cash|recu de l.?expediteur|recu (de|d.un) (versement|paiement)|versement (d.)?especes", 3),
    Cue(r"\d[\d ]*[,.]\d\d ?(€|eur)", 0.5),
)
_TERSE_WORDS = 4.5  # a line, at most
LETTER_CUES = (
    Cue(r"\b(madame|monsieur|messieurs|bonjour|maitre|mademoiselle)\b.{0,30},", 1.5),
    Cue(r"\bobjet ?:|\bconcerne ?:|vos? ref", 1),
    Cue(r"(veuillez|daignez|je vous prie).{0,40}(agreer|recevoir|croire)|salutations|cordialement|sentiments", 2),
    Cue(r", ?(le )?\d{1,2}(er)? (janv|fevr|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec)", 1),
    Cue(r"\b(je|j.ai|nous|ma|mon|votre) \w+", 0.5),
)


def kind_of_page(page: Page, upright: Pixels, cheques: Sequence[ChequeReading] = ()) -> tuple[PartKind, str]:
    """The kind of an upright page and a detail: the reason on a returned envelope, the lot of a separator sheet."""
    lot = separator_on(upright, page.barcodes)
    if lot is not None:
        return PartKind.SEPARATOR, lot
    here = [cheque for cheque in cheques if cheque.page == page.number]
    if page.blank and not here:
        return PartKind.BLANK, ""
    if here and _mostly_cheque(page, upright, here):
        return PartKind.CHEQUE, ""
    kind = _by_words(page, upright)
    return kind, returned_reason(page, upright) if kind is PartKind.ENVELOPE else ""


def assemble(pages: Sequence[tuple[Page, PartKind, str]], cheque_pages: Sequence[int] = ()) -> tuple[Part, ...]:
    """Parts in the order of their first page. A cheque lying on another paper is a part beside it.

    Pages of one letter stay together: blank backs and enclosures between them do not cut it, a fresh letter head does.
    A page after a cheque that says nothing of its own is its back.
    """
    parts: list[Part] = []
    letter: int | None = None  # place in `parts` of the letter that may go on
    before: PartKind | None = None
    for page, given, detail in pages:
        kind = _in_context(page, given, before)
        if kind is PartKind.LETTER and letter is not None and not _starts_letter(page):
            parts[letter] = _with_page(parts[letter], page)
        else:
            parts.append(Part(kind, (page.number,), page.text, detail=detail))
            letter = len(parts) - 1 if kind is PartKind.LETTER else letter
        if page.number in cheque_pages and kind not in (PartKind.CHEQUE, PartKind.CHEQUE_BACK):
            parts.append(Part(PartKind.CHEQUE, (page.number,)))
        before = PartKind.CHEQUE if page.number in cheque_pages else kind if kind is not PartKind.BLANK else before
    return tuple(parts)


def folded(text: str) -> str:
    """Lower case, no accents, single blanks: what the cues are searched in."""
    flat = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("’", "'"))
    return re.sub(r"\s+", " ", "".join(c for c in flat if not unicodedata.combining(c))).lower()


def _by_words(page: Page, upright: Pixels) -> PartKind:
    text, head = folded(page.text), _upper_third(page)
    weights = {kind: _weight(cues, text, head) for kind, cues in CUES.items()}
    weights[PartKind.REPLY_FORM] += min(len(page.ticks), 3) * 0.8
    letter = _weight(LETTER_CUES, text, head)
    if _terse(page):
        weights[PartKind.PROOF_OF_PAYMENT] += _weight(TERSE_PROOF, text, head)
    if _cheque_sized(page, upright):
        weights[PartKind.CHEQUE_BACK] += 2.0 if len(page.words) < 30 else 0.0
    for kind in (PartKind.COURT_DOCUMENT, PartKind.PROOF_OF_PAYMENT, PartKind.ATTACHMENT):
        weights[kind] -= 0.7 * letter
    if len(page.words) > 80:  # a full page of prose only quotes such words
        for kind in (PartKind.ENVELOPE, PartKind.PAYMENT_SLIP, PartKind.CHEQUE_BACK, PartKind.IDENTITY):
            weights[kind] -= letter
    best = max(weights, key=lambda kind: weights[kind])
    return best if weights[best] >= _ENOUGH else PartKind.LETTER


def _terse(page: Page) -> bool:
    lines = [line for line in page.text.splitlines() if line.strip()]
    count = len(page.text.split())
    return len(lines) >= 4 and count <= _TERSE_WORDS * len(lines) and count <= 120


def _weight(cues: Sequence[Cue], text: str, head: str) -> float:
    """`^` in a pattern is the beginning of a line; `text` is one line, `head` several."""
    return sum(cue.weight for cue in cues if re.search(cue.pattern, head if cue.head else text, re.MULTILINE))


def _upper_third(page: Page) -> str:
    """Folded, line by line: a title begins a line, a mention in a sentence seldom does."""
    rows: dict[int, list[str]] = {}
    for word in page.words:
        if word.box.y < 0.36:
            rows.setdefault(word.line, []).append(word.text)
    lines = [" ".join(row) for row in rows.values()] if page.words else page.text.splitlines()[:12]
    return "\n".join(folded(line) for line in lines)


def _mostly_cheque(page: Page, upright: Pixels, cheques: Sequence[ChequeReading]) -> bool:
    boxes = [cheque.box for cheque in cheques if cheque.box is not None]
    if not boxes:
        return _cheque_sized(page, upright)
    if sum(width * height for _, _, width, height in boxes) > 0.6:
        return True
    outside = [
        word
        for word in page.words
        if len(word.text) > 1 and not any(_holds(box, word.box.x, word.box.y) for box in boxes)
    ]
    return len(outside) < 12


def _holds(box: tuple[float, float, float, float], x: float, y: float) -> bool:
    left, top, width, height = box
    return left - 0.02 <= x <= left + width + 0.02 and top - 0.02 <= y <= top + height + 0.02


def _cheque_sized(page: Page, upright: Pixels) -> bool:
    height, width = upright.shape[:2]
    if not height or not 1.9 <= width / height <= 2.5:
        return False
    return page.dpi is None or abs(width / page.dpi * 25.4 - CHEQUE_MM[0]) < 30


def _in_context(page: Page, kind: PartKind, before: PartKind | None) -> PartKind:
    if before is PartKind.CHEQUE and kind is PartKind.LETTER and len(page.words) < 30:
        return PartKind.CHEQUE_BACK if _weight(LETTER_CUES, folded(page.text), "") < 2 else kind
    return kind


def _starts_letter(page: Page) -> bool:
    """A date line or a salutation in the upper half, together with a subject or an address window."""
    upper = folded(" ".join(word.text for word in page.words if word.box.y < 0.5))
    signs = (
        re.search(LETTER_CUES[3].pattern, upper),
        re.search(LETTER_CUES[1].pattern, upper),
        re.search(r"\b\d{5} [a-z]{3}", upper),
        re.search(LETTER_CUES[0].pattern, upper),
    )
    return sum(sign is not None for sign in signs) >= 3


def _with_page(part: Part, page: Page) -> Part:
    return Part(part.kind, (*part.pages, page.number), f"{part.text}\n{page.text}", part.name, part.detail)
