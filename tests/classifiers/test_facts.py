"""What was paid or promised, and when; what changes; who speaks."""

from __future__ import annotations

from datetime import date

import pytest

from classifiers.due_dates import find_due_dates
from classifiers.facts import find_facts
from models.labels import CATEGORY_OF, Subcategory
from models.reading import ItemReading, Page, Part, PartKind, Tick
from models.understanding import Facts, Mentions

S = Subcategory
WEDNESDAY = date(2026, 6, 3)


def facts(
    text: str, subcategory: Subcategory, received_on: date = WEDNESDAY, mentions: Mentions | None = None
) -> Facts:
    reading = ItemReading(text=text, new_text=text)
    return find_facts(reading, mentions or Mentions(), CATEGORY_OF[subcategory], subcategory, received_on)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("fin du mois", date(2026, 6, 30)),
        ("à la fin du mois prochain", date(2026, 7, 31)),
        ("le 5", date(2026, 6, 5)),
        ("le 2", date(2026, 7, 2)),
        ("le 5 du mois prochain", date(2026, 7, 5)),
        ("sous huitaine", date(2026, 6, 11)),
        ("vendredi", date(2026, 6, 5)),
        ("vendredi 12 juin", date(2026, 6, 12)),
        ("lundi en huit", date(2026, 6, 15)),
        ("d'ici 15 jours", date(2026, 6, 18)),
        ("d'ici quinze jours", date(2026, 6, 18)),
        ("dans trois semaines", date(2026, 6, 24)),
        ("sous 48 h", date(2026, 6, 5)),
        ("demain", date(2026, 6, 4)),
        ("après-demain", date(2026, 6, 5)),
        ("fin juillet", date(2026, 7, 31)),
        ("mi-juin", date(2026, 6, 15)),
        ("avant le 10 juillet", date(2026, 7, 10)),
        ("le 15 octobre", date(2026, 10, 15)),
        ("dans un mois", date(2026, 7, 3)),
        ("lundi 15", date(2026, 6, 15)),
    ],
)
def test_a_promised_day_is_counted_from_the_letter(words: str, day: date) -> None:
    assert [found.day for found in find_due_dates(f"Je paierai {words}.", WEDNESDAY)] == [day]


@pytest.mark.parametrize("words", ["dès que possible", "quand je pourrai", "bientôt", "à réception de ma paie"])
def test_a_promise_that_hangs_on_an_event_has_no_day(words: str) -> None:
    assert find_due_dates(f"Je paierai {words}.", WEDNESDAY) == []


@pytest.mark.parametrize(
    ("text", "amount", "day"),
    [
        ("Je vous réglerai les 180 € vendredi.", 18000, date(2026, 6, 5)),
        ("Vous me réclamez 412,50 €. Je verserai 200 € le 15 juin.", 20000, date(2026, 6, 15)),
        ("le 12 je passe et je fais les 180 avec votre code", 18000, date(2026, 6, 12)),
        ("Je paie tout le 20, soit 88,40 euros.", 8840, date(2026, 6, 20)),
        ("Je m'engage à payer la totalité fin du mois. Solde : 97,10 €", 9710, date(2026, 6, 30)),
        ("je réglerai les quatre cent dix euros vingt-cinq le 30 juin", 41025, date(2026, 6, 30)),
        ("Mon salaire est de 1 400 €. Je paierai 150 € le 8.", 15000, date(2026, 6, 8)),
        ("Je paierai dès que j'aurai trouvé du travail.", None, None),
    ],
)
def test_a_promise_has_its_sum_and_its_day(text: str, amount: int | None, day: date | None) -> None:
    found = facts(text, S.PROMISE)
    assert (found.promised_amount, found.promised_date) == (amount, day)


@pytest.mark.parametrize(
    ("text", "amount", "day"),
    [
        ("J'ai payé les 312,47 € le 2 avril 2026 par carte.", 31247, date(2026, 4, 2)),
        ("La somme de 67,98 € a été débitée de mon compte le 4 mai.", 6798, date(2026, 5, 4)),
        ("Vous réclamez 540 €. Le chèque de 388 € a été encaissé le 1er mars 2026.", 38800, date(2026, 3, 1)),
        ("c'est payé depuis hier, 39,90 EUR", 3990, date(2026, 6, 2)),
        ("Somme déjà soldée, voyez avec la banque.", None, None),
    ],
)
def test_a_sum_said_paid_is_told_from_the_claim(text: str, amount: int | None, day: date | None) -> None:
    found = facts(text, S.ALREADY_PAID)
    assert (found.paid_amount, found.paid_date) == (amount, day)


