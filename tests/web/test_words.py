"""Two languages, the same keys, and a word for every code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import web
from connectors.database.people import Role
from models.cheque import ChequeProblem
from models.claim import Because, Status
from models.decision import Reason
from models.event import EventType
from models.hold import Channel as Way
from models.hold import HoldKind, Scope
from models.item import Channel, Outcome, Stage
from models.labels import Category, Flag, Subcategory
from models.policy import Policy
from models.reading import PartKind
from models.understanding import MentionKind
from pipelines.wording import REASONS
from tests.web.conftest import form_token
from tests.web.seed import Desk
from web.wording import LANGUAGES, Words, catalogue

ROOT = Path(__file__).parents[2]


def keys(language: str) -> set[tuple[str, str]]:
    return {(table, key) for table, words in catalogue(language).items() for key in words}


def test_both_languages_have_the_same_keys() -> None:
    assert keys("fr") == keys("en")


def test_both_languages_leave_the_same_blanks() -> None:
    blanks = {
        language: {
            (table, key): sorted(re.findall(r"\{\d\}", text))
            for table, words in catalogue(language).items()
            for key, text in words.items()
        }
        for language in LANGUAGES
    }
    assert blanks["fr"] == blanks["en"]


def features() -> set[str]:
    return set(tomllib.loads((ROOT / "matching" / "scorecard.toml").read_text("utf-8"))["weights"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("category", Category),
        ("category_key", Category),
        ("subcategory", Subcategory),
        ("flag", Flag),
        ("status", Status),
        ("stage", Stage),
        ("outcome", Outcome),
        ("channel", Channel),
        ("part", PartKind),
        ("cheque_problem", ChequeProblem),
        ("mention", MentionKind),
        ("hold_kind", HoldKind),
        ("scope", Scope),
        ("way", Way),
        ("role", Role),
        ("event", EventType),
        ("because", Because),
        ("feature", features()),
    ],
)
def test_every_code_has_a_word(language: str, table: str, codes: Iterable[str]) -> None:
    assert {str(code) for code in codes} - set(catalogue(language)[table]) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_owners_and_answers_of_the_policy_have_words(language: str, desk: Desk) -> None:
    policy: Policy = desk.services.policy
    assert {rule.owner for rule in policy.rules.values()} <= set(catalogue(language)["owner"])
    assert {rule.answer_kind for rule in policy.rules.values()} <= set(catalogue(language)["due"])


def test_every_action_noted_in_the_code_has_a_word() -> None:
    noted: set[str] = set()
    for folder in ("pipelines", "web", "connectors"):
        for path in (ROOT / folder).rglob("*.py"):
            noted |= set(re.findall(r'AuditEntry\([^,]+,[^,]+, "([a-z_]+)"', path.read_text("utf-8")))
    assert len(noted) >= 5
    assert noted - set(catalogue("fr")["trail"]) == set()


def test_every_key_the_pages_use_exists() -> None:
    used: set[str] = set()
    for path in (ROOT / "web" / "templates").glob("*.html"):
        used |= set(re.findall(r"w\('([a-z_]+)'", path.read_text("utf-8")))
    assert len(used) > 150
    assert used - set(catalogue("fr")["ui"]) == set()


def test_french_spaces_and_quotation_marks_stay_in_french() -> None:
    english = [text for table in catalogue("en").values() for text in table.values()]
    assert [text for text in english if re.search(r"\w [:;!?]|[«»]", text)] == []
    for page in (Path(web.__file__).parent / "templates").glob("*.html"):
        plain = re.sub(r"\{%.*?%\}|\{#.*?#\}", "", re.sub(r"\{\{.*?\}\}", "X", page.read_text("utf-8"), flags=re.S))
        assert re.findall(r".{0,20}[\w>)] [:;!?](?=[\s<]).{0,20}|[«»]", plain) == [], page.name
    assert (Words("fr").colon, Words("en").colon) == (" :", ":")
    assert (Words("fr").quoted("x"), Words("en").quoted("x")) == ("«\u00a0x\u00a0»", "“x”")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_keys_of_the_categories_differ_from_each_other_and_from_the_desks_own(language: str) -> None:
    letters = list(catalogue(language)["category_key"].values())
    assert len(set(letters)) == len(letters) == 4
    assert not set(letters) & set("jknmzu/?")


def test_a_reason_is_worded_with_its_detail_in_the_same_language() -> None:
    french, english = Words("fr"), Words("en")
    assert french.reason(Reason("claim_status", "disputed")) == "Créance au statut « contesté »"
    assert english.reason(Reason("claim_status", "disputed")) == 'Claim has the status "disputed"'
    assert "non signé" in french.reason(Reason("cheque_problem", "unsigned"))
    assert french.reason(Reason("unsure_category", "52%")) == "Catégorie incertaine (52\u202f%)"
    assert french.stored("unread_items:3") == "Courrier reçu non encore lu (3)"
    assert french.coded("protective") == "Signal de protection"
    assert french.stored("a_code_of_tomorrow:x") == "A_code_of_tomorrow (x)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_can_be_worded_and_shows_no_blank(language: str) -> None:
    for code in REASONS:
        for detail in ("", "x"):
            assert "{" not in Words(language).coded(code, detail)


def test_dates_sums_and_ages_are_written_as_each_language_does() -> None:
    french, english = Words("fr"), Words("en")
    at = datetime(2026, 6, 30, 22, 5, tzinfo=UTC)
    assert french.moment(at) == "01/07/2026 00:05"
    assert english.day(date(2026, 7, 1)) == "1 Jul 2026"
    assert french.money(123456) == "1\u202f234,56\u00a0€"
    assert english.money(None) == "–"
    assert [french.age(timedelta(minutes=minutes)) for minutes in (-5, 59, 60, 47 * 60, 49 * 60)] == [
        "0 min",
        "59 min",
        "1 h",
        "47 h",
        "2 j",
    ]


@pytest.mark.parametrize(("share", "shown"), [(0.999, "99%"), (1.0, "100%"), (0.0, "0%"), (None, "–")])
def test_what_is_not_certain_is_never_shown_as_a_hundred_per_cent(share: float | None, shown: str) -> None:
    assert Words("en").percent(share) == shown


def test_the_desk_is_french_unless_english_is_chosen(camille: TestClient) -> None:
    french = camille.get("/queue", headers={"Accept-Language": "en"}).text
    assert '<html lang="fr">' in french
    assert "À traiter" in french
    token = form_token(french)
    answer = camille.post("/language", data={"form_token": token, "language": "en", "back": "/claims"})
    assert answer.headers["location"] == "/claims"
    english = camille.get("/queue").text
    assert '<html lang="en">' in english
    assert "On the desk" in english
    assert "À traiter" not in english


def test_an_unknown_language_is_not_taken(camille: TestClient) -> None:
    token = form_token(camille.get("/queue").text)
    camille.post("/language", data={"form_token": token, "language": "../../etc", "back": "/queue"})
    assert '<html lang="fr">' in camille.get("/queue").text
