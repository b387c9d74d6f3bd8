# ruff: noqa: E501 - a pattern is read best on one line
"""Protections told without their word: what was done, by whom, and what no longer is. By word families.

Beside the tables of `protective_patterns.py`; the same folded sentences, the same `Signal`.
"""

from __future__ import annotations

from classifiers.protective_death import DEAR, KIN
from classifiers.protective_patterns import signal

HIM = r"(?:il|(?:mon|l'|son) ?(?:mari|conjoint?|compagnon|ex|pere|copain|mec|homme|beau[- ]pere))"
PARTY = r"(?:souscript\w+|titulaire|locataire|client\w*|debit(?:eur|rice)|assuree?|abonnee?|signataire|emprunt\w+|proprietaire|gerante?|patronn?e?|residente?|adherente?)"
DISASTER = (
    r"(?:cyclone|ouragan|incendie|inondations?|tempete|seisme|tremblement de terre|coulee de boue|crue|bombardements?)"
)

VIOLENCE = (
    signal(
        "distress",
        rf"\b{HIM} (?:\w+ )?(?:m'a(?:vait)?|me|m') ?(?:\w+ ){{0,2}}?(?:cass|bris|fractur|tordu|demis|tap(?:e|ait)\b|frapp|batt|bat\b|cogn|gifl|etrangl|enferm|sequestr|isol|viol(?:e|ait)|crev|terroris)\w*|\b{HIM} (?:me )?(?:controle|surveille|lit|fouille|garde|confisque|prend|ecoute|cache)[a-z]* (?:tou[st]e?s? )?(?:mon|ma|mes) (?:comptes?|telephone|tel|portable|cartes?|mails?|courriers?|messages?|papiers|sorties|argent|salaire|depenses|cles)\b|\b(?:me|m') ?(?:laiss\w+|empech\w+) (?:pas |plus |de )+(?:sortir|partir|travailler|telephoner)\b|\b(?:n'appelez|n'ecrivez|n'envoyez|telephonez|rappelez|appelez) (?:\w+ ){{1,8}}?(?:il|mon mari|mon conjoint) (?:ecoute|decroche|ouvre|lit|rentre|surveille)\b",
        r"casse (?:les pieds|les oreilles|la tete)|(?:technicien|vendeur|commercial|conseiller|livreur|plombier|demarcheur|huissier|agent|operateur|chien|chat)",
        0.7,
        False,
    ),
    signal(
        "distress",
        r"\b(?:geste|violence|mal|attente?|retournee?s?)\b[^.]{0,20}\b(?:contre|envers|sur|a) (?:soi|elle|lui|moi)[- ]?memes?\b|\b(?:dis|dit|dire|disant) au revoir (?:aux gens|a (?:tout le monde|tous|mes|ma|mon))\b|\b(?:montee?|grimpee?|enjambe\w*|debout|assise?) (?:\w+ ){0,2}?(?:sur |a )?(?:le |la |du )?(?:toit|parapet|rambarde|balustrade|corniche|rebord)\b|\b(?:pompiers|gendarmes|police|passant|voisins?)\b[^.]{0,20}\b(?:l'ont|m'ont|l'a|m'a) (?:\w+ )?(?:redescendue?|repechee?|decrochee?|rattrapee?|desarmee?)\b|\bplus personne (?:pour|a|ne) (?:\w+ )?(?:decroch\w+|repond\w+|pay\w+|paiera|relanc\w+|appel\w+|embet\w+)\b|\bje (?:ne )?(?:verrai|passerai) (?:pas|plus) (?:noel|l'ete|l'hiver|le printemps|la fin (?:du mois|de l'annee)|demain|l'annee prochaine)\b|\b(?:ce soir|cette nuit|demain) (?:\w+ ){0,3}?(?:tout sera (?:fini|termine)|je coupe tout|je debranche)\b|\b(?:dormir|s'endormir|se coucher|fermer les yeux) (?:\w+ ){0,2}(?:plus|jamais|ne plus|toujours) (?:\w+ ){0,2}(?:lever|reveill\w+|ouvrir)\b",
        r"panneaux|installat|couvreur|antenne|tuiles?|technicien|echelle",
        0.7,
        False,
    ),
)

