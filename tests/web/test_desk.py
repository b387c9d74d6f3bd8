"""The operator's day: the queue, one item, a decision, and two people who decide at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models.cheque import ChequeProblem
from models.claim import Status
from models.decision import Judgement
from models.item import Outcome, Stage
from models.labels import Flag, Subcategory
from pipelines.review import apply_judgement
from tests.web.conftest import form_token
from tests.web.seed import CLAIMS, HOSTILE, NOW, Desk


def form_of(page: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send from the decision form of this page, with these changes."""
    form: dict[str, Any] = {"form_token": form_token(page)}
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    form["version"] = found[1]
    form["subject"] = _checked(page, "subject", "radio")[:1]
    form["flag"] = _checked(page, "flag", "checkbox")
    form["claim"] = _checked(page, "claim", "checkbox")
    amount = re.search(r'name="amount"[^>]*?value="([^"]*)"', page)
    form["amount"] = amount[1] if amount else ""
    return {**form, **changes}


def _checked(page: str, name: str, kind: str) -> list[str]:
    fields = re.findall(rf'<input type="{kind}" name="{name}"[^>]*>', page)
    return [re.search(r'value="([^"]*)"', field)[1] for field in fields if " checked" in field]  # type: ignore[index]


def order(page: str, desk: Desk) -> list[str]:
    names = {item_id: name for name, item_id in desk.ids.items()}
    return [names[item_id] for item_id in re.findall(r'class="open" href="/items/([^"]+)"', page)]


def stage(desk: Desk, name: str) -> Stage:
    with desk.ledger.read() as books:
        item = books.items.item(desk.ids[name])
    assert item is not None
    return item.stage


# -- the queue -------------------------------------------------------------------------------------------------------


def test_distress_comes_first_then_protections_then_the_oldest(camille: TestClient, desk: Desk) -> None:
    """What was applied without a person, and what was refused, is not there."""
    names = order(camille.get("/queue").text, desk)
    assert names == ["distress", "insolvency", "death", "plan", "dispute", "hostile", "question", "cheque"]


def test_the_queue_is_narrowed_by_category_and_text(camille: TestClient, desk: Desk) -> None:
    assert order(camille.get("/queue?category=information_request").text, desk) == ["question"]
    assert order(camille.get("/queue?urgent=1").text, desk)[0] == "distress"
    assert order(camille.get("/queue?q=diarra").text, desk) == ["plan"]
    assert order(camille.get("/queue?reason=cheque_problem").text, desk) == ["cheque"]
    assert order(camille.get("/queue?reason=cheque").text, desk) == []
    assert 'value="unsure_category">Catégorie incertaine (4)' in camille.get("/queue").text
    assert "Aucun courrier ne correspond" in camille.get("/queue?q=nobody-of-that-name").text


def test_the_queue_says_why_in_words_and_never_in_codes(camille: TestClient) -> None:
    page = re.sub(r"<[^>]*>", " ", camille.get("/queue").text)
    assert "Signal de protection : détresse" in page
    assert "montants en lettres et en chiffres différents" in page
    assert "unsure_category" not in page
    assert "amounts_differ" not in page


def test_an_empty_desk_says_that_all_is_done(camille: TestClient, desk: Desk) -> None:
    for name in ("plan", "death", "dispute", "question", "hostile", "insolvency", "cheque", "distress"):
        page = camille.get(f"/items/{desk.ids[name]}").text
        form = form_of(page, action="file", note="essai")
        assert camille.post(f"/items/{desk.ids[name]}/decide", data=form).status_code == 303
    assert "Le bureau est vide" in camille.get("/queue").text


