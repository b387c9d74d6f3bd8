# ruff: noqa: E501 - a pattern is read best on one line
"""What speaks against a protection in a short text: that all is well, that it is another's, long past, or a trade.

Not a veto: the judge of `second_opinion.py` learns what each is worth beside rules, words and readers.
"""

from __future__ import annotations

import re

from classifiers.protective import folded

OTHER = r"(?:voisine?s?|collegues?|amie?s?|copine|copain|beau-frere|belle-soeur|cousine?s?|fournisseur|concurrent|sous-traitant|prestataire|bailleur|employeur|patron|comptable|syndic|proprietaire|colocataire|associee?|vendeur|magasin|artisan|client)"
NUMBER = r"(?:\d+|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quinze|vingt|trente|quarante)"
TRADES = r"(?:infirmier(?:e)?|notaire|medecin|avocate?|auxiliaire de vie|brancardier(?:e)?|secouriste|kine\w*|juriste|tut(?:eur|rice)|curat(?:eur|rice)|mandataire|liquidateur|ambulancier(?:e)?|pompier|animat(?:eur|rice)|surveillante?|aide[- ]soignante?|aide a domicile|educat(?:eur|rice)|conseillere?|gestionnaire|benevole|psychologue|greffi(?:er|ere)|assistante? sociale?|agent|cuisini(?:er|ere)|tresori(?:er|ere)|fossoyeur|marbrier|fleuriste)"

AGAINST = tuple(
    re.compile(pattern)
    for pattern in (
        # All is well, or nothing of the kind.
        r"\b(?:tout|ca) (?:va|allait|ira) (?:tres |mieux |bien)|\b(?:je|j'en|on|nous|il|elle) (?:vais|va|vont|allons|me porte|se porte|nous portons) (?:tres |parfaitement |plutot )?(?:bien|mieux|a merveille)\b|\b(?:en )?(?:pleine|grande) forme\b|\bbonne sante\b|\bsante de fer\b|\btoute (?:ma|sa) tete\b|\bsaine? d(?:e corps|'esprit)\b|\bgagne\w* (?:bien|correctement|tres bien|confortablement)\b|\brassure[zr]\b|\bbien vivante?\b|\bsuis vivante?\b|\bgueri[es]?\b|\bfinances (?:sont )?saines\b|\bsans gravite\b|\brien de grave\b|\b(?:il|elle) (?:court|galope|gambade|rigole|rit)\b|\bla charite\b|\bparfaitement capable\b|\b(?:plaisantais|plaisante|blague)\b|\bpasse\w* (?:de|d'un) (?:mauvais )?gout\b|\bbeneficiaire\b(?=[^.]{0,20}annee)",
        # Somebody else's.
        rf"\brien a voir\b|\b(?:et )?(?:pas|et non) (?:moi|nous|mon cas|le mien|la mienne|a moi|de moi)\b|\b(?:ce n'est|c'est|c'etait|n'est) pas (?:\w+ )?(?:moi|nous|mon cas|le cas|mon affaire)\b|\bhomonymes?\b|\baucun rapport\b|\b(?:son|leur) affaire\b|\bquant a (?:moi|nous)\b|\bmoi,? (?:je|c'est|j')\b|\b(?:mon|ma|le|la) (?:\w+ )?(?:mien(?:ne)?|a moi)\b|\ba titre (?:\w+ )?(?:prive|personnel)\b|\bma propre\b|\bmon propre\b|\bpour mon compte\b|\ben mon nom\b|\bnon (?:en|sous|mon|ma|au) \w+|\b(?:mon|ma|notre|nos|un|une|le|la|l'|d'un|des) ?(?:ancien(?:ne)? )?{OTHER}\b[^.,;]{{0,25}}\b(?:est|etait|a ete|a|avait|sont|ont)\b",
        # Long past, or over.
        rf"\bil y a (?:\w+ ){{0,2}}?{NUMBER} ans\b|\b(?:en|depuis|des|vers|entre) (?:19\d\d|200\d|201\d)\b|\bannees \d\d\b|\bdepuis (?:bien )?longtemps\b|\ba l'epoque\b|\bautrefois\b|\bl'an (?:dernier|passe)\b|\bjadis\b|\b(?:{NUMBER}) ans (?:ont passe|deja|apres)\b|\bdepuis {NUMBER} ans\b|\bn'est plus d'actualite\b|\b(?:rentre|revenu) dans l'ordre\b|\bfete (?:ses|mes) \d+ ans\b",
        # A trade, not a fate; or talk of the subject.
        rf"\b(?:de|mon|son|leur|notre) metier\b|\b(?:j'y|je|où je|qui) (?:y )?(?:travaille|bosse|enseigne)\b|\b(?:j'en|je) (?:monte|vois passer|gere|suis)[^.]{{0,20}}(?:par semaine|toute la journee|tous les jours|a longueur)\b|\bsalariee?s? d|\betant (?:moi-meme|donne)\b|\bje dirige\b|\bmoi-meme\b|\bretraitee? d(?:e|u|es)\b|\b(?:je suis|suis|comme|en tant que|en tant qu'|collegue) {TRADES}\b|^{TRADES}\b|\bou je (?:travaille|suis)\b|\bmon employeur\b|\b(?:formation|stage|expose|memoire|these|concours|exposition|roman|film|livre|serie|emission|magazine)\b|\b(?:simple|juste une) (?:question|curiosite)\b|\b(?:impasse|rue|avenue|residence|place|allee|chemin|quai|boulevard) (?:\w+[' ]){{1,5}}",
    )
)


def spoken_against(text: str) -> tuple[float, ...]:
    """1 for each of `AGAINST` that the text says, else 0."""
    plain = folded(text)
    return tuple(float(pattern.search(plain) is not None) for pattern in AGAINST)