DEATH_TOLD = (
    signal(
        "deceased",
        rf"\b(?:mort|deces|disparition) (?:du |de la |de l'|de notre |de votre |de mon |de ma )?{PARTY}\b|\bcause de (?:mort|deces)\b|\b(?:{PARTY}|{KIN})\b[^.;]{{0,20}}\bn'etant plus(?=[ ]?[,;.!]|$)|\b(?:il|elle) (?:etait|est) (?:deja |toute? )*(?:froide?|raide) ?(?:[,.!]|$)|\b(?:accompagnee?|conduite?|portee?|emmenee?|mene[e]?)s? (?:\w+ ){{0,2}}?(?:au cimetiere|en terre|a sa derniere)\b|\b(?:messe|ceremonie|levee du corps|benediction|veillee) (?:a eu lieu|etait|s'est tenue|aura lieu|a ete)\b|\b(?:dispers\w+|recueilli\w*) (?:ses|les|leurs) cendres\b|\bbiens? delaisses?\b|\bcertificat d'heredite\b|\blivret de famille\b[^.]{{0,40}}\b(?:date|page|mention|verrez)\b|\bfaire[- ]part (?:joint|ci[- ]joint|en piece)",
        rf"en cas de|que se passe|(?:messe|ceremonie|veillee)[^.]{{0,40}}(?:mariage|bapteme|communion|diplome|remise|voeux|noel|minuit)|(?:mariage|naissance|bapteme)|(?:chien|chat|telephone|batterie|moteur|chaudiere)|n'etant plus (?:client|locataire|abonne|titulaire|en|au|a|valable|utilise)|{KIN} (?:du|de la|des) (?:train|batterie|telephone)",
        0.7,
    ),
    signal(
        "deceased",
        rf"{DEAR}[^.,;]{{0,25}} n'(?:en )?(?:a|aura|ont) plus (?:jamais )?besoin\b|\b(?:il|elle|{DEAR}|m|mr|mme|monsieur|madame)(?: [a-z]+)? ne (?:vous )?(?:repondra|paiera|payera|lira|ouvrira|signera|habitera|regardera|conduira|telephonera|appellera) (?:donc )?(?:plus|jamais)\b|\b(?:n'est|est) (?:pas|jamais|plus) (?:revenue?|ressortie?|rentree?) (?:de |d')(?:l'hopital|mer|montagne|la montagne|rea\w*|la clinique|l'operation|la reanimation|l'anesthesie)\b|\bn'(?:a|ont) pas (?:passe|tenu|supporte|resiste a|survecu a)\b[^.]{{0,15}}\b(?:la nuit|l'hiver|noel|l'operation|l'anesthesie|le choc|l'infection|la chimio)\b|\bavis d'obseques\b|\bposthume\b|\bjardin du souvenir\b",
        r"besoin (?:de|d')(?:vous|votre|vos)\b",
        0.6,
    ),
    signal(
        "deceased",
        r"\ban te (?:lendi|madi|mekredi|jedi|vandredi|samdi|dimanch|ye)\b|\b(?:i|li|papa|manman|man) mo\b|\bmouri\b",
        None,
        0.7,
    ),
)

