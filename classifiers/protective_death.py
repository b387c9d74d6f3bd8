# ruff: noqa: E501 - a pattern is read best on one line
"""Ways a death is told, by concept: who, and what happened to them, within a few words of each other.

Complements the literal table of `protective_patterns.py`; the same folded sentences, the same `Signal`.
"""

from __future__ import annotations

from classifiers.protective_patterns import ALIVE, COVER, signal

MONTH = r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"
DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
KIN = (
    r"(?:mari|epoux|epouse|femme|pere|mere|papa|maman|frere|soeur|fils|fille|conjointe?|compagn(?:e|on)|oncle|tante|tata|tonton"
    r"|grands?[- ]?(?:pere|mere|parents)|beau[- ]?(?:pere|frere|fils)|belle[- ]?(?:mere|soeur|fille)|parents?|cousine?|neveu|niece|filleule?"
    r"|mamie|mamy|mamette|papi|papy|papa|meme|pepe|parrain|marraine|concubine?|ex[- ]?mari|ami|amie|voisine?|gendre|bru|enfant|bebe|jumeau|jumelle|patron|gerant|associe)"
)
ADDRESSED = (
    r"(?:votre (?:client|cliente|debiteur|debitrice|abonne|abonnee|locataire|assure|assuree|correspondante?|usager|titulaire|patiente?)|(?:le|la|notre) (?:locataire|residente?|titulaire|destinataire|debiteur|debitrice|patiente?|cliente?|personne|beneficiaire|occupante?|proprietaire|majeure?)"
    r"|(?:celui|celle) (?:que|a qui)|la personne (?:que|a qui)|l'interessee?|l'abonnee?|l'assuree?|l'occupante?)"
)
WHO = rf"(?:(?:mon|ma|mes|notre|nos|son|sa|ses|leurs?|votre|un|une|des|de|la|le|l'|pour|ce|cette) ?(?:pauvre |cher |chere |petite? |vieux |vieille |regrettee? |ex[- ])*{KIN}|\b(?:papa|maman|mamie|mamy|papi|papy|meme|pepe|tonton|tata)|{ADDRESSED}|\b(?:m|mr|mme|mlle|monsieur|madame|mademoiselle) [a-z][\w'-]+|\b(?:il|elle|lui|ils|elles))"
DEAR = rf"(?:(?:mon|ma|mes|notre|nos|son|sa|leur|votre|cette|ce) (?:pauvre |cher |chere |petite? |vieux |vieille )*{KIN}|\b(?:papa|maman|mamie|mamy|papi|papy|meme|pepe|tonton|tata)|{ADDRESSED})"
WHEN = rf"(?:le (?:\d|jour|lendemain|soir|matin|premier|mois|{DAY}|dernier|week)|la (?:nuit|veille|semaine|toussaint)|hier|avant-hier|{DAY}|cette (?:nuit|annee|semaine)|ce (?:matin|mois|week)|en (?:{MONTH}|debut|fin|20\d\d)|au (?:mois|printemps|debut)|depuis (?:le|la|l'|un|une|deux|trois|\d|{DAY}|{MONTH})|dans (?:la nuit|son)|a (?:l'hopital|la toussaint|noel|paques|l'aube|\d+ ans|l'age)|pendant|il y a|l'(?:an|ete|automne|hiver) (?:dernier|passe)|apres (?:une|un|des|de longues)|cet (?:ete|hiver|automne)|subitement|brutalement|soudainement|paisiblement|trop tot|des suites|d'un (?:cancer|infarctus|avc|coup|arret|accident)|d'une (?:longue|crise|chute|maladie|embolie|leucemie))"

