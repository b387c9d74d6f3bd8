"""Names of persons and firms, and which part is the surname."""

from __future__ import annotations

import pytest

from classifiers.persons import find_companies, find_entities, find_persons, is_name, written_name


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Je vous écris pour M. Pierre LANGLADE, mon père", "LANGLADE|Pierre"),
        ("Mme Jeanne Roy, à Dinan", "ROY|Jeanne"),
        ("votre collègue Madame Toullec m'a dit", "TOULLEC|"),
        ("Me Solène Kerdavid, avocate", "KERDAVID|Solène"),
        ("Jeanne ROY née DUCHESNE", "DUCHESNE|"),
        ("Mme ROY épouse Martel", "MARTEL|"),
        ("je soussigné Paul du Pré, gérant", "DU PRÉ|Paul"),
        ("Je m'appelle Théo Lacazette, j'ai reçu", "LACAZETTE|Théo"),
        ("NOM : LEOUILLEUX   Prénom : Côme", "LEOUILLEUX|Côme"),
    ],
)
def test_a_person_is_found_with_surname_and_first_name(text: str, value: str) -> None:
    assert value in {span.value for span in find_persons(text)}


@pytest.mark.parametrize("text", ["Madame, Monsieur,", "Monsieur le Directeur", "Bonjour Madame", "né le 3 mars 1970"])
def test_a_greeting_names_nobody(text: str) -> None:
    assert find_persons(text) == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Jean LOPEZ", "LOPEZ|Jean"),
        ("LOPEZ Jean", "LOPEZ|Jean"),
        ("David DA COSTA", "DA COSTA|David"),
        ("Jean-Pierre de La Tour", "DE LA TOUR|Jean-Pierre"),
        ("Paul Roux", "ROUX|Paul"),
        ("SIMON CHRISTOPHE", "SIMON CHRISTOPHE"),
    ],
)
def test_capitals_tell_the_surname(written: str, value: str) -> None:
    assert written_name(written) == value


@pytest.mark.parametrize(
    "line", ["Cordialement", "Lettre Recommandée", "12 rue du Port", "Objet Relance", "Bonjour Madame"]
)
def test_words_of_letters_are_no_name(line: str) -> None:
    assert not is_name(line)


@pytest.mark.parametrize("line", ["A. MOREAU", "Jean-Luc O'BRIEN", "N'Diaye Bertrand", "Anne-Sophie de Bellefeuille"])
def test_initials_apostrophes_and_particles_make_a_name(line: str) -> None:
    assert is_name(line)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("la SARL GARAGE BOURDILLON vous écrit", "GARAGE BOURDILLON"),
        ("DUVERNOIS PEINTURE SAS, 3 rue", "DUVERNOIS PEINTURE"),
        ("Cabinet Kerdavid & Associés", "Kerdavid & Associés"),
    ],
)
def test_a_firm_is_found_by_its_form(text: str, value: str) -> None:
    assert value in {span.value for span in find_companies(text)}


def test_spacy_finds_a_name_that_no_rule_announces() -> None:
    text = "Hier ma voisine Nathalie Ferrand est venue avec le courrier."
    assert "FERRAND|Nathalie" in {span.value for span in find_entities(text)}
