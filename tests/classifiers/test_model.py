"""The classifier that ships: right on plain cases, silent on what it cannot read, never sure of nonsense."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.linear import LinearModel, Vocabulary, features_of
from classifiers.model import Calibration, Classifier, Opinion, calibrated, load_classifier, ruled, supported
from classifiers.ruled_out import cheque_was_cashed, wants_no_answer
from classifiers.wording import Marker, Wording
from models.labels import CATEGORY_OF, SUBCATEGORIES, Category, Flag, Subcategory
from models.reading import EmailHeaders, ItemReading, Part, PartKind
from models.understanding import Cue


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_classifier()


def letter(text: str, *kinds: PartKind, detail: str = "") -> ItemReading:
    parts = tuple(Part(kind, (i,), detail=detail) for i, kind in enumerate(kinds or (PartKind.LETTER,), 1))
    return ItemReading(text, text, parts=parts)


@pytest.mark.parametrize(
    ("text", "subcategory"),
    [
        ("Cette facture a déjà été réglée par virement le 4 mars, relevé joint. Merci d'arrêter.", "already_paid"),
        ("Je conteste cette créance, ce n'est pas moi, je suis un homonyme, jamais client.", "not_mine"),
        ("Quel est le solde restant dû sur mon dossier à ce jour ? Combien me reste-t-il à payer ?", "balance"),
        ("Mon père est décédé le 4 mai. Je vous joins l'acte de décès. Voyez avec le notaire.", "death"),
        ("Je demande un échéancier, je peux payer 50 euros par mois pendant dix mois.", "plan_request"),
        ("La dette est prescrite depuis 2019, article L. 218-2 du code de la consommation.", "prescribed"),
    ],
)
def test_plain_letters_are_understood(classifier: Classifier, text: str, subcategory: str) -> None:
    understanding = classifier.understand(letter(text))
    assert understanding.subcategory == subcategory
    assert understanding.category is CATEGORY_OF[understanding.subcategory]
    assert not understanding.abstained


def test_a_postal_sticker_makes_it_returned_mail(classifier: Classifier) -> None:
    reading = letter("LETTRE VERTE Mme Farkas 13008 Marseille", PartKind.ENVELOPE, detail="Destinataire inconnu")
    understanding = classifier.understand(reading)
    assert understanding.subcategory is Subcategory.RETURNED_MAIL
    assert understanding.confidence > 0.9


def test_a_cheque_alone_is_a_payment(classifier: Classifier) -> None:
    understanding = classifier.understand(letter("", PartKind.CHEQUE))
    assert understanding.subcategory is Subcategory.CHEQUE
    assert not understanding.abstained


def test_an_automatic_reply_is_unrelated_but_a_death_in_it_is_seen(classifier: Classifier) -> None:
    mail = EmailHeaders("", "", (), "Réponse automatique", None, automatic=True)
    understanding = classifier.understand(ItemReading("", "M. Petit est décédé, boîte fermée.", email=mail))
    assert understanding.subcategory is Subcategory.UNRELATED
    assert "deceased" in understanding.protective


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n ",
        "%%% ## 12 34 ..;; ~~",
        "Dear Sir, please find my payment of the invoice which you have sent, with my best regards from London.",
        "Sehr geehrte Damen und Herren, ich habe die Rechnung nicht bezahlt und bitte um eine Kopie der Unterlagen.",
        "Estimado señor, por favor envíe una copia de la factura para que yo pueda pagar con mi banco, muchas gracias.",
    ],
)
def test_what_is_not_french_writing_is_not_guessed(classifier: Classifier, text: str) -> None:
    understanding = classifier.understand(letter(text))
    assert understanding.abstained
    assert understanding.confidence == 0.0


def test_reasons_are_words_of_the_text(classifier: Classifier) -> None:
    understanding = classifier.understand(letter("Je conteste les frais de recouvrement et le montant est faux."))
    reasons = [cue for cue in understanding.cues if cue.label == understanding.subcategory]
    assert reasons
    assert all(
        cue.words.split()[0] in "je conteste les frais de recouvrement et le montant est faux" for cue in reasons
    )


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_a_sound_answer(text: str) -> None:
    understanding = load_cached().understand(letter(text))
    assert 0.0 <= understanding.confidence <= 1.0
    assert understanding.subcategory in SUBCATEGORIES[understanding.category]
    assert set(understanding.flags) <= set(Flag)


_loaded: list[Classifier] = []


def load_cached() -> Classifier:
    if not _loaded:
        _loaded.append(load_classifier())
    return _loaded[0]


@given(
    st.lists(st.floats(-20, 20), min_size=25, max_size=25),
    st.floats(0.3, 3.0),
    st.floats(0.3, 3.0),
)
def test_probabilities_add_up(scores: list[float], temperature: float, sub_temperature: float) -> None:
    calibration = Calibration(temperature=temperature, sub_temperature=sub_temperature)
    opinion = calibrated(np.array(scores), np.zeros(0), tuple(CATEGORY_OF), (), calibration)
    assert sum(opinion.categories.values()) == pytest.approx(1.0)
    for category in Category:
        own = sum(opinion.subcategories[s] for s in SUBCATEGORIES[category])
        assert own == pytest.approx(opinion.categories[category], abs=1e-6)


def test_the_sticker_leaves_little_to_the_words() -> None:
    even = Opinion(dict.fromkeys(Category, 0.25), dict.fromkeys(Subcategory, 0.04), {})
    sure = ruled(even, Wording(frozenset({Marker.RETURNED}), "bonjour"))
    assert sure.subcategories[Subcategory.RETURNED_MAIL] > 0.95
    assert sum(sure.categories.values()) == pytest.approx(1.0)


DENIED, UPHELD = "Je paierai lundi par virement.", "Je ne mange plus, je dors dans ma voiture avec les enfants."


@pytest.mark.parametrize(
    ("text", "cues", "kept"),
    [(DENIED, (), False), (UPHELD, (), True), (DENIED, (Cue("deceased", "décès", 1.0),), True)],
)
def test_a_protection_that_neither_rules_nor_readers_see_is_hardly_left_a_chance(
    text: str, cues: tuple[Cue, ...], kept: bool
) -> None:
    others = dict.fromkeys(Subcategory, 0.6 / 24)
    subjects = {**others, Subcategory.DEATH: 0.4}
    categories = {c: sum(subjects[s] for s in SUBCATEGORIES[c]) for c in Category}
    before = Opinion(categories, subjects, {Flag.VULNERABLE: 0.5, Flag.COMPLAINT: 0.5})
    after = supported(before, Wording(frozenset({Marker.LETTER}), text), cues)
    assert (after == before) is kept
    assert (after.subcategories[Subcategory.DEATH] > 0.1) is kept
    assert (after.flags[Flag.VULNERABLE] > 0.1) is kept
    assert after.flags[Flag.COMPLAINT] == 0.5
    assert sum(after.categories.values()) == pytest.approx(1.0)


def test_a_saved_model_says_the_same(tmp_path: Path) -> None:
    wordings = [Wording(frozenset({Marker.LETTER}), t) for t in ("je paie demain", "je conteste tout", "je paie tout")]
    vocabulary = Vocabulary.learnt([features_of(w) for w in wordings], fewest=1)
    weights = np.linspace(-1, 1, 3 * len(vocabulary.index), dtype=np.float32).reshape(-1, 3)
    model = LinearModel(vocabulary, ("promise", "amount"), ("gdpr",), weights, np.zeros(3, dtype=np.float32))
    model.save(tmp_path)
    again = LinearModel.load(tmp_path)
    for wording in wordings:
        before, after = model.logits(model.weigh(wording)), again.logits(again.weigh(wording))
        np.testing.assert_allclose(before[0], after[0], atol=1e-2)


def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_classifier(tmp_path / "nowhere")


class Shouting:
    """An encoder that is sure of thanks, and counts how often it was asked."""

    fingerprint = ""

    def __init__(self, labels: tuple[Subcategory, ...], flags: tuple[Flag, ...]) -> None:
        self.asked = 0
        self._scores = np.array([9.0 if label is Subcategory.THANKS else 0.0 for label in labels])
        self._flags = np.zeros(len(flags))

    def tokenize(self, text: str) -> list[int]:
        return list(range(len(text.split())))

    def logits(self, wording: Wording) -> tuple[np.ndarray, np.ndarray]:
        self.asked += 1
        return self._scores, self._flags


def test_the_encoder_is_asked_only_where_the_words_leave_doubt(classifier: Classifier) -> None:
    shouting = Shouting(classifier.labels, classifier.flags)
    never = Classifier(classifier.linear, shouting, replace(classifier.calibration, sure=0.0, encoder_share=1.0))  # type: ignore[arg-type]
    always = Classifier(classifier.linear, shouting, replace(classifier.calibration, sure=1.01, encoder_share=1.0))  # type: ignore[arg-type]
    paper = letter("Je conteste cette facture, le chauffe-eau n'a jamais été livré.")
    assert never.understand(paper).subcategory is Subcategory.SERVICE
    assert shouting.asked == 0
    assert always.understand(paper).subcategory is Subcategory.THANKS
    assert shouting.asked == 1


@pytest.mark.parametrize(
    ("text", "none_wanted"),
    [
        ("Merci encore, pas besoin de me répondre.", True),
        ("Je n'attends aucune réponse de votre part.", True),
        ("Inutile de répondre, je voulais seulement vous remercier.", True),
        ("Cette lettre n'appelle pas de réponse.", True),
        ("Merci de me répondre rapidement.", False),
        ("Sans réponse de votre part sous huit jours, je saisirai le médiateur.", False),
        ("Vous n'avez pas répondu à ma lettre.", False),
    ],
)
def test_a_writer_who_wants_no_answer_asks_for_nothing(text: str, none_wanted: bool) -> None:
    assert wants_no_answer(text) is none_wanted


def test_where_no_answer_is_wanted_a_request_for_information_loses_its_weight() -> None:
    even = Opinion(dict.fromkeys(Category, 0.25), dict.fromkeys(Subcategory, 0.04), {})
    asking = CATEGORY_OF[Subcategory.DOCUMENT_COPY]
    wanted, unwanted = (
        ruled(even, Wording(frozenset({Marker.LETTER}), f"Je vous joins une copie de la facture et de ma carte. {end}"))
        for end in ("Merci de me répondre.", "Pas besoin de me répondre.")
    )
    assert wanted == even
    assert unwanted.categories[asking] < 0.1 < even.categories[asking]
    assert sum(unwanted.categories.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "cashed"),
    [
        ("Payé. Mon chèque no 7712 a été encaissé le 3 mars.", True),
        ("Vous avez bien débité le chèque en avril.", True),
        ("Ci-joint un chèque de 120 euros, à encaisser après le 5.", False),
        ("Mon compte a été débité deux fois.", False),
    ],
)
def test_a_cashed_cheque_is_told_from_one_enclosed(text: str, cashed: bool) -> None:
    assert cheque_was_cashed(text) is cashed


def test_a_cheque_that_was_cashed_lies_in_no_envelope() -> None:
    even = Opinion(dict.fromkeys(Category, 0.25), dict.fromkeys(Subcategory, 0.04), {})
    told = "Réglé. Chèque de 84 euros débité en mars, voyez avec eux."
    paper, opened = (ruled(even, Wording(frozenset({Marker.LETTER, *found}), told)) for found in ((), (Marker.CHEQUE,)))
    assert (paper.subcategories[Subcategory.CHEQUE], opened) == (0.0, even)
    assert paper.subcategories[Subcategory.ALREADY_PAID] == pytest.approx(0.08)
    assert paper.categories == even.categories
