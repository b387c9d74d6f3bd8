"""Which reason, which right, which stage: closed questions that a few words answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from classifiers.number_words import folded
from models.reading import ItemReading, PartKind

_RETURNED: tuple[tuple[str, str], ...] = (
    ("refused", r"pli refuse|refuse par le destinataire|\brefuse\b"),
    ("unclaimed", r"non[- ]reclame|pli avise|avise et non|unclaimed|delai (?:de garde )?expire"),
    (
        "address",
        r"defaut d'acces|d'adressage|adresse (?:incomplete|insuffisante|erronee|inexistante|incorrecte)"
        r"|boite (?:aux lettres )?non identifi|boite (?:aux )?lettres? inaccessible|acces impossible",
    ),
    (
        "unknown",
        r"inconnu|n'habite (?:pas|plus)|npai|parti sans laisser|decede|n'habite pas a l'adresse"
        r"|destinataire non identifi|a demenage",
    ),
)
_RIGHTS: tuple[tuple[str, str], ...] = (
    (
        "erasure",
        r"efface[rz]?|effacement|supprime[rz]?|suppression|droit a l'oubli|article 17|detruire mes"
        r"|retirer mes (?:donnees|coordonnees)|radi(?:er|ation)",
    ),
    (
        "rectification",
        r"rectifi|corrige[rz]?|correction|inexact|mettre a jour mes|article 16|erreur dans (?:ma|mes|mon)",
    ),
    (
        "objection",
        r"m'oppose|opposition|droit d'opposition|article 21|ne plus (?:m'appeler|etre (?:appele|contacte)"
        r"|me contacter|recevoir)|cesser de (?:m'appeler|me contacter)|refuse d'etre (?:appele|contacte)"
        r"|retirez? mon numero|plus de sms",
    ),
    (
        "access",
        r"droit d'acces|acces a (?:mes|l'ensemble|toutes)|communiquer (?:l'ensemble|toutes|les|mes)"
        r"|copie de (?:mes|toutes les|l'ensemble)|quelles donnees|donnees (?:que vous|me concernant)"
        r"|article 15|d'ou (?:viennent|tenez)|origine des donnees",
    ),
)
_PERSONAL = re.compile(
    r"rgpd|donnees|personnel|fichier|cnil|coordonnees|consentement|dpo\b|protection des donnees|numero|traitement"
)
_STAGES: tuple[tuple[str, str], ...] = (
    (
        "plan",
        r"plan (?:conventionnel|de redressement|de surendettement|d'apurement|definitif)|mesures imposees"
        r"|mesures recommandees|retablissement personnel|effacement (?:total|partiel|de mes dettes"
        r"|des dettes)|moratoire|le plan\b|plan (?:a ete |est )?(?:valide|adopte|homologue|accepte)|rpslj"
        r"|prp\b",
    ),
    (
        "admissible",
        r"recevable|recevabilite|dossier (?:a ete |est )?(?:accepte|retenu)|a ete acceptee?"
        r"|decision de la commission|orientation",
    ),
    (
        "filed",
        r"depos|depot|saisi|saisine|constitue|monte un dossier|dossier de surendettement"
        r"|en cours d'instruction|attestation de depot|va (?:statuer|etre examine)",
    ),
)
_NOT_YET = re.compile(
    r"(?:\bpas encore|\ben attente|\battend|\bsi\b|\bdevrait|\bdoit se prononcer|\bdecidera|\bstatuer"
    r"|\bavant|\bdelai|\bd'ici|\bpas\b)[^.\n]{0,45}$"
)


def returned_reason(reading: ItemReading) -> str | None:
    """Why our own letter came back: what is ticked on the sticker first, then the words on the envelope."""
    ticked = [tick.label for page in reading.pages for tick in page.ticks if tick.confidence >= 0.5]
    details = [part.detail for part in reading.parts if part.kind is PartKind.ENVELOPE and part.detail]
    for detail in details:
        if detail in {name for name, _ in _RETURNED}:
            return detail
    for text in (" ; ".join(ticked), " ; ".join(details)):
        if text and (found := _first(_RETURNED, folded(text))):
            return found
    envelopes = " ".join(part.text for part in reading.parts if part.kind is PartKind.ENVELOPE)
    told = {name for name, pattern in _RETURNED if re.search(pattern, folded(envelopes or reading.text))}
    return told.pop() if len(told) == 1 else None  # a sticker prints every reason: without a tick they tell nothing


def gdpr_right(text: str) -> str | None:
    """access, rectification, erasure or objection; where several are asked, the one asked most, erasure on a tie."""
    low = folded(text)
    if not _PERSONAL.search(low):
        return None
    counts = [(len(re.findall(pattern, low)), -number, name) for number, (name, pattern) in enumerate(_RIGHTS)]
    best = max(counts)
    return best[2] if best[0] else None


def over_indebtedness_stage(text: str) -> str | None:
    """filed, admissible or plan: the furthest stage that is told as reached."""
    low = folded(text)
    if not re.search(
        r"surendettement|banque de france|commission|\bbdf\b|retablissement personnel|moratoire|recevab", low
    ):
        return None
    for name, pattern in _STAGES:
        for match in re.finditer(pattern, low):
            if name == "filed" or not _NOT_YET.search(low, max(0, match.start() - 70), match.start()):
                return name
    return None


def _first(table: Sequence[tuple[str, str]], low: str) -> str | None:
    return next((name for name, pattern in table if re.search(pattern, low)), None)
