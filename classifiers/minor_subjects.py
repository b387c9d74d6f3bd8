"""What a mail asks besides its main subject: a copy, a receipt, a new address, a payment enclosed.

Rules in favour of precision: a minor subject is a hint for the operator, never a reason to act.
"""

from __future__ import annotations

import re

from classifiers.number_words import folded
from models.labels import CATEGORY_OF, Category, Subcategory
from models.understanding import Facts

_S = Subcategory
_ASK = (
    r"(?:envoyez|envoyer|adressez|adresser|transmettre|transmettez|fournir|fournissez|communiquer"
    r"|communiquez|parvenir"
    r"|delivrer|produire|produisez|remettre|obtenir|recevoir|voudrais|souhaite|demande|besoin d[e'])"
)
_PAPERS = (
    r"(?:copies?|duplicata|double|factures? (?:d'origine|initiale|detaillee)|contrat|pieces|decompte"
    r"|historique|releve|preuve"
    r"|justificatifs|bail|mandat|titre executoire)"
)
_TABLE: tuple[tuple[Subcategory, str], ...] = (
    (_S.DOCUMENT_COPY, rf"\b{_ASK}\b(?:[- ](?:moi|nous|me|lui))?[^.!?\n]{{0,45}}\b{_PAPERS}\b"),
    (
        _S.RECEIPT,
        rf"\b{_ASK}\b(?:[- ](?:moi|nous|me|lui))?[^.!?\n]{{0,45}}\b(?:quittance|attestation de (?:solde"
        rf"|paiement|reglement|non)"
        r"|certificat de|recu\b(?! de votre)|mainlevee|confirmation ecrite)",
    ),
    (
        _S.BALANCE,
        r"\bcombien (?:il )?(?:me |nous |lui )?rester?a?(?:it|-t-il)?\b|\bsolde exact|\bcombien (?:je"
        r"|nous) dois",
    ),
    (
        _S.CHEQUE,
        r"\b(?:ci-joint|ci-inclus|joins?|joint|joignons|agrafe|trouverez|glisse|dans (?:l'"
        r"|cette )enveloppe)[^.!?\n]{0,25}"
        r"\b(?:un|mon|notre|le) cheque\b(?! de banque)|\bcheque (?:n° ?\S+ )?(?:de [^.\n]{2,24})?(?:ci-joint"
        r"|joint|ci-inclus|agrafe)",
    ),
    (
        _S.GDPR,
        r"\b(?:effacer|supprimer|effacez|supprimez|retirer|retirez|acces a) (?:mes|toutes mes|ses) (?:donnees"
        r"|coordonnees)"
        r"|\b(?:au titre|en vertu|application) du rgpd|\bdroit (?:d'acces|a l'effacement|d'opposition)",
    ),
)
_UNTICKED = re.compile(r"(?:[☐□▢○]|\[ ?\]|\( ?\)|__)[^\n]*")
_PATTERNS = tuple((subcategory, re.compile(pattern)) for subcategory, pattern in _TABLE)
MOST = 3


def minor_subjects(text: str, main: Subcategory, facts: Facts) -> tuple[Subcategory, ...]:
    """At most MOST further subjects, never the main one."""
    low = _UNTICKED.sub("", folded(text))
    found = [subcategory for subcategory, pattern in _PATTERNS if pattern.search(low)]
    if facts.new_address or facts.new_email or facts.new_phone:
        found.append(_S.ADDRESS_CHANGE)
    asks = CATEGORY_OF[main] is Category.INFORMATION_REQUEST  # then a second request is the same one in other words
    kept = [one for one in dict.fromkeys(found) if not (asks and CATEGORY_OF[one] is Category.INFORMATION_REQUEST)]
    return tuple(one for one in kept if one is not main)[:MOST]