def test_a_queue_longer_than_a_page_is_turned(camille: TestClient, monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    monkeypatch.setattr("web.desk.queue.ROWS", 3)
    first = camille.get("/queue").text
    assert len(order(first, desk)) == 3
    assert "start=3" in first
    second = order(camille.get("/queue?start=3").text, desk)
    assert len(second) == 3
    assert not set(second) & set(order(first, desk))
    assert order(camille.get("/queue?start=-5").text, desk) == order(first, desk)


# -- one item --------------------------------------------------------------------------------------------------------


def test_the_item_shows_picture_text_doubts_and_evidence(camille: TestClient, desk: Desk) -> None:
    item_id = desk.ids["cheque"]
    page = camille.get(f"/items/{item_id}").text
    assert f'src="/items/{item_id}/pages/1"' in page
    assert '<rect class="reference"' in page
    assert '<mark class="cue" title="Chèque">ci-joint mon chèque</mark>' in page
    assert 'class="doubt mention"' in page or 'class="mention doubt"' in page or 'class="doubt"' in page
    assert "Référence du dossier" in page
    assert "218,40" in page
    assert "280,40" in page
    assert "contre" in page  # a clue that speaks against the second candidate
    assert "MB-2024/1180" in page


def test_a_sum_that_is_only_suggested_does_not_look_like_the_sum(camille: TestClient, desk: Desk) -> None:
    item_id = desk.ids["cheque"]
    with desk.ledger.write() as books:
        record = books.items.record(item_id)
        assert record is not None
        assert record.reading is not None
        unread = (ChequeProblem.UNREADABLE_AMOUNT,)
        cheque = replace(record.reading.cheques[0], amount=21_840, amount_confidence=0.31, problems=unread)
        books.items.save_reading(item_id, replace(record.reading, cheques=(cheque,)), [])
    page = camille.get(f"/items/{item_id}").text
    assert re.search(r'<span class="quiet">Non lu, peut-être 218,40.€ \(31.%\)</span>', page)
    assert not re.search(r"<strong>218,40.€</strong> <span", page)
    assert form_of(page)["amount"] == ""


def test_a_sum_that_is_in_doubt_is_never_filled_in(camille: TestClient, desk: Desk) -> None:
    page = camille.get(f"/items/{desk.ids['cheque']}").text
    assert form_of(page)["amount"] == ""


def test_the_claim_proposed_is_chosen_beforehand_and_an_unsure_one_is_not(camille: TestClient, desk: Desk) -> None:
    assert form_of(camille.get(f"/items/{desk.ids['plan']}").text)["claim"] == ["ASV-40871"]
    assert form_of(camille.get(f"/items/{desk.ids['dispute']}").text)["claim"] == []


def test_a_page_picture_is_a_jpeg_and_a_missing_one_is_not_found(camille: TestClient, desk: Desk) -> None:
    answer = camille.get(f"/items/{desk.ids['cheque']}/pages/1")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8")
    assert camille.get(f"/items/{desk.ids['cheque']}/pages/2").status_code == 404
    assert camille.get(f"/items/{desk.ids['plan']}/pages/1").status_code == 404


def test_the_original_is_downloaded_as_it_came_and_the_trail_says_by_whom(camille: TestClient, desk: Desk) -> None:
    item_id = desk.ids["refused"]
    answer = camille.get(f"/items/{item_id}/original")
    assert answer.content == b"refused"
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename=")
    assert "<" not in disposition
    assert answer.headers["content-type"] == "application/octet-stream"
    with desk.ledger.read() as books:
        entry = books.trail.of_item(item_id)[-1]
    assert (entry.action, entry.actor) == ("downloaded", "camille")


def test_the_archive_of_an_item_never_read_is_not_found(camille: TestClient, desk: Desk) -> None:
    assert camille.get(f"/items/{desk.ids['refused']}/archive").status_code == 404
    assert camille.get("/items/x/archive/manifest").status_code == 404


def test_hostile_text_is_shown_and_never_run(camille: TestClient, desk: Desk) -> None:
    for path in (f"/items/{desk.ids['hostile']}", "/refused", "/queue?q=%3Cscript%3E", f"/items/{desk.ids['refused']}"):
        page = camille.get(path).text
        assert "<script>alert" not in page
        assert "onerror=alert(1)>" not in page
        assert 'onload=x"' not in page
    assert "&lt;script&gt;" in camille.get(f"/items/{desk.ids['hostile']}").text


def test_a_note_with_markup_stays_text_in_the_trail(camille: TestClient, desk: Desk) -> None:
    item_id = desk.ids["plan"]
    form = form_of(camille.get(f"/items/{item_id}").text, note=HOSTILE)
    assert camille.post(f"/items/{item_id}/decide", data=form).status_code == 303
    for path in (f"/items/{item_id}/history", f"/items/{item_id}"):
        page = camille.get(path).text
        assert "&lt;script&gt;alert" in page
        assert "<script>alert" not in page


# -- the decision ----------------------------------------------------------------------------------------------------


def test_settling_applies_the_policy_and_opens_the_next_item(camille: TestClient, desk: Desk) -> None:
    item_id = desk.ids["plan"]
    answer = camille.post(f"/items/{item_id}/decide", data=form_of(camille.get(f"/items/{item_id}").text))
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/items/{desk.ids['distress']}"
    assert "Courrier réglé" in camille.get(answer.headers["location"]).text
    assert "Courrier réglé" not in camille.get(answer.headers["location"]).text  # said once
    with desk.ledger.read() as books:
        record = books.items.record(item_id)
        claim = books.claims.get("ASV-40871")
    assert record is not None
    assert claim is not None
    assert (record.item.stage, record.item.outcome) == (Stage.SETTLED, Outcome.APPLIED)
    assert claim.status is Status.PLAN_REQUESTED
    (judgement,) = record.judgements
    assert (judgement.operator, judgement.subcategory) == ("camille", Subcategory.PLAN_REQUEST)


def test_the_operators_own_words_replace_the_machines(camille: TestClient, desk: Desk) -> None:
    item_id = desk.ids["cheque"]
    until = (NOW + timedelta(days=12)).date().isoformat()
    form = form_of(
        camille.get(f"/items/{item_id}").text,
        subject="already_paid",
        flag=["complaint"],
        claim=["MB-2024/1180"],
        amount="280,40",
        hold_until=until,
        hold_reason="complaint",
        note="le montant en lettres",
    )
    assert camille.post(f"/items/{item_id}/decide", data=form).status_code == 303
    with desk.ledger.read() as books:
        record = books.items.record(item_id)
        claim = books.claims.get("MB-2024/1180")
        holds = books.holds.on_claims(["MB-2024/1180"], NOW)["MB-2024/1180"]
    assert record is not None
    assert claim is not None
    (judgement,) = record.judgements
    assert (judgement.amount, judgement.flags, judgement.claim_refs) == (28040, (Flag.COMPLAINT,), ("MB-2024/1180",))
    assert claim.status is Status.PAYMENT_RECEIVED  # a cheque enclosed is a payment whatever the letter says
    assert (until, "complaint") in {(str(hold.terms.until), hold.terms.reason) for hold in holds}


BAD_DECISIONS = [
    ({"subject": ""}, "Choisissez un objet"),
    ({"claim": []}, "Choisissez un dossier"),
    ({"claim": ["no such claim"]}, "Dossier inconnu : no such claim"),
    ({"amount": "beaucoup"}, "Le montant n&#39;est pas lisible"),
    ({"amount": "1.234"}, "Le montant n&#39;est pas lisible"),
    ({"amount": "-5"}, "Le montant n&#39;est pas lisible"),
    ({"hold_until": "demain"}, "La date n&#39;est pas lisible"),
    ({"hold_until": "2020-01-01"}, "La date est passée"),
    ({"no_hold": "1"}, "Une note est nécessaire"),
    ({"action": "refuse"}, "Une note est nécessaire"),
]


@pytest.mark.parametrize(("changes", "said"), BAD_DECISIONS)
def test_an_unclear_decision_is_asked_again_and_nothing_typed_is_lost(
    camille: TestClient, desk: Desk, changes: dict[str, Any], said: str
) -> None:
    item_id = desk.ids["plan"]
    note = "" if "note" in said else "une note à garder"
    form = form_of(camille.get(f"/items/{item_id}").text, note=note, status="disputed", **changes)
    answer = camille.post(f"/items/{item_id}/decide", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert note in answer.text
    assert '<option value="disputed" selected>' in answer.text
    assert stage(desk, "plan") is Stage.REVIEW


def test_dropping_a_protective_signal_needs_a_reason_that_is_kept(camille: TestClient, desk: Desk) -> None:
    item_id = desk.ids["distress"]
    weaker = form_of(camille.get(f"/items/{item_id}").text, flag=[], subject="service")
    assert camille.post(f"/items/{item_id}/decide", data=weaker).status_code == 422
    assert camille.post(f"/items/{item_id}/decide", data={**weaker, "action": "file"}).status_code == 422
    assert stage(desk, "distress") is Stage.REVIEW
    explained = {**weaker, "note": "appelée : elle va bien, citation d'une chanson"}
    assert camille.post(f"/items/{item_id}/decide", data=explained).status_code == 303
    with desk.ledger.read() as books:
        record = books.items.record(item_id)
    assert record is not None
    assert record.judgements[0].reason.startswith("appelée")


def test_a_search_keeps_what_was_filled_in_and_offers_other_claims(camille: TestClient, desk: Desk) -> None:
    item_id = desk.ids["dispute"]
    form = form_of(camille.get(f"/items/{item_id}").text, q="bardot", subject="amount", note="à vérifier")
    page = camille.post(f"/items/{item_id}/search", data=form).text
    assert 'value="CR/991/24"' in page
    assert _checked(page, "subject", "radio") == ["amount"]
    assert "à vérifier" in page
    settled = form_of(page, claim=["CR/991/24"], action="settle", note="à vérifier")
    assert camille.post(f"/items/{item_id}/decide", data=settled).status_code == 303
    nothing = camille.post(
        f"/items/{desk.ids['question']}/search",
        data=form_of(camille.get(f"/items/{desk.ids['question']}").text, q="zzzz"),
    )
    assert "Aucun dossier trouvé" in nothing.text


def test_the_second_of_two_operators_sees_what_the_first_did_and_changes_nothing(
    camille: TestClient, another: Callable[[str], TestClient], desk: Desk
) -> None:
    item_id, dominique = desk.ids["plan"], another("dominique")
    mine = form_of(camille.get(f"/items/{item_id}").text, subject="promise", note="mon avis")
    theirs = form_of(dominique.get(f"/items/{item_id}").text, note="le leur")
    assert dominique.post(f"/items/{item_id}/decide", data=theirs).status_code == 303
    answer = camille.post(f"/items/{item_id}/decide", data=mine)
    assert answer.status_code == 409
    assert "Quelqu&#39;un a décidé avant vous" in answer.text
    for said in ("dominique", "le leur", "Promesse de paiement", "mon avis"):
        assert said in answer.text
    with desk.ledger.read() as books:
        record = books.items.record(item_id)
    assert record is not None
    assert [judgement.operator for judgement in record.judgements] == ["dominique"]


def test_a_decision_that_loses_the_race_at_the_last_moment_is_told_the_same_way(
    camille: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    item_id = desk.ids["plan"]
    form = form_of(camille.get(f"/items/{item_id}").text)

    def beaten(services: Any, judgement: Judgement) -> None:
        first = Judgement(item_id, judgement.version, "dominique", NOW, "file", reason="plus rapide")
        apply_judgement(services, first)
        apply_judgement(services, judgement)

    monkeypatch.setattr("web.desk.item.apply_judgement", beaten)
    answer = camille.post(f"/items/{item_id}/decide", data=form)
    assert answer.status_code == 409
    assert "plus rapide" in answer.text


def test_a_settled_item_is_reopened_with_a_reason_and_nothing_is_forgotten(camille: TestClient, desk: Desk) -> None:
    item_id = desk.ids["promise"]
    page = camille.get(f"/items/{item_id}").text
    assert "Appliqué sans opérateur" in page
    form = {"form_token": form_token(page), "version": form_of(page)["version"], "note": "mauvais dossier"}
    answer = camille.post(f"/items/{item_id}/reopen", data=form)
    assert answer.headers["location"] == f"/items/{item_id}"
    assert stage(desk, "promise") is Stage.REVIEW
    trail = camille.get(f"/items/{item_id}/history").text
    assert "mauvais dossier" in trail
    assert "camille" in trail


def test_a_refused_file_is_listed_with_its_reason_and_sent_through_again(camille: TestClient, desk: Desk) -> None:
    page = camille.get("/refused").text
    assert "Fichier protégé par mot de passe" in page
    item_id = desk.ids["refused-2"]
    version = form_of(camille.get(f"/items/{item_id}").text)["version"]
    form = {"form_token": form_token(page), "version": version}
    assert camille.post(f"/items/{item_id}/reprocess", data=form).status_code == 303
    assert stage(desk, "refused-2") is Stage.RECEIVED
    assert camille.post(f"/items/{item_id}/reprocess", data=form).status_code == 409


# -- the other pages -------------------------------------------------------------------------------------------------


def test_settled_items_come_newest_first_and_can_be_found(camille: TestClient, desk: Desk) -> None:
    for name in ("plan", "question"):
        form = form_of(camille.get(f"/items/{desk.ids[name]}").text, action="file", note="essai")
        camille.post(f"/items/{desk.ids[name]}/decide", data=form)
    assert order(camille.get("/settled").text, desk) == ["question", "plan", "promise"]
    assert order(camille.get("/settled?outcome=applied").text, desk) == ["promise"]
    assert order(camille.get("/settled?day=2026-06-02").text, desk) == ["plan", "promise"]
    assert order(camille.get("/settled?day=nonsense").text, desk) == ["question", "plan", "promise"]


def test_a_claim_is_found_and_shows_its_holds_mail_and_trail(camille: TestClient) -> None:
    assert "EV 7731-K" in camille.get("/claims?q=le goff soizic").text
    assert "Saisissez au moins deux caractères" in camille.get("/claims?q=a").text
    page = camille.get("/claims/view", params={"ref": "EV 7731-K"}).text
    assert "Non, relances suspendues" in page
    assert "Détresse" in page
    assert "tous les dossiers du débiteur" in page
    assert "Relances suspendues" in page
    assert "responsable de permanence" in page
    free = camille.get("/claims/view", params={"ref": CLAIMS[5].claim_ref}).text
    assert "Relance possible" in free


def test_the_figures_count_the_day(camille: TestClient) -> None:
    page = camille.get("/figures?day=2026-06-03").text
    assert '<svg class="chart"' in page
    numbers = re.findall(r'<div class="card"><b>([^<]+)</b>', page)
    assert numbers[0] == "6"
    assert numbers[4] == "2"
    assert camille.get("/figures?day=2020-01-01").status_code == 200


def test_a_day_without_mail_names_the_last_day_that_had_some(camille: TestClient) -> None:
    assert 'href="/figures?day=2026-06-03"' in camille.get("/figures?day=2026-06-09").text
    assert "Aucun courrier ce jour-là" not in camille.get("/figures?day=2026-06-03").text
    assert "Aucun courrier ce jour-là" not in camille.get("/figures?day=2020-01-01").text


def test_events_that_died_are_sent_again_by_a_supervisor(another: Callable[[str], TestClient], desk: Desk) -> None:
    sacha = another("sacha")
    with desk.ledger.write() as books:
        hook = books.webhooks.add("https://system.example/hook", "whsec_" + "A" * 44, "alix", NOW)
        event = books.outbox.after(0, 1)[0]
        books.outbox.replay(event.event_id)
        books.webhooks.disable(hook.endpoint_id, NOW, "410")
        books.webhooks.enable(hook.endpoint_id)
    page = sacha.get("/events").text
    assert "https://system.example/hook" in page
    assert "webhook disabled" in page
    answer = sacha.post(f"/events/{event.event_id}/replay", data={"form_token": form_token(page)})
    assert answer.status_code == 303
    with desk.ledger.read() as books:
        assert books.outbox.dead() == []
    unknown = sacha.post("/events/none/replay", data={"form_token": form_token(page)})
    assert unknown.status_code == 404


def test_shadow_mode_is_written_across_every_page(camille: TestClient, desk: Desk) -> None:
    assert "Mode observation" not in camille.get("/queue").text
    app: Any = camille.app
    app.state.house.services.shadow = True
    assert "Mode observation" in camille.get("/queue").text
