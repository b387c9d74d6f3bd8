# ruff: noqa: E501 - a pattern is read best on one line
"""Words taken out of a sentence before protections are sought: figures of speech, things that die, long ago.

Taking out the words themselves, not judging the whole sentence, leaves what else the sentence tells.
"""

from __future__ import annotations

import re

from classifiers.sieve import Sieve

THING = (
    r"(?:batteries?|moteur|pile|telephone|portable|smartphone|box|chaudiere|ordinateur|ordi|pc|tablette|voiture|auto|compteur|frigo|congelateur|machine|imprimante|ecran|television|tele|scooter|velo"
    r"|disque dur|lave[- ]\w+|seche[- ]\w+|four|arbres?|plantes?|poissons?|chat|chatte|chien|chienne|cheval|poules?|hamster|lapin|connexion|ligne|reseau|wifi|site|serveur|lettres?|haie|rosiers?|gazon|pelouse"
    r"|tondeuse|aspirateur|cafetiere|montre|radio|camion|tracteur|robot|contrat|dossier|projet|dette|creance|affaire|litige|sujet|hache de guerre|societe|batterie)"
)
PRACTISED = r"(?:liquidat(?:eur|rice)|mandataire|administrat(?:eur|rice)|notaire|avocate?|curat(?:eur|rice)|tut(?:eur|rice)|juge|greffi(?:er|ere))"
ANOTHER_FIRM = r"(?:fournisseurs?|concurrents?|sous-traitants?|prestataires?|bailleurs?|donneurs? d'ordres?|franchiseurs?|grossistes?|transporteurs?|constructeurs?|son client|leur client|mes clients|(?:un|une) de (?:mes|nos) clients?|clients? de (?:notre|mon))"
DEAD = r"(?:morte?s?|decedee?s?|enterree?s?|defunte?s?|hs|eteinte?s?|partie?s? en fumee)"
LONG_AGO = r"(?:en (?:1[89]\d\d|[4-9]\d)\b|il y a (?:longtemps|bien longtemps|(?:plus de |pres de )?(?:[1-9]\d|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante|soixante)(?:[- ]\w+)? ans)|(?:quand|lorsque) j'(?:avais|etais) (?:\d+ ans|\w+ ans|petite?|enfant|gamine?|bebe|jeune)|dans les annees|dans mon enfance|avant ma naissance|au siecle dernier|pendant la guerre|a la guerre)"