DEATH_CONCEPTS = (
    # The plain words, where the literal table wants a name beside them; a widow; who was carried out or let go.
    signal(
        "deceased",
        rf"\b(?:depuis|avant|apres|jusqu'a|des|lors de|cause de|date de|annonce de|jour de|fait de|moment de) (?:son|leur|ce) deces\b|\b(?:registres?|declaration|mention|constat|attestation|bulletin|fiche) (?:\w+ ){{0,2}}(?:de|du) deces\b|\btrepas\b|\bveu(?:f|ve) depuis\b|\baccident\b[^.]{{0,30}}\bmortel(?:le)?\b|\bcoute la vie (?:a|de)\b|\b(?:il|elle|et|ont?|y) (?:n'y )?a pas survecu\b|\bpredecedee?s?\b|\bs'est noyee?\b|\bportee?s? (?:\w+ ){{1,3}}en terre\b|\brappelee?s? a (?:lui|dieu|elle)\b|\bpartie?s? rejoindre (?:le bon|les anges|dieu|le seigneur|son pere|sa mere|papa|maman)\b|\b(?:il|elle|{DEAR}(?: \w+)?) n'? ?est plus(?=[,.;!]|$| accident| depuis (?:le|la|un|une|deux|trois|{MONTH}))|\bque {DEAR}(?: \w+)? n'est plus\b|\b(?:est|et|e|etait) mor\b|\b(?:titulaire|mari|epoux|client|debiteur|debitrice|locataire|patron)(?: \w+)? morte?\b|\b(?:renonc\w+|accept\w+|administr\w+|refus\w+)\b[^.]{{0,50}}\bce qu(?:e |')(?:\w+ ){{0,3}}(?:laisse|laissait|(?:a|avait) (?:pu )?laisser?)\b|\brenonc\w+ (?:\w+ ){{0,3}}(?:devant le|au) greffe\b|\bcimetiere (?:de|d'|du|communal)[^.]{{0,30}}\b(?:allee|carre|rang|concession)\b",
        f"{COVER}|{ALIVE}|mort de (?:rire|fatigue|faim|froid|honte|peur|trouille)|mort dans l'ame|il n'est plus (?:possible|question|temps|utile|necessaire)|chien|chat\\b|(?:le|un|mon|ce) (?:contrat|dossier|compte)[^.]{{0,20}}n'est plus",
        0.7,
    ),
    # What is done with a body, and where it lies.
    signal(
        "deceased",
        r"\b(?:cercueil|mise en biere|morgue|columbarium|funerarium|crematorium|caveau|cremation|creme[e]|chambres? (?:mortuaire|funeraire)|urne (?:funeraire)?|sepulture|thanatopract\w+|condoleances|veillee funebre|levee du corps|messe d'enterrement|chapelle ardente|corbillard|ceremonie (?:funeraire|d'adieu|religieuse))\b|\b(?:ses|les|des) cendres\b|\b(?:sur|a|devant) (?:sa|la|leur) tombe\b|\b(?:repose|reposent|enterree?|inhumee?) (?:a|au|en|dans|aupres|pres|avec|desormais|maintenant|depuis)\b|\binhumee?s?\b|\b(?:rapatri\w+) (?:du|le|son) corps\b|\ble corps\b[^.]{0,30}\b(?:rapatri|mairie|morgue|identifi|retrouve)",
        r"urne (?:de vote|electorale)|cendres? (?:de|du) (?:bois|poele|cheminee|cigarette)|(?:facture|commande|devis|travaux|plaque|pierre|grand[- ]?parents|annees)[^.]{0,60}(?:marbrier|caveau|tombe|columbarium)|marbrier promet|reposent? (?:sur|dans) (?:le|la|un|une|vos|votre|des)|je (?:me )?repose|cave(?:au)? a vin|(?:je travaille|employee?|metier|agent)[^.]{0,25}(?:funeraire|crematorium|morgue)",
        0.7,
    ),
    # The law of what is left behind.
    signal(
        "deceased",
        r"\blegataires?\b|\bactes? de notoriete\b|\bhoirie\b|\bheredite\b|\bayants?[- ]droits? (?:de|du|d'|a)\b|\bexecut(?:eur|rice) testamentaire\b|\btestament\w*\b|\bindivision successorale\b|\b(?:refuse|renonc\w+|accept\w+|decline|repudi\w+) (?:a )?(?:l'heritage|la succession|l'actif|cet heritage|cette succession|son heritage)\b|\bj'herite\b|\b(?:nous|on|n'|je|j') ?herit(?:e|ons|ee?|er|erons|erai)\b|\bsuccession\b[^.]{0,40}\b(?:notaire|maitre|me|etude|heritiers?|deficitaire|acceptee?|refus\w+|renonc\w+|vacante|ouverte|cours|dettes?|pere|mere|mari|oncle|tante|frere|soeur)\b|\b(?:notaire|etude notariale|maitre|office notarial)\b[^.]{0,70}\b(?:succession|heritiers?|deces|dettes? (?:de|du) (?:notre|mon|ma|leur|defunt)|creances? (?:au|contre|a declarer)|actif et passif|dossier de (?:mon|ma|notre|feu|m|mme))\b|\b(?:declar\w+|produi\w+) (?:votre|vos|la|sa) creances?\b[^.]{0,40}\b(?:notaire|succession|etude)\b|\brenonciation\b[^.]{0,40}\b(?:greffe|tribunal|succession|heritage)\b|\bles heritiers\b|\b(?:seule?|unique|co-?)[ -]?heriti(?:er|ere)\b|\bcapital[- ]deces\b|\bpension de reversion\b",
        r"heritage (?:culturel|familial|architectural)|succession d(?:'erreurs|e (?:pannes|problemes|courriers|lettres|relances|malheurs))|(?:disparu|mort|decede)e?s? en 1[89]\d\d|testament (?:ancien|nouveau)|contrat[^.]{0,40}capital[- ]deces|(?:cotisation|garantie|assurance)[^.]{0,30}capital[- ]deces|ayants?[- ]droits? (?:de la (?:caf|secu|cpam|mutuelle)|a (?:la|une)) ",
        0.8,
    ),
    signal(
        "deceased",
        rf"{DEAR}[^.,;!?]{{0,30}}?\b(?:est|etait|sont|s'en est|es|e) (?:\w+ ){{0,2}}?(?:partie?s?|allee?|envolee?|disparue?s?) {WHEN}|(?:{DEAR}|\b(?:mr|mme|monsieur|madame) [a-z]+)(?: [a-z]+)?,? c'est (?:fini|termine)\b",
        r"(?:partie?s?|disparue?s?) (?:le \d+ \w+ )?(?:\w+ )?(?:en vacances|en retraite|a la retraite|a l'etranger|travailler|vivre|habiter|s'installer|en (?:maison|ehpad|deplacement|voyage|mission|stage|mer)|sans|avec|au (?:bresil|canada|portugal|maroc|pays)|de (?:chez|la|mon|son|notre)|(?:en|le) (?:train|avion))|divorc|separe|demenag|colis|courrier|cheque|virement|facture",
        0.7,
    ),
    # Who, and the verb.
    signal(
        "deceased",
        rf"{WHO}[^.;!?]{{0,45}}?\b(?:n'a (?:pas|jamais|point) (?:survecu|repris connaissance|reouvert|rouvert)|n'ont pas survecu|n'y a pas survecu|ne s'est (?:pas|plus|jamais) (?:reveillee?|relevee?|remise?)|(?:a|ont|avait) (?:\w+ )?(?:succombe|expire|peri|trepasse|rendu (?:l'ame|son (?:ame|dernier))|perdu (?:la vie|son combat|sa bataille|la bataille|le combat)|pousse son dernier|cesse de (?:vivre|respirer|battre|souffrir))|est (?:passee? de vie|decedee?|au (?:ciel|paradis)|aupres de dieu|plus de ce monde|plus (?:la|parmi)|tombee? (?:raide|au combat|au champ))|(?:n'est|n'etait|est|es|e|n'es) plus (?:la\b|parmi|de ce|avec nous)|nous a (?:\w+ )?(?:ete (?:\w+ )?(?:enlevee?|arrachee?|ravie?|repris)|laissee?s?|quittee?s?|abandonnee?s? pour toujours)|m'a (?:\w+ )?ete (?:\w+ )?(?:enlevee?|arrachee?|ravie?)|(?:a|avait) ete (?:\w+ )?(?:retrouvee?|trouvee?|decouverte?) (?:\w+ )?(?:sans vie|morte?|inanimee?|pendue?|noyee?|dans)|a ete (?:tuee?|emportee?|fauchee?|ecrasee?|renversee? et|assassinee?|poignardee?|abattue?)|s'est (?:tuee?|noyee?|pendue?|eteinte?|endormie? (?:pour|dans|dimanche|paisiblement|le|hier|a jamais|definitivement))|a fait (?:un|une) (?:arret cardiaque|malaise) (?:fatal|mortel)|(?:est|etait) mort(?:e|es|s)?\b)",
        r"plus la (?:pour|quand|cle|tele|force|peine|meme|a cette|au (?:bureau|telephone))|n'est plus la (?:titulaire|locataire|proprietaire)|(?:partie?s?|disparue?s?) (?:le \d+ \w+ )?(?:en vacances|en retraite|a la retraite|a l'etranger|travailler|vivre|habiter|s'installer|en (?:maison|ehpad|deplacement|voyage|mission|stage)|sans (?:laisser|payer|adresse)|avec|au (?:bresil|canada|portugal|maroc)|de (?:chez|la|mon|son|notre))|(?:colis|courrier|cheque|virement|lettre|dossier|mail|facture|paiement|commande|technicien|livreur|reglement|train|argent|prelevement|versement|somme|paquet|recommande)[^.]{0,40}(?:partie?s?|parti|disparue?s?)|divorc|separe[e]?s? (?:depuis|en)|batterie|ecran|moteur",
        0.8,
    ),
    signal("deceased", "†", None, 0.8),
    signal(
        "deceased",
        r"\b(?:passe\w*|passer) l\'arme a gauche\b|\b(?:cass\w+ sa pipe|mange les pissenlits|parti\w* les pieds devant)\b|\bdonnee? la mort\b|\bmorte? (?:noyee?|brulee?|asphyxiee?|ecrasee?|electrocutee?|etouffee?|en couches?|au combat|a la tache|seule?)\b|\bje l\'ai perdue?\b[^.]{0,8}\b(?:au|en|le|cet|cette|il y a|l\'an|brutalement)\b|\bil n\'y a plus (?:de (?:m|mr|mme|madame|monsieur)|ni [a-z]+ ni)\b|\b(?:pour|a|en) (?:sa|leur) memoire\b|\btrop tard\b[^.]{0,40}\b(?:pompiers|samu|medecin|lit|mort\w*)\b|\b(?:pompiers|samu|police|gendarmes|voisins)\b[^.]{0,50}\b(?:trop tard|rien pu faire|ont trouve|constate)\b|\b(?:sans vie|dernier (?:souffle|soupir|hommage)|derniers (?:sacrements|instants)|plus de ce monde|vie a trepas|mort sur le coup|morte sur le coup|mort subite|mort naturelle|mort accidentelle|declaree? morte?|laisse (?:une|un|deux|trois) (?:veuve|veuf|orphelins?)|orphelins? (?:de|depuis)|(?:suis|etant|devenue?|desormais|voila|me retrouve|restee?|reste) (?:\w+ )?veu(?:f|ve)|veuvage|date (?:de|du) deces|au (?:ciel|paradis) (?:depuis|maintenant)|monte[e]? au ciel|rejoint (?:ses|son|sa|les anges|le seigneur|papa|maman|mon|notre|le bon)|paix a son ame|que (?:dieu|allah) ait son ame|allah y ?rahm\w+|inna li ?l+ah\w*|mektoub|qu'(?:il|elle) repose|trop jeune pour mourir|paye cher sa mort|depuis (?:sa|leur) (?:mort|disparition)|a (?:sa|leur) mort|(?:apres|avant) (?:sa|leur) (?:mort|disparition)|(?:jour|mois|semaine|soir|matin|nuit|annonce|cause|lendemain) de (?:sa|leur|la) (?:mort|disparition)|le (?:decede|de cujus|defunt|trepasse)|les (?:trois )?survivants|conjoint(?:e)? survivante?|epou(?:x|se) survivante?)\b|\b(?:son|ce|notre) coeur (?:s'est arrete|a (?:lache|cede|cesse|fini))\b|\bcoeur s'est arrete\b|\bc(?:o|oe)eur a lache\b|\b(?:dieu|le seigneur|le ciel|allah)\b[^.]{0,15}\b(?:l'a|la|l'avait|nous l'a) (?:\w+ )?(?:pris\w*|rappele\w*|reprise?|repris|accueilli\w*)\b|\b(?:la maladie|le cancer|le crabe|le covid|la grippe|la canicule|l'accident|l'avc|l'infarctus|une chute|la route|la mer|la montagne) (?:\w+ )?(?:l'a|nous l'a|m'a|a|l'ont) (?:\w+ )?(?:emportee?s?|vaincue?|eu\b|tuee?s?|gagne|prise?|terrassee?|fauchee?|enlevee?)\b|\bon l'a (?:\w+ )?(?:perdue?|mise? en terre|accompagnee? (?:a|au|jusqu)|enterree?|veillee?|porte\w* (?:au cimetiere|en terre))\b|\b(?:nous|on) (?:venons de|vient de|avons|a) (?:\w+ )?(?:perdre|perdu) (?:papa|maman|mamie|papi)\b",
        r"dernier soupir[^.]{0,20}(?:semaine|mois)|(?:tondeuse|machine|voiture|ordinateur|telephone|moteur|chaudiere|frigo|lave|tele|box|velo|imprimante)[^.]{0,40}(?:dernier soupir|dernier souffle|rendu l'ame|mort subite|a lache)|mon coeur|rejoint (?:mon|son|notre) (?:poste|bureau|equipe|entreprise)|la mort subite (?:de|du) (?:mon|ma|l'|votre) ?(?:ordinateur|telephone|portable|pc|tele|box|frigo|lave)|on l'a perdue?[^.]{0,25}(?:facture|courrier|lettre|papier|cle|carte)|vient de perdre (?:son|un) (?:emploi|travail|poste|boulot)",
        0.8,
    ),
    signal(
        "deceased",
        rf"\b(?:perdu|perdre|perte de|deuil (?:de|d')) (?:mon|ma|mes|notre|nos|son|sa|leur|l'un de mes|un|une)? ?(?:unique |seule? |cher |chere |petite? |jeune )*{KIN}\b|\b(?:en|plein|periode de|notre|ce|mon|le) (?:grand )?deuil\b|\b(?:chagrin|tristesse|douleur|regret|triste (?:devoir|nouvelle)|immense peine|peine) (?:de|d'|que de) (?:vous )?(?:annoncer|informer|faire part|apprendre|signaler|dire)\b[^.]{{0,80}}\b(?:{KIN}|m|mme|monsieur|madame|quittee?s?|mort\w*|disparition|depart|enleve\w*)\b|\b(?:disparition|mort|perte) (?:brutale? |soudaine? |subite? )?(?:de|d'|du) (?:mon|ma|notre|nos|son|sa|leur|votre|papa|maman|mamie|m|mme|monsieur|madame) ?(?:{KIN}|client\w*|debit\w*|locataire|[a-z]+)?\b",
        r"perdu (?:un|une) amie? (?:de vue|sur)|(?:mort|perte|disparition|depart) (?:de|du|d')[^.]{0,20}(?:colis|cheque|courrier|ordinateur|telephone|voiture|contrat|carte|emploi|commerce|logement|chien|chat|cle|papier|marchandise|client[^.]{0,20}(?:nous coute|commercial))|(?:plaisir|regret)[^.]{0,30}(?:depart en retraite)|deuil de (?:mon argent|cette somme|ce remboursement)",
        0.7,
    ),
    # Somebody else answers, and why: the papers of the town hall, the doctor, the empty chair.
    signal(
        "deceased",
        r"\b(?:ne|n') ?(?:vous )?(?:repondra|lira|ouvrira|paiera|payera|viendra|signera|recevra|habitera|pourra)\b[^.]{0,15}\b(?:plus jamais|jamais plus|plus a personne|plus rien a personne)\b|\b(?:votre|vos|notre) (?:client|cliente|debiteur|debitrice|locataire|abonnee?|residente?)\b[^.]{0,20}\bne (?:vous )?(?:repondra|lira|ouvrira|paiera|reviendra|viendra) plus\b|\bne reviendra (?:plus|pas|jamais)\b|\bcertificat\b[^.]{0,30}\b(?:mairie|officier d'etat civil)\b[^.]{0,70}\b(?:ne|plus|client|debiteur|cesser)\b|\b(?:papier|certificat) du (?:docteur|medecin)\b[^.]{0,60}\bmairie\b|\bl'hopital (?:nous |m')?a (?:\w+ )?(?:appele|telephone|prevenue?s?)\b[^.]{0,40}\b(?:nuit|matin|aube|heures?|fini|trop tard)\b|\b(?:il|elle) n'y (?:a|aura) (?:pas eu|plus) de \w+ pour (?:lui|elle)\b|\bparler aux? morts?\b|\becri(?:re|vez|t|r) (?:a|aux) (?:un|une|des) (?:morte?s?|defunte?s?|tombe|cimetiere|fantome)\b|\b(?:harceler|relancer|poursuivre|reclamer a) (?:un|une|les) morte?s?\b|\bla ou (?:il|elle) est\b[^.]{0,40}\b(?:besoin|recoit|courrier|repond|facture)\b|\bconvoi funeraire\b",
        r"ne reviendra (?:plus|pas|jamais) (?:sur|a la|dans votre|chez vous|acheter)|technicien|livreur|je ne reviendrai",
        0.7,
    ),
    signal(
        "deceased",
        r"\b(?:passed away|has died|died|deceased|late (?:husband|wife|father|mother|brother|sister)|death of|funeral|probate|executor|bereave\w+|widow\w*|next of kin|estate of)\b|\b(?:fallecio|fallecido|murio|muerto|difunto|viuda|faleceu|morreu|falecido|obito|e morto|deceduto|verstorben|gestorben|zmarl\w*|umarl\w*|vefat)\b",
        r"died (?:on me|laughing)|(?:battery|phone|boiler|car|engine|line)[^.]{0,20}died",
    ),
)
