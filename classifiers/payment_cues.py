"""Words around a sum that say what became of it: paid, promised, offered by the month, claimed by others, income.

Patterns run on `folded` text (lower case, no accents). Weights are points, not probabilities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Sense(StrEnum):
    PAID = "paid"
    PROMISED = "promised"
    MONTHLY = "monthly"
    CLAIMED = "claimed"
    INCOME = "income"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PaymentCue:
    sense: Sense
    start: int
    end: int
    weight: float


_PARTICIPLE = (
    r"(?:pay[e]|pai[e]|regl[e]|vers[e]|vir[e]|envoy[e]|sold[e]|acquitt[e]|effectu[e]|debit[e]|prelev[e]"
    r"|encaiss[e]|transfer[e]"
    r"|rembours[e]|ordonn[e]|emis|execut[e]|credit[e]|depos[e]|remis|donn[e]|honor[e]|regularis[e]|fait|mis"
    r"|valid[e]|paye)(?:s|e|es)?"
)
_FUTURE_VERB = (
    r"(?:(?:paier|payer|regler|verser|virer|enverr|envoier|fer|mettr|donner|solder|adresser|poster"
    r"|deposer|porter|acquitter"
    r"|commencer|rembourser|effectuer|proceder|transferer|debloquer|partir|honorer|regulariser|passer"
    r"|lancer|apporter|remettr)"
    r"(?:ai|ais|ait|a|as|ez|ons|ont|ions|iez|aient)|aurez|recevrez|arrivera|arriveront|tombera"
    r"|aurais? (?:mis|paye|verse))"
)
_PAY = (
    r"(?:pay(?:er|e)?|pai(?:e|er|yer)|regle(?:r)?|verse(?:r)?|vire(?:r)?|envoye(?:r)?|envoi(?:e)?|solde(?:r)?"
    r"|acquitte(?:r)?|effectue(?:r)?|mettre|mets|met|faire|fais|fait"
    r"|donne(?:r)?|rembourse(?:r)?|depose(?:r)?|porte(?:r)?|adresse(?:r)?|poste(?:r)?|proceder|commencer"
    r"|regulariser|honorer|debloquer|lancer|programmer|sortir|tenir|rembourser|passer|prelever|etaler)"
)
_REFUSED = (
    r"\b(?:peux|peut|pe|peu|pourrais|pourrai|pouvons|possible|sais|saurais|accepte)\s(?:pas"
    r"|plus)\b(?! (?:faire |payer |donner |mettre )?(?:plus|davantage|mieux))"
    r"|\b(?:c'est |est )?impossible\b|\brefuse(?:r|e)?\b|\bnon merci\b|\bhors de question\b"
    r"|\btrop (?:cher|eleve|lourd|pour moi)"
    r"|\bd'un (?:seul )?coup\b|\bau[- ]dessus de mes moyens"
)
_TABLE: tuple[tuple[Sense, float, str], ...] = (
    (
        Sense.PAID,
        3.0,
        rf"\b(?:j'?\s?(?:ai|avais)|jai|g|nous avons|on a|avons|ont|a|avait|ai|ayant|avoir|ete|etait|est|sont"
        rf"|deja|bien|tout)\s+(?:\w+\s+){{0,2}}?{_PARTICIPLE}\b",
    ),
    (
        Sense.PAID,
        2.0,
        r"\b(?:payee?s?|reglee?s?|versee?s?|viree?s?|debitee?s?|encaissee?s?|prelevee?s?|acquittee?s?"
        r"|soldee?s?|executee?s?|creditee?s?|effectuee?s?|emis|payes?|parti(?:s|e|es)?)\b",
    ),
    (
        Sense.PAID,
        2.5,
        r"\b(?:virements?|versements?|paiements?|reglements?|transferts?|ordres?|mandat|prelevements?"
        r"|cheque)\s(?:\w+\s){0,3}?(?:effectues?|emis|execute|fait|parti|envoye|passe|ordonne|valide|accepte"
        r"|confirme|recu|encaisse|debite|du\b|de ce jour|ci-joint)",
    ),
    (
        Sense.PAID,
        1.5,
        r"\b(?:virement|versement|paiement|reglement|ordre(?: de virement)?|transfert)\s?(?:sepa|instantane"
        r"|bancaire|cb|unique|par carte)?\s?(?:de|:|d'un montant de|pour)",
    ),
    (
        Sense.PAID,
        1.5,
        r"\b(?:quittance|recu\b|ticket|justificatif|preuve de|releve de compte|par carte|en especes"
        r"|carte bancaire|mandat cash|talon|avis d'execution|ma banque|mon compte)",
    ),
    (
        Sense.PAID,
        2.0,
        r"\bje\s(?:viens de|vous)\s(?:\w+\s){0,2}?(?:payer|regler|verser|virer|envoyer|faire|effectuer"
        r"|transferer)\b",
    ),
    (Sense.CLAIMED, 2.0, r"\b(?:au depart|a l'origine|initialement|au debut)\b"),
    (Sense.MONTHLY, 3.5, r"\b(?:ce qui fait|ca fait|cela fait)(?: donc| un total de| en tout| au total){0,2}(?=\s?\d)"),
    (Sense.CLAIMED, 2.5, r"\+\s?\d[\d .,]*(?:€|euros?)?\s?=(?=\s?\d)"),
    (Sense.PROMISED, 3.0, rf"\b(?:je|j'|on|nous|vous)?\s?(?:\w+\s){{0,2}}?{_FUTURE_VERB}\b"),
    (Sense.PROMISED, 3.0, rf"\b(?:vais|va|allons|v)\s(?:\w+\s){{0,3}}?{_PAY}\b"),
    (
        Sense.PROMISED,
        2.5,
        rf"\b(?:m'engage|m'oblige|engageons|promets?|compte|comptons|prevois|pense|propose|proposons|peux|pe|pouvons"
        rf"|pourrai|pourrais|souhaite|veux|voudrais|offre|serai|serais)\s(?:\w+\s){{0,4}}?{_PAY}\b",
    ),
    (
        Sense.PROMISED,
        2.5,
        r"\b(?:m'engage|m'oblige|nous engageons|je promets|ma promesse|engagement|je confirme|c'est promis|parole"
        r"|je propose|nous proposons|je peux|j'offre|je peu|jpeux|jpe)\b",
    ),
    (
        Sense.PROMISED,
        2.0,
        r"\b(?:je|j'|j|on|nous|qui|elle|il)\s?(?:vous\s|le\s|la\s|les\s|l'|y\s|en\s|lui\s)*(?:paie|paye|regle"
        r"|verse|fais|mets|met|vire|envoie|envoi|depose|porte|donne|reglons|payons|versons|virons|fait"
        r"|adresse|solde|poste|peyer|passe|pague)\b",
    ),
    (
        Sense.PROMISED,
        2.5,
        r"\b(?:virement|versement|paiement|reglement|prelevement|cheque|somme|montant"
        r"|ordre)\s(?:\w+\s){0,3}?(?:est |sera |seront )?(?:prevue?|programmee?|planifiee?|partira|sera"
        r"|arrivera|interviendra|permanent)",
    ),
    (
        Sense.PROMISED,
        2.0,
        r"\b(?:sera|seront)\s(?:\w+\s){0,2}?(?:payee?s?|reglee?s?|versee?s?|viree?s?|debitee?s?|soldee?s?"
        r"|creditee?s?|effectuee?s?|honoree?s?|faite?s?|chez vous|sur votre compte)",
    ),
    (
        Sense.PROMISED,
        1.5,
        r"\b(?:date(?: de paiement| prevue)?|le|montant)\s?(?:du paiement|prevu|engage)?\s?:|☒|\bx\]",
    ),
    (
        Sense.MONTHLY,
        3.0,
        r"\b(?:par|/|chaque|tous les|ts les|chq|p|le|au|du|ttes? les)\s?mois\b(?! de| prochain| dernier"
        r"| suivant| d')|/\s?mois|\bmensuel(?:s|le|les|lement)?\b"
        r"|\bmensualites?\b|\becheances?\s(?:de|mensuelle)|\bpar moi\b",
    ),
    (
        Sense.MONTHLY,
        2.0,
        r"\b(?:\d{1,2}|deux|trois|quatre|cinq|six|huit|dix|douze)\s(?:fois|versements|mensualites|echeances"
        r"|paiements|cheques|virements)\b|\b\d{1,2}\s?x\b|\bacomptes?\b|\bpremier versement",
    ),
    (
        Sense.CLAIMED,
        3.0,
        r"\b(?:reclame[rzs]?|reclamez|reclamation de|demande[rz]? (?:de )?(?:la somme|le paiement|payer"
        r"|regler|verser)|(?:vous )?(?:me |nous |lui )demandez|exigez|mise en demeure|relance"
        r"|mettez en demeure)",
    ),
    (
        Sense.CLAIMED,
        2.0,
        r"\b(?:reste(?:nt|rait|ra)?(?: a payer| du| dus| a devoir)?|restant|solde(?: de| restant| du)|dette"
        r"|dois|doit|devons|devais|devoir|redevable|creance|impaye[es]?|pour un total|total de|au total"
        r"|principal|capital|initiale?)\b",
    ),
    (
        Sense.CLAIMED,
        2.0,
        r"\b(?:factures?|fact)\s(?:\w+\s){0,3}?(?:de|d'un montant de|:|\()\s?$|\bfrais\b|\bpenalites?\b"
        r"|\bmajoration|\binterets\b|\bau lieu de|\bpas (?:les |de )?|\bcontrat de|\bcredit de|\bpret de"
        r"|\bmontant (?:de la|total|initial|reclame|du)|\bcompte(?:z|s)? moi",
    ),
    (
        Sense.INCOME,
        3.0,
        r"\b(?:salaire|retraite de|pension|rsa|aah|allocation|loyer|gagne|revenus?|indemnites? (?:de|journal)"
        r"|charges de|decouvert (?:de|autorise)|apl|chomage|smic|pour vivre|il me reste|me restent|courses"
        r"|vis (?:avec|sur)|ass\b|are\b|touche(?! ma| mon| mes)|prime de|facture de gaz)\b",
    ),
    (
        Sense.CLAIMED,
        2.5,
        r"\b(?:vous m'avez|vous m'aviez|vous me|vous nous|votre collegue|on m'a|m'a) (?:propos|demand|reclam"
        r"|parle)\w*|\bvotre\s\W{0,3}(?:meilleure )?(?:offre|proposition)",
    ),
    (
        Sense.PROMISED,
        1.5,
        r"\b(?:accepte[rz]|accepteriez|accepter|possible|accorder|accordiez|envisageable|en mesure de"
        r"|capable de|m'irait"
        r"|souhaiterai[st]?|solliciter?|echelonner|etaler|reprise a|reprendre a|reprendrai|commencer par"
        r"|ma proposition)\b",
    ),
    (
        Sense.PROMISED,
        2.0,
        r"\bvous\s(?:vire|verse|paie|paye|regle|envoie|met|mets|donne|fait|fais|adresse)\b",
    ),
    (Sense.REFUSED, 3.0, _REFUSED),
)
_PATTERNS = tuple((sense, weight, re.compile(pattern)) for sense, weight, pattern in _TABLE)
_NEGATED = re.compile(
    r"(?:\b(?:ne|n'|pas|jamais|aucun|rien|sans|refuse de|impossible de|pourquoi|peux pas|si je)\b)[^.;:!?]{0,18}$"
)


def payment_cues(low: str) -> list[PaymentCue]:
    """All cues of a folded text, in order. A negated one ("je n'ai pas payé") counts against its own sense."""
    cues = []
    for sense, weight, pattern in _PATTERNS:
        for match in pattern.finditer(low):
            negated = sense in (Sense.PAID, Sense.PROMISED) and _is_negated(low, match)
            cues.append(PaymentCue(sense, match.start(), match.end(), -weight / 2 if negated else weight))
    return sorted(cues, key=lambda cue: cue.start)


def _is_negated(low: str, match: re.Match[str]) -> bool:
    inside = re.search(r"\b(?:pas|jamais|rien|plus)\b", match[0]) is not None
    return inside or _NEGATED.search(low, max(0, match.start() - 30), match.start()) is not None
