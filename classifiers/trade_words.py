"""Words of letters and offices that stand where a name could stand and are none. Without accents, lower case."""

from __future__ import annotations

_NOT_NAMES = """
madame monsieur messieurs mesdames mademoiselle bonjour bonsoir cordialement salutations merci objet reference
references dossier facture client contrat service services recouvrement contentieux direction agence cedex france
paris lyon rue avenue boulevard place chemin impasse allee route residence batiment appartement lettre recommandee
accuse reception avec veuillez agreer expression sentiments distingues respectueux respectueuses date fait le la les
un une je j il elle nous vous votre vos notre nos mon ma mes son sa ses ce cette ces copie piece pieces jointe
jointes pj tel telephone mail email courriel envoye message sujet cc signature cheque virement montant total euros
eur siret siren rcs iban bic tva capital janvier fevrier mars avril mai juin juillet aout septembre octobre novembre
decembre lundi mardi mercredi jeudi vendredi samedi dimanche article code loi tribunal poste comptabilite gerant
gerante president directeur directrice associes recu adresse ville nom prenom ref cliente debiteur debitrice
creancier expediteur destinataire mise demeure relance rappel urgent important confidentiel bien sincerement atte
cdt cdlt respectueusement dans attente lu approuve bon pour accord ci joint suite a au aux de du des et ou ne pas
plus oui non si comme alors donc car mais svp prescription contestation reclamation resiliation attestation demande
par en sur credit assurance mutuelle energie eau gaz electricite telecom mobile internet responsable gestionnaire
secretaire assistante assistant mandataire notaire avocat avocate huissier tuteur tutrice curateur curatrice avis ps
nb tsa bp cs sas sarl confirmation maman papa formulaire reponse bordereau talon coupon paiement facturation banque
payez recevez croyez soyez salutation cordiales amicalement compte numero societe centimes cent mille
bonne bonnes journee soiree reponse attente chez etage porte lieu
"""
NOT_NAMES = frozenset(_NOT_NAMES.split())

_FUNCTION_WORDS = "de du des la le les d l van von der ben el al da dos di et"
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())

_SMALL_WORDS = """
a à ai au aux ce ces c d de des du e en et eu il je j l la le les ma me mes mon n na ne nos ni no on or ou où par pas pj
pl pr qu que qui s sa se si son su sur ta te tel tu un une va vos vu y mme mr euro eur ttc ht fois mois jour jours an
ans rue bis ter bp cs jan fev mar avr mai juin sept oct nov dec num ref réf dos né née
"""
SMALL_WORDS = frozenset(_SMALL_WORDS.split())  # too common to be the letters in front of a reference
