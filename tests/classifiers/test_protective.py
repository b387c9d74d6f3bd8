"""The second pair of eyes: what protects a person is seen, what only sounds like it is not."""

from __future__ import annotations

import pytest

from classifiers.protective import mended_word, protecting_labels, protective_signals


def labels(text: str) -> tuple[str, ...]:
    return protecting_labels(protective_signals(text))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Mon mari est décédé le 3 mars, l'acte est joint.", "deceased"),
        ("Raymond nous a quittés le 12 décembre.", "deceased"),
        ("On l'a enterré la veille de la Toussaint.", "deceased"),
        ("Succession de Mme Vial : l'étude attend votre créance.", "deceased"),
        ("Le dossier de surendettement a été déposé à la Banque de France.", "over_indebtedness"),
        ("Rétablissement personnel prononcé, vos sommes sont effacées.", "over_indebtedness"),
        ("Je suis sous curatelle renforcée.", "guardianship"),
        ("Habilitée par le juge, je gère les comptes de ma mère.", "guardianship"),
        ("Liquidation judiciaire prononcée, voyez le liquidateur.", "insolvency"),
        ("Une procédure de sauvegarde est ouverte.", "insolvency"),
        ("Je suis l'avocate de Mme Colas, au barreau de Lille.", "represented"),
        ("J'ai procuration signée de ma mère.", "represented"),
        ("Je n'ai plus envie de vivre.", "distress"),
        ("Si vous continuez je vais me pendre.", "distress"),
        ("Le prochain qui vient, je sors le fusil.", "distress"),
        ("Je suis en chimiothérapie depuis juin.", "vulnerable"),
        ("Je touche l'AAH et je vis seul.", "vulnerable"),
        ("On a refermé le cercueil de mon oncle mardi.", "deceased"),
        ("Maman n'a pas survécu à l'accident.", "deceased"),
        ("Les pompiers ont forcé la porte de votre client : trop tard.", "deceased"),
        ("Recevez mes adieux.", "distress"),
        ("Cette nuit j'ai appelé le 3114.", "distress"),
        ("Je commence une grève de la faim devant vos bureaux.", "distress"),
        ("Le prochain qui sonne, je le plante.", "distress"),
        ("Nous sommes passés en commission en mai.", "over_indebtedness"),
        ("Ce n'est pas une tutelle, c'est une curatelle simple.", "guardianship"),
        ("Notre coopérative a été mise en redressement.", "insolvency"),
        ("J'ai pris une avocate, elle répondra.", "represented"),
        ("Je suis né le 3 mai 1938 et je n'y comprends rien.", "vulnerable"),
        ("Il m'a enfermée hier et il lit mes messages.", "distress"),
        ("Les pompiers l'ont redescendue du toit après votre visite.", "distress"),
        ("Résiliation : le souscripteur n'étant plus, coupez la ligne.", "deceased"),
        ("La cérémonie a eu lieu jeudi, le prêt de mon frère s'arrête là.", "deceased"),
        ("C'est mon fils qui a ma carte depuis le passage devant le juge.", "guardianship"),
        ("Elle me donne 40 euros par semaine, voyez avec elle.", "guardianship"),
        ("Votre créance a été portée au passif.", "insolvency"),
        ("Nos onze créanciers ont tous reçu la lettre.", "over_indebtedness"),
        ("L'article L. 722-2 vous interdit de saisir.", "over_indebtedness"),
        ("Le cyclone a pris la maison.", "vulnerable"),
    ],
)
def test_a_protection_announced_is_seen(text: str, label: str) -> None:
    assert label in labels(text)


@pytest.mark.parametrize(
    "text",
    [
        "Je ne suis pas décédé, j'ai payé hier.",
        "C'est à mourir de rire, votre relance de deux euros.",
        "Je meurs d'envie de connaître le montant exact.",
        "La batterie est morte, le vendeur ne veut rien savoir.",
        "Je voudrais en finir avec cette facture, envoyez-moi votre RIB.",
        "Je ne suis pas sous tutelle.",
        "L'autorité de tutelle du syndicat des eaux m'a répondu.",
        "Je suis curatrice d'exposition et je n'ai rien commandé.",
        "Je ne suis pas en surendettement, je demande deux mois.",
        "Le magasin est en liquidation totale avant travaux.",
        "Si cela continue je prendrai un avocat.",
        "Succession d'erreurs de votre part sur le montant.",
        "L'assurance décès ne figure pas au contrat.",
        "Mon grand-père est mort en 1962, la maison est à moi.",
        "Mon téléphone est décédé, écrivez-moi.",
        "On a enterré sa vie de garçon samedi, je paie lundi.",
        "Infirmière à l'hôpital, je paierai samedi.",
        "[ ] Décès [ ] Surendettement [X] Facture réglée",
        "Le liquidateur judiciaire que je suis de métier paie ses pneus.",
        "Le redressement judiciaire de notre fournisseur nous retarde.",
        "Pas de retard : une sauvegarde de nos fichiers était en cours.",
        "L'avocat du syndic nous a écrit à tous.",
        "Confirmez que la créance est entièrement éteinte.",
        "Elle est partie en juin sans adresse.",
        "",
    ],
)
def test_what_only_sounds_like_it_protects_nobody(text: str) -> None:
    assert labels(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "il est d3cede hier",
        "Mr DECEDÉ le 4 mai",
        "sous curate1le depuis mars",
        "mon mari es deseder le 3",
        "ma boite est en liquidassion",
        "g pri un avoca il ecrira",
        "li quidation\njudiciaire : liquidatlon judiciaire",
    ],
)
def test_scanner_slips_hide_nothing(text: str) -> None:
    assert labels(text) != ()


def test_a_real_word_is_not_mended_into_an_alarm() -> None:
    assert mended_word("decide") == "decide"
    assert labels("J'ai décidé de payer, il a décidé aussi.") == ()


def test_words_of_a_cue_are_the_folded_words_of_the_text() -> None:
    (cue, *_) = protective_signals("Ma mère est décédée.")
    assert cue.words in "ma mere est decedee."
    assert cue.weight == 1.0


def test_a_denial_of_one_thing_does_not_hide_another() -> None:
    text = "Je ne suis pas sous tutelle. Mon frère, lui, est décédé en mai."
    assert labels(text) == ("deceased",)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Le compte de mon oncle est bloqué par la banque depuis son décès.", True),
        ("Mme Astier figure sur nos registres de décès à la date du 30/04.", True),
        ("Il a eu une crise cardiaque et il a pas survécu.", True),
        ("Mon patron, il nest plus, accident de scooter en juin.", True),
        ("Nous avons renoncé devant le greffe à ce que laissait notre père.", True),
        ("Veuve depuis mars. Facture à son nom.", True),
        ("Le contrat prévoit une garantie en cas de décès, je la résilie.", False),
        ("Mon dossier n'est plus en cours, merci de vérifier.", False),
        ("J'étais mort de rire en lisant votre lettre.", False),
    ],
)
def test_a_death_told_in_plain_words_is_seen_and_its_look_alikes_are_not(text: str, seen: bool) -> None:
    assert ("deceased" in protecting_labels(protective_signals(text))) is seen