def test_a_transfer_that_is_going_out_is_a_sum_paid() -> None:
    found = facts("Le virement de 310,00 € est programmé, il partira le 30 juin 2026.", S.TRANSFER_NOTICE)
    assert (found.paid_amount, found.paid_date) == (31000, date(2026, 6, 30))


@pytest.mark.parametrize(
    ("text", "amount", "instalments", "day"),
    [
        ("Je dois 1 296,99 €, je propose 50 € par mois à partir du 5 juillet.", 5000, None, date(2026, 7, 5)),
        ("Puis-je payer en 3 fois, 40 € chaque mois, le premier le 10 juin ?", 4000, 3, date(2026, 6, 10)),
        ("Je demande six fois 484 €.", 48400, 6, None),
        ("190 € par mois je ne peux pas. Je peux verser 60 euros.", 6000, None, None),
        ("Je vis avec 635 € par mois. Je pourrais sortir 30 €.", 3000, None, None),
        ("133 euros par mois, le 12, à compter du mois d'août", 13300, None, date(2026, 8, 12)),
        ("Quatre versements, fin juin, fin juillet, fin août, fin septembre ?", None, 4, date(2026, 6, 30)),
        ("Pourriez-vous m'accorder un délai ?", None, None, None),
    ],
)
def test_a_plan_has_its_instalment(text: str, amount: int | None, instalments: int | None, day: date | None) -> None:
    found = facts(text, S.PLAN_REQUEST)
    assert (found.promised_amount, found.instalments, found.promised_date) == (amount, instalments, day)


def test_the_date_at_the_head_is_where_counting_starts() -> None:
    text = "Rodez, le 28 mai 2026\n\nMadame,\n\nJe paierai 50 € sous huitaine."
    assert facts(text, S.PROMISE).promised_date == date(2026, 6, 5)


def test_the_date_at_the_head_is_not_a_day_of_payment() -> None:
    text = "Rodez, le 28 mai 2026\n\nMadame,\n\nJ'ai payé 50 € le 3 avril 2026."
    assert facts(text, S.ALREADY_PAID).paid_date == date(2026, 4, 3)


def test_an_enclosed_order_tells_what_the_letter_does_not() -> None:
    order = Part(
        PartKind.PROOF_OF_PAYMENT, (2,), "ORDRE DE VIREMENT\nMontant : 617,63 EUR\nDate d'exécution : 02/06/2026"
    )
    text = "Bonjour, le virement est fait, voir la pièce jointe."
    reading = ItemReading(text=text, new_text=text, parts=(Part(PartKind.LETTER, (1,), text), order))
    found = find_facts(reading, Mentions(), CATEGORY_OF[S.TRANSFER_NOTICE], S.TRANSFER_NOTICE, WEDNESDAY)
    assert (found.paid_amount, found.paid_date) == (61763, date(2026, 6, 2))


def test_a_dispute_quotes_what_is_contested_and_promises_nothing() -> None:
    found = facts("Bonjour. Je conteste la facture de 88 €, le colis n'est jamais arrivé. Merci.", S.SERVICE)
    assert found.contested == "Je conteste la facture de 88 €, le colis n'est jamais arrivé."
    assert found.paid_amount is None
    assert found.promised_amount is None


def test_a_new_address_and_telephone_are_noted() -> None:
    text = "J'ai déménagé : 4 allée du Vercors, 38170 Seyssins. Mon nouveau numéro est le 06 11 22 33 44."
    found = facts(text, S.ADDRESS_CHANGE)
    assert found.new_address == "4 allée du Vercors, 38170 Seyssins"
    assert found.new_phone == "0611223344"


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Adressez-vous à mon avocate, Me Solène Kerdavid, à Troyes.", "Solène Kerdavid, Troyes"),
        ("Mon tuteur est M. Jean Roy.", "Jean Roy"),
    ],
)
def test_who_speaks_for_the_debtor_is_named(text: str, who: str) -> None:
    assert facts(text, S.LEGAL_COUNSEL).representative == who