FIGURES = tuple(
    re.compile(pattern)
    for pattern in (
        # Things and animals.
        rf"(?<!de )(?<!du )(?<!de la )(?<!de l')(?<!de ce )(?<!de cette )(?<!des )\b{THING}\b(?: [\w'-]+){{0,3}}? (?:est|sont|etait|etaient|a ete|a|ont|ait) (?:\w+ ){{0,2}}?(?:{DEAD}|rendu (?:l'ame|son (?:ame|dernier)|son dernier \w+)|lache|peri|creve)",
        rf"\b{THING} {DEAD}",
        rf"\b{DEAD} (?:le|la|mon|ma|l'|ce|cette) ?{THING}",
        rf"\b(?:la |une )?(?:mort|deces|disparition|perte|enterrement|agonie) (?:subite |brutale |prematuree |annoncee )?(?:de |du |d')(?:la |l'|mon |ma |mes |notre |votre |vos |ce |cette )?{THING}\b",
        rf"\b(?:nous |on )?enterr\w+ (?:la |le |une |cette |ce |ma |mon )?(?:vie de (?:garcon|jeune fille|celibataire)|{THING})",
        r"\benterre\w* (?:ma|sa|la) vie de \w+(?: \w+)?",
        # Long ago.
        rf"\b(?:morte?s?|decedee?s?|disparue?s?|enterree?s?|inhumee?s?|partie?s?|eteinte?s?|quittee?s?|perdu[es]* (?:mon|ma|mes) \w+|veu(?:f|ve))(?: [\w'-]+){{0,3}}? {LONG_AGO}",
        rf"{LONG_AGO}[^.;]{{0,30}}\b(?:morte?s?|decedee?s?|disparue?s?)\b",
        # Work, not fate.
        r"\b(?:je |j'|nous )?(?:travail\w*|employee?|bosse\w*|metier|salariee?|apprentie?|fossoyeur|agent|porteur|chauffeur|infirmiere?|aide[- ]soignante?|medecin|secretaire|brancardier|interne|kine\w*|psychologue|cadre|cuisinier|femme de menage|agente?|vigile|animat\w+|educat\w+ (?:specialise|sportif)\w*|stagiaire|en poste)(?: [\w'-]+){0,3}? (?:aux?|dans|pour|a l'|a la|a|en|de|des|d'|chez) ?(?:les |un |une |le |la |l')?(?:pompes funebres|cimetiere|crematorium|hopital|clinique|ehpad|maison de retraite|prison|udaf|ccas|handicap\w*|surendettement|funerarium|psychiatrie|foyer|esat|banque de france|tutelles?|cancer\w*|oncologie|maison d'arret)(?: [\w']+)?",
        # Speech.
        r"\b(?:vous )?(?:voulez|voudriez|voulait) ma (?:mort|peau)(?: ou quoi)?",
        r"\b(?:pendue?|accrochee?) (?:au|a mon|a votre) (?:telephone|combine|fil|standard)",
        r"\bmorts? (?:de (?:rire|fatigue|faim|froid|honte|peur|soif|ennui|inquietude)|de (?:trouille|jalousie))",
        r"\b(?:tue|tuent|tuez|tuer|tuait)(?: le temps| a (?:la tache|petit feu[^.]{0,12}(?:factures?|frais)))",
        r"\b(?:vos |les |ces |votre )(?:frais|interets|relances?|factures?|prix|agios|tarifs)(?: [\w']+){0,3}? (?:me|nous) (?:tuent?|saignent?|assassinent?|achevent?|etranglent?)",
        r"\bsuicide (?:commercial|financier|economique|politique|fiscal|professionnel|industriel)",
        r"\bdu suicide (?:commercial|de (?:traiter|facturer|vendre|payer|signer))",
        r"\bdepression\W{0,4} ?(?:de terrain|du terrain|atmospherique|tropicale|du sol|nerveuse de (?:mon|ma) (?:compteur|machine))",
        r"\b(?:c'est|ce n'est) pas une depression\b",
        r"\b(?:places?|parkings?|stationnement|emplacements?|carte)(?: [\w']+){0,2}? handicap\w*",
        r"\bhandicap (?:au golf|de \d+|de jeu)(?: est de \d+)?",
        r"\b(?:film|livre|roman|emission|documentaire|reportage|article|serie|podcast|conference|cours|memoire|these|brochure|tuto)(?: [\w'-]+){0,2} (?:sur|traitant|parlant|consacree?)(?: [\w'-]+){0,2} (?:surendettement|tutelles?|suicide|mort|deuil|deces|cancer|handicap|vieillesse|avocats?|faillites?)",
        r"\b(?:prefet|ministere|rectorat|region|etat|ars|commune|mairie|departement|ministre|prefecture)\b[^.]{0,40}\btutelle (?:sur|de|du)(?: [\w']+){0,3}",
        r"\b(?:ministere|autorite|organisme|administration|collectivite)s? de tutelle",
        r"\b(?:la |une |votre |cette )?commission (?:m'a |nous a |a )?(?:refus\w+|accord\w+|attribu\w+) (?:la |une |ma |notre |le |un |mon )?(?:bourse|logement|place|aide|subvention|permis|agrement)",
        r"\bvotre commission\b[^.,;]{0,20}",
        r"\ble conseil (?:que|syndical|municipal|regional|departemental|de (?:classe|famille|copropriete|surveillance))",
        r"\b(?:mange\w*|salade|kilo|caisse|huile|cageots?)(?: [\w']+){0,3}? d?'?avocats?\b",
        r"\b(?:c'est )?(?:a|de quoi) (?:se|s') ?(?:tirer une balle|pendre|flinguer|jeter par la fenetre|taper la tete\b[^.,]{0,20})",
        r"(?:\[ ?\]|□|☐|❏|\bo\b(?= (?:deces|tutelle)))\s*[^\[\]□☐❏☒☑.]{1,60}",
        r"\bbanque de france\b[^.]{0,40}\b(?:inscrite?|fichee?|fichier|aucun)\b[^.]{0,30}|\b(?:la )?succession d(?:e|es) (?:tarifs?|factures?|hausses?|relances?|erreurs?|incidents?)",
        r"\b(?:macon|plombier|vendeur|artisan|electricien|garagiste|commercial|installateur|couvreur|livreur|facteur|technicien|architecte|peintre|notaire)(?: [\w\']+)?,? (?:est |etait )?(?:mort|decede)\b|\bobseques (?:civiles )?de (?:votre|ma|la) \w+|\bavocate? (?:a la retraite|retraitee?|honoraire|stagiaire)\b|\bquand j\'en aurai un\b|\b(?:notre|le|mon) cabinet d\'avocats (?:regl|pai|pay|vir)\w+|\baidant[- ]aide\b|\b(?:avec|comme) la (?:societe|sarl|sas|entreprise) qui a fait faillite|\b(?:liquidateur|mandataire)(?: [\w\']+){0,3} m\'a vendu\b|\bmorte?s? et enterree?s?(?: depuis \d+)?|\bpaix a son ame\b(?=[^.]*\b(?:disait|dicton|proverbe))|\b(?:facture|frais|operation|soins)[^.]{0,40}\bfeue? (?:mon|ma|notre) (?:chien|chat)\w*",
        r"\b(?:liquidateur|mandataire|liquidation)(?: [\w']+){0,3} (?:de|du|pour) (?:mon|l'|un) ?(?:ancien(?:ne)? )?(?:employeur|vendeur|magasin|fournisseur)",
        r"\b(?:entreprise de |comptable,? )pompes funebres|\bdirect(?:eur|rice) (?:d'|de l'|de la |du )(?:ehpad|maison de retraite|hopital|prison)",
        r"\b(?:ehpad|hopital|clinique|maison de retraite|foyer|prison) ou (?:je|j') ?(?:travaille|suis (?:aide|infirm|employ|salari|cuisin|agent|medecin)\w*)(?:[- ]\w+)?",
        r"\bmdr\b|\blol\b",
        rf"\bl'avocate? (?:du|de la|de l'|des|de mon|de notre|de votre) ?(?:syndic|copropriete|voisine?|proprietaire|bailleur|partie adverse|vendeur|employeur|patron|assureur|assurance|constructeur)\b|\b{PRACTISED}(?: judiciaires?)? (?:que je suis )?de (?:mon )?(?:metier|profession|formation|son etat)\b|\b(?:suis|etant|comme) (?:moi-meme )?{PRACTISED}(?: judiciaires?)? (?:de (?:metier|profession|formation)|(?:a la|en) retraite|retraitee?|honoraire|de musee)\b",
        r"\bje suis auxiliaire de vie\b(?! (?:de|chez|aupres))[^.]{0,60}",
        r"\bsauvegarde[s]?\W{0,8}(?:de |du |des |automatiques? ?(?:de |du |des )?|informatiques? ?)(?:nos |mes |vos |les |la |l')?(?:donnees|fichiers|photos|disque|serveur|logiciel|devis|telephone|archives|ordinateur)?",
        rf"\b(?:liquidation|redressement|faillite|sauvegarde)(?: judiciaire)? (?:de |du |d'|chez )(?:notre|mon|l'un de nos|un|le|son|leur|votre|nos|vos) ?{ANOTHER_FIRM}|\b{ANOTHER_FIRM}(?: [\w'-]+){{0,3}}? (?:est|sont|etait|a ete|ont ete|mis|mise|place[e]?|tombe[e]?) (?:\w+ )?en (?:redressement|liquidation|faillite|sauvegarde)(?: judiciaire)?",
        r"\bc'est mort (?:pour (?:moi|nous|le|la|les|ce|cette|aujourd'hui|demain)|en ce moment|donc|de toute facon|sur|cote)\b",
        r"\b(?:sourde? oreille|dialogue de sourds|confiance aveugle|les yeux fermes|malade de (?:rire|voir|lire))",
        r"\bsauver? (?:ma|sa|la) peau",
        r"\bj'en peux plus de (?:votre|vos|la|cette|ce|ces|le|les) (?:musique|standard|site|appli\w*|robot|attente|relances?|appels?|pub\w*|mails?)(?: [\w']+){0,2}",
        r"\b(?:mieux|plutot|preferable) (?:vaut |vaudrait )?(?:mourir|crever) que de (?:vous )?(?:payer|signer|remettre les pieds)",
        r"\ba (?:mourir|crever) (?:de rire|d'ennui|de chaud|de froid)",
        r"\bhuissier de mort|\bpoint mort|\bangle mort|\bheures? mortes?|\bsaison morte|\bmorte[- ]saison|\bnature morte|\blettre morte|\bfeuilles? mortes?|\btemps morts?|\bbras mort",
    )
)


_SIEVE = Sieve(FIGURES)


def without_figures(sentence: str) -> str:
    """The folded sentence with figures of speech and long-dead people replaced by a sign that matches nothing."""
    for position in _SIEVE.candidates(sentence):
        sentence = FIGURES[position].sub("§", sentence)
    return sentence