MEASURES_TOLD = (
    signal(
        "over_indebtedness",
        r"\b(?:iedom|ieom|institut d'emission)\b|\b(?:interdi\w+|suspen\w+|arret\w*)\b[^.]{0,30}\bvoies d'execution\b|\b(?:imprime|formulaire|feuilles?|papiers|dossier) (?:\w+ ){0,3}pour la commission\b|\b(?:autres|dix|\d+|trois|quatre|cinq|six|sept|huit|neuf|onze|douze|quinze|tous (?:les|mes|nos|ses)) (?:autres )?creanciers\b|\b(?:effac\w+|supprim\w+) (?:\w+ ){0,2}?dettes\b|\bdesendett\w+|\binterdi\w+ (?:de|d') (?:\w+ )?(?:payer|regler|rembourser) (?:un |une |l'un |quelqu'un |aucun |plus )|\b(?:plan|mesures|moratoire|palier)\b[^.]{0,40}\b(?:\d+|douze|dix-huit|vingt-quatre|trente-six) mois\b",
        r"je (?:vous )?propose|votre (?:cabinet|societe|plan)|au nom de (?:vos|plusieurs)|(?:recouvr|mandat)\w*[^.]{0,30}creanciers",
        0.6,
    ),
    signal(
        "guardianship",
        r"\bdepuis (?:que |qu')?(?:\w+ ){0,4}?(?:le |la )?juge\b|\b(?:passage|passee?s?|convoquee?s?|audience|allee?s?) (?:\w+ ){0,3}?devant (?:le|la) juge\b[^.]{0,80}\b(?:gere|compte|carte|chequier|papiers|signe|argent|courrier)\w*|\b(?:n'a|n'ai|ai|j'ai|a) (?:\w+ )?(?:plus|pas) (?:le droit de (?:signer|dire oui|contracter|acheter|commander|souscrire|depenser|s'engager|m'engager)|(?:sa|ma|la) signature)\b|\b(?:sous|a) (?:notre|ma|leur) (?:responsabilite|protection|charge|garde) (?:\w+ )?(?:par|sur|depuis) (?:decision|jugement|ordonnance|le juge)\b|\b(?:masp|accompagnement (?:judiciaire|social personnalise))\b|\b(?:signature|accord|autorisation|visa) (?:de |du |d')(?:ma |mon |sa |son |la |le )?(?:curat\w+|tut\w+|mandataire|deleguee?|juge)\b|\b(?:gere|s'occupe|tient) (?:\w+ ){0,3}?(?:(?:son|mon) (?:argent|budget|compte)|(?:ses|mes) (?:comptes|sous))\b|\bprestations (?:\w+ ){0,2}(?:percues|gerees|versees) (?:\w+ ){0,3}?(?:par|a) (?:nos soins|notre|nous|l'association|l'udaf)\b|\b(?:touche|percoit|recoit|gere|encaisse) (?:\w+ )?(?:mes|ses) (?:alloc\w*|prestations|aides|sous)\b|\b(?:elle|il|ils|on|tutrice|curatrice|association) (?:ne )?me (?:donne|verse|laisse|rend)(?:nt)? (?:que |seulement )?\d+ ?(?:euros? |e )?(?:par|la|chaque|le|tous les|toutes les|a la|pour la) ?(?:semaine|mois|jour|lundi|mardi|mercredi|jeudi|vendredi|samedi)",
        r"je gere|divorc|garde (?:des|de mes|de mon|alternee)|pension alimentaire|prud|locati|expuls",
        0.6,
    ),
    signal(
        "represented",
        rf"\bc'est (?:ma|mon|notre|la|le) {KIN}(?: [a-z]+)? (?:qui|ki) (?:s'occupe|gere|repond|parle|traite|negocie|decide|prend|tient|a mes|a mon|a tous|a tou|me gere|me represente)\w*\b|\b(?:prend|prends|reprend|reprends) (?:le relais|mes affaires|ses affaires)\b|\b(?:repondra|repond|parle|ecrira|parlera|discute|negocie|decide|signe) (?:desormais |maintenant )?(?:pour (?:moi|elle|lui|mon|ma)|a ma place|a sa place|en son nom)\b",
        r"personne ne (?:decide|parle|repond)|parle (?:bien |mieux )?pour (?:moi|elle|lui)[- ]meme",
        0.6,
    ),
    signal(
        "insolvency",
        r"\b(?:au|a notre|a son|du) passif\b(?! (?:du bilan|comptable|social))|\brepresentant des creanciers\b|\bjuge[- ]commissaire\b|\bgel des creances\b|\bfaute d'actifs?\b|\b(?:ags|garantie des salaires)\b(?=[^.]{0,40})",
        r"actif et passif|actif (?:et|ou) (?:au )?passif|ags (?:demenag|mobil)|fumeur|tabagisme",
        0.6,
    ),
)

WANT_TOLD = (
    signal(
        "vulnerable",
        rf"\bcure\b[^.]{{0,40}}\b(?:alcool|drogue|sevrage)\b|\b(?:contre|a cause de|probleme d[e']) ?l?'?alcool\b|\bvertebres?\b|\bhernie discale\b|\bpolytraumatis\w+|\balitee?\b|\bclouee? au lit\b|\b{DISASTER}\b[^.]{{0,60}}\b(?:maison|toit|logement|tout|case|appartement|village|immeuble)\b|\b(?:refugiee?s?|demandeu(?:r|se) d'asile|deboutee?s? (?:de|du) (?:l'asile|droit d'asile))\b|\b(?:plus|aucun|sans|zero) (?:de |d'|un )?(?:salaire|revenus?|ressources?|droits|alloc\w*|indemnites?|toit|logement)\b|\b(?:dors|dort|dormons|vis|vivons) (?:\w+ )?(?:dans|chez|au|a) (?:\w+ ){{0,2}}?(?:voiture|fourgon|camion\w*|kangoo|hotel|foyer|rue|tente|caravane|garage|cave|copine|amie?s?|115)\b|\bzero (?:indemnites?|revenus?|rentree|ressources?|aide)\b",
        r"(?:assurance|garantie|contrat|facture|devis|sinistre)[^.]{0,50}(?:incendie|inondation|tempete|cyclone)|(?:degat|appartement|voisin)[^.]{0,20}inondation|grippe|rhume|angine|gastro",
        0.6,
    ),
)

TOLD = (*VIOLENCE, *DEATH_TOLD, *MEASURES_TOLD, *WANT_TOLD)
