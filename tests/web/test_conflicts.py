"""On the desk: statuses in conflict, and files that could not be read and that nobody has looked at."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.claim import Status
from models.errors import DocumentRefused
from models.evidence import Matches
from models.item import Item, Stage, Unseen, item_id_for
from models.understanding import Mentions
from pipelines.journey import refuse_item
from pipelines.portfolio import merge_claims
from pipelines.receive import receive
from tests.web.conftest import form_token
from tests.web.seed import CLAIMS, NOW, Desk

REF = "ASV-40871"


def disagree(desk: Desk) -> None:
    claim = next(one for one in CLAIMS if one.claim_ref == REF)
    with desk.ledger.write() as books:
        books.claims.set_status(REF, Status.DISPUTED)
        merge_claims(books, [replace(claim, status=Status.PROMISE_TO_PAY)], NOW, "collection_system")


def decided(browser: TestClient, **values: str) -> int:
    token = form_token(browser.get("/claims/conflicts").text)
    form = {"form_token": token, "ref": REF, "theirs": "promise_to_pay", **values}
    return browser.post("/claims/conflicts", data=form).status_code


def test_both_statuses_what_to_do_and_the_decision_stand_on_one_page(
    camille: TestClient, desk: Desk, another: object
) -> None:
    assert "Aucun conflit" in camille.get("/claims/conflicts").text
    disagree(desk)
    page = camille.get("/claims/conflicts").text
    for words in (REF, "Awa DIARRA", "Contesté", "Promesse de paiement", "la contestation est close"):
        assert words in page
    assert "dit « Promesse de paiement »" in camille.get("/claims/view", params={"ref": REF}).text
    assert decided(camille, action="theirs") == 422
    assert decided(camille, action="theirs", note="x", theirs="open") == 409
    auditor = another("audit")  # type: ignore[operator]
    assert "Accepter le leur" not in auditor.get("/claims/conflicts").text
    assert decided(auditor, action="theirs", note="x") == 403
    assert decided(camille, action="theirs", note="vu avec Mme Leroy") == 303
    assert decided(camille, action="ours", note="x") == 409
    page = camille.get("/claims/view", params={"ref": REF}).text
    assert "vu avec Mme Leroy" in page
    assert "Conflit de statuts tranché" in page


def test_a_program_lists_conflicts_and_tells_a_persons_decision_once(
    app: FastAPI, desk: Desk, token: Callable[[str], dict[str, str]]
) -> None:
    disagree(desk)
    api, auditor = (TestClient(app, headers=token(name)) for name in ("camille", "audit"))
    (one,) = auditor.get("/api/v1/claims/conflicts").json()
    assert (one["claim_ref"], one["ours"], one["theirs"]) == (REF, "disputed", "promise_to_pay")
    assert "contestation" in one["advice"]
    told = {"claim_ref": REF, "keep": "theirs", "reason": "vu avec Mme Leroy"}

    def post(by: TestClient = api, **change: str) -> int:
        return by.post("/api/v1/claims/conflicts/decide", json={**told, **change}).status_code

    assert post(auditor) == 403
    assert [post(keep="both"), post(reason=" "), post(theirs="open"), post(claim_ref="none")] == [422, 422, 409, 404]
    said = api.post("/api/v1/claims/conflicts/decide", json=told)
    assert (said.status_code, said.json()["status"]) == (200, "promise_to_pay")
    assert api.get("/api/v1/claims/conflicts").json() == []
    again = api.post("/api/v1/claims/conflicts/decide", json=told)
    assert (again.status_code, again.json()["detail"][:16]) == (409, "This conflict is")


class NoIndex:
    def refresh(self) -> None: ...

    def match(self, mentions: Mentions, text: str, amounts: object = ()) -> Matches:
        return Matches()


def unreadable(desk: Desk, name: str = "scan_0007.pdf") -> Item:
    house = replace(desk.services, index=NoIndex())
    receipt = receive(house, name, b"%PDF broken " + name.encode(), origin=f"/inbox/{name}")
    item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)
    with desk.ledger.write() as books:
        books.items.open_receipt(receipt.receipt_id, [item])
    assert refuse_item(house, item, DocumentRefused("encrypted"))
    return item


def judged(browser: TestClient, item: Item, **values: str) -> int:
    page = browser.get(f"/items/{item.item_id}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    form = {"form_token": form_token(page), "version": version[1], **values}
    return browser.post(f"/items/{item.item_id}/decide", data=form).status_code


def test_a_file_nobody_could_read_is_an_alarm_with_a_time_until_a_person_looked(
    camille: TestClient, desk: Desk
) -> None:
    assert "Aucune relance ne part tant" not in camille.get("/queue").text
    item = unreadable(desk)
    assert "Aucune relance ne part tant" in camille.get("/queue").text
    assert "Fichier illisible que personne" in camille.get("/claims/view", params={"ref": REF}).text
    page = camille.get("/refused", params={"unseen": "1"}).text
    assert "scan_0007.pdf" in page
    assert "03/06/2026 15:40" in page  # four hours later, in France
    page = camille.get(f"/items/{item.item_id}").text
    assert "Télécharger l&#39;original" in page
    assert "Regardé : rien à en tirer" in page
    assert judged(camille, item, action="refuse") == 422
    assert judged(camille, item, action="refuse", note="page blanche") == 303
    assert "Aucune relance ne part tant" not in camille.get("/queue").text
    assert "scan_0007.pdf" not in camille.get("/refused", params={"unseen": "1"}).text


def test_a_person_who_opened_it_decides_as_on_any_mail(camille: TestClient, desk: Desk) -> None:
    item = unreadable(desk)
    assert judged(camille, item, action="settle", subject="amount", claim=REF) == 303
    with desk.ledger.read() as books:
        after, claim = books.items.item(item.item_id), books.claims.get(REF)
    assert after is not None
    assert claim is not None
    assert (after.stage, after.unseen, claim.status) == (Stage.SETTLED, Unseen.NO, Status.DISPUTED)
    assert "Contesté" in camille.get(f"/items/{item.item_id}").text


def looked(browser: TestClient, *ticked: str, note: str = "pages blanches") -> int:
    token = form_token(browser.get("/refused").text)
    return browser.post("/refused/looked", data={"form_token": token, "note": note, "looked": ticked}).status_code


def test_files_a_person_looked_at_are_ticked_and_told_together_with_one_reason(
    camille: TestClient, desk: Desk, another: Callable[[str], TestClient]
) -> None:
    items = [unreadable(desk, f"scan_{number}.pdf") for number in range(3)]
    page = camille.get("/refused", params={"unseen": "1"}).text
    first, second, third = re.findall(r'name="looked" value="([^"]+)"', page)
    assert {one.partition(":")[2] for one in (first, second, third)} == {one.item_id for one in items}
    assert " checked" not in page.partition("<table")[2]  # a tick is a person's word: none is made for them
    assert 'name="looked"' not in another("audit").get("/refused?unseen=1").text
    assert looked(another("audit"), first) == 403
    assert [looked(camille), looked(camille, first, note=" ")] == [422, 422]
    assert looked(camille, first, second) == 303
    assert looked(camille, first, third) == 409  # the first has been told; the third is noted all the same
    with desk.ledger.read() as books:
        assert books.gate.in_the_building().refused == 0
        entries = [books.trail.of_item(one.item_id)[-1] for one in items]
        assert all(one.actor == "camille" for one in entries)
        judged_once = [[e.action for e in books.trail.of_item(one.item_id)].count("judged") for one in items]
    assert judged_once == [1, 1, 1]


def test_no_other_item_is_refused_by_a_list_of_ticks(camille: TestClient, desk: Desk) -> None:
    with desk.ledger.read() as books:
        item = books.items.item(desk.ids["cheque"])
    assert item is not None
    assert looked(camille, f"{item.version}:{item.item_id}") == 409
    with desk.ledger.read() as books:
        assert books.items.item(item.item_id) == item
