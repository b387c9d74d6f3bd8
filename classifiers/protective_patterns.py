# ruff: noqa: E501 - a pattern is read best on one line
"""The words that announce a protection, and the ways of speech that only look like it. One table, read aloud.

Patterns run on folded sentences: lower case, no accents, straight apostrophes, single spaces (see `protective.py`).
`unless` is sought in the whole sentence around the words found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Signal:
    """`words` announce `label`; `weight` under 0.5 marks for the desk without protecting by itself."""

    label: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    weight: float = 1.0
    negatable: bool = True  # "je ne suis pas ..." takes it back


def signal(label: str, words: str, unless: str | None = None, weight: float = 1.0, negatable: bool = True) -> Signal:
    return Signal(label, re.compile(words), re.compile(unless) if unless else None, weight, negatable)


KIN = (
    r"(?:mari|epoux|epouse|femme|pere|mere|papa|maman|frere|soeur|fils|fille|conjointe?|compagn(?:e|on)|oncle|tante"
    r"|grand[- ]?(?:pere|mere)|beau[- ]?(?:pere|frere|fils)|belle[- ]?(?:mere|soeur|fille)|parents?|cousine?|neveu|niece"
    r"|voisine?|locataire|client|debiteur|associe|gerant|tata|tonton|mamie|papi|papy|papa)"
)
PERSON = (
    rf"(?:(?:papa|maman|mamie|papi|papy|mamy|pepe|meme|tonton|tata)|(?:mon|ma|notre|son|sa|leur|votre|le|la|l'|un|une)[ ]?(?:ex[- ])?{KIN}(?: [\w'-]+){{0,3}}"
    r"|m\.?|mr\.?|mme\.?|mlle\.?|monsieur(?: [\w'-]+){1,3}|madame(?: [\w'-]+){1,3}|il|elle|celui-ci|celle-ci"
    r"|(?:ce|cette) (?:monsieur|dame|personne)|l'interesse[e]?|le titulaire|la titulaire|le destinataire)"
)
ALIVE = (
    r"bien vivante?|toujours (?:vivante?|en vie)|encore (?:vivante?|en vie)|pas (?:encore )?morte?|me (?:croit|croient|dit"
    r"|disent|declare|declarent|fait passer|donnent?) (?:pour )?(?:decede|morte?)|ressuscit|je suis decede|suis-je decede"
)
COVER = (
    r"(?:assurance|garantie|capital|prevoyance|clause|option|cotisation|risque|contrat|rente)s? (?:au |de |du |en cas de )?"
    r"(?:deces|obseques)|deces[- ](?:invalidite|accident|ptia)|en cas de deces|(?:faire|fait|fais|faites|font) (?:le|la|les) morte?s?"
)
DEAD_THINGS = (
    r"(?:batterie|moteur|pile|telephone|portable|box|chaudiere|ordinateur|pc|voiture|compteur|frigo|machine|imprimante|ecran"
    r"|television|tele|scooter|disque dur|lave[- ]\w+|four|congelateur|arbre|plante|poisson|chat|chien|cheval|poule|hamster"
    r"|connexion|ligne|wifi|lettre|nature|saison|bras|angle|point|temps|poids|bois|feuille|peau|langue|eau|quartier|delai)s?"
    r"(?: \w+){0,3} (?:\w+ )?morte?s?|morte?s? de (?:rire|fatigue|faim|froid|honte|peur|trouille|soif|ennui|inquietude)"
    r"|point mort|mort[- ]ne|a la vie a la mort|a mort\b|peine de mort|mortes? saisons?|morte[- ]saison|ivre mort"
)

DEATH = (
    signal(
        "deceased",
        r"\b(?:on l'a|on a|l'avons|l'ont|avons|a ete|ont|enterrions|l'a|est|ete) (?:enterree?s?|inhumee?s?|incineree?s?|portee? en terre|mise? en terre)\b|\benterrions\b|\bs'est tuee?\b|\bil s'est tue\b|\bn'est plus en vie\b|\bsurvenu le deces\b",
        r"tuee? (?:a|au) (?:la tache|travail|vous)",
    ),
    signal(
        "deceased",
        rf"\b{PERSON} (?:\w+ ){{0,2}}?(?:est|etait) (?:partie?|disparue?) (?:le \d|dans son sommeil|a l'hopital|d'un|d'une|des suites|subitement|brutalement|au cimetiere|cet hiver|en (?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre))",
        r"partie? (?:(?:le \d+|en \w+|cet \w+)[^.]{0,20} ?)?(?:en vacances|a l'etranger|vivre|habiter|sans (?:laisser|adresse)|pour|travailler|s'installer|en (?:maison|ehpad)|de (?:la|chez|son|l')|avec|du (?:domicile|logement)|au (?:bresil|canada|portugal|maroc))|colis|courrier|cheque|virement|lettre|dossier|mail",
    ),
    signal(
        "deceased",
        r"\bdans son sommeil\b|\b(?:etant|desormais|deja|maintenant|retrouvee?s?|trouvee?s?) morte?s?\b|\b(?:chute|accident|collision|crise) mortel(?:le)?\b|\bau cimetiere\b|\bsuccombe\b|\bsa veuve\b|\bla (?:mort|disparition|perte) (?:de (?:mon|ma|notre|nos|son|sa|m |mme|monsieur|madame)|brutale|soudaine|subite|accidentelle)\b|\b(?:parents|peres|deux|tous|freres) sont morts\b|\bsont morts\b|\b(?:vient|venait|viennent) de (?:mourir|deceder|disparaitre|nous quitter)\b|\bfaire[- ]part\b|\bje l'ai perdue? (?:le|en|il y a|a)\b|\bderniere? demeure\b|\bacte de la mairie\b|\bl'acte de deces\b|\b(?:sa|la) vve\b|\bveuve [a-z]+\b|\bfaleceu\b|\bfalecido\b|\bpassed away\b|\bshe died\b|\bhe died\b|\bdeath certificate\b|\bha fallecido\b|\be morto\b|\bverstorben\b|\brupture d'anevrisme\b|\bun mort\b|\bce deuil\b|\bnotre deuil\b|\bson corps\b|\b(?:emportee?|foudroyee?|terrassee?) par (?:un|une|la|le)\b|\bfils? decede\b",
        r"veuve (?:depuis|clicquot|et|de|j|a|avec|qui|mais|retraitee|sans)|je l'ai perdue? (?:votre|la|le (?:papier|courrier))|lettre|derriere le cimetiere|(?:rue|chemin|place|impasse|route|avenue) du cimetiere|gardien du cimetiere|succombe a (?:la tentation|vos|l'offre)|faire un mort|faire[- ]part (?:de (?:mariage|naissance|bapteme)|a imprimer|commande)|(?:mariage|naissance|imprim\w+|graveur)[^.]{0,60}faire[- ]part|je (?:vous )?faire part|batterie|telephone|moteur|chien|chat",
        0.7,
    ),
    signal(
        "deceased",
        r"\bdecede(?:e|s|es)?\b|\best decedee?|\bdcd\b|\bdcede(?:e)?\b",
        f"{ALIVE}|{COVER}|si je (?:venais|viens|decede)",
    ),
    signal(
        "deceased",
        r"\b(?:acte|avis|certificat|faire[- ]part|copie|extrait) (?:d'acte )?(?:de |du )?deces\b|\b(?:le|son|du|au|suite au|depuis le|"
        r"apres le|annoncer le|date de|jour du) deces (?:de|du|d'|brutal|soudain|survenu|le|en|nous|m'|a |est)|\bsuite a (?:un |son )?deces\b|\bdeces (?:de|du|d'|survenu)\b",
        f"{COVER}|{ALIVE}|(?:augment|envoy|recev|livr)\\w* .{{0,20}}faire[- ]part",
    ),
    signal(
        "deceased",
        r"\bdefunte?s?\b|\bde cujus\b|\bfeue? (?:monsieur|madame|mon|ma|m\.?|mr|mme|son|sa|notre)\b(?! (?:chien|chat|cheval|lapin|voiture|telephone|ordinateur))",
        r"defunte? (?:societe|magasin|enseigne|chaine|operateur|entreprise|boutique)",
    ),
    signal(
        "deceased",
        rf"\b{PERSON} (?:\w+ ){{0,2}}?(?:est|etait|serait|sont) (?:brutalement |soudainement |deja |donc |bien |helas |malheureusement )*"
        r"(?:morte?s?\b|enterree?|inhumee?|incineree?|partie? (?:pour toujours|au ciel|rejoindre|paisiblement|dans son sommeil))",
        f"{ALIVE}|{DEAD_THINGS}|mort de (?:rire|fatigue|faim|froid|honte|peur)",
    ),
    signal(
        "deceased",
        r"\bmorte? (?:le|en|depuis|a l'hopital|a la maison|a domicile|de vieillesse|d'une crise|d'un|d'une|chez|dans son|subitement|brutalement|il y a|au mois|l'an|cet|ce|cette|hier)\b",
        f"{ALIVE}|{DEAD_THINGS}",
    ),
    signal(
        "deceased",
        r"\b(?:nous|m'|l'|les|vous) ?a(?:ient)? (?:\w+ )?quitte[es]*\b(?! (?:la|les|son|sa|ses|l'|un|une|pour|en claquant|le (?:domicile|logement|foyer|service|poste)))",
        r"quitte (?:pour|le (?:domicile|logement|foyer)|la (?:maison|france|region)|l'appart|mon|son|sa)|m'a quittee? (?:en|pour|il|l'an|apres)",
    ),
    signal(
        "deceased",
        r"\bs'est eteinte?\b|\bn'est plus (?:de ce monde|parmi nous|la pour|des notres)\b|\brappelee? a dieu\b|\bperdu la vie\b|\bmis fin a ses jours\b|\bs'est (?:suicidee?|donnee? la mort|pendue?)\b|\b(?:repose|partie?) en paix\b|\brip\b",
        r"(?:ecran|chaudiere|box|telephone|lumiere|compteur|moteur|voiture|ordinateur|chauffage|veilleuse|pc)[^.]{0,30}eteint",
    ),
    signal(
        "deceased",
        r"\b(?:mon|ma|notre|son|sa) (?:pauvre |cher |chere |regrette )?"
        + KIN
        + r"(?: [\w'-]+){0,2} n'est plus\b(?! (?:\w+|d'accord|en|a|au|sous|la|le|titulaire))",
    ),
    signal(
        "deceased",
        r"\b(?:reglement|reglant|regler|liquidation|charge|chargee|ouverture|accept\w+|renon\w+|actif|passif|dossier|notaire)\b[^.]{0,30}\b(?:la|de la|a la|cette|une|de) succession\b|\bsuccession (?:de |du |d'|vacante|est|n'est|en cours|ouverte)",
        r"succession d(?:'erreurs|'incidents|'appels|'ennuis|'oublis)|succession de (?:courriers|lettres|relances|pannes|problemes|erreurs|mails|messages|galeres|incidents|appels|malheurs|coups)",
    ),
    signal(
        "deceased",
        r"\bheriti(?:ers?|eres?)\b[^.]{0,60}\b(?:renonc|dette|succession|accept|passif|de m\.|de mme|de monsieur|de madame)|\bles heritiers\b",
        None,
        0.8,
    ),
    signal(
        "deceased",
        r"\b(?:obseques|funerailles|enterrement|incineration|inhumation|pompes funebres)\b",
        f"{COVER}|facture (?:des |de )?pompes|(?:mon|votre) (?:contrat|client|creancier)[^.]{{0,30}}(?:obseques|funebres)|tete d'enterrement|enterrement de vie",
        0.6,
    ),
    signal(
        "deceased",
        r"\b(?:perdu|perte de) (?:mon|ma|notre|son|sa) (?:mari|epoux|epouse|femme|pere|mere|fils|fille|conjointe?|compagn(?:e|on))\b",
        None,
        0.6,
    ),
    signal(
        "deceased",
        r"\b(?:sa|leur) veuve\b|\bveuve? (?:de|depuis|du)\b|\bme (?:voila|retrouve|voici) veu(?:f|ve)\b|\bson veuf\b",
        None,
        0.45,
    ),
)

FIGURE_DEATH = (
    r"mour(?:ir|u|rait|rai|ais) de (?:rire|faim|soif|honte|froid|chaud|ennui|peur|curiosite)|meurs? (?:d'envie|de (?:rire|faim|soif|honte|froid|chaud|ennui|curiosite|hate|sommeil))"
    r"|envie de mourir de rire|(?:me|nous) (?:tue|tuez|tuent) (?:a|au|de)|suicide (?:commercial|financier|economique|politique|fiscal)"
)
END_OF_A_MATTER = (
    r"en finir (?:avec )?(?:ce|cet|cette|ces|vos|votre|le (?:dossier|litige|contentieux|sujet|feuilleton)|la (?:dette|facture|paperasse|procedure)"
    r"|l'histoire|l'affaire|mes (?:dettes|factures|credits)|mon (?:dossier|credit)|ma dette|une (?:bonne )?fois|rapidement|vite|au plus vite|definitivement|a l'amiable|proprement|vous|elle|lui|eux|sodexo)"
    r"|(?:histoire|affaire|dossier|dette|facture)[^.]{0,40}en finir|pour en finir[ ,]*(?:je|j'|nous|voici|avec (?:ce|cette|cet|vos|la dette))|en finir[^.]{0,30}(?:je (?:paie|paye|regle|verse|solde)|cheque|reglement|virement)"
)
DISTRESS = (
    signal(
        "distress",
        r"\b(?:mourir|crever|me tuerais?|se tuerait?|me tue(?:r|rai)|me suis (?:rate|loupe)e?)\b",
        rf"{FIGURE_DEATH}|mourir d(?:e (?:rire|faim|honte|chaud|froid|soif)|'(?:ennui|envie|inquietude|impatience|amour))|(?:vient|venait|viennent|va|allait|vu|laisse[r]?|faillit|failli) (?:de )?mourir|(?:pneus?|roues?|chien|chat|yeux|plafond)[^.]{{0,20}}crev|crever (?:les yeux|l'abces|le plafond|un pneu)|envie de (?:vous|savoir|connaitre)",
        0.8,
        False,
    ),
    signal(
        "distress",
        r"\b(?:continuer|envie|raison|but|sert|servir|interet) (?:a|de) (?:vivre|exister|se lever|me lever)\b|\bpourquoi (?:vivre|continuer|je vis)\b|\b(?:la|ma) vie (?:ne )?(?:vaut|n'a|a) (?:plus|rien|pas)\b|\bfini(?:r|rai)? (?:le travail|avec la vie)\b|\b(?:ca|tout|cela) finisse\b|\barrete (?:de manger|mes medicaments|mon traitement|de me nourrir)\b|\bque (?:tout )?ca (?:s'arrete|cesse) (?:enfin|pour de bon|une fois)\b",
        r"arrete (?:de manger )?(?:la cantine|au restaurant)|(?:payer|appels|relances|courriers)[^.]{0,20}(?:cesse|s'arrete)",
    ),
    signal(
        "distress",
        r"\b(?:riviere|canal|rails?|voie ferree|falaise|barrage|viaduc|pont|branche|poutre|etang|mer|seine|loire|rhone|garonne)\b[^.]{0,60}\b(?:vite fait|me dis|pense|regarde|reste|m'attire|m'attend|tente|fini|pied|bord|sauter|jeter|une heure|des heures)\b|\b(?:regarde|reste|restee?|passe|debout|au bord|au bout|je pense)\b[^.]{0,40}\b(?:riviere|canal|rails?|voie ferree|falaise|viaduc|le pont|la poutre|d'une branche|d'une corde|etang)\b",
        r"(?:inondation|crue|degat|assurance|travaux|construction|hydraulique|mer du|bord de mer|location|camping|reste (?:a payer|du)|facture d'eau)",
    ),
    signal(
        "distress",
        r"\b(?:moteur|gaz) (?:allume|ouvert)\b|\bune balle\b|\bpeau\b[^.]{0,20}\b(?:vous l'aurez|aurez|voulez)\b|\bvoulez ma peau\b|\b(?:il|elle|je) (?:l'|la |les |m'|nous )?(?:emmenera[it]*|emmenerais?|emporterai?t?) (?:\w+ )?avec (?:lui|elle|moi)\b|\b(?:retrouve|retrouvera|retrouviez|trouvera)(?:nt|it)? (?:pendue?|morte?|comme (?:mon|ma)|au petit matin|un matin|dans)\b|\bparlera de (?:vous|moi|nous) (?:aux|dans|a la)\b|\bapres il sera trop tard\b|\bque je suis morte?\b|\bquelqu'un (?:vienne|s'occupe|prenne)[^.]{0,30}\b(?:chiens?|chats?|enfants?|betes?|petits?)\b|\bdegonflee?\b|\bfaire sauter (?:le|la|votre|vos|tout)\b|\bcoup de (?:fusil|couteau|feu)\b",
        r"balle de (?:tennis|golf|foin|ping|match)|faire sauter (?:la ligne|les frais|la penalite|les penalites|les interets|le blocage|la banque|ma carte|mon permis)|(?:pneus?|ballon|roue|chateau gonflable|bouee|matelas)[^.]{0,30}degonfle|bonne peau|gaz (?:ouvert|allume) (?:par|le|depuis)|compteur|contrat",
    ),
    signal(
        "distress",
        r"\b(?:si je n'etais plus|(?:mieux|heureux|heureuse|tranquilles?|vivr\w+|debrouill\w+|continuer\w*|tourner\w*|vivre) sans (?:moi|lui|elle)|quand je (?:ne )?serai plus|je ne serai plus (?:de ce monde|la)|si je (?:suis|serai) encore (?:la|de ce monde|en vie)|que je ne sois plus|plus (?:etre|me reveiller) (?:la|demain)|d'etre encore la)\b",
        r"(?:joignable|a cette adresse|au bureau|en poste|locataire|disponible|a l'adresse|chez vous|dans (?:l'appartement|le logement|la societe)|payer|decider|faites|reparer|fonctionn|sans moi (?:pour|cette|le|la))",
        1.0,
        False,
    ),
    signal(
        "distress",
        r"\b(?:mes|ses|les|mon|ma|nos) (?:filles?|enfants|fils|gosses|petits|femme|mari|famille|gamins)\b[^.]{0,40}\b(?:seraient|serait|auraient|aurait|seront|auront|touchera\w*|toucheront|vivraient|s'en sortir\w+) (?:mieux|plus (?:heureux|tranquille|simple)|l'assurance|debarrass\w+)\b|\btout le monde (?:serait|sera|ira) (?:mieux|debarrasse|plus tranquille|tranquille)\b|\b(?:plus simple|mieux|soulagement) pour tout le monde\b|\bsi (?:j'etais|je suis|j'etait|je serais) morte?\b|\bplus qu'a (?:disparaitre|mourir|crever|se pendre|me pendre|attendre la mort)\b|\bne me (?:pleurera|regrettera)|\blacher (?:pour de bon|la rampe)\b|\b(?:fais|ferai|ferais|faire|fera) une (?:grosse |enorme )?(?:betise|connerie)\b|\bperdu le gout\b|\bl'assurance[- ]vie (?:couvrir|paiera|vous paiera|les mettra|servira)\w*|\bl'assurance de (?:mon|ma|ton) (?:travail|vie|mort)\b|\bun (?:dossier|debiteur|probleme|souci) de moins\b|\b(?:vous|ils|elle|tous) ser(?:ez|ont|a|aient) (?:enfin )?(?:bien )?(?:tranquilles?|debarrasses?)\b",
        r"(?:je (?:paie|regle|paye|verse)|apres (?:ca|ce (?:virement|cheque))|virement|cheque)[^.]{0,40}(?:tranquille|debarrass)",
    ),
    signal(
        "distress",
        r"\b(?:a quoi bon|plus (?:l')?interet (?:de|a) (?:continuer|vivre)|ne vois plus (?:l'interet|de sens|pourquoi|d'issue|de (?:solution|sortie)|comment (?:on|m'en|en) sort)|vois (?:pas|plus) (?:komen|comment|d'issue)|plus gout a (?:rien|la vie)|sert plus a rien|rien ne sert|je ne tiens plus|je tiens plus|ne (?:tiendrai|tiendrais) (?:pas|plus)|plus de raison (?:de vivre|d'etre|de me lever)|(?:il|elle) ne voyait plus|je n'attendrai pas|veux (?:le|la) (?:retrouver|rejoindre)|vais (?:le|la) (?:retrouver|rejoindre)|(?:le|la) rejoindre)\b",
        r"(?:a quoi bon|sert plus a rien|interet) (?:de )?(?:vous )?(?:ecrire|telephoner|repondre|relancer|envoyer|reclamer|payer|un|une|ce|cette|appeler)|au telephone|rejoindre (?:le|la|un) (?:domicile|poste|equipe)",
        0.7,
        False,
    ),
    signal(
        "distress",
        r"\b(?:mes|ses|les) (?:affaires|papiers) (?:en ordre|sur la table|dans (?:le|la|l')|ranges?)\b|\b(?:mettre|mis|mettre mes|range|classe)\w* (?:mes|ses|les|tous mes|tous les) (?:papiers|affaires)(?: \w+)? en ordre\b|\brange ses papiers\b|\b(?:dernieres? (?:volontes|dispositions|lettre|fois que j'ecris|nuit))\b|\b(?:ma femme|mon frere|ma fille|mon fils|on|ma soeur|mon mari) (?:sait|trouve|trouvera|saura) (?:ou (?:est|sont)|tout)\b|\bdire adieu\b|\bm'occuper de mon chien\b",
        r"toujours (?:tenu|eu|garde)|comptab|en ordre (?:avec vous|de paiement)|impots|derniere lettre (?:avant|de relance|recommandee|du|de)|(?:votre|vos|la|une|avant) derni",
        0.6,
    ),
    signal(
        "distress",
        r"\b(?:cachets?|medicaments?|comprimes?|somniferes?|pilules?|pharmacie)\b[^.]{0,30}\b(?:sur la table|devant moi|d'un coup|tous|toute la boite|a cote|avale\w*)\b|\bj'?avale (?:tout|tous|toute|toutes|la|les|mes)\b|\bavaler? tout ce\b",
        r"ordonnance de|prescri|rembours|facture",
        1.0,
        False,
    ),
    signal(
        "distress",
        r"\b(?:la|une|ma|ta) corde\b|\b(?:saut|jet|tomb|lanc|balanc|fenetre|pass)\w*[^.]{0,25} (?:du|de mon|par) (?:\w+ )?(?:6eme|5eme|4eme|3eme|7eme|8eme|9eme|\d+e(?:me)?|sixieme|cinquieme|quatrieme|dernier etage|balcon|pont|viaduc|toit)\b[^.]{0,20}|\b(?:je|j|g) (?:vais )?(?:me|m') ?(?:jete|jette|jetter|jeter|balance|pend|tue|flingue|tire une|pendrai|tuerai)s?\b|\bjme (?:jete|jette|tue|pend|flingue)s?\b",
        r"corde (?:a linge|au cou|sensible|vocale|raide|d'escalade|de l'escalier|a sauter|du store|de guitare|lisse)|escalier|volet|store|(?:cordes|guitare|escalade|alpinis|relance|courrier|lettre|etage sans|habite|au \d|rue|mois|facture|rappel|echeance|trimestre|du \d+e(?:me)? (?:mois|etage))|me tue (?:a|au)|on me jette|m'a jete",
        0.6,
        False,
    ),
    signal(
        "distress",
        r"\b(?:le|un|mon|son|ton) (?:fusil|flingue|calibre|12|pistolet|revolver|sabre|couteau|machette)\b|\b(?:batte|barre de fer|cran d'arret|bidon d'essence|cocktail molotov)\b|\b(?:je tire(?:rai)?|tirer dessus|je vous attends?|je l'attends?|je les attends?)\b[^.]{0,40}\b(?:devant|au parking|a la sortie|avec|fusil|porte|cour|parking|chien|dehors|dans le tas)\b|\b(?:finit|finir|finira|termine|repartira?|ressortira?|sortira?) (?:a l'hosto|a l'hopital|en ambulance|les pieds devant|en fauteuil|sur un brancard|dans un sac|a quatre pattes|au cimetiere)\b|\bcasser? (?:les|des|la|une|deux|tes|vos) (?:deux )?(?:jambes|genoux|bras|dents|gueule|tete|machoire|figure)\b",
        r"permis de chasse|club|armurerie|facture (?:du|de) fusil|fusil (?:de chasse )?(?:commande|achete|vendu|livre|d'occasion)|couteau (?:de cuisine|electrique|suisse)|12 (?:mois|euros|rue|janvier|fois)|batte de baseball (?:commande|achete|pour mon fils)|le 12\b",
    ),
    signal(
        "distress",
        r"\b(?:je sais|on sait|je connais|j'ai (?:vu|trouve|repere))\b[^.]{0,30}\b(?:ou (?:c'est|sont|est|il|elle|vous|tu|se)|de quel parking|quelle voiture|sa voiture|vos bureaux|ton nom|son adresse|a quelle heure)\b[^.]{0,60}|\b(?:je monte|je viens|je passe|je debarque|je descends|je viendrai|je serai la)\b[^.]{0,40}\b(?:bureau|bureaux|siege|agence|hall|vous allez (?:voir|comprendre)|pas seul|avec (?:mes|mon|ma))\b",
        r"(?:payer|regler|cheque|carte|especes|rendez[- ]vous|deposer|horaires|ouverts?|ouverture|guichet|apporter|justificatif|ou (?:est|sont) (?:passe|la|le|les|mon|ma|mes|l'argent))",
    ),
    signal(
        "distress",
        r"\bsuicid\w*|\b(?:me|se|s'|nous|te) ?(?:suicider|pendre|supprimer|flinguer|foutre en l'air|tuer|noyer|defenestrer|mettre une balle|tirer une balle)\b|\bm'(?:ouvrir les veines|immoler|empoisonner|asperger)\b",
        f"{FIGURE_DEATH}|prevention (?:du )?suicide .{{0,30}}(?:benevole|association|formation)|noyer (?:dans|sous) (?:les|vos|la|le) (?:papiers?|paperasse|chiffres|courriers)|s'est suicide|travaill|benevole",
        1.0,
        False,
    ),
    signal(
        "distress",
        r"\b(?:envie|pens\w+|song\w+|vais|veux|voudrais?|voulu|voulait|idee|prete?|decide\w*|fini(?:r|rai)|tente|essaye|soirs?|autant|jours?) (?:\w+ ){0,2}(?:d'|a |de )?en finir\b|\ben finir avec (?:la vie|ma vie|moi|tout)\b|\b(?:finir avec la vie|finir avec moi)\b|\ben finir\b(?=[^\w]*$)",
        f"{END_OF_A_MATTER}|{FIGURE_DEATH}",
    ),
    signal(
        "distress",
        r"\bmettre (?:un terme|fin) a (?:mes jours|ma vie|tout|mon existence|mes souffrances)\b|\bfin a (?:mes|ses|nos) jours\b|\bm'oter la vie\b|\bquitter ce(?:tte)? (?:monde|vie)\b",
        r"a mis fin a ses jours",
        1.0,
        False,
    ),
    signal(
        "distress",
        r"\b(?:plus|perdu|pas) (?:\w+ )?(?:envie|gout|la force|force|le courage|raison|aucune raison) (?:de |d'|a )?(?:la vie|vivre|me lever|me battre|exister|continuer a vivre|etre la)\b|\bplus (?:aucune )?(?:envie|raison) de (?:vivre|rien|continuer)\b|\bne (?:veux|peux) plus vivre\b|\bn'en peux plus de vivre\b|\bsi c'est (?:ca )?la vie\b",
        r"plus envie de (?:continuer|rien)(?: (?:a |avec |chez |cet|ce|mon|votre|votre abonnement))",
        1.0,
        False,
    ),
    signal(
        "distress",
        r"\b(?:envie|veux|voudrais|vais|prefere|prefererais|autant|mieux|pense a|songe a|aimerais|souhaite|voulu|pret a|prete a) (?:de |en |parfois |juste |seulement )*(?:mourir|crever|disparaitre|partir pour de bon|ne plus (?:etre|me reveiller|exister))\b|\b(?:mieux|preferable|simple|tranquille)s? (?:si j'etais|si je n'etais plus|mort|morte|sans moi)\b",
        f"{FIGURE_DEATH}|(?:fichier|base|liste|ecran|annuaire)",
        1.0,
        False,
    ),
    signal(
        "distress",
        r"\b(?:idees?|pensees?) (?:tres )?(?:noires?|sombres?|suicidaires?|de mort)\b|\bpens\w* au pire\b|\bfaire une (?:betise|connerie|bêtise)\b|\bcommettre (?:l'irreparable|une betise)\b|\bl'irreparable\b|\bacte (?:desespere|irreparable)\b|\bgeste (?:desespere|fatal|irreparable)\b|\bpasser a l'acte\b",
        r"(?:souscri|command|achet|sign)\w*[^.]{0,25}(?:betise|connerie)",
    ),
    signal(
        "distress",
        r"\b(?:ma|notre) mort (?:sur|sera|vous|dans)|\bsur la conscience\b|\b(?:avant|jusqu'a) (?:que je |ce que je )?(?:creve|meure|meurs|me (?:tue|pende|jette|flingue|suicide))\b|\bquand je (?:serai|serais) morte?\b|\bserai(?:s|t)? morte?\b|\bvous (?:aurez|auriez) (?:un|ma|notre) (?:mort|mort[es]* )",
        r"serai(?:s|t)? mort(?:e)? de (?:rire|honte)|quand je serai morte?[^.]{0,25}(?:heritier|enfants paieront)",
    ),
    signal(
        "distress",
        r"\b(?:me|se|vais me) (?:jeter|jette|jeterai|jetterai|balancer|lancer) (?:sous|du|d'un|dans la|dans le|par la fenetre|par le|sur les rails|au fond)\b|\bsauter? (?:du|d'un|par la|dans la|depuis) (?:pont|fenetre|balcon|toit|train|seine|loire|viaduc|etage)\b|\bsous (?:un|le) train\b",
        r"jeter? (?:sous|dans) (?:le|la) (?:poubelle|travail)|a jete",
    ),
    signal(
        "distress",
        r"\b(?:avale|avaler|pris|prendre|prends|vide|vider|garde|compte|mis de cote)r? (?:tous? |toutes? |toute )?(?:mes|les|des|la|une|ma|trop de) (?:boites? (?:de|d')|plaquettes? (?:de|d'))?(?:tou[st]e?s? (?:mes|les) )?(?:cachets|medicaments|comprimes|somniferes|anxiolytiques|pilules|barbituriques)\b|\bplaquettes? de (?:somniferes|cachets|comprimes)\b",
        r"(?:doit|dois|devant|faut|matin|midi|tous les (?:jours|matins|soirs)|traitement (?:a vie|quotidien)) ",
    ),
    signal(
        "distress",
        r"\bdefenestr\w+|\b(?:a|de|par) me jeter\b|\bje (?:le|la|les|vous|te) (?:descends|descendrai|bute|buterai|tue|tuerai|abats|demonte|demolis|creve)\b|\bme (?:fais|ferai|faire) sauter\b|\b(?:voudrait|voudrais|prefererait|prefererais|souhaite|aimerait|aimerais) (?:etre|se voir) morte?\b|\b(?:mon|son|un) (?:corps|cadavre)\b|\b(?:une|mon|son|d'une) arme\b|\b(?:prendrai|prendrais|prendre|avale|avala|avaler|avalerai|vide|viderai|pris) (?:tous? |toutes? )?(?:les|mes|ses|ces) (?:cachets|comprimes|medicaments|somniferes|boites)\b|\b(?:fatiguee?|lasse?|las|marre|assez|degoutee?) de (?:vivre|la vie|cette vie|exister)\b|\btout casser\b|\bplus un (?:probleme|poids|fardeau|souci) pour\b|\b(?:dieu|on|mes enfants|ma famille|ma mere) (?:me|m') ?(?:pardonne|pardonnera|pardonnent|pardonneront)\b|\bun (?:poids|fardeau) pour (?:tous|tout le monde|personne|ma|mes|les miens|eux)\b|\bje saute\b(?!r| (?:sur|de joie|un|le|la|une|cette))|\bne plus (?:jamais )?(?:me |se )?(?:reveiller|etre la|exister)\b|\b(?:voulais|voulait|voulu|vouloir|decide de|essaye de|tente de|menace de) (?:mourir|se tuer|en finir|disparaitre|se suicider)\b|\bau fond (?:de la|du|de l')(?: \w+)?\b(?=[^.]{0,3}$)|\bc'est fini pour moi\b|\bprenez soin de\b|\b(?:a petit feu|finirai le travail)\b|\b(?:me|se) rater\b|\b(?:assez|reserve|stock) de (?:comprimes|cachets|medicaments|somniferes)\b|\bvous cherchez un mort\b|\bmon nom dans le journal\b|\b(?:lui|leur|vous|te) tire dessus\b|\bplatane\b|\bni moi\b[^\w]{0,3}$|\b(?:deja|ai) essaye (?:une fois|deux fois|avec|d'en)\b|\brat(?:e|er)ai pas\b|\b(?:mettre|foutre|foutrai|mettrai|mets|fous) le feu\b|\b(?:incendier|brule[r]?) (?:votre|vos|tout|l'agence|le bureau|ma maison)\b|\b(?:retrouvee?|trouvee?) (?:avec|inconsciente?|pendue?|dans le garage)\b|\btentative de suicide\b|\bts\b[^.]{0,20}hopital|\bla corde\b[^.]{0,40}\b(?:grenier|garage|grange|poutre|pret|prete|attend)\b|\b(?:grenier|garage|grange|poutre)\b[^.]{0,40}\bcorde\b|\bmon fusil\b|\bcarabine\b|\bcartouches?\b[^.]{0,30}fusil",
        r"encre|imprimante|club de tir|corps (?:medical|de la lettre|du texte|de chauffe|du courrier|de metier|de ferme|d'etat)|arme[e]? de patience|prendrai (?:les|mes) (?:boites|cartons)|(?:tue|tuez|descends) (?:a|au|du|de)|au fond (?:de la|du) (?:tiroir|cour|couloir|jardin|boite|classeur|sac|dossier|garage|placard)|prenez soin de (?:vous|verifier|lire|repondre|bien|joindre|noter)|facture d[eu']|achat|ni (?:ma|mon) \w+ ni moi|ni moi (?:ne|n')|brule[r]? (?:votre|vos) (?:lettre|courrier)|(?:allee|rue|place) (?:des|du) platane",
    ),
    signal(
        "distress",
        r"\b(?:adieu|c'est (?:ma|la) derniere lettre|pardonnez[- ]moi (?:mes|a mes) enfants|mes enfants seront mieux|lettre d'adieu|dites a (?:ma|mon|mes) \w+ que je)\b",
        r"adieu (?:la |les |le |a vos |votre |aux )|dites adieu|bon vent|sans (?:un )?adieu",
    ),
    signal(
        "distress",
        r"\b(?:je vais|je viens|je viendrai|on va|j'arrive|je vous|je te|venir|debarquer|m'occuper)\b[^.]{0,40}\b(?:tuer|buter|egorger|planter|bruler|cramer|casser la (?:gueule|tete|figure)|faire la peau|peter la gueule|faire sauter|descendre|saigner|fusil|couteau|batte|barre de fer|essence|flingue|arme)\b",
        r"tuer le temps|(?:prix|pompe|litre|plein|facture)s? d[eu']? ?(?:l')?essence|tue a vous|casser la tete a|sauter (?:cette|la|les|ces|le) (?:ligne|frais|penalit|echeance|agios|majoration)|arme(?:e|s de)|planter (?:des|mes|le)",
    ),
    signal(
        "distress",
        r"\bje (?:sais|connais|trouverai|retrouverai) (?:ou|l'adresse|ton adresse|votre adresse)[^.]{0,30}(?:habit|travaill|trouver|garez|enfants|maison)|\b(?:un malheur|du sang|un carnage|un drame) (?:va|arriv|risque|sur)|\bil (?:va|y aura) (?:arriver )?un (?:malheur|drame|mort)\b|\bca (?:va|finira|risque de) (?:tres )?mal finir\b|\bje (?:ne )?reponds plus de (?:moi|rien|mes actes)\b|\bretenez[- ]moi\b",
        None,
    ),
    signal(
        "distress",
        r"\b(?:a bout|au bout du rouleau|au fond du trou|au bord du gouffre|plus rien a perdre|plus la force|craque|desespere[e]?|desespoir|je sombre|je n'en peux plus|j'en peux plus|detresse)\b",
        None,
        0.4,
        False,
    ),
)

OVER_INDEBTEDNESS = (
    signal(
        "over_indebtedness",
        r"\bsur[- ]?en?dett\w*|\bsurandett\w*",
        r"(?:pour )?(?:eviter|evite|empecher)[^.]{0,25}sur ?endett|(?:risque|peur|menace|seuil|taux|bord|avant|crainte|prevention|lutte contre le|livre|brochure|specialiste|formation|sujet|article)\w*[^.]{0,40}sur ?endett|sans (?:aller|passer|en arriver|tomber|recourir|deposer)[^.]{0,25}sur ?endett|(?:pas|jamais|ni|plus) (?:encore )?(?:\w+ ){0,5}?(?:de |en |d'|au )?(?:(?:dossier|commission|procedure|situation) de )?sur ?endett|(?:m'obligez|poussez|obliger|finir|tomber|plonger|retrouver)[^.]{0,30}sur ?endett",
    ),
    signal(
        "over_indebtedness",
        r"\b(?:banque de france|banqe de france|bdf|banque de frances?)\b",
        r"(?:fichee?|fichage|fichier|ficp|fcc|interdit|droit au compte|mediateur|cours|taux|billet|employee?|collegue|ami|cousin|beau-frere|travaill|retraitee? de la|ancien|controle|cheque de|pieces?)[^.]{0,60}(?:banque de france|bdf)|(?:banque de france|bdf)[^.]{0,40}(?:fichee?|fichage|fichier|ficp|fcc|droit au compte|interdiction bancaire|billet)|(?:pas|jamais|ni|sans|plutot que|au lieu de) (?:\w+ ){0,6}banque de france|(?:eviter|menac)[^.]{0,30}banque de france",
    ),
    signal(
        "over_indebtedness",
        r"\bretablissement personnel\b|\bprp\b|\bmesures? imposees?\b|\bplan conventionnel\b|\brecevabilite\b|\bdossier (?:\w+ ){0,3}(?:declare |juge )?recevable\b|\b(?:commission|secretariat de la commission)\b[^.]{0,50}\b(?:recevable|dettes|moratoire|creanciers|mesures)\b|\beffacement (?:total |partiel )?(?:de |des )?(?:mes |ses |nos |leurs |les )?(?:dettes|creances)\b|\bla commission (?:a|m'a|nous a)\b|\bmoratoire\b[^.]{0,40}\b(?:commission|banque|accorde|decide|ans|mois)\b|\b(?:decision|jugement) d'effacement\b|\bmesures de la commission\b|\bplan de la commission\b|\bhomologu\w+[^.]{0,30}(?:mesures|plan|commission)",
        r"irrecevab|conciliateur|tribunal d'instance sur",
    ),
    signal("over_indebtedness", r"\bl\.? ?7[2-4]\d-\d+\b", r"irrecevab|conciliateur|tribunal d'instance sur"),
)

GUARDIANSHIP = (
    signal(
        "guardianship",
        r"\b(?:tutelle|curatelle|curatele|tutele)s?\b",
        r"(?:autorite|ministere|organisme|service|administration|prefecture|etat|syndicat|federation)s? de tutelle|tutelle (?:de l'etat|du ministere|administrative|de la prefecture|de l'ars)|sous (?:la |votre |sa |ma )?tutelle (?:de l'etat|du ministere|de l'ars|morale)|(?:pas|jamais|plus|ni|sans|aucune|personne|nul) (?:\w+ ){0,4}?(?:une |de |la |sa |ma )?(?:mesure de )?(?:tutelle|curatelle)|personne ne [^.]{0,25}tutelle|tutelle[ ,]*(?:tres peu|merci|non)|curatelle[ ,]*(?:tres peu|merci|non)|sortie? de (?:la |ma )?(?:tutelle|curatelle)|main ?levee|(?:tutelle|curatelle)[^.]{0,30}(?:levee|terminee|finie|prise? fin)|(?:je travaille|employee?|collegue|metier|stage|poste|secretaire|juriste|etudes|memoire|formation|concours|reportage|livre|article|film)\b[^.]{0,40}(?:tutelle|curatelle)|(?:me prenez|prenez[- ]moi|croyez|traitez|comme si|qui vous a dit|qui dit|qui pretend)[^.]{0,40}(?:tutelle|curatelle)|mettre? (?:votre|vos|ce) (?:service|societe|client|operateur|creancier)s? sous",
    ),
    signal(
        "guardianship",
        r"\b(?:tuteur|tutrice|cotuteur|curateur|curatrice|co[- ]?curateur)s?\b",
        r"(?:tuteur|tutrice)s? (?:de stage|d'apprentissage|entreprise|pedagogique|academique|en entreprise|de mon (?:stage|alternance|apprentissage)|a tomates?|pour (?:tomates|plantes|rosiers|arbres)|en bois|en bambou|metallique)|curat(?:eur|rice) (?:d'exposition|d'art|de l'exposition|du musee|au musee)|(?:stage|alternance|apprenti|universite|fac|ecole|formation|musee|galerie|exposition|potager|jardin\w*|pepiniere|plante[rs]?|tomates|plants?|rosiers|arbustes|bambous?)\b[^.]{0,60}(?:tuteur|tutrice|curateur|curatrice)|(?:tuteur|tutrice|curateur|curatrice)s?\b[^.]{0,60}(?:stage|alternance|apprenti|universite|fac\b|ecole|convention|memoire|musee|galerie|pepiniere|jardin|plants?|tomates|rosiers)|(?:pas|jamais|plus|ni) (?:de |mon |ma |le |la |un |une |son |sa )?(?:tuteur|tutrice|curateur|curatrice)|sans (?:tuteur|tutrice|curateur|curatrice)",
    ),
    signal(
        "guardianship",
        r"\bhabilitation (?:familiale|judiciaire)\b|\bhabilitee? par (?:le |la )?juge\b|\bsauvegarde de justice\b|\bmjpm\b|\bmandataire judiciaire a la protection\b|\bprotection (?:juridique )?des majeurs\b|\bmajeure?s? protegee?s?\b|\bmandat de protection future\b|\bjuge des tutelles\b|\bmesure de protection\b|\bmandataire special\b|\bprotection juridique\b[^.]{0,30}\b(?:juge|mesure|placee?)\b",
        r"(?:assurance|contrat|assureur)[^.]{0,25}protection juridique",
    ),
    signal(
        "guardianship",
        r"\b(?:udaf|atmp|atg|association tutelaire|service mandataire|service tutelaire|gerante? de tutelle)\b",
        r"(?:vacances|allocations|medaille|benevole|je travaille)[^.]{0,40}udaf",
    ),
    signal(
        "guardianship",
        r"\b(?:la|le) juge (?:m'a|nous a|l'a|a) (?:\w+ )?(?:nommee?|designee?|confiee?|placee?|habilitee?)\b|\bjugement\b[^.]{0,60}\b(?:me nomme|me designe|me confie|nous designe)\b|\bnommee? (?:pour gerer|par le juge|par la juge)\b",
        r"(?:garde|residence|expert|liquidateur)",
    ),
)

THEIR_FIRM = (
    r"(?:votre client|votre mandant|le magasin|le vendeur|la boutique|l'artisan|la salle|le club|le constructeur|l'installateur"
    r"|le fournisseur|l'ecole|le centre de formation|l'organisme|le cuisiniste|le prestataire|le site|le plombier|le couvreur|l'agence|la marque"
    r"|l'operateur|le creancier|l'entreprise qui|la societe qui|le garage qui|leur societe|cette boite|ce magasin|cette enseigne|l'enseigne"
    r"|mon (?:ancien )?employeur|mon patron|mon client|un client|nos clients|l'usine)"
)
INSOLVENCY = (
    signal(
        "insolvency",
        r"\b(?:rj|lj) (?:prononcee?|ouverte?|du|simplifiee|\d)|\bjugement\b[^.]{0,40}\b(?:rj|lj)\b|\b(?:objet ?:?|re ?:|tr ?:) ?(?:rj|lj)\b|\bsauvegarde (?:ouverte|prononcee|le|par)\b|\b(?:mis|mise|placee?|mettre|ouvert|ouverte) en sauvegarde\b|\bcommissaire a l'execution\b|\bplan de redressement\b|\bprononce\w* (?:la|l'ouverture d'une|notre|sa|une) (?:liquidation|redressement|procedure)\b|\bcreances? (?:anterieures?|a declarer|admises?|inscrite au passif)\b|\bpassif de (?:la societe|l'entreprise)\b|\bex[- ]gerante?\b|\bcreances? (?:est )?gelees?\b|\btribunal (?:de commerce|des activites economiques|judiciaire)?[^.]{0,60}\b(?:ouvert|prononce|arrete le plan|place|mis|decide la fermeture|ordonne)\b",
        rf"{THEIR_FIRM}[^.]{{0,90}}(?:liquid|redress|sauvegarde)|(?:tutelle|curatelle|sauvegarde de justice|habilitation|majeur|contentieux de la protection|divorce|garde|pension alimentaire|expulsion|injonction)",
    ),
    signal(
        "insolvency",
        r"\b(?:redressement|liquidation|liquidateur|liquidatrice)s?(?: (?:simplifiee|amiable et))? ?judiciaires?\b|\ben liquidation\b|\bjugement de (?:liquidation|redressement|conversion)\b|\bliquidation simplifiee\b|\badministration judiciaire\b|\bplacee?s? en (?:redressement|liquidation|sauvegarde)\b|\bredressement\b[^.]{0,20}\btribunal\b",
        rf"{THEIR_FIRM}[^.]{{0,90}}(?:liquid|redress|sauvegarde)|(?:pas|jamais|ni|eviter|avant|risque\w*|peur|menace\w*|vers|droit (?:a|dans)) (?:\w+ ){{0,5}}?(?:la |le |de |en |une |un )?(?:redressement|liquidation)|liquidation (?:totale|du stock|des stocks|avant|de (?:stock|printemps|fin))|liquidation (?:de la )?(?:communaute|regime matrimonial)|redressement (?:fiscal|urssaf|productif)",
    ),
    signal(
        "insolvency",
        r"\b(?:mandataire|administrateur|administratrice) judiciaires?\b(?! a la protection)|\bliquidat(?:eur|rice)\b|\bliquidation\b[^.]{0,40}\b(?:tribunal|jugement|prononcee|ouverte|societe|sarl|sas|eurl)\b|\b(?:societe|sarl|sas|eurl|entreprise|cabinet|commerce|boutique|restaurant|salon|garage|restau|bar|resto|boite|magasin)\b[^.]{0,40}\bliquidee?\b",
        rf"{THEIR_FIRM}[^.]{{0,90}}(?:liquid|mandataire|administrat)|(?:pas|jamais|ni) (?:de |en |un )?(?:liquidateur|mandataire)",
    ),
    signal(
        "insolvency",
        r"\bprocedures? collectives?\b|\bprocedure de sauvegarde\b|\bsauvegarde (?:accelere|judiciaire)|\bjugement d'ouverture\b|\bl\.? ?622-\d+\b|\bl\.? ?641-\d+\b|\bdeclar(?:er|ation|ez) (?:de |votre |la |vos |sa )?creances?\b|\bcessation des? paiements?\b|\bplan de (?:continuation|cession|sauvegarde)\b|\bperiode d'observation\b|\bbodacc\b",
        rf"{THEIR_FIRM}[^.]{{0,60}}(?:procedure|sauvegarde|cessation)|sauvegarde de justice|(?:sans|eviter|pas|risque\w*) (?:\w+ ){{0,4}}(?:procedure collective|cessation)",
    ),
    signal(
        "insolvency",
        r"\b(?:depot de|depose[re]?|deposons|avons depose|a depose|ai depose) (?:le |mon |son |notre |leur )?bilan\b",
        rf"{THEIR_FIRM}[^.]{{0,60}}bilan|(?:vais|allons|devoir|risque\w*|peur|eviter|sinon|avant|oblig\w+|conduire|pousser|mener|menac\w+|au bord|faudra)[^.]{{0,30}}(?:depot|depose)",
    ),
)

ADVICE_ONLY = (
    r"(?:mon|notre|un|une|ma|l') ?avocate? (?:me|m'|nous|pense|trouve|dit|a dit|conseille|est (?:d'avis|formel))|(?:consult|prendr|prendre|contacter|saisir|saisis|saisirai|voir|verrai|payer|appel\w+|demand\w+ a|parl\w+ (?:a|avec)|menac\w+|transm\w+ (?:a|au)|confi\w+ a|tourner vers)\w*"
    r"[^.]{0,30}avocat|(?:votre|vos) avocats?|sans avocat|pas (?:d'|un |besoin d'un |les moyens d'un )?avocat|avocat du diable|(?:salade|huile|kilo|caisse|puree)s?[^.]{0,20}avocat|avocats? (?:mur|du perou|et crevettes)"
)
REPRESENTED = (
    signal(
        "represented",
        r"\bsociete d'avocats\b|\bavocats? (?:associes?|inter-?barreaux)\b|\bm'?(?:a|ont|nous a) (?:chargee?s?|saisie?s?|mandatee?s?|confie|autorisee?s?|designee?s?)\b[^.]{0,50}\b(?:interets?|ecrire|repondre|representer|assister|dossier|defense|suivre|la|de vous)\b|\b(?:charge|chargee|en charge) de ses interets\b|\bla defense des interets\b|\bje suis (?:desormais |donc |a present |dorenavant )?(?:le |la |l')?(?:conseil|avocate?)\b|\b(?:je|nous) (?:represente|representons|defends|defendons|assiste|assistons)\b|\bnous sommes (?:saisis|mandates|charges|les conseils|constitues)\b|\baide juridictionnelle\b|\bavocate? (?:de|du|pour|designee?|commise?)\b|\b(?:assistee?|accompagnee?|defendue?|representee?|aidee?) (?:d'un|d'une|de|par) (?:mon |ma |un |une |l')?(?:avocat|conseil|association|assistante?|avocate|juriste|mandataire|defenseur|curat|tuteur|travailleu)\w*|\bmandat de (?:defense|representation|protection|gestion)\b|\b(?:merci de |veuillez |faut |priere de |desormais )?(?:passer|passez|voir|voyez) (?:desormais )?par (?:lui|elle|mon avocat|mon conseil|notre conseil|eux)\b|\b(?:mon|notre) avocate?, (?:me|maitre) [a-z]|\bje vous (?:contacte|ecris|sollicite|appelle) pour (?:m |mme|mr|madame|monsieur)\b|\b(?:nous|je) (?:intervenons|interviens) (?:pour|aupres|en faveur)\b|\b(?:educat(?:eur|rice)|travailleu(?:r|se) sociale?|referente? sociale?)\b|\bconseil de (?:m|mr|mme|monsieur|madame|la|cette)\b|\bnotre (?:societaire|camarade|beneficiaire|protegee?)\b",
        r"votre avocat|m'a (?:charge|autorise)[^.]{0,15}(?:de frais|des frais)|(?:consulter|prendre|demander|vais|obtenir)[^.]{0,40}(?:avocat|aide juridictionnelle)|notre cliente? (?:ne |nous )?(?:doit|paye|paie)",
    ),
    signal(
        "represented",
        r"\b(?:j'ecris|je vous ecris|ecrit|j'ecri|ecris) (?:\w+ )?(?:a la place d|pour (?:lui|elle|eux|ma|mon|madame|monsieur|m |mme)|au nom d|en son nom|a sa place|pour le compte)|\bj'ouvre son courrier\b|\bavec son accord\b|\bavec l'accord de (?:m|mme|monsieur|madame)\b|\bautorisation (?:signee|ecrite|jointe)\b|\b(?:il|elle) m'a (?:demande de vous|autorisee?|signe)\b|\b(?:qui|elle|il) m'autorise a\b|\bvoir (?:avec|directement) (?:avec )?(?:madame|mme|m|monsieur|ma|mon) (?:tutrice|tuteur|curat\w+|avocate?|\w+ de l'udaf)\b|\b(?:adressez|ecrivez|passez|voyez|contactez)[- ](?:moi|nous|vous)? ?(?:desormais|dorenavant|a l'avenir|directement)?\b[^.]{0,30}\b(?:tout|courriers?|correspondance|communication)\b|\btoute? (?:correspondance|communication|courrier|echange)\b[^.]{0,40}\b(?:cabinet|etude|association|moi|nous|notre|mon)\b|\btiers de confiance\b",
        r"autorisation (?:signee )?de prelevement|avec l'accord de (?:votre|m\.? le conseiller)|ecris pour (?:ma|mon) (?:facture|dossier|abonnement|credit|dette|compte|box|contrat)",
    ),
    signal(
        "represented",
        r"\bavocate?s?(?: associee?s?)? (?:au barreau|a la cour|du barreau|inscrite?|et associes)\b|\bau barreau\b|\bj'ai l'honneur (?:d'etre|d'intervenir|de vous (?:informer|indiquer) (?:etre|que je suis)|d'etre constitue)|\bconstituee? (?:pour|aux interets|dans)\b|\baux interets de\b|\bje (?:suis|interviens|me constitue|represente|defends|assiste) (?:le conseil|l'avocate?|conseil|en qualite|comme conseil|les interets|pour le compte|aux cotes)\b|\bje (?:represente|defends|assiste) (?:m\.|mme|monsieur|madame|les interets|ce|cette|la societe|mon client|ma cliente)|\b(?:ma cliente|mon client|mes clients)\b|\bnotre adherente?\b|\bcabinet d'avocats\b|\bscp d'avocats\b|\bselarl\b[^.]{0,40}\bavocat",
        r"votre avocat|(?:j'ai|nous avons) (?:un|une|des|perdu|livre)[^.]{0,20}(?:mon client|mes clients)|(?:mon|ma|mes) clients? (?:ne |n'|me |m'|est |a |ont |qui )?(?:paye|paie|regle|doit|vire|verse|m'a pas|n'a pas (?:paye|regle))",
    ),
    signal(
        "represented",
        r"\b(?:mon|notre|ma|son|leur) (?:avocate?|conseil|defenseur)\b[^.]{0,60}\b(?:vous (?:ecrir|contact|repond|adress|ferez)|prend|suit|charge|copie|seul|desormais|me represente|nous represente|gere|maitre|me (?:joint|lit)|reprend|saisi)|\b(?:adress|contact|ecriv|voir|vous tourner|prendre contact|passer|parler|envoy|correspond|vous rapprocher)\w*[^.]{0,50}\b(?:mon|notre|ma|son) (?:avocate?|conseil|representante?|mandataire|fils|fille|assistante? sociale)\b|\bpar l'intermediaire de (?:mon|notre) (?:conseil|avocat)|\bs/c de\b",
        r"(?:voir|contacter|consulter|appeler|ecrire a|demander a|parler a|parl\w+ (?:a|avec)) (?:mon|notre|ma|un) (?:avocat|conseil|fils|fille|assistante)|mon conseil (?:est|serait)|envoye (?:a|par) mon",
    ),
    signal(
        "represented",
        r"\b(?:agissant|agis|agissons|intervien[st]|intervenons|ecris|ecrivons|sollicite|demande|repond[s]?|vous contacte) (?:\w+ ){0,3}?(?:au nom|pour le compte|en qualite|es qualites|en tant que (?:mandataire|representante?|travailleu|conseil)|a la demande de|sur (?:la )?demande de|pour (?:ma|mon|la|le) (?:mere|pere|mari|epoux|epouse|frere|soeur|fille|fils|grand[- ]\w+|tante|oncle|maman|papa|voisine?|compte de))\b|\bau nom et pour le compte (?:de|d'|du)\b|\bpour le compte de (?:ma (?:mere|soeur|fille|femme|tante|cliente|grand)|mon (?:pere|frere|fils|mari|oncle|client|grand))|\bes qualites\b",
        r"vous (?:agissez|intervenez|dites agir|pretendez)[^.]{0,30}pour le compte|au nom de (?:la loi|quoi|qui)|agissant pour le compte de (?:la |votre |sa )?(?:societe|creancier|client)",
    ),
    signal(
        "represented",
        r"\b(?:mandat|procuration|pouvoir)\b[^.]{0,30}\b(?:signee?|jointe?|ci[- ]?jointe?|pour (?:le|la|mon|ma) (?:representer|gerer|faire|mere|pere|mari)|de (?:ma|mon|sa|la part|representation)|copie|generale?|notariee?|ecrite? (?:de (?:m|mme|ma|mon)|par)|donnee?)\b|\b(?:m'a|nous a|leur a|lui a) (?:donne|signe|confie|fait|laisse) (?:une |un |sa |son )?(?:procuration|mandat|pouvoir)\b|\b(?:defend|represente|assiste|reprend) (?:desormais )?(?:nos|mes|ses|les) (?:interets|droits)\b|\b(?:mandatee?s?|missionnee?s?|chargee?s?) par (?:m\.|mme|monsieur|madame|mon|ma|notre|la famille|les? (?:epoux|debiteur))\b|\bj'ai (?:la |une |sa )?procuration\b|\b(?:fils|fille|frere|soeur|epoux|epouse|neveu|niece|ami|voisine?|gendre) et (?:le |la )?mandataire\b|\b(?:pouvoir|mandat|procuration) (?:joint|ci[- ]joint|annexe|en annexe|en piece jointe)e?\b|\b(?:je suis|comme|en tant que|en qualite de) (?:le |la |son |sa |leur )?(?:mandataire|representante?|procureur|porte[- ]parole)\b|\b(?:dument|expressement) mandatee?\b|\bmandatee? par (?:m|mr|mme|monsieur|madame|votre (?:client|debit)\w*|le debiteur|la debitrice|sa famille)\b",
        r"mandat[- ](?:cash|compte|postal|poste|lettre|sepa|de prelevement|international)|(?:par|un|le|en|d'un|ce) mandat (?:de \d|cash|postal|poste|du|d'un montant)|(?:votre|vos|le|du|quel|aucun|sans|produire|copie du|justifi\w+) (?:\w+ ){0,3}(?:mandat|pouvoir)|sepa|mandatee?s? par (?:votre|le creancier|la societe|[\w ]+(?:telecom|energie|banque|credit))",
    ),
    signal(
        "represented",
        r"\b(?:assistante? sociale?|travailleu(?:r|se) sociale?|conseill(?:er|ere) (?:en economie sociale|esf|social)|cesf|ccas|point conseil budget|pcb|cresus|mandataire|defenseur|association (?:de (?:consommateurs|defense|locataires))|ufc|clcv|adil|udaf|juriste)\b[^.]{0,80}\b(?:accompagn\w+|nous suivons|je suis|j'accompagne|suivie?s? par|m'aide|aide|me suit|ecrit pour|represent\w+|mandat\w*|intervien\w*|desormais|s'occupe|en charge|interlocut\w+)\b|\bsuit (?:notre|mon|son) dossier\b|\bvoyez (?:directement )?avec (?:m |mme|madame|me |maitre|notre|mon) (?:\w+ )?(?:avocat|conseil|assistante|tut|curat)\w*|\bprotection juridique[^.]{0,40}\bavocat|\bj'accompagne (?:m\.|mme|monsieur|madame)\b|\bnous accompagnons\b",
        r"(?:je vais|je dois|rendez[- ]vous|voir|consult\w+|contact\w+|saisir|demand\w+ a|conseil\w* (?:de|par)|d'apres|selon|m'a dit|m'ont dit)[^.]{0,40}(?:assistante|ccas|point conseil|cresus|ufc|clcv|adil|juriste|association)",
    ),
    signal(
        "represented",
        r"\bmaitre [a-z][\w'-]+(?: [a-z][\w'-]+)?\b[^.]{0,40}\b(?:me|nous|vous|represent\w+|charge|suit|avocat|conseil|defend\w*|assiste\w*)\b|\belection de domicile\b|\belit domicile\b",
        r"(?:maitre|me) [\w' -]+(?:huissier|commissaire|notaire)|huissier|commissaire de justice|notaire",
        0.7,
    ),
)

VULNERABLE = (
    signal(
        "vulnerable",
        r"\b(?:fais|fait|suis|ete|etre|vais me faire|me faire|est) (?:\w+ )?operee?r? (?:de|du|d'|a|pour|des)\b|\boperation (?:du|de la|des|a coeur|de son|de mon) ?(?:coeur|hanche|genou|dos|yeux|cerveau|poumon|prostate|sein|foie|cancer|ouvert)|\bune canne\b|\bdeux cannes\b|\bdeambulateur\b|\bbequilles?\b|\ben fauteuil\b|\bmes? (?:jambes|yeux|vue|mains|memoire)[^.]{0,25}(?:plus|mal|baisse|tremblent)|\b(?:y )?vois (?:plus|mal|pas bien)\b|\b(?:lit|lis) (?:difficilement|mal|pas)\b|\bsoixante[- ](?:quinze|seize|dix[- ](?:sept|huit|neuf)) ans\b|\bquatre[- ]vingts?(?:[- ]\w+){0,2} ans\b|\ba (?:mon|son|notre|nos) ages?\b|\breeducation\b|\benceinte\b|\bgrossesse\b|\basthm?atique\b|\btraumatisme\b|\bcoma\b|\breanimation\b|\bcouveuse\b|\bprematuree?s?\b|\bemportee? par\b|\bperfusions?\b|\besat\b|\bemphyseme\b|\bparalysie\b|\btraitement (?:lourd|depuis|pour)\b|\baccident (?:du travail|de travail|vasculaire)\b|\bindemnites journalieres\b|\bpension d'invalidite\b",
        r"(?:acoustique|enceinte (?:bluetooth|connectee|hi-?fi|du|de l)|operation (?:de|d'|du) (?:virement|paiement|bancaire|debit|carte|caisse|reglement|credit|promotion|recouvrement))|accident (?:de la route|responsable)? ?sinistre",
    ),
    signal(
        "vulnerable",
        r"\b(?:chomage|licenciee?|licenciement|are|ass|france travail|pole emploi)\b[^.]{0,80}\b(?:loyer|reste|manger|euros par mois|par mois|plus rien|enfants|seule?|fin)\b|\b(?:je|on|nous) (?:vis|vit|vivons|survi\w+) (?:avec|sur|de)\b|\b(?:pension|retraite|reversion) (?:est |c'est )?(?:de )?\d{3}\b|\bil (?:me |nous )?reste \d{1,2} ?(?:euros|e|€)?\b[^.]{0,30}\b(?:manger|vivre|mois|semaine|nourriture)\b|\bne (?:dors|mange)s? plus\b|\bne manges? pas\b|\bdors plus\b|\bplus de (?:travail|chauffage|courant|electricite|quoi|lumiere|eau chaude|gaz)\b|\b(?:ont|on a|on m'a|on nous a|m'a|ils ont|est|ete) (?:\w+ )?coupe (?:le |l'|la )?(?:courant|electricite|gaz|eau|chauffage|lumiere)\b|\ba la bougie\b|\b(?:le|au|du|par le) 115\b(?! (?:rue|avenue|bis|euros|boulevard))|\bhotel (?:social|paye|f1)\b|\bsamu social\b|\bcantine gratuite\b|\b(?:assistante? sociale?)\b|\bccas\b|\bdort (?:plus|pas|chez)\b|\bdivorce\b[^.]{0,40}\bseule?\b|\bdettes? partout\b",
        r"pas (?:au )?chomage|assistante? sociale? (?:\w+ )?de profession",
        0.55,
    ),
    signal(
        "vulnerable",
        r"\bhandicap(?:ee?s?|s|e)?\b|\baah\b|\bmdph\b|\binvalidite\b|\binvalide\b|\bfauteuil roulant\b|\bparalyse[e]?\b|\btetraplegi\w+|\bparaplegi\w+|\bamputee?\b|\bmal[- ]?voyante?|\baveugle\b|\bmalentendante?|\bsourde?s?(?:[- ]muette?)?\b(?! oreille)|\bnon[- ]voyante?",
        r"(?:place|stationnement|parking)s? (?:\w+ ){0,2}handicap|oreille|dialogue de sourds|(?:vous etes|etes[- ]vous|seriez[- ]vous|faites|est-ce que vous etes) (?:tous )?(?:les )?sourde?s?|sourde? (?:a|aux|oreille)|handicap(?:e|ant|er)? (?:par|pour|mon activite|notre)|deces[- ]invalidite|garantie invalidite|assurance[^.]{0,20}invalidite|(?:clause|contrat|facture|mise en demeure|acte|jugement|prelevement) (?:est )?invalide|aveuglement|aveugle (?:confiance|a vos)|confiance aveugle",
    ),
    signal(
        "vulnerable",
        r"\bcancers?\b|\bchimio\w*|\bradiotherapie\b|\btumeur\b|\bleucemie\b|\bhospitalis\w+|\ba l'hopital\b|\b(?:sort|sors|sortie?|sortant) (?:de l'|d')hopital\b|\bepilep\w+|\bscl?erose\b|\balzheimer\b|\bparkinson\b|\ba\.?v\.?c\b|\binfarctus\b|\bdial[iy]se\w*|\bdepressi(?:on|f|ve)\b|\bburn[- ]?out\b|\bmaladie (?:grave|longue|chronique|professionnelle|de|rare|d'|orpheline|degenerative)|\blongue maladie\b|\b(?:maladie|affection|arret|conge)s?[^.]{0,12} longue duree\b|\bald\b|\barret (?:de )?(?:maladie|travail)\b|\boxygene\b|\bsous (?:traitement|perfusion|morphine|respirateur|antidepresseurs)\b|\bpsychiatri\w+|\bbipolaire\b|\bschizo\w+|\bautis\w+|\btrisomi\w+|\bsenile\b|\bdemence\b|\bperd la tete\b|\bsoins palliatifs\b|\bfin de vie\b|\bcure de desintox\w*|\bgreffee\b|\bgreffe (?:du |de |d'un |d'une )(?:rein|foie|coeur|moelle|poumon|cornee)|\binsuffisan(?:ce|t)e? (?:renale|cardiaque|respiratoire)\b|\bdiabet\w+|\bmalade\b",
        r"(?:rend|rends|rendre|rendez|rendent) malade|malade (?:de voir|de lire|de rage|imaginaire|mental)|vous etes (?:tous )?(?:des )?malades|(?:cheque|site|serveur|ordinateur|logiciel|programme|imprimante|systeme|voiture|moteur|vigne|arbre|chien|chat|cheval|vache)\w* (?:est |etait )?malade|conge maladie[^.]{0,40}(?:collegue|comptable)|(?:collegue|comptable|secretaire|employee|responsable|gestionnaire)[^.]{0,40}(?:malade|arret|hospitalis)|depression (?:atmospherique|tropicale)|depression (?:du|de la) (?:systeme|pompe|traite|circuit|machine)|facture[^.]{0,25}(?:hopital|hospitalis)|(?:visiter|travaille|livrer|rdv|consultation|examen|urgences)[^.]{0,20}a l'hopital",
    ),
    signal(
        "vulnerable",
        r"\brsa\b|\brmi\b|\baspa\b|\bminimum vieillesse\b|\bminima sociaux\b|\brestos? du coeur\b|\bsecours (?:populaire|catholique|islamique)\b|\b(?:banque|aide|colis|epicerie|bons?) (?:alimentaires?|solidaires?)\b|\bepicerie (?:sociale|solidaire)\b|\bsdf\b|\bsans (?:abri|domicile|logement|toit|ressources?|revenus?|papiers|electricite|chauffage)\b|\ba la rue\b|\bdors (?:dans|dehors)\b|\bhebergee?s?\b[^.]{0,25}\b(?:urgence|foyer|115|emmaus|association|ami|hotel)\b|\bfoyer (?:d'|de |social|emmaus|adoma|sonacotra|mere|maternel)|\bexpuls\w+|\bfin de droits?\b|\bplus (?:rien )?(?:a|de quoi) manger\b|\brien (?:a|pour) manger\b|\bde quoi (?:manger|nourrir)\b|\b(?:frigo|frigidaire|placards?) (?:est |sont )?vides?\b|\bsaut(?:e|er|ons) (?:des|un|le) repas\b|\bniveau de misere\b|\bdans la misere\b|\bprecar\w+|\bpetite (?:retraite|pension)\b|\bminimum vital\b|\b(?:je|on|nous) (?:ne )?(?:mange|mangeons|mangent) (?:plus|pas|qu'une fois|une fois)",
        r"pas (?:au |le |de )?rsa|sans (?:revenu|ressource)s? (?:fiscal|declare)",
    ),
    signal(
        "vulnerable",
        r"\b(?:violences? conjugales?|ordonnance de protection|femme battue|ex (?:conjoint |mari |compagnon )?violent|me frappait|me battait|emprise|foyer d'accueil)\b|\b(?:ne |n')?(?:sai[st]|sai) (?:pas|ni|mal) (?:bien )?(?:lire|ecrire)\b|\billett\w+|\banalphabet\w+|\b(?:j'ai|agee? de|ag[ée]e? de|a) (?:bientot |presque |deja )?(?:7[5-9]|8\d|9\d|10\d) ans\b|\b(?:7[5-9]|8\d|9\d|10\d) ans\b|\bnonagenaire\b|\boctogenaire\b|\bquatre[- ]vingt(?:s|[- ]\w+)? ans\b|\bmaison de retraite\b|\behpad\b|\baide[- ]a domicile\b|\bauxiliaire de vie\b|\baide[- ]soignante (?:qui|vient)\b|\bdependan(?:te?|ce)\b|\bvieille (?:dame|femme)\b|\bseule? avec (?:mes|deux|trois|quatre|cinq|mon|ma|\d) ?(?:enfants?|gosses|petits|bebe|fils|fille|filles|garcons|gamins)?\b|\bmere (?:isolee|celibataire|seule)\b|\bparent isole\b|\bapa\b|\bme suis retrouvee? (?:a la rue|sans rien)\b|\bmineure?\b[^.]{0,20}isole",
        r"(?:compteur|chaudiere|immeuble|maison|batiment|meuble|arbre|tuyau|canalisation|voiture|piano)\w*[^.]{0,25}(?:7[5-9]|8\d|9\d) ans|(?:facture|prescri|contrat|dette|creance|delai|garantie|maison|immeuble|il y a|il faut|attendre|depuis|pendant|en|plus de) (?:\w+ ){0,3}(?:7[5-9]|8\d|9\d) ans|independan|interdependan|sans emprise",
    ),
)

SIGNALS: tuple[Signal, ...] = (
    *(replace(rule, negatable=False) for rule in DISTRESS),  # "je ne veux pas mourir" is for a person, too
    *DEATH,
    *OVER_INDEBTEDNESS,
    *GUARDIANSHIP,
    *INSOLVENCY,
    *REPRESENTED,
    *VULNERABLE,
)