def test_a_representative_who_writes_is_the_sender() -> None:
    mentions = Mentions(sender_name="Solène Kerdavid", sender_address="17 rue Urbain IV, 10000 Troyes")
    found = facts("Je suis le conseil de M. Roy, en ma qualité d'avocate.", S.LEGAL_COUNSEL, mentions=mentions)
    assert found.representative == "Solène Kerdavid, 17 rue Urbain IV, 10000 Troyes"


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("Destinataire inconnu à l'adresse", "unknown"),
        ("Défaut d'accès ou d'adressage", "address"),
        ("Pli refusé par le destinataire", "refused"),
        ("Pli avisé et non réclamé", "unclaimed"),
    ],
)
def test_the_ticked_reason_of_a_returned_letter_counts(label: str, reason: str) -> None:
    every = "Défaut d'accès ou d'adressage / Destinataire inconnu à l'adresse / Pli avisé et non réclamé / Pli refusé"
    page = Page(1, every, ticks=(Tick(label, 0.9),))
    reading = ItemReading(every, every, pages=(page,), parts=(Part(PartKind.ENVELOPE, (1,), every),))
    found = find_facts(reading, Mentions(), CATEGORY_OF[S.RETURNED_MAIL], S.RETURNED_MAIL, WEDNESDAY)
    assert found.returned_reason == reason


def test_a_sticker_without_a_tick_gives_no_reason() -> None:
    every = "Destinataire inconnu à l'adresse / Pli avisé et non réclamé / Pli refusé"
    reading = ItemReading(every, every, parts=(Part(PartKind.ENVELOPE, (1,), every),))
    found = find_facts(reading, Mentions(), CATEGORY_OF[S.RETURNED_MAIL], S.RETURNED_MAIL, WEDNESDAY)
    assert found.returned_reason is None


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Au titre du RGPD, je demande l'accès à mes données : que savez-vous de moi ?", "access"),
        ("Supprimez mes données de votre fichier.", "erasure"),
        ("Merci de rectifier mes coordonnées, ma date de naissance est inexacte.", "rectification"),
        ("Je m'oppose à tout appel sur mon numéro, ne plus m'appeler.", "objection"),
    ],
)
def test_the_right_that_is_claimed_is_named(text: str, right: str) -> None:
    assert facts(text, S.GDPR).gdpr_right == right


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("J'ai déposé un dossier de surendettement à la Banque de France.", "filed"),
        ("Mon dossier de surendettement a été déclaré recevable le 3 mai.", "admissible"),
        ("La commission a validé les mesures imposées : moratoire de 24 mois.", "plan"),
        ("Dossier de surendettement déposé, la commission doit se prononcer sur la recevabilité.", "filed"),
    ],
)
def test_the_stage_of_an_over_indebtedness_file_is_the_furthest_reached(text: str, stage: str) -> None:
    assert facts(text, S.OVER_INDEBTEDNESS).stage == stage


@pytest.mark.parametrize(
    ("text", "main", "minor"),
    [
        ("Je conteste ces frais. Envoyez-moi le décompte et le contrat.", S.AMOUNT, (S.DOCUMENT_COPY,)),
        ("Je paierai le reste le 15. Vous trouverez ci-joint un chèque de 50 €.", S.PROMISE, (S.CHEQUE,)),
        ("J'ai payé hier. J'ai déménagé : 4 rue Foch, 57000 Metz.", S.ALREADY_PAID, (S.ADDRESS_CHANGE,)),
        ("Je conteste. Je souhaite recevoir une quittance.", S.AMOUNT, (S.RECEIPT,)),
        ("[ ] je demande une copie du contrat\n[x] je paie le 15", S.PROMISE, ()),
        ("Je souhaite recevoir le décompte.", S.BALANCE, ()),
        ("Je paierai vendredi.", S.PROMISE, ()),
    ],
)
def test_a_minor_subject_is_named_beside_the_main_one(
    text: str, main: Subcategory, minor: tuple[Subcategory, ...]
) -> None:
    assert facts(text, main).also == minor


def test_nothing_is_read_as_paid_where_a_protection_is_announced() -> None:
    found = facts("J'ai payé 85 € le 2 mai, puis la commission m'a dit d'arrêter.", S.OVER_INDEBTEDNESS)
    assert found.paid_amount is None


def test_a_sum_claimed_is_never_passed_off_as_paid() -> None:
    found = facts("Vous me réclamez 540 € et 60 € de frais : tout est payé.", S.ALREADY_PAID)
    assert found.paid_amount in (None, 54000)


@pytest.mark.parametrize("text", ["", "\n" * 500, "le " * 3000, "12 € " * 800, "vendredi " * 900])
def test_any_text_gives_facts_without_an_error(text: str) -> None:
    for subcategory in (S.PROMISE, S.PLAN_REQUEST, S.ALREADY_PAID, S.AMOUNT):
        assert facts(text, subcategory).contested is None
