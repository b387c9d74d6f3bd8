"""Bodies as French and foreign mail clients write them, with what is new in each: (name, body, new)."""

from __future__ import annotations

NB = "\u00a0"
NNB = "\u202f"

OURS = "Madame, Monsieur,\nvous restez devoir 214,60 € à notre client.\nLe service amiable"
QUOTED = "\n".join(f"> {line}" for line in OURS.split("\n"))
MINE = "Bonjour,\n\nJ'ai payé cette facture le 4 mars par carte.\n\nCordialement,\nPaul Maréchal"
SHORT = "C'est payé, voyez avec votre banque."

CASES: list[tuple[str, str, str]] = [
    ("plain, nothing quoted", MINE, MINE),
    (
        "gmail",
        f"{MINE}\n\nLe lun. 12 janv. 2026 à 10:12, Cabinet Aubrac <g@aubrac.example> a écrit :\n\n{QUOTED}",
        MINE,
    ),
    (
        "gmail with no-break spaces",
        f"{MINE}\n\nLe{NB}lun. 12 janv. 2026 à{NB}10:12, Cabinet Aubrac <g@aubrac.example> a écrit{NNB}:\n{QUOTED}",
        MINE,
    ),
    (
        "gmail folded on two lines",
        f"{MINE}\n\nLe lun. 12 janv. 2026 à 10:12, Cabinet Aubrac <\ng@aubrac.example> a écrit :\n\n{QUOTED}",
        MINE,
    ),
    (
        "gmail folded on three lines",
        f"{MINE}\n\nLe lun. 12 janv. 2026 à 10:12, Cabinet Aubrac\n"
        f"Recouvrement <recouvrement-amiable@aubrac.example>\n"
        f"a écrit :\n\n{QUOTED}",
        MINE,
    ),
    ("gmail English", f"{MINE}\n\nOn Mon, Jan 12, 2026 at 10:12 AM Aubrac <g@aubrac.example> wrote:\n\n{QUOTED}", MINE),
    ("old gmail", f"{MINE}\n\n2026-01-12 10:12 GMT+01:00 Cabinet Aubrac <g@aubrac.example>:\n\n{QUOTED}", MINE),
    (
        "gmail short day",
        f"{SHORT}\n\nLe lun. 12 janv. 2026, 10:12, Cabinet Aubrac <g@aubrac.example> a écrit :\n{QUOTED}",
        SHORT,
    ),
    (
        "html turned to text, no prefix",
        f"{MINE}\n\nLe lun. 12 janv. 2026 à 10:12, Aubrac <g@aubrac.example> a écrit :\n{OURS}",
        MINE,
    ),
    (
        "outlook french",
        f"{MINE}\n\nDe : Aubrac <g@aubrac.example>\nEnvoyé : lundi 12 janvier 2026 10:12\n"
        f"À : Paul <p@poste.example>\n"
        f"Objet : Rappel\n\n{OURS}",
        MINE,
    ),
    (
        "outlook with bold names",
        f"{MINE}\n\n*De :* Aubrac <g@aubrac.example>\n*Envoyé :* lundi 12 janvier 2026 10:12\n*À :* Paul\n"
        f"*Objet :* Rappel\n\n{OURS}",
        MINE,
    ),
    (
        "outlook.com with its ruled line",
        f"{MINE}\n________________________________\nDe : Aubrac <g@aubrac.example>\n"
        f"Envoyé : lundi 12 janvier 2026 10:12\n"
        f"À : Paul <p@poste.example>\nObjet : Rappel\n\n{OURS}",
        MINE,
    ),
    (
        "outlook English",
        f"{MINE}\n\nFrom: Aubrac <g@aubrac.example>\nSent: Monday, January 12, 2026 10:12 AM\nTo: Paul\n"
        f"Subject: Rappel\n\n{OURS}",
        MINE,
    ),
    (
        "outlook express",
        f"{MINE}\n\n-----Message d'origine-----\nDe : Aubrac [mailto:g@aubrac.example]\n"
        f"Envoyé : lundi 12 janvier 2026\n"
        f"À : Paul\nObjet : Rappel\n\n{OURS}",
        MINE,
    ),
    (
        "outlook for Mac",
        f"{MINE}\n\nDe : Aubrac <g@aubrac.example>\nDate : lundi 12 janvier 2026 à 10:12\n"
        f"À : Paul <p@poste.example>\n"
        f"Objet : Rappel\n\n{OURS}",
        MINE,
    ),
    (
        "outlook with copies and folded addresses",
        f"{MINE}\n\nDe : Aubrac <g@aubrac.example>\nEnvoyé : lundi 12 janvier 2026 10:12\n"
        f"À : Paul <p@poste.example>;\n"
        f" Jeanne <j@poste.example>\nCc : Suivi <s@aubrac.example>\nObjet : Rappel\nImportance : Haute\n\n{OURS}",
        MINE,
    ),
    (
        "iphone",
        f"{SHORT}\n\nEnvoyé de mon iPhone\n\n> Le 12 mai 2026 à 10:12, Aubrac <g@aubrac.example> a écrit :\n> \n"
        f"{QUOTED}",
        SHORT,
    ),
    ("iphone, no prefix on the attribution", f"{SHORT}\n\nLe 12 mai 2026 à 10:12, Aubrac a écrit :\n\n{QUOTED}", SHORT),
    ("android phone", f"{SHORT}\nEnvoyé depuis mon téléphone Android avec K-9 Mail. Excusez ma brièveté.", SHORT),
    (
        "samsung",
        f"{SHORT}\n\n\nEnvoyé depuis mon appareil Galaxy\n\n\n-------- Message d'origine --------\n"
        f"De : g@aubrac.example\n"
        f"Date : 12/01/2026 10:12 (GMT+01:00)\nÀ : p@poste.example\nObjet : Rappel\n\n{OURS}",
        SHORT,
    ),
    (
        "outlook for iOS",
        f"{SHORT}\n\nTélécharger Outlook pour iOS\n________________________________\nDe : Aubrac <g@aubrac.example>\n"
        f"Envoyé : Monday, January 12, 2026 10:12:44 AM\nÀ : Paul\nObjet : Rappel\n\n{OURS}",
        SHORT,
    ),
    (
        "windows mail",
        f"{SHORT}\n\nProvenance : Courrier pour Windows\n\nDe : Aubrac\nEnvoyé le :lundi 12 janvier 2026 10:12\n"
        f"À : p@poste.example\nObjet :Rappel\n\n{OURS}",
        SHORT,
    ),
    ("thunderbird", f"{MINE}\n\nLe 12/01/2026 à 10:12, Aubrac a écrit :\n{QUOTED}", MINE),
    ("thunderbird answering below", f"Le 12/01/2026 à 10:12, Aubrac a écrit :\n{QUOTED}\n\n{MINE}", MINE),
    (
        "answers between the lines",
        "Bonjour,\n\nLe 12/01/2026 à 10:12, Aubrac a écrit :\n> Vous devez 214,60 €.\n\nNon, j'ai payé.\n\n"
        "> Quand payez-vous ?\n\nC'est fait depuis mars.\n\nPaul",
        "Bonjour,\n\nNon, j'ai payé.\n\nC'est fait depuis mars.\n\nPaul",
    ),
    (
        "yahoo",
        f"{MINE}\n\n    Le lundi 12 janvier 2026 à 10:12:33 UTC+1, Aubrac <g@aubrac.example> a écrit :  \n \n {OURS}",
        MINE,
    ),
    (
        "old yahoo",
        f"{MINE}\n\nEn date de : Lun 12.1.26, Aubrac <g@aubrac.example> a écrit :\n\nDe: Aubrac <g@aubrac.example>\n"
        f"Objet: Rappel\nÀ: p@poste.example\nDate: Lundi 12 janvier 2026, 10h12\n\n{OURS}",
        MINE,
    ),
    (
        "orange webmail",
        f'{MINE}\n\n> Message du 12/01/26 10:12\n> De : "Aubrac" <g@aubrac.example>\n> A : "Paul" <p@poste.example>\n'
        f"> Copie à :\n> Objet : Rappel\n>\n{QUOTED}",
        MINE,
    ),
    (
        "laposte webmail",
        f"{MINE}\n\n> Message du 12/01/2026 10:12\n> De : g@aubrac.example\n> A : p@poste.example\n"
        f"> Objet : Rappel\n> \n> \n"
        f"{QUOTED}",
        MINE,
    ),
    (
        "sfr webmail",
        f"{MINE}\n\n========================================\n\nMessage du : 12/01/2026 10:12\n"
        f'De : "Aubrac" <g@aubrac.example>\n'
        f'A : "Paul" <p@poste.example>\nCopie à : \nSujet : Rappel\n\n{OURS}',
        MINE,
    ),
    (
        "zimbra (free)",
        f'{MINE}\n\n----- Mail original -----\nDe: "Aubrac" <g@aubrac.example>\nÀ: "Paul" <p@poste.example>\n'
        f"Envoyé: Lundi 12 Janvier 2026 10:12:13\nObjet: Rappel\n\n{OURS}",
        MINE,
    ),
    (
        "zimbra, names without a marker",
        f'{MINE}\n\nDe: "Aubrac" <g@aubrac.example>\nÀ: "Paul" <p@poste.example>\n'
        f"Envoyé: Lundi 12 Janvier 2026 10:12:13\n"
        f"Objet: Rappel\n\n{OURS}",
        MINE,
    ),
    ("roundcube", f"{MINE}\n\nLe 2026-01-12 10:12, Aubrac a écrit :\n{QUOTED}", MINE),
    (
        "proton",
        f"{MINE}\n\nEnvoyé avec la messagerie sécurisée Proton Mail.\n\nLe lundi 12 janvier 2026 à 10:12,\n"
        f"Aubrac <g@aubrac.example> a écrit :\n\n{QUOTED}",
        MINE,
    ),
    (
        "proton, marker in English",
        f"{MINE}\n\n------- Original Message -------\n"
        f"Le lundi 12 janvier 2026 à 10:12, Aubrac <g@aubrac.example> a écrit :\n\n{QUOTED}",
        MINE,
    ),
    ("name first", f"{MINE}\n\nAubrac <g@aubrac.example> a écrit le 12 janvier 2026 à 10:12 :\n\n{QUOTED}", MINE),
    ("quoted twice", f"{MINE}\n\nLe 12/01/2026 à 10:12, Aubrac a écrit :\n> Bien.\n>> Je paierai.\n>> Paul", MINE),
    ("prefix without attribution", f"{MINE}\n\n{QUOTED}", MINE),
    (
        "prefix with a folded tail",
        f"{MINE}\n\nLe 12/01/2026 à 10:12, Aubrac a écrit :\n"
        "> Nous vous rappelons que la somme de 214,60 € reste due à notre client et\nvous prions de\n> la régler.",
        MINE,
    ),
    (
        "three messages deep in outlook",
        f"{SHORT}\n\nDe : A <a@b.example>\nEnvoyé : lundi 12 janvier 2026 10:12\nÀ : Paul\nObjet : RE: Rappel\n\n"
        f"Bien reçu.\n\n"
        "De : Paul <p@poste.example>\nEnvoyé : dimanche 11 janvier 2026 10:12\nÀ : A\nObjet : Rappel\n\n"
        "Quel rappel ?",
        SHORT,
    ),
    (
        "gmail forwarded without a word",
        "---------- Forwarded message ---------\nDe : Jeanne Roy <j@poste.example>\n"
        "Date: lun. 12 janv. 2026 à 10:12\n"
        "Subject: facture\nTo: <p@poste.example>\n\n\nJ'ai réglé la facture 77 le 3 mars.\nJeanne",
        "J'ai réglé la facture 77 le 3 mars.\nJeanne",
    ),
    (
        "gmail forwarded in French with a cover note",
        "Voir ci-dessous.\n\n---------- Message transféré ---------\nDe : Jeanne Roy <j@poste.example>\n"
        "Date: lun. 12 janv. 2026\n"
        "Objet: facture\nÀ : <p@poste.example>\n\nJ'ai réglé la facture 77 le 3 mars.",
        "Voir ci-dessous.\n\nJ'ai réglé la facture 77 le 3 mars.",
    ),
    (
        "apple forwarded",
        "Pour information\n\nDébut du message transféré :\n\n> De: Jeanne Roy <j@poste.example>\n> Objet: facture\n"
        "> Date: 12 janvier 2026 à 10:12:00 UTC+1\n> À: p@poste.example\n> \n> J'ai réglé la facture 77 le 3 mars.",
        "Pour information\n\nJ'ai réglé la facture 77 le 3 mars.",
    ),
    (
        "thunderbird forwarded with a whole letter above",
        f"{MINE}\nJe vous transfère la confirmation que votre client m'avait envoyée à l'époque, elle prouve le "
        f"paiement.\n\n"
        "-------- Message transféré --------\nSujet : confirmation\nDate : Mon, 12 Jan 2026 10:12:00 +0100\n"
        "De : x@y.example\n"
        "Pour : p@poste.example\n\nPaiement reçu.",
        f"{MINE}\nJe vous transfère la confirmation que votre client m'avait envoyée à l'époque, elle prouve le "
        f"paiement.",
    ),
    (
        "forwarded, with a thread inside",
        "---------- Message transféré ---------\nDe : Jeanne <j@poste.example>\n"
        "Date: lun. 12 janv. 2026 à 10:12\nObjet: facture\n"
        f"À : <p@poste.example>\n\n{SHORT}\n\nLe 11 janv. 2026 à 09:00, Aubrac <g@aubrac.example> a écrit :\n"
        f"{QUOTED}",
        SHORT,
    ),
    (
        "forwarded twice",
        "-----Message transféré-----\nDe : A <a@b.example>\nEnvoyé : lundi 12 janvier 2026\nÀ : B\n"
        "Objet : TR: facture\n\n"
        f"-----Message transféré-----\nDe : C <c@b.example>\nEnvoyé : dimanche 11 janvier 2026\nÀ : A\n"
        f"Objet : facture\n\n{SHORT}",
        SHORT,
    ),
    ("signature rule", f"{SHORT}\n\n-- \nPaul Maréchal\n4 rue du Port\n06 11 22 33 44", SHORT),
    ("signature rule without its space", f"{SHORT}\n--\nPaul", SHORT),
    (
        "two dashes inside a long letter are no signature",
        "Premier point.\n--\n" + "\n".join(f"Point {n} : le contrat ne dit rien." for n in range(20)),
        "Premier point.\n--\n" + "\n".join(f"Point {n} : le contrat ne dit rien." for n in range(20)),
    ),
    (
        "legal small print",
        f"{MINE}\n\nCe message et ses pièces jointes sont confidentiels et destinés exclusivement à leur "
        f"destinataire. "
        "Si vous l'avez reçu par erreur, merci de le détruire.",
        MINE,
    ),
    (
        "bilingual small print under a rule",
        f"{MINE}\n\n_____________________________\nCe courriel est confidentiel.\n\n"
        f"This e-mail and any attachments are "
        "confidential and intended solely for the addressee.",
        MINE,
    ),
    ("think of the trees", f"{MINE}\n\nPensez à l'environnement : n'imprimez ce message que si nécessaire.", MINE),
    ("antivirus", f"{SHORT}\n\nGaranti sans virus. www.avast.com", SHORT),
    (
        "somebody says that their words are not confidential",
        f"{SHORT}\n\nCe courriel n'est pas confidentiel, montrez-le à qui vous voulez.",
        f"{SHORT}\n\nCe courriel n'est pas confidentiel, montrez-le à qui vous voulez.",
    ),
    (
        "prose that tells who wrote what",
        "Le 12 janvier 2026 votre collègue m'a écrit :\n« payez ». Je refuse.",
        "Le 12 janvier 2026 votre collègue m'a écrit :\n« payez ». Je refuse.",
    ),
    (
        "a reference line is no header block",
        "Bonjour,\n\nObjet : dossier 44\nDate : 3 mars\n\nJe conteste.",
        "Bonjour,\n\nObjet : dossier 44\nDate : 3 mars\n\nJe conteste.",
    ),
    (
        "de in prose is no header",
        "Bonjour,\nDe : 2019 à 2021 j'ai payé.\nPuis plus rien.",
        "Bonjour,\nDe : 2019 à 2021 j'ai payé.\nPuis plus rien.",
    ),
    (
        "a caption above the prefix",
        f"{SHORT}\n\n-------- Message reçu --------\nDe : Aubrac <g@aubrac.example>\n{QUOTED}",
        SHORT,
    ),
    ("a caption between dashes", f"{SHORT}\n\n----- De : g@aubrac.example, 12 janvier 2026 -----\n{QUOTED}", SHORT),
    (
        "a proof sent again is no device",
        "Envoyé de nouveau hier par mail, voir ma banque.",
        "Envoyé de nouveau hier par mail, voir ma banque.",
    ),
    ("outlook for Android", f"{SHORT}\nEnvoyé à partir de Outlook pour Android", SHORT),
    ("yahoo on a phone", f"{SHORT}\n\nEnvoyé depuis Yahoo Mail pour iPhone", SHORT),
    ("orange on a phone", f"{SHORT}\n\nenvoyé avec l'application Mail Orange", SHORT),
    ("german client", f"{SHORT}\n\nAm 12.01.2026 um 10:12 schrieb Aubrac <g@aubrac.example>:\n{QUOTED}", SHORT),
    (
        "carriage returns",
        f"{SHORT}\r\n\r\nLe 12/01/2026 à 10:12, Aubrac a écrit :\r\n> Vous devez\r\n> 12 €",
        SHORT,
    ),
]
