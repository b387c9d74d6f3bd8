"""Two claims of one debtor, told by a person at the desk or through the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.claim import Claim
from tests.web.conftest import form_token
from tests.web.seed import CLAIMS, Desk

Tokens = Callable[[str], dict[str, str]]
DIARRA = next(claim for claim in CLAIMS if claim.debtor_ref == "diarra")
TWIN = replace(DIARRA, claim_ref="ZZ-1", debtor_ref="somebody", creditor="Énergie du Val")


def add(desk: Desk, claim: Claim) -> None:
    with desk.ledger.write() as books:
        books.claims.upsert([claim])


def test_the_claims_page_offers_the_suspect_and_links_it_with_a_reason(camille: TestClient, desk: Desk) -> None:
    add(desk, TWIN)
    page = camille.get("/claims/view", params={"ref": DIARRA.claim_ref}).text
    assert "ZZ-1" in page
    form = {"form_token": form_token(page), "ref": DIARRA.claim_ref, "other": "ZZ-1", "reason": "même téléphone"}
    assert camille.post("/claims/link", data=form).status_code == 303
    assert "même téléphone" in camille.get("/claims/view", params={"ref": "ZZ-1"}).text
    with desk.ledger.read() as books:
        assert {claim.claim_ref for claim in books.claims.of_debtor("diarra")} == {DIARRA.claim_ref, "ZZ-1"}
    assert camille.post("/claims/unlink", data={**form, "reason": "deux sœurs"}).status_code == 303
    with desk.ledger.read() as books:
        assert {claim.claim_ref for claim in books.claims.of_debtor("diarra")} == {DIARRA.claim_ref}


def test_without_a_reason_nothing_is_linked(camille: TestClient, desk: Desk) -> None:
    add(desk, TWIN)
    page = camille.get("/claims/view", params={"ref": DIARRA.claim_ref}).text
    form = {"form_token": form_token(page), "ref": DIARRA.claim_ref, "other": "ZZ-1", "reason": " "}
    assert camille.post("/claims/link", data=form).status_code == 422
    with desk.ledger.read() as books:
        assert books.debtors.links_of("ZZ-1") == []


def test_the_api_links_lists_and_unlinks(app: FastAPI, desk: Desk, token: Tokens) -> None:
    add(desk, TWIN)
    api = TestClient(app, headers=token("camille"))
    body = {"claim_ref": DIARRA.claim_ref, "other_ref": "ZZ-1", "reason": "same phone", "on_behalf_of": "Ana"}
    assert api.get("/api/v1/debtors/links", params={"claim_ref": "ZZ-1"}).json() == {
        "links": [],
        "suspects": [DIARRA.claim_ref],
    }
    made = api.post("/api/v1/debtors/links", json=body)
    assert made.status_code == 201
    assert made.json()["linked_by"].endswith("(Ana)")
    assert api.post("/api/v1/debtors/links", json=body).json()["number"] == made.json()["number"]
    assert len(api.get("/api/v1/debtors/links", params={"claim_ref": "ZZ-1"}).json()["links"]) == 1
    assert api.post("/api/v1/debtors/links/end", json=body).json()["linked"] is False
    assert api.post("/api/v1/debtors/links/end", json=body).status_code == 404
    assert api.post("/api/v1/debtors/links", json={**body, "other_ref": "nowhere"}).status_code == 404
    assert api.post("/api/v1/debtors/links", json={**body, "reason": ""}).status_code == 422
